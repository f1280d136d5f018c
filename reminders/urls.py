"""Addresses of the reminders."""

from django.urls import path

from reminders.views import health, mailbox, operations, preferences, program, rules, unsubscribe

urlpatterns = [
    path("programs/<slug:slug>/reminders/", program.program_reminders, name="program_reminders"),
    path("programs/<slug:slug>/reminders/rules/", rules.rules, name="reminder_rules"),
    path("programs/<slug:slug>/reminders/rules/<slug:rule_slug>/", rules.rule, name="reminder_rule"),
    path("profile/reminders/", preferences.preferences, name="my_reminders"),
    path("u/<str:key>", unsubscribe.unsubscribe, name="unsubscribe"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<int:message_id>/", mailbox.message, name="mailbox_message"),
    path("mailbox/<int:message_id>/file/", mailbox.message_file, name="mailbox_file"),
    path("operations/", operations.operations, name="operations"),
    path("operations/pause/", operations.pause, name="operations_pause"),
    path("operations/resume/", operations.resume, name="operations_resume"),
    path("operations/held/<int:program_id>/release/", operations.release, name="operations_release"),
    path("operations/held/<int:program_id>/discard/", operations.discard, name="operations_discard"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
