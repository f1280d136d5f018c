"""Addresses after day 90, all under one program's governance."""

import datetime as dt

from django.urls import path, register_converter

from governance.views import calendar, more


class DayConverter:
    """A date in an address, as 2027-04-12."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        """Read it. Errors: ValueError, which Django answers with 404."""
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date | str) -> str:
        """Write it."""
        return value if isinstance(value, str) else value.isoformat()


register_converter(DayConverter, "isoday")

P = "programs/<slug:program_slug>/governance/"
EVENT = P + "events/<slug:slug>/"

urlpatterns = [
    path(P, calendar.calendar, name="governance"),
    path(EVENT, calendar.event, name="governance_event"),
    path(EVENT + "change/", calendar.change, name="governance_event_change"),
    path(EVENT + "<isoday:day>/", calendar.occurrence, name="governance_date"),
    path(EVENT + "<isoday:day>/held/", calendar.held, name="governance_held"),
    path(EVENT + "<isoday:day>/defer/", calendar.deferred, name="governance_defer"),
    path(P + "triggers/", more.triggers, name="governance_triggers"),
    path(P + "triggers/<int:position>/happened/", more.happened, name="trigger_happened"),
    path(P + "benefit/", more.benefit, name="governance_benefit"),
    path(P + "benefit/<int:number>/verify/", more.verify, name="benefit_verify"),
    path(P + "changes/", more.version_log, name="governance_changes"),
    path(P + "changes/<int:number>/approve/", more.approve, name="change_approve"),
]
