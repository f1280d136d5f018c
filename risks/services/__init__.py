"""Writes of the risk register (S55-S58, G23). Each is one named function; the modules beside this one hold them."""

from risks.services.acceptance import accept_risk, end_expired_acceptances
from risks.services.actions import add_action, change_action, date_action, finish_action
from risks.services.register import RiskFacts, add_risk, change_risk, close_risk, raise_risk, reopen_risk, review_risk
from risks.services.scoring import rescore
from risks.services.signs import add_sign, change_sign, remove_sign

__all__ = [
    "RiskFacts",
    "accept_risk",
    "add_action",
    "add_risk",
    "add_sign",
    "change_action",
    "change_risk",
    "change_sign",
    "close_risk",
    "date_action",
    "end_expired_acceptances",
    "finish_action",
    "raise_risk",
    "remove_sign",
    "reopen_risk",
    "rescore",
    "review_risk",
]
