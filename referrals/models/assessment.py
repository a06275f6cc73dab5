"""What was found and asked: the key information of 1.1.15, each row as it was on the day.

Every value may be unknown; unknown is stored as such (null or `not_known`) and never as a no.
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from referrals.clinical.facts import Primary, Prognosis
from referrals.clinical.neurology import LIMBS, Mobility, Neurology
from referrals.clinical.presentation import Answer, CancerStatus
from referrals.clinical.presentation import Presentation as PresentationFacts
from referrals.models.recorded import Recorded


class ThreeWay(models.TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_KNOWN = "not_known", "Not known"


def three_way() -> models.CharField:
    """A yes / no / not known column; not known until somebody says."""
    return models.CharField(max_length=10, choices=ThreeWay, default=ThreeWay.NOT_KNOWN)


def grade(low: int, high: int) -> models.PositiveSmallIntegerField:
    """A bounded grade on a clinical scale, null while nobody has graded it."""
    return models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(low), MaxValueValidator(high)]
    )


class Presentation(Recorded):
    """Box 1 of NG234 (1.3.1), item by item, with the onset of each yes."""

    cancer = models.CharField(
        max_length=20, choices=[(status.value, status.value) for status in CancerStatus]
    )
    findings = models.JSONField(default=dict)
    narrative = models.TextField(blank=True)

    def as_facts(self) -> PresentationFacts:
        """The same, for the pure core."""
        return PresentationFacts.from_dict({"cancer": self.cancer, "findings": self.findings})


class CancerHistory(Recorded):
    primary_site = models.CharField(max_length=120, blank=True)
    # As far as a rule tells primaries apart; `primary_site` keeps what was written.
    primary = models.CharField(
        max_length=20,
        choices=[(p.value, p.value) for p in Primary],
        default=Primary.NOT_KNOWN.value,
    )
    histology = models.CharField(max_length=200, blank=True)
    diagnosed = models.CharField(max_length=60, blank=True)
    stage = models.CharField(max_length=120, blank=True)
    haematological = three_way()
    spinal_metastases_known = three_way()
    other_metastases = models.CharField(max_length=200, blank=True)
    systemic_therapy = models.CharField(max_length=200, blank=True)
    previous_radiotherapy = models.CharField(max_length=300, blank=True)
    prognosis = models.CharField(max_length=200, blank=True)
    outlook = models.CharField(
        max_length=10,
        choices=[(p.value, p.value) for p in Prognosis],
        default=Prognosis.NOT_KNOWN.value,
    )
    oncologist = models.CharField(max_length=120, blank=True)
    treatment_escalation = models.CharField(max_length=200, blank=True)


class NeurologicalAssessment(Recorded):
    """One examination; `occurred_at` is the time of the examination. Power is MRC grade 0 to 5."""

    examined_by = models.CharField(max_length=120, blank=True)
    mobility = models.CharField(
        max_length=20,
        choices=[(each.value, each.label) for each in Mobility],
        default=Mobility.NOT_KNOWN.value,
    )
    complete_paralysis = three_way()
    last_walked = models.CharField(max_length=120, blank=True)
    power_right_arm = grade(0, 5)
    power_left_arm = grade(0, 5)
    power_right_leg = grade(0, 5)
    power_left_leg = grade(0, 5)
    sensory_level = models.CharField(max_length=40, blank=True)
    sensation_loss = three_way()
    perianal_sensation_reduced = three_way()
    anal_tone_reduced = three_way()
    bladder_problem = three_way()
    bowel_problem = three_way()
    catheter = three_way()
    findings = models.TextField(blank=True)

    def as_facts(self) -> Neurology:
        """The same, for the pure core."""
        graded = {limb: getattr(self, f"power_{limb}") for limb in LIMBS}
        return Neurology(
            mobility=Mobility(self.mobility),
            power={limb: grade for limb, grade in graded.items() if grade is not None},
            bladder=Answer(self.bladder_problem),
            bowel=Answer(self.bowel_problem),
            sensation=Answer(self.sensation_loss),
            complete_paralysis=Answer(self.complete_paralysis),
            sensory_level=self.sensory_level,
        )


class PainAssessment(Recorded):
    """Severity on a 0 to 10 scale (1.7.2)."""

    severity = grade(0, 10)
    site = models.CharField(max_length=200, blank=True)
    on_movement = three_way()
    relief = models.CharField(max_length=300, blank=True)
    impact = models.CharField(max_length=300, blank=True)
    cause = models.CharField(max_length=300, blank=True)
    tried = models.CharField(max_length=300, blank=True)
    controlled = three_way()
    neuropathic = three_way()
    opioids_do_not_help = three_way()
    difficult_to_manage = three_way()
    limits_life = three_way()


class MriSafety(Recorded):
    """What imaging must know before it books (1.1.20, 1.5.7)."""

    contraindicated = three_way()
    contraindication = models.CharField(max_length=200, blank=True)
    implants = three_way()
    implant_details = models.CharField(max_length=200, blank=True)
    can_lie_flat = three_way()
    claustrophobia = three_way()
    weight_kg = models.PositiveSmallIntegerField(null=True, blank=True)
    infection_risk = models.CharField(max_length=200, blank=True)

    class Meta(Recorded.Meta):
        verbose_name_plural = "MRI safety"


class Fitness(Recorded):
    """Performance status (WHO/ECOG 0 to 4) now and before, frailty (Clinical Frailty Scale 1-9)."""

    performance_status = grade(0, 4)
    performance_status_before = grade(0, 4)
    frailty = grade(1, 9)
    comorbidities = models.CharField(max_length=300, blank=True)
    anticoagulants = models.CharField(max_length=200, blank=True)
    bloods = models.CharField(max_length=300, blank=True)


class InitialCare(Recorded):
    """What had been done already when the ward rang (1.4.1, 1.8.1, 1.8.8, 1.7.1)."""

    dexamethasone = three_way()
    dexamethasone_mg = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    dexamethasone_at = models.DateTimeField(null=True, blank=True)
    stomach_protection = three_way()
    glucose_checked = three_way()
    immobilised = three_way()
    immobilised_at = models.DateTimeField(null=True, blank=True)
    analgesia = models.CharField(max_length=300, blank=True)
    vte_prophylaxis = three_way()
    imaging_done = models.CharField(max_length=300, blank=True)
    mri_performed_at = models.DateTimeField(null=True, blank=True)
    mri_whole_spine = three_way()
    images_sent = models.CharField(max_length=200, blank=True)


class Note(Recorded):
    """Anything worth keeping that has no field of its own, including who rang about what."""

    class Topic(models.TextChoices):
        NOTE = "note", "Note"
        CALL = "call", "Call"
        ADDED_BY_WARD = "added_by_ward", "Added by the ward"
        NEEDS = "needs", "Needs and preferences"
        IMAGING = "imaging", "Investigations"

    topic = models.CharField(max_length=20, choices=Topic, default=Topic.NOTE)
    text = models.TextField()
