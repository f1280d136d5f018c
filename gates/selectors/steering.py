"""What stands between gates: exception notes, rollout steps, mini-gates, the declaration in force. Must not write."""

from core.gathering import PreparedRows
from gates.models import Closure, DeclaredStatus, ExceptionNote, LaunchStep, MiniGate
from programs.models import Program

_NOTES = PreparedRows(
    lambda program: (
        ExceptionNote.objects.filter(program=program)
        .select_related("raised_by", "answered_by", "event")
        .order_by("-id")
    )
)
_STEPS = PreparedRows(
    lambda program: LaunchStep.objects.filter(program=program).select_related("entered_by", "halted_by")
)
_DECLARED = PreparedRows(
    lambda program: DeclaredStatus.objects.filter(program=program, ended_at=None).select_related(
        "declared_by", "agreed_by"
    )
)
_CLOSURE = PreparedRows(lambda program: Closure.objects.filter(program=program).select_related("ended_by"))


def notes_of(program: Program) -> list[ExceptionNote]:
    """Exception notes, unanswered ones first, then newest first (one query)."""
    return sorted(_NOTES.rows(program.pk), key=lambda note: note.answered_at is not None)


def steps_of(program: Program) -> list[LaunchStep]:
    """Steps of the rollout in order (one query)."""
    return _STEPS.rows(program.pk)


def mini_gates_of(program: Program) -> list[MiniGate]:
    """Mini-gates, newest first (two queries)."""
    rows = MiniGate.objects.filter(event__program=program).select_related("event", "called_by")
    found = list(rows.prefetch_related("criteria").order_by("-id"))
    for row in found:
        row.event.program = program
    return found


def declaration_of(program: Program) -> DeclaredStatus | None:
    """The declaration nobody ended, agreed to or not (one query)."""
    return _DECLARED.first(program.pk)


def closure_of(program: Program) -> Closure | None:
    """How the program ended, None while it lives (one query)."""
    return _CLOSURE.first(program.pk)
