"""The twice-yearly report: drawn, reviewed, approved, issued, and from then on never changed."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q


def _together(condition: Q, *names: str) -> Q:
    """The columns are all filled when the condition holds, and all empty when it does not."""
    filled, empty = Q(), Q()
    for name in names:
        filled &= Q(**{f"{name}__isnull": False})
        empty &= Q(**{f"{name}__isnull": True})
    return (condition & filled) | (~condition & empty)


class Report(models.Model):
    """One version of the report of an alliance on a period.

    `figures` are drawn again as long as it is a draft and stand from the review on. `document` is
    all that is printed, with what people wrote; `sha256` is of its canonical JSON. Both are made
    at approval and compared at issue; a trigger refuses every change to an issued report. A
    reissue is a row of its own that `supersedes` the last and says `why`.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        REVIEW = "review", "In review"
        APPROVED = "approved", "Approved"
        ISSUED = "issued", "Issued"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # report_once begins with it.
    alliance = models.ForeignKey(
        "people.Organisation", models.PROTECT, related_name="+", db_index=False
    )
    first = models.DateField()  # the first day of the first month
    last = models.DateField()  # the first day of the last month
    version = models.PositiveIntegerField(default=1)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="superseded_by"
    )
    why = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    prepared_at = models.DateTimeField()
    as_of = models.DateTimeField()
    definitions = models.CharField(max_length=16)
    figures = models.JSONField()
    document = models.JSONField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    returned = models.CharField(max_length=400, blank=True)  # why a review went back, the last time
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-first", "-version")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["alliance", "first", "last", "version"], name="report_once"
            ),
            models.CheckConstraint(
                name="report_state_is_known",
                condition=Q(state__in=["draft", "review", "approved", "issued"]),
            ),
            models.CheckConstraint(
                name="report_ends_after_it_begins", condition=Q(last__gte=F("first"))
            ),
            models.CheckConstraint(
                name="report_approved_by_somebody",
                condition=_together(
                    Q(state__in=["approved", "issued"]), "approved_by", "approved_at", "document"
                ),
            ),
            models.CheckConstraint(
                name="report_issued_by_somebody",
                condition=_together(Q(state="issued"), "issued_by", "issued_at"),
            ),
            models.CheckConstraint(
                name="report_says_why_it_is_issued_again",
                condition=Q(supersedes=None, why="") | (Q(supersedes__isnull=False) & ~Q(why="")),
            ),
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"


class Comment(models.Model):
    """What a place says of the figures, or what the group is to decide. Append-only: the last by a
    place on a part stands, an empty one takes it back.
    """

    class Part(models.TextChoices):
        SERVICE = "service", "What the service says"
        DECIDE = "decide", "What the group is to decide"

    report = models.ForeignKey(Report, models.PROTECT, related_name="comments")
    part = models.CharField(max_length=8, choices=Part.choices)
    place = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    words = models.TextField(blank=True)
    # No query asks what somebody wrote.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                name="comment_part_is_known", condition=Q(part__in=["service", "decide"])
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"


class ReportSent(models.Model):
    """A member was told of an issued report by email, or is to be given it by hand."""

    # report_sent_once begins with it.
    report = models.ForeignKey(Report, models.PROTECT, related_name="sent", db_index=False)
    member = models.ForeignKey("audit.Member", models.PROTECT, related_name="+")
    by_email = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "member"], name="report_sent_once"),
        ]

    def __str__(self) -> str:
        return f"sent {self.pk}"


class Digest(models.Model):
    """The monthly digest of one person for one place: to be sent, being sent, sent."""

    # digest_once begins with it.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    place = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    month = models.DateField()  # the month it is about, its first day
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "place", "month"], name="digest_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["month"], condition=Q(sent_at=None), name="digest_unsent"),
        ]

    def __str__(self) -> str:
        return f"digest {self.pk}"
