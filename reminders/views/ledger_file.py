"""The ledger as a file: the same filters, every row, written as it is read."""

import csv
from collections.abc import Iterator
from typing import Any, cast

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.models import User
from core import clock
from metrics.domain.batch import looks_like_formula
from programs.models import Program
from programs.selectors import get_program_for
from reminders.domain.explaining import kind_name, rule_name
from reminders.domain.wording import headline
from reminders.enums import State
from reminders.filters import LedgerForm
from reminders.models import Delivery
from reminders.selectors.ledger import LedgerFilter, every_row, present, role_names
from reminders.selectors.resends import resent_by

COLUMNS = (
    "planned", "sent", "to", "about", "item", "says", "due", "rule", "step", "asked_as", "state", "reason",
    "server_said", "sent_again_by", "message_id",
)  # fmt: skip
MARK = "\ufeff"
"""Without it Excel takes the file for one of the last century and garbles every name beyond ASCII."""


class _Echo:
    """Hands back what a writer writes, so that no file has to be kept."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


@require_safe
def ledger_file(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Send the filtered ledger as CSV; text that a spreadsheet would run is made harmless (security 6)."""
    program = get_program_for(cast(User, request.user), slug)
    asked = LedgerForm(request.GET, present(program)).asked
    response = StreamingHttpResponse(_lines(program, asked), content_type="text/csv; charset=utf-8")
    name = f"{program.slug}-reminders-{clock.today(program.time_zone).isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(program: Program, asked: LedgerFilter) -> Iterator[str]:
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    roles = role_names(program)
    yield MARK + writer.writerow(COLUMNS)
    for row in every_row(program, asked):
        yield writer.writerow([_harmless(cell) for cell in _cells(row, program, roles)])


def _cells(row: Delivery, program: Program, roles: dict[str, str]) -> list[Any]:
    mail = row.mail
    return [
        row.planned_for.isoformat(),
        mail.sent_at.isoformat() if mail and mail.sent_at else "",
        str(row.user),
        kind_name(row.item_kind),
        row.item_label,
        headline(row.rule, row.due_date, row.planned_on, program.calendar, occurrence=row.step),
        row.due_date.isoformat(),
        rule_name(row.rule),
        row.step,
        roles.get(row.role_slug, row.role_slug),
        State(row.state).label,
        row.reason,
        mail.reply if mail else "",
        # Few of many: asked only for those that were sent by hand.
        resent_by([row]).get(row.pk, ""),
        mail.message_id if mail else "",
    ]


def _harmless(text: str) -> str:
    return f"'{text}" if looks_like_formula(text) else text
