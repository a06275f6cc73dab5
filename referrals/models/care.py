"""Care as it was given and planned: each row as it was on the day, none ever overwritten."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from referrals.models.assessment import grade, three_way
from referrals.models.recorded import Recorded


class CareEntry(Recorded):
    """What became of one item of the care bundle; the latest entry of an item holds.

    `item` is a key of `clinical.bundle`. Everything but "given" says why.
    """

    class Status(models.TextChoices):
        GIVEN = "given", "Given"
        DECLINED = "declined", "Offered and declined"
        NOT_APPLICABLE = "not_applicable", "Not applicable"
        CONTRAINDICATED = "contraindicated", "Contraindicated"

    # care_entry_of_item begins with it.
    referral = models.ForeignKey(
        "Referral", on_delete=models.PROTECT, related_name="careentrys", db_index=False
    )
    item = models.CharField(max_length=40)
    status = models.CharField(max_length=16, choices=Status)
    reason = models.CharField(max_length=300, blank=True)

    class Meta(Recorded.Meta):
        verbose_name_plural = "care entries"
        indexes = [models.Index(fields=["referral", "item"], name="care_entry_of_item")]
        constraints = [
            models.CheckConstraint(
                name="care_not_given_has_a_reason", condition=Q(status="given") | ~Q(reason="")
            )
        ]


class DexamethasoneEntry(Recorded):
    """One entry of a course of dexamethasone (1.8.1 to 1.8.8); the entries together are the course.

    `daily_mg` is the dose a day from `occurred_at` on. `taper` lists the days on which the dose
    changes, as `{"on": "2026-11-24", "daily_mg": 8}`; a stop has neither. A row that `takes_back`
    another says only that the other was wrong, and why: neither is part of the course.
    """

    class Kind(models.TextChoices):
        START = "start", "Started"
        CHANGE = "change", "Dose changed"
        PLAN = "plan", "Taper planned"
        STOP = "stop", "Stopped"

    kind = models.CharField(max_length=6, choices=Kind)
    daily_mg = models.DecimalField(
        max_digits=4, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    route = models.CharField(max_length=40, blank=True)
    taper = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    takes_back = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="taken_back_by"
    )

    class Meta(Recorded.Meta):
        verbose_name_plural = "dexamethasone entries"
        constraints = [
            models.CheckConstraint(
                name="dexamethasone_taken_back_has_a_reason",
                condition=Q(takes_back__isnull=True) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="dexamethasone_dose_is_known_when_it_must_be",
                condition=Q(kind__in=["plan", "stop"]) | Q(daily_mg__gt=0),
            ),
        ]


class Score(Recorded):
    """A scoring tool as it was filled in: its inputs stay with it, and so does its table's version.

    `level` is the lesion or level that was scored, for tools that score one. While a component is
    unknown `low` and `high` differ and there is no single total (1.9.3: never decides alone).
    """

    tool = models.CharField(max_length=20)
    level = models.CharField(max_length=40, blank=True)
    inputs = models.JSONField(default=dict)
    low = models.PositiveSmallIntegerField(null=True, blank=True)
    high = models.PositiveSmallIntegerField(null=True, blank=True)
    result = models.CharField(max_length=120)
    table_version = models.CharField(max_length=60)
    assessed_by = models.CharField(max_length=120)
    clinical_assessment = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        constraints = [
            models.CheckConstraint(
                name="score_low_and_high_go_together",
                condition=Q(low__isnull=True, high__isnull=True) | Q(low__lte=models.F("high")),
            )
        ]


class CarePlan(Recorded):
    """The personalised care plan a senior clinician makes with the person (1.1.17)."""

    senior_clinician = models.CharField(max_length=120)
    matters_most = models.TextField(blank=True)
    preferences = models.TextField(blank=True)
    plan = models.TextField()
    advice_from = models.TextField(blank=True)
    agreed = three_way()
    not_agreed_reason = models.CharField(max_length=300, blank=True)
    review_on = models.DateField(null=True, blank=True)


class Sitting(Recorded):
    """One step of graded sitting and weight bearing (1.6.1 to 1.6.4).

    Blood pressure is systolic and diastolic in mmHg, pain 0 to 10. `outcome` is what the pure
    rules made of it, kept as it was said then.
    """

    step = models.CharField(max_length=20)
    lying_systolic = grade(40, 300)
    lying_diastolic = grade(20, 200)
    upright_systolic = grade(40, 300)
    upright_diastolic = grade(20, 200)
    pain_before = grade(0, 10)
    pain_after = grade(0, 10)
    dizzy = three_way()
    neurology_worse = three_way()
    outcome = models.CharField(max_length=20)
    done = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)


class PainPlan(Recorded):
    """A pain management plan agreed with the person, or the review of one (1.7.3, 1.7.4)."""

    class Kind(models.TextChoices):
        PLAN = "plan", "Plan started or changed"
        REVIEW = "review", "Review"

    kind = models.CharField(max_length=6, choices=Kind)
    plan = models.TextField()
    agreed = three_way()
    helped = three_way()
    side_effects = models.CharField(max_length=300, blank=True)
    strong_opioids = three_way()


class FollowUp(Recorded):
    """How the person is 30 or 90 days after discharge: `day` counts from the discharge."""

    day = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(366)]
    )
    reached = three_way()
    alive = three_way()
    died_on = models.DateField(null=True, blank=True)
    mobility = models.CharField(max_length=20, blank=True)
    continence = models.CharField(max_length=20, blank=True)
    pain = grade(0, 10)
    place_of_care = models.CharField(max_length=20, blank=True)
    told_by = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)


class Considerations(Recorded):
    """What the choice of treatment turns on (1.9.3, 1.10, 1.11): facts of the discussion."""

    surgery_suitable = three_way()
    discussed_with_specialists = three_way()
    immediate_treatment_needed = three_way()
    primary_would_change_it = three_way()
    rapid_progression = three_way()
    unstable = three_way()
    stability_likely = three_way()
    pain_controlled = three_way()
    paralysed_since = models.DateField(null=True, blank=True)
    previous_radiotherapy = three_way()
    radiotherapy_ended_on = models.DateField(null=True, blank=True)
    responded_well = three_way()
    recurrent_symptoms = three_way()
    large_field = three_way()
    other_side_effect_risk = three_way()
    asymptomatic = three_way()
    in_trial = three_way()
    impending_compression = three_way()
    oligometastases = three_way()
    stem_cell_harvest = three_way()
    fertility_matters = three_way()
    other_treatment = three_way()
    recovered_from_surgery = three_way()

    class Meta(Recorded.Meta):
        verbose_name_plural = "considerations"


class DischargeStep(Recorded):
    """One thing arranged for going home (1.1.24 to 1.1.28); the latest entry of a step holds."""

    step = models.CharField(max_length=40)
    done = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)
    involved = ArrayField(models.CharField(max_length=40), default=list, blank=True)
