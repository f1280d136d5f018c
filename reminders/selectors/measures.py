"""The numbers that are watched from outside, read from the database so that all processes agree. No people in them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from reminders.enums import State
from reminders.models import Heartbeat, Mail, ProgramPlan, Tally
from reminders.selectors.disk import disk
from reminders.selectors.health import engine_state, health
from reminders.selectors.operations import FORGOTTEN, other_queues, queue, waiting_mails, waiting_rows
from reminders.selectors.watch import findings


@dataclass(frozen=True)
class Gauge:
    """A number that goes up and down; with a label, one number a label's value."""

    name: str
    help: str
    values: dict[tuple[str, ...], float]
    labels: tuple[str, ...] = ()


def gauges(now: datetime) -> list[Gauge]:
    """The state of the engine as of `now`. Ages are in seconds; what never happened is left out."""
    found, state, wrong = health(now), engine_state(), findings(now)
    rows, mails = queue(waiting_rows(), now), queue(waiting_mails(), now)

    def age(at: datetime | None) -> dict[tuple[str, ...], float]:
        return {} if at is None else {(): max(0.0, (now - at).total_seconds())}

    refused = Mail.objects.filter(state=State.DEAD).aggregate(number=Count("pk"))["number"]
    faulty = ProgramPlan.objects.exclude(error="").count()
    seen = Heartbeat.objects.filter(seen_at__gt=now - FORGOTTEN)
    held = next((finding.number for kind, finding in wrong.items() if kind == "held"), 0)
    return [
        Gauge("up", "1 when reminders go out (the engine beats and is not paused).", {(): not found.problem}),
        Gauge("paused", "1 while an administrator has paused the engine.", {(): state.paused}),
        Gauge("last_tick_age_seconds", "Since the last pass of the engine.", age(found.last_tick)),
        Gauge(
            "last_tick_duration_seconds",
            "How long the last pass took.",
            {} if state.last_tick_ms is None else {(): state.last_tick_ms / 1000},
        ),
        Gauge("last_send_age_seconds", "Since a mail was last taken by the mail server.", age(found.last_send)),
        Gauge(
            "queue",
            "What waits, by what it is and when it is due.",
            {
                ("reminder", "now"): rows.due,
                ("reminder", "hour"): rows.hour,
                ("reminder", "later"): rows.later,
                ("mail", "now"): mails.due,
                ("mail", "hour"): mails.hour,
                ("mail", "later"): mails.later,
                **{
                    (other.one, due): number
                    for other in other_queues(now)
                    for due, number in (
                        ("now", other.queue.due),
                        ("hour", other.queue.hour),
                        ("later", other.queue.later),
                    )
                },
            },
            ("what", "due"),
        ),
        Gauge(
            "oldest_due_seconds",
            "How late the oldest due one is; 0 when nothing is due.",
            age(found.oldest_due) or {(): 0},
        ),
        Gauge("stuck_mails", "Mails whose worker died and that no pass has taken up yet.", {(): found.stuck}),
        Gauge("refused_mails", "Mails refused for good that nobody has dealt with.", {(): refused}),
        Gauge("held_reminders", "Reminders held for review.", {(): held}),
        Gauge("unplannable_programs", "Programs whose reminders cannot be planned.", {(): faulty}),
        Gauge(
            "circuit_open",
            "1 while the mail server is not tried because it was unreachable.",
            {(): bool(found.circuit_until)},
        ),
        Gauge("circuit_failures", "Times in a row that the mail server was unreachable.", {(): state.circuit_failures}),
        Gauge("disk_free_bytes", "Room on the disk of the data folder.", {(): disk().free}),
        Gauge(
            "process_seen_age_seconds",
            "Since a process of the installation last showed a sign of life.",
            {(row.kind, row.name): max(0.0, (now - row.seen_at).total_seconds()) for row in seen},
            ("kind", "name"),
        ),
    ]


def totals() -> dict[str, int]:
    """What passes have done since the installation began, by name."""
    return dict(Tally.objects.values_list("name", "number"))
