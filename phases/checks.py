"""Which registers have a say before a criterion is handed in. Must not import models: apps register while they load.

Registers stand above the plan, so they hand down functions (in their `AppConfig.ready`) instead of being imported.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from programs.models import Program

Check = Callable[["Program"], list[str]]
_checks: dict[str, list[Check]] = {}


def register(slug: str, function: Check) -> None:
    """Ask `function(program)` before the criterion `slug` is handed in; what it returns are reasons against it."""
    known = _checks.setdefault(slug, [])
    if function not in known:
        known.append(function)


def reasons(slug: str, program: "Program") -> list[str]:
    """Return what the registers hold against handing in a criterion, as sentences; empty when nothing."""
    return [reason for check in _checks.get(slug, ()) for reason in check(program)]
