"""Addresses of the reminders."""

from django.urls import path

from reminders.views import health, mailbox, metrics, operations, program

urlpatterns = [
    path("programs/<slug:slug>/reminders/", program.program_reminders, name="program_reminders"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<int:message_id>/", mailbox.message, name="mailbox_message"),
    path("mailbox/<int:message_id>/file/", mailbox.message_file, name="mailbox_file"),
    path("operations/", operations.operations, name="operations"),
    path("operations/pause/", operations.pause, name="operations_pause"),
    path("operations/resume/", operations.resume, name="operations_resume"),
    path("operations/held/release/", operations.release, name="operations_release_all"),
    path("operations/held/discard/", operations.discard, name="operations_discard_all"),
    path("operations/held/<int:program_id>/release/", operations.release, name="operations_release"),
    path("operations/held/<int:program_id>/discard/", operations.discard, name="operations_discard"),
    path("operations/mails/<int:mail_id>/retry/", operations.retry_mail, name="operations_retry"),
    path("operations/mails/<int:mail_id>/give-up/", operations.give_up_mail, name="operations_give_up"),
    path("operations/refused/<slug:key>/retry/", operations.retry_alike, name="operations_retry_alike"),
    path("operations/refused/<slug:key>/give-up/", operations.give_up_alike, name="operations_give_up_alike"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.prometheus, name="prometheus"),
]
