"""Addresses of the playbooks app."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
