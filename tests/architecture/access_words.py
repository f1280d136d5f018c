"""The words of the access tables: people, places and the answers they get. Must hold no table."""

from dataclasses import dataclass, field

LOGIN, FORBIDDEN, HIDDEN, FILL_IN, DONE, CONFLICT = 302, 403, 404, 422, 302, 409


@dataclass(frozen=True)
class Route:
    """One method at one address. `charge` and `member` name people of `factories.program` or the administrator."""

    name: str
    method: str
    expect: tuple[int, int, int, int]
    charge: str = "pat"
    member: str = "sam"
    where: dict[str, str] = field(default_factory=dict)


PROGRAM = {"slug": "alpha"}
CRITERION = {"program_slug": "alpha", "slug": "accuracy"}
TASK = {"program_slug": "alpha", "slug": "train"}
ITEM = {**CRITERION, "kind": "criteria"}
GATE = {"program_slug": "alpha", "slug": "gate-30"}
GATE_60 = {"program_slug": "alpha", "slug": "gate-60"}
LOGS = {"program_slug": "alpha"}
ENTRY = {**LOGS, "number": "1"}
GROUP = {**LOGS, "slug": "sg-ds"}
CALENDAR = {**LOGS, "slug": "gc-service"}
DATE = {**CALENDAR, "day": "2026-04-13"}
MODEL_OWNER = {**PROGRAM, "role_slug": "model-owner"}
RISK = {**LOGS, "slug": "r-drift"}
METRIC = {**LOGS, "slug": "m-recall"}
CHAT = {**LOGS, "channel_id": "chat"}
REMINDED = {**PROGRAM, "kind": "task", "item_id": "alpha"}

READ = (LOGIN, HIDDEN, 200, 200)
CHANGE = (LOGIN, HIDDEN, FORBIDDEN, FILL_IN)
ADD = (LOGIN, HIDDEN, FILL_IN, FILL_IN)
ACT = (LOGIN, HIDDEN, FORBIDDEN, DONE)
ADMIN_READ = (LOGIN, FORBIDDEN, FORBIDDEN, 200)
ADMIN_ACT = (LOGIN, FORBIDDEN, FORBIDDEN, DONE)
OWN = (LOGIN, 200, 200, 200)
