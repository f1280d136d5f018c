"""Addresses of the calendars."""

from django.urls import path

from calendars.views import feeds, files, invitations

urlpatterns = [
    path("calendar/<str:token>.ics", files.feed_file, name="feed_file"),
    path("profile/calendars/", feeds.my_feeds, name="my_calendars"),
    path("profile/calendars/invitations/", invitations.choose, name="choose_invitations"),
    path("calendar-feeds/<int:feed_id>/rotate/", feeds.rotate, name="feed_rotate"),
    path("calendar-feeds/<int:feed_id>/revoke/", feeds.revoke, name="feed_revoke"),
    path("portfolios/<slug:portfolio_slug>/calendars/", feeds.portfolio_feeds, name="portfolio_calendars"),
    path("programs/<slug:program_slug>/calendars/", feeds.program_feeds, name="program_calendars"),
    path("programs/<slug:program_slug>/calendars/invitations/", invitations.switch, name="switch_invitations"),
    path("programs/<slug:program_slug>/calendars/<slug:slug>/", invitations.review_time, name="review_time"),
    path("programs/<slug:program_slug>/calendars/<slug:slug>.ics", files.event_file, name="event_file"),
]
