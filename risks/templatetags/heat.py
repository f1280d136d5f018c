"""Draws the heat map. Must not query or decide.

A function and no template: twenty-five cells with five lookups each took a third of the page around them.
"""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from risks.domain.heat import HeatCell

register = template.Library()
CAPTION = "Open risks by likelihood and impact; each number is a count of risks and leads to them"


@register.simple_tag
def heat_table(rows: list[tuple[int, str, list[HeatCell]]]) -> SafeString:
    """Draw the rows of `risks.domain.heat.heat_map`; the addresses of cells are relative to the page."""
    impacts = ((impact,) for impact, _ in enumerate(rows[0][2], start=1))
    return format_html(
        '<table class="heat"><caption class="vh">{}</caption><colgroup><col class="l"></colgroup><thead><tr>'
        '<th scope="col"><span class="vh">Likelihood</span></th>{}</tr></thead><tbody>{}</tbody></table>',
        CAPTION,
        format_html_join("", '<th scope="col"><span class="vh">Impact </span>{}</th>', impacts),
        format_html_join(
            "",
            '<tr><th scope="row">{} {}</th>{}</tr>',
            ((word, step, _cells(cells)) for step, word, cells in rows),
        ),
    )


def _cells(cells: Iterable[HeatCell]) -> SafeString:
    return format_html_join("", '<td class="hb{}">{}</td>', ((cell.shade, _count(cell)) for cell in cells))


def _count(cell: HeatCell) -> SafeString | str:
    if not cell.count:
        return ""
    chosen = mark_safe(' aria-current="true"') if cell.current else ""
    return format_html('<a href="{}" aria-label="{}"{}>{}</a>', cell.href, cell.label, chosen, cell.count)
