"""Who works where, how they are reached, and how they sign in."""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import mscc.clock
from mscc.tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    # The steps a database took that was made before the first release.
    replaces = [
        ("people", "0002_api_token"),
        ("people", "0003_more_channels"),
        ("people", "0004_longer_addresses"),
    ]

    dependencies = []

    operations = [
        CreateTables(
            migrations.CreateModel(
                name="Organisation",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("alliance", "Cancer alliance"),
                                ("trust", "Trust"),
                                ("hospital", "Hospital"),
                                ("ward", "Ward or department"),
                            ],
                            max_length=8,
                        ),
                    ),
                    ("name", models.CharField(max_length=120)),
                    ("code", models.CharField(blank=True, max_length=12, verbose_name="ODS code")),
                    (
                        "parent",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="parts",
                            to="people.organisation",
                        ),
                    ),
                    (
                        "alliance",
                        models.ForeignKey(
                            blank=True,
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="people.organisation",
                        ),
                    ),
                    (
                        "trust",
                        models.ForeignKey(
                            blank=True,
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="people.organisation",
                        ),
                    ),
                    (
                        "hospital",
                        models.ForeignKey(
                            blank=True,
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="people.organisation",
                        ),
                    ),
                    ("phone", models.CharField(blank=True, max_length=40)),
                ],
                options={
                    "ordering": ("name",),
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("alliance", None),
                                    ("hospital", None),
                                    ("kind", "alliance"),
                                    ("parent", None),
                                    ("trust", None),
                                ),
                                models.Q(
                                    ("alliance__isnull", False),
                                    ("hospital", None),
                                    ("kind", "trust"),
                                    ("parent", models.F("alliance")),
                                    ("parent__isnull", False),
                                    ("trust", None),
                                ),
                                models.Q(
                                    ("alliance__isnull", False),
                                    ("hospital", None),
                                    ("kind", "hospital"),
                                    ("parent", models.F("trust")),
                                    ("parent__isnull", False),
                                    ("trust__isnull", False),
                                ),
                                models.Q(
                                    ("alliance__isnull", False),
                                    ("hospital__isnull", False),
                                    ("kind", "ward"),
                                    ("parent", models.F("hospital")),
                                    ("parent__isnull", False),
                                    ("trust__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="organisation_sits_where_its_kind_belongs",
                            violation_error_message="A trust belongs to an alliance, a hospital to a trust, a ward to a hospital.",
                        ),
                        models.UniqueConstraint(
                            models.F("parent"),
                            models.F("name"),
                            name="organisation_name_once_within_its_parent",
                        ),
                        models.UniqueConstraint(
                            models.F("code"),
                            condition=models.Q(("code", ""), _negated=True),
                            name="organisation_code_once",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="User",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("password", models.CharField(max_length=128, verbose_name="password")),
                    (
                        "last_login",
                        models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                    ),
                    (
                        "email",
                        models.EmailField(
                            max_length=254, unique=True, verbose_name="email address"
                        ),
                    ),
                    ("name", models.CharField(max_length=120)),
                    ("job_title", models.CharField(blank=True, max_length=120)),
                    (
                        "phone",
                        models.CharField(blank=True, max_length=40, verbose_name="phone or bleep"),
                    ),
                    ("is_active", models.BooleanField(default=True, verbose_name="may sign in")),
                    ("date_joined", models.DateTimeField(default=mscc.clock.now, editable=False)),
                ],
                options={
                    "ordering": ("name",),
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("email", django.db.models.functions.text.Lower("email"))
                            ),
                            name="user_email_in_lower_case",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("name", ""), _negated=True), name="user_has_a_name"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Assignment",
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
                            related_name="assignments",
                            to=settings.AUTH_USER_MODEL,
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
                        "organisation",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="assignments",
                            to="people.organisation",
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
                            null=True,
                        ),
                    ),
                    ("starts_at", models.DateTimeField()),
                    ("ends_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "ordering": ("pk",),
                    "indexes": [
                        models.Index(fields=["organisation", "role"], name="assignment_place_role")
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "role__in",
                                    [
                                        "referrer",
                                        "coordinator",
                                        "designated_clinician",
                                        "senior_clinician",
                                        "specialty_contact",
                                        "service_lead",
                                        "alliance_lead",
                                        "administrator",
                                    ],
                                )
                            ),
                            name="assignment_role_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("specialty", None),
                                (
                                    "specialty__in",
                                    [
                                        "acute_oncology",
                                        "haematology",
                                        "histopathology",
                                        "oncology",
                                        "palliative_care",
                                        "physiotherapy",
                                        "radiology",
                                        "spinal_surgery",
                                    ],
                                ),
                                _connector="OR",
                            ),
                            name="assignment_specialty_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("role", "specialty_contact"), ("specialty__isnull", False)
                                ),
                                models.Q(
                                    models.Q(("role", "specialty_contact"), _negated=True),
                                    ("specialty", None),
                                ),
                                _connector="OR",
                            ),
                            name="assignment_specialty_for_specialty_contacts_only",
                            violation_error_message="Choose a specialty for a specialty contact and only then.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("ends_at", None),
                                ("ends_at__gt", models.F("starts_at")),
                                _connector="OR",
                            ),
                            name="assignment_ends_after_it_starts",
                            violation_error_message="The end must be after the start.",
                        ),
                        models.UniqueConstraint(
                            models.F("user"),
                            models.F("role"),
                            models.F("organisation"),
                            models.F("specialty"),
                            condition=models.Q(("ends_at", None)),
                            name="assignment_open_once",
                            nulls_distinct=False,
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ContactPoint",
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
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="contacts",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "organisation",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="contacts",
                            to="people.organisation",
                        ),
                    ),
                    (
                        "channel",
                        models.CharField(
                            choices=[
                                ("email", "Email"),
                                ("pager", "Pager or bleep"),
                                ("sms", "Text message"),
                                ("voice", "Telephone"),
                                ("webhook", "Another system"),
                                ("teams", "Teams channel"),
                                ("push", "This browser"),
                                ("apprise", "Another service"),
                            ],
                            max_length=8,
                        ),
                    ),
                    ("address", models.CharField(max_length=500)),
                    (
                        "priority",
                        models.PositiveSmallIntegerField(
                            default=1, help_text="The lowest is tried first."
                        ),
                    ),
                    ("proven_at", models.DateTimeField(blank=True, editable=False, null=True)),
                    ("marked_bad_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ],
                options={
                    "ordering": ("priority", "pk"),
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("organisation", None), ("user__isnull", False)),
                                models.Q(("organisation__isnull", False), ("user", None)),
                                _connector="OR",
                            ),
                            name="contact_belongs_to_a_person_or_a_place",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "channel__in",
                                    [
                                        "email",
                                        "pager",
                                        "sms",
                                        "voice",
                                        "webhook",
                                        "teams",
                                        "push",
                                        "apprise",
                                    ],
                                )
                            ),
                            name="contact_channel_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("address", ""), _negated=True),
                            name="contact_has_an_address",
                        ),
                        models.UniqueConstraint(
                            models.F("user"),
                            models.F("organisation"),
                            models.F("channel"),
                            models.F("address"),
                            name="contact_once",
                            nulls_distinct=False,
                            violation_error_message="This contact point is already there.",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="HeldSubmission",
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
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="held",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("path", models.CharField(max_length=500)),
                    ("data", models.JSONField()),
                    ("held_at", models.DateTimeField()),
                    ("expires_at", models.DateTimeField(db_index=True)),
                ],
                options={
                    "ordering": ("-held_at",),
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("expires_at__gt", models.F("held_at"))),
                            name="held_expires_after_it_was_held",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("path__startswith", "/"),
                                models.Q(("path__startswith", "//"), _negated=True),
                            ),
                            name="held_path_is_local",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Session",
                fields=[
                    (
                        "session_key",
                        models.CharField(
                            max_length=40,
                            primary_key=True,
                            serialize=False,
                            verbose_name="session key",
                        ),
                    ),
                    ("session_data", models.TextField(verbose_name="session data")),
                    (
                        "expire_date",
                        models.DateTimeField(db_index=True, verbose_name="expire date"),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="sign_ins",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("started_at", models.DateTimeField(default=mscc.clock.now)),
                    ("seen_at", models.DateTimeField(default=mscc.clock.now)),
                    ("locked_at", models.DateTimeField(null=True)),
                    ("device", models.CharField(blank=True, max_length=200)),
                ],
                options={
                    "ordering": ("-seen_at",),
                },
            ),
            migrations.CreateModel(
                name="ApiToken",
                fields=[
                    (
                        "user",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            primary_key=True,
                            related_name="api_token",
                            serialize=False,
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("digest", models.CharField(max_length=64, unique=True)),
                    ("made_at", models.DateTimeField()),
                    ("expires_at", models.DateTimeField()),
                ],
            ),
        ),
    ]
