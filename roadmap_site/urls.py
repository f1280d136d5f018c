"""Every address of the application. Apps own their patterns; this file only says where they hang."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("", include("accounts.urls")),
    path("", include("playbooks.urls")),
    path("", include("status_pages.urls")),
    path("", include("dashboard.urls")),  # opened most; addresses are tried in this order
    path("", include("reminders.urls")),
    path("", include("gates.urls")),
    path("", include("gates.request_urls")),
    path("", include("updates.urls")),
    path("", include("calendars.urls")),
    path("", include("channels.urls")),
    path("", include("phases.urls")),
    path("", include("registers.urls")),
    path("", include("charter.urls")),
    path("", include("escalation.urls")),
    path("", include("risks.urls")),
    path("", include("governance.urls")),
    path("", include("metrics.urls")),
]
