"""What happened, how well we did, and what the steering group made of it."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mscc.tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    # The steps a database took that was made before the first release.
    replaces = [
        ("audit", "0001_trail"),
        ("audit", "0003_journeys"),
        ("audit", "0004_cohorts_and_deprivation"),
        ("audit", "0005_report_and_steering"),
        ("audit", "0006_cells"),
        ("audit", "0007_read_journeys"),
        ("audit", "0008_journeys_in_order"),
    ]

    dependencies = [
        ("people", "0001_initial"),
        ("referrals", "0001_initial"),
    ]

    operations = [
        CreateTables(
            migrations.CreateModel(
                name="Cell",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "place",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="people.organisation",
                        ),
                    ),
                    ("cut", models.CharField(blank=True, max_length=20)),
                    ("month", models.DateField()),
                    ("imported", models.BooleanField()),
                    ("counts", models.JSONField(default=dict)),
                    ("stale", models.BooleanField(default=True)),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("stale", True)), fields=["place"], name="cell_stale"
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("place", "cut", "month", "imported"), name="cell_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Cohort",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=60, unique=True)),
                    ("source", models.CharField(max_length=500)),
                    ("file_name", models.CharField(max_length=200)),
                    ("sha256", models.CharField(max_length=64, unique=True)),
                    ("mapping", models.TextField()),
                    ("rows", models.PositiveIntegerField()),
                    ("imported_at", models.DateTimeField()),
                    (
                        "imported_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("imported_by_name", models.CharField(max_length=120)),
                ],
            ),
            migrations.CreateModel(
                name="Area",
                fields=[
                    ("code", models.CharField(max_length=9, primary_key=True, serialize=False)),
                    ("quintile", models.SmallIntegerField()),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("quintile__gte", 1), ("quintile__lte", 5)),
                            name="area_is_in_a_fifth",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Postcode",
                fields=[
                    ("postcode", models.CharField(max_length=7, primary_key=True, serialize=False)),
                    ("area", models.CharField(blank=True, max_length=9)),
                    ("quintile", models.SmallIntegerField(null=True)),
                    ("latitude", models.FloatField(null=True)),
                    ("longitude", models.FloatField(null=True)),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("quintile__isnull", True),
                                models.Q(("quintile__gte", 1), ("quintile__lte", 5)),
                                _connector="OR",
                            ),
                            name="postcode_is_in_a_fifth",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                                models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                                _connector="OR",
                            ),
                            name="postcode_has_both_coordinates_or_none",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="HospitalSite",
                fields=[
                    (
                        "hospital",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            primary_key=True,
                            related_name="+",
                            serialize=False,
                            to="people.organisation",
                        ),
                    ),
                    ("postcode", models.CharField(max_length=7)),
                ],
            ),
            migrations.CreateModel(
                name="LookupFile",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=200)),
                    ("sha256", models.CharField(max_length=64)),
                    ("kind", models.CharField(max_length=12)),
                    ("rows", models.PositiveIntegerField()),
                    ("loaded_at", models.DateTimeField()),
                    ("loaded_by", models.CharField(max_length=120)),
                ],
            ),
            migrations.CreateModel(
                name="Journey",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "referral",
                        models.OneToOneField(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="journey",
                            to="referrals.referral",
                        ),
                    ),
                    ("imported", models.BooleanField(default=False)),
                    (
                        "alliance",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="people.organisation",
                        ),
                    ),
                    (
                        "trust",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="people.organisation",
                        ),
                    ),
                    (
                        "hospital",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="people.organisation",
                        ),
                    ),
                    ("received_at", models.DateTimeField()),
                    ("month", models.DateField()),
                    ("suspicion", models.CharField(max_length=20)),
                    ("confirmed", models.CharField(blank=True, max_length=20)),
                    ("deficit", models.CharField(max_length=10)),
                    ("groups", models.JSONField(default=dict)),
                    (
                        "verdicts",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.SmallIntegerField(), size=None
                        ),
                    ),
                    (
                        "seconds",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.IntegerField(null=True), size=None
                        ),
                    ),
                    ("details", models.JSONField(default=dict)),
                    ("followed_days", models.IntegerField(null=True)),
                    ("died", models.BooleanField(default=False)),
                    ("as_of", models.DateTimeField()),
                    ("changes_at", models.DateTimeField(null=True)),
                    ("definitions", models.CharField(max_length=16)),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["hospital", "month"], name="journey_of_month"),
                        models.Index(
                            condition=models.Q(("changes_at__isnull", False)),
                            fields=["changes_at"],
                            name="journey_changes",
                        ),
                        models.Index(fields=["received_at"], name="journey_received"),
                        models.Index(
                            condition=models.Q(("referral__isnull", False)),
                            fields=["definitions"],
                            name="journey_definitions",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("imported", True), ("referral__isnull", False), _connector="OR"
                            ),
                            name="journey_is_of_a_referral_or_imported",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="CohortRow",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "cohort",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="kept_rows",
                            to="audit.cohort",
                        ),
                    ),
                    ("number", models.PositiveIntegerField()),
                    (
                        "journey",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="cohort_row",
                            to="audit.journey",
                        ),
                    ),
                    ("facts", models.JSONField()),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            models.F("cohort"), models.F("number"), name="cohort_row_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="JourneyChanged",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "referral",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="referrals.referral",
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Report",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "alliance",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="people.organisation",
                        ),
                    ),
                    ("first", models.DateField()),
                    ("last", models.DateField()),
                    ("version", models.PositiveIntegerField(default=1)),
                    (
                        "supersedes",
                        models.OneToOneField(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="superseded_by",
                            to="audit.report",
                        ),
                    ),
                    ("why", models.CharField(blank=True, max_length=400)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("draft", "Draft"),
                                ("review", "In review"),
                                ("approved", "Approved"),
                                ("issued", "Issued"),
                            ],
                            default="draft",
                            max_length=10,
                        ),
                    ),
                    ("prepared_at", models.DateTimeField()),
                    ("as_of", models.DateTimeField()),
                    ("definitions", models.CharField(max_length=16)),
                    ("figures", models.JSONField()),
                    ("document", models.JSONField(null=True)),
                    ("sha256", models.CharField(blank=True, max_length=64)),
                    ("returned", models.CharField(blank=True, max_length=400)),
                    (
                        "reviewed_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "approved_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("approved_at", models.DateTimeField(null=True)),
                    (
                        "issued_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("issued_at", models.DateTimeField(null=True)),
                ],
                options={
                    "ordering": ("-first", "-version"),
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("alliance", "first", "last", "version"), name="report_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["draft", "review", "approved", "issued"])
                            ),
                            name="report_state_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("last__gte", models.F("first"))),
                            name="report_ends_after_it_begins",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("state__in", ["approved", "issued"]),
                                    ("approved_by__isnull", False),
                                    ("approved_at__isnull", False),
                                    ("document__isnull", False),
                                ),
                                models.Q(
                                    models.Q(("state__in", ["approved", "issued"]), _negated=True),
                                    ("approved_by__isnull", True),
                                    ("approved_at__isnull", True),
                                    ("document__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="report_approved_by_somebody",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("state", "issued"),
                                    ("issued_by__isnull", False),
                                    ("issued_at__isnull", False),
                                ),
                                models.Q(
                                    models.Q(("state", "issued"), _negated=True),
                                    ("issued_by__isnull", True),
                                    ("issued_at__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="report_issued_by_somebody",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("supersedes", None), ("why", "")),
                                models.Q(
                                    ("supersedes__isnull", False),
                                    models.Q(("why", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="report_says_why_it_is_issued_again",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Comment",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "report",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="comments",
                            to="audit.report",
                        ),
                    ),
                    (
                        "part",
                        models.CharField(
                            choices=[
                                ("service", "What the service says"),
                                ("decide", "What the group is to decide"),
                            ],
                            max_length=8,
                        ),
                    ),
                    (
                        "place",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="people.organisation",
                        ),
                    ),
                    ("words", models.TextField(blank=True)),
                    (
                        "by",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("at", models.DateTimeField()),
                ],
                options={
                    "ordering": ("pk",),
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("part__in", ["service", "decide"])),
                            name="comment_part_is_known",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Digest",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "place",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="people.organisation",
                        ),
                    ),
                    ("month", models.DateField()),
                    ("claimed_until", models.DateTimeField(null=True)),
                    ("attempts", models.PositiveSmallIntegerField(default=0)),
                    ("sent_at", models.DateTimeField(null=True)),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("sent_at", None)),
                            fields=["month"],
                            name="digest_unsent",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("user", "place", "month"), name="digest_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="SteeringGroup",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "alliance",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="steering_group",
                            to="people.organisation",
                        ),
                    ),
                    ("formed_on", models.DateField()),
                    ("next_report_on", models.DateField()),
                    ("reminded_for", models.DateField(null=True)),
                    ("reminded", models.CharField(blank=True, max_length=8)),
                    ("reminded_on", models.DateField(null=True)),
                ],
            ),
            migrations.CreateModel(
                name="Member",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "group",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="members",
                            to="audit.steeringgroup",
                        ),
                    ),
                    ("name", models.CharField(max_length=120)),
                    (
                        "voices",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(
                                choices=[
                                    ("lived_experience", "People with lived experience"),
                                    ("primary", "Primary care"),
                                    ("community", "Community care"),
                                    ("secondary", "Secondary care"),
                                    ("tertiary", "Tertiary care"),
                                    ("service", "The MSCC service"),
                                    ("tumour_group", "An alliance group for a primary tumour"),
                                    ("commissioner", "Commissioners"),
                                    ("alliance", "The cancer alliance"),
                                ],
                                max_length=20,
                            ),
                            size=None,
                        ),
                    ),
                    (
                        "of",
                        models.CharField(
                            blank=True, help_text="Of what place, or which tumour.", max_length=160
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("chairs", models.BooleanField(default=False)),
                    ("joined_on", models.DateField()),
                    ("left_on", models.DateField(blank=True, null=True)),
                ],
                options={
                    "ordering": ("name", "pk"),
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("name", ""), _negated=True),
                            name="member_has_a_name",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("voices__len__gt", 0)),
                            name="member_speaks_for_somebody",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("left_on", None),
                                ("left_on__gte", models.F("joined_on")),
                                _connector="OR",
                            ),
                            name="member_left_after_joining",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("left_on", None), ("user__isnull", False)),
                            fields=("group", "user"),
                            name="member_sits_once",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ReportSent",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "report",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="sent",
                            to="audit.report",
                        ),
                    ),
                    (
                        "member",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="audit.member",
                        ),
                    ),
                    ("by_email", models.BooleanField()),
                    ("at", models.DateTimeField()),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("report", "member"), name="report_sent_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Meeting",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "group",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="meetings",
                            to="audit.steeringgroup",
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("planned", "Planned"),
                                ("held", "Held"),
                                ("called_off", "Called off"),
                            ],
                            default="planned",
                            max_length=10,
                        ),
                    ),
                    ("starts_at", models.DateTimeField()),
                    ("where", models.CharField(blank=True, max_length=200)),
                    ("agenda", models.TextField(blank=True)),
                    ("minutes", models.TextField(blank=True)),
                    ("minutes_agreed_at", models.DateTimeField(null=True)),
                    (
                        "report",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="meetings",
                            to="audit.report",
                        ),
                    ),
                    ("version", models.PositiveIntegerField(default=0)),
                ],
                options={
                    "ordering": ("-starts_at",),
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["planned", "held", "called_off"])),
                            name="meeting_state_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("minutes_agreed_at", None),
                                models.Q(
                                    ("state", "held"), models.Q(("minutes", ""), _negated=True)
                                ),
                                _connector="OR",
                            ),
                            name="meeting_agrees_minutes_it_has",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Attendance",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "meeting",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="attendance",
                            to="audit.meeting",
                        ),
                    ),
                    (
                        "member",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="audit.member",
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[("present", "Present"), ("apologies", "Apologies")],
                            max_length=10,
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("meeting", "member"), name="attendance_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("kind__in", ["present", "apologies"])),
                            name="attendance_kind_is_known",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Action",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "group",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="actions",
                            to="audit.steeringgroup",
                        ),
                    ),
                    (
                        "meeting",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="actions",
                            to="audit.meeting",
                        ),
                    ),
                    ("what", models.CharField(max_length=400)),
                    (
                        "owner",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="actions",
                            to="audit.member",
                        ),
                    ),
                    ("due_on", models.DateField()),
                    ("done_on", models.DateField(null=True)),
                    ("outcome", models.CharField(blank=True, max_length=400)),
                ],
                options={
                    "ordering": ("due_on", "pk"),
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("what", ""), _negated=True), name="action_says_what"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("done_on", None),
                                models.Q(("outcome", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="action_done_says_how",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="PathwayDocument",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "group",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="documents",
                            to="audit.steeringgroup",
                        ),
                    ),
                    ("title", models.CharField(max_length=160)),
                ],
                options={
                    "ordering": ("title", "pk"),
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("title", ""), _negated=True),
                            name="document_has_a_title",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="DocumentVersion",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "document",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="versions",
                            to="audit.pathwaydocument",
                        ),
                    ),
                    ("number", models.PositiveIntegerField()),
                    ("changes", models.CharField(max_length=400)),
                    ("kept_at", models.CharField(max_length=400)),
                    ("written_at", models.DateTimeField()),
                    (
                        "written_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "agreed_at",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="agreed",
                            to="audit.meeting",
                        ),
                    ),
                    ("review_on", models.DateField(null=True)),
                ],
                options={
                    "ordering": ("-number",),
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("document", "number"), name="document_version_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Dissemination",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "version",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="given",
                            to="audit.documentversion",
                        ),
                    ),
                    ("to", models.CharField(max_length=160)),
                    ("on", models.DateField()),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "ordering": ("on", "pk"),
                },
            ),
            migrations.CreateModel(
                name="Trail",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("at", models.DateTimeField()),
                    (
                        "actor",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("process", models.CharField(blank=True, max_length=40)),
                    ("actor_name", models.CharField(max_length=120)),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    ("action", models.CharField(max_length=40)),
                    (
                        "referral",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="trail",
                            to="referrals.referral",
                        ),
                    ),
                    ("details", models.JSONField(default=dict)),
                    ("request_id", models.CharField(blank=True, max_length=40)),
                ],
                options={
                    "ordering": ["id"],
                    "indexes": [
                        models.Index(fields=["referral", "-id"], name="trail_of_referral"),
                        models.Index(fields=["actor", "-id"], name="trail_of_actor"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("actor__isnull", False), ("process", "")),
                                models.Q(
                                    ("actor__isnull", True),
                                    models.Q(("process", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="trail_has_one_actor",
                        )
                    ],
                },
            ),
        ),
    ]
