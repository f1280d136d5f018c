"""What must be true of every copy that leaves, of every pass, and at all times. The machine's rules are elsewhere."""

import datetime as dt
from collections import defaultdict

from hypothesis.stateful import RuleBasedStateMachine, invariant

from core import clock
from phases.models import Criterion, Event, Task
from programs.models import Program
from reminders.models import Delivery, EngineState, Mail
from tests import factories
from tests.reminders.machine.expected import Due, days_of, due_now, in_hours, may_get_mail, people
from tests.reminders.machine.post import Letter, Post, under_lease

OPEN = ("queued", "leased", "held")


class Checked(RuleBasedStateMachine):
    """A machine whose server asks about each copy it takes, and whose rules ask after each pass."""

    built: factories.Built
    post: Post
    asleep: list
    travelled: bool
    in_mail: dict[str, set[str]]

    @property
    def program(self) -> Program:
        """The program as it is now."""
        return Program.objects.get(pk=self.built.program.pk)

    def arrived(self, letter: Letter, rows: list[Delivery]) -> None:
        """Of every copy at the moment the server takes it."""
        assert rows, "a mail about nothing"
        (user,) = {row.user for row in rows}
        person, days = people()[user.pk], days_of(self.built.program)
        assert self.program.state == "active", "sent for a paused program"
        assert user.is_active, "sent to a closed account"
        assert in_hours(person, letter.at), f"sent at {person.local(letter.at)}"
        today = person.local(letter.at).date()
        for row in rows:
            if not may_get_mail(person, days, letter.at):
                assert (row.rule, row.occurrence, row.due_date) == ("gate-ahead", "T0", today), "sent on a day off"
            self._holds(row)
            self.in_mail[row.key].add(letter.message_id)
            assert len(self.in_mail[row.key]) == 1, f"P2: {row.key} in two mails"
        for ready, _, _ in self.asleep:
            mine = {one.mail.message_id: one.mail.lease_until for one in ready}
            if (
                letter.message_id in mine
                and Mail.objects.get(message_id=letter.message_id).claim != ready[0].mail.claim
            ):
                assert mine[letter.message_id] <= letter.at, "P4: taken from a worker whose lease stands"

    def _holds(self, row: Delivery) -> None:
        """P11: what it is about is open, and still due on that day."""
        if row.item_kind in ("area", "nomination"):
            return
        model = {"task": Task, "criterion": Criterion, "event": Event}[row.item_kind]
        item = model.objects.get(pk=row.item_id)
        assert item.state not in ("done", "verified", "decided"), f"{row.key}: told after it was done"
        assert item.due_date == row.due_date, f"{row.key}: told about a date that moved"

    def all_that_is_due_was_told(self) -> None:
        """After a pass: what `due_now` finds was sent, or the row says what it waits for."""
        now = clock.now()
        if self.post.down or self.program.state != "active" or EngineState.objects.get().circuit_until is not None:
            return
        rows = {row.key: row for row in Delivery.objects.select_related("mail")}
        for due in due_now(self.built.program, now):
            row = rows.get(due.key)
            if row is None or row.state == "cancelled":
                assert self._said_otherwise(due, rows.values()), f"{due.key} at {now}: {row and row.reason}"
            elif row.state == "queued" and row.mail is None:
                waits = row.not_before > now and self._had_mail(due, now)
                assert waits, f"{due.key} at {now}: not composed"
            elif row.state in ("queued", "leased"):
                waits = row.mail.state == "queued" and row.mail.not_before > now
                assert waits or under_lease(row.mail.message_id, now), f"{due.key} at {now}: not sent"
            elif row.state == "expired":
                # Who moved to another zone or hour since may have time left that was over where they were.
                moved = due.user == self.built.owner.pk and self.travelled
                assert moved or self._had_mail(due, now), f"{due.key} at {now}: {row.reason}"

    def _said_otherwise(self, due: object, rows: object) -> bool:
        """A more urgent reminder says it that day, or this lead left for another date already (rule 3)."""
        about = [row for row in rows if (row.item_kind, row.item_id, row.user_id) == (due.kind, due.item, due.user)]
        urgent = any(row.planned_on == due.on and row.state != "cancelled" for row in about)
        same = [row for row in about if (row.rule, row.occurrence) == (due.rule, due.occurrence)]
        return urgent or any(row.state in ("sent", "dead") and row.due_date != due.due for row in same)

    def _had_mail(self, due: Due, now: dt.datetime) -> bool:
        """Whether the mail of the day left without it; of a gate people are told in a second one (rule 4)."""
        daily = Mail.objects.filter(key=f"daily|u{due.user}|{people()[due.user].local(now).date()}")
        return due.rule != "gate-ahead" and daily.exclude(mime=None, state="queued").exists()

    def nothing_is_left_over(self) -> None:
        """After a pass: no row is open past its end, unless its mail waits for a later try or a lease."""
        now = clock.now()
        for row in Delivery.objects.filter(state__in=OPEN, expires_at__lte=now).select_related("mail"):
            waits = row.mail is not None and (row.mail.not_before > now or under_lease(row.mail.message_id, now))
            circuit = EngineState.objects.get().circuit_until
            assert waits or self.post.down or (circuit and circuit > now), f"{row.key} is open past {row.expires_at}"

    @invariant()
    def told_once(self) -> None:
        """P2: each mail once, and once more at most for each time a worker was lost after handing it over."""
        copies: dict[str, int] = defaultdict(int)
        for letter in self.post.taken:
            copies[letter.message_id] += 1
        for message_id, number in copies.items():
            assert number <= 1 + self.post.windows[message_id], f"P2: {message_id} left {number} times"
        silent = Delivery.objects.filter(state__in=["cancelled", "expired", "held"], reason="")
        assert not silent.exists(), f"{silent.first()}: no reason"
