"""Forms of the reminders: parse what people answer. Must not write or decide rights."""

from django import forms

from reminders.services.answering import NOTE_LONGEST


class AcknowledgeForm(forms.Form):
    """I have seen it: what happens now, and by when."""

    name = "acknowledge"
    note = forms.CharField(
        label="What happens now",
        max_length=NOTE_LONGEST,
        error_messages={"required": "Say in a few words what happens now."},
        help_text="The program manager reads it.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    named = forms.DateField(
        label="New date",
        required=False,
        help_text="If you can name one. It is your word, and moves no date in the plan.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class SnoozeForm(forms.Form):
    """The day to which a reminder is put off."""

    name = "snooze"
    until = forms.DateField(error_messages={"required": "Choose one of the days that are offered."})
