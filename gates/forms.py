"""Forms of a gate: parse and check what people type. Must not write or decide rights; services say what is missing."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from accounts.models import User
from core.text import many_lines, one_line
from gates.domain.conditions import ConditionInput
from gates.domain.contents import DecisionInput
from gates.domain.deciding import Verdict
from gates.enums import HoldCause, StopReason, TailoringKind, View
from phases.enums import Level, Outcome
from phases.forms import VersionForm, day_field, reason_field
from phases.models import Criterion
from programs.models import Role
from risks.models import Risk

CONDITION_ROWS = 3


def text_field(label: str, limit: int, *, rows: int = 2, **options: Any) -> forms.CharField:
    """Return an optional text field; whether it is needed depends on the word that is chosen."""
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": limit})
    return forms.CharField(label=label, required=False, max_length=limit, widget=widget, **options)


def line_field(label: str, limit: int, **options: Any) -> forms.CharField:
    """Return an optional field of one line."""
    return forms.CharField(label=label, required=False, max_length=limit, **options)


def _depends(fields: Any, *, but: tuple[str, ...]) -> None:
    """Mark fields as needed with the word that asks for them, so that none is called optional."""
    for name, field in fields.items():
        field.depends = name not in but


class ReviewForm(VersionForm):
    """Hand the gate in to review."""

    name = "review"
    text = text_field("Note to the gatekeepers", 5000)


class ViewForm(VersionForm):
    """The view of one gatekeeping role."""

    name = "view"
    role = forms.SlugField(widget=forms.HiddenInput)
    view = forms.ChoiceField(
        label="Your view", choices=[(v.value, v.label) for v in View], widget=forms.RadioSelect, required=True
    )
    text = text_field("In words", 5000, help_text="Needed to oppose, to ask for conditions, or to record dissent.")
    dissent = forms.BooleanField(label="Keep my disagreement on record, whatever is decided", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = f"view-{self['role'].value() or ''}"
        self.auto_id = f"{self.name}_%s"


class AlternateForm(VersionForm):
    """Who speaks for an absent gatekeeper."""

    name = "alternate"
    role = forms.ChoiceField(label="For")
    person = forms.ModelChoiceField(User.objects.none(), label="Speaks")
    reason = line_field("Why", 300)

    def __init__(self, *args: Any, roles: Iterable[Role], people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed: Any = self.fields["role"]
        listed.choices = [(role.slug, role.name) for role in roles]
        field: Any = self.fields["person"]
        known = list(people)
        field.queryset = User.objects.filter(pk__in=[person.pk for person in known])
        field.choices = [("", "Choose"), *((person.pk, str(person)) for person in known)]


class RedateForm(VersionForm):
    """A newly agreed date of the gate."""

    name = "redate"
    new_date = day_field("New agreed date")
    reason = reason_field("Why the date moves", 500)


class ConditionProofForm(VersionForm):
    """What shows that a condition's exit test is met."""

    name = "proof"
    text = text_field("What shows that the exit test is met", 5000)
    url = line_field("Link", 2000)


class ConditionBackForm(VersionForm):
    """Return a condition's evidence."""

    name = "back"
    reason = reason_field("What is missing", 500)


class ConditionForm(forms.Form):
    """One named debt of a Conditional Go (G5, G15)."""

    text = line_field("Condition", 500)
    owner_role = forms.ChoiceField(label="Owner", required=False)
    verifier_role = forms.ChoiceField(label="Verified by", required=False)
    due_date = day_field("Due", required=False)
    exit_test = line_field("Exit test", 500)
    consequence = line_field("If it is missed", 500)
    criterion = forms.ChoiceField(label="Stands for", required=False)

    def __init__(
        self, *args: Any, roles: list[tuple[str, str]], criteria: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for field, options in (("owner_role", roles), ("verifier_role", roles), ("criterion", criteria)):
            choice: Any = self.fields[field]
            choice.choices = [("", "Choose" if field != "criterion" else "No single criterion"), *options]
        _depends(self.fields, but=("criterion",))

    def entry(self) -> ConditionInput | None:
        """The condition as the rules take it; None for a row left empty."""
        data = self.cleaned_data
        if not any(data.get(name) for name in ("text", "exit_test", "consequence", "owner_role")):
            return None
        return ConditionInput(
            text=one_line(data["text"]),
            owner_role=data["owner_role"],
            due_date=data["due_date"],
            exit_test=one_line(data["exit_test"]),
            consequence=one_line(data["consequence"]),
            verifier_role=data["verifier_role"],
            criterion=data["criterion"],
        )


class DecisionForm(forms.Form):
    """What was decided. Only the fields of the chosen word count; the service says which are missing."""

    name = "decision"
    word = forms.ChoiceField(label="Decision", widget=forms.RadioSelect, error_messages={"required": "Choose one."})
    number = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    reason = text_field("Reason, shown on the status page", 2000, rows=3)
    explanation = text_field("Explanation", 2000)
    trade_off = text_field("Trade-off between performance, cost, security and time", 1000)
    next_owner = line_field("Who owns the next phase", 200)
    next_budget = line_field("Its budget", 200)
    next_start = day_field("It starts", required=False)
    next_end = day_field("It ends", required=False)
    hold_cause = forms.ChoiceField(label="Cause outside the team's control", required=False)
    waiting_for = line_field("What we wait for", 500)
    keeps_running = line_field("Who keeps what running", 500)
    review_date = day_field("Review date", required=False)
    redo = forms.MultipleChoiceField(label="Criteria to redo", required=False, widget=forms.CheckboxSelectMultiple)
    new_date = day_field("New date", required=False)
    changes = text_field("What changes in scope or team", 1000)
    stop_reason = forms.ChoiceField(label="Why it stops", required=False)
    disposal = text_field("Data, model access and accounts", 1000)
    people_told = line_field("Who was told", 500)
    lessons = text_field("Lessons", 5000)
    cost_avoided = forms.DecimalField(
        label="Cost avoided", required=False, min_value=0, max_digits=14, decimal_places=2
    )

    def __init__(self, *args: Any, verdict: Verdict, open_criteria: Iterable[Criterion] = (), **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "decision_%s")
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["word"].choices = [(c.word.value, c.word.value.replace("-", " ").capitalize()) for c in verdict.choices]
        fields["hold_cause"].choices = [("", "Choose"), *((c.value, c.value.capitalize()) for c in HoldCause)]
        fields["stop_reason"].choices = [("", "Choose"), *((c.value, c.value.capitalize()) for c in StopReason)]
        fields["redo"].choices = [(c.slug, c.text) for c in open_criteria]
        _depends(fields, but=("explanation", "trade_off"))

    def entry(self, conditions: Iterable[ConditionInput]) -> DecisionInput:
        """The decision as the rules take it."""
        data = self.cleaned_data
        texts = {
            name: many_lines(data[name])
            for name in ("reason", "explanation", "trade_off", "changes", "disposal", "lessons")
        }
        lines = {
            name: one_line(data[name])
            for name in ("next_owner", "next_budget", "waiting_for", "keeps_running", "people_told")
        }
        return DecisionInput(
            word=Outcome(data["word"]),
            **texts,
            **lines,
            next_start=data["next_start"],
            next_end=data["next_end"],
            conditions=tuple(conditions),
            hold_cause=data["hold_cause"],
            review_date=data["review_date"],
            redo=tuple(data["redo"]),
            new_date=data["new_date"],
            stop_reason=data["stop_reason"],
            cost_avoided=data["cost_avoided"],
        )


class AnswerForm(VersionForm):
    """Yes or no to what somebody asked for; a no needs words."""

    answer = forms.ChoiceField(
        label="Answer",
        choices=[("approve", "Approve"), ("refuse", "Refuse")],
        widget=forms.RadioSelect,
        error_messages={"required": "Approve or refuse."},
    )
    words = text_field("In words", 1000, help_text="Needed to refuse: who asked reads it.")

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        self.name = name
        super().__init__(*args, **kwargs)


class TakeBackForm(VersionForm):
    """Take a request or a waiver in force back."""

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        self.name = name
        super().__init__(*args, **kwargs)


class WaiverForm(forms.Form):
    """Ask for a waiver or for its extension (G7)."""

    reason = reason_field("Why it cannot be met by the gate", 5000)
    control = reason_field("What makes up for it meanwhile", 5000)
    control_evidence = reason_field("What shows that this control works", 5000)
    expires_on = day_field("It holds until")
    risk = forms.ChoiceField(label="Risk it adds to", required=False)

    def __init__(self, *args: Any, risks: Iterable[Risk], name: str = "waiver", **kwargs: Any) -> None:
        self.name = name
        kwargs.setdefault("auto_id", f"{name}_%s")
        super().__init__(*args, **kwargs)
        field: Any = self.fields["risk"]
        field.choices = [("", "No risk of the register"), *((r.slug, f"{r.event} ({r.current_score})") for r in risks)]
        asked: Any = self.fields
        asked["control"].error_messages["required"] = "Name the control that makes up for it meanwhile (G7)."
        asked["control_evidence"].error_messages["required"] = "Show that the control works (G7)."


class NotApplicableForm(forms.Form):
    """Ask to leave a criterion out (G13)."""

    name = "applicability"
    reason = reason_field("Why it does not apply here", 300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "applicability_%s")
        super().__init__(*args, **kwargs)


class WeakeningForm(forms.Form):
    """Propose to lower or to remove a criterion (G14)."""

    name = "weakening"
    kind = forms.ChoiceField(
        label="Change",
        choices=[(kind.value, kind.label) for kind in (TailoringKind.LOWER, TailoringKind.REMOVE)],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )
    reason = reason_field("Why", 5000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "weakening_%s")
        super().__init__(*args, **kwargs)


class AddCriterionForm(forms.Form):
    """A criterion of the program's own (G14)."""

    name = "criterion"
    text = reason_field("What must be true", 2000)
    dimension_slug = forms.ChoiceField(label="Dimension")
    level = forms.ChoiceField(label="How binding", choices=[(level.value, level.label) for level in Level])
    owner_role = forms.ChoiceField(label="Owner")
    verifier_role = forms.ChoiceField(label="Verified by")
    due_date = day_field("Due")
    evidence_type = forms.ChoiceField(label="Evidence")
    max_age_days = forms.IntegerField(label="Evidence is fresh for (days)", min_value=1, max_value=365, initial=60)
    reason = reason_field("Why it is added", 5000)

    def __init__(
        self, *args: Any, roles: Iterable[Role], dimensions: list[tuple[str, str]], evidence: list[str], **kwargs: Any
    ) -> None:
        kwargs.setdefault("auto_id", "criterion_%s")
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        named = [("", "Choose"), *((role.slug, role.name) for role in roles)]
        fields["owner_role"].choices = fields["verifier_role"].choices = named
        fields["dimension_slug"].choices = [("", "Choose"), *dimensions]
        fields["evidence_type"].choices = [("", "Choose"), *((e, e.replace("-", " ").capitalize()) for e in evidence)]
        fields["text"].error_messages["required"] = "Say what must be true."


def condition_forms(
    data: Any, *, roles: Iterable[Role], criteria: Iterable[Criterion], due: dt.date | None
) -> "BaseFormSet[ConditionForm]":
    """Return the rows for conditions, bound to `data` when there is any."""
    options = {
        "roles": [(role.slug, role.name) for role in roles],
        "criteria": [(c.slug, c.text[:80]) for c in criteria],
    }
    made = formset_factory(ConditionForm, extra=CONDITION_ROWS, max_num=10)
    known = data if data is not None and "conditions-TOTAL_FORMS" in data else None
    initial = None if known is not None else [{"due_date": due}] * CONDITION_ROWS
    rows: BaseFormSet[ConditionForm] = made(
        known, prefix="conditions", form_kwargs=options, initial=initial, auto_id="%s"
    )
    if initial:
        rows.extra = 0
    return rows
