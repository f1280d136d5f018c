"""The two ways in: the launch form and a specification file. They parse and keep what was typed; the domain judges.

Both end in the same `LaunchSpec`, checked by the same code as the command line. Must not write.
"""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from accounts.forms import ZoneField
from playbooks.domain.faults import Fault, FileFaultsError
from playbooks.domain.places import country_names
from playbooks.domain.plan import Scope, scope_of
from playbooks.domain.playbook import Playbook
from playbooks.domain.profile import QUESTIONS, Profile, SystemKind
from playbooks.domain.spec import LaunchSpec, check_spec, parse_spec
from playbooks.domain.yamltree import MAX_BYTES, Tree
from playbooks.selectors import default_playbook, known_names, known_playbooks

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
KINDS = {
    SystemKind.PREDICTIVE: "Predictive: scores, classes, forecasts",
    SystemKind.GENERATIVE: "Generative: writes text, code or pictures",
    SystemKind.RETRIEVAL: "Retrieval: finds and answers from documents",
    SystemKind.AGENT: "Agent: takes steps with tools",
    SystemKind.OPTIMISER: "Optimiser: plans, routes, prices",
    SystemKind.VENDOR_FEATURE: "Vendor feature: AI inside a bought product",
}
HINTS = {
    "affects_people": "For example a decision on a claim, a credit, a shift or a treatment.",
    "acts_without_person": "Its output takes effect without somebody looking first.",
    "trained_by_us": "Not for a model that is only configured or prompted.",
}
LEADING = ("sponsor", "program-manager")
NOT_CARRIED = ("csrfmiddlewaretoken", "action", "launch_key")


class LaunchForm(forms.Form):
    """Name, start date, sponsor, manager, calendar and nine questions; the other roles now or later."""

    name = forms.CharField(
        label="Name of the program", max_length=120, error_messages={"required": "Give the program a name."}
    )
    portfolio = forms.CharField(label="Portfolio", max_length=120, help_text="A new name makes a new portfolio.")
    start_date = forms.DateField(
        label="Start date (day 1)",
        help_text="Every other date follows from it.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    country = forms.ChoiceField(label="Country", help_text="Its public holidays count as days off.")
    time_zone = ZoneField(help_text="Decides which day it is in the program.")
    subdivision = forms.CharField(
        label="State or region",
        max_length=20,
        required=False,
        help_text="Its code, for regional holidays: BE for Berlin.",
    )
    weekend = forms.TypedMultipleChoiceField(
        label="Weekend", choices=list(enumerate(WEEKDAYS)), coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    extra_days_off = forms.CharField(
        label="Extra days off", required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Dates like 2026-12-24, separated by spaces, commas or lines.",
    )  # fmt: skip
    strategic_priority = forms.CharField(
        label="Strategic priority it serves", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    system_kind = forms.ChoiceField(
        label=QUESTIONS["system_kind"],
        error_messages={"required": "Choose the kind of system."},
        choices=[("", "Choose the kind"), *((str(kind), text) for kind, text in KINDS.items())],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.playbook: Playbook = default_playbook()
        self.spec: LaunchSpec | None = None
        self._sources: dict[str, str] = {}
        countries = self.fields["country"]
        if isinstance(countries, forms.ChoiceField):
            countries.choices = [("", "Choose a country"), *country_names().items()]
        for slug, question in QUESTIONS.items():
            if slug not in self.fields:
                self.fields[slug] = forms.BooleanField(label=question, required=False, help_text=HINTS.get(slug, ""))
        for role in self.playbook.roles:
            needed = role.slug in LEADING
            self.fields[_email_of(role.slug)] = forms.CharField(
                label=f"{role.name}: e-mail", max_length=254, required=needed,
                error_messages={"required": f"Give the e-mail address of the {role.name.lower()}."},
                widget=forms.EmailInput(attrs={"list": "people", "autocomplete": "off"}),
            )  # fmt: skip
            self.fields[_name_of(role.slug)] = forms.CharField(
                label=f"{role.name}: name", max_length=120, required=False,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Check everything at once and put each fault at its field."""
        cleaned = super().clean() or self.cleaned_data
        try:
            self.spec = check_spec(Tree(self._as_data()), known_playbooks())
        except FileFaultsError as error:
            self.add_faults(error.faults)
        return cleaned

    def add_faults(self, faults: Iterable[Fault]) -> None:
        """Show faults of a specification at the fields they came from; what has a fault already keeps that one."""
        for fault in faults:
            field = self._field_of(fault.place)
            if field is None:
                self.add_error(None, f"{fault.place}: {fault.message}")
            elif field not in self.errors:
                self.add_error(field, fault.message[:1].upper() + fault.message[1:] + ".")

    def scope(self) -> Scope:
        """What the nine answers lead to as they stand, finished or not; an open kind counts as predictive."""
        answers: dict[str, Any] = {slug: bool(self._raw(slug)) for slug in QUESTIONS if slug != "system_kind"}
        kind = self._raw("system_kind")
        answers["system_kind"] = kind if kind in list(SystemKind) else SystemKind.PREDICTIVE
        return scope_of(self.playbook, Profile.model_validate(answers))

    def hidden(self) -> list[tuple[str, str]]:
        """What was typed, to be carried through the preview."""
        data = self.data if isinstance(self.data, MultiValueDict) else MultiValueDict()
        return [(name, str(value)) for name in data if name not in NOT_CARRIED for value in data.getlist(name)]

    @property
    def questions(self) -> list[forms.BoundField]:
        """The eight yes-or-no questions, in order."""
        return [self[slug] for slug in QUESTIONS if slug != "system_kind"]

    @property
    def other_roles(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """E-mail and name fields of the roles that may be filled later."""
        later = [role.slug for role in self.playbook.roles if role.slug not in LEADING]
        return [(self[_email_of(slug)], self[_name_of(slug)]) for slug in later]

    @property
    def leading_roles(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """E-mail and name fields of sponsor and program manager."""
        return [(self[_email_of(slug)], self[_name_of(slug)]) for slug in LEADING]

    @property
    def people_open(self) -> bool:
        """Whether the other roles should be unfolded: something is filled in or wrong there."""
        fields = [field for pair in self.other_roles for field in pair]
        return any(field.errors or field.value() for field in fields)

    def _raw(self, name: str) -> Any:
        return self.data.get(name) if self.is_bound else self.get_initial_for_field(self.fields[name], name)

    def _as_data(self) -> dict[str, Any]:
        got = self.cleaned_data
        calendar = {
            "country": got.get("country") or None,
            "subdivision": got.get("subdivision") or None,
            "weekend": [WEEKDAYS[day].lower() for day in got.get("weekend") or ()],
            "extra_days_off": [text for text in re.split(r"[\s,;]+", got.get("extra_days_off") or "") if text],
        }
        people, roles = self._people()
        return {
            "program": {
                "name": got.get("name", ""),
                "portfolio": got.get("portfolio", ""),
                "playbook": self.playbook.template.slug,
                "start_date": got["start_date"].isoformat() if got.get("start_date") else "",
                "time_zone": got.get("time_zone", ""),
                "calendar": calendar,
                "profile": {slug: got.get(slug) for slug in QUESTIONS},
                "strategic_priority": got.get("strategic_priority", ""),
            },
            "people": people,
            "roles": roles,
        }

    def _people(self) -> tuple[list[dict[str, str]], dict[str, dict[str, str]]]:
        """People once each with a name, and who holds which role. One person may hold several roles."""
        typed = {role.slug: self.cleaned_data.get(_email_of(role.slug), "") for role in self.playbook.roles}
        filled = {slug: email.strip() for slug, email in typed.items() if email.strip()}
        names = known_names(filled.values())
        people: dict[str, dict[str, str]] = {}
        for slug, email in filled.items():
            typed_name = self.cleaned_data.get(_name_of(slug), "").strip()
            if email.lower() not in people:
                name = typed_name or names.get(email.lower()) or _name_from(email)
                self._sources[f"people[{len(people)}].email"] = _email_of(slug)
                self._sources[f"people[{len(people)}].name"] = _name_of(slug)
                people[email.lower()] = {"name": name, "email": email}
        return list(people.values()), {slug: {"person": email} for slug, email in filled.items()}

    def _field_of(self, place: str) -> str | None:
        if place in self._sources:
            return self._sources[place]
        parts = re.split(r"[.\[]", place)
        if parts[0] == "roles" and len(parts) > 1:
            return _email_of(parts[1]) if _email_of(parts[1]) in self.fields else None
        return next((part for part in parts[1:] if part in self.fields), None)


class SpecFileForm(forms.Form):
    """A specification as a file or as text; what was uploaded comes back as text, to be mended in place."""

    file = forms.FileField(
        label="Specification file", required=False, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,text/yaml"}), help_text="YAML, at most 1 MB.",
    )  # fmt: skip
    text = forms.CharField(
        label="or its text", required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false", "class": "code"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spec: LaunchSpec | None = None
        self.faults: list[Fault] = []

    def clean(self) -> dict[str, Any]:
        """Read the file, or else the text, and list every fault."""
        cleaned = super().clean() or self.cleaned_data
        source = self._source(cleaned)
        if source is None:
            return cleaned
        try:
            self.spec = parse_spec(source, known_playbooks())
        except FileFaultsError as error:
            self.add_faults(error.faults)
        return cleaned

    def add_faults(self, faults: Iterable[Fault]) -> None:
        """List faults; the form is not valid any more."""
        self.faults = list(faults)
        self.add_error("text", f"{len(self.faults)} to mend; each is named above with its place.")

    def hidden(self) -> list[tuple[str, str]]:
        """The text, to be carried through the preview."""
        return [("text", str(self.data.get("text", "")))]

    def _source(self, cleaned: dict[str, Any]) -> bytes | str | None:
        upload = cleaned.get("file")
        if upload is not None:
            content: bytes = upload.read(MAX_BYTES + 1)
            kept = "" if len(content) > MAX_BYTES else content.decode("utf-8-sig", "replace")
            self.data = MultiValueDict({"text": [kept]})
            return content
        text: str = cleaned.get("text") or ""
        if text.strip():
            return text
        self.add_error("file", "Choose a file, or paste its text below.")
        return None


def _email_of(slug: str) -> str:
    return f"{slug}_email"


def _name_of(slug: str) -> str:
    return f"{slug}_name"


def _name_from(email: str) -> str:
    """A readable name from an address: ines.okafor@... becomes Ines Okafor. The person can change it."""
    words = re.split(r"[._+-]+", email.split("@")[0])
    return " ".join(word.capitalize() for word in words if word) or email
