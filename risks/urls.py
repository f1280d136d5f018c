"""Addresses of the risk register, all under one program."""

from django.urls import path

from risks import views

P = "programs/<slug:program_slug>/risks/"

urlpatterns = [
    path(P, views.risks, name="risks"),
    path(P + "<slug:slug>/", views.risk, name="risk"),
    path(P + "<slug:slug>/rescore/", views.risk_rescore, name="risk_rescore"),
    path(P + "<slug:slug>/accept/", views.risk_accept, name="risk_accept"),
    path(P + "<slug:slug>/actions/<int:action_id>/date/", views.risk_action_date, name="risk_action_date"),
    path(P + "<slug:slug>/actions/<int:action_id>/finish/", views.risk_action_finish, name="risk_action_finish"),
]
