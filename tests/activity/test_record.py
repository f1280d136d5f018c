"""The record of what happened: written with the change, never changed, heard in the same transaction."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from activity import listeners as registry
from activity import selectors, services
from activity.enums import Verb
from activity.models import Entry
from core.context import request_id


def _record(**more: object) -> Entry:
    fields: dict[str, object] = {"actor_id": 7, "verb": Verb.TASK_DONE, "subject_kind": "task", "subject_id": 1}
    return services.record(**{**fields, **more})  # type: ignore[arg-type]  # a shorthand of this module


@pytest.fixture
def listeners(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[registry.Listener]]:
    """A list of listeners of this test alone."""
    own: list[registry.Listener] = []
    monkeypatch.setattr(registry, "_listeners", own)
    return own


@pytest.mark.django_db
@pytest.mark.usefixtures("listeners")
def test_p17_entry_keeps_who_what_and_the_request() -> None:
    token = request_id.set("abc")
    entry = _record(subject_label="Hold kickoff", program_id=3, data={"before": None})
    request_id.reset(token)
    kept = Entry.objects.get(pk=entry.pk)
    assert (kept.actor_id, kept.verb, kept.program_id, kept.request_id) == (7, "task.done", 3, "abc")
    assert kept.data == {"before": None}
    assert selectors.last_at(3) == kept.at
    assert selectors.last_at(4) is None


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["UPDATE activity_entry SET verb = 'x'", "DELETE FROM activity_entry"])
@pytest.mark.usefixtures("listeners")
def test_p17_database_refuses_to_change_or_delete_an_entry(change: str) -> None:
    _record()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Entry.objects.filter(verb="task.done").count() == 1


@pytest.mark.django_db(transaction=True)
def test_p17_no_entry_outside_the_transaction_of_its_change() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        _record()


@pytest.mark.django_db
def test_listener_hears_once_and_its_error_undoes_the_write(listeners: list[registry.Listener]) -> None:
    heard: list[int] = []
    registry.subscribe(listen := lambda entry: heard.append(entry.subject_id))
    registry.subscribe(listen)
    _record(subject_id=5)
    assert heard == [5]

    def broken(entry: Entry) -> None:
        raise LookupError("listener at fault")

    registry.subscribe(broken)
    with pytest.raises(LookupError), transaction.atomic():
        _record(subject_id=6)
    assert not Entry.objects.filter(subject_id=6).exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("listeners")
def test_timeline_is_newest_first_and_only_of_its_program() -> None:
    _record(program_id=1, subject_id=1)
    _record(program_id=1, subject_id=2)
    _record(program_id=2, subject_id=3)
    assert [entry.subject_id for entry in selectors.of_program(1)] == [2, 1]
    assert [entry.subject_id for entry in selectors.of_subject("task", 3)] == [3]
