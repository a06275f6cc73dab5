"""A person's pathway, from the first call to discharge."""

import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models

from mscc.tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    # The steps a database took that was made before the first release.
    replaces = [
        ("referrals", "0001_pathway"),
        ("referrals", "0003_milestone_order"),
        ("referrals", "0004_board"),
        ("referrals", "0005_care_and_scores"),
        ("referrals", "0006_dexamethasone_taken_back"),
    ]

    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        CreateTables(
            migrations.CreateModel(
                name="AnsweredCommand",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "actor",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("key", models.CharField(max_length=80)),
                    ("fingerprint", models.CharField(max_length=64)),
                    ("answer", models.JSONField()),
                    ("answered_at", models.DateTimeField()),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("actor", "key"), name="answered_command_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Patient",
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
                            related_name="patients",
                            to="people.organisation",
                        ),
                    ),
                    ("nhs_number", models.CharField(blank=True, max_length=10, null=True)),
                    ("nhs_number_absent_reason", models.CharField(blank=True, max_length=200)),
                    ("given_name", models.CharField(max_length=100)),
                    ("family_name", models.CharField(max_length=100)),
                    ("date_of_birth", models.DateField(blank=True, null=True)),
                    (
                        "sex",
                        models.CharField(
                            choices=[
                                ("female", "Female"),
                                ("male", "Male"),
                                ("other", "Other"),
                                ("not_known", "Not known"),
                            ],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    ("ethnicity", models.CharField(blank=True, max_length=60)),
                    ("postcode", models.CharField(blank=True, max_length=8)),
                    ("gp_practice", models.CharField(blank=True, max_length=200)),
                    ("phone", models.CharField(blank=True, max_length=40)),
                    ("next_of_kin", models.CharField(blank=True, max_length=200)),
                    ("language", models.CharField(blank=True, max_length=60)),
                    ("interpreter_needed", models.BooleanField(null=True)),
                    ("communication_needs", models.CharField(blank=True, max_length=300)),
                    ("reasonable_adjustments", models.CharField(blank=True, max_length=300)),
                    ("allergies", models.CharField(blank=True, max_length=300)),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["alliance", "nhs_number"], name="patient_nhs_number"),
                        models.Index(
                            fields=["alliance", "family_name"], name="patient_family_name"
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("nhs_number__regex", "^[0-9]{10}$"),
                                    ("nhs_number_absent_reason", ""),
                                ),
                                models.Q(
                                    ("nhs_number__isnull", True),
                                    models.Q(("nhs_number_absent_reason", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="patient_nhs_number_or_reason",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Referral",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    ("reference", models.CharField(editable=False, max_length=8, unique=True)),
                    (
                        "state",
                        django_fsm.FSMField(
                            choices=[
                                ("referred", "Referred"),
                                ("triaged", "Triaged"),
                                ("mri_booked", "MRI booked"),
                                ("treatment_decided", "Treatment decided"),
                                ("discharged", "Discharged"),
                                ("redirected", "Redirected"),
                                ("withdrawn", "Withdrawn"),
                            ],
                            default="referred",
                            editable=False,
                            max_length=50,
                            protected=True,
                        ),
                    ),
                    ("version", models.PositiveIntegerField(default=1, editable=False)),
                    (
                        "patient",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="referrals",
                            to="referrals.patient",
                        ),
                    ),
                    (
                        "alliance",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="people.organisation",
                        ),
                    ),
                    (
                        "trust",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="people.organisation",
                        ),
                    ),
                    (
                        "hospital",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="people.organisation",
                        ),
                    ),
                    (
                        "ward",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="people.organisation",
                        ),
                    ),
                    ("place_note", models.CharField(blank=True, max_length=120)),
                    (
                        "suspicion",
                        models.CharField(
                            choices=[
                                ("mscc", "Suspected MSCC"),
                                ("spinal_metastases", "Suspected spinal metastases"),
                                ("none", "No suspicion of MSCC or spinal metastases"),
                            ],
                            max_length=20,
                        ),
                    ),
                    (
                        "confirmed",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("", "Not yet known"),
                                ("mscc", "MSCC confirmed"),
                                ("spinal_metastases", "Spinal metastases, no MSCC"),
                                ("ruled_out", "MSCC and spinal metastases ruled out"),
                            ],
                            default="",
                            max_length=20,
                        ),
                    ),
                    ("provisional", models.JSONField(default=dict, editable=False)),
                    ("missing", models.JSONField(default=list, editable=False)),
                    (
                        "route",
                        models.CharField(
                            choices=[
                                ("ward_form", "Ward form"),
                                ("telephone", "Telephone"),
                                ("api", "Another system"),
                            ],
                            max_length=10,
                        ),
                    ),
                    ("received_at", models.DateTimeField()),
                    (
                        "referred_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("referrer_name", models.CharField(max_length=120)),
                    ("referrer_role", models.CharField(blank=True, max_length=120)),
                    ("referrer_email", models.EmailField(blank=True, max_length=254)),
                    ("call_back", models.CharField(max_length=40)),
                    ("responsible_consultant", models.CharField(blank=True, max_length=120)),
                    ("consultant_aware", models.BooleanField(null=True)),
                    (
                        "taken_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("taken_at", models.DateTimeField(null=True)),
                    ("unread_since", models.DateTimeField(null=True)),
                    ("closed_at", models.DateTimeField(null=True)),
                    ("next_due_at", models.DateTimeField(editable=False, null=True)),
                    ("next_due_kind", models.CharField(blank=True, editable=False, max_length=20)),
                    ("care_due_at", models.DateTimeField(editable=False, null=True)),
                    ("care_stale", models.BooleanField(default=True, editable=False)),
                    ("status_token", models.CharField(editable=False, max_length=43, unique=True)),
                    ("changed_at", models.DateTimeField(editable=False)),
                    ("changed_by", models.CharField(editable=False, max_length=120)),
                    ("last_change", models.CharField(editable=False, max_length=120)),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("closed_at__isnull", True)),
                            fields=["alliance", "next_due_at"],
                            name="referral_board",
                        ),
                        models.Index(
                            condition=models.Q(("closed_at__isnull", True)),
                            fields=["trust", "next_due_at"],
                            name="referral_board_trust",
                        ),
                        models.Index(
                            condition=models.Q(("unread_since__isnull", False)),
                            fields=["alliance", "unread_since"],
                            name="referral_unread",
                        ),
                        models.Index(fields=["ward", "-received_at"], name="referral_ward"),
                        models.Index(
                            condition=models.Q(("care_stale", True)),
                            fields=["changed_at"],
                            name="referral_care_stale",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    [
                                        "referred",
                                        "triaged",
                                        "mri_booked",
                                        "treatment_decided",
                                        "discharged",
                                        "redirected",
                                        "withdrawn",
                                    ],
                                )
                            ),
                            name="referral_state_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("suspicion__in", ["mscc", "spinal_metastases", "none"])
                            ),
                            name="referral_suspicion_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("closed_at__isnull", False),
                                    ("state__in", ["discharged", "redirected", "withdrawn"]),
                                ),
                                models.Q(
                                    ("closed_at__isnull", True),
                                    (
                                        "state__in",
                                        ["referred", "triaged", "mri_booked", "treatment_decided"],
                                    ),
                                ),
                                _connector="OR",
                            ),
                            name="referral_closed_at_tells_the_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("taken_at__isnull", True), ("taken_by__isnull", True)),
                                models.Q(("taken_at__isnull", False), ("taken_by__isnull", False)),
                                _connector="OR",
                            ),
                            name="referral_taken_by_and_at",
                        ),
                    ],
                },
                bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
            ),
            migrations.CreateModel(
                name="Advice",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    ("pain", models.TextField(blank=True)),
                    ("stability", models.TextField(blank=True)),
                    ("immobilisation", models.TextField(blank=True)),
                    ("dexamethasone", models.TextField(blank=True)),
                    ("transfer", models.TextField(blank=True)),
                    ("given_to", models.CharField(max_length=120)),
                    (
                        "how",
                        models.CharField(
                            choices=[("phone", "By phone"), ("writing", "In writing")],
                            max_length=10,
                        ),
                    ),
                    ("read_back", models.BooleanField(default=False)),
                ],
                options={
                    "verbose_name_plural": "advice",
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="Presentation",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    (
                        "cancer",
                        models.CharField(
                            choices=[
                                ("past_or_current", "past_or_current"),
                                ("suspected", "suspected"),
                                ("none", "none"),
                                ("not_known", "not_known"),
                            ],
                            max_length=20,
                        ),
                    ),
                    ("findings", models.JSONField(default=dict)),
                    ("narrative", models.TextField(blank=True)),
                ],
                options={
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="CancerHistory",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    ("primary_site", models.CharField(blank=True, max_length=120)),
                    (
                        "primary",
                        models.CharField(
                            choices=[
                                ("bladder", "bladder"),
                                ("breast", "breast"),
                                ("carcinoid", "carcinoid"),
                                ("gallbladder", "gallbladder"),
                                ("kidney", "kidney"),
                                ("liver", "liver"),
                                ("lung", "lung"),
                                ("lymphoma", "lymphoma"),
                                ("myeloma", "myeloma"),
                                ("oesophagus", "oesophagus"),
                                ("osteosarcoma", "osteosarcoma"),
                                ("pancreas", "pancreas"),
                                ("prostate", "prostate"),
                                ("rectum", "rectum"),
                                ("stomach", "stomach"),
                                ("thyroid", "thyroid"),
                                ("uterus", "uterus"),
                                ("other", "other"),
                                ("unidentified", "unidentified"),
                                ("not_known", "not_known"),
                            ],
                            default="not_known",
                            max_length=20,
                        ),
                    ),
                    ("histology", models.CharField(blank=True, max_length=200)),
                    ("diagnosed", models.CharField(blank=True, max_length=60)),
                    ("stage", models.CharField(blank=True, max_length=120)),
                    (
                        "haematological",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "spinal_metastases_known",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    ("other_metastases", models.CharField(blank=True, max_length=200)),
                    ("systemic_therapy", models.CharField(blank=True, max_length=200)),
                    ("previous_radiotherapy", models.CharField(blank=True, max_length=300)),
                    ("prognosis", models.CharField(blank=True, max_length=200)),
                    (
                        "outlook",
                        models.CharField(
                            choices=[
                                ("good", "good"),
                                ("limited", "limited"),
                                ("poor", "poor"),
                                ("not_known", "not_known"),
                            ],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    ("oncologist", models.CharField(blank=True, max_length=120)),
                    ("treatment_escalation", models.CharField(blank=True, max_length=200)),
                ],
                options={
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="NeurologicalAssessment",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    ("examined_by", models.CharField(blank=True, max_length=120)),
                    (
                        "mobility",
                        models.CharField(
                            choices=[
                                ("walks_unaided", "walks without help"),
                                ("walks_with_aid", "walks with a stick or frame"),
                                ("walks_with_help", "walks only with another person's help"),
                                ("cannot_walk", "cannot walk"),
                                ("not_known", "not known"),
                            ],
                            default="not_known",
                            max_length=20,
                        ),
                    ),
                    (
                        "complete_paralysis",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    ("last_walked", models.CharField(blank=True, max_length=120)),
                    (
                        "power_right_arm",
                        models.PositiveSmallIntegerField(
                            blank=True,
                            null=True,
                            validators=[
                                django.core.validators.MinValueValidator(0),
                                django.core.validators.MaxValueValidator(5),
                            ],
                        ),
                    ),
                    (
                        "power_left_arm",
                        models.PositiveSmallIntegerField(
                            blank=True,
                            null=True,
                            validators=[
                                django.core.validators.MinValueValidator(0),
                                django.core.validators.MaxValueValidator(5),
                            ],
                        ),
                    ),
                    (
                        "power_right_leg",
                        models.PositiveSmallIntegerField(
                            blank=True,
                            null=True,
                            validators=[
                                django.core.validators.MinValueValidator(0),
                                django.core.validators.MaxValueValidator(5),
                            ],
                        ),
                    ),
                    (
                        "power_left_leg",
                        models.PositiveSmallIntegerField(
                            blank=True,
                            null=True,
                            validators=[
                                django.core.validators.MinValueValidator(0),
                                django.core.validators.MaxValueValidator(5),
                            ],
                        ),
                    ),
                    ("sensory_level", models.CharField(blank=True, max_length=40)),
                    (
                        "sensation_loss",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "perianal_sensation_reduced",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "anal_tone_reduced",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "bladder_problem",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "bowel_problem",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "catheter",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    ("findings", models.TextField(blank=True)),
                ],
                options={
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="PainAssessment",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    (
                        "severity",
                        models.PositiveSmallIntegerField(
                            blank=True,
                            null=True,
                            validators=[
                                django.core.validators.MinValueValidator(0),
                                django.core.validators.MaxValueValidator(10),
                            ],
                        ),
                    ),
                    ("site", models.CharField(blank=True, max_length=200)),
                    (
                        "on_movement",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    ("relief", models.CharField(blank=True, max_length=300)),
                    ("impact", models.CharField(blank=True, max_length=300)),
                    ("cause", models.CharField(blank=True, max_length=300)),
                    ("tried", models.CharField(blank=True, max_length=300)),
                    (
                        "controlled",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "neuropathic",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "opioids_do_not_help",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "difficult_to_manage",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "limits_life",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                ],
                options={
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="MriSafety",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    (
                        "contraindicated",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    ("contraindication", models.CharField(blank=True, max_length=200)),
                    (
                        "implants",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    ("implant_details", models.CharField(blank=True, max_length=200)),
                    (
                        "can_lie_flat",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "claustrophobia",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    ("weight_kg", models.PositiveSmallIntegerField(blank=True, null=True)),
                    ("infection_risk", models.CharField(blank=True, max_length=200)),
                ],
                options={
                    "verbose_name_plural": "MRI safety",
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="Fitness",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    (
                        "performance_status",
                        models.PositiveSmallIntegerField(
                            blank=True,
                            null=True,
                            validators=[
                                django.core.validators.MinValueValidator(0),
                                django.core.validators.MaxValueValidator(4),
                            ],
                        ),
                    ),
                    (
                        "performance_status_before",
                        models.PositiveSmallIntegerField(
                            blank=True,
                            null=True,
                            validators=[
                                django.core.validators.MinValueValidator(0),
                                django.core.validators.MaxValueValidator(4),
                            ],
                        ),
                    ),
                    (
                        "frailty",
                        models.PositiveSmallIntegerField(
                            blank=True,
                            null=True,
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(9),
                            ],
                        ),
                    ),
                    ("comorbidities", models.CharField(blank=True, max_length=300)),
                    ("anticoagulants", models.CharField(blank=True, max_length=200)),
                    ("bloods", models.CharField(blank=True, max_length=300)),
                ],
                options={
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="InitialCare",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    (
                        "dexamethasone",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "dexamethasone_mg",
                        models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True),
                    ),
                    ("dexamethasone_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "stomach_protection",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "glucose_checked",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "immobilised",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    ("immobilised_at", models.DateTimeField(blank=True, null=True)),
                    ("analgesia", models.CharField(blank=True, max_length=300)),
                    (
                        "vte_prophylaxis",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    ("imaging_done", models.CharField(blank=True, max_length=300)),
                    ("mri_performed_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "mri_whole_spine",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    ("images_sent", models.CharField(blank=True, max_length=200)),
                ],
                options={
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="Note",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    (
                        "topic",
                        models.CharField(
                            choices=[
                                ("note", "Note"),
                                ("call", "Call"),
                                ("added_by_ward", "Added by the ward"),
                                ("needs", "Needs and preferences"),
                                ("imaging", "Investigations"),
                            ],
                            default="note",
                            max_length=20,
                        ),
                    ),
                    ("text", models.TextField()),
                ],
                options={
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="CareEntry",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    (
                        "referral",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="careentrys",
                            to="referrals.referral",
                        ),
                    ),
                    ("item", models.CharField(max_length=40)),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("given", "Given"),
                                ("declined", "Offered and declined"),
                                ("not_applicable", "Not applicable"),
                                ("contraindicated", "Contraindicated"),
                            ],
                            max_length=16,
                        ),
                    ),
                    ("reason", models.CharField(blank=True, max_length=300)),
                ],
                options={
                    "verbose_name_plural": "care entries",
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                    "indexes": [
                        models.Index(fields=["referral", "item"], name="care_entry_of_item")
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("status", "given"),
                                models.Q(("reason", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="care_not_given_has_a_reason",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="DexamethasoneEntry",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("start", "Started"),
                                ("change", "Dose changed"),
                                ("plan", "Taper planned"),
                                ("stop", "Stopped"),
                            ],
                            max_length=6,
                        ),
                    ),
                    (
                        "daily_mg",
                        models.DecimalField(
                            blank=True,
                            decimal_places=1,
                            max_digits=4,
                            null=True,
                            validators=[django.core.validators.MinValueValidator(0)],
                        ),
                    ),
                    ("route", models.CharField(blank=True, max_length=40)),
                    ("taper", models.JSONField(blank=True, default=list)),
                    ("reason", models.CharField(blank=True, max_length=300)),
                    (
                        "takes_back",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="taken_back_by",
                            to="referrals.dexamethasoneentry",
                        ),
                    ),
                ],
                options={
                    "verbose_name_plural": "dexamethasone entries",
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("takes_back__isnull", True),
                                models.Q(("reason", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="dexamethasone_taken_back_has_a_reason",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("kind__in", ["plan", "stop"]), ("daily_mg__gt", 0), _connector="OR"
                            ),
                            name="dexamethasone_dose_is_known_when_it_must_be",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Score",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    ("tool", models.CharField(max_length=20)),
                    ("level", models.CharField(blank=True, max_length=40)),
                    ("inputs", models.JSONField(default=dict)),
                    ("low", models.PositiveSmallIntegerField(blank=True, null=True)),
                    ("high", models.PositiveSmallIntegerField(blank=True, null=True)),
                    ("result", models.CharField(max_length=120)),
                    ("table_version", models.CharField(max_length=60)),
                    ("assessed_by", models.CharField(max_length=120)),
                    ("clinical_assessment", models.TextField(blank=True)),
                ],
                options={
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("high__isnull", True), ("low__isnull", True)),
                                ("low__lte", models.F("high")),
                                _connector="OR",
                            ),
                            name="score_low_and_high_go_together",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="CarePlan",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    ("senior_clinician", models.CharField(max_length=120)),
                    ("matters_most", models.TextField(blank=True)),
                    ("preferences", models.TextField(blank=True)),
                    ("plan", models.TextField()),
                    ("advice_from", models.TextField(blank=True)),
                    (
                        "agreed",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    ("not_agreed_reason", models.CharField(blank=True, max_length=300)),
                    ("review_on", models.DateField(blank=True, null=True)),
                ],
                options={
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="Sitting",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    ("step", models.CharField(max_length=20)),
                    (
                        "lying_systolic",
                        models.PositiveSmallIntegerField(
                            blank=True,
                            null=True,
                            validators=[
                                django.core.validators.MinValueValidator(40),
                                django.core.validators.MaxValueValidator(300),
                            ],
                        ),
                    ),
                    (
                        "lying_diastolic",
                        models.PositiveSmallIntegerField(
                            blank=True,
                            null=True,
                            validators=[
                                django.core.validators.MinValueValidator(20),
                                django.core.validators.MaxValueValidator(200),
                            ],
                        ),
                    ),
                    (
                        "upright_systolic",
                        models.PositiveSmallIntegerField(
                            blank=True,
                            null=True,
                            validators=[
                                django.core.validators.MinValueValidator(40),
                                django.core.validators.MaxValueValidator(300),
                            ],
                        ),
                    ),
                    (
                        "upright_diastolic",
                        models.PositiveSmallIntegerField(
                            blank=True,
                            null=True,
                            validators=[
                                django.core.validators.MinValueValidator(20),
                                django.core.validators.MaxValueValidator(200),
                            ],
                        ),
                    ),
                    (
                        "pain_before",
                        models.PositiveSmallIntegerField(
                            blank=True,
                            null=True,
                            validators=[
                                django.core.validators.MinValueValidator(0),
                                django.core.validators.MaxValueValidator(10),
                            ],
                        ),
                    ),
                    (
                        "pain_after",
                        models.PositiveSmallIntegerField(
                            blank=True,
                            null=True,
                            validators=[
                                django.core.validators.MinValueValidator(0),
                                django.core.validators.MaxValueValidator(10),
                            ],
                        ),
                    ),
                    (
                        "dizzy",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "neurology_worse",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    ("outcome", models.CharField(max_length=20)),
                    ("done", models.CharField(blank=True, max_length=300)),
                    ("note", models.TextField(blank=True)),
                ],
                options={
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="PainPlan",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    (
                        "kind",
                        models.CharField(
                            choices=[("plan", "Plan started or changed"), ("review", "Review")],
                            max_length=6,
                        ),
                    ),
                    ("plan", models.TextField()),
                    (
                        "agreed",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "helped",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    ("side_effects", models.CharField(blank=True, max_length=300)),
                    (
                        "strong_opioids",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                ],
                options={
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="FollowUp",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    (
                        "day",
                        models.PositiveSmallIntegerField(
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(366),
                            ]
                        ),
                    ),
                    (
                        "reached",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "alive",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    ("died_on", models.DateField(blank=True, null=True)),
                    ("mobility", models.CharField(blank=True, max_length=20)),
                    ("continence", models.CharField(blank=True, max_length=20)),
                    (
                        "pain",
                        models.PositiveSmallIntegerField(
                            blank=True,
                            null=True,
                            validators=[
                                django.core.validators.MinValueValidator(0),
                                django.core.validators.MaxValueValidator(10),
                            ],
                        ),
                    ),
                    ("place_of_care", models.CharField(blank=True, max_length=20)),
                    ("told_by", models.CharField(blank=True, max_length=120)),
                    ("note", models.TextField(blank=True)),
                ],
                options={
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="Considerations",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    (
                        "surgery_suitable",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "discussed_with_specialists",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "immediate_treatment_needed",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "primary_would_change_it",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "rapid_progression",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "unstable",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "stability_likely",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "pain_controlled",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    ("paralysed_since", models.DateField(blank=True, null=True)),
                    (
                        "previous_radiotherapy",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    ("radiotherapy_ended_on", models.DateField(blank=True, null=True)),
                    (
                        "responded_well",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "recurrent_symptoms",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "large_field",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "other_side_effect_risk",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "asymptomatic",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "in_trial",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "impending_compression",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "oligometastases",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "stem_cell_harvest",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "fertility_matters",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "other_treatment",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                    (
                        "recovered_from_surgery",
                        models.CharField(
                            choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                            default="not_known",
                            max_length=10,
                        ),
                    ),
                ],
                options={
                    "verbose_name_plural": "considerations",
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="DischargeStep",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    ("step", models.CharField(max_length=40)),
                    ("done", models.BooleanField()),
                    ("note", models.CharField(blank=True, max_length=300)),
                    (
                        "involved",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=40),
                            blank=True,
                            default=list,
                            size=None,
                        ),
                    ),
                ],
                options={
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="Discharge",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    ("lead_name", models.CharField(max_length=120)),
                    ("lead_role", models.CharField(blank=True, max_length=120)),
                    ("lead_phone", models.CharField(blank=True, max_length=40)),
                    (
                        "destination",
                        models.CharField(
                            choices=[
                                ("home", "Home"),
                                ("care_home", "Care home"),
                                ("hospice", "Hospice"),
                                ("rehabilitation", "Rehabilitation unit"),
                                ("other_hospital", "Another hospital"),
                                ("died", "Died in hospital"),
                            ],
                            max_length=20,
                        ),
                    ),
                    ("mobility_at_discharge", models.CharField(blank=True, max_length=20)),
                    ("follow_up", models.TextField(blank=True)),
                    ("equipment_and_support", models.TextField(blank=True)),
                    ("dexamethasone_plan", models.TextField(blank=True)),
                    ("new_symptoms_contact", models.CharField(blank=True, max_length=200)),
                    ("open_items", models.JSONField(default=list)),
                    ("open_items_reason", models.CharField(blank=True, max_length=300)),
                ],
                options={
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="Draft",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "owner",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="drafts",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("data", models.JSONField(default=dict)),
                    ("started_at", models.DateTimeField()),
                    ("saved_at", models.DateTimeField()),
                    (
                        "referral",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="referrals.referral",
                        ),
                    ),
                ],
                options={
                    "ordering": ["-saved_at"],
                },
            ),
            migrations.CreateModel(
                name="MriScan",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    (
                        "modality",
                        models.CharField(
                            choices=[("mri", "MRI"), ("ct", "CT instead of MRI")],
                            default="mri",
                            max_length=3,
                        ),
                    ),
                    ("slot_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "place",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="people.organisation",
                        ),
                    ),
                    ("transfer_reason", models.CharField(blank=True, max_length=300)),
                    ("overnight_reason", models.CharField(blank=True, max_length=300)),
                    ("late_reason", models.CharField(blank=True, max_length=300)),
                    ("contraindication", models.CharField(blank=True, max_length=300)),
                    ("performed_at", models.DateTimeField(blank=True, null=True)),
                    ("whole_spine", models.BooleanField(null=True)),
                    ("reported_at", models.DateTimeField(blank=True, null=True)),
                    ("reported_by", models.CharField(blank=True, max_length=120)),
                    (
                        "outcome",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("mscc", "Cord or cauda equina compression"),
                                ("spinal_metastases", "Spinal metastases, no compression"),
                                ("ruled_out", "Neither"),
                                ("inconclusive", "Inconclusive: more imaging needed"),
                            ],
                            max_length=20,
                        ),
                    ),
                    ("report", models.TextField(blank=True)),
                ],
                options={
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="Milestone",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    (
                        "referral",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="milestones",
                            to="referrals.referral",
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("received", "received"),
                                ("metastases_suspected", "metastases suspected"),
                                ("mscc_suspected", "mscc suspected"),
                                ("suspicion_ended", "suspicion ended"),
                                ("new_signs_reported", "new signs reported"),
                                ("taken", "taken"),
                                ("triaged", "triaged"),
                                ("advice_given", "advice given"),
                                ("immobilisation_started", "immobilisation started"),
                                ("immobilisation_ended", "immobilisation ended"),
                                ("stability_advice_sought", "stability advice sought"),
                                ("mri_booked", "mri booked"),
                                ("mri_performed", "mri performed"),
                                ("mri_incomplete", "mri incomplete"),
                                ("ct_performed", "ct performed"),
                                ("scan_reported", "scan reported"),
                                ("opinion_asked", "opinion asked"),
                                ("opinion_answered", "opinion answered"),
                                ("decision_to_treat", "decision to treat"),
                                ("radiotherapy_booked", "radiotherapy booked"),
                                ("radiotherapy_started", "radiotherapy started"),
                                ("surgery_booked", "surgery booked"),
                                ("surgery_performed", "surgery performed"),
                                ("dexamethasone_started", "dexamethasone started"),
                                ("dexamethasone_stopped", "dexamethasone stopped"),
                                ("care_plan_made", "care plan made"),
                                ("followed_up", "followed up"),
                                ("discharged", "discharged"),
                                ("redirected", "redirected"),
                                ("withdrawn", "withdrawn"),
                                ("reopened", "reopened"),
                            ],
                            max_length=24,
                        ),
                    ),
                    ("told", models.PositiveIntegerField()),
                    ("details", models.JSONField(default=dict)),
                    ("process", models.CharField(blank=True, max_length=40)),
                    (
                        "supersedes",
                        models.OneToOneField(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="superseded_by",
                            to="referrals.milestone",
                        ),
                    ),
                    ("reason", models.CharField(blank=True, max_length=300)),
                    ("retracts", models.BooleanField(default=False)),
                ],
                options={
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                    "indexes": [
                        models.Index(
                            fields=["referral", "occurred_at"], name="milestone_of_referral"
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "kind__in",
                                    [
                                        "received",
                                        "metastases_suspected",
                                        "mscc_suspected",
                                        "suspicion_ended",
                                        "new_signs_reported",
                                        "taken",
                                        "triaged",
                                        "advice_given",
                                        "immobilisation_started",
                                        "immobilisation_ended",
                                        "stability_advice_sought",
                                        "mri_booked",
                                        "mri_performed",
                                        "mri_incomplete",
                                        "ct_performed",
                                        "scan_reported",
                                        "opinion_asked",
                                        "opinion_answered",
                                        "decision_to_treat",
                                        "radiotherapy_booked",
                                        "radiotherapy_started",
                                        "surgery_booked",
                                        "surgery_performed",
                                        "dexamethasone_started",
                                        "dexamethasone_stopped",
                                        "care_plan_made",
                                        "followed_up",
                                        "discharged",
                                        "redirected",
                                        "withdrawn",
                                        "reopened",
                                    ],
                                )
                            ),
                            name="milestone_kind_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("supersedes__isnull", True),
                                models.Q(("reason", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="milestone_correction_has_a_reason",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("retracts", False), ("supersedes__isnull", False), _connector="OR"
                            ),
                            name="milestone_retraction_supersedes",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Opinion",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    (
                        "specialty",
                        models.CharField(
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
                    ("asked_of", models.CharField(blank=True, max_length=120)),
                    ("question", models.TextField()),
                    ("due_at", models.DateTimeField(blank=True, null=True)),
                    ("seen_at", models.DateTimeField(blank=True, null=True)),
                    ("answered_at", models.DateTimeField(blank=True, null=True)),
                    ("answered_by", models.CharField(blank=True, max_length=120)),
                    (
                        "answer_recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("answer", models.TextField(blank=True)),
                ],
                options={
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                    "indexes": [
                        models.Index(fields=["specialty", "referral"], name="opinion_of_specialty")
                    ],
                },
            ),
            migrations.CreateModel(
                name="TreatmentDecision",
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
                            related_name="%(class)ss",
                            to="referrals.referral",
                        ),
                    ),
                    ("occurred_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                    (
                        "plan",
                        models.CharField(
                            choices=[
                                ("radiotherapy", "Radiotherapy"),
                                ("surgery", "Surgery"),
                                ("systemic", "Systemic anticancer treatment"),
                                ("supportive", "Supportive care only"),
                            ],
                            max_length=20,
                        ),
                    ),
                    ("decided_by", models.CharField(max_length=120)),
                    (
                        "consulted",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(
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
                            default=list,
                            size=None,
                        ),
                    ),
                    ("rationale", models.TextField(blank=True)),
                    ("surgery_considered", models.TextField(blank=True)),
                    (
                        "radiotherapy_exception",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("paralysis_pain_controlled", "paralysis_pain_controlled"),
                                ("poor_prognosis", "poor_prognosis"),
                            ],
                            max_length=30,
                        ),
                    ),
                    ("exception_reason", models.TextField(blank=True)),
                    ("fractionation", models.CharField(blank=True, max_length=120)),
                    (
                        "opinions",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.UUIDField(), blank=True, default=list, size=None
                        ),
                    ),
                    (
                        "scores",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.UUIDField(), blank=True, default=list, size=None
                        ),
                    ),
                    (
                        "options",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=60),
                            blank=True,
                            default=list,
                            size=None,
                        ),
                    ),
                ],
                options={
                    "ordering": ["occurred_at", "recorded_at"],
                    "abstract": False,
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("radiotherapy_exception", ""),
                                models.Q(("exception_reason", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="treatment_exception_has_a_reason",
                        )
                    ],
                },
            ),
        ),
        # What Django asks for with istartswith; a model's own index cannot say text_pattern_ops
        # without another app.
        migrations.RunSQL(
            "CREATE INDEX patient_name_search ON referrals_patient"
            " (upper(family_name::text) text_pattern_ops)",
            "DROP INDEX patient_name_search",
        ),
    ]
