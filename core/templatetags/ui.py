"""Small tags every template has: icons, status words, avatars, dates, form fields. Must not query or decide.

Plain functions that return safe text: a template include costs ten times as much in a list of fifty rows.
"""

import datetime as dt
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.forms import BaseForm, BoundField
from django.utils import formats
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from core import clock

register = template.Library()

STATUS = {
    "green": ("g", "On track"),
    "amber": ("a", "At risk"),
    "red": ("r", "Off track"),
    "grey": ("n", "Not reported"),
}
"""Status value -> (letter in class and icon names, the word on screen)."""


@register.simple_tag
def icon(name: str, css: str = "ico", label: str = "") -> SafeString:
    """Draw symbol `i-<name>` of the sprite; silent for screen readers unless `label` is given."""
    return _icon(name, css, label)


@lru_cache(maxsize=1024)
def _icon(name: str, css: str, label: str) -> SafeString:
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="#i-{}"/></svg>', css, label, name)
    return format_html('<svg class="{}" aria-hidden="true"><use href="#i-{}"/></svg>', css, name)


@register.simple_tag
def mark(status: str, label: str = "") -> SafeString:
    """Draw the shape of a status (`green`, `amber`, `red`, `grey`, `key`) in its colour."""
    if status == "key":
        return _icon("gate", "mark m-acc", label)
    letter = STATUS.get(status, STATUS["grey"])[0]
    return _icon(letter, f"mark m-{letter}", label)


@register.simple_tag
def status_pill(status: str, text: str = "", css: str = "") -> SafeString:
    """Show a status as shape and word; `text` replaces the word (shape and colour stay)."""
    return _pill(str(status), str(text), css)


@lru_cache(maxsize=1024)
def _pill(status: str, text: str, css: str) -> SafeString:
    if status == "key":
        return format_html('<span class="rag k">{}{}</span>', _icon("gate", "", ""), text)
    letter, word = STATUS.get(status, STATUS["grey"])
    return format_html('<span class="rag {} {}">{}{}</span>', letter, css, _icon(letter, "", ""), text or word)


def initials(name: str) -> str:
    """Return one or two letters for a person's name (or the first letter of an address)."""
    words = [w for w in name.replace("@", " ").split() if w[:1].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 and "@" not in name else "")).upper()


@register.simple_tag
def avatar(person: Any, label: bool = False, css: str = "", mine: bool = False) -> SafeString:
    """Draw a person's initials, or a dashed gap for nobody. With `label` the name is spoken, else it is silent."""
    name = str(getattr(person, "name", "") or getattr(person, "email", "") or person or "")
    return _avatar(name, label, f"{css} b1".strip() if mine else css)


@lru_cache(maxsize=4096)
def _avatar(name: str, label: bool, css: str) -> SafeString:
    classes = f"av {css}".strip() if name else f"av gap {css}".strip()
    letters = initials(name) if name else "?"
    if label:
        return format_html('<span class="{}" role="img" aria-label="{}">{}</span>', classes, name or "nobody", letters)
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, letters)


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """Write a date as "Tue 17 Nov"; the year only when it is not this one."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        value = value.date()
    return _day(value, clock.now().year, get_language() or "en")


@register.filter
def shortday(value: dt.date | None) -> str:
    """Write a date as "17 Nov"; the year only when it is not this one."""
    return "" if value is None else _day(value, clock.now().year, get_language() or "en", weekday=False)


@lru_cache(maxsize=4096)
def _day(value: dt.date, year: int, language: str, weekday: bool = True) -> str:
    pattern = ("D " if weekday else "") + "j M" + ("" if value.year == year else " Y")
    return formats.date_format(value, pattern)


@register.filter
def moment(value: dt.datetime | None, zone: str = "UTC") -> str:
    """Write an instant as "Tue 17 Nov, 14:05" in the IANA time zone `zone`."""
    if value is None:
        return ""
    local = value.astimezone(ZoneInfo(zone or "UTC"))
    return f"{day(local.date())}, {local:%H:%M}"


@register.filter
def counted(number: int, words: str) -> str:
    """Write a number with its noun: `2|counted:"criterion,criteria"` is "2 criteria", 0 is "no criteria"."""
    one, _, many = words.partition(",")
    return f"{number or 'no'} {one if number == 1 else many or one + 's'}"


@register.simple_tag
def field(bound: BoundField, hint: str = "", css: str = "") -> SafeString:
    """Render a form field: label, hint, control, error, tied together for screen readers."""
    if bound.is_hidden:
        return mark_safe(str(bound))  # noqa: S308 - Django's own widget output
    hint = hint or str(bound.help_text or "")
    ids = [f"{bound.auto_id}_hint"] * bool(hint) + [f"{bound.auto_id}_err"] * bool(bound.errors)
    attrs: dict[str, Any] = {"aria-describedby": " ".join(ids)} if ids else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    control = bound.as_widget(attrs=attrs)
    hint_html = format_html('<p class="hint" id="{}_hint">{}</p>', bound.auto_id, mark_safe(hint)) if hint else ""  # noqa: S308 - written by us
    if getattr(bound.field.widget, "input_type", "") == "checkbox" and not getattr(bound.field, "choices", None):
        label = format_html('<label class="check">{}<span>{}</span></label>', control, bound.label)
        return format_html('<div class="field {}">{}{}{}</div>', css, label, hint_html, _errors(bound))
    # A field whose need depends on another choice is neither optional nor required; its form says so.
    told = bound.field.required or getattr(bound.field, "depends", False)
    optional = "" if told else mark_safe(' <span class="opt-word">(optional)</span>')
    if getattr(bound.field.widget, "use_fieldset", False):
        return format_html(
            '<fieldset class="field {}"><legend>{}{}</legend>{}{}{}</fieldset>',
            css, bound.label, optional, hint_html, _errors(bound), control,
        )  # fmt: skip
    return format_html(
        '<div class="field {}"><label for="{}">{}{}</label>{}{}{}</div>',
        css, bound.id_for_label, bound.label, optional, hint_html, _errors(bound), control,
    )  # fmt: skip


def _errors(bound: BoundField) -> SafeString | str:
    if not bound.errors:
        return ""
    return format_html(
        '<p class="err" id="{}_err"><span>{}</span></p>', bound.auto_id, " ".join(map(str, bound.errors))
    )


@register.simple_tag
def error_summary(form: BaseForm) -> SafeString | str:
    """List every fault of a form, linked to its field; takes the focus when the page opens. Empty without faults."""
    if not form.errors:
        return ""
    items = []
    for name, errors in form.errors.items():
        known = name in form.fields
        for text in errors:
            target = (form[name].id_for_label or f"{form[name].auto_id}_0") if known else ""
            items.append((target, form[name].label if known else "", text))
    links = format_html_join(
        "",
        "<li>{}</li>",
        (
            (format_html('<a href="#{}">{}: {}</a>', target, label, text) if target else conditional_escape(str(text)),)
            for target, label, text in items
        ),
    )
    head = "There is one thing to mend" if len(items) == 1 else f"There are {len(items)} things to mend"
    return format_html('<div class="errsum" role="alert" tabindex="-1"><h2>{}</h2><ul>{}</ul></div>', head, links)
