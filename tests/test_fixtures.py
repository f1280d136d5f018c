"""The suite's own ground: real transactions are cleaned up after, and append-only tables stay append-only in them."""

import pytest
from django.db import DatabaseError, transaction

from activity.models import Entry
from activity.services import record


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_every_test_with_real_transactions_starts_empty_and_guarded(turn: str) -> None:
    assert Entry.objects.count() == 0
    with transaction.atomic():
        record(actor_id=None, verb="user.changed", subject_kind="rehearsal", subject_id=1, subject_label=turn)
    with pytest.raises(DatabaseError, match="append-only"):
        Entry.objects.update(subject_label="rewritten")
    assert [entry.subject_label for entry in Entry.objects.all()] == [turn]
