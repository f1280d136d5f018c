"""Evidence rows: what counts, when it is dated, what stays on record (G19)."""

import datetime as dt

import pytest

from core.errors import Invalid, NotAllowed
from phases import policies, services
from phases.enums import EvidenceKind
from phases.models import Evidence
from phases.services.evidence import StoredFile, stored_files
from programs.selectors import cast_of
from tests.factories import Built
from tests.phases.steps import prove, verbs

FILE = StoredFile(key="ab/" + "ab" * 16, name="report.pdf", size=1200, content_type="application/pdf", sha256="c0" * 32)


def add(built: Built, **more) -> Evidence:
    """Add evidence as the owner; a note unless said otherwise."""
    values = {
        "actor": built.owner,
        "criterion": built.criteria["accuracy"],
        "kind": EvidenceKind.NOTE,
        "title": "What we saw",
        "note": "All fine.",
        "effective_date": dt.date(2026, 1, 14),
    }
    return services.add_evidence(**{**values, **more})


def test_g19_effective_date_is_kept_apart_from_the_day_it_was_added(built: Built) -> None:
    found = add(built, effective_date=dt.date(2025, 12, 1))
    assert found.effective_date == dt.date(2025, 12, 1)
    assert found.added_at.date() == dt.date(2026, 1, 14)


def test_g19_effective_date_cannot_lie_ahead(built: Built) -> None:
    with pytest.raises(Invalid) as caught:
        add(built, effective_date=dt.date(2026, 1, 15))
    assert caught.value.field == "effective_date"


def test_effective_date_of_another_century_is_a_typing_error(built: Built) -> None:
    with pytest.raises(Invalid, match="check the year"):
        add(built, effective_date=dt.date(1926, 1, 14))


def test_g19_technical_evidence_names_the_version_it_describes(built: Built) -> None:
    assert add(built, describes_version=" model 3.1 ").describes_version == "model 3.1"


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "ftp://example.org/x", "example.org"])
def test_a_link_is_a_web_address(built: Built, url: str) -> None:
    with pytest.raises(Invalid) as caught:
        add(built, kind=EvidenceKind.LINK, url=url)
    assert caught.value.field == "url"


def test_a_note_has_words(built: Built) -> None:
    with pytest.raises(Invalid) as caught:
        add(built, note="  ")
    assert caught.value.field == "note"


def test_a_file_has_bytes(built: Built) -> None:
    with pytest.raises(Invalid) as caught:
        add(built, kind=EvidenceKind.FILE)
    assert caught.value.field == "file"


def test_a_file_keeps_its_hash_and_is_named_after_itself(built: Built) -> None:
    found = add(built, kind=EvidenceKind.FILE, file=FILE, title="", note="")
    assert (found.title, found.sha256, found.file_key) == ("report.pdf", FILE.sha256, FILE.key)


def test_names_lose_control_and_bidi_characters(built: Built) -> None:
    assert add(built, title="re\u202eport\r\nBcc: x").title == "report Bcc: x"


def test_files_of_a_program_are_counted_with_withdrawn_ones(built: Built) -> None:
    add(built)
    found = add(built, kind=EvidenceKind.FILE, file=FILE)
    services.withdraw_evidence(actor=built.owner, evidence=found, reason="Wrong")
    assert stored_files(built.program.pk) == (1, 1200)


@pytest.mark.parametrize("who", ["sam", "pat", "ivy"])
def test_only_owner_and_deputy_add(built: Built, who: str) -> None:
    with pytest.raises(NotAllowed, match="Only the owner"):
        add(built, actor=built.people[who])
    assert add(built, actor=built.people["max"]).added_by == built.people["max"]


def test_the_manager_and_deputy_stand_in_for_a_vacant_role(built: Built) -> None:
    for who in ("pat", "dee"):
        add(built, actor=built.people[who], criterion=built.criteria["alerts"], title=who)
    with pytest.raises(NotAllowed):
        add(built, actor=built.owner, criterion=built.criteria["alerts"])


def test_p16_the_same_proof_sent_twice_is_one(built: Built) -> None:
    first, second = add(built), add(built)
    assert first == second
    assert verbs(built.criteria["accuracy"]) == ["criterion.evidence_added"]


def test_p16_the_same_words_on_another_day_are_another_proof(built: Built) -> None:
    assert add(built) != add(built, effective_date=dt.date(2026, 1, 13))


def test_withdrawn_is_kept_with_its_reason(built: Built) -> None:
    found = services.withdraw_evidence(actor=built.owner, evidence=prove(built), reason="Wrong file")
    assert found.withdrawn_at is not None
    assert Evidence.objects.count() == 1
    assert verbs(built.criteria["accuracy"])[-1] == "criterion.evidence_withdrawn"


def test_withdrawing_twice_is_once(built: Built) -> None:
    found = prove(built)
    for _ in range(2):
        services.withdraw_evidence(actor=built.owner, evidence=found, reason="Wrong file")
    assert verbs(built.criteria["accuracy"]).count("criterion.evidence_withdrawn") == 1


def test_withdrawing_needs_a_reason_and_the_owner(built: Built) -> None:
    found = prove(built)
    with pytest.raises(Invalid, match="Say why"):
        services.withdraw_evidence(actor=built.owner, evidence=found, reason=" ")
    with pytest.raises(NotAllowed):
        services.withdraw_evidence(actor=built.verifier, evidence=found, reason="I doubt it")


def test_after_withdrawing_the_same_proof_may_be_given_again(built: Built) -> None:
    first = add(built)
    services.withdraw_evidence(actor=built.owner, evidence=first, reason="By mistake")
    assert add(built) != first


def test_a_withdrawn_file_is_the_managers_to_open(built: Built) -> None:
    found = add(built, kind=EvidenceKind.FILE, file=FILE)
    cast = cast_of(built.program)
    assert policies.may_download(built.verifier, found, cast)
    services.withdraw_evidence(actor=built.owner, evidence=found, reason="Names in it")
    found.refresh_from_db()
    assert policies.may_download(built.manager, found, cast)
    assert "withdrawn" in policies.may_download(built.verifier, found, cast).reason


def test_a_proof_says_its_number_and_the_limit_and_no_limit_stands_alone(built: Built) -> None:
    row = add(built, result=" 1.6  points", limit="at most 2.0 points")
    assert (row.result, row.limit) == ("1.6 points", "at most 2.0 points")
    with pytest.raises(Invalid) as caught:
        add(built, limit="at most 2.0 points")
    assert caught.value.field == "result"
