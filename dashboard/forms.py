"""Parses what people send to the dashboard. Must not write."""

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
        for name in ("holder", "deputy"):
            field = self.fields[name]
            field.queryset = User.objects.filter(is_active=True).order_by("name", "email")
            field.choices = [
                ("", field.empty_label),
                *((p.pk, f"{p.name} ({p.email})" if p.name else p.email) for p in people),
            ]
