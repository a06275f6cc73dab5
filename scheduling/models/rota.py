"""Who is on duty from when until when, who asked whom to swap, and when nobody is."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mscc.people.models import Specialty
from mscc.people.roles import ROLE_CHOICES


class RotaPattern(models.Model):
    """Turns that repeat, as they were once written. Never changed: a new one takes its place.

    `lines` are [{"days": [0..6], "starts": "08:00", "ends": "20:00", "who": 0}] in London's time;
    `people` are numbers of users in their order. See `timekeeping.pattern`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="rota_patterns"
    )
    role = models.CharField(max_length=24, choices=ROLE_CHOICES)
    specialty = models.CharField(max_length=20, choices=Specialty, blank=True)
    lines = models.JSONField()
    people = models.JSONField()
    weeks_each = models.PositiveSmallIntegerField(default=1)
    first_day = models.DateField()
    last_day = models.DateField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                name="rota_pattern_ends_after_it_starts",
                condition=Q(last_day__gte=F("first_day")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} from {self.first_day} to {self.last_day}"


class ShiftQuerySet(models.QuerySet["Shift"]):
    def counting(self) -> "ShiftQuerySet":
        """The turns of people who still work here: nobody else's turn covers anything."""
        return self.filter(user__is_active=True)


class Shift(models.Model):
    """One person's turn of a role at a place. Of two at once, the one that began last holds."""

    class Kind(models.TextChoices):
        PLANNED = "planned", "Planned"
        PATTERN = "pattern", "From a pattern"
        OVERRIDE = "override", "Instead of somebody"
        SWAP = "swap", "Swapped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # shift_who_is_on begins with it.
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="shifts", db_index=False
    )
    role = models.CharField(max_length=24, choices=ROLE_CHOICES)
    specialty = models.CharField(max_length=20, choices=Specialty, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shifts"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PLANNED, db_default="planned")
    pattern = models.ForeignKey(
        RotaPattern, on_delete=models.PROTECT, null=True, blank=True, related_name="shifts"
    )
    note = models.CharField(max_length=200, blank=True, default="", db_default="")

    objects = ShiftQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["organisation", "role", "ends_at"], name="shift_who_is_on")]
        constraints = [
            models.CheckConstraint(
                name="shift_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="shift_kind_is_known",
                condition=Q(kind__in=["planned", "pattern", "override", "swap"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} from {self.starts_at:%Y-%m-%dT%H:%MZ}"


class SwapRequest(models.Model):
    """Somebody asked a colleague to take a turn. The row outlives the turn, so it repeats it."""

    class State(models.TextChoices):
        ASKED = "asked", "Not answered yet"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"
        LAPSED = "lapsed", "Not answered in time"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    shift = models.ForeignKey(
        Shift, on_delete=models.SET_NULL, null=True, blank=True, related_name="swaps"
    )
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(max_length=24, choices=ROLE_CHOICES)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="swaps_asked_for"
    )
    asked = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="swaps_asked_of"
    )
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    chase_at = models.DateTimeField()
    tell_lead_at = models.DateTimeField()
    chased_at = models.DateTimeField(null=True, blank=True)
    told_lead_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        indexes = [
            models.Index(fields=["chase_at"], condition=Q(state="asked"), name="swap_unanswered")
        ]
        constraints = [
            models.CheckConstraint(
                name="swap_state_is_known",
                condition=Q(state__in=["asked", "accepted", "declined", "withdrawn", "lapsed"]),
            ),
            models.CheckConstraint(
                name="swap_answered_says_when",
                condition=Q(state="asked", answered_at=None)
                | (~Q(state="asked") & Q(answered_at__isnull=False)),
            ),
            models.UniqueConstraint(
                "shift", condition=Q(state="asked"), name="swap_asked_once_of_a_shift"
            ),
        ]

    def __str__(self) -> str:
        return f"swap {self.state}"


class CoverGap(models.Model):
    """A time ahead, or now, in which nobody is on shift; kept when it is over."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="cover_gaps"
    )
    role = models.CharField(max_length=24, choices=ROLE_CHOICES)
    specialty = models.CharField(max_length=20, choices=Specialty, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    found_at = models.DateTimeField()
    told = models.CharField(max_length=4, blank=True)  # timekeeping.gaps.Stage, the last one told
    told_at = models.DateTimeField(null=True, blank=True)
    times_told = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    filled = models.BooleanField(null=True)  # False: it passed with nobody on shift

    class Meta:
        ordering = ["starts_at"]
        indexes = [
            models.Index(
                fields=["organisation", "role"],
                condition=Q(closed_at=None),
                name="cover_gap_open",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="cover_gap_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="cover_gap_told_is_known", condition=Q(told__in=["", "week", "day", "now"])
            ),
            models.CheckConstraint(
                name="cover_gap_closed_says_how",
                condition=Q(closed_at=None, filled=None)
                | Q(closed_at__isnull=False, filled__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"nobody as {self.role} from {self.starts_at:%Y-%m-%dT%H:%MZ}"


class RotaFeed(models.Model):
    """The secret link of somebody's calendar; only its digest is kept, as of a token."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="rota_feed"
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar of {self.user_id}"
