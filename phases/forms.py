"""Forms of the plan: parse and check what people type. Must not write or decide rights.

Each form has ids of its own, because several stand on one page with fields of the same name.
"""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.models import User
from core.text import one_line, shorten
from metrics.models import Metric
from phases.enums import EvidenceKind
from phases.services.evidence import NOTE_LIMIT, RESULT_LIMIT, TITLE_LIMIT


def day_field(label: str, **options: Any) -> forms.DateField:
    """Return a date field with the browser's own picker."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    messages = {"required": "Choose a day.", "invalid": "That is no day; write it as 2026-11-23."}
    return forms.DateField(label=label, widget=widget, error_messages=messages, **options)


def reason_field(label: str, limit: int, rows: int = 2) -> forms.CharField:
    """Return a text field for a reason; the service says what is missing, in its own words."""
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": limit})
    return forms.CharField(label=label, widget=widget, max_length=limit, error_messages={"required": "Say why."})


class VersionForm(forms.Form):
    """What every form carries: the version of the row it was drawn from (409 when somebody was quicker)."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    name = "version"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.name}_%s")
        super().__init__(*args, **kwargs)

    def renew(self, version: int) -> None:
        """Keep what was typed and draw the form from the row as it is now."""
        typed: Any = self.data
        typed = typed.copy()
        typed["version"] = str(version)
        self.data = typed

    def typed(self) -> str:
        """Say what was typed, for the card that shows both sides of a conflict."""
        shown = [name for name in self.fields if name != "version"]
        values = (str(self.cleaned_data.get(name) or "") for name in shown)
        return "; ".join(value for value in values if value)


class TickForm(VersionForm):
    """Done and not done: pressing twice is harmless, so the version may be left out."""

    name = "tick"
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)


class HandInForm(VersionForm):
    """Ask the verifier to look."""

    name = "hand_in"


class VerifyForm(VersionForm):
    """Accept the proof."""

    name = "verify"


class SendBackForm(VersionForm):
    """Return the proof with what is missing."""

    name = "send_back"
    reason = reason_field("What is missing", 1000, rows=3)


class ForecastForm(VersionForm):
    """More time: when the owner expects it."""

    name = "forecast"
    new_date = day_field("Expected by")
    reason = reason_field("Why it takes longer", 500)


class RedateForm(VersionForm):
    """A newly agreed date."""

    name = "redate"
    new_date = day_field("New agreed date")
    reason = reason_field("Why the date moves", 500)


class ReassignForm(VersionForm):
    """Another person of the program, or back to the role's holder."""

    name = "reassign"
    person = forms.ModelChoiceField(User.objects.none(), label="Person", required=False)
    reason = reason_field("Why it changes hands", 500)

    def __init__(self, *args: Any, people: list[User], holder: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        # Choices from memory; the queryset only answers for what was chosen.
        field.queryset = User.objects.filter(pk__in=[person.pk for person in people])
        field.choices = [("", f"The role's holder ({holder})"), *((p.pk, str(p)) for p in people)]
        field.error_messages["invalid_choice"] = "Choose somebody who has a role in this program."


class DelegateForm(VersionForm):
    """Hand over to the deputy."""

    name = "delegate"


class WithdrawForm(forms.Form):
    """Why a proof does not count any more."""

    name = "withdraw"
    reason = reason_field("Why it does not count any more", 500)

    def __init__(self, *args: Any, evidence_id: int, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.name}_{evidence_id}_%s")
        super().__init__(*args, **kwargs)
        self.evidence_id = evidence_id


class EvidenceForm(forms.Form):
    """One proof: a link, a file or a note; which of them it is follows from what was given (G19)."""

    name = "evidence"
    url = forms.URLField(
        label="Link",
        required=False,
        max_length=2000,
        assume_scheme="https",
        error_messages={"invalid": "A link looks like https://example.org/report."},
    )
    file = forms.FileField(label="File", required=False, allow_empty_file=True)
    note = forms.CharField(
        label="Note", required=False, max_length=NOTE_LIMIT, widget=forms.Textarea(attrs={"rows": 3})
    )
    title = forms.CharField(label="Title", required=False, max_length=TITLE_LIMIT)
    effective_date = day_field("Effective date")
    describes_version = forms.CharField(label="Version it describes", required=False, max_length=80)
    result = forms.CharField(label="Result", required=False, max_length=RESULT_LIMIT)
    limit = forms.CharField(label="Limit", required=False, max_length=RESULT_LIMIT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.name}_%s")
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Tell which kind of proof this is."""
        data = super().clean() or {}
        file: UploadedFile | None = data.get("file")
        if "url" in self.errors or "file" in self.errors:
            return data
        if file and data.get("url"):
            self.add_error("file", "Add a link or a file, one at a time.")
        elif not (file or data.get("url") or one_line(data.get("note", "")) or self.errors):
            self.add_error(None, "Give a link, a file or a note.")
        data["kind"] = EvidenceKind.FILE if file else EvidenceKind.LINK if data.get("url") else EvidenceKind.NOTE
        if data["kind"] == EvidenceKind.NOTE and not one_line(data.get("title", "")):
            data["title"] = shorten(one_line(data.get("note", "")), 80)
        return data


class SeriesForm(forms.Form):
    """A metric whose readings prove the criterion from now on."""

    name = "series"
    metric = forms.ModelChoiceField(
        Metric.objects.none(),
        label="Metric",
        error_messages={"required": "Choose one.", "invalid_choice": "Choose a confirmed metric with a reading."},
    )

    def __init__(self, *args: Any, metrics: list[Metric], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.name}_%s")
        super().__init__(*args, **kwargs)
        field: Any = self.fields["metric"]
        field.queryset = Metric.objects.filter(pk__in=[metric.pk for metric in metrics])
        field.choices = [("", "Choose"), *((metric.pk, metric.name) for metric in metrics)]
