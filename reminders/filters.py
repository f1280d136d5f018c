"""What the reminders page is asked for: the filters of its ledger and of its preview. Must not decide rights."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core.text import one_line
from reminders.domain.explaining import kind_name, rule_name
from reminders.domain.facts import Person
from reminders.enums import State
from reminders.selectors.ledger import LedgerFilter, Present

DAY = {"invalid": "That is no day; write it as 2026-11-23."}
LIMIT = 100
OF_PREVIEW = ("who", "what", "ahead")
OF_LEDGER = ("state", "person", "rule", "kind", "since", "until", "q")


class PlainSelect(forms.Select):
    """A drop-down list in one go: Django renders a template for each option, which takes longer than the ledger."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The list with what is chosen."""
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, mark_safe(" selected") if str(key) == chosen else "", words) for key, words in self.choices),
        )
        return format_html('<select name="{}" id="{}">{}</select>', name, (attrs or {}).get("id", ""), options)


class PlainInput(forms.TextInput):
    """A field to write in, in one go for the same reason; a day stands in it as browsers want it (2026-11-23)."""

    def __init__(self, kind: str) -> None:
        super().__init__({"type": kind})

    def format_value(self, value: Any) -> str:
        """What stands in the field."""
        return value.isoformat() if isinstance(value, date) else str(value or "")

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The field with what was written."""
        own = {"type": self.input_type, "name": name, **self.build_attrs(self.attrs, attrs)}
        if words := self.format_value(value):
            own["value"] = words
        return format_html("<input{}>", flatatt(own))


def _day(label: str) -> forms.DateField:
    believed = [
        MinValueValidator(date(2000, 1, 1), DAY["invalid"]),
        MaxValueValidator(date(2199, 1, 1), DAY["invalid"]),
    ]
    widget = PlainInput("date")
    return forms.DateField(label=label, widget=widget, required=False, error_messages=DAY, validators=believed)


class LedgerForm(forms.Form):
    """The filters of the ledger. What is not offered or no day is said at its field and narrows nothing."""

    state = forms.ChoiceField(label="State", required=False, widget=PlainSelect)
    person = forms.TypedChoiceField(label="To", required=False, coerce=int, empty_value=None, widget=PlainSelect)
    rule = forms.ChoiceField(label="Rule", required=False, widget=PlainSelect)
    kind = forms.ChoiceField(label="About", required=False, widget=PlainSelect)
    since = _day("Planned from")
    until = _day("Planned to")
    q = forms.CharField(label="Words in its title", required=False, max_length=LIMIT, widget=PlainInput("search"))

    def __init__(self, data: QueryDict, present: Present) -> None:
        super().__init__(data, auto_id="ledger_%s")
        fields: dict[str, Any] = self.fields
        fields["state"].choices = [("", "Any"), *((state.value, state.label) for state in State)]
        fields["person"].choices = [("", "Anybody"), *present.people]
        fields["rule"].choices = [("", "Any"), *_sorted((slug, rule_name(slug)) for slug in present.rules)]
        fields["kind"].choices = [("", "Anything"), *_sorted((kind, kind_name(kind)) for kind in present.kinds)]
        self.is_valid()

    @property
    def asked(self) -> LedgerFilter:
        """The filters that are meant; a field with a fault counts as empty."""
        found: dict[str, Any] = getattr(self, "cleaned_data", {})
        return LedgerFilter(
            state=found.get("state", ""),
            person=found.get("person"),
            rule=found.get("rule", ""),
            kind=found.get("kind", ""),
            since=found.get("since"),
            until=found.get("until"),
            text=one_line(found.get("q", "")),
        )

    @property
    def chips(self) -> list[tuple[str, str, str]]:
        """(field, its label, what is chosen) of every filter that narrows, in the order of the form."""
        found: dict[str, Any] = getattr(self, "cleaned_data", {})
        return [(name, str(self[name].label), self._said(name, found[name])) for name in self.fields if found.get(name)]

    def _said(self, name: str, value: object) -> str:
        field: Any = self.fields[name]
        said = {str(key): str(words) for key, words in getattr(field, "choices", ())}
        return said.get(str(value), value.isoformat() if isinstance(value, date) else str(value))


class PreviewForm(forms.Form):
    """The filters of the preview: one person, one rule."""

    who = forms.TypedChoiceField(label="To", required=False, coerce=int, empty_value=None, widget=PlainSelect)
    what = forms.ChoiceField(label="Rule", required=False, widget=PlainSelect)

    def __init__(self, data: QueryDict, people: Iterable[Person], rules: Iterable[str]) -> None:
        super().__init__(data, auto_id="preview_%s")
        fields: dict[str, Any] = self.fields
        named = sorted(((who.id, who.name) for who in people if who.active), key=lambda pair: pair[1].lower())
        fields["who"].choices = [("", "Everybody"), *named]
        fields["what"].choices = [("", "Any"), *_sorted((slug, rule_name(slug)) for slug in rules)]
        self.is_valid()

    @property
    def asked(self) -> tuple[int | None, str]:
        """The person's id and the rule's slug that are asked for."""
        found: dict[str, Any] = getattr(self, "cleaned_data", {})
        return found.get("who"), found.get("what", "")


def _sorted(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: pair[1].lower())
