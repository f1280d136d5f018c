"""Addresses of the risk register, all under one program."""

from django.urls import path

from risks.views import actions, life, listing, one, signs

P = "programs/<slug:program_slug>/risks/"
R = P + "<slug:slug>/"

urlpatterns = [
    path(P, listing.risks, name="risks"),
    path(P + "new/", listing.risk_add, name="risk_add"),
    path(R, one.risk, name="risk"),
    path(R + "rescore/", one.risk_rescore, name="risk_rescore"),
    path(R + "accept/", one.risk_accept, name="risk_accept"),
    path(R + "change/", life.risk_change, name="risk_change"),
    path(R + "review/", life.risk_review, name="risk_review"),
    path(R + "raise/", life.risk_raise, name="risk_raise"),
    path(R + "close/", life.risk_close, name="risk_close"),
    path(R + "reopen/", life.risk_reopen, name="risk_reopen"),
    path(R + "actions/add/", actions.risk_action_add, name="risk_action_add"),
    path(R + "actions/<int:action_id>/change/", actions.risk_action_change, name="risk_action_change"),
    path(R + "actions/<int:action_id>/finish/", actions.risk_action_finish, name="risk_action_finish"),
    path(R + "signs/add/", signs.risk_sign_add, name="risk_sign_add"),
    path(R + "signs/<int:sign_id>/change/", signs.risk_sign_change, name="risk_sign_change"),
    path(R + "signs/<int:sign_id>/remove/", signs.risk_sign_remove, name="risk_sign_remove"),
]
