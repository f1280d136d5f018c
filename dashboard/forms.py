"""Parses what people send to the dashboard. Must not write."""

from typing import cast

from django import forms

from accounts.models import User


class RolePeopleForm(forms.Form):
    """Holder and deputy of one role; an empty choice means nobody."""

    holder = forms.ModelChoiceField(
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody: a gap",
        help_text="Answers for the role’s criteria and tasks and gets their mails.",
    )
    deputy = forms.ModelChoiceField(
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody",
        help_text="Stands in while the holder is away, and may do everything the holder may.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        people = list(User.objects.filter(is_active=True).order_by("name", "email"))
        shown = [(person.pk, f"{person.name} ({person.email})" if person.name else person.email) for person in people]
        for name in ("holder", "deputy"):
            field = cast("forms.ModelChoiceField[User]", self.fields[name])
            field.queryset = User.objects.filter(is_active=True)
            field.choices = [("", field.empty_label), *shown]  # one query for both lists
