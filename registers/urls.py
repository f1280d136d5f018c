"""Addresses of the registers, all under one program's logs."""

from django.urls import path, register_converter

from registers.views import assumptions, challenge, decisions, escalating, front, issues, scope


class ScopeWordConverter:
    """The three answers to a scope change in an address."""

    regex = "approve|refuse|withdraw"

    def to_python(self, value: str) -> str:
        """Take the word as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Write the word as it is."""
        return value


register_converter(ScopeWordConverter, "scopeword")

P = "programs/<slug:program_slug>/logs/"

urlpatterns = [
    path(P, front.logs, name="logs"),
    path(P + "assumptions/", assumptions.assumptions, name="logs_assumptions"),
    path(P + "assumptions/<int:number>/", assumptions.assumption, name="logs_assumption"),
    path(P + "assumptions/<int:number>/change/", assumptions.change, name="logs_assumption_change"),
    path(P + "assumptions/<int:number>/rank/", assumptions.rank, name="logs_assumption_rank"),
    path(P + "assumptions/<int:number>/test/", assumptions.test, name="logs_assumption_test"),
    path(P + "assumptions/<int:number>/explain/", assumptions.explain, name="logs_assumption_explain"),
    path(P + "issues/", issues.issues, name="logs_issues"),
    path(P + "issues/<int:number>/", issues.issue, name="logs_issue"),
    path(P + "issues/<int:number>/change/", issues.change, name="logs_issue_change"),
    path(P + "issues/<int:number>/close/", issues.close, name="logs_issue_close"),
    path(P + "issues/<int:number>/escalate/", escalating.escalate, name="logs_issue_escalate"),
    path(P + "issues/<int:number>/reopen/", issues.reopen, name="logs_issue_reopen"),
    path(P + "scope/", scope.changes, name="logs_scope"),
    path(P + "scope/<int:number>/", scope.change, name="logs_scope_change"),
    path(P + "scope/<int:number>/<scopeword:word>/", scope.reply, name="logs_scope_reply"),
    path(P + "decisions/", decisions.decisions, name="logs_decisions"),
    path(P + "decisions/<int:number>/", decisions.decision, name="logs_decision"),
    path(P + "decisions/<int:number>/supersede/", decisions.supersede, name="logs_decision_supersede"),
    path(P + "challenge/", challenge.challenge, name="logs_challenge"),
]
