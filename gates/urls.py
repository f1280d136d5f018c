"""Addresses of gates: page, views, decisions, conditions, frozen documents, pack, and readiness over time."""

from django.urls import path

from gates import urls_steering
from gates.views import conditions, deciding, gate, history, snapshots

P = "programs/<slug:program_slug>/"
GATE = P + "gates/<slug:slug>/"

urlpatterns = [
    *urls_steering.urlpatterns,
    path(P + "history/", history.readiness_history, name="readiness_history"),
    path(GATE, gate.gate, name="gate"),
    path(GATE + "redate/", gate.redate, name="gate_redate"),
    path(GATE + "review/", gate.open_review, name="gate_review"),
    path(GATE + "view/", gate.give_view, name="gate_view"),
    path(GATE + "alternate/", gate.name_alternate, name="gate_alternate"),
    path(GATE + "decide/", deciding.decide, name="gate_decide"),
    path(GATE + "decisions/<int:decision_id>/correct/", deciding.correct, name="gate_correct"),
    path(GATE + "conditions/<int:condition_id>/proof/", conditions.prove, name="condition_prove"),
    path(GATE + "conditions/<int:condition_id>/close/", conditions.close, name="condition_close"),
    path(GATE + "conditions/<int:condition_id>/send-back/", conditions.send_back, name="condition_send_back"),
    path(GATE + "pack/", snapshots.gate_pack, name="gate_pack"),
    path(GATE + "pack.pdf", snapshots.gate_pack_pdf, name="gate_pack_pdf"),
    path(GATE + "changed/", snapshots.changed_since_gate, name="changed_since_gate"),
    path(GATE + "snapshots/<int:snapshot_id>/", snapshots.snapshot, name="snapshot"),
    path(
        GATE + "snapshots/<int:snapshot_id>/compare/<int:other_id>/",
        snapshots.snapshot_compare,
        name="snapshot_compare",
    ),
]
