"""One coordinator gives the open work to the next, in writing, and the next one says: I have it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from mscc.people.roles import ROLE_CHOICES


class Handover(models.Model):
    """What is handed over when a role changes hands at a place; kept for good.

    `items` are frozen when it is offered: ids, codes and times, and no names: those are read when
    it is shown, by whoever may see them. `changed` is what had become different when it was
    accepted. `offered_at` without `offered_by`: nobody wrote it, it was made at the change of
    shift. `to_user` is whoever the rota names; `accepted_by` whoever took it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Being written"
        OFFERED = "offered", "Waits to be accepted"
        ACCEPTED = "accepted", "Accepted"
        LAPSED = "lapsed", "Never accepted"
        WITHDRAWN = "withdrawn", "Not needed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # handover_of_place begins with it.
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="handovers", db_index=False
    )
    role = models.CharField(max_length=24, choices=ROLE_CHOICES, default="coordinator")
    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    changes_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    note = models.TextField(blank=True)
    notes = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    items = models.JSONField(default=list)
    changed = models.JSONField(default=list)
    created_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True)
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-changes_at", "organisation"]
        indexes = [
            models.Index(
                fields=["changes_at"],
                name="handover_alive",
                condition=Q(state__in=["draft", "offered"]),
            ),
            models.Index(fields=["organisation", "-changes_at"], name="handover_of_place"),
        ]
        constraints = [
            models.CheckConstraint(
                name="handover_state_is_known",
                condition=Q(state__in=["draft", "offered", "accepted", "lapsed", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="handover_accepted_has_a_name",
                condition=Q(
                    state="accepted",
                    accepted_by__isnull=False,
                    accepted_at__isnull=False,
                    offered_at__isnull=False,
                )
                | (
                    ~Q(state="accepted") & Q(accepted_by__isnull=True) & Q(accepted_at__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="handover_offered_says_when",
                condition=~Q(state="offered") | Q(offered_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["organisation", "role", "changes_at"],
                name="handover_once_a_change",
                condition=~Q(state="withdrawn"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.changes_at:%Y-%m-%dT%H:%MZ}, {self.state}"
