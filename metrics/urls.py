"""Addresses of the metrics, all under one program, and the one to which monitoring systems send readings."""

from django.urls import path

from metrics.views import api, changing, pages, sending

P = "programs/<slug:program_slug>/metrics/"
M = P + "<slug:slug>/"

urlpatterns = [
    path("api/metrics/<slug:program_slug>/readings", api.readings, name="readings_api"),
    path(P, pages.metrics, name="metrics"),
    path(P + "add/", changing.add, name="metric_add"),
    path(P + "import/", sending.import_file, name="readings_import"),
    path(P + "import/<int:import_id>/", sending.staged_import, name="readings_staged"),
    path(P + "keys/", sending.tokens, name="metric_tokens"),
    path(P + "keys/<int:token_id>/revoke/", sending.revoke, name="metric_token_revoke"),
    path(M, pages.metric, name="metric"),
    path(M + "readings.csv", pages.export, name="readings_export"),
    path(M + "readings/", changing.add_reading, name="reading_add"),
    path(M + "readings/<int:reading_id>/correct/", changing.correct, name="reading_correct"),
    path(M + "change/", changing.change, name="metric_change"),
    path(M + "limits/", changing.limits, name="metric_limits"),
    path(M + "confirm/", changing.confirm, name="metric_confirm"),
    path(M + "alerts/<int:alert_id>/acknowledge/", changing.acknowledge, name="alert_acknowledge"),
]
