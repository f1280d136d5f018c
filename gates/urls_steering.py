"""Addresses between gates: steering, rollout, replanning, looking again, the end of a program."""

from django.urls import path

from gates.views import ending, rechecks, replanning, rollout, steering, sustain

P = "programs/<slug:program_slug>/"
GATE = P + "gates/<slug:slug>/"
STEER = P + "steering/"

urlpatterns = [
    path(GATE + "replan/", replanning.replan, name="gate_replan"),
    path(GATE + "recheck/", rechecks.recheck, name="gate_recheck"),
    path(GATE + "recheck/draw/", rechecks.draw, name="recheck_draw"),
    path(GATE + "recheck/<int:recheck_id>/", rechecks.record, name="recheck_record"),
    path(GATE + "early/", steering.early_gate, name="gate_early"),
    path(GATE + "stop/", ending.stop_now, name="gate_stop"),
    path(STEER, steering.steering, name="steering"),
    path(STEER + "declare/", steering.declare, name="status_declare"),
    path(STEER + "declared/<int:declared_id>/agree/", steering.agree, name="status_agree"),
    path(STEER + "declared/<int:declared_id>/end/", steering.take_back, name="status_end"),
    path(STEER + "exceptions/", steering.raise_exception, name="exception_raise"),
    path(STEER + "exceptions/<int:note_id>/answer/", steering.answer_exception, name="exception_answer"),
    path(STEER + "mini-gates/", steering.mini_gate, name="mini_gate_call"),
    path(STEER + "team/", steering.team, name="team_set"),
    path(STEER + "steps/", rollout.plan_step, name="step_plan"),
    path(STEER + "steps/<int:step_id>/enter/", rollout.enter_step, name="step_enter"),
    path(STEER + "steps/<int:step_id>/leave/", rollout.leave_step, name="step_leave"),
    path(STEER + "steps/<int:step_id>/halt/", rollout.halt_step, name="step_halt"),
    path(STEER + "close/", ending.close, name="program_close"),
    path(P + "governance/in-run/", sustain.sustain, name="sustain"),
]
