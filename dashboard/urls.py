"""Addresses of the pages members open first."""

from django.urls import path

from dashboard.views import activity, mission, nominating, owners, ownership, portfolio, status, work

ROLE = "programs/<slug:slug>/ownership/roles/<slug:role_slug>/"

urlpatterns = [
    path("", portfolio.portfolio, name="portfolio"),
    path("status/", status.portfolio_status, name="portfolio_status"),
    path("status/status.<filekind:kind>", status.portfolio_file, name="portfolio_file"),
    path("work/", work.my_work, name="my_work"),
    path("programs/<slug:slug>/", mission.mission_control, name="mission_control"),
    path("programs/<slug:slug>/owners/", owners.owners, name="owners"),
    path("programs/<slug:slug>/owners/<slug:role_slug>/", owners.role, name="role"),
    path("programs/<slug:slug>/ownership/people/", ownership.people, name="ownership_people"),
    path("programs/<slug:slug>/ownership/away/", ownership.away, name="ownership_away"),
    path("programs/<slug:slug>/ownership/log/", ownership.log, name="ownership_log"),
    path("programs/<slug:slug>/ownership/raci/", ownership.raci, name="ownership_raci"),
    path("programs/<slug:slug>/ownership/raci/<int:position>/", ownership.raci_row, name="ownership_raci_row"),
    path("programs/<slug:slug>/ownership/area/", ownership.area_add, name="ownership_area_add"),
    path("programs/<slug:slug>/ownership/areas/<slug:area_slug>/", ownership.area, name="ownership_area"),
    path("programs/<slug:slug>/ownership/roles/<slug:role_slug>/", nominating.answer, name="ownership_answer"),
    path(
        "programs/<slug:slug>/ownership/roles/<slug:role_slug>/nominate/",
        nominating.nominate,
        name="ownership_nominate",
    ),
    path("programs/<slug:slug>/ownership/roles/<slug:role_slug>/accept/", nominating.accept, name="ownership_accept"),
    path(
        "programs/<slug:slug>/ownership/roles/<slug:role_slug>/decline/", nominating.decline, name="ownership_decline"
    ),
    path(
        "programs/<slug:slug>/ownership/nominations/<int:nomination_id>/withdraw/",
        nominating.withdraw,
        name="ownership_withdraw",
    ),
    path("programs/<slug:slug>/activity/", activity.activity, name="activity"),
]
