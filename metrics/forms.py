"""Forms of the metrics: parse and check what people type. Must not write or decide rights.

Each form has ids of its own, because several stand on one page with fields of the same name.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from accounts.models import User
from core.enums import choices
from metrics.domain.categories import REQUIRED
from metrics.domain.limits import NAMES, WORDS, Bounds, Limits
from metrics.enums import Direction, Frequency
from metrics.models import Metric
from metrics.services.definitions import Definition
from programs.domain.localtime import zone_of
from programs.models import Role

MORE_CATEGORIES = {"data": "data", "response": "response to alerts", "other": "something else"}


class Named(forms.Form):
    """A form with ids of its own; `key` makes a double press one row (P16), `version` tells who was quicker."""

    name = "form"
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.name}_%s")
        kwargs["initial"] = {"key": uuid.uuid4().hex, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def renew(self, version: int) -> None:
        """Keep what was typed and draw the form from the row as it is now."""
        typed: Any = self.data
        typed = typed.copy()
        typed["version"] = str(version)
        self.data = typed

    def typed(self) -> str:
        """Say what was typed, for the card that shows both sides of a conflict."""
        shown = (str(self.cleaned_data.get(name) or "") for name in self.fields if name not in ("key", "version"))
        return "; ".join(text for text in shown if text)


def line_field(label: str, required: str = "", limit: int = 160, **options: Any) -> forms.CharField:
    """Return a one-line field; `required` is what to say when it is empty."""
    return forms.CharField(
        label=label, max_length=limit, required=bool(required), error_messages={"required": required}, **options
    )


def text_field(label: str, required: str, limit: int = 500) -> forms.CharField:
    """Return a field of several lines."""
    widget = forms.Textarea(attrs={"rows": 2, "maxlength": limit})
    return forms.CharField(label=label, widget=widget, max_length=limit, error_messages={"required": required})


def word_field(label: str, kinds: list[tuple[str, str]]) -> forms.ChoiceField:
    """Return a drop-down list of words."""
    words = {"required": "Choose one.", "invalid_choice": "That word is not offered here."}
    return forms.ChoiceField(label=label, choices=[("", "Choose"), *kinds], error_messages=words)


def value_field(label: str, *, required: bool = False) -> forms.DecimalField:
    """Return a field for a number with up to four decimals."""
    words = {"invalid": "Write a number such as 12 or 12.5.", "required": "Write the number."}
    return forms.DecimalField(
        label=label, max_digits=18, decimal_places=4, required=required, error_messages=words, localize=False
    )


class LimitFields(forms.Form):
    """Direction and the three limits with both ends; which ends apply follows from the direction."""

    direction = word_field("Which way is good", choices(Direction))
    target_low = value_field("Target, at least")
    target_high = value_field("Target, at most")
    warn_low = value_field("Warn below")
    warn_high = value_field("Warn above")
    critical_low = value_field("Critical below")
    critical_high = value_field("Critical above")

    def limits(self) -> Limits:
        """The limits as values."""
        data = self.cleaned_data
        bounds = {name: Bounds(data.get(f"{name}_low"), data.get(f"{name}_high")) for name in NAMES}
        return Limits(Direction(data["direction"]), **bounds)


class DefinitionFields(forms.Form):
    """What is measured, how, and who answers for it."""

    metric_name = line_field("Name", "Give the metric a name.")
    category = word_field("It is about", [*REQUIRED.items(), *MORE_CATEGORIES.items()])
    unit = line_field("Unit", "Say in which unit it is measured, such as % or ms.", 60)
    frequency = word_field("A reading is expected", choices(Frequency))
    source = line_field("Where readings come from", "Say where the readings come from.", 120)
    owner_role = forms.ModelChoiceField(
        Role.objects.none(),
        label="Owner",
        error_messages={"required": "Choose one.", "invalid_choice": "Choose a role of this program."},
    )
    why = line_field("The question it answers", limit=300)
    baseline = value_field("Baseline: where it stood before")

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner_role"]
        field.queryset = Role.objects.filter(pk__in=[role.pk for role in roles])
        field.choices = [("", "Choose"), *((role.pk, role.name) for role in roles)]
        kept = (self.initial or {}).get("category")
        known: Any = self.fields["category"]
        if kept and kept not in dict(known.choices):
            known.choices = [*known.choices, (kept, kept)]

    def definition(self) -> Definition:
        """The definition as a value."""
        data = self.cleaned_data
        return Definition(
            name=data["metric_name"],
            category=data["category"],
            unit=data["unit"],
            frequency=Frequency(data["frequency"]),
            source=data["source"],
            owner_role=data["owner_role"],
            why=data["why"],
            baseline=data["baseline"],
        )


class AddMetricForm(DefinitionFields, LimitFields, Named):
    """A metric of one's own."""

    name = "metric"


class ChangeMetricForm(DefinitionFields, Named):
    """Another definition."""

    name = "change"


class LimitsForm(LimitFields, Named):
    """Other limits, with the reason."""

    name = "limits"
    reason = text_field("Why they change", "Say why the limits change.")


class ConfirmForm(Named):
    """These numbers are ours."""

    name = "confirm"


class ReadingForm(Named):
    """One reading by hand; the time is one of the program's zone."""

    name = "reading"
    value = value_field("Value", required=True)
    measured_at = forms.DateTimeField(
        label="Measured",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
        error_messages={"required": "Say when.", "invalid": "That is no time; write it as 2026-11-23 14:05."},
    )
    note = line_field("Note", limit=300)

    def __init__(self, *args: Any, zone: str, now: dt.datetime, **kwargs: Any) -> None:
        self.zone = zone_of(zone)
        local = now.astimezone(self.zone).replace(second=0, microsecond=0, tzinfo=None)
        kwargs["initial"] = {"measured_at": local, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean_measured_at(self) -> dt.datetime:
        """Take what was typed for the clock on the wall of the program's zone, whatever Django's own zone is."""
        typed: dt.datetime = self.cleaned_data["measured_at"]
        return typed.replace(tzinfo=ZoneInfo(self.zone.key)).astimezone(dt.UTC)


class CorrectForm(Named):
    """The right value, and why the stored one is wrong."""

    name = "correct"
    value = value_field("Right value", required=True)
    reason = text_field("Why the stored value is wrong", "Say why it was wrong.")


class AcknowledgeForm(Named):
    """Seen: who finds out why, and what happens first."""

    name = "acknowledge"
    investigator = forms.ModelChoiceField(
        User.objects.none(),
        label="Who finds out why",
        error_messages={"required": "Choose one.", "invalid_choice": "Choose somebody who has a role here."},
    )
    note = text_field("What happens first", "Say what happens first.")

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["investigator"]
        field.queryset = User.objects.filter(pk__in=[person.pk for person in people])
        field.choices = [("", "Choose"), *((person.pk, str(person)) for person in people)]


class ImportForm(Named):
    """A file of readings."""

    name = "import"
    file = forms.FileField(
        label="CSV file",
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": "Choose a file."},
    )


class TokenForm(Named):
    """The system a key is for."""

    name = "token"
    title = line_field("System that sends readings", "Name the system that uses it, such as “Grafana”.", 80)


def limits_of(metric: Metric) -> dict[str, Any]:
    """What a limits form starts with."""
    ends = [f"{name}_{end}" for name in WORDS for end in ("low", "high")]
    return {"direction": metric.direction, **{name: _short(getattr(metric, name)) for name in ends}}


def definition_of(metric: Metric) -> dict[str, Any]:
    """What a definition form starts with."""
    same = ("category", "unit", "frequency", "source", "why")
    return {
        "metric_name": metric.name,
        "owner_role": metric.owner_role_id,
        "baseline": _short(metric.baseline),
        **{name: getattr(metric, name) for name in same},
    }


def _short(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.normalize() if value != value.to_integral() else value.quantize(Decimal(1))
