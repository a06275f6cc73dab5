import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The database's own copy of the allow-list: even a program that goes round the outbox can store
# nothing else for sending.
ONLY_ALLOWED_FIELDS = """
ALTER TABLE scheduling_notice ADD CONSTRAINT notice_fields_are_allowed CHECK (
    jsonb_typeof(fields) = 'object'
    AND fields - ARRAY['reference', 'what', 'due', 'call_back', 'link', 'repeat'] = '{}'::jsonb
    AND COALESCE(fields ->> 'reference', 'AAA-00') ~ '^[0-9A-Z]{3}-[0-9A-Z]{2}$'
)
"""
FORGET = "ALTER TABLE scheduling_notice DROP CONSTRAINT notice_fields_are_allowed"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("dedupe_key", models.CharField(max_length=200, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new_referral", "New referral"),
                            ("at_risk", "Target at risk"),
                            ("breach", "Target missed"),
                            ("receipt", "Receipt"),
                            ("opinion_asked", "Opinion asked"),
                            ("opinion_answered", "Opinion answered"),
                            ("new_signs", "New signs"),
                            ("stood_down", "Stood down"),
                            ("test", "Test"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "Email"),
                            ("pager", "Pager or bleep"),
                            ("sms", "Text message"),
                            ("webhook", "Another system"),
                            ("console", "Console"),
                        ],
                        max_length=10,
                    ),
                ),
                ("recipient_name", models.CharField(blank=True, max_length=200)),
                ("address", models.CharField(max_length=254)),
                ("fields", models.JSONField(default=dict)),
                ("referral_id", models.UUIDField(blank=True, db_index=True, null=True)),
                ("escalation_id", models.UUIDField(blank=True, null=True)),
                (
                    "priority",
                    models.PositiveSmallIntegerField(default=5, help_text="The lowest goes first."),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting"),
                            ("leased", "Being sent"),
                            ("sent", "Sent"),
                            ("failed", "Given up"),
                            ("dead", "Cannot be delivered"),
                            ("superseded", "No longer needed"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("lease_token", models.UUIDField(blank=True, null=True)),
                ("provider_ref", models.CharField(blank=True, max_length=200)),
                ("last_error", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reroute_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Since when another channel or person is wanted.",
                        null=True,
                    ),
                ),
                ("rerouted_at", models.DateTimeField(blank=True, null=True)),
                ("ack_token", models.CharField(blank=True, max_length=64, null=True, unique=True)),
                (
                    "recipient",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="NoticeAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("token", models.UUIDField()),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.CharField(blank=True, max_length=10)),
                ("code", models.CharField(blank=True, max_length=60)),
                ("latency_ms", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "notice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tries",
                        to="scheduling.notice",
                    ),
                ),
            ],
            options={
                "ordering": ("notice", "number"),
            },
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("state__in", ["pending", "leased"])),
                fields=["channel", "priority", "next_attempt_at"],
                name="notice_due",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("escalation_id__isnull", False)),
                fields=["escalation_id"],
                name="notice_of_escalation",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("reroute_at__isnull", False), ("rerouted_at__isnull", True)),
                fields=["reroute_at"],
                name="notice_to_reroute",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "new_referral",
                            "at_risk",
                            "breach",
                            "receipt",
                            "opinion_asked",
                            "opinion_answered",
                            "new_signs",
                            "stood_down",
                            "test",
                        ],
                    )
                ),
                name="notice_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("channel__in", ["email", "pager", "sms", "webhook", "console"])
                ),
                name="notice_channel_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["pending", "leased", "sent", "failed", "dead", "superseded"])
                ),
                name="notice_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "leased"),
                        ("lease_token__isnull", False),
                        ("lease_until__isnull", False),
                    ),
                    models.Q(
                        models.Q(("state", "leased"), _negated=True),
                        ("lease_token__isnull", True),
                        ("lease_until__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="notice_leased_has_a_lease",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "sent"), ("sent_at__isnull", False)),
                    models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", True)),
                    _connector="OR",
                ),
                name="notice_sent_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["failed", "dead"]), ("failed_at__isnull", False)),
                    models.Q(
                        models.Q(("state__in", ["failed", "dead"]), _negated=True),
                        ("failed_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="notice_failed_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("address", ""), _negated=True), name="notice_has_an_address"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rerouted_at__isnull", True), ("reroute_at__isnull", False), _connector="OR"
                ),
                name="notice_rerouted_was_to_be",
            ),
        ),
        migrations.AddConstraint(
            model_name="noticeattempt",
            constraint=models.UniqueConstraint(
                fields=("notice", "number"), name="notice_attempt_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="noticeattempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ["", "sent", "transient", "unknown", "permanent", "config"])
                ),
                name="notice_attempt_outcome_is_known",
            ),
        ),
        migrations.RunSQL(ONLY_ALLOWED_FIELDS, FORGET),
    ]
