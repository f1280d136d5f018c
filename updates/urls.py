"""Addresses of status updates."""

from django.urls import path

from updates.views import pages

P = "programs/<slug:program_slug>/updates/"

urlpatterns = [
    path(P, pages.updates, name="updates"),
    path(P + "by-mail/", pages.by_mail, name="update_by_mail"),
    path(P + "<int:number>/", pages.update, name="update"),
    path(P + "<int:number>/acknowledge/", pages.acknowledge, name="update_acknowledge"),
]
