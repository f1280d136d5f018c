"""Addresses of the playbooks app."""

from django.urls import path

from playbooks import views

urlpatterns = [
    path("programs/new/", views.new_program, name="new_program"),
    path("programs/new/file/", views.new_program_from_file, name="new_program_from_file"),
    path("examples/remove/", views.remove_example, name="remove_example"),
]
