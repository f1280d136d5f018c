"""Parses what people send about ownership. Must not write or decide rights."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from django import forms

from accounts.models import User
from core.enums import choices
from ownership.enums import Seat
from ownership.services.base import LINE_LIMIT, WORDS_LIMIT
from phases.forms import day_field
from programs.enums import Duration
from programs.models import Role

LETTERS = [("", "–"), ("R", "R"), ("A", "A"), ("A/R", "A and R"), ("C", "C"), ("I", "I"), ("C/I", "C and I")]
LONGEST_LOOK = 92


def _long(label: str, required: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "maxlength": WORDS_LIMIT})
    return forms.CharField(label=label, widget=widget, max_length=WORDS_LIMIT, error_messages={"required": required})


def _people(field: forms.Field, people: Sequence[User]) -> None:
    """Fill a field that names a person; one query serves several fields."""
    choice = cast("forms.ModelChoiceField[User]", field)
    choice.queryset = User.objects.filter(is_active=True)
    shown = [(p.pk, f"{p.name} ({p.email})" if p.name else p.email) for p in people]
    choice.choices = [("", choice.empty_label), *shown]


def active_people() -> list[User]:
    """Everybody who can take a role, by name."""
    return list(User.objects.filter(is_active=True).order_by("name", "email"))


class NominateForm(forms.Form):
    """Whom to ask for which seat, and from when."""

    seat = forms.ChoiceField(label="For", choices=[("owner", "Owner"), ("deputy", "Deputy")])
    person = forms.ModelChoiceField(
        label="Person",
        queryset=User.objects.none(),
        empty_label="Choose",
        error_messages={"required": "Choose somebody."},
    )
    effective_from = day_field("From")
    note = forms.CharField(label="A word to them", max_length=400, required=False)

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _people(self.fields["person"], people)


class AcceptForm(forms.Form):
    """Yes, in one's own words, from a day on, with a deputy."""

    seat = forms.ChoiceField(choices=choices(Seat), widget=forms.HiddenInput)
    words = _long("In your own words: what do you take over?", "Say in your own words what you take over.")
    effective_from = day_field("From")
    deputy = forms.ModelChoiceField(
        label="Your deputy",
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody yet: a gap",
        help_text="They are asked and have to accept as well.",
    )

    def __init__(self, *args: Any, people: Sequence[User] = (), with_deputy: bool = True, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "accept_%s")
        super().__init__(*args, **kwargs)
        if with_deputy:
            _people(self.fields["deputy"], people)
        else:
            del self.fields["deputy"]


class DeclineForm(forms.Form):
    """No, and why."""

    seat = forms.ChoiceField(choices=choices(Seat), widget=forms.HiddenInput)
    reason = _long("Why not?", "Say why, so that the program manager can ask somebody else.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "decline_%s")
        super().__init__(*args, **kwargs)


class AreaForm(forms.Form):
    """What an ownership area says; `role` only while it is added."""

    name = forms.CharField(label="Name", max_length=120, error_messages={"required": "Give the area a name."})
    role = forms.ModelChoiceField(
        label="Owned by the role", queryset=Role.objects.none(), error_messages={"required": "Choose a role."}
    )
    covers = _long("What it covers", "Say what it covers.")
    may_decide = _long("What the owner may decide alone", "Say what its owner may decide alone.")
    routine = _long("What the owner does regularly", "Say what its owner does regularly.")
    team = forms.CharField(label="Team behind the owner", max_length=LINE_LIMIT, required=False)
    trigger = forms.CharField(label="Answers to", max_length=80, required=False, help_text="Such as: feed breach")
    amount = forms.IntegerField(label="Within", required=False, min_value=0, max_value=999)
    unit = forms.ChoiceField(label="Unit", choices=choices(Duration), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, roles: Sequence[Role] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if roles:
            field = cast("forms.ModelChoiceField[Role]", self.fields["role"])
            field.queryset = Role.objects.filter(pk__in=[role.pk for role in roles])
            field.choices = [("", "Choose"), *((role.pk, role.name) for role in roles)]
        else:
            del self.fields["role"]


class RaciForm(forms.Form):
    """One row: a choice of letters for every role of the program."""

    version = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role in roles:
            self.fields[f"role_{role.pk}"] = forms.ChoiceField(label=role.name, choices=LETTERS, required=False)

    def cells(self) -> dict[int, str]:
        """The letters by role id."""
        return {
            int(name.removeprefix("role_")): str(letters)
            for name, letters in self.cleaned_data.items()
            if name.startswith("role_")
        }


class AwayForm(forms.Form):
    """Who is away, and when."""

    person = forms.TypedChoiceField(label="If", coerce=int)
    start = day_field("is away from")
    end = day_field("to")

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = cast(forms.TypedChoiceField, self.fields["person"])
        person.choices = [(p.pk, str(p)) for p in people]

    def clean(self) -> dict[str, Any]:
        """The last day comes after the first, and the stretch is one a person can be away for."""
        found = super().clean() or {}
        start, end = found.get("start"), found.get("end")
        if isinstance(start, dt.date) and isinstance(end, dt.date):
            if end < start:
                self.add_error("end", "The last day comes before the first.")
            elif (end - start).days > LONGEST_LOOK:
                self.add_error("end", f"Look at {LONGEST_LOOK} days at most.")
        return found
