"""Who gets what answer at every address: one table, four people. A route that is missing here fails the build.

The columns: anonymous; a stranger (signed in, without a role in the program); a member of the program without the
right; the one in charge, who is named in the row. POSTs are empty, so 422 means "you may, now fill it in". Every
other method than the listed ones answers 405. Must hold nothing but the table.
"""

from dataclasses import dataclass, field

LOGIN, FORBIDDEN, HIDDEN, FILL_IN, DONE, CONFLICT = 302, 403, 404, 422, 302, 409


@dataclass(frozen=True)
class Route:
    """One method at one address. `charge` and `member` name people of `factories.program` or the administrator."""

    name: str
    method: str
    expect: tuple[int, int, int, int]
    charge: str = "pat"
    member: str = "sam"
    where: dict[str, str] = field(default_factory=dict)


PROGRAM = {"slug": "alpha"}
CRITERION = {"program_slug": "alpha", "slug": "accuracy"}
TASK = {"program_slug": "alpha", "slug": "train"}
ITEM = {**CRITERION, "kind": "criteria"}
GATE = {"program_slug": "alpha", "slug": "gate-30"}
GATE_60 = {"program_slug": "alpha", "slug": "gate-60"}
LOGS = {"program_slug": "alpha"}
ENTRY = {**LOGS, "number": "1"}
GROUP = {**LOGS, "slug": "sg-ds"}
CALENDAR = {**LOGS, "slug": "gc-service"}
DATE = {**CALENDAR, "day": "2026-04-13"}
MODEL_OWNER = {**PROGRAM, "role_slug": "model-owner"}
RISK = {**LOGS, "slug": "r-drift"}
METRIC = {**LOGS, "slug": "m-recall"}
CHAT = {**LOGS, "channel_id": "chat"}
REMINDED = {**PROGRAM, "kind": "task", "item_id": "alpha"}

READ = (LOGIN, HIDDEN, 200, 200)
CHANGE = (LOGIN, HIDDEN, FORBIDDEN, FILL_IN)
ADD = (LOGIN, HIDDEN, FILL_IN, FILL_IN)
ACT = (LOGIN, HIDDEN, FORBIDDEN, DONE)
ADMIN_READ = (LOGIN, FORBIDDEN, FORBIDDEN, 200)
ADMIN_ACT = (LOGIN, FORBIDDEN, FORBIDDEN, DONE)
OWN = (LOGIN, 200, 200, 200)

ROUTES = [
    # Pages of a program: its people and administrators, nobody else.
    Route("mission_control", "get", READ, where=PROGRAM),
    Route("owners", "get", READ, where=PROGRAM),
    Route("activity", "get", READ, where=PROGRAM),
    Route("program_reminders", "get", READ, where=PROGRAM),
    Route("reminders_csv", "get", READ, where=PROGRAM),
    Route("reminder_delivery", "get", READ, where={**PROGRAM, "delivery_id": "reminder"}),
    Route("reminder_resend", "post", CHANGE, where={**PROGRAM, "delivery_id": "reminder"}),
    Route("my_reminders", "get", OWN),
    # One's own last reminder of an item; who got none sees that, and has nothing to post to.
    Route("reminder_own", "get", READ, where=REMINDED),
    Route("reminder_own", "post", (LOGIN, HIDDEN, CONFLICT, CONFLICT), where=REMINDED),
    Route("reminder_rules", "get", READ, where=PROGRAM),
    Route("reminder_rule", "get", (LOGIN, HIDDEN, FORBIDDEN, 200), where={**PROGRAM, "rule_slug": "item-due"}),
    Route("reminder_rule", "post", CHANGE, where={**PROGRAM, "rule_slug": "item-due"}),
    Route("plan", "get", READ, where={"program_slug": "alpha"}),
    Route("criterion", "get", READ, where=CRITERION),
    Route("task", "get", READ, where=TASK),
    Route("gate", "get", READ, where=GATE),
    Route("readiness_history", "get", READ, where={"program_slug": "alpha"}),
    Route("gate_pack", "get", READ, where=GATE),
    Route("gate_pack_pdf", "get", READ, where=GATE),
    Route("changed_since_gate", "get", READ, where=GATE),
    Route("snapshot", "get", READ, where={**GATE, "snapshot_id": "frozen"}),
    Route("snapshot_compare", "get", READ, where={**GATE, "snapshot_id": "frozen", "other_id": "frozen"}),
    Route("evidence_download", "get", READ, where={"program_slug": "alpha", "evidence_id": "file"}),
    # Registers: every member reads and adds; who changes, closes and decides is named in the row.
    Route("logs", "get", (LOGIN, HIDDEN, DONE, DONE), where=LOGS),
    Route("logs_assumptions", "get", READ, where=LOGS),
    Route("logs_assumptions", "post", ADD, where=LOGS),
    Route("logs_assumption", "get", READ, where=ENTRY),
    Route("logs_assumption_change", "post", CHANGE, charge="mia", where=ENTRY),
    Route("logs_assumption_rank", "post", CHANGE, member="mia", where=ENTRY),
    Route("logs_assumption_test", "post", CHANGE, charge="mia", where=ENTRY),
    Route("logs_assumption_explain", "post", CHANGE, charge="mia", where=ENTRY),
    Route("logs_issues", "get", READ, where=LOGS),
    Route("logs_issues", "post", ADD, where=LOGS),
    Route("logs_issue", "get", READ, where=ENTRY),
    Route("logs_issue_change", "post", CHANGE, charge="mia", where=ENTRY),
    Route("logs_issue_close", "post", CHANGE, charge="mia", where=ENTRY),
    Route("logs_issue_reopen", "post", CHANGE, charge="mia", where=ENTRY),
    Route("logs_scope", "get", READ, where=LOGS),
    Route("logs_scope", "post", ADD, where=LOGS),
    Route("logs_scope_change", "get", READ, where=ENTRY),
    Route("logs_scope_reply", "post", CHANGE, charge="sam", member="pat", where={**ENTRY, "word": "approve"}),
    Route("logs_decisions", "get", READ, where=LOGS),
    Route("logs_decisions", "post", ADD, where=LOGS),
    Route("logs_decision", "get", READ, where=ENTRY),
    Route("logs_decision_supersede", "get", READ, where=ENTRY),
    Route("logs_decision_supersede", "post", ADD, where=ENTRY),
    Route("logs_challenge", "get", READ, where=LOGS),
    Route("logs_challenge", "post", CHANGE, member="mia", where=LOGS),
    # The charter: everybody reads; who writes, signs, verifies and acknowledges is named in the row.
    Route("charter", "get", (LOGIN, HIDDEN, DONE, DONE), where=LOGS),
    Route("trace", "get", READ, where=LOGS),
    Route("charter_outcome", "get", READ, where=LOGS),
    Route("charter_outcome", "post", CHANGE, where=LOGS),
    Route("charter_outcome_version", "get", READ, where=ENTRY),
    Route("charter_outcome_verify", "post", CHANGE, member="bea", where=LOGS),  # she wrote it
    Route("charter_measure", "post", ADD, where=LOGS),
    Route("charter_measurement_verify", "post", ACT, charge="sam", member="mia", where=ENTRY),  # she took it
    Route("charter_problem", "get", READ, where=LOGS),
    Route("charter_problem", "post", CHANGE, where=LOGS),
    Route("charter_problem_sign", "post", CHANGE, charge="sam", member="pat", where={**LOGS, "seat": "sponsor"}),
    Route("charter_brief", "get", READ, where=LOGS),
    Route("charter_brief", "post", CHANGE, where=LOGS),
    Route("charter_brief_publish", "post", CHANGE, where=LOGS),
    Route("charter_acknowledge", "post", CHANGE, charge="mia", member="pat", where=GROUP),
    Route("charter_data", "get", READ, where=LOGS),
    Route("charter_data", "post", ADD, where=LOGS),
    Route("charter_source", "get", READ, where=ENTRY),
    Route("charter_source_change", "post", CHANGE, charge="dan", where=ENTRY),
    Route("charter_source_check", "post", CHANGE, charge="dan", where=ENTRY),
    Route("charter_gap_add", "post", ADD, where=ENTRY),
    Route("charter_gap_change", "post", CHANGE, charge="mia", where=ENTRY),
    Route("charter_gap_close", "post", CHANGE, charge="mia", where=ENTRY),
    Route("charter_stakeholders", "get", READ, where=LOGS),
    Route("charter_stakeholder", "get", READ, where=GROUP),
    Route("charter_stakeholder_plan", "post", CHANGE, charge="mia", where=GROUP),
    Route("charter_contact", "post", ADD, where=GROUP),
    Route("charter_dependencies", "get", READ, where=LOGS),
    Route("charter_dependencies", "post", ADD, where=LOGS),
    Route("charter_dependency", "get", READ, where=ENTRY),
    Route("charter_dependency_change", "post", CHANGE, charge="mia", where=ENTRY),
    # Status updates: the manager posts, the sponsor acknowledges; everybody chooses how to get them.
    Route("updates", "get", READ, where=LOGS),
    Route("updates", "post", CHANGE, where=LOGS),
    Route("update", "get", READ, where=ENTRY),
    Route("update_acknowledge", "post", ACT, charge="sam", member="mia", where=ENTRY),
    Route("update_by_mail", "post", ADD, where=LOGS),
    # The company's slides: administrators.
    Route("slide_template", "get", ADMIN_READ, charge="ada"),
    Route("slide_template", "post", (LOGIN, FORBIDDEN, FORBIDDEN, FILL_IN), charge="ada"),
    Route("slide_template_remove", "post", ADMIN_ACT, charge="ada"),
    # The executive page, and its links: manager, sponsor and administrators share.
    Route("status", "get", READ, where=LOGS),
    Route("status_file", "get", READ, where={**LOGS, "kind": "pdf"}),
    Route("status_snapshot", "get", READ, where={**LOGS, "snapshot_id": "page"}),
    Route("status_snapshot_file", "get", READ, where={**LOGS, "snapshot_id": "page", "kind": "xlsx"}),
    Route("status_compare_now", "get", READ, where={**LOGS, "snapshot_id": "page"}),
    Route("status_compare", "get", READ, where={**LOGS, "snapshot_id": "page", "other_id": "page"}),
    Route("status_links", "get", (LOGIN, HIDDEN, FORBIDDEN, 200), member="mia", where=LOGS),
    Route("status_links", "post", CHANGE, member="mia", where=LOGS),
    Route("share_rotate", "post", (LOGIN, HIDDEN, FORBIDDEN, 200), member="mia", where={"link_id": "shared"}),
    Route("share_revoke", "post", ACT, member="mia", where={"link_id": "shared"}),
    Route("portfolio_links", "get", ADMIN_READ, charge="ada", where={"portfolio_slug": "claims"}),
    Route(
        "portfolio_links",
        "post",
        (LOGIN, FORBIDDEN, FORBIDDEN, FILL_IN),
        charge="ada",
        where={"portfolio_slug": "claims"},
    ),
    # Chats and webhooks: everybody reads, the manager looks after them.
    Route("channels", "get", READ, where=LOGS),
    Route("channels", "post", CHANGE, member="mia", where=LOGS),
    Route("channel", "get", (LOGIN, HIDDEN, FORBIDDEN, 200), member="mia", where=CHAT),
    Route("channel", "post", CHANGE, member="mia", where=CHAT),
    Route("channel_test", "post", ACT, member="mia", where=CHAT),
    Route("channel_pause", "post", ACT, member="mia", where=CHAT),
    Route("channel_resume", "post", ACT, member="mia", where=CHAT),
    Route("channel_rotate", "post", (LOGIN, HIDDEN, FORBIDDEN, 200), member="mia", where=CHAT),
    Route("channel_remove", "post", ACT, member="mia", where=CHAT),
    Route("channel_again", "post", ACT, member="mia", where={**LOGS, "post_id": "posted"}),
    # Who answers for the item.
    Route("criterion_evidence_add", "post", CHANGE, charge="mia", where=CRITERION),
    Route("evidence_withdraw", "post", CHANGE, charge="mia", where={"program_slug": "alpha", "evidence_id": "file"}),
    Route("criterion_hand_in", "post", CHANGE, charge="mia", where=CRITERION),
    Route("item_forecast", "post", CHANGE, charge="mia", where=ITEM),
    Route("item_delegate", "post", CHANGE, charge="mia", where=ITEM),
    Route("task_done", "post", ACT, charge="mia", where=TASK),
    Route("task_reopen", "post", ACT, charge="mia", where=TASK),
    # Who verifies, never who owns (G2): the member here is the owner.
    Route("criterion_verify", "post", CHANGE, charge="ivy", member="mia", where=CRITERION),
    Route("criterion_send_back", "post", CHANGE, charge="ivy", member="mia", where=CRITERION),
    # The program manager, who may not decide a gate (G2): the member there is the manager.
    Route("item_redate", "post", CHANGE, member="mia", where=ITEM),
    Route("item_reassign", "post", CHANGE, member="mia", where=ITEM),
    Route("gate_redate", "post", CHANGE, where=GATE),
    Route("gate_review", "post", CHANGE, where=GATE),
    Route("gate_view", "post", ADD, where=GATE),  # whose role it is decides the service, once it knows which
    Route("gate_alternate", "post", ADD, where=GATE),
    Route("gate_decide", "post", CHANGE, charge="sam", member="pat", where=GATE),
    Route("gate_correct", "post", CHANGE, charge="sam", member="pat", where={**GATE_60, "decision_id": "decided"}),
    Route("condition_prove", "post", ADD, charge="mia", where={**GATE_60, "condition_id": "debt"}),
    Route("condition_close", "post", ADD, charge="ivy", where={**GATE_60, "condition_id": "debt"}),
    Route("condition_send_back", "post", ADD, charge="ivy", where={**GATE_60, "condition_id": "debt"}),
    Route("gate_replan", "get", READ, where=GATE),
    Route("gate_replan", "post", CHANGE, where=GATE),
    Route("gate_early", "post", CHANGE, where=GATE),
    Route("gate_stop", "post", CHANGE, charge="sam", member="pat", where=GATE),
    Route("gate_recheck", "get", READ, where=GATE),
    Route("recheck_draw", "post", (LOGIN, HIDDEN, FORBIDDEN, FILL_IN), charge="ivy", where=GATE),  # nothing verified
    Route("recheck_record", "post", CHANGE, charge="ivy", where={**GATE_60, "recheck_id": "drawn"}),
    # Steering: the manager prepares, the sponsor answers, anybody with a role halts.
    Route("steering", "get", READ, where=LOGS),
    Route("status_declare", "post", CHANGE, where=LOGS),
    Route("status_agree", "post", ACT, charge="sam", member="mia", where={**LOGS, "declared_id": "declared"}),
    Route("status_end", "post", ACT, where={**LOGS, "declared_id": "declared"}),
    Route("exception_raise", "post", CHANGE, where=LOGS),
    Route("exception_answer", "post", CHANGE, charge="sam", member="pat", where={**LOGS, "note_id": "note"}),
    Route("mini_gate_call", "post", CHANGE, where=LOGS),
    Route("team_set", "post", CHANGE, charge="sam", member="pat", where=LOGS),
    Route("step_plan", "post", CHANGE, where=LOGS),
    Route("step_enter", "post", CHANGE, where={**LOGS, "step_id": "step"}),
    Route("step_leave", "post", CHANGE, where={**LOGS, "step_id": "step"}),
    Route("step_halt", "post", ADD, where={**LOGS, "step_id": "step"}),
    Route("program_close", "post", CHANGE, charge="sam", member="pat", where=LOGS),
    Route("role", "get", (LOGIN, HIDDEN, FORBIDDEN, 200), where={**PROGRAM, "role_slug": "model-owner"}),
    Route("role", "post", CHANGE, where={**PROGRAM, "role_slug": "model-owner"}),
    # Ownership: everybody reads, the manager nominates, only the nominee (or who sits there) answers.
    Route("ownership_people", "get", READ, where=PROGRAM),
    Route("ownership_away", "get", READ, where=PROGRAM),
    Route("ownership_log", "get", READ, where=PROGRAM),
    Route("ownership_raci", "get", READ, where=PROGRAM),
    Route("ownership_raci_row", "get", (LOGIN, HIDDEN, FORBIDDEN, 200), where={**PROGRAM, "position": "1"}),
    Route("ownership_raci_row", "post", CHANGE, where={**PROGRAM, "position": "1"}),
    Route("ownership_area_add", "get", (LOGIN, HIDDEN, FORBIDDEN, 200), where=PROGRAM),
    Route("ownership_area_add", "post", CHANGE, where=PROGRAM),
    Route("ownership_area", "get", (LOGIN, HIDDEN, FORBIDDEN, 200), where={**PROGRAM, "area_slug": "own-model"}),
    Route("ownership_area", "post", CHANGE, where={**PROGRAM, "area_slug": "own-model"}),
    Route("ownership_nominate", "get", (LOGIN, HIDDEN, FORBIDDEN, 200), where=MODEL_OWNER),
    Route("ownership_nominate", "post", CHANGE, where=MODEL_OWNER),
    Route("ownership_withdraw", "post", ACT, where={**PROGRAM, "nomination_id": "nominated"}),
    Route("ownership_answer", "get", READ, charge="mia", where=MODEL_OWNER),
    Route("ownership_accept", "post", CHANGE, charge="mia", where=MODEL_OWNER),
    Route("ownership_decline", "post", CHANGE, charge="mia", where=MODEL_OWNER),
    # Requests: who answers for a criterion asks, somebody else answers (G2, G7, G13, G14).
    Route("gate_requests", "get", READ, where=LOGS),
    Route("waiver_answer", "post", CHANGE, charge="sam", member="mia", where={**LOGS, "waiver_id": "waiver"}),
    Route("waiver_withdraw", "post", CHANGE, charge="mia", where={**LOGS, "waiver_id": "waiver"}),
    Route("waiver_extend", "post", CHANGE, charge="mia", where={**LOGS, "waiver_id": "waiver"}),
    Route("applicability_answer", "post", CHANGE, charge="dee", member="mia", where={**LOGS, "request_id": "left out"}),
    Route("tailoring_answer", "post", CHANGE, charge="dee", member="pat", where={**LOGS, "change_id": "weaker"}),
    Route("criterion_requests", "get", READ, where=CRITERION),
    Route("criterion_ask_waiver", "post", CHANGE, charge="mia", where=CRITERION),
    Route("criterion_ask_not_applicable", "post", CHANGE, charge="mia", where=CRITERION),
    Route("criterion_ask_weakening", "post", CHANGE, member="mia", where=CRITERION),
    Route("criterion_add", "get", READ, where=GATE),
    Route("criterion_add", "post", CHANGE, member="mia", where=GATE),
    # The risk register: its owner scores, the sponsor signs above tolerance (G2, G23).
    Route("risks", "get", READ, where=LOGS),
    Route("risk", "get", READ, where=RISK),
    Route("risk_rescore", "post", CHANGE, charge="mia", where=RISK),
    Route("risk_accept", "post", CHANGE, charge="sam", member="pat", where=RISK),
    # Everybody with a role adds one; its owner, the risk lead and the manager keep it; the sponsor closes a high one.
    Route("risk_add", "get", READ, where=LOGS),
    Route("risk_add", "post", ADD, where=LOGS),
    Route("risk_change", "post", CHANGE, charge="mia", where=RISK),
    Route("risk_review", "post", CHANGE, where=RISK),
    Route("risk_raise", "post", CHANGE, where=RISK),
    Route("risk_close", "post", CHANGE, charge="sam", member="pat", where=RISK),
    Route("risk_reopen", "post", CHANGE, where=RISK),
    Route("risk_action_add", "post", CHANGE, where=RISK),
    Route("risk_action_change", "post", CHANGE, charge="mia", where={**RISK, "action_id": "action"}),
    Route("risk_action_finish", "post", CHANGE, charge="mia", where={**RISK, "action_id": "action"}),
    # After day 90: the risk lead and the manager keep the calendar, owners hold, a second person verifies and approves.
    Route("governance", "get", READ, where=LOGS),
    Route("governance", "post", CHANGE, member="ivy", where=LOGS),
    Route("governance_event", "get", READ, where=CALENDAR),
    Route("governance_event_change", "post", CHANGE, member="ivy", where=CALENDAR),
    Route("governance_date", "get", READ, where=DATE),
    Route("governance_held", "post", CHANGE, charge="mia", member="ivy", where=DATE),
    Route("governance_defer", "post", CHANGE, charge="mia", member="ivy", where=DATE),
    Route("governance_triggers", "get", READ, where=LOGS),
    Route("trigger_happened", "post", ADD, where={**LOGS, "position": "1"}),
    Route("governance_benefit", "get", READ, where=LOGS),
    Route("governance_benefit", "post", CHANGE, member="ivy", where=LOGS),
    Route("benefit_verify", "post", ACT, charge="ivy", member="mia", where={**LOGS, "number": "1"}),
    Route("governance_changes", "get", READ, where=LOGS),
    Route("governance_changes", "post", ADD, where=LOGS),
    Route("change_approve", "post", ACT, charge="sam", member="mia", where={**LOGS, "number": "1"}),
    Route("sustain", "get", READ, where=LOGS),
    Route("sustain", "post", CHANGE, charge="sam", member="pat", where=LOGS),
    Route("risk_sign_add", "post", CHANGE, where=RISK),
    Route("risk_sign_change", "post", CHANGE, where={**RISK, "sign_id": "sign"}),
    Route("risk_sign_remove", "post", ACT, where={**RISK, "sign_id": "sign"}),
    # Metrics: owners measure and acknowledge, the manager defines and connects; readings come in by key alone.
    Route("metrics", "get", READ, where=LOGS),
    Route("metric", "get", READ, where=METRIC),
    Route("readings_export", "get", READ, where=METRIC),
    Route("metric_add", "get", (LOGIN, HIDDEN, FORBIDDEN, 200), where=LOGS),
    Route("metric_add", "post", CHANGE, where=LOGS),
    Route("metric_change", "get", (LOGIN, HIDDEN, FORBIDDEN, 200), charge="mia", where=METRIC),
    Route("metric_change", "post", CHANGE, charge="mia", where=METRIC),
    Route("metric_limits", "get", (LOGIN, HIDDEN, FORBIDDEN, 200), charge="mia", where=METRIC),
    Route("metric_limits", "post", CHANGE, charge="mia", where=METRIC),
    Route("metric_confirm", "post", ACT, charge="mia", member="pat", where=METRIC),
    Route("reading_add", "post", CHANGE, charge="mia", where=METRIC),
    Route(
        "reading_correct",
        "get",
        (LOGIN, HIDDEN, FORBIDDEN, 200),
        charge="mia",
        where={**METRIC, "reading_id": "reading"},
    ),
    Route("reading_correct", "post", CHANGE, charge="mia", where={**METRIC, "reading_id": "reading"}),
    Route("alert_acknowledge", "post", CHANGE, charge="mia", where={**METRIC, "alert_id": "alert"}),
    Route("readings_import", "get", (LOGIN, HIDDEN, FORBIDDEN, 200), charge="mia", where=LOGS),
    Route("readings_import", "post", CHANGE, charge="mia", where=LOGS),
    Route(
        "readings_staged", "get", (LOGIN, HIDDEN, FORBIDDEN, 200), charge="mia", where={**LOGS, "import_id": "import"}
    ),
    Route("readings_staged", "post", ACT, charge="mia", where={**LOGS, "import_id": "import"}),
    Route("metric_tokens", "get", (LOGIN, HIDDEN, FORBIDDEN, 200), member="mia", where=LOGS),
    Route("metric_tokens", "post", CHANGE, member="mia", where=LOGS),
    Route("metric_token_revoke", "post", ACT, member="mia", where={**LOGS, "token_id": "token"}),
    Route("readings_api", "post", (401, 401, 401, 401), where=LOGS),
    Route("criterion_series_add", "post", CHANGE, charge="mia", where=CRITERION),
    # Escalations: every member reads and presses; those whom the path reaches answer; the manager ends and sets paths.
    Route("escalations", "get", READ, where=LOGS),
    Route("escalation", "get", READ, where={**LOGS, "escalation_id": "running"}),
    Route("escalation_start", "get", READ, where=LOGS),
    Route("escalation_start", "post", ADD, where=LOGS),
    Route("escalation_start_risk", "get", READ, where=RISK),
    Route("escalation_start_risk", "post", ADD, where=RISK),
    # Calendars: everybody in a program follows it and has a file of a date; who manages it invites and sets times.
    Route("my_calendars", "get", OWN),
    Route("my_calendars", "post", (LOGIN, FILL_IN, FILL_IN, FILL_IN)),
    Route("choose_invitations", "post", (LOGIN, DONE, DONE, DONE)),
    Route("program_calendars", "get", READ, where=LOGS),
    Route("program_calendars", "post", ADD, where=LOGS),
    Route("portfolio_calendars", "get", ADMIN_READ, charge="ada", where={"portfolio_slug": "claims"}),
    Route("portfolio_calendars", "post", (LOGIN, 403, 403, 422), charge="ada", where={"portfolio_slug": "claims"}),
    Route("feed_rotate", "post", (LOGIN, HIDDEN, FORBIDDEN, 200), charge="mia", where={"feed_id": "feed"}),
    Route("feed_revoke", "post", ACT, where={"feed_id": "feed"}),
    Route("switch_invitations", "post", ACT, where=LOGS),
    Route("review_time", "get", (LOGIN, HIDDEN, FORBIDDEN, 200), where=GATE),
    Route("review_time", "post", CHANGE, where=GATE),
    Route("event_file", "get", READ, where=GATE),
    Route("feed_file", "get", (404, 404, 404, 404), where={"token": "wrong"}),
    Route("logs_issue_escalate", "get", READ, where=ENTRY),
    Route("logs_issue_escalate", "post", ADD, where=ENTRY),
    Route("escalation_paths", "get", READ, where=LOGS),
    Route("escalation_path", "get", (LOGIN, HIDDEN, FORBIDDEN, 200), where={**LOGS, "slug": "esc"}),
    Route("escalation_path", "post", CHANGE, where={**LOGS, "slug": "esc"}),
    Route(
        "escalation_acknowledge", "post", CHANGE, charge="mia", member="ivy", where={**LOGS, "escalation_id": "running"}
    ),
    Route("escalation_end", "post", CHANGE, member="mia", where={**LOGS, "escalation_id": "running"}),
    Route("new_program", "get", (LOGIN, FORBIDDEN, FORBIDDEN, 200)),
    Route("new_program", "post", (LOGIN, FORBIDDEN, FORBIDDEN, FILL_IN)),
    Route("new_program_from_file", "get", (LOGIN, FORBIDDEN, FORBIDDEN, 200)),
    Route("new_program_from_file", "post", (LOGIN, FORBIDDEN, FORBIDDEN, FILL_IN)),
    # Everybody signed in, each seeing (or removing) their own.
    Route("remove_example", "post", (LOGIN, DONE, DONE, DONE)),
    Route("portfolio", "get", OWN),
    Route("my_work", "get", OWN),
    Route("portfolio_status", "get", OWN),
    Route("portfolio_file", "get", OWN, where={"kind": "pdf"}),
    Route("profile", "get", OWN),
    Route("profile", "post", (LOGIN, FILL_IN, FILL_IN, FILL_IN)),
    Route("reminder_preferences", "get", OWN),
    Route("reminder_preferences", "post", (LOGIN, FILL_IN, FILL_IN, FILL_IN)),
    Route("add_absence", "post", (LOGIN, FILL_IN, FILL_IN, FILL_IN)),
    Route("remove_absence", "post", (LOGIN, HIDDEN, HIDDEN, DONE), where={"absence_id": "of pat"}),
    Route("end_other_sessions", "post", (LOGIN, DONE, DONE, DONE)),
    Route("my_mail", "get", OWN),
    Route("mail_try_again", "post", (LOGIN, DONE, DONE, DONE)),
    Route("mail_hook", "post", (404, 404, 404, 404), where={"provider": "postmark"}),  # none is configured
    Route("mailbox", "get", OWN),
    Route("mailbox_message", "get", (LOGIN, HIDDEN, HIDDEN, 200), where={"message_id": "to pat"}),
    Route("mailbox_file", "get", (LOGIN, HIDDEN, HIDDEN, 200), where={"message_id": "to pat"}),
    # Administrators of the installation.
    Route("people", "get", ADMIN_READ, charge="ada"),
    Route("invite", "get", ADMIN_READ, charge="ada"),
    Route("invite", "post", (LOGIN, FORBIDDEN, FORBIDDEN, FILL_IN), charge="ada"),
    Route("person", "get", ADMIN_READ, charge="ada", where={"user_id": "mia"}),
    Route("mail_lift", "post", ADMIN_ACT, charge="ada", where={"user_id": "mia"}),
    Route("deactivate_user", "post", ADMIN_ACT, charge="ada", where={"user_id": "mia"}),
    Route("reactivate_user", "post", ADMIN_ACT, charge="ada", where={"user_id": "closed"}),
    Route("set_administrator", "post", ADMIN_ACT, charge="ada", where={"user_id": "mia"}),
    Route("set_executive_viewer", "post", ADMIN_ACT, charge="ada", where={"user_id": "mia"}),
    Route("resend_invitation", "post", (LOGIN, FORBIDDEN, FORBIDDEN, CONFLICT), charge="ada", where={"user_id": "mia"}),
    Route("revoke_invitation", "post", (LOGIN, FORBIDDEN, FORBIDDEN, CONFLICT), charge="ada", where={"user_id": "mia"}),
    Route("operations", "get", ADMIN_READ, charge="ada"),
    Route("operations_pause", "post", ADMIN_ACT, charge="ada"),
    Route("operations_resume", "post", ADMIN_ACT, charge="ada"),
    Route("operations_release", "post", ADMIN_ACT, charge="ada", where={"program_id": "alpha"}),
    Route("operations_discard", "post", ADMIN_ACT, charge="ada", where={"program_id": "alpha"}),
    Route("operations_release_all", "post", ADMIN_ACT, charge="ada"),
    Route("operations_discard_all", "post", ADMIN_ACT, charge="ada"),
    Route("operations_retry", "post", ADMIN_ACT, charge="ada", where={"mail_id": "to pat"}),
    Route("operations_give_up", "post", ADMIN_ACT, charge="ada", where={"mail_id": "to pat"}),
    Route("operations_retry_alike", "post", ADMIN_ACT, charge="ada", where={"key": "0123456789abcdef"}),
    Route("operations_give_up_alike", "post", ADMIN_ACT, charge="ada", where={"key": "0123456789abcdef"}),
    # Open to everybody: what lies behind depends on the token alone, and this one is wrong.
    Route("reminder_answer", "get", (404, 404, 404, 404), where={"token": "wrong"}),
    Route("reminder_answer", "post", (404, 404, 404, 404), where={"token": "wrong"}),
    Route("invitation", "get", (404, 404, 404, 404), where={"token": "wrong"}),
    Route("invitation", "post", (404, 404, 404, 404), where={"token": "wrong"}),
    Route("sign_in_link", "get", (404, 404, 404, 404), where={"token": "wrong"}),
    Route("sign_in_link", "post", (404, 404, 404, 404), where={"token": "wrong"}),
    Route("share_open", "get", (404, 404, 404, 404), where={"token": "wrong"}),
    Route("share_badge", "get", (404, 404, 404, 404), where={"token": "wrong"}),
    Route("share_json", "get", (404, 404, 404, 404), where={"token": "wrong"}),
    Route("shared", "get", (404, 404, 404, 404), where={"public_id": "wrong"}),
    Route("shared", "post", (404, 404, 404, 404), where={"public_id": "wrong"}),
    Route("shared_file", "get", (404, 404, 404, 404), where={"public_id": "wrong", "kind": "pdf"}),
    Route("unsubscribe", "get", (404, 404, 404, 404), where={"key": "wrong"}),
    Route("unsubscribe", "post", (404, 404, 404, 404), where={"key": "wrong"}),
    Route("healthz", "get", (200, 200, 200, 200)),
    Route("readyz", "get", (503, 503, 503, 503)),  # no engine runs in this test
    Route("prometheus", "get", (404, 404, 404, 404)),  # no token is set: there is no such page
    # Ways in and out.
    Route("account_login", "get", (200, 302, 302, 302)),
    Route("account_logout", "get", (302, 200, 200, 200)),
    Route("account_logout", "post", (302, 302, 302, 302)),
    Route("account_change_password", "get", (LOGIN, 302, 302, 302)),  # nobody here has a password yet: "set" it
    Route("account_set_password", "get", OWN),
    Route("account_email", "get", OWN),
    Route("account_reset_password", "get", (200, 200, 200, 200)),
]

ALLOWED_UNLISTED = {
    # django-allauth's own pages, tested by their authors and deny-by-default here; accounts' tests prove the flows.
    "account_signup": "closed sign-up: tests/accounts",
    "account_inactive": "a fixed page",
    "account_reauthenticate": "only reachable right after a sign-in",
    "account_email_verification_sent": "a fixed page",
    "account_confirm_email": "behaves by its signed key",
    "account_confirm_login_code": "sign-in by code is off; redirects to the sign-in page",
    "account_reset_password_done": "a fixed page",
    "account_reset_password_from_key": "behaves by its signed key",
    "account_reset_password_from_key_done": "a fixed page",
}
