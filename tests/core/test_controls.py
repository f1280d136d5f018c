"""Controls are written as Django writes them: whoever upgrades Django learns here that its HTML changed."""

import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from core.controls import WRITERS, Controls

NASTY = "\"'><script>&amp;"
GROUPED = [("", NASTY), ("a", mark_safe("<b>A</b>")), (NASTY, [(1, "one"), (2, gettext_lazy("two"))]), (3, 3)]


class Every(forms.Form):
    """A field for each control there is here."""

    text = forms.CharField(max_length=5, widget=forms.TextInput(attrs={"class": NASTY, "autofocus": True, "x": False}))
    secret = forms.CharField(widget=forms.PasswordInput)
    number = forms.IntegerField(min_value=1)
    mail = forms.EmailField()
    link = forms.URLField(assume_scheme="https")
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    moment = forms.DateTimeField()
    hour = forms.TimeField()
    hidden = forms.CharField(widget=forms.HiddenInput)
    file = forms.FileField(required=False)
    plain_file = forms.FileField(widget=forms.FileInput)
    tick = forms.BooleanField(required=False)
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}))
    one = forms.ChoiceField(choices=GROUPED)
    many = forms.MultipleChoiceField(choices=GROUPED)
    boxes = forms.MultipleChoiceField(choices=GROUPED, widget=forms.CheckboxSelectMultiple(attrs={"class": NASTY}))
    radio = forms.ChoiceField(choices=GROUPED, widget=forms.RadioSelect)
    colour = forms.CharField(widget=forms.TextInput(attrs={"type": "color"}))


VALUES: dict[str, Any] = dict.fromkeys(Every.base_fields, NASTY) | {
    "many": ["a", "2"],
    "boxes": ["1", "a"],
    "radio": "3",
    "one": "1",
    "number": 1234567,
}


KEPT = type("Kept", (), {"url": "/kept", "__str__": lambda _: NASTY})()


@pytest.mark.parametrize(
    "filled",
    [{}, {"initial": VALUES | {"file": KEPT, "plain_file": KEPT}}, {"data": VALUES}, {"data": {}}],
    ids=["empty", "initial", "typed", "nothing typed"],
)
def test_controls_are_written_as_django_writes_them(filled: dict[str, Any]) -> None:
    ours, django = (Every(renderer=renderer, auto_id="f_%s", **filled) for renderer in (Controls(), DjangoTemplates()))
    for name in Every.base_fields:
        assert _shown(ours[name]) == _shown(django[name])
        assert str(ours[name].errors) == str(django[name].errors)
        for mine, theirs in zip(ours[name].subwidgets, django[name].subwidgets, strict=True):
            assert _shown(mine) == _shown(theirs)


def _shown(control: object) -> str:
    """The HTML without the white space that no browser shows: around blocks and the parts of a list."""
    html = re.sub(r"\s+", " ", str(control))
    return re.sub(r" ?(</?(?:div|select|optgroup|option)\b[^>]*>) ?", r"\1", html)


def test_every_writer_stands_for_a_template_of_django() -> None:
    for template in WRITERS:
        assert DjangoTemplates().get_template(template)
