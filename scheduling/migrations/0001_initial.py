"""Who must do what by when, who covers, and how they are told."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import scheduling.timekeeping.clocks
from mscc.tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    # The steps a database took that was made before the first release.
    replaces = [
        ("scheduling", "0001_notices"),
        ("scheduling", "0002_clocks"),
        ("scheduling", "0003_notice_latest"),
        ("scheduling", "0004_due_work"),
        ("scheduling", "0005_opinion_pages"),
        ("scheduling", "0006_more_kinds_of_notice"),
        ("scheduling", "0007_receipts_and_replies"),
        ("scheduling", "0009_handover_and_test_pages"),
        ("scheduling", "0010_watching"),
        ("scheduling", "0011_browsers"),
        ("scheduling", "0012_rota_patterns_swaps_and_gaps"),
        ("scheduling", "0013_downtime_pack"),
        ("scheduling", "0014_longer_test_addresses"),
        ("scheduling", "0015_notices_of_the_steering_group"),
    ]

    dependencies = [
        ("people", "0001_initial"),
        ("referrals", "0001_initial"),
    ]

    operations = [
        CreateTables(
            migrations.CreateModel(
                name="Clock",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "referral",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="clocks",
                            to="referrals.referral",
                        ),
                    ),
                    ("kind", models.CharField(max_length=20)),
                    ("number", models.PositiveSmallIntegerField()),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("running", "running"),
                                ("met", "met"),
                                ("missed", "missed"),
                                ("superseded", "superseded"),
                                ("excepted", "excepted"),
                                ("void", "void"),
                            ],
                            max_length=12,
                        ),
                    ),
                    ("started_at", models.DateTimeField()),
                    ("at_risk_at", models.DateTimeField()),
                    ("due_at", models.DateTimeField()),
                    ("stopped_at", models.DateTimeField(null=True)),
                    ("reason", models.CharField(blank=True, max_length=60)),
                    ("ladder", models.CharField(max_length=40)),
                ],
                options={
                    "ordering": ["started_at", "due_at", "kind"],
                    "indexes": [
                        models.Index(
                            condition=models.Q(
                                ("state", scheduling.timekeeping.clocks.ClockState["RUNNING"])
                            ),
                            fields=["due_at"],
                            name="clock_running",
                        ),
                        models.Index(
                            condition=models.Q(
                                ("state", scheduling.timekeeping.clocks.ClockState["MISSED"])
                            ),
                            fields=["due_at"],
                            name="clock_missed",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("referral", "kind", "number"), name="clock_once"
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(
                                ("state", scheduling.timekeeping.clocks.ClockState["RUNNING"])
                            ),
                            fields=("referral", "kind"),
                            name="clock_runs_once_a_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    ["running", "met", "missed", "superseded", "excepted", "void"],
                                )
                            ),
                            name="clock_state_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    (
                                        "state__in",
                                        [
                                            scheduling.timekeeping.clocks.ClockState["RUNNING"],
                                            "void",
                                        ],
                                    ),
                                    ("stopped_at__isnull", True),
                                ),
                                models.Q(
                                    models.Q(
                                        (
                                            "state__in",
                                            [
                                                scheduling.timekeeping.clocks.ClockState["RUNNING"],
                                                "void",
                                            ],
                                        ),
                                        _negated=True,
                                    ),
                                    ("stopped_at__gte", models.F("started_at")),
                                    ("stopped_at__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="clock_runs_until_it_stops",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("at_risk_at__lt", models.F("due_at")),
                                ("started_at__lt", models.F("at_risk_at")),
                            ),
                            name="clock_at_risk_before_due",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="BreachRecord",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "clock",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="breach_records",
                            to="scheduling.clock",
                        ),
                    ),
                    (
                        "referral",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="breach_records",
                            to="referrals.referral",
                        ),
                    ),
                    ("due_at", models.DateTimeField()),
                    (
                        "reason",
                        models.CharField(
                            choices=[
                                ("no_slot", "No scanner or slot in time"),
                                ("transfer", "Transport or a bed elsewhere took too long"),
                                ("opinion", "An opinion or a decision came late"),
                                ("report", "The report came late"),
                                ("staff", "Not enough staff on duty"),
                                ("not_told", "Nobody answered, or nobody was told"),
                                ("unwell", "The person was too unwell"),
                                ("choice", "The person chose so"),
                                ("equipment", "Equipment or a system failed"),
                                ("other", "Something else"),
                            ],
                            max_length=12,
                        ),
                    ),
                    ("words", models.TextField(blank=True)),
                    ("owner", models.CharField(max_length=120)),
                    ("incident", models.BooleanField()),
                    ("incident_number", models.CharField(blank=True, max_length=40)),
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
                    (
                        "supersedes",
                        models.OneToOneField(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="superseded_by",
                            to="scheduling.breachrecord",
                        ),
                    ),
                ],
                options={
                    "ordering": ["at", "id"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("owner", ""), _negated=True),
                            name="breachrecord_has_an_owner",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("reason", "other"), _negated=True),
                                models.Q(("words", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="breachrecord_other_is_in_words",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("supersedes__isnull", True)),
                            fields=("clock", "due_at"),
                            name="breachrecord_first_once",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ClockStep",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "clock",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="steps",
                            to="scheduling.clock",
                        ),
                    ),
                    (
                        "referral",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="referrals.referral",
                        ),
                    ),
                    (
                        "step",
                        models.CharField(
                            choices=[("at_risk", "At risk"), ("breach", "Target missed")],
                            max_length=8,
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("armed", "Armed"),
                                ("fired", "Fired"),
                                ("cancelled", "Cancelled"),
                            ],
                            max_length=9,
                        ),
                    ),
                    ("fire_at", models.DateTimeField()),
                    ("fired_at", models.DateTimeField(null=True)),
                    ("attempts", models.PositiveSmallIntegerField(default=0)),
                    ("retry_at", models.DateTimeField(null=True)),
                    ("last_error", models.CharField(blank=True, max_length=200)),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "armed")),
                            fields=["fire_at"],
                            name="clockstep_armed",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("clock", "step"), name="clockstep_once"),
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["armed", "fired", "cancelled"])),
                            name="clockstep_state_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("fired_at__isnull", False), ("state", "fired")),
                                models.Q(
                                    models.Q(("state", "fired"), _negated=True),
                                    ("fired_at__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="clockstep_fired_says_when",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Digest",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
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
                    ("send_at", models.DateTimeField()),
                ],
                options={
                    "ordering": ["-send_at"],
                    "indexes": [models.Index(fields=["user", "-send_at"], name="digest_latest")],
                },
            ),
            migrations.CreateModel(
                name="PackPlace",
                fields=[
                    ("place", models.CharField(max_length=400, primary_key=True, serialize=False)),
                    ("as_of", models.DateTimeField(null=True)),
                    ("written_at", models.DateTimeField(null=True)),
                    ("claimed_until", models.DateTimeField(null=True)),
                    ("failing_since", models.DateTimeField(null=True)),
                    ("last_error", models.CharField(blank=True, default="", max_length=120)),
                    ("told_at", models.DateTimeField(null=True)),
                ],
                options={
                    "ordering": ["place"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("place", ""), _negated=True),
                            name="packplace_is_named",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("as_of__isnull", True), ("written_at__isnull", True)),
                                models.Q(("as_of__isnull", False), ("written_at__isnull", False)),
                                _connector="OR",
                            ),
                            name="packplace_written_says_of_when",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Escalation",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "referral",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="escalations",
                            to="referrals.referral",
                        ),
                    ),
                    (
                        "clock",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="escalations",
                            to="scheduling.clock",
                        ),
                    ),
                    (
                        "about",
                        models.CharField(
                            choices=[
                                ("new_referral", "New referral"),
                                ("new_signs", "New signs"),
                                ("at_risk", "Target at risk"),
                                ("breach", "Target missed"),
                                ("opinion", "Opinion not answered"),
                            ],
                            max_length=12,
                        ),
                    ),
                    ("due_at", models.DateTimeField(null=True)),
                    ("ladder", models.JSONField()),
                    ("rung", models.PositiveSmallIntegerField(default=0)),
                    ("round", models.PositiveSmallIntegerField(default=1)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("open", "Nobody has answered"),
                                ("acknowledged", "Answered"),
                                ("closed", "No longer needed"),
                            ],
                            default="open",
                            max_length=12,
                        ),
                    ),
                    ("opened_at", models.DateTimeField()),
                    ("next_at", models.DateTimeField(null=True)),
                    ("ended_at", models.DateTimeField(null=True)),
                    (
                        "acknowledged_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "acknowledged_via",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("board", "On the board or a page of the product"),
                                ("link", "By the link of a message"),
                                ("reply", "By a reply to a message"),
                                ("telephone", "By telephone"),
                                ("system", "By another system"),
                            ],
                            db_default="",
                            default="",
                            max_length=10,
                        ),
                    ),
                    (
                        "on_behalf_of",
                        models.CharField(blank=True, db_default="", default="", max_length=120),
                    ),
                    ("look_again_at", models.DateTimeField(null=True)),
                    ("attempts", models.PositiveSmallIntegerField(default=0)),
                    ("last_error", models.CharField(blank=True, max_length=200)),
                ],
                options={
                    "ordering": ["-opened_at"],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "open")),
                            fields=["next_at"],
                            name="escalation_open",
                        ),
                        models.Index(
                            condition=models.Q(("state", "acknowledged")),
                            fields=["look_again_at"],
                            name="escalation_to_look_at_again",
                        ),
                        models.Index(
                            condition=models.Q(("state__in", ["open", "acknowledged"])),
                            fields=["referral"],
                            name="escalation_alive",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("next_at__isnull", False), ("state", "open")),
                                models.Q(
                                    models.Q(("state", "open"), _negated=True),
                                    ("next_at__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="escalation_open_has_a_next_time",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "acknowledged"), _negated=True),
                                ("acknowledged_by__isnull", False),
                                _connector="OR",
                            ),
                            name="escalation_acknowledged_has_a_name",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(
                                ("clock__isnull", False), ("state__in", ["open", "acknowledged"])
                            ),
                            fields=("clock", "about"),
                            name="escalation_once_a_clock",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="DigestLine",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "digest",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="lines",
                            to="scheduling.digest",
                        ),
                    ),
                    (
                        "escalation",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="digest_lines",
                            to="scheduling.escalation",
                        ),
                    ),
                    ("rung", models.PositiveSmallIntegerField()),
                    ("round", models.PositiveSmallIntegerField()),
                    ("told_at", models.DateTimeField()),
                ],
                options={
                    "ordering": ["digest", "pk"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("digest", "escalation", "rung", "round"), name="digestline_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("round__gte", 1)), name="digestline_round_from_one"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="PageAnswer",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "escalation",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="answers",
                            to="scheduling.escalation",
                        ),
                    ),
                    ("at", models.DateTimeField()),
                    (
                        "what",
                        models.CharField(
                            choices=[
                                ("have", "I have it"),
                                ("cannot", "I cannot take it"),
                                ("again", "Rings again"),
                            ],
                            max_length=8,
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "via",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("board", "On the board or a page of the product"),
                                ("link", "By the link of a message"),
                                ("reply", "By a reply to a message"),
                                ("telephone", "By telephone"),
                                ("system", "By another system"),
                            ],
                            max_length=10,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    ("look_again_at", models.DateTimeField(null=True)),
                ],
                options={
                    "ordering": ["at", "id"],
                    "indexes": [
                        models.Index(fields=["escalation", "at"], name="pageanswer_of_a_climb")
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("what__in", ["have", "cannot", "again"])),
                            name="pageanswer_what_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("what", "again"), ("by__isnull", False), _connector="OR"
                            ),
                            name="pageanswer_has_a_name",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="TestRound",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("day", models.DateField(unique=True)),
                    ("sent_at", models.DateTimeField()),
                    ("told_at", models.DateTimeField(null=True)),
                ],
                options={
                    "ordering": ["-day"],
                },
            ),
            migrations.CreateModel(
                name="TestPage",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "round",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="pages",
                            to="scheduling.testround",
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="test_pages",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "contact",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="people.contactpoint",
                        ),
                    ),
                    ("channel", models.CharField(max_length=10)),
                    ("address", models.CharField(max_length=500)),
                    ("sent_at", models.DateTimeField()),
                    ("answered_at", models.DateTimeField(null=True)),
                    (
                        "answered_by",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("link", "by the link in the message"),
                                ("reply", "by replying to the message"),
                                ("said", "by saying that it arrived"),
                            ],
                            max_length=5,
                        ),
                    ),
                ],
                options={
                    "ordering": ["-sent_at", "channel"],
                    "indexes": [
                        models.Index(fields=["user", "-sent_at"], name="test_page_of_user")
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("answered_at__isnull", True), ("answered_by", "")),
                                models.Q(
                                    ("answered_at__isnull", False),
                                    ("answered_by__in", ["link", "reply", "said"]),
                                ),
                                _connector="OR",
                            ),
                            name="test_page_answer_says_when_and_how",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Handover",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "organisation",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="handovers",
                            to="people.organisation",
                        ),
                    ),
                    (
                        "role",
                        models.CharField(
                            choices=[
                                ("referrer", "Referrer"),
                                ("coordinator", "MSCC coordinator"),
                                ("designated_clinician", "Designated clinician"),
                                ("senior_clinician", "Senior clinician"),
                                ("specialty_contact", "Specialty contact"),
                                ("service_lead", "Service lead"),
                                ("alliance_lead", "Alliance lead"),
                                ("administrator", "Administrator"),
                            ],
                            default="coordinator",
                            max_length=24,
                        ),
                    ),
                    (
                        "from_user",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "to_user",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("changes_at", models.DateTimeField()),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("draft", "Being written"),
                                ("offered", "Waits to be accepted"),
                                ("accepted", "Accepted"),
                                ("lapsed", "Never accepted"),
                                ("withdrawn", "Not needed"),
                            ],
                            default="draft",
                            max_length=9,
                        ),
                    ),
                    ("note", models.TextField(blank=True)),
                    ("notes", models.JSONField(default=dict)),
                    ("version", models.PositiveIntegerField(default=0)),
                    ("items", models.JSONField(default=list)),
                    ("changed", models.JSONField(default=list)),
                    ("created_at", models.DateTimeField()),
                    ("offered_at", models.DateTimeField(null=True)),
                    (
                        "offered_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("accepted_at", models.DateTimeField(null=True)),
                    (
                        "accepted_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("told_at", models.DateTimeField(null=True)),
                ],
                options={
                    "ordering": ["-changes_at", "organisation"],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state__in", ["draft", "offered"])),
                            fields=["changes_at"],
                            name="handover_alive",
                        ),
                        models.Index(
                            fields=["organisation", "-changes_at"], name="handover_of_place"
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    ["draft", "offered", "accepted", "lapsed", "withdrawn"],
                                )
                            ),
                            name="handover_state_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("accepted_at__isnull", False),
                                    ("accepted_by__isnull", False),
                                    ("offered_at__isnull", False),
                                    ("state", "accepted"),
                                ),
                                models.Q(
                                    models.Q(("state", "accepted"), _negated=True),
                                    ("accepted_by__isnull", True),
                                    ("accepted_at__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="handover_accepted_has_a_name",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "offered"), _negated=True),
                                ("offered_at__isnull", False),
                                _connector="OR",
                            ),
                            name="handover_offered_says_when",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "withdrawn"), _negated=True),
                            fields=("organisation", "role", "changes_at"),
                            name="handover_once_a_change",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Heartbeat",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("component", models.CharField(max_length=20)),
                    ("instance", models.CharField(max_length=80)),
                    (
                        "process",
                        models.CharField(blank=True, db_default="", default="", max_length=20),
                    ),
                    (
                        "build",
                        models.CharField(blank=True, db_default="", default="", max_length=40),
                    ),
                    ("beat_at", models.DateTimeField()),
                    ("progress_at", models.DateTimeField(null=True)),
                    ("backlog", models.PositiveIntegerField(null=True)),
                    ("oldest_due_s", models.PositiveIntegerField(null=True)),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("component", "instance"), name="heartbeat_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="EscalationLadder",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "organisation",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="ladders",
                            to="people.organisation",
                        ),
                    ),
                    (
                        "about",
                        models.CharField(
                            choices=[
                                ("new_referral", "New referral"),
                                ("new_signs", "New signs"),
                                ("at_risk", "Target at risk"),
                                ("breach", "Target missed"),
                                ("opinion", "Opinion not answered"),
                            ],
                            max_length=12,
                        ),
                    ),
                    (
                        "suspicion",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("", "Any suspicion"),
                                ("mscc", "Suspected MSCC"),
                                ("spinal_metastases", "Suspected spinal metastases"),
                            ],
                            max_length=20,
                        ),
                    ),
                    ("target", models.CharField(blank=True, max_length=20)),
                    ("version", models.PositiveIntegerField()),
                    ("rungs", models.JSONField()),
                    ("repeat_s", models.PositiveIntegerField()),
                    (
                        "made_by",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("made_at", models.DateTimeField()),
                    ("in_force_from", models.DateTimeField()),
                ],
                options={
                    "ordering": ["-version"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("organisation", "version"), name="ladder_version_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("version__gte", 1)), name="ladder_version_from_one"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("repeat_s__gte", 60), ("repeat_s__lte", 86400)),
                            name="ladder_repeats_within_a_day",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="RotaPattern",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "organisation",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="rota_patterns",
                            to="people.organisation",
                        ),
                    ),
                    (
                        "role",
                        models.CharField(
                            choices=[
                                ("referrer", "Referrer"),
                                ("coordinator", "MSCC coordinator"),
                                ("designated_clinician", "Designated clinician"),
                                ("senior_clinician", "Senior clinician"),
                                ("specialty_contact", "Specialty contact"),
                                ("service_lead", "Service lead"),
                                ("alliance_lead", "Alliance lead"),
                                ("administrator", "Administrator"),
                            ],
                            max_length=24,
                        ),
                    ),
                    (
                        "specialty",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("acute_oncology", "Acute oncology"),
                                ("haematology", "Haematology"),
                                ("histopathology", "Histopathology"),
                                ("oncology", "Oncology"),
                                ("palliative_care", "Palliative care"),
                                ("physiotherapy", "Physiotherapy"),
                                ("radiology", "Radiology"),
                                ("spinal_surgery", "Spinal surgery"),
                            ],
                            max_length=20,
                        ),
                    ),
                    ("lines", models.JSONField()),
                    ("people", models.JSONField()),
                    ("weeks_each", models.PositiveSmallIntegerField(default=1)),
                    ("first_day", models.DateField()),
                    ("last_day", models.DateField()),
                    (
                        "made_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("made_at", models.DateTimeField()),
                    ("ended_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "ordering": ["-made_at"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("last_day__gte", models.F("first_day"))),
                            name="rota_pattern_ends_after_it_starts",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Shift",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "organisation",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="shifts",
                            to="people.organisation",
                        ),
                    ),
                    (
                        "role",
                        models.CharField(
                            choices=[
                                ("referrer", "Referrer"),
                                ("coordinator", "MSCC coordinator"),
                                ("designated_clinician", "Designated clinician"),
                                ("senior_clinician", "Senior clinician"),
                                ("specialty_contact", "Specialty contact"),
                                ("service_lead", "Service lead"),
                                ("alliance_lead", "Alliance lead"),
                                ("administrator", "Administrator"),
                            ],
                            max_length=24,
                        ),
                    ),
                    (
                        "specialty",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("acute_oncology", "Acute oncology"),
                                ("haematology", "Haematology"),
                                ("histopathology", "Histopathology"),
                                ("oncology", "Oncology"),
                                ("palliative_care", "Palliative care"),
                                ("physiotherapy", "Physiotherapy"),
                                ("radiology", "Radiology"),
                                ("spinal_surgery", "Spinal surgery"),
                            ],
                            max_length=20,
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="shifts",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("starts_at", models.DateTimeField()),
                    ("ends_at", models.DateTimeField()),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("planned", "Planned"),
                                ("pattern", "From a pattern"),
                                ("override", "Instead of somebody"),
                                ("swap", "Swapped"),
                            ],
                            db_default="planned",
                            default="planned",
                            max_length=8,
                        ),
                    ),
                    (
                        "pattern",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="shifts",
                            to="scheduling.rotapattern",
                        ),
                    ),
                    (
                        "note",
                        models.CharField(blank=True, db_default="", default="", max_length=200),
                    ),
                ],
                options={
                    "ordering": ["starts_at"],
                    "indexes": [
                        models.Index(
                            fields=["organisation", "role", "ends_at"], name="shift_who_is_on"
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                            name="shift_ends_after_it_starts",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("kind__in", ["planned", "pattern", "override", "swap"])
                            ),
                            name="shift_kind_is_known",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="DutyStart",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "shift",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="start",
                            to="scheduling.shift",
                        ),
                    ),
                    ("confirmed_at", models.DateTimeField(null=True)),
                    ("told_at", models.DateTimeField(null=True)),
                ],
            ),
            migrations.CreateModel(
                name="SwapRequest",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "shift",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="swaps",
                            to="scheduling.shift",
                        ),
                    ),
                    (
                        "organisation",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="people.organisation",
                        ),
                    ),
                    (
                        "role",
                        models.CharField(
                            choices=[
                                ("referrer", "Referrer"),
                                ("coordinator", "MSCC coordinator"),
                                ("designated_clinician", "Designated clinician"),
                                ("senior_clinician", "Senior clinician"),
                                ("specialty_contact", "Specialty contact"),
                                ("service_lead", "Service lead"),
                                ("alliance_lead", "Alliance lead"),
                                ("administrator", "Administrator"),
                            ],
                            max_length=24,
                        ),
                    ),
                    ("starts_at", models.DateTimeField()),
                    ("ends_at", models.DateTimeField()),
                    (
                        "asked_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="swaps_asked_for",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "asked",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="swaps_asked_of",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("asked", "Not answered yet"),
                                ("accepted", "Accepted"),
                                ("declined", "Declined"),
                                ("withdrawn", "Withdrawn"),
                                ("lapsed", "Not answered in time"),
                            ],
                            default="asked",
                            max_length=10,
                        ),
                    ),
                    ("asked_at", models.DateTimeField()),
                    ("chase_at", models.DateTimeField()),
                    ("tell_lead_at", models.DateTimeField()),
                    ("chased_at", models.DateTimeField(blank=True, null=True)),
                    ("told_lead_at", models.DateTimeField(blank=True, null=True)),
                    ("answered_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "ordering": ["-asked_at"],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "asked")),
                            fields=["chase_at"],
                            name="swap_unanswered",
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    ["asked", "accepted", "declined", "withdrawn", "lapsed"],
                                )
                            ),
                            name="swap_state_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("answered_at", None), ("state", "asked")),
                                models.Q(
                                    models.Q(("state", "asked"), _negated=True),
                                    ("answered_at__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="swap_answered_says_when",
                        ),
                        models.UniqueConstraint(
                            models.F("shift"),
                            condition=models.Q(("state", "asked")),
                            name="swap_asked_once_of_a_shift",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CoverGap",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "organisation",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="cover_gaps",
                            to="people.organisation",
                        ),
                    ),
                    (
                        "role",
                        models.CharField(
                            choices=[
                                ("referrer", "Referrer"),
                                ("coordinator", "MSCC coordinator"),
                                ("designated_clinician", "Designated clinician"),
                                ("senior_clinician", "Senior clinician"),
                                ("specialty_contact", "Specialty contact"),
                                ("service_lead", "Service lead"),
                                ("alliance_lead", "Alliance lead"),
                                ("administrator", "Administrator"),
                            ],
                            max_length=24,
                        ),
                    ),
                    (
                        "specialty",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("acute_oncology", "Acute oncology"),
                                ("haematology", "Haematology"),
                                ("histopathology", "Histopathology"),
                                ("oncology", "Oncology"),
                                ("palliative_care", "Palliative care"),
                                ("physiotherapy", "Physiotherapy"),
                                ("radiology", "Radiology"),
                                ("spinal_surgery", "Spinal surgery"),
                            ],
                            max_length=20,
                        ),
                    ),
                    ("starts_at", models.DateTimeField()),
                    ("ends_at", models.DateTimeField()),
                    ("found_at", models.DateTimeField()),
                    ("told", models.CharField(blank=True, max_length=4)),
                    ("told_at", models.DateTimeField(blank=True, null=True)),
                    ("times_told", models.PositiveIntegerField(default=0)),
                    ("closed_at", models.DateTimeField(blank=True, null=True)),
                    ("filled", models.BooleanField(null=True)),
                ],
                options={
                    "ordering": ["starts_at"],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("closed_at", None)),
                            fields=["organisation", "role"],
                            name="cover_gap_open",
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                            name="cover_gap_ends_after_it_starts",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("told__in", ["", "week", "day", "now"])),
                            name="cover_gap_told_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("closed_at", None), ("filled", None)),
                                models.Q(("closed_at__isnull", False), ("filled__isnull", False)),
                                _connector="OR",
                            ),
                            name="cover_gap_closed_says_how",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="RotaFeed",
                fields=[
                    (
                        "user",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            primary_key=True,
                            related_name="rota_feed",
                            serialize=False,
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("digest", models.CharField(max_length=64, unique=True)),
                    ("made_at", models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name="Watching",
                fields=[
                    (
                        "id",
                        models.PositiveSmallIntegerField(
                            default=1, primary_key=True, serialize=False
                        ),
                    ),
                    ("audited_at", models.DateTimeField(null=True)),
                    ("passed_at", models.DateTimeField(null=True)),
                    ("failing_since", models.DateTimeField(null=True)),
                    ("took_ms", models.PositiveIntegerField(null=True)),
                    ("findings", models.JSONField(default=list)),
                    ("switch_tried_at", models.DateTimeField(null=True)),
                    ("switch_told_at", models.DateTimeField(null=True)),
                    ("switch_error", models.CharField(blank=True, default="", max_length=80)),
                    ("alarmed_at", models.DateTimeField(null=True)),
                    ("mailed_at", models.DateTimeField(null=True)),
                    ("mail_error", models.CharField(blank=True, default="", max_length=80)),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("id", 1)), name="watching_is_one_row"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="RoundRun",
                fields=[
                    ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                    ("started_at", models.DateTimeField(null=True)),
                    ("finished_at", models.DateTimeField(null=True)),
                    ("failed_at", models.DateTimeField(null=True)),
                    ("last_error", models.CharField(blank=True, default="", max_length=80)),
                ],
            ),
            migrations.CreateModel(
                name="PlannedDowntime",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    ("starts_at", models.DateTimeField()),
                    ("ends_at", models.DateTimeField()),
                    ("reason", models.CharField(max_length=200)),
                    (
                        "announced_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("announced_at", models.DateTimeField()),
                    ("ended_at", models.DateTimeField(null=True)),
                    ("paused_at", models.DateTimeField(null=True)),
                ],
                options={
                    "ordering": ["-starts_at"],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("ended_at__isnull", True)),
                            fields=["ends_at"],
                            name="downtime_not_over",
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                            name="downtime_ends_after_it_starts",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("reason", ""), _negated=True),
                            name="downtime_has_a_reason",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="DueWork",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "referral",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="due_work",
                            to="referrals.referral",
                        ),
                    ),
                    ("key", models.CharField(max_length=60)),
                    ("due_at", models.DateTimeField()),
                    ("told_at", models.DateTimeField(null=True)),
                ],
                options={
                    "ordering": ["due_at", "key"],
                    "indexes": [
                        models.Index(fields=["due_at"], name="due_work"),
                        models.Index(
                            condition=models.Q(
                                ("key__startswith", "opinion."), ("told_at__isnull", True)
                            ),
                            fields=["due_at"],
                            name="due_work_to_tell",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("referral", "key"), name="due_work_once")
                    ],
                },
            ),
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
                                ("opinion", "Opinion not answered"),
                                ("stood_down", "Stood down"),
                                ("test", "Test"),
                                ("digest", "Several targets missed"),
                                ("cover_gap", "Nobody on duty"),
                                ("swap", "Shift to swap"),
                                ("handover", "Handover"),
                                ("last_resort", "Nobody answers"),
                                ("watch", "Targets not watched"),
                                ("unproven", "Test page not confirmed"),
                                ("pack", "Downtime pack not written"),
                                ("meeting", "Steering group to meet"),
                                ("report", "Report issued"),
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
                                ("teams", "Teams"),
                                ("push", "Browser"),
                                ("apprise", "Another service"),
                                ("console", "Console"),
                            ],
                            max_length=10,
                        ),
                    ),
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
                    ("recipient_name", models.CharField(blank=True, max_length=200)),
                    ("address", models.CharField(max_length=500)),
                    ("fields", models.JSONField(default=dict)),
                    ("referral_id", models.UUIDField(blank=True, db_index=True, null=True)),
                    ("escalation_id", models.UUIDField(blank=True, null=True)),
                    (
                        "priority",
                        models.PositiveSmallIntegerField(
                            default=5, help_text="The lowest goes first."
                        ),
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
                    (
                        "ack_token",
                        models.CharField(blank=True, max_length=64, null=True, unique=True),
                    ),
                    (
                        "reply_code",
                        models.CharField(
                            blank=True,
                            db_default="",
                            default="",
                            help_text="What a text message or a page is answered with.",
                            max_length=6,
                        ),
                    ),
                    (
                        "receipt",
                        models.CharField(
                            blank=True,
                            db_default="",
                            default="",
                            help_text="What the gateway said of it later, in one word.",
                            max_length=40,
                        ),
                    ),
                    (
                        "delivered_at",
                        models.DateTimeField(
                            blank=True,
                            help_text="It reached the device; nobody need have read it.",
                            null=True,
                        ),
                    ),
                ],
                options={
                    "ordering": ("-created_at", "pk"),
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state__in", ["pending", "leased"])),
                            fields=["channel", "priority", "next_attempt_at"],
                            name="notice_due",
                        ),
                        models.Index(fields=["-created_at", "id"], name="notice_latest"),
                        models.Index(
                            condition=models.Q(("escalation_id__isnull", False)),
                            fields=["escalation_id"],
                            name="notice_of_escalation",
                        ),
                        models.Index(
                            condition=models.Q(
                                ("reroute_at__isnull", False), ("rerouted_at__isnull", True)
                            ),
                            fields=["reroute_at"],
                            name="notice_to_reroute",
                        ),
                        models.Index(
                            condition=models.Q(("reply_code", ""), _negated=True),
                            fields=["reply_code", "address"],
                            name="notice_of_reply_code",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
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
                                        "opinion",
                                        "stood_down",
                                        "test",
                                        "digest",
                                        "cover_gap",
                                        "swap",
                                        "handover",
                                        "last_resort",
                                        "watch",
                                        "unproven",
                                        "pack",
                                        "meeting",
                                        "report",
                                    ],
                                )
                            ),
                            name="notice_kind_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "channel__in",
                                    [
                                        "email",
                                        "pager",
                                        "sms",
                                        "webhook",
                                        "teams",
                                        "push",
                                        "apprise",
                                        "console",
                                    ],
                                )
                            ),
                            name="notice_channel_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    ["pending", "leased", "sent", "failed", "dead", "superseded"],
                                )
                            ),
                            name="notice_state_is_known",
                        ),
                        models.CheckConstraint(
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
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "sent"), ("sent_at__isnull", False)),
                                models.Q(
                                    models.Q(("state", "sent"), _negated=True),
                                    ("sent_at__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="notice_sent_says_when",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("state__in", ["failed", "dead"]), ("failed_at__isnull", False)
                                ),
                                models.Q(
                                    models.Q(("state__in", ["failed", "dead"]), _negated=True),
                                    ("failed_at__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="notice_failed_says_when",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("address", ""), _negated=True),
                            name="notice_has_an_address",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("rerouted_at__isnull", True),
                                ("reroute_at__isnull", False),
                                _connector="OR",
                            ),
                            name="notice_rerouted_was_to_be",
                        ),
                    ],
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
                    (
                        "notice",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="tries",
                            to="scheduling.notice",
                        ),
                    ),
                    ("number", models.PositiveIntegerField()),
                    ("token", models.UUIDField()),
                    ("started_at", models.DateTimeField()),
                    ("finished_at", models.DateTimeField(blank=True, null=True)),
                    ("outcome", models.CharField(blank=True, max_length=10)),
                    ("code", models.CharField(blank=True, max_length=60)),
                    ("latency_ms", models.PositiveIntegerField(blank=True, null=True)),
                ],
                options={
                    "ordering": ("notice", "number"),
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("notice", "number"), name="notice_attempt_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "outcome__in",
                                    ["", "sent", "transient", "unknown", "permanent", "config"],
                                )
                            ),
                            name="notice_attempt_outcome_is_known",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="PushSubscription",
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
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="push_subscriptions",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("endpoint", models.CharField(max_length=1000, unique=True)),
                    ("p256dh", models.CharField(max_length=100)),
                    ("auth", models.CharField(max_length=30)),
                    ("created_at", models.DateTimeField()),
                ],
                options={
                    "ordering": ("-created_at", "pk"),
                },
            ),
            migrations.CreateModel(
                name="InboundMessage",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("source", models.CharField(max_length=40)),
                    ("control_id", models.CharField(max_length=100)),
                    ("sha256", models.CharField(max_length=64)),
                    ("received_at", models.DateTimeField(db_index=True)),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("received", "Received"),
                                ("done", "Done"),
                                ("nothing", "Nothing to do"),
                                ("refused", "Refused"),
                            ],
                            default="received",
                            max_length=10,
                        ),
                    ),
                    ("error", models.CharField(blank=True, max_length=100)),
                ],
                options={
                    "ordering": ("-received_at", "pk"),
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("source", "control_id"), name="inbound_message_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("status__in", ["received", "done", "nothing", "refused"])
                            ),
                            name="inbound_message_status_is_known",
                        ),
                    ],
                },
            ),
        ),
    ]
