"""Addresses of the pages members open first."""

from django.urls import path

from dashboard.views import activity, mission, owners, portfolio, status, work

urlpatterns = [
    path("", portfolio.portfolio, name="portfolio"),
    path("status/", status.portfolio_status, name="portfolio_status"),
    path("work/", work.my_work, name="my_work"),
    path("programs/<slug:slug>/", mission.mission_control, name="mission_control"),
    path("programs/<slug:slug>/owners/", owners.owners, name="owners"),
    path("programs/<slug:slug>/owners/<slug:role_slug>/", owners.role, name="role"),
    path("programs/<slug:slug>/activity/", activity.activity, name="activity"),
]
