"""Addresses of the charter, all under one program."""

from django.urls import path, register_converter

from charter.views import brief, data, dependencies, front, outcome, problem, stakeholders


class SeatConverter:
    """The two seats under a problem statement in an address."""

    regex = "business-owner|sponsor"

    def to_python(self, value: str) -> str:
        """Take the word as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Write the word as it is."""
        return value


register_converter(SeatConverter, "seat")

P = "programs/<slug:program_slug>/charter/"
SOURCE = P + "data/<int:number>/"
GAP = P + "data/gaps/<int:number>/"
GROUP = P + "stakeholders/<slug:slug>/"

urlpatterns = [
    path("programs/<slug:program_slug>/trace/", front.trace_view, name="trace"),
    path(P, front.charter, name="charter"),
    path(P + "outcome/", outcome.outcome, name="charter_outcome"),
    path(P + "outcome/<int:number>/", outcome.version, name="charter_outcome_version"),
    path(P + "outcome/verify/", outcome.verify, name="charter_outcome_verify"),
    path(P + "outcome/measurements/", outcome.measure, name="charter_measure"),
    path(P + "outcome/measurements/<int:number>/verify/", outcome.verify_measured, name="charter_measurement_verify"),
    path(P + "problem/", problem.problem, name="charter_problem"),
    path(P + "problem/sign/<seat:seat>/", problem.sign, name="charter_problem_sign"),
    path(P + "brief/", brief.brief, name="charter_brief"),
    path(P + "brief/publish/", brief.publish, name="charter_brief_publish"),
    path(P + "brief/acknowledge/<slug:slug>/", brief.acknowledge, name="charter_acknowledge"),
    path(P + "data/", data.sources, name="charter_data"),
    path(SOURCE, data.source, name="charter_source"),
    path(SOURCE + "change/", data.change, name="charter_source_change"),
    path(SOURCE + "check/", data.check, name="charter_source_check"),
    path(SOURCE + "gaps/", data.add_gap, name="charter_gap_add"),
    path(GAP + "change/", data.change_gap, name="charter_gap_change"),
    path(GAP + "close/", data.close_gap, name="charter_gap_close"),
    path(P + "stakeholders/", stakeholders.stakeholders, name="charter_stakeholders"),
    path(GROUP, stakeholders.group, name="charter_stakeholder"),
    path(GROUP + "plan/", stakeholders.plan, name="charter_stakeholder_plan"),
    path(GROUP + "contacts/", stakeholders.contact, name="charter_contact"),
    path(P + "dependencies/", dependencies.dependencies, name="charter_dependencies"),
    path(P + "dependencies/<int:number>/", dependencies.dependency, name="charter_dependency"),
    path(P + "dependencies/<int:number>/change/", dependencies.change, name="charter_dependency_change"),
]
