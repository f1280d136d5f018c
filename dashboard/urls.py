"""Addresses of the pages members open first."""

from django.urls import URLPattern

app_name = "dashboard"
urlpatterns: list[URLPattern] = []
