"""Addresses of chats and webhooks."""

from django.urls import path

from channels import views

BASE = "programs/<slug:program_slug>/channels/"

urlpatterns = [
    path(BASE, views.channels, name="channels"),
    path(f"{BASE}<int:channel_id>/", views.channel, name="channel"),
    path(f"{BASE}<int:channel_id>/test/", views.test, name="channel_test"),
    path(f"{BASE}<int:channel_id>/pause/", views.pause, name="channel_pause"),
    path(f"{BASE}<int:channel_id>/resume/", views.resume, name="channel_resume"),
    path(f"{BASE}<int:channel_id>/rotate/", views.rotate, name="channel_rotate"),
    path(f"{BASE}<int:channel_id>/remove/", views.remove, name="channel_remove"),
    path(f"{BASE}posts/<int:post_id>/again/", views.again, name="channel_again"),
]
