"""G18: nobody is exposed before clearance, and a halt needs no meeting. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from gates.enums import StepState


@dataclass(frozen=True)
class Step:
    """One step of the rollout as it stands."""

    position: int
    state: StepState
    entry_number: str = ""
    exit_number: str = ""


def why_not_enter(step: Step, steps: Iterable[Step], *, cleared: bool, entry_number: str) -> tuple[str, ...]:
    """Say why a step may not begin: clearance, a halt, the step before, and its own entry number."""
    rows = list(steps)
    causes = []
    if not cleared:
        causes.append("No real user is exposed before the launch checkpoint clears it (G18).")
    if any(row.state is StepState.HALTED for row in rows):
        causes.append("The rollout is halted; it goes on only after a new clearance (G18).")
    if step.state is not StepState.PLANNED:
        causes.append(f"This step is {step.state.value} already.")
    if any(row.position < step.position and row.state is not StepState.LEFT for row in rows):
        causes.append("The step before has not met its exit test.")
    if not entry_number.strip():
        causes.append("Record the number the entry test asks for.")
    return tuple(causes)


def why_not_leave(step: Step, *, exit_number: str) -> tuple[str, ...]:
    """Say why a step cannot be left: it has to be running and its exit number recorded."""
    causes = []
    if step.state is not StepState.ENTERED:
        causes.append("Only a running step can be left.")
    if not exit_number.strip():
        causes.append("Record the number the exit test asks for.")
    return tuple(causes)


def may_halt(step: Step, because: str) -> bool:
    """Whether a halt can be recorded: any running step, by whoever sees the condition, with the condition named."""
    return step.state is StepState.ENTERED and bool(because.strip())
