"""The form of a status update: parses what the manager types. Must not write or decide rights."""

import uuid
from typing import Any, cast

from django import forms

from accounts.models import User
from core.enums import choices
from phases.domain.status import Colour
from phases.forms import day_field
from programs.selectors import Cast
from updates.domain.rules import VERDICT_LIMIT, Ask, Option, UpdateInput
from updates.enums import ByMail

ORDER = (Colour.GREEN, Colour.AMBER, Colour.RED, Colour.GREY)


class ByMailForm(forms.Form):
    """How somebody wants published updates."""

    name = "by_mail"
    by_mail = forms.ChoiceField(label="New updates reach you", choices=choices(ByMail))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "mail_%s")
        super().__init__(*args, **kwargs)


class UpdateForm(forms.Form):
    """Everything of one update; what must be there is the service's to say."""

    name = "update"
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    colour = forms.ChoiceField(label="Your status", choices=[(c.value, c.label) for c in ORDER])
    verdict = forms.CharField(
        label="Verdict",
        max_length=VERDICT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": VERDICT_LIMIT}),
        help_text="One sentence an executive can repeat: what holds, what does not.",
        error_messages={"required": "Say in one sentence where the program stands."},
    )
    reason = forms.CharField(
        label="Why you see it differently",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only when your status is not the computed one. Both are shown.",
    )
    expires_on = day_field(
        "Until", required=False, help_text="Only when yours is better: it ends, and the sponsor has to agree."
    )
    way_back = forms.CharField(
        label="Way back", max_length=400, required=False, help_text="Needed for At risk and Off track."
    )
    way_back_owner = forms.TypedChoiceField(label="Who brings it back", required=False, coerce=int, empty_value=None)
    way_back_on = day_field("By", required=False)
    question = forms.CharField(
        label="Decision you need", max_length=200, required=False, help_text="Leave empty when you need none."
    )
    option_1 = forms.CharField(label="First option", max_length=80, required=False)
    effect_1 = forms.CharField(label="What it costs and brings", max_length=240, required=False)
    option_2 = forms.CharField(label="Second option", max_length=80, required=False)
    effect_2 = forms.CharField(label="What that costs and brings", max_length=240, required=False)
    recommended = forms.TypedChoiceField(
        label="You recommend",
        choices=[("0", "The first option"), ("1", "The second option")],
        coerce=int,
        required=False,
    )
    ask_by = day_field("Decide by", required=False)
    ask_silence = forms.CharField(label="If nobody decides", max_length=240, required=False)

    def __init__(self, *args: Any, cast: Cast, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "update_%s")
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = self.fields["key"].initial or uuid.uuid4().hex
        people: list[User] = cast.people
        field = self.fields["way_back_owner"]
        field.choices = [("", "Nobody yet"), *((p.pk, str(p)) for p in people)]  # type: ignore[attr-defined]  # a choice field

    def wanted(self) -> UpdateInput:
        """Return what was typed as the service takes it."""
        data = self.cleaned_data
        return UpdateInput(
            colour=Colour(data["colour"]),
            verdict=data["verdict"],
            reason=data["reason"],
            expires_on=data["expires_on"],
            way_back=data["way_back"],
            way_back_owner=cast("int | None", data["way_back_owner"]),
            way_back_on=data["way_back_on"],
            ask=self._ask(),
        )

    def _ask(self) -> Ask | None:
        data = self.cleaned_data
        if not data["question"].strip():
            return None
        pairs = [(data[f"option_{n}"].strip(), data[f"effect_{n}"].strip()) for n in (1, 2)]
        options = tuple(Option(name, effect) for name, effect in pairs if name)
        recommended = data["recommended"] if isinstance(data["recommended"], int) else -1
        return Ask(data["question"], options, recommended, data["ask_by"], data["ask_silence"])
