"""The frame of a charter page. Answers to forms are those of the registers. Must not decide rights."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from charter.selectors.overview import tabs
from core import clock
from core.htmx import render_page
from registers.views._shared import Bound, Page, Place, answer, filters, place

__all__ = ["Bound", "CharterPage", "Place", "answer", "filters", "place"]


@dataclass(frozen=True)
class CharterPage(Page):
    """A page of the charter; `register` is the part of it. Its partial is `charter`."""

    @property
    def address(self) -> str:
        """Address of the part's first page."""
        return reverse(f"charter_{self.register}", args=[self.place.program.slug])

    def show(self, bound: Bound | None = None, *, status: int = 200, **more: Any) -> HttpResponse:
        """Render the page, or its part `charter` when htmx asks."""
        at = self.place
        today = clock.today(at.program.time_zone)
        context = {
            "program": at.program,
            "tab": "charter",
            "part": self.register,
            "tabs": tabs(at.program, today),
            "today": today,
            "here": self.address,
            **self.build(at, bound or {}),
            **more,
        }
        return render_page(at.request, self.template, context, partial="charter", status=status)
