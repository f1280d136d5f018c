"""The form of the decision about a running system (S79). Must not write or decide rights."""

from django import forms

from core.enums import choices
from gates.enums import Sustain
from governance.forms import KeyForm, day_field, line_field, text_field


class SustainForm(KeyForm):
    """Continue, change or retire; what the word needs is checked by the service, in its own words."""

    name = "sustain"
    word = forms.ChoiceField(
        label="Decision",
        choices=choices(Sustain),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one.", "invalid_choice": "That word is not offered here."},
    )
    reason = text_field("Why", "Say why.")
    changes = text_field("What changes", help_text="Needed for Change: scope, use, limits or people.")
    next_on = day_field("Next decision on", required=False, help_text="Within a year. Not for Retire.")
    lessons = text_field("Lessons")
    people_told = line_field("Who was told", limit=500)
    disposal = text_field("Data, model access and accounts", limit=1000)
    cost_avoided = forms.DecimalField(
        label="Cost avoided",
        max_digits=14,
        decimal_places=2,
        required=False,
        error_messages={"invalid": "Write an amount such as 12000."},
    )
    sure = forms.BooleanField(label="Retire it: this ends the program for good", required=False)

    def clean(self) -> dict[str, object]:
        """Ask once more before something is ended for good."""
        data = super().clean() or {}
        if data.get("word") == Sustain.RETIRE and not data.get("sure"):
            self.add_error("sure", "Tick this to say that you mean it.")
        return data
