"""The company's own slides, from which every slide export is made. One row or none; replaced as a whole."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class SlideTemplate(models.Model):
    """A presentation that passed its checks, kept in the database: every web process has it, every backup holds it."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    name = models.CharField(max_length=120, help_text="The name of the file as it came; only text.")
    layout = models.CharField(max_length=120, help_text="The layout that slides are made from.")
    content = models.BinaryField()
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="slide_template_only_one")]

    def __str__(self) -> str:
        return self.name
