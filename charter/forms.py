"""Forms of the charter: parse and check what people type. Must not write or decide rights.

Each form has ids of its own, because several stand on one page with fields of the same name.
"""

from collections.abc import Sequence
from typing import Any

from django import forms

from charter.domain.stakeholders import LONGEST
from charter.enums import CheckKind, Confidence, DependencyState, Finding, GapSize, Stance
from charter.services.base import LINE_LIMIT
from charter.services.data import SHORT, GapFacts
from charter.services.dependencies import TEAM_LIMIT, WHAT_LIMIT, DependencyFacts
from charter.services.outcome import MEASURE_LIMIT, UNIT_LIMIT, OutcomeWords
from charter.services.stakeholders import GroupPlan
from core.enums import choices
from metrics.models import Metric
from phases.forms import VersionForm, day_field
from programs.models import Role
from registers.forms import (
    AnswerField,
    KeyForm,
    amount_field,
    line_field,
    number_field,
    offer,
    row_field,
    text_field,
    word_field,
)
from registers.services.base import TEXT_LIMIT


class BaseNumberForm(KeyForm):
    """A new version: `base` is the version it was drawn from, 0 for none."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def renew(self, version: int) -> None:
        """Keep what was typed and draw the form from the version as it is now."""
        typed: Any = self.data
        typed = typed.copy()
        typed["base"] = str(version)
        self.data = typed

    def typed(self) -> str:
        """Say what was typed, for the card that shows both sides of a conflict."""
        hidden = ("key", "base")
        return "; ".join(str(self.cleaned_data.get(name) or "") for name in self.fields if name not in hidden)


class OutcomeForm(BaseNumberForm):
    """A new version of the outcome statement."""

    name = "outcome"
    priority = line_field("Strategic priority", limit=LINE_LIMIT)
    problem = text_field("The problem")
    affected = text_field("Who is affected", rows=1)
    measure = line_field("The one measure that moves", "Name the one measure that has to move.", MEASURE_LIMIT)
    unit = line_field("Unit", limit=UNIT_LIMIT)
    baseline = amount_field("Baseline", digits=18, places=4, required=False)
    confidence = word_field("How well is the baseline known?", choices(Confidence))
    baseline_source = line_field("Source and period of the baseline", limit=LINE_LIMIT)
    target = amount_field("Target", digits=18, places=4, required=False)
    target_date = day_field("By", required=False)
    guardrail = text_field("Guardrail: what must not get worse", rows=2)
    metric = row_field(Metric, "Metric that measures it", required=False)
    reason = text_field("Why there is a new version", "Say why there is a new version; the reason stays beside it.")

    def __init__(self, *args: Any, metrics: Sequence[Metric], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "metric", metrics, empty="None yet")

    def words(self) -> OutcomeWords:
        """What was written, as a value."""
        names = (
            "priority", "problem", "affected", "measure", "unit", "baseline", "baseline_source", "target",
            "target_date", "guardrail", "metric",
        )  # fmt: skip
        data = self.cleaned_data
        return OutcomeWords(**{name: data[name] for name in names}, confidence=Confidence(data["confidence"]))


class MeasurementForm(KeyForm):
    """What the outcome measure read on a day."""

    name = "measurement"
    measured_on = day_field("Measured on")
    value = amount_field("Value", digits=18, places=4)
    note = text_field("How it was measured, and where the proof is", "Say how it was measured and where the proof is.")


class ProblemForm(BaseNumberForm):
    """A new version of the problem statement; no field may be empty (S27)."""

    name = "problem"
    problem = text_field("The problem", "Say what goes wrong today.", 3)
    affected = text_field("Who is affected", "Name the groups it happens to.")
    frequency = line_field("How often", "Say how often it happens.", LINE_LIMIT)
    cost_today = line_field("What it costs today", "Say what it costs today: time, money, trust.", LINE_LIMIT)
    if_nothing = text_field("What happens if nothing is done", "Say what happens if nothing is done.")
    measure = line_field("Measure", "Name the number that shows it.", LINE_LIMIT)
    target = line_field("Target", "Say what that number should become.", LINE_LIMIT)
    reason = text_field("Why there is a new version", "Say why there is a new version; it has to be signed again.")

    def __init__(self, *args: Any, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if first:
            del self.fields["reason"]


class NumberForm(forms.Form):
    """A step on one version: sign, acknowledge, verify. The number is what was on screen."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, name: str = "number", **kwargs: Any) -> None:
        self.name = name
        kwargs.setdefault("auto_id", f"{name}_%s")
        super().__init__(*args, **kwargs)

    def renew(self, version: int) -> None:
        """Draw the form for the version as it is now."""
        self.data = {"number": str(version)}

    def typed(self) -> str:
        """Nothing was typed."""
        return ""


def section_field(label: str) -> AnswerField:
    """Return a section of the brief: needed in the end, so not called optional, but empty while it is a draft."""
    widget = forms.Textarea(attrs={"rows": 4, "maxlength": TEXT_LIMIT})
    return AnswerField(label=label, widget=widget, max_length=TEXT_LIMIT)


class BriefForm(VersionForm):
    """The draft of the brief; sections may be empty until it is published (S43)."""

    name = "brief"
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    use_required_attribute = False  # a section may come later; publishing asks for all of them
    scope = section_field("Scope")
    limits = section_field("Limits")
    risks = section_field("Risks")
    timelines = section_field("Timelines")
    reason = text_field("What is new in this version", rows=1)

    def renew(self, version: int) -> None:
        """Keep what was typed and draw the form from the draft as it is now, whichever version that is."""
        super().renew(version)
        typed: Any = self.data
        typed["number"] = "0"
        self.data = typed


class PublishForm(VersionForm):
    """Publish the draft as it was shown."""

    name = "publish"
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class _SourceFields(forms.Form):
    """What is known of a data source; the four things of S36 take six fields."""

    name_of_source = line_field("Source", "Name the source.")
    holds = text_field("What is in it, and how often it comes", rows=1)
    owner = line_field("Owner", limit=SHORT["owner"])
    access_route = line_field("Access route", limit=LINE_LIMIT)
    quality_keeper = line_field("Who keeps its quality", limit=SHORT["quality_keeper"])
    quality_limits = line_field("Quality limits", limit=LINE_LIMIT)
    rights = line_field("Rights: what we may do with it", limit=LINE_LIMIT)
    retention = line_field("Retention: how long, then what", limit=LINE_LIMIT)

    def words(self) -> dict[str, str]:
        """What was written, by name."""
        data = dict(self.cleaned_data)
        return {"name": data.pop("name_of_source"), **{k: v for k, v in data.items() if k not in ("key", "version")}}


class AddSourceForm(_SourceFields, KeyForm):
    """A new data source."""

    name = "source"


class ChangeSourceForm(_SourceFields, VersionForm):
    """A source corrected or completed."""

    name = "change"


class CheckForm(KeyForm):
    """What a check of a source said (S35)."""

    name = "check"
    kind = word_field("Checked whether it is", choices(CheckKind))
    finding = forms.ChoiceField(
        label="Is it?",
        choices=[(finding.value, finding.value.capitalize()) for finding in Finding],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one.", "invalid_choice": "That word is not offered here."},
    )
    proof = text_field("What was looked at, and where the proof is", "Say what was looked at and where the proof is.")
    checked_on = day_field("Checked on")


class _GapFields(forms.Form):
    """A gap between the data of the proof of concept and live data (S34)."""

    title = line_field("What differs", "Say in one line what differs.")
    in_poc = text_field("In the proof of concept", "Say what the proof of concept had.", 1)
    in_live = text_field("In live use", "Say what it is in live use.", 1)
    size = word_field("Size", choices(GapSize))
    plan = text_field("What is done about it", rows=1)
    owner_role = row_field(Role, "Who closes it")
    due_date = day_field("Closed by", required=False)

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner_role", roles)

    def facts(self) -> GapFacts:
        """What was written, as a value."""
        data = self.cleaned_data
        names = ("title", "in_poc", "in_live", "owner_role", "plan", "due_date")
        return GapFacts(**{name: data[name] for name in names}, size=GapSize(data["size"]))


class AddGapForm(_GapFields, KeyForm):
    """A new gap."""

    name = "gap"


class ChangeGapForm(_GapFields, VersionForm):
    """A gap, its plan or its date corrected; several stand on one page."""

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        self.name = f"change_gap_{number}"
        super().__init__(*args, **kwargs)


class CloseGapForm(VersionForm):
    """How a gap was closed; several stand on one page."""

    resolution = text_field("How it was closed", "Say how it was closed, and where that can be seen.", 1)

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        self.name = f"close_gap_{number}"
        super().__init__(*args, **kwargs)


class GroupForm(VersionForm):
    """Stance, rhythm, owner and next contact of a group (S41)."""

    name = "group"
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    stance = word_field("Where they stand", choices(Stance))
    cadence_days = number_field("Days between two contacts", required=False, min_value=1, max_value=LONGEST)
    owner_role = row_field(Role, "Who keeps this group")
    next_on = day_field("Next contact planned for", required=False)
    note = text_field("What matters to them", rows=2)

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner_role", roles)

    def kept(self) -> GroupPlan:
        """What was written, as a value."""
        names = ("cadence_days", "owner_role", "next_on", "note")
        data = self.cleaned_data
        return GroupPlan(stance=Stance(data["stance"]), **{name: data[name] for name in names})


class ContactForm(KeyForm):
    """A contact with a group."""

    name = "contact"
    on = day_field("Spoken to on")
    note = text_field("What came of it", "Say in a sentence what came of it.")


class _DependencyFields(forms.Form):
    """What the program waits for (S81)."""

    team = line_field("On whom", "Say on whom it depends.", TEAM_LIMIT)
    what = line_field("What is needed", "Say what is needed.", WHAT_LIMIT)
    needed_by = day_field("Needed by")
    state = word_field("How far it is", choices(DependencyState))
    owner_role = row_field(Role, "Who looks after it")
    note = text_field("More about it", rows=1)

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner_role", roles)

    def facts(self) -> DependencyFacts:
        """What was written, as a value."""
        data = self.cleaned_data
        names = ("team", "what", "needed_by", "owner_role", "note")
        return DependencyFacts(**{name: data[name] for name in names}, state=DependencyState(data["state"]))


class AddDependencyForm(_DependencyFields, KeyForm):
    """A new dependency."""

    name = "dependency"


class ChangeDependencyForm(_DependencyFields, VersionForm):
    """A dependency changed."""

    name = "change"
