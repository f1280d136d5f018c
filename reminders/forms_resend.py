"""The form that sends a reminder again. Must not decide rights."""

from django import forms

from reminders.domain.again import IN_ALL


class ResendForm(forms.Form):
    """`number` is the time the form was drawn for: a form sent twice makes one reminder (P16)."""

    number = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=1,
        max_value=IN_ALL,
        error_messages={"required": "This form is not complete. Open the page again and press the button there."},
    )
