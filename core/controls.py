"""Form controls written by functions instead of templates: the same HTML as Django's own, a tenth of the time.

Django renders three templates for each option of a list, which on a page with a list of time zones or forty tick boxes
takes longer than all the rest. Whatever is not listed here is left to Django. Must not query or decide.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

Widget = Mapping[str, Any]
"""What Django hands to the template of a widget, under the name `widget`."""


def _attributes(attrs: Mapping[str, Any]) -> SafeString:
    """A name alone for True, nothing for False, else name and value."""
    written = (
        f" {conditional_escape(name)}" + ("" if value is True else f'="{conditional_escape(value)}"')
        for name, value in attrs.items()
        if value is not False
    )
    return mark_safe("".join(written))  # noqa: S308 - each part is escaped above


def _input(widget: Widget) -> SafeString:
    value = widget["value"]
    given = "" if value is None else format_html(' value="{}"', value)
    attrs = _attributes(widget["attrs"])
    return format_html('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], given, attrs)


def _textarea(widget: Widget) -> SafeString:
    attrs = _attributes(widget["attrs"])
    return format_html('<textarea name="{}"{}>\n{}</textarea>', widget["name"], attrs, widget["value"] or "")


def _select(widget: Widget) -> SafeString:
    groups = [
        format_html('<optgroup label="{}">{}</optgroup>', name, _options(options)) if name else _options(options)
        for name, options, _ in widget["optgroups"]
    ]
    attrs = _attributes(widget["attrs"])
    return format_html('<select name="{}"{}>{}</select>', widget["name"], attrs, mark_safe("".join(groups)))  # noqa: S308 - as above


def _options(options: list[dict[str, Any]]) -> SafeString:
    rows = ((option["value"], _attributes(option["attrs"]), option["label"]) for option in options)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)


def _boxes(widget: Widget) -> SafeString:
    """A list of tick boxes or radio buttons, each in its label."""
    own = {name: widget["attrs"][name] for name in ("id", "class") if widget["attrs"].get(name)}
    groups = [
        format_html("<div><label>{}</label>{}</div>", name, _ticks(options)) if name else _ticks(options)
        for name, options, _ in widget["optgroups"]
    ]
    return format_html("<div{}>{}</div>", _attributes(own), mark_safe("".join(groups)))  # noqa: S308 - as above


def _ticks(options: list[dict[str, Any]]) -> SafeString:
    return format_html_join("", "<div>{}</div>", ((_tick(option),) for option in options))


def _tick(option: Widget) -> SafeString:
    if not option["wrap_label"]:
        return _input(option)
    named = _attributes({"for": option["attrs"]["id"]} if option["attrs"].get("id") else {})
    return format_html("<label{}>{} {}</label>", named, _input(option), option["label"])


def _file(widget: Widget) -> SafeString | None:
    """A field for a file; one that shows the present file is left to Django."""
    return None if widget["is_initial"] else _input(widget)


def _of_widget(write: Callable[[Widget], SafeString | None]) -> Callable[[Mapping[str, Any]], SafeString | None]:
    return lambda context: write(context["widget"])


def _errors(context: Mapping[str, Any]) -> SafeString | None:
    """Nothing where there is no error; a list of errors is left to Django."""
    return None if context["errors"] else mark_safe("")


_INPUTS = (
    "input", "text", "number", "email", "url", "password", "hidden", "date", "datetime", "time", "file", "checkbox",
)  # fmt: skip
_WIDGETS: dict[str, Callable[[Widget], SafeString | None]] = {
    **dict.fromkeys(_INPUTS, _input),
    "clearable_file_input": _file,
    "textarea": _textarea,
    "select": _select,
    "checkbox_select": _boxes,
    "checkbox_option": _tick,
    "radio": _boxes,
    "radio_option": _tick,
}
WRITERS: dict[str, Callable[[Mapping[str, Any]], SafeString | None]] = {
    **{f"django/forms/widgets/{name}.html": _of_widget(write) for name, write in _WIDGETS.items()},
    "django/forms/errors/list/default.html": _errors,
}
"""Name of a template of Django's -> the function that writes what it would; None for what it leaves to Django."""


class Controls(DjangoTemplates):
    """The form renderer of the settings (`FORM_RENDERER`)."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        """Return the HTML of a control."""
        write = WRITERS.get(template_name)
        written = write(context) if write else None
        return mark_safe(super().render(template_name, context, request)) if written is None else written  # noqa: S308 - Django's own
