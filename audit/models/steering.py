"""The steering group of an alliance: who sits on it, when it met, what it agreed (1.1.2, 1.1.4)."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Voice(models.TextChoices):
    """Whom a member speaks for. The first six are those that 1.1.4 asks for."""

    LIVED_EXPERIENCE = "lived_experience", "People with lived experience"
    PRIMARY = "primary", "Primary care"
    COMMUNITY = "community", "Community care"
    SECONDARY = "secondary", "Secondary care"
    TERTIARY = "tertiary", "Tertiary care"
    SERVICE = "service", "The MSCC service"
    TUMOUR_GROUP = "tumour_group", "An alliance group for a primary tumour"
    COMMISSIONER = "commissioner", "Commissioners"
    ALLIANCE = "alliance", "The cancer alliance"


class SteeringGroup(models.Model):
    """One for an alliance. `next_report_on`: a report is prepared on the first round from that day
    on, so that a day on which nothing ran is caught up.
    """

    alliance = models.OneToOneField(
        "people.Organisation", models.PROTECT, related_name="steering_group"
    )
    formed_on = models.DateField()
    next_report_on = models.DateField()
    # The last reminder that a meeting is due: for which day, which one, when.
    reminded_for = models.DateField(null=True)
    reminded = models.CharField(max_length=8, blank=True)
    reminded_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"steering group {self.pk}"


class Member(models.Model):
    """Somebody on the group, from when, until when. People with lived experience need no account:
    whoever has one reads the report there, the others are given it by hand.
    """

    group = models.ForeignKey(SteeringGroup, models.PROTECT, related_name="members")
    name = models.CharField(max_length=120)
    voices = ArrayField(models.CharField(max_length=20, choices=Voice.choices))
    of = models.CharField(max_length=160, blank=True, help_text="Of what place, or which tumour.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    chairs = models.BooleanField(default=False)
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("name", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(name="member_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="member_speaks_for_somebody", condition=Q(voices__len__gt=0)
            ),
            models.CheckConstraint(
                name="member_left_after_joining",
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
            ),
            models.UniqueConstraint(
                fields=["group", "user"],
                condition=Q(left_on=None, user__isnull=False),
                name="member_sits_once",
            ),
        ]

    def __str__(self) -> str:
        return f"member {self.pk}"


class Meeting(models.Model):
    """A meeting: planned, then held with its minutes or called off. `report` is the one whose
    outcomes were reported there; without it the meeting does not count (1.1.2).
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        HELD = "held", "Held"
        CALLED_OFF = "called_off", "Called off"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(SteeringGroup, models.PROTECT, related_name="meetings")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    starts_at = models.DateTimeField()
    where = models.CharField(max_length=200, blank=True)
    agenda = models.TextField(blank=True)  # a line an item
    minutes = models.TextField(blank=True)
    minutes_agreed_at = models.DateTimeField(null=True)
    report = models.ForeignKey(
        "audit.Report", models.PROTECT, null=True, blank=True, related_name="meetings"
    )
    version = models.PositiveIntegerField(default=0)  # whoever saves names the one they saw

    class Meta:
        ordering = ("-starts_at",)
        constraints: ClassVar = [
            models.CheckConstraint(
                name="meeting_state_is_known",
                condition=Q(state__in=["planned", "held", "called_off"]),
            ),
            models.CheckConstraint(
                name="meeting_agrees_minutes_it_has",
                condition=Q(minutes_agreed_at=None) | (Q(state="held") & ~Q(minutes="")),
            ),
        ]

    def __str__(self) -> str:
        return f"meeting {self.pk}"


class Attendance(models.Model):
    """Who was there. A member without a row was neither there nor excused."""

    class Kind(models.TextChoices):
        PRESENT = "present", "Present"
        APOLOGIES = "apologies", "Apologies"

    # attendance_once begins with it.
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendance", db_index=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "member"], name="attendance_once"),
            models.CheckConstraint(
                name="attendance_kind_is_known", condition=Q(kind__in=["present", "apologies"])
            ),
        ]

    def __str__(self) -> str:
        return f"attendance {self.pk}"


class Action(models.Model):
    """What somebody undertook to do by a day, and what became of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(SteeringGroup, models.PROTECT, related_name="actions")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="actions")
    what = models.CharField(max_length=400)
    owner = models.ForeignKey(Member, models.PROTECT, related_name="actions")
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    outcome = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("due_on", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(name="action_says_what", condition=~Q(what="")),
            models.CheckConstraint(
                name="action_done_says_how", condition=Q(done_on=None) | ~Q(outcome="")
            ),
        ]

    def __str__(self) -> str:
        return f"action {self.pk}"


class PathwayDocument(models.Model):
    """A care pathway that the group keeps written down, agreed and alike everywhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(SteeringGroup, models.PROTECT, related_name="documents")
    title = models.CharField(max_length=160)

    class Meta:
        ordering = ("title", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(name="document_has_a_title", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return f"document {self.pk}"


class DocumentVersion(models.Model):
    """One wording of a document: where it is kept, and when and where it was agreed. The file
    itself stays where the alliance keeps its documents.
    """

    # document_version_once begins with it.
    document = models.ForeignKey(
        PathwayDocument, models.PROTECT, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField()
    changes = models.CharField(max_length=400)
    kept_at = models.CharField(max_length=400)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agreed_at = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="agreed")
    review_on = models.DateField(null=True)

    class Meta:
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_once"),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class Dissemination(models.Model):
    """A service was given a version (1.1.3: its lead professional passes it on)."""

    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="given")
    to = models.CharField(max_length=160)
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("on", "pk")

    def __str__(self) -> str:
        return f"given {self.pk}"
