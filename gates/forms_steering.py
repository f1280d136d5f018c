"""Forms between gates: parse and check what people type. Must not write or decide rights; services hold the rules.

Several of the same kind stand on one page, so those take the id of what they are about for names of their own.
"""

from collections.abc import Iterable
from typing import Any

from django import forms

from gates.enums import Cause, ExceptionOption, RecheckResult, StopReason
from phases.domain.status import Colour
from phases.forms import VersionForm, day_field, reason_field
from phases.models import Criterion
from programs.models import Role


def words_field(label: str, ask: str, limit: int, *, rows: int = 2) -> forms.CharField:
    """Return a text field that has to be filled; `ask` is what is said when it is not."""
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": limit})
    return forms.CharField(label=label, max_length=limit, widget=widget, error_messages={"required": ask})


def line_field(label: str, ask: str, limit: int) -> forms.CharField:
    """Return a field of one line that has to be filled."""
    return forms.CharField(label=label, max_length=limit, error_messages={"required": ask})


def spoken(words: Iterable[Any], first: str = "") -> list[tuple[str, str]]:
    """Options of a closed list in words; `first` is the empty one."""
    found = [(word.value, word.value.replace("-", " ").capitalize()) for word in words]
    return [("", first), *found] if first else found


def amount_field(label: str) -> forms.DecimalField:
    """Return an optional amount of money."""
    return forms.DecimalField(label=label, required=False, min_value=0, max_digits=14, decimal_places=2)


class NamedForm(forms.Form):
    """A form with ids of its own; `about` tells it from its likes on the page."""

    name = "form"

    def __init__(self, *args: Any, about: object = "", **kwargs: Any) -> None:
        self.name = f"{self.name}-{about}" if about else self.name
        kwargs.setdefault("auto_id", f"{self.name}_%s")
        super().__init__(*args, **kwargs)


class StepForm(VersionForm):
    """A form about one row with a version."""

    def __init__(self, *args: Any, about: object, **kwargs: Any) -> None:
        self.name = f"{self.name}-{about}"
        super().__init__(*args, **kwargs)


class WhenForm(forms.Form):
    """Where a gate would move, and why: asked for the preview, nothing is saved."""

    new_date = day_field("New agreed date")
    cause = forms.ChoiceField(
        label="What costs the time", choices=spoken(Cause, "Choose"), error_messages={"required": "Choose the cause."}
    )


class ReplanForm(VersionForm, WhenForm):
    """Move a gate with everything that depends on it (S14)."""

    name = "replan"
    reason = reason_field("Why the gate moves", 500)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)


class DeclareForm(NamedForm):
    """A status as the program manager sees it."""

    name = "declare"
    colour = forms.ChoiceField(
        label="Status as you see it",
        choices=[(colour.value, colour.label) for colour in Colour],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )
    reason = words_field("Why", "Say why you see it like this.", 1000)
    expires_on = day_field("It ends on", required=False, help_text="Needed for a better one than computed.")


class ExceptionForm(NamedForm):
    """A breach that is forecast (G17)."""

    name = "exception"
    tolerance = line_field("Which tolerance breaks", "Say which tolerance is forecast to break.", 200)
    cause = words_field("Cause", "Say what causes it.", 2000)
    effect = words_field("Effect", "Say what follows from it.", 2000)
    options = words_field("Options", "Give the options.", 2000)
    recommendation = forms.ChoiceField(
        label="Recommended",
        choices=spoken(ExceptionOption, "Choose"),
        error_messages={"required": "Recommend one of the options."},
    )
    forecast_on = day_field("Expected to break on")
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)


class AnswerForm(NamedForm):
    """The sponsor's answer to an exception note."""

    name = "answer"
    text = words_field("What shall be done", "Say what shall be done.", 5000)


class EarlyGateForm(VersionForm):
    """Hold the next gate earlier than agreed (G17)."""

    name = "early"
    new_date = day_field("Held on")
    reason = reason_field("Why now", 500)


class PlanStepForm(NamedForm):
    """One more step of the rollout (G18)."""

    name = "step"
    step = line_field("Name of the step", "Name the step.", 200)
    exposure = line_field("Who is exposed", "Say who is exposed.", 200)
    planned_date = day_field("Planned for")
    entry_test = line_field("Number that must hold before it", "Say which number must hold before it.", 500)
    exit_test = line_field("Number that must hold after it", "Say which number must hold before the next one.", 500)
    halt_conditions = words_field(
        "Conditions that stop it, one a line", "Name at least one condition that stops it.", 3000, rows=3
    )


class EnterForm(StepForm):
    """Expose a step's users."""

    name = "enter"
    entry_number = line_field("Number measured", "Record the number the entry test asks for.", 200)


class LeaveForm(StepForm):
    """A step's exit test holds."""

    name = "leave"
    exit_number = line_field("Number measured", "Record the number the exit test asks for.", 200)


class HaltForm(NamedForm):
    """Stop the rollout, without a meeting."""

    name = "halt"
    because = words_field("Which halt condition holds", "Say which halt condition holds.", 500)


class MiniGateForm(NamedForm):
    """A gate about one change (G21)."""

    name = "mini"
    title = line_field("Name", "Name the mini-gate.", 160)
    trigger = line_field("What calls for it", "Say what calls for it.", 300)
    on = day_field("Held on")
    criteria = forms.MultipleChoiceField(
        label="Criteria it looks at; they are opened again",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose the criteria it looks at."},
    )
    gatekeepers = forms.MultipleChoiceField(
        label="Gatekeepers",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Nobody chosen: the risk and governance lead.",
    )

    def __init__(self, *args: Any, criteria: Iterable[Criterion], roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["criteria"].choices = [(c.slug, f"{c.dimension_name}: {c.text}") for c in criteria]
        fields["gatekeepers"].choices = [(role.slug, role.name) for role in roles]


class TeamForm(NamedForm):
    """Relax or restore who may verify and approve (G2)."""

    name = "team"
    small = forms.BooleanField(label="A very small team: people may verify what they own", required=False)
    reason = words_field("Why", "Say why, since the gate pack shows it.", 500)


class CloseForm(NamedForm):
    """Retire a running program (G10)."""

    name = "close"
    reason = words_field("Why it ends", "Say why it ends.", 2000)
    lessons = words_field("Lessons", "Keep the lessons.", 5000)
    people_told = words_field("Who was told", "Say who was told.", 500)
    disposal = words_field(
        "Data, model access and accounts", "Say what becomes of data, model access and accounts (G10).", 1000
    )
    cost_avoided = amount_field("Cost avoided")
    sure = forms.BooleanField(
        label="End this program for good", error_messages={"required": "Tick this to say that you mean it."}
    )


class StopForm(CloseForm):
    """Decide Stop on the next gate (G10)."""

    name = "stop"
    stop_reason = forms.ChoiceField(
        label="Kind of reason",
        choices=spoken(StopReason, "Choose"),
        error_messages={"required": "Choose the kind of reason."},
    )
    explanation = forms.CharField(
        label="Explanation",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed when the rules recommend something else.",
    )
    cost_avoided = forms.DecimalField(
        label="Cost avoided",
        min_value=0,
        max_digits=14,
        decimal_places=2,
        error_messages={"required": "Estimate the cost that is avoided; 0 when there is none."},
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)


class RecheckForm(StepForm):
    """What looking again at a criterion showed (honesty rule 6)."""

    name = "recheck"
    result = forms.ChoiceField(
        label="Does the proof hold?",
        choices=[(RecheckResult.PASSED.value, "It holds"), (RecheckResult.FAILED.value, "It does not hold")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )
    text = forms.CharField(
        label="In words",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed when it does not hold.",
    )
