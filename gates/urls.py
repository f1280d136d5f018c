"""Addresses of gates: frozen documents, the pack, and readiness over time."""

from django.urls import path

from gates.views import history, snapshots

P = "programs/<slug:program_slug>/"
GATE = P + "gates/<slug:slug>/"

urlpatterns = [
    path(P + "history/", history.readiness_history, name="readiness_history"),
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
