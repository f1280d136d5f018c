"""Forms of the risk register: parse and check what people type. Must not write or decide rights."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from core.enums import choices
from metrics.models import Metric
from programs.models import Role
from risks.domain.scale import Scale
from risks.enums import Response
from risks.models import EscalationPath, MitigationAction

CATEGORIES = (
    "value", "data", "model", "fairness", "security", "privacy", "legal", "compliance", "governance", "operations",
    "reliability", "cost", "ownership", "people", "program", "third-party", "other",
)  # fmt: skip


def _day(label: str, **options: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    messages = {"required": "Choose a day.", "invalid": "That is no day; write it as 2026-11-23."}
    return forms.DateField(label=label, widget=widget, error_messages=messages, **options)


def _words(label: str, limit: int, ask: str, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2, "maxlength": limit})
    return forms.CharField(label=label, widget=widget, max_length=limit, error_messages={"required": ask}, **options)


def _line(label: str, limit: int, ask: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=limit, error_messages={"required": ask})


def _steps(label: str) -> forms.TypedChoiceField:
    """A radio group of the scale's steps; the choices come with the program's scale."""
    words = {"required": "Choose a step.", "invalid_choice": "That step is not on the scale."}
    return forms.TypedChoiceField(label=label, coerce=int, widget=forms.RadioSelect, error_messages=words)


class _Rows(forms.ModelChoiceField):
    """A list of rows that were loaded already, found by key without another query."""

    def __init__(self, rows: Iterable[Any], **options: Any) -> None:
        super().__init__(queryset=None, **options)
        self.rows = {str(row.pk): row for row in rows}
        first = [("", self.empty_label)] if self.empty_label is not None else []
        self.choices = [*first, *((key, str(row)) for key, row in self.rows.items())]

    def to_python(self, value: Any) -> Any:
        """Return the row of a key. Errors: ValidationError for one that is not offered."""
        if value in self.empty_values:
            return None
        key = str(getattr(value, "pk", value))
        if key not in self.rows:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return self.rows[key]

    def validate(self, value: Any) -> None:
        """Ask for a value where one is needed."""
        forms.Field.validate(self, value)


def _pick(label: str, rows: Iterable[Any], empty: str = "Choose", *, required: bool = True) -> _Rows:
    words = {"required": "Choose one.", "invalid_choice": "That is not offered here."}
    return _Rows(rows, label=label, empty_label=empty, required=required, error_messages=words)


class RiskForm(forms.Form):
    """What the forms of this page share: a name, under which a refused one finds its place again."""

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        self.name = name
        kwargs.setdefault("auto_id", f"{name}_%s")
        super().__init__(*args, **kwargs)

    def typed(self) -> str:
        """Say what was typed, for the card that shows both sides of a conflict."""
        hidden = ("seen", "version", "key", "back")
        return "; ".join(str(value) for name, value in self.cleaned_data.items() if name not in hidden and value)

    def renew(self, **now: int) -> None:
        """Keep what was typed and take note of what the row is like now."""
        typed: Any = self.data
        typed = typed.copy()
        for name, value in now.items():
            if name in self.fields:
                typed[name] = str(value)
        self.data = typed


class VersionForm(RiskForm):
    """A form that notices when somebody else was quicker."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class KeyForm(RiskForm):
    """A form that adds a row: its key makes a double press one row (P16)."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40, initial=lambda: uuid.uuid4().hex)


class RescoreForm(VersionForm):
    """A new current score with its reason; a lower one names the action it rests on (G23)."""

    likelihood = _steps("Likelihood now")
    impact = _steps("Impact now")
    action = forms.TypedChoiceField(label="Rests on", coerce=int, empty_value=None, required=False)
    reason = _words("What changed", 500, "Say what changed.")
    back = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    def __init__(self, *args: Any, scale: Scale, citable: Sequence[MitigationAction] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["likelihood"].choices = fields["impact"].choices = [(n, str(n)) for n in scale.steps]
        if citable:
            offered = [(action.pk, f"{action.text} ({action.proof})"[:120]) for action in citable]
            fields["action"].choices = [("", "No action: the score does not go down"), *offered]
        else:
            # Nothing to choose from; a lower score is refused with the reason.
            fields["action"].widget = forms.HiddenInput()


class AcceptForm(RiskForm):
    """Living with a risk until a day; `seen` is the score that is signed for."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = _words("Why it is acceptable", 1000, "Say why it is acceptable.")
    expires_on = _day("Until")


class _Facts(forms.Form):
    """What people say of a risk."""

    event = _words("What would happen", 1000, "Say what would happen.")
    cause = _words("Because of", 1000, "Say what it comes from.")
    impact = _words("And then", 1000, "Say what it would do.")
    response = forms.ChoiceField(label="Response", choices=choices(Response))
    target_likelihood = forms.TypedChoiceField(label="Target likelihood", coerce=int, empty_value=None, required=False)
    target_impact = forms.TypedChoiceField(label="Target impact", coerce=int, empty_value=None, required=False)

    def offer(self, scale: Scale, roles: Sequence[Role], paths: Sequence[EscalationPath], category: str = "") -> None:
        """Fill the lists from the program."""
        fields: Any = self.fields
        steps = [("", "None yet"), *((n, str(n)) for n in scale.steps)]
        fields["target_likelihood"].choices = fields["target_impact"].choices = steps
        named = list(dict.fromkeys([*([category] if category else []), *CATEGORIES]))
        fields["category"] = forms.ChoiceField(label="Category", choices=[(n, n.capitalize()) for n in named])
        fields["owner_role"] = _pick("Owner", roles)
        fields["path"] = _pick("Escalates by", paths)


class AddRiskForm(_Facts, KeyForm):
    """A risk of the program's own."""

    likelihood = _steps("Likelihood, before anything is done")
    severity = _steps("Impact, before anything is done")

    def __init__(
        self, *args: Any, scale: Scale, roles: Sequence[Role], paths: Sequence[EscalationPath],
        phases: Sequence[tuple[str, str]], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, name="add", **kwargs)
        self.offer(scale, roles, paths)
        fields: Any = self.fields
        fields["likelihood"].choices = fields["severity"].choices = [(n, str(n)) for n in scale.steps]
        fields["raise_from_phase"] = forms.ChoiceField(label="Counts from", choices=phases)


class ChangeRiskForm(_Facts, VersionForm):
    """Corrections to a risk."""

    def __init__(
        self, *args: Any, scale: Scale, roles: Sequence[Role], paths: Sequence[EscalationPath], category: str,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, name="change", **kwargs)
        self.offer(scale, roles, paths, category)


class ReviewForm(VersionForm):
    """Having looked at a risk again."""

    note = _words("What you found", 500, "Say in a line what you found.")
    next_on = _day("Next review", required=False)


class ReasonForm(VersionForm):
    """A reason for closing or opening again."""

    reason = _words("Why", 500, "Say why.")


class RaiseForm(RiskForm):
    """Raising a risk ahead of its phase; raising twice is once, so no version is needed."""

    reason = _words("What you see coming", 500, "Say what you see coming.")


class AddActionForm(KeyForm):
    """A new mitigation action."""

    text = _line("What is done", 300, "Say in one line what is done.")
    due_date = _day("Due")

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner_role"] = _pick("Owner", roles)


class ChangeActionForm(VersionForm):
    """Another wording, owner or date of an action."""

    text = _line("What is done", 300, "Say in one line what is done.")
    due_date = _day("Due")

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner_role"] = _pick("Owner", roles)


class FinishForm(RiskForm):
    """What shows that an action is done."""

    proof = _words("What shows that it is done", 500, "Say what shows that it is done.")


class SignForm(RiskForm):
    """An early sign and the metric that shows it."""

    text = _line("What would be seen first", 300, "Say what would be seen first.")

    def __init__(self, *args: Any, metrics: Sequence[Metric], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"] = _pick("Shown by", metrics, "Watched by eye", required=False)
