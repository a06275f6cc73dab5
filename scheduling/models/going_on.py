"""Proof that a page reaches whoever is on duty: test messages, and who answered them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class DutyStart(models.Model):
    """One shift's beginning: when a test page was confirmed, or when others were told of none."""

    shift = models.OneToOneField("Shift", on_delete=models.CASCADE, related_name="start")
    confirmed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"start of {self.shift_id}"


class TestRound(models.Model):
    """The test page of one day (a day of the local calendar), sent to everybody on duty."""

    __test__ = False  # it is no test case

    day = models.DateField(unique=True)
    sent_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day}"


class TestPage(models.Model):
    """One test message to one contact point. Its notice is found by `dedupe_key`.

    The address is kept as it was: the contact point may be removed later.
    """

    __test__ = False

    class Answer(models.TextChoices):
        LINK = "link", "by the link in the message"
        REPLY = "reply", "by replying to the message"
        SAID = "said", "by saying that it arrived"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(TestRound, on_delete=models.PROTECT, null=True, related_name="pages")
    # test_page_of_user begins with it.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="test_pages",
        db_index=False,
    )
    contact = models.ForeignKey(
        "people.ContactPoint", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    channel = models.CharField(max_length=10)
    address = models.CharField(max_length=500)
    sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=5, choices=Answer, blank=True)

    class Meta:
        ordering = ["-sent_at", "channel"]
        indexes = [models.Index(fields=["user", "-sent_at"], name="test_page_of_user")]
        constraints = [
            models.CheckConstraint(
                name="test_page_answer_says_when_and_how",
                condition=Q(answered_at__isnull=True, answered_by="")
                | Q(answered_at__isnull=False, answered_by__in=["link", "reply", "said"]),
            ),
        ]

    def __str__(self) -> str:
        return f"test by {self.channel}"

    @property
    def dedupe_key(self) -> str:
        """What makes its notice the same one however often it is posted."""
        return f"test:{self.pk}"
