"""Addresses of escalations, all under one program."""

from django.urls import path

from escalation.views import acting, paths, reading, starting

P = "programs/<slug:program_slug>/escalations/"

urlpatterns = [
    path(P, reading.escalations, name="escalations"),
    path(P + "start/", starting.start, name="escalation_start"),
    path(P + "start/risks/<slug:slug>/", starting.start_risk, name="escalation_start_risk"),
    path(P + "paths/", paths.paths, name="escalation_paths"),
    path(P + "paths/<slug:slug>/", paths.change, name="escalation_path"),
    path(P + "<int:escalation_id>/", reading.escalation, name="escalation"),
    path(P + "<int:escalation_id>/acknowledge/", acting.acknowledge, name="escalation_acknowledge"),
    path(P + "<int:escalation_id>/end/", acting.end, name="escalation_end"),
]
