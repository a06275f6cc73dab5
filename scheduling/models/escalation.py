"""A climb under way: somebody is told, then the next, until a human answers or the clock stops."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Escalation(models.Model):
    """One climb of a ladder, which is frozen here as it was when the climb began.

    An open escalation without a next time cannot exist: the database refuses it. An answered one
    is looked at again at `look_again_at`; without one, as an older release leaves it, half an hour
    after the answer.
    """

    class State(models.TextChoices):
        OPEN = "open", "Nobody has answered"
        ACKNOWLEDGED = "acknowledged", "Answered"
        CLOSED = "closed", "No longer needed"

    class About(models.TextChoices):
        NEW_REFERRAL = "new_referral", "New referral"
        NEW_SIGNS = "new_signs", "New signs"
        AT_RISK = "at_risk", "Target at risk"
        BREACH = "breach", "Target missed"
        OPINION = "opinion", "Opinion not answered"

    class Via(models.TextChoices):
        BOARD = "board", "On the board or a page of the product"
        LINK = "link", "By the link of a message"
        REPLY = "reply", "By a reply to a message"
        TELEPHONE = "telephone", "By telephone"
        SYSTEM = "system", "By another system"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(
        "referrals.Referral", on_delete=models.PROTECT, related_name="escalations"
    )
    clock = models.ForeignKey(
        "Clock", on_delete=models.CASCADE, null=True, related_name="escalations"
    )
    about = models.CharField(max_length=12, choices=About)
    due_at = models.DateTimeField(null=True)
    ladder = models.JSONField()
    rung = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    acknowledged_via = models.CharField(
        max_length=10, choices=Via, blank=True, default="", db_default=""
    )
    # Who rang, when somebody else pressed the button for them.
    on_behalf_of = models.CharField(max_length=120, blank=True, default="", db_default="")
    look_again_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-opened_at"]
        indexes = [
            models.Index(fields=["next_at"], name="escalation_open", condition=Q(state="open")),
            models.Index(
                fields=["look_again_at"],
                name="escalation_to_look_at_again",
                condition=Q(state="acknowledged"),
            ),
            models.Index(
                fields=["referral"],
                name="escalation_alive",
                condition=Q(state__in=["open", "acknowledged"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="escalation_open_has_a_next_time",
                condition=Q(state="open", next_at__isnull=False)
                | (~Q(state="open") & Q(next_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="escalation_acknowledged_has_a_name",
                condition=~Q(state="acknowledged") | Q(acknowledged_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["clock", "about"],
                name="escalation_once_a_clock",
                condition=Q(state__in=["open", "acknowledged"], clock__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.pk}"


class PageAnswer(models.Model):
    """What somebody answered to a climb, or that it rang again because it was to be looked at.

    Append-only: the climb itself holds only the last answer.
    """

    class What(models.TextChoices):
        HAVE = "have", "I have it"
        CANNOT = "cannot", "I cannot take it"
        AGAIN = "again", "Rings again"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # pageanswer_of_a_climb begins with it.
    escalation = models.ForeignKey(
        Escalation, on_delete=models.PROTECT, related_name="answers", db_index=False
    )
    at = models.DateTimeField()
    what = models.CharField(max_length=8, choices=What)
    # No query asks what somebody answered.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    via = models.CharField(max_length=10, choices=Escalation.Via, blank=True)
    on_behalf_of = models.CharField(max_length=120, blank=True)
    look_again_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["escalation", "at"], name="pageanswer_of_a_climb")]
        constraints = [
            models.CheckConstraint(
                name="pageanswer_what_is_known", condition=Q(what__in=["have", "cannot", "again"])
            ),
            models.CheckConstraint(
                name="pageanswer_has_a_name", condition=Q(what="again") | Q(by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.pk}"
