"""Who watches the watchers: the last audit, the slow rounds, and downtime that was announced."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Watching(models.Model):
    """The one row of what the auditor found last, and who was told of it.

    `findings` are what failed at the last audit: [{key, count, oldest, ids}], ids of rows only.
    `switch_*` is about the outside dead-man switch: asked, told, and why it could not be told.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    audited_at = models.DateTimeField(null=True)
    passed_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    took_ms = models.PositiveIntegerField(null=True)
    findings = models.JSONField(default=list)
    switch_tried_at = models.DateTimeField(null=True)
    switch_told_at = models.DateTimeField(null=True)
    switch_error = models.CharField(max_length=80, blank=True, default="")
    alarmed_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    mail_error = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [models.CheckConstraint(name="watching_is_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"audited at {self.audited_at}"


class RoundRun(models.Model):
    """When a slow round of work was last begun and finished, by whichever process got to it."""

    name = models.CharField(max_length=20, primary_key=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=80, blank=True, default="")

    def __str__(self) -> str:
        return self.name


class PlannedDowntime(models.Model):
    """A time for which it was announced that this service may be away, and why.

    Paging goes on for as long as the service runs. What is withheld meanwhile is the alarm about
    the service itself. `paused_at`: when the outside switch was told.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    announced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    announced_at = models.DateTimeField()
    # Called off, or over sooner than announced.
    ended_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-starts_at"]
        indexes = [
            models.Index(
                fields=["ends_at"], name="downtime_not_over", condition=Q(ended_at__isnull=True)
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="downtime_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(name="downtime_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"from {self.starts_at:%Y-%m-%dT%H:%MZ}"
