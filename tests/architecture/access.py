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
RISK = {**LOGS, "slug": "r-drift"}

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
    # Status updates: the manager posts, the sponsor acknowledges; everybody chooses how to get them.
    Route("updates", "get", READ, where=LOGS),
    Route("updates", "post", CHANGE, where=LOGS),
    Route("update", "get", READ, where=ENTRY),
    Route("update_acknowledge", "post", ACT, charge="sam", member="mia", where=ENTRY),
    Route("update_by_mail", "post", ADD, where=LOGS),
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
    Route("risk_action_date", "post", CHANGE, charge="mia", where={**RISK, "action_id": "action"}),
    Route("risk_action_finish", "post", CHANGE, charge="mia", where={**RISK, "action_id": "action"}),
    Route("new_program", "get", (LOGIN, FORBIDDEN, FORBIDDEN, 200)),
    Route("new_program", "post", (LOGIN, FORBIDDEN, FORBIDDEN, FILL_IN)),
    Route("new_program_from_file", "get", (LOGIN, FORBIDDEN, FORBIDDEN, 200)),
    Route("new_program_from_file", "post", (LOGIN, FORBIDDEN, FORBIDDEN, FILL_IN)),
    # Everybody signed in, each seeing (or removing) their own.
    Route("remove_example", "post", (LOGIN, DONE, DONE, DONE)),
    Route("portfolio", "get", OWN),
    Route("my_work", "get", OWN),
    Route("portfolio_status", "get", OWN),
    Route("profile", "get", OWN),
    Route("profile", "post", (LOGIN, FILL_IN, FILL_IN, FILL_IN)),
    Route("add_absence", "post", (LOGIN, FILL_IN, FILL_IN, FILL_IN)),
    Route("remove_absence", "post", (LOGIN, HIDDEN, HIDDEN, DONE), where={"absence_id": "of pat"}),
    Route("end_other_sessions", "post", (LOGIN, DONE, DONE, DONE)),
    Route("mailbox", "get", OWN),
    Route("mailbox_message", "get", (LOGIN, HIDDEN, HIDDEN, 200), where={"message_id": "to pat"}),
    Route("mailbox_file", "get", (LOGIN, HIDDEN, HIDDEN, 200), where={"message_id": "to pat"}),
    # Administrators of the installation.
    Route("people", "get", ADMIN_READ, charge="ada"),
    Route("invite", "get", ADMIN_READ, charge="ada"),
    Route("invite", "post", (LOGIN, FORBIDDEN, FORBIDDEN, FILL_IN), charge="ada"),
    Route("person", "get", ADMIN_READ, charge="ada", where={"user_id": "mia"}),
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
    # Open to everybody: what lies behind depends on the token alone, and this one is wrong.
    Route("invitation", "get", (404, 404, 404, 404), where={"token": "wrong"}),
    Route("invitation", "post", (404, 404, 404, 404), where={"token": "wrong"}),
    Route("sign_in_link", "get", (404, 404, 404, 404), where={"token": "wrong"}),
    Route("sign_in_link", "post", (404, 404, 404, 404), where={"token": "wrong"}),
    Route("share_open", "get", (404, 404, 404, 404), where={"token": "wrong"}),
    Route("share_badge", "get", (404, 404, 404, 404), where={"token": "wrong"}),
    Route("share_json", "get", (404, 404, 404, 404), where={"token": "wrong"}),
    Route("shared", "get", (404, 404, 404, 404), where={"public_id": "wrong"}),
    Route("shared", "post", (404, 404, 404, 404), where={"public_id": "wrong"}),
    Route("shared_pdf", "get", (404, 404, 404, 404), where={"public_id": "wrong"}),
    Route("healthz", "get", (200, 200, 200, 200)),
    Route("readyz", "get", (503, 503, 503, 503)),  # no engine runs in this test
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
