"""Forms of the risk register: parse and check what people type. Must not write or decide rights."""

from typing import Any

from django import forms


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    messages = {"required": "Choose a day.", "invalid": "That is no day; write it as 2026-11-23."}
    return forms.DateField(label=label, widget=widget, error_messages=messages)


def _words(label: str, limit: int, ask: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2, "maxlength": limit})
    return forms.CharField(label=label, widget=widget, max_length=limit, error_messages={"required": ask})


class RiskForm(forms.Form):
    """What the forms of this page share: a name, under which a refused one finds its place again."""

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        self.name = name
        kwargs.setdefault("auto_id", f"{name}_%s")
        super().__init__(*args, **kwargs)

    def typed(self) -> str:
        """Say what was typed, for the card that shows both sides of a conflict."""
        return "; ".join(str(value) for name, value in self.cleaned_data.items() if name != "seen" and value)

    def renew(self, score: int) -> None:
        """Keep what was typed and take note of the score as it is now."""
        typed: Any = self.data
        typed = typed.copy()
        typed["seen"] = str(score)
        self.data = typed


class RescoreForm(RiskForm):
    """A new current score; `seen` is the one the form was drawn with."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    likelihood = forms.TypedChoiceField(label="Likelihood now", coerce=int)
    impact = forms.TypedChoiceField(label="Impact now", coerce=int)
    reason = _words("What changed", 500, "Say what changed.")

    def __init__(self, *args: Any, scale: tuple[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        low, high = scale
        fields: Any = self.fields
        fields["likelihood"].choices = fields["impact"].choices = [(n, str(n)) for n in range(low, high + 1)]


class AcceptForm(RiskForm):
    """Living with a risk until a day; `seen` is the score that is signed for."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = _words("Why it is acceptable", 1000, "Say why it is acceptable.")
    expires_on = _day("Until")


class DateForm(RiskForm):
    """When an action is due."""

    due_date = _day("Due")


class FinishForm(RiskForm):
    """What shows that an action is done."""

    proof = _words("What shows that it is done", 500, "Say what shows that it is done.")
