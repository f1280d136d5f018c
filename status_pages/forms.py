"""Forms of the status pages: parse what people choose. Must not write or decide rights."""

import uuid
from typing import Any

from django import forms
from django.conf import settings

from status_pages.domain.package import BYTES
from status_pages.services.sharing import DEFAULT_DAYS, PASSCODE_SHORTEST, LinkInput


class LinkForm(forms.Form):
    """A new share link."""

    name = "link"
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    label = forms.CharField(
        label="Whom it is for",
        max_length=80,
        error_messages={"required": "Say whom the link is for."},
        help_text="Such as “The board”; only those who make links read it.",
    )
    days = forms.IntegerField(label="Days it lasts", min_value=1, initial=DEFAULT_DAYS)
    live = forms.TypedChoiceField(
        label="What it shows",
        choices=[("1", "Live"), ("0", "Only what was published with an update")],
        coerce=lambda value: value == "1",
        initial="1",
        help_text="Live changes with the program.",
    )
    names = forms.BooleanField(label="People are named (else their roles)", required=False)
    editable = forms.BooleanField(
        label="Slides and workbook may be taken away",
        required=False,
        help_text="The PDF always may. Slides and cells can be edited by whoever has them.",
    )
    passcode = forms.CharField(
        label="Passcode",
        required=False,
        max_length=128,
        help_text=f"{PASSCODE_SHORTEST} characters or more. Tell it by another way than the link.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "link_%s")
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4().hex
        self.fields["days"].help_text = f"{settings.SHARE_LINK_MAX_DAYS} at most."

    def wanted(self) -> LinkInput:
        """Return what was chosen as the service takes it."""
        data = self.cleaned_data
        return LinkInput(data["label"], data["days"], data["passcode"], data["live"], data["names"], data["editable"])


class TemplateForm(forms.Form):
    """The company's presentation; what is in it is judged by the service."""

    file = forms.FileField(
        label="Presentation",
        widget=forms.FileInput(attrs={"accept": ".pptx"}),
        help_text=f"PowerPoint (.pptx) without macros, at most {BYTES // 1024 // 1024} MB.",
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "template_%s")
        super().__init__(*args, **kwargs)

    def content(self) -> bytes:
        """Return the bytes, one more than is taken at most: enough to see that they are too many."""
        found: bytes = self.cleaned_data["file"].read(BYTES + 1)
        # A file that was cut off while it came in says its true size (phases.uploads).
        return found if self.cleaned_data["file"].size <= BYTES else b"\0" * (BYTES + 1)
