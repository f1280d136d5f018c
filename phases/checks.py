"""What a criterion's proof is held against besides its evidence: functions of apps that know more than the plan.

An app registers in its `AppConfig.ready`; handing in and verifying ask. Must not import the apps that answer.
"""

from collections.abc import Callable

from programs.models import Program

Check = Callable[[Program], list[str]]
_checks: dict[str, list[Check]] = {}


def register(slug: str, function: Check) -> None:
    """Let `function(program)` say, in sentences, what keeps the criterion `slug` from being handed in or verified."""
    known = _checks.setdefault(slug, [])
    if function not in known:
        known.append(function)


def reasons(slug: str, program: Program) -> list[str]:
    """Everything that keeps a criterion from being handed in or verified; empty when nothing does."""
    return [reason for function in _checks.get(slug, ()) for reason in function(program)]
