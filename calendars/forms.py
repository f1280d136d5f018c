"""Forms of the calendar pages: parse what people choose. Must not write or decide rights."""

import uuid
from typing import Any

from django import forms

from calendars.enums import FeedKind
from calendars.services.choosing import LONGEST, SHORTEST, TimeInput


class FeedForm(forms.Form):
    """A new feed; `kinds` are offered where there is a choice."""

    name = "feed"
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    label = forms.CharField(
        label="Which calendar it is for",
        max_length=80,
        error_messages={"required": "Say which calendar it is for."},
        help_text="Such as “Phone” or “Outlook at work”.",
    )
    kind = forms.ChoiceField(label="What it holds", choices=[], help_text="Only dates that you may see.")

    def __init__(self, *args: Any, kinds: list[FeedKind], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "feed_%s")
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4().hex
        if len(kinds) == 1:
            del self.fields["kind"]
        else:
            offered: Any = self.fields["kind"]
            offered.choices = [(kind.value, KIND_WORDS[kind]) for kind in kinds]
        self.only = kinds[0]

    def kind_chosen(self) -> FeedKind:
        """The kind that was chosen, or the only one there is."""
        return FeedKind(self.cleaned_data.get("kind") or self.only)


KIND_WORDS = {
    FeedKind.MINE: "What is mine",
    FeedKind.PROGRAM: "Everything dated in this program",
    FeedKind.STATUS: "Gates, checkpoints and published updates only, to pass on",
}


class TimeForm(forms.Form):
    """When and where a review is held."""

    name = "time"
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    starts = forms.TimeField(
        label="Begins at",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Empty for the whole day.",
    )
    minutes = forms.IntegerField(
        label="Minutes", min_value=SHORTEST, max_value=LONGEST, initial=60, help_text="How long it is held."
    )
    place = forms.CharField(label="Place or link of the meeting", max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "time_%s")
        super().__init__(*args, **kwargs)

    def wanted(self) -> TimeInput:
        """Return what was chosen as the service takes it."""
        data = self.cleaned_data
        return TimeInput(data["starts"], data["minutes"], data["place"])
