"""Clocks as an indexed projection of the milestones, and the moments at which they ring."""

import uuid

from django.db import models
from django.db.models import F, Q

from scheduling.timekeeping.clocks import ClockState

# `void`: the milestones no longer know this clock (its start was retracted); kept, never shown.
VOID = "void"
STATES = [(state.value, state.value) for state in ClockState] + [(VOID, VOID)]


class Clock(models.Model):
    """The `number`th clock of a `kind` on a referral. Truth is `timekeeping.clocks.judge`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # clock_once begins with it.
    referral = models.ForeignKey(
        "referrals.Referral", on_delete=models.PROTECT, related_name="clocks", db_index=False
    )
    kind = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=STATES)
    started_at = models.DateTimeField()
    at_risk_at = models.DateTimeField()
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=60, blank=True)
    # Which ladders were in force when it started: "v12" of the alliance's, "v0" the product's own.
    ladder = models.CharField(max_length=40)

    class Meta:
        ordering = ["started_at", "due_at", "kind"]
        indexes = [
            models.Index(
                fields=["due_at"], name="clock_running", condition=Q(state=ClockState.RUNNING)
            ),
            models.Index(
                fields=["due_at"], name="clock_missed", condition=Q(state=ClockState.MISSED)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["referral", "kind", "number"], name="clock_once"),
            models.UniqueConstraint(
                fields=["referral", "kind"],
                name="clock_runs_once_a_kind",
                condition=Q(state=ClockState.RUNNING),
            ),
            models.CheckConstraint(
                name="clock_state_is_known", condition=Q(state__in=[key for key, _ in STATES])
            ),
            models.CheckConstraint(
                name="clock_runs_until_it_stops",
                condition=Q(state__in=[ClockState.RUNNING, VOID], stopped_at__isnull=True)
                | (
                    ~Q(state__in=[ClockState.RUNNING, VOID])
                    & Q(stopped_at__isnull=False, stopped_at__gte=F("started_at"))
                ),
            ),
            models.CheckConstraint(
                name="clock_at_risk_before_due",
                condition=Q(started_at__lt=F("at_risk_at"), at_risk_at__lt=F("due_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class ClockStep(models.Model):
    """A deadline is a row: at risk and breach, each fired once for the due time it stands for."""

    class Step(models.TextChoices):
        AT_RISK = "at_risk", "At risk"
        BREACH = "breach", "Target missed"

    class State(models.TextChoices):
        ARMED = "armed", "Armed"
        FIRED = "fired", "Fired"
        CANCELLED = "cancelled", "Cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # clockstep_once begins with it.
    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="steps", db_index=False)
    referral = models.ForeignKey("referrals.Referral", on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=8, choices=Step)
    state = models.CharField(max_length=9, choices=State)
    fire_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["fire_at"], name="clockstep_armed", condition=Q(state="armed"))
        ]
        constraints = [
            models.UniqueConstraint(fields=["clock", "step"], name="clockstep_once"),
            models.CheckConstraint(
                name="clockstep_state_is_known",
                condition=Q(state__in=["armed", "fired", "cancelled"]),
            ),
            models.CheckConstraint(
                name="clockstep_fired_says_when",
                condition=Q(state="fired", fired_at__isnull=False)
                | (~Q(state="fired") & Q(fired_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} of {self.clock_id}"
