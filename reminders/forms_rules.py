"""The form of one reminder rule: parses numbers people type and asks the domain for what is wrong. Must not write."""

import re
from dataclasses import replace
from typing import Any

from django import forms

from reminders.domain.rule_words import rung_name
from reminders.domain.rules import MAX_OFFSET, Rule, Rung
from reminders.domain.tuning import MOST_LEADS, Shape, faults, shape_of
from reminders.enums import RuleSlug

_WHOLE = {"invalid": "Write a whole number."}


class RuleForm(forms.Form):
    """What a program may change about a rule; `default` gives the parts it has.

    Fields that a rule does not have are left out. `version` tells two people apart who change it at once.
    """

    version = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args: Any, now: Rule, default: Rule, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "rule_%s")
        kwargs["initial"] = {**values_of(now), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.now, self.default, self.shape = now, default, shape_of(default)
        self._add_switch(self.shape)
        if self.shape.leads:
            keep = " 1 and 0 always stay." if now.slug is RuleSlug.GATE_AHEAD else ""
            self.fields["leads"] = forms.CharField(
                label="Working days before",
                max_length=80,
                help_text=f"Numbers such as 10, 5, 1; 0 is the day itself. At most {MOST_LEADS}.{keep}",
                error_messages={"required": "Give at least one number; 0 is the day itself."},
            )
        if self.shape.repeats:
            self.fields["first"] = _number("First, working days after", "Say when the first one comes.")
            self.fields["every"] = _number("Then every … working days", "Say how often it comes again.")
            self.fields["at_most"] = forms.IntegerField(
                label="At most … times", required=False, error_messages=_WHOLE, help_text="Empty: until it is settled."
            )
        for kind, rungs, words in (("item", default.item_rungs, "Work"), ("gate", default.gate_rungs, "Gates")):
            for place, rung in enumerate(rungs):
                label = f"{words}: {rung_name(rung.to)}, after … working days"
                self.fields[f"{kind}_{place}"] = _number(label, "Say how long the step before has.")

    def _add_switch(self, shape: Shape) -> None:
        if not shape.why_on:
            self.fields["enabled"] = forms.BooleanField(label="This rule is on", required=False)

    def clean_leads(self) -> tuple[int, ...]:
        """The numbers as they are written, separated by anything that is no digit."""
        text = self.cleaned_data["leads"].strip()
        if not re.fullmatch(r"[0-9]+(?:[\s,;]+[0-9]+)*[\s,;]*", text):
            raise forms.ValidationError("Write whole numbers, separated by commas.")
        return tuple(int(number[:9]) for number in re.findall(r"[0-9]+", text))

    def clean(self) -> dict[str, Any]:
        """Put every fault at its field."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            for fault in faults(self.wanted(), self.default):
                self.add_error(fault.field if fault.field in self.fields else None, fault.sentence)
        return data

    def wanted(self) -> Rule:
        """The rule as it was typed; what cannot be changed is the program's own."""
        data, now = self.cleaned_data, self.now
        most = data.get("at_most", now.at_most)
        return replace(
            now,
            enabled=data.get("enabled", True if self.shape.why_on else now.enabled),
            leads=tuple(sorted(data.get("leads", now.leads), reverse=True)),
            first=data.get("first", now.first),
            every=data.get("every", now.every),
            at_most=most,
            audience=self.default.audience,
            item_rungs=self._rungs("item", self.default.item_rungs),
            gate_rungs=self._rungs("gate", self.default.gate_rungs),
        )

    def _rungs(self, kind: str, places: tuple[Rung, ...]) -> tuple[Rung, ...]:
        return tuple(Rung(rung.to, self.cleaned_data[f"{kind}_{place}"]) for place, rung in enumerate(places))


def values_of(rule: Rule) -> dict[str, Any]:
    """A rule as the fields of the form show it."""
    found: dict[str, Any] = {
        "enabled": rule.enabled,
        "leads": ", ".join(str(lead) for lead in sorted(rule.leads, reverse=True)),
        "first": rule.first or None,
        "every": rule.every or None,
        "at_most": rule.at_most,
    }
    for kind, rungs in (("item", rule.item_rungs), ("gate", rule.gate_rungs)):
        found |= {f"{kind}_{place}": rung.wait for place, rung in enumerate(rungs)}
    return found


def _number(label: str, ask: str) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"min": 1, "max": MAX_OFFSET})
    return forms.IntegerField(label=label, widget=widget, error_messages={**_WHOLE, "required": ask})
