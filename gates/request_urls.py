"""Addresses of what one person asks for and another answers: waivers, not applicable, tailoring."""

from django.urls import path

from gates.views import asking, requests

P = "programs/<slug:program_slug>/"
GATE = P + "gates/<slug:slug>/"
ASKED = P + "requests/"
ABOUT = P + "criteria/<slug:slug>/requests/"

urlpatterns = [
    path(ASKED, requests.gate_requests, name="gate_requests"),
    path(ASKED + "waivers/<int:waiver_id>/answer/", requests.waiver_answer, name="waiver_answer"),
    path(ASKED + "waivers/<int:waiver_id>/withdraw/", requests.waiver_withdraw, name="waiver_withdraw"),
    path(ASKED + "waivers/<int:waiver_id>/extend/", requests.waiver_extend, name="waiver_extend"),
    path(ASKED + "not-applicable/<int:request_id>/", requests.applicability_answer, name="applicability_answer"),
    path(ASKED + "tailoring/<int:change_id>/", requests.tailoring_answer, name="tailoring_answer"),
    path(ABOUT, asking.criterion_requests, name="criterion_requests"),
    path(ABOUT + "waiver/", asking.ask_for_waiver, name="criterion_ask_waiver"),
    path(ABOUT + "not-applicable/", asking.ask_not_applicable, name="criterion_ask_not_applicable"),
    path(ABOUT + "weakening/", asking.ask_weakening, name="criterion_ask_weakening"),
    path(GATE + "add-criterion/", asking.criterion_add, name="criterion_add"),
]
