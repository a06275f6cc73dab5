"""The outbox: one row for each message that must reach somebody, and one for each attempt.

The rows know nothing of referrals or escalations but their numbers, so that this package stays
free of the rest of the product.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Kind(models.TextChoices):
    NEW_REFERRAL = "new_referral", "New referral"
    AT_RISK = "at_risk", "Target at risk"
    BREACH = "breach", "Target missed"
    RECEIPT = "receipt", "Receipt"
    OPINION_ASKED = "opinion_asked", "Opinion asked"
    OPINION_ANSWERED = "opinion_answered", "Opinion answered"
    NEW_SIGNS = "new_signs", "New signs"
    OPINION = "opinion", "Opinion not answered"
    STOOD_DOWN = "stood_down", "Stood down"
    TEST = "test", "Test"
    DIGEST = "digest", "Several targets missed"
    COVER_GAP = "cover_gap", "Nobody on duty"
    SWAP = "swap", "Shift to swap"
    HANDOVER = "handover", "Handover"
    LAST_RESORT = "last_resort", "Nobody answers"
    WATCH = "watch", "Targets not watched"
    UNPROVEN = "unproven", "Test page not confirmed"
    PACK = "pack", "Downtime pack not written"
    MEETING = "meeting", "Steering group to meet"
    REPORT = "report", "Report issued"


class Channel(models.TextChoices):
    EMAIL = "email", "Email"
    PAGER = "pager", "Pager or bleep"
    SMS = "sms", "Text message"
    WEBHOOK = "webhook", "Another system"
    TEAMS = "teams", "Teams"
    PUSH = "push", "Browser"
    APPRISE = "apprise", "Another service"
    CONSOLE = "console", "Console"


class State(models.TextChoices):
    PENDING = "pending", "Waiting"
    LEASED = "leased", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Given up"
    DEAD = "dead", "Cannot be delivered"
    SUPERSEDED = "superseded", "No longer needed"


WAITING = (State.PENDING, State.LEASED)


def _together(state: Q, *columns: str) -> Q:
    """The columns are filled in exactly when the row is in that state."""
    filled = Q(**{f"{column}__isnull": False for column in columns})
    empty = Q(**{f"{column}__isnull": True for column in columns})
    return (state & filled) | (~state & empty)


class Notice(models.Model):
    """One message to one person by one channel. Its id is the idempotency key of the gateway.

    `failed` was tried for hours and given up; `dead` cannot be delivered at this address at all.
    `next_attempt_at` of a leased row is the end of its lease: due means due, whatever the state.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dedupe_key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="notices"
    )
    recipient_name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=500)  # a workflow's web address is that long
    fields = models.JSONField(default=dict)
    referral_id = models.UUIDField(null=True, blank=True, db_index=True)
    escalation_id = models.UUIDField(null=True, blank=True)
    priority = models.PositiveSmallIntegerField(default=5, help_text="The lowest goes first.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    provider_ref = models.CharField(max_length=200, blank=True)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    reroute_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when another channel or person is wanted."
    )
    rerouted_at = models.DateTimeField(null=True, blank=True)
    ack_token = models.CharField(max_length=64, null=True, blank=True, unique=True)
    # The defaults are the database's too: a process that still runs the old code writes rows.
    reply_code = models.CharField(
        max_length=6,
        blank=True,
        default="",
        db_default="",
        help_text="What a text message or a page is answered with.",
    )
    receipt = models.CharField(
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text="What the gateway said of it later, in one word.",
    )
    delivered_at = models.DateTimeField(
        null=True, blank=True, help_text="It reached the device; nobody need have read it."
    )

    class Meta:
        app_label = "scheduling"
        ordering = ("-created_at", "pk")
        indexes: ClassVar = [
            models.Index(
                fields=["channel", "priority", "next_attempt_at"],
                condition=Q(state__in=["pending", "leased"]),
                name="notice_due",
            ),
            # The list of what was sent: the latest, without sorting all there ever was.
            models.Index(fields=["-created_at", "id"], name="notice_latest"),
            models.Index(
                fields=["escalation_id"],
                condition=Q(escalation_id__isnull=False),
                name="notice_of_escalation",
            ),
            models.Index(
                fields=["reroute_at"],
                condition=Q(reroute_at__isnull=False, rerouted_at__isnull=True),
                name="notice_to_reroute",
            ),
            models.Index(
                fields=["reply_code", "address"],
                condition=~Q(reply_code=""),
                name="notice_of_reply_code",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="notice_kind_is_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(
                name="notice_channel_is_known", condition=Q(channel__in=Channel.values)
            ),
            models.CheckConstraint(
                name="notice_state_is_known", condition=Q(state__in=State.values)
            ),
            models.CheckConstraint(
                name="notice_leased_has_a_lease",
                condition=_together(Q(state="leased"), "lease_token", "lease_until"),
            ),
            models.CheckConstraint(
                name="notice_sent_says_when", condition=_together(Q(state="sent"), "sent_at")
            ),
            models.CheckConstraint(
                name="notice_failed_says_when",
                condition=_together(Q(state__in=["failed", "dead"]), "failed_at"),
            ),
            models.CheckConstraint(name="notice_has_an_address", condition=~Q(address="")),
            models.CheckConstraint(
                name="notice_rerouted_was_to_be",
                condition=Q(rerouted_at__isnull=True) | Q(reroute_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.get_channel_display().lower()}"

    @property
    def contact_is_bad(self) -> bool:
        """Whether the address itself was refused, so that nobody should be paged there again."""
        last = self.last_error.rpartition("; ")[2]
        refused = self.state == State.DEAD and last.startswith("permanent")
        return refused and self.delivered_at is None


class NoticeAttempt(models.Model):
    """One try at sending. No outcome: whoever tried was stopped before it could say."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="tries", db_index=False)
    number = models.PositiveIntegerField()
    token = models.UUIDField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, blank=True)
    code = models.CharField(max_length=60, blank=True)
    latency_ms = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        app_label = "scheduling"
        ordering = ("notice", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "number"], name="notice_attempt_once"),
            models.CheckConstraint(
                name="notice_attempt_outcome_is_known",
                condition=Q(
                    outcome__in=["", "sent", "transient", "unknown", "permanent", "config"]
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome or 'no answer'}"


class PushSubscription(models.Model):
    """A browser that somebody switched on. Its contact point's address is `push:` and its id."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="push_subscriptions"
    )
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=30)
    created_at = models.DateTimeField()

    class Meta:
        app_label = "scheduling"
        ordering = ("-created_at", "pk")

    def __str__(self) -> str:
        return self.address

    @property
    def address(self) -> str:
        """What the contact point and the notices call it."""
        return f"push:{self.pk}"


class InboundMessage(models.Model):
    """A message another system sent us, told apart by the number it gave it.

    Only a fingerprint is kept: what it said is in the rows it changed.
    """

    class Status(models.TextChoices):
        RECEIVED = "received", "Received"
        DONE = "done", "Done"
        NOTHING = "nothing", "Nothing to do"
        REFUSED = "refused", "Refused"

    source = models.CharField(max_length=40)
    control_id = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField(db_index=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RECEIVED)
    error = models.CharField(max_length=100, blank=True)

    class Meta:
        app_label = "scheduling"
        ordering = ("-received_at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "control_id"], name="inbound_message_once"),
            models.CheckConstraint(
                name="inbound_message_status_is_known",
                condition=Q(status__in=["received", "done", "nothing", "refused"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.status}"
