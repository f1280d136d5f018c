"""Writes the program brief: one draft at a time, published versions that ask every group anew (S42, S43)."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from charter import policies
from charter.domain.brief import SECTIONS, empty_sections
from charter.enums import CharterKind
from charter.models import BriefAcknowledgement, BriefVersion
from charter.selectors.brief import brief_versions, brief_words, draft_of, groups_to_ask, published_of
from charter.services.base import record
from core import clock
from core.errors import Conflict, Invalid
from core.locks import locked
from programs.models import Program, StakeholderGroup
from programs.selectors import cast_of
from registers.services.base import change, head, hold, needed, note, repeated, same


@transaction.atomic
def save_brief(
    *, actor: User, program: Program, words: Mapping[str, str], reason: str = "", version: int = 0, number: int = 0
) -> BriefVersion:
    """Save the draft, or begin one; sections may be empty until it is published.

    `version` and `number` are those of the draft the form was drawn from, 0 for none. Errors: NotAllowed, Conflict
    (somebody changed or published it first), Invalid (too long).
    """
    policies.may_write_brief(actor, cast_of(program)).require()
    program = hold(program)
    versions = brief_versions(program)
    draft = draft_of(versions)
    values = {**{name: note(words.get(name, ""), name) for name in SECTIONS}, "reason": note(reason, "reason")}
    if draft is None:
        if version:
            raise Conflict("Somebody published this a moment ago.", current=str(published_of(versions) or ""))
        row = BriefVersion.objects.create(**head(BriefVersion, actor, program, ""), **values)
        record(actor, Verb.BRIEF_DRAFTED, CharterKind.BRIEF, row.pk, str(row), program, number=row.number)
        return row
    now = "; ".join(text for text in brief_words(draft).values() if text)
    if (number or draft.number) != draft.number:
        raise Conflict("Somebody published this and began a new version.", current=now)
    if repeated(draft, version, done=same(draft, values), current=now):
        return draft
    changed = change(draft, values)
    if changed:
        names = sorted(changed)
        record(actor, Verb.BRIEF_DRAFTED, CharterKind.BRIEF, draft.pk, str(draft), program, changed=names)
    return draft


@transaction.atomic
def publish_brief(*, actor: User, program: Program, number: int, version: int) -> BriefVersion:
    """Publish the draft `number` as it stands at `version`; every group that has to is asked to acknowledge it.

    Publishing it again changes nothing. Errors: NotAllowed, Conflict (somebody changed the draft), Invalid (no draft,
    a section empty, no word on what is new after the first version).
    """
    policies.may_write_brief(actor, cast_of(program)).require()
    program = hold(program)
    row = BriefVersion.objects.filter(program=program, number=number).first()
    if row is None:
        raise Invalid("There is no draft to publish.")
    if row.published_at is not None:
        return row
    repeated(row, version, done=False, current="; ".join(brief_words(row).values()))
    empty = empty_sections(brief_words(row))
    if empty:
        named = ", ".join(SECTIONS[name].lower() for name in empty)
        raise Invalid(f"Fill in every section first; still empty: {named}.", field=empty[0])
    if BriefVersion.objects.filter(program=program, published_at__isnull=False).exists():
        needed(row.reason, "reason", "Say what is new, so that people know what to read.")
    change(row, {"published_by": actor, "published_at": clock.now()})
    asked = groups_to_ask(program)
    BriefAcknowledgement.objects.bulk_create(BriefAcknowledgement(brief=row, group=group) for group in asked)
    record(
        actor, Verb.BRIEF_PUBLISHED, CharterKind.BRIEF, row.pk, str(row), program,
        number=row.number, reason=row.reason, asked=[group.slug for group in asked],
    )  # fmt: skip
    return row


@transaction.atomic
def acknowledge(*, actor: User, program: Program, group: StakeholderGroup, number: int) -> BriefAcknowledgement:
    """Acknowledge the newest published version for a group; twice is once.

    Errors: NotAllowed, Conflict (a newer version was published: what is acknowledged must be what was read), Invalid
    (nothing published, the group is not asked).
    """
    policies.may_acknowledge(actor, group, cast_of(program)).require()
    newest = published_of(brief_versions(program))
    if newest is None:
        raise Invalid("The brief is not published yet.")
    if newest.number != number:
        raise Conflict("There is a newer version of the brief; read it before you acknowledge.", current=str(newest))
    row = locked(BriefAcknowledgement.objects.filter(brief=newest, group=group)).first()
    if row is None:
        raise Invalid(f"{group.name} is not asked to acknowledge this version.")
    if row.by_id is not None:
        return row
    row.by, row.at = actor, clock.now()
    row.save(update_fields=["by", "at"])
    record(
        actor, Verb.BRIEF_ACKNOWLEDGED, CharterKind.BRIEF, newest.pk, str(newest), program,
        number=newest.number, group=group.slug,
    )  # fmt: skip
    return row
