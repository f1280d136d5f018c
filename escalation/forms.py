"""Forms of escalations: parse and check what people type. Must not write or decide rights."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms

from core.enums import choices
from escalation.services.answering import NOTE_LIMIT
from escalation.services.paths import COUNTED, MOST, MOST_LEVELS
from escalation.services.starting import REASON_LIMIT
from programs.enums import Duration
from programs.models import Role
from risks.models import EscalationPath


def _words(label: str, limit: int, ask: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2, "maxlength": limit})
    return forms.CharField(label=label, widget=widget, max_length=limit, error_messages={"required": ask})


class NamedForm(forms.Form):
    """A form with ids of its own, since several stand on one page."""

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        self.name = name
        kwargs.setdefault("auto_id", f"{name}_%s")
        super().__init__(*args, **kwargs)


class StartForm(NamedForm):
    """Press by hand; `key` makes a double press one escalation (P16). With `matter` it asks what it is about."""

    path = forms.ModelChoiceField(
        queryset=EscalationPath.objects.none(),
        label="Path",
        empty_label="Choose",
        error_messages={"required": "Choose a path.", "invalid_choice": "Choose one of this program."},
    )
    title = forms.CharField(label="What it is about", max_length=200, error_messages={"required": "Name it."})
    reason = _words("Why it has to go up", REASON_LIMIT, "Say why it has to go up.")
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, *args: Any, paths: Any, matter: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4().hex, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["path"]
        offered.queryset = paths
        if not matter:
            del self.fields["title"]


class AcknowledgeForm(NamedForm):
    """Say "seen, I am on it"."""

    note = _words("What you do about it", NOTE_LIMIT, "Say what you do about it.")


class EndForm(NamedForm):
    """End it although the cause stays."""

    reason = _words("Why it ends", 300, "Say why it ends.")


class PathForm(NamedForm):
    """The levels of a path, and one empty place more. A level without a role is left out."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    round_the_clock = forms.BooleanField(
        label="Emergency: hours run day and night, and mail leaves at once", required=False
    )

    def __init__(self, *args: Any, roles: Sequence[Role], shown: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles = {str(role.pk): role for role in roles}
        offered = [(str(role.pk), role.name) for role in roles]
        self.places = range(1, min(shown, MOST_LEVELS) + 1)
        for number in self.places:
            self.fields[f"roles_{number}"] = forms.MultipleChoiceField(
                label=f"Level {number}: who is told",
                choices=offered,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": "Choose roles of this program."},
            )
            self.fields[f"unit_{number}"] = forms.ChoiceField(
                label="After", choices=[(word, _UNITS[Duration(word)]) for word, _ in choices(Duration)], required=False
            )
            self.fields[f"amount_{number}"] = forms.IntegerField(
                label="How many",
                min_value=0,
                max_value=MOST,
                required=False,
                error_messages={"invalid": "Write a whole number."},
            )

    def rows(self) -> list[tuple[int, Any, Any, Any]]:
        """The fields of each level, for the page."""
        return [(n, self[f"roles_{n}"], self[f"unit_{n}"], self[f"amount_{n}"]) for n in self.places]

    def clean(self) -> dict[str, Any]:
        """Collect the levels under `levels`, in order, as (roles, unit, amount)."""
        data: dict[str, Any] = super().clean() or {}
        levels = []
        for number in self.places:
            chosen = data.get(f"roles_{number}") or []
            unit, amount = data.get(f"unit_{number}") or "", data.get(f"amount_{number}") or 0
            if not chosen:
                continue
            if not unit:
                self.add_error(f"unit_{number}", "Choose when this level is told.")
            elif Duration(unit) in COUNTED and not amount and f"amount_{number}" not in self.errors:
                self.add_error(f"amount_{number}", f"Give a time from 1 to {MOST}.")
            else:
                levels.append((tuple(self.roles[pk] for pk in chosen), Duration(unit), amount))
        if not levels and not self.errors:
            self.add_error("roles_1", "A path needs at least one level with a role.")
        data["levels"] = levels
        return data

    def typed(self) -> str:
        """Say what was typed, for the card that shows both sides of a conflict."""
        return "; ".join(
            f"{', '.join(role.name for role in roles)}: {amount or ''} {_UNITS[unit].lower()}".replace(":  ", ": ")
            for roles, unit, amount in self.cleaned_data.get("levels", [])
        )

    def renew(self, version: int) -> None:
        """Keep what was typed and take note of the version as it is now."""
        typed: Any = self.data
        typed = typed.copy()
        typed["version"] = str(version)
        self.data = typed


_UNITS = {
    Duration.AT_ONCE: "At once",
    Duration.MINUTES: "Minutes",
    Duration.HOURS: "Hours",
    Duration.SAME_DAY: "The same day",
    Duration.WORKING_DAYS: "Working days",
}
