"""Forms after day 90: parse and check what people type. Must not write or decide rights."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import URLValidator

from core.enums import choices
from governance.domain.benefit import DAYS
from governance.domain.rules import Rhythm
from governance.enums import Basis, ChangeKind, Finding, GovernanceKind
from governance.services.base import TEXT_LIMIT
from programs.models import Role


def day_field(label: str, **options: Any) -> forms.DateField:
    """Return a date field with the browser's own picker."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    said = {"required": "Choose a day.", "invalid": "That is no day; write it as 2026-11-23."}
    return forms.DateField(label=label, widget=widget, error_messages=said, **options)


def line_field(label: str, required: str = "", limit: int = 300, **options: Any) -> forms.CharField:
    """Return a one-line field; `required` is what to say when it is empty."""
    said = {"required": required}
    return forms.CharField(label=label, max_length=limit, required=bool(required), error_messages=said, **options)


def text_field(label: str, required: str = "", limit: int = TEXT_LIMIT, **options: Any) -> forms.CharField:
    """Return a field of several lines; `required` is what to say when it is empty."""
    widget = forms.Textarea(attrs={"rows": 2, "maxlength": limit})
    said = {"required": required}
    return forms.CharField(
        label=label, widget=widget, max_length=limit, required=bool(required), error_messages=said, **options
    )


def link_field(label: str) -> forms.URLField:
    """Return a field for an address on the web; only http and https open anything."""
    said = {"invalid": "Write an address that begins with https://."}
    web = URLValidator(schemes=["http", "https"], message=said["invalid"])
    return forms.URLField(
        label=label, max_length=500, required=False, assume_scheme="https", error_messages=said, validators=[web]
    )


def word_field(label: str, words: list[tuple[str, str]], **options: Any) -> forms.ChoiceField:
    """Return a drop-down list."""
    said = {"required": "Choose one.", "invalid_choice": "That word is not offered here."}
    return forms.ChoiceField(label=label, choices=[("", "Choose"), *words], error_messages=said, **options)


class NamedForm(forms.Form):
    """A form with ids of its own, because several stand on one page."""

    name = "form"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.name}_%s")
        super().__init__(*args, **kwargs)


class KeyForm(NamedForm):
    """A form that adds a row: its key makes a double press one row (P16)."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4().hex, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


class VersionForm(NamedForm):
    """A form about a row: the version it was drawn from, 0 for a date that nobody touched yet."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def renew(self, version: int) -> None:
        """Keep what was typed and draw the form from the row as it is now."""
        typed: Any = self.data
        typed = typed.copy()
        typed["version"] = str(version)
        self.data = typed

    def typed(self) -> str:
        """Say what was typed, for the card that shows both sides of a conflict."""
        values = (str(self.cleaned_data.get(name) or "") for name in self.fields if name != "version")
        return "; ".join(value for value in values if value)


class _EventFields(forms.Form):
    """The words and days of an event."""

    title = line_field("Name", "Name it.", 160)
    kind = word_field("Kind", choices(GovernanceKind))
    owner_role = forms.ChoiceField(label="Owner", error_messages={"required": "Choose one."})
    inputs = text_field("What goes into it", "Say what goes into it.")
    output = line_field("What comes out of it", "Say what comes out of it.")
    rhythm = word_field("How often", choices(Rhythm))
    first = day_field("First day")
    rule = line_field(
        "Rule of your own",
        limit=200,
        help_text="iCalendar (RFC 5545), as in FREQ=MONTHLY;BYDAY=1MO for every first Monday. "
        "Counts when you chose it above.",
    )

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["owner_role"].choices = [("", "Choose"), *((role.slug, role.name) for role in roles)]


class AddEventForm(_EventFields, KeyForm):
    """A new event."""

    name = "event"


class ChangeEventForm(_EventFields, VersionForm):
    """Other words, owner or days for an event; its days stay when no first day is given."""

    name = "change"
    first = day_field("New first day", required=False, help_text="Empty: its days stay as they are.")
    reason = line_field("Why", "Say why, so that others understand the change.", 500)


class HoldForm(VersionForm):
    """An event was held."""

    name = "hold"
    held_on = day_field("Held on")
    finding = word_field("It came to", [pair for pair in choices(Finding) if pair[0] != Finding.NOT_HELD])
    output = text_field("What came out of it", "Say what came out of it.")
    evidence = link_field("Where it is written down")
    next_step = line_field("What follows from it", limit=500)


class DeferForm(VersionForm):
    """An event is put off."""

    name = "defer"
    new_date = day_field("New day")
    reason = line_field("Why", "Say why it is put off.", 500)


class HappenedForm(KeyForm):
    """A trigger happened."""

    name = "happened"
    cause = text_field("What happened", "Say what happened.")
    happened_on = day_field("On")
    review_on = day_field("Reviewed on")
    kind = word_field("As", choices(GovernanceKind))
    owner_role = forms.ChoiceField(label="Who sees to it", error_messages={"required": "Choose one."})

    def __init__(self, *args: Any, roles: Sequence[Role], position: int, **kwargs: Any) -> None:
        self.name = f"happened-{position}"
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["owner_role"].choices = [("", "Choose"), *((role.slug, role.name) for role in roles)]


class BenefitForm(KeyForm):
    """A benefit reading."""

    name = "benefit"
    day = forms.TypedChoiceField(
        label="For the review at",
        choices=[("", "Choose"), *((day, f"Day {day}") for day in DAYS)],
        coerce=int,
        error_messages={"required": "Choose one.", "invalid_choice": "That day is not offered here."},
    )
    read_on = day_field("Read on")
    basis = word_field("Based on", choices(Basis))
    value = forms.DecimalField(
        label="Value",
        max_digits=18,
        decimal_places=4,
        required=False,
        error_messages={"invalid": "Write a number such as 12 or 12.5."},
    )
    method = text_field("How it was read", "Say how it was read, or why it could not be.")
    evidence = link_field("Where it can be seen")


class ChangeForm(KeyForm):
    """A change of the running system."""

    name = "log"
    kind = word_field("What kind", choices(ChangeKind))
    what = line_field("What is changed", "Say what is changed.")
    why = text_field("Why, and what it may touch", "Say why, and what it may touch.")
    release = line_field("Version that runs afterwards", "Name the version that runs afterwards.", 120)
    applied_on = day_field("In use from")
    evidence = link_field("Tests or ticket")


class ApproveForm(NamedForm):
    """A second person approves a change."""

    note = line_field("Remark", limit=500)

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        self.name = f"approve-{number}"
        super().__init__(*args, **kwargs)


class VerifyForm(NamedForm):
    """A second person verifies a benefit reading; the button says it all."""

    name = "verify"
