"""Forms of the registers: parse and check what people type. Must not write or decide rights.

Each form has ids of its own, because several stand on one page with fields of the same name.
"""

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from accounts.models import User
from core.enums import choices
from phases.forms import VersionForm, day_field
from phases.models import ChallengeQuestion, Event, Phase
from programs.models import OwnershipArea, Program, Role
from registers.domain.assumptions import TOP
from registers.enums import DecisionKind, Result, Severity, Theme
from registers.services.assumptions import LINE_LIMIT
from registers.services.base import TEXT_LIMIT, TITLE_LIMIT
from registers.services.challenge import ALSO_LIMIT
from risks.models import Risk

OPTIONS = 4
RESULTS = {
    Result.HOLDS: "It holds",
    Result.BROKEN: "It is broken",
    Result.UNCLEAR: "Unclear: the test did not settle it",
}


def line_field(label: str, required: str = "", limit: int = TITLE_LIMIT, **options: Any) -> forms.CharField:
    """Return a one-line field; `required` is what to say when it is empty."""
    return forms.CharField(
        label=label, max_length=limit, required=bool(required), error_messages={"required": required}, **options
    )


def text_field(label: str, required: str = "", rows: int = 2, **options: Any) -> forms.CharField:
    """Return a field of several lines; `required` is what to say when it is empty."""
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": TEXT_LIMIT})
    words = {"required": required}
    return forms.CharField(
        label=label, widget=widget, max_length=TEXT_LIMIT, required=bool(required), error_messages=words, **options
    )


def number_field(label: str, **options: Any) -> forms.IntegerField:
    """Return a field for a whole number."""
    return forms.IntegerField(label=label, error_messages={"invalid": "Write a whole number."}, **options)


def amount_field(label: str, *, digits: int, places: int, **options: Any) -> forms.DecimalField:
    """Return a field for a number with decimals."""
    words = {"invalid": "Write a number such as 12 or 12.5."}
    return forms.DecimalField(
        label=label, max_digits=digits, decimal_places=places, error_messages=words, localize=False, **options
    )


def word_field(label: str, kinds: list[tuple[str, str]], **options: Any) -> forms.ChoiceField:
    """Return a drop-down list of words."""
    words = {"required": "Choose one.", "invalid_choice": "That word is not offered here."}
    return forms.ChoiceField(label=label, choices=[("", "Choose"), *kinds], error_messages=words, **options)


class KeyForm(forms.Form):
    """A form that adds a row: its key makes a double press one row (P16)."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    name = "add"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.name}_%s")
        kwargs["initial"] = {"key": uuid.uuid4().hex, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def typed(self) -> str:
        """Say what was typed, for the card that shows both sides of a conflict."""
        return "; ".join(
            str(self.cleaned_data.get(name) or "") for name in self.fields if name not in ("key", "version")
        )


def offer(form: forms.Form, name: str, rows: Sequence[Any], *, empty: str = "Choose") -> None:
    """Let a model field offer rows that are loaded already, so that drawing it asks nothing."""
    field: Any = form.fields[name]
    field.queryset = field.queryset.model._default_manager.filter(pk__in=[row.pk for row in rows])
    field.choices = [("", empty), *((row.pk, str(row)) for row in rows)]


def row_field(model: type[Any], label: str, *, required: bool = True, **options: Any) -> forms.ModelChoiceField:
    """Return a drop-down list of rows; `offer` fills it."""
    words = {"required": "Choose one.", "invalid_choice": "Choose one of this program."}
    return forms.ModelChoiceField(
        model._default_manager.none(), label=label, required=required, error_messages=words, **options
    )


class _AssumptionFields(forms.Form):
    """The words of an assumption."""

    text = line_field("We take it to be true that", "Write down what you take to be true.", LINE_LIMIT)
    consequence = text_field("If it is wrong", "Say what happens if it is wrong.")
    theme = word_field("It is about", choices(Theme))
    owner_role = row_field(Role, "Who finds out")
    test = text_field("How we find out")

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner_role", roles)


class AddAssumptionForm(_AssumptionFields, KeyForm):
    """A new assumption."""

    name = "assumption"


class ChangeAssumptionForm(_AssumptionFields, VersionForm):
    """Other words for an assumption or its test."""

    name = "change"


class RankForm(VersionForm):
    """Its place among the five that would hurt most."""

    name = "rank"
    rank = forms.TypedChoiceField(
        label="Place among the top five",
        choices=[(0, "Not among them"), (1, "Place 1: hurts most"), *((n, f"Place {n}") for n in range(2, TOP + 1))],
        coerce=int,
        error_messages={"required": "Choose one.", "invalid_choice": f"Choose a place from 1 to {TOP}."},
    )


class TestForm(VersionForm):
    """What a test showed."""

    __test__ = False  # pytest takes the name for a test
    name = "test"
    result = forms.ChoiceField(
        label="Result",
        choices=[(result.value, words) for result, words in RESULTS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one.", "invalid_choice": "That word is not offered here."},
    )
    note = text_field(
        "What it showed, and what follows from it", "Say what the test showed and what follows from it.", 3
    )
    tested_on = day_field("Tested on")


class ExplainForm(forms.Form):
    """Why a top assumption is still untested."""

    name = "explain"
    event = row_field(Event, "For")
    reason = text_field(
        "Why it is untested, and when it will be tested", "Say why it is untested and when it will be tested."
    )

    def __init__(self, *args: Any, events: Sequence[Event], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.name}_%s")
        super().__init__(*args, **kwargs)
        offer(self, "event", events)


class _IssueFields(forms.Form):
    """What is known of an issue. Whether it was found late is computed."""

    title = line_field("What is wrong", "Say in one line what is wrong.")
    detail = text_field("More about it", rows=3)
    severity = word_field("Severity", choices(Severity))
    dimension = word_field("Dimension", [])
    area = row_field(OwnershipArea, "Ownership area it goes to")
    risk = row_field(Risk, "Risk that came true", required=False)
    found_phase = row_field(Phase, "Phase in which it was found")
    expected_phase = row_field(Phase, "Phase that should have found it")
    opened_on = day_field("Found on")
    effort_hours = amount_field("Effort so far, hours", digits=8, places=1, min_value=Decimal(0), required=False)
    delay_days = number_field("Delay so far, days", min_value=0, max_value=1000, required=False)

    def __init__(self, *args: Any, offers: "IssueOffers", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["dimension"]
        field.choices = [("", "Choose"), *offers.dimensions]
        offer(self, "found_phase", offers.phases)
        offer(self, "expected_phase", offers.phases)
        offer(self, "area", offers.areas)
        offer(self, "risk", offers.risks, empty="None in the register")

    def clean_effort_hours(self) -> Decimal:
        """Take nothing for no effort."""
        return self.cleaned_data["effort_hours"] or Decimal(0)

    def clean_delay_days(self) -> int:
        """Take nothing for no delay."""
        return self.cleaned_data["delay_days"] or 0


class IssueOffers:
    """What an issue form offers, loaded once."""

    def __init__(
        self,
        dimensions: list[tuple[str, str]],
        phases: Sequence[Phase],
        areas: Sequence[OwnershipArea],
        risks: Sequence[Risk],
    ) -> None:
        self.dimensions, self.phases, self.areas, self.risks = dimensions, phases, areas, risks


class AddIssueForm(_IssueFields, KeyForm):
    """A new issue."""

    name = "issue"


class ChangeIssueForm(_IssueFields, VersionForm):
    """Corrections to an issue."""

    name = "change"


class CloseIssueForm(VersionForm):
    """How it was solved, and what it cost in the end."""

    name = "close"
    resolution = text_field("How it was solved", "Say how it was solved, so that the next one is found earlier.", 3)
    effort_hours = amount_field("Effort in all, hours", digits=8, places=1, min_value=Decimal(0))
    delay_days = number_field("Delay in all, days", min_value=0, max_value=1000)


class ReasonForm(VersionForm):
    """A reason for a step; `name` tells the steps on one page apart."""

    reason = text_field("Why", "Say why.")

    def __init__(self, *args: Any, name: str = "reason", label: str = "Why", **kwargs: Any) -> None:
        self.name = name
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label


class AddScopeForm(KeyForm):
    """A request to change the scope."""

    name = "scope"
    title = line_field("What changes", "Say in one line what changes.")
    reason = text_field("Why", "Say why it has to change.")
    effect_outcome = text_field("Effect on the outcome", "Say what it does to the outcome, if only: nothing.")
    effect_days = number_field("Effect on the date, days later", required=False, min_value=-1000, max_value=1000)
    effect_cost = amount_field("Effect on the cost", digits=14, places=2, required=False)
    new_target = amount_field("New target of the outcome", digits=18, places=4, required=False)
    new_target_date = day_field("New target date", required=False)

    def __init__(self, *args: Any, program: Program, has_outcome: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if program.cost_currency:
            self.fields["effect_cost"].label = f"Effect on the cost, {program.cost_currency}"
        if not has_outcome:
            del self.fields["new_target"], self.fields["new_target_date"]

    def clean_effect_days(self) -> int:
        """Take nothing for no effect."""
        return self.cleaned_data["effect_days"] or 0

    def clean_effect_cost(self) -> Decimal:
        """Take nothing for no effect."""
        return self.cleaned_data["effect_cost"] or Decimal(0)


class AddDecisionForm(KeyForm):
    """A decision for the record: two to four options, one of them chosen."""

    name = "decision"
    title = line_field("What was decided", "Say in one line what was decided.")
    kind = word_field("It settles", choices(DecisionKind))
    option_1 = text_field("Option 1", "Name at least two options; doing nothing is one.", 1)
    option_2 = text_field("Option 2", "Name at least two options; doing nothing is one.", 1)
    option_3 = text_field("Option 3", rows=1)
    option_4 = text_field("Option 4", rows=1)
    chosen = forms.ChoiceField(
        label="Chosen",
        widget=forms.RadioSelect,
        choices=[(str(n), f"Option {n}") for n in range(1, OPTIONS + 1)],
        error_messages={"required": "Choose one of the options.", "invalid_choice": "Choose one of the options."},
    )
    reason = text_field("Why this one", "Say why this option and not another.")
    performance = text_field("Performance", rows=1)
    cost = text_field("Cost", rows=1)
    security = text_field("Security", rows=1)
    time = text_field("Time", rows=1)
    at_12_months = text_field("In twelve months")
    decided_by = row_field(User, "Decided by")
    decided_on = day_field("Decided on")
    dissent = text_field("Who saw it differently, and why")

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "decided_by", people)

    def clean(self) -> dict[str, Any]:
        """Turn the numbered options into a list and the number into the option's words."""
        data = super().clean() or {}
        data["options"] = [data[f"option_{n}"] for n in range(1, OPTIONS + 1) if data.get(f"option_{n}")]
        words = data.get(f"option_{data.get('chosen')}", "")
        if data.get("chosen") and not words and f"option_{data['chosen']}" not in self.errors:
            self.add_error("chosen", "That option is empty.")
        data["chosen_words"] = words
        return data


class AnswerField(forms.CharField):
    """An answer of the challenge session: needed in the end, so not called optional, but it may come later."""

    def validate(self, value: Any) -> None:
        """Let it be empty for now."""


class SessionForm(VersionForm):
    """The challenge session: people, day, and one answer a question."""

    name = "session"
    use_required_attribute = False  # an answer may come later; the rest is checked on the server
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    held_on = day_field("Held on")
    led_by = row_field(User, "Led by")
    present = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label="Present",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Say who was there.",
            "invalid_choice": "Choose people who have a role in this program.",
        },
    )
    also_present = line_field("Also present, without an account", limit=ALSO_LIMIT)

    def __init__(
        self, *args: Any, people: Sequence[User], questions: Sequence[ChallengeQuestion], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "led_by", people)
        offer(self, "present", people)
        field: Any = self.fields["present"]
        field.choices = field.choices[1:]
        self.positions = [question.position for question in questions]
        for question in questions:
            widget = forms.Textarea(attrs={"rows": 3, "maxlength": TEXT_LIMIT})
            answer = AnswerField(label=question.text, widget=widget, max_length=TEXT_LIMIT)
            self.fields[f"answer_{question.position}"] = answer

    def answers(self) -> dict[int, str]:
        """What was answered, by question position."""
        return {place: self.cleaned_data.get(f"answer_{place}", "") for place in self.positions}

    def typed(self) -> str:
        """Say what was typed, for the card that shows both sides of a conflict."""
        return "; ".join(said for said in self.answers().values() if said)
