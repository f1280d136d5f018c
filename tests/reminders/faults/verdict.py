"""What a run under faults came to, from two independent books: the mail server's and the application's."""

import datetime as dt
import json
from collections import Counter
from dataclasses import asdict, dataclass
from email import message_from_bytes

from tests.reminders.faults.installation import Installation

LATE_SECONDS = 600
"""A mail counts as late when it left longer than this after the last fault: a lease (300 s) and a retry fit inside."""

LEDGER = """
import django, json
django.setup()
from django.db.models import Count, Q
from reminders.models import Mail
rows = Mail.objects.annotate(unknown=Count("tries", filter=Q(tries__outcome="uncertain")))
print(json.dumps([[m.message_id, m.state, m.reason, m.unknown, m.sent_at.timestamp() if m.sent_at else None]
    for m in rows.iterator()]))
"""


@dataclass(frozen=True)
class Verdict:
    """One scenario's result. Every count is of mails; `recovery` is in seconds after the last fault.

    `lost`: due, but neither taken by the server nor visibly refused. `doubled`: extra copies; each must belong to an
    attempt of unknown end (`unexplained` counts those that do not) and carry the very same bytes (`changed`).
    """

    scenario: str
    faults: int
    in_window: int
    due: int
    refused: int
    lost: int
    doubled: int
    unexplained: int
    changed: int
    late: int
    recovery: float
    seconds: float

    @property
    def good(self) -> bool:
        """Nothing lost, no double without its reason, nothing late, and the faults did fall where it hurts."""
        return not (self.lost or self.unexplained or self.changed or self.late) and self.due > 0 and self.faults > 0

    def as_json(self) -> dict[str, object]:
        """The figures by name."""
        return {**asdict(self), "good": self.good}


def verdict(
    name: str, installation: Installation, *, due: int, faults: int, last_fault: float, seconds: float
) -> Verdict:
    """Compare the books. `last_fault` is a POSIX time by the clock that the installation lives on."""
    assert installation.sink is not None
    taken: dict[str, set[bytes]] = {}
    copies: Counter[str] = Counter()
    for _, raw in installation.sink.handler.accepted:
        key = str(message_from_bytes(raw)["Message-ID"])
        copies[key] += 1
        taken.setdefault(key, set()).add(raw)
    ledger = json.loads(installation.python("-c", LEDGER))
    unknown = {key: number for key, _, _, number, _ in ledger}
    refused = {key for key, state, reason, _, _ in ledger if state == "dead" and reason and key not in taken}
    sent = [at for _, state, _, _, at in ledger if state == "sent" and at is not None]
    return Verdict(
        scenario=name,
        faults=faults,
        in_window=sum(unknown.values()),
        due=due,
        refused=len(refused),
        lost=due - len(taken) - len(refused),
        doubled=sum(copies.values()) - len(copies),
        unexplained=sum(max(0, number - 1 - unknown.get(key, 0)) for key, number in copies.items()),
        changed=sum(len(bytes_) > 1 for bytes_ in taken.values()),
        late=sum(at - last_fault > LATE_SECONDS for at in sent),
        recovery=round(max(0.0, max(sent, default=last_fault) - last_fault), 1),
        seconds=round(seconds, 1),
    )


def posix() -> float:
    """This instant as the machine sees it."""
    return dt.datetime.now(dt.UTC).timestamp()
