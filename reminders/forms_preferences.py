"""The form of a person's own reminders: parses what they choose. Must not write or decide what is allowed."""

from typing import Any

from django import forms

from reminders.domain.preferences import ALLOWED, KEEPS, MOST_QUIET, Preferences, fault_of_quiet
from reminders.domain.rule_words import purpose, title
from reminders.enums import Choice, RuleSlug, Style
from reminders.models import Preference
from reminders.selectors.preferences import as_value

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CHOICES = {
    Choice.ALL: "All of them",
    Choice.LAST: "Only the last one before the date",
    Choice.NONE: "None",
}
_WRONG = {"required": "Choose one.", "invalid_choice": "That cannot be chosen here."}


class PreferencesForm(forms.Form):
    """Quiet days, one mail a day or single ones, my week, and how much of each kind."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    style = forms.ChoiceField(
        label="How they come",
        choices=[
            (Style.DIGEST.value, "One mail a day with everything in it"),
            (Style.SINGLE.value, "A mail of its own for each reminder"),
        ],
        widget=forms.RadioSelect,
        error_messages=_WRONG,
    )
    week = forms.BooleanField(label="My week: on its first morning, what is due in all my programs", required=False)
    quiet = forms.TypedMultipleChoiceField(
        label="Quiet days",
        choices=[(str(number), name) for number, name in enumerate(DAYS)],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=(
            f"At most {MOST_QUIET}. What comes ahead of a date is told before them, everything else after them. "
            "A gate that is due today comes all the same."
        ),
        error_messages={"invalid_choice": "Choose days of the week."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "wish_%s")
        super().__init__(*args, **kwargs)
        for slug, allowed in ALLOWED.items():
            self.fields[f"rule_{slug}"] = forms.ChoiceField(
                label=title(slug),
                choices=[(choice.value, _words(slug, choice)) for choice in allowed],
                help_text=f"{purpose(slug)}. {KEEPS.get(slug, '')}".strip(),
                error_messages={"required": "Choose one.", "invalid_choice": KEEPS.get(slug, "Choose one of these.")},
            )

    @property
    def kinds(self) -> list[forms.BoundField]:
        """The fields of the kinds of reminders."""
        return [self[f"rule_{slug}"] for slug in ALLOWED]

    def clean_quiet(self) -> list[int]:
        """Leave days on which something can arrive."""
        chosen: list[int] = self.cleaned_data["quiet"]
        if fault := fault_of_quiet(frozenset(chosen)):
            raise forms.ValidationError(fault)
        return chosen

    def wanted(self) -> Preferences:
        """What was chosen."""
        data = self.cleaned_data
        return Preferences(
            quiet=frozenset(data["quiet"]),
            style=Style(data["style"]),
            week=data["week"],
            choices={slug: Choice(data[f"rule_{slug}"]) for slug in ALLOWED},
        )


def values_of(row: Preference) -> dict[str, Any]:
    """A person's wishes as the fields of the form show them."""
    wishes = as_value(row)
    found: dict[str, Any] = {
        "version": row.version,
        "style": wishes.style.value,
        "week": wishes.week,
        "quiet": [str(day) for day in sorted(wishes.quiet)],
    }
    return found | {f"rule_{slug}": wishes.choice(slug).value for slug in ALLOWED}


def _words(slug: RuleSlug, choice: Choice) -> str:
    if choice is Choice.LAST and slug is RuleSlug.GATE_AHEAD:
        return "Only the last one before the gate, and its day"
    return _CHOICES[choice]
