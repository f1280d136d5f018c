"""What people answered to reminders: only ever added to, and bounded by the day on which each ends."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.enums import choices
from programs.models import Program
from reminders.enums import AnswerWord
from reminders.models.delivery import Delivery
from reminders.models.lists import kinds, parts, rules


class Answer(models.Model):
    """One person acknowledged or snoozed one due date of one subject on `on`, the program's day, up to `until`.

    `rule` is what is silent until then and speaks again; `named` is the new date they gave with an acknowledgement.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="reminder_answers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.SET_NULL, related_name="answers")
    word = models.CharField(max_length=15, choices=choices(AnswerWord))
    item_kind = models.CharField(max_length=20, choices=kinds)
    item_id = models.BigIntegerField()
    item_label = models.CharField(max_length=400)
    due_date = models.DateField()
    rule = models.CharField(max_length=30, choices=rules)
    part = models.CharField(max_length=20, choices=parts)
    role_slug = models.CharField(max_length=60)
    on = models.DateField()
    until = models.DateField(help_text="The day on which reminders go on.")
    named = models.DateField(null=True, help_text="The new date that was given.")
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item_kind", "item_id", "due_date", "user"],
                name="acknowledged_once",
                condition=Q(word=AnswerWord.ACKNOWLEDGED),
            ),
            models.UniqueConstraint(
                fields=["item_kind", "item_id", "due_date", "user", "until"],
                name="snoozed_once_to_a_day",
                condition=Q(word=AnswerWord.SNOOZED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.word} {self.item_kind} {self.item_id} until {self.until}"
