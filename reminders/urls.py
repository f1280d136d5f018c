"""Addresses of the reminders."""

from django.urls import path

from reminders.views import (
    answer,
    delivery,
    health,
    hooks,
    ledger_file,
    mailbox,
    metrics,
    mine,
    operations,
    program,
    reach,
)

urlpatterns = [
    path("programs/<slug:slug>/reminders/", program.program_reminders, name="program_reminders"),
    path("programs/<slug:slug>/reminders/ledger.csv", ledger_file.ledger_file, name="reminders_csv"),
    path("programs/<slug:slug>/reminders/<int:delivery_id>/", delivery.delivery, name="reminder_delivery"),
    path("programs/<slug:slug>/reminders/<int:delivery_id>/resend/", delivery.resend, name="reminder_resend"),
    path("reminders/mine/", mine.my_reminders, name="my_reminders"),
    path("programs/<slug:slug>/answer/<slug:kind>/<int:item_id>/", answer.own, name="reminder_own"),
    path("r/<str:token>/", answer.by_link, name="reminder_answer"),
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
    path("profile/mail/", reach.my_mail, name="my_mail"),
    path("profile/mail/again/", reach.try_again, name="mail_try_again"),
    path("people/<int:user_id>/mail/", reach.lift, name="mail_lift"),
    path("hooks/mail/<slug:provider>/", hooks.mail_hook, name="mail_hook"),
    path("operations/mails/<int:mail_id>/retry/", operations.retry_mail, name="operations_retry"),
    path("operations/mails/<int:mail_id>/give-up/", operations.give_up_mail, name="operations_give_up"),
    path("operations/refused/<slug:key>/retry/", operations.retry_alike, name="operations_retry_alike"),
    path("operations/refused/<slug:key>/give-up/", operations.give_up_alike, name="operations_give_up_alike"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.prometheus, name="prometheus"),
]
