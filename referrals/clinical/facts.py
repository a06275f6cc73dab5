"""Everything the rules turn on, about one person at one moment. Unknown is a value, never a no.

Each rule takes `Facts`. A case file (`manage.py assess`), the person's record and a test all say
the same thing in the same words. Times are spans up to now (days, hours), so that nothing here
reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from referrals.clinical.milestones import Suspicion
from referrals.clinical.neurology import LEGS, Mobility, Neurology
from referrals.clinical.presentation import Answer, Group, Presentation
from referrals.clinical.reasoning import Known, all_of, fact, measured
from referrals.clinical.scored import Frankel, Scored

UNKNOWN = Answer.NOT_KNOWN
# On a scale of 0 to 10, as hospitals commonly read it; NG234 gives words only.
MODERATE_PAIN, SEVERE_PAIN = 4, 7


class Confirmed(StrEnum):
    """What imaging has shown."""

    MSCC = "mscc"
    SPINAL_METASTASES = "spinal_metastases"
    RULED_OUT = "ruled_out"
    NOT_KNOWN = "not_known"


class Haematology(StrEnum):
    """Whether the cancer is a lymphoma or myeloma: confirmed and suspected are advised apart."""

    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"
    NO = "no"
    NOT_KNOWN = "not_known"


class Prognosis(StrEnum):
    """The overall prognosis as clinicians judge it; a score informs it and never decides it."""

    GOOD = "good"
    LIMITED = "limited"
    POOR = "poor"
    NOT_KNOWN = "not_known"


class Primary(StrEnum):
    """The primary tumour, as far as a rule or the revised Tokuhashi score tells them apart."""

    BLADDER = "bladder"
    BREAST = "breast"
    CARCINOID = "carcinoid"
    GALLBLADDER = "gallbladder"
    KIDNEY = "kidney"
    LIVER = "liver"
    LUNG = "lung"
    LYMPHOMA = "lymphoma"
    MYELOMA = "myeloma"
    OESOPHAGUS = "oesophagus"
    OSTEOSARCOMA = "osteosarcoma"
    PANCREAS = "pancreas"
    PROSTATE = "prostate"
    RECTUM = "rectum"
    STOMACH = "stomach"
    THYROID = "thyroid"
    UTERUS = "uterus"
    OTHER = "other"
    UNIDENTIFIED = "unidentified"
    NOT_KNOWN = "not_known"

    @property
    def label(self) -> str:
        """As a form and a record say it."""
        return _PRIMARIES.get(self, self.value.capitalize())


_PRIMARIES = {
    Primary.OTHER: "Another cancer",
    Primary.UNIDENTIFIED: "Looked for and not found",
    Primary.NOT_KNOWN: "Not known",
}


@dataclass(frozen=True, slots=True)
class Disease:
    """The cancer. `unidentified` is a primary that was looked for and not found; `not_known` is
    one nobody has told us. `oligometastases`: up to 3 discrete metastases anywhere (1.10.2);
    `metastases`, when they were counted, stands above it."""

    primary: Primary = Primary.NOT_KNOWN
    haematology: Haematology = Haematology.NOT_KNOWN
    metastases_known: Answer = UNKNOWN
    oligometastases: Answer = UNKNOWN
    metastases: int | None = None
    prognosis: Prognosis = Prognosis.NOT_KNOWN
    other_treatment: Answer = UNKNOWN
    stem_cell_harvest: Answer = UNKNOWN


@dataclass(frozen=True, slots=True)
class Pain:
    """Pain now. `severity` is 0 to 10. `controlled`: analgesia controls it well."""

    severity: int | None = None
    on_movement: Answer = UNKNOWN
    controlled: Answer = UNKNOWN
    neuropathic: Answer = UNKNOWN
    opioids_do_not_help: Answer = UNKNOWN
    difficult_to_manage: Answer = UNKNOWN
    limits_life: Answer = UNKNOWN
    assessed: Answer = UNKNOWN
    plan_agreed: Answer = UNKNOWN
    reviewed_since_change: Answer = UNKNOWN
    strong_opioids: Answer = UNKNOWN
    palliative_care: Answer = UNKNOWN


@dataclass(frozen=True, slots=True)
class Spine:
    """Stability and lying flat. `unstable`: instability suspected or confirmed;
    `stability_likely`: assessment with imaging suggests the spine is stable (1.6.1)."""

    unstable: Answer = UNKNOWN
    stability_likely: Answer = UNKNOWN
    immobilised: Answer = UNKNOWN
    tolerates_supine: Answer = UNKNOWN
    expert_advice_sought: Answer = UNKNOWN
    mobilising: Answer = UNKNOWN


@dataclass(frozen=True, slots=True)
class Scans:
    """Imaging. `overnight`: the scan would be at night; `treatment_at_once`: treatment would start
    as soon as it is read; `only_to_detect_early`: no other reason for the scan (1.5.6)."""

    mri_contraindicated: Answer = UNKNOWN
    local_mri_possible: Answer = UNKNOWN
    whole_spine_done: Answer = UNKNOWN
    reported: Answer = UNKNOWN
    ct_done: Answer = UNKNOWN
    more_needed_after_ct: Answer = UNKNOWN
    at_spinal_centre: Answer = UNKNOWN
    overnight: Answer = UNKNOWN
    treatment_at_once: Answer = UNKNOWN
    only_to_detect_early: Answer = UNKNOWN
    procedure_planned: Answer = UNKNOWN


@dataclass(frozen=True, slots=True)
class Steroids:
    """Dexamethasone. `given`: at least one dose; `running`: still taken, `daily_mg` a day;
    `planned_taper`: a plan says how it is reduced and when it stops."""

    given: Answer = UNKNOWN
    running: Answer = UNKNOWN
    daily_mg: float | None = None
    planned_taper: Answer = UNKNOWN
    worse_on_reduction: Answer = UNKNOWN
    stomach_protection: Answer = UNKNOWN
    glucose_monitored: Answer = UNKNOWN
    part_of_radiotherapy: Answer = UNKNOWN


@dataclass(frozen=True, slots=True)
class Treatment:
    """What treatment turns on. `paralysed_days` counts from when paralysis was complete;
    `months_since_radiotherapy` from the end of the last course to the spine; `surgery_suitable`:
    able to have surgery, and it is right for the person; `conservative`: it was decided that
    neither surgery nor radiotherapy follows."""

    surgery_suitable: Answer = UNKNOWN
    discussed_with_specialists: Answer = UNKNOWN
    immediate_treatment_needed: Answer = UNKNOWN
    primary_would_change_it: Answer = UNKNOWN
    rapid_progression: Answer = UNKNOWN
    paralysed_days: int | None = None
    radiotherapy_considered: Answer = UNKNOWN
    radiotherapy_started: Answer = UNKNOWN
    surgery_performed: Answer = UNKNOWN
    conservative: Answer = UNKNOWN
    recovered_from_surgery: Answer = UNKNOWN
    large_field: Answer = UNKNOWN
    other_side_effect_risk: Answer = UNKNOWN
    previous_radiotherapy: Answer = UNKNOWN
    months_since_radiotherapy: float | None = None
    responded_well: Answer = UNKNOWN
    recurrent_symptoms: Answer = UNKNOWN
    asymptomatic: Answer = UNKNOWN
    in_trial: Answer = UNKNOWN
    impending_compression: Answer = UNKNOWN
    fertility_matters: Answer = UNKNOWN


@dataclass(frozen=True, slots=True)
class Care:
    """Support, rehabilitation, prevention of clots, and going home."""

    in_hospital: Answer = UNKNOWN
    able_to_take_part: Answer = UNKNOWN
    needs_assessed: Answer = UNKNOWN
    needs_changed: Answer = UNKNOWN
    care_plan: Answer = UNKNOWN
    advance_care_planning: Answer = UNKNOWN
    end_of_life: Answer = UNKNOWN
    knows_who_to_contact: Answer = UNKNOWN
    rehabilitation_would_help: Answer = UNKNOWN
    discharge_lead: Answer = UNKNOWN
    carers_trained: Answer = UNKNOWN
    high_clot_risk: Answer = UNKNOWN
    anticoagulation_safe: Answer = UNKNOWN
    stockings_contraindicated: Answer = UNKNOWN


@dataclass(frozen=True)
class Facts:
    """One person at one moment. `neurology_before` is the examination before the latest, and
    `presentation_before` what had been noticed before the latest was told."""

    suspicion: Suspicion
    presentation: Presentation
    confirmed: Confirmed = Confirmed.NOT_KNOWN
    presentation_before: Presentation | None = None
    neurology: Neurology = Neurology()
    neurology_before: Neurology | None = None
    disease: Disease = Disease()
    pain: Pain = Pain()
    spine: Spine = Spine()
    scans: Scans = Scans()
    steroids: Steroids = Steroids()
    treatment: Treatment = Treatment()
    care: Care = Care()
    scored: Scored = Scored()

    @cached_property
    def ruled_out(self) -> bool:
        """Imaging showed neither spinal metastases nor MSCC."""
        return self.confirmed is Confirmed.RULED_OUT

    @cached_property
    def mscc(self) -> Known:
        """MSCC suspected or confirmed. What imaging showed stands above what was suspected."""
        if self.confirmed is Confirmed.MSCC:
            return Known(Answer.YES, ("MSCC is confirmed.",))
        if self.confirmed is not Confirmed.NOT_KNOWN:
            return Known(Answer.NO, ("Imaging showed no cord compression.",))
        if self.suspicion is Suspicion.MSCC:
            return Known(Answer.YES, ("MSCC is suspected.",))
        return Known(Answer.NO, ("MSCC is not suspected.",))

    @cached_property
    def mscc_confirmed(self) -> Known:
        """MSCC shown by imaging; not known until a scan has been read."""
        return _shown(self.confirmed, Confirmed.MSCC, "MSCC is confirmed.")

    @cached_property
    def mscc_to_treat(self) -> Known:
        """MSCC as treatment needs it: shown, or suspected while the scan is still to be read."""
        return all_of(self.mscc, self.mscc_confirmed)

    @cached_property
    def metastases_without_mscc(self) -> Known:
        """Spinal metastases shown by imaging without cord compression."""
        return _shown(
            self.confirmed, Confirmed.SPINAL_METASTASES, "There are spinal metastases without MSCC."
        )

    @cached_property
    def concerned(self) -> Known:
        """Spinal metastases or MSCC, suspected or confirmed: most recommendations are for these.

        Signs that nobody has scanned, and metastases known before, count whatever was suspected.
        """
        if self.confirmed in (Confirmed.MSCC, Confirmed.SPINAL_METASTASES):
            return Known(Answer.YES, ("Spinal metastases or MSCC are confirmed.",))
        if self.ruled_out:
            return Known(Answer.NO, ("Spinal metastases and MSCC are ruled out.",))
        if self.suspicion is not Suspicion.NONE:
            return Known(Answer.YES, ("Spinal metastases or MSCC are suspected.",))
        if self.disease.metastases_known is Answer.YES:
            return Known(Answer.YES, ("Spinal metastases were diagnosed before.",))
        if self.signs.answer is not Answer.NO:
            return self.signs
        return Known(Answer.NO, ("Neither spinal metastases nor MSCC is suspected.",))

    @cached_property
    def signs(self) -> Known:
        """Any neurological symptom or sign (box 1), told or found by whichever tool; not known
        while one is unanswered and none is found."""
        told = self.presentation
        noticed = [item.label for item in told.answered(Group.CORD, Answer.YES)]
        found = [f"There is {', '.join(noticed)}."] if noticed else []
        found += self._found_on_examination()
        if found:
            return Known(Answer.YES, tuple(found))
        if told.answered(Group.CORD, Answer.NOT_KNOWN):
            return Known(Answer.NOT_KNOWN, (), ("Are there neurological symptoms or signs?",))
        return Known(Answer.NO, ("There are no neurological symptoms or signs.",))

    def _found_on_examination(self) -> Iterator[str]:
        seen = self.neurology
        if any(grade < 5 for grade in seen.power.values()):
            yield "An arm or a leg is weak on examination."
        if seen.mobility in (Mobility.WITH_HELP, Mobility.CANNOT_WALK):
            yield f"The person {seen.mobility.label}."
        if Answer.YES in (seen.bladder, seen.bowel, seen.sensation, seen.complete_paralysis):
            yield "The examination found a neurological deficit."
        if seen.has_sensory_level:
            yield f"There is a sensory level at {seen.sensory_level}."
        if self.treatment.paralysed_days is not None:
            yield "Paralysis is recorded as complete."
        if self.scored.frankel in PALSY:
            yield f"The Frankel grade is {self.scored.frankel}."

    @cached_property
    def paralysed(self) -> Known:
        """Complete tetraplegia or paraplegia. Legs that move and a record of paralysis are asked
        about: neither is taken for granted."""
        seen, said = self.neurology, self.neurology.complete_paralysis
        if self.treatment.paralysed_days is not None and said is Answer.NOT_KNOWN:
            said = Answer.YES
        moves = seen.mobility in _WALKS or any(seen.power.get(leg, 0) > 0 for leg in LEGS)
        if said is Answer.YES and moves:
            return Known(Answer.NOT_KNOWN, (), (PARALYSED_AND_MOVING_QUESTION,))
        if said is Answer.NOT_KNOWN and moves:
            said = Answer.NO
        return fact(
            said,
            "Paralysis is complete.",
            "Is there complete paralysis of the legs, or of arms and legs?",
            "Paralysis is not complete.",
        )

    @cached_property
    def mscc_or_signs(self) -> Known:
        """MSCC, or signs that nobody has scanned yet: they make it suspected MSCC, whatever was
        suspected before they came (1.3.2). A scan that showed no compression answers for its own
        day: signs that are there now may be newer."""
        if self.mscc.answer is Answer.YES:
            return self.mscc
        if self.confirmed is Confirmed.NOT_KNOWN:
            return self.signs
        if self.scan_may_be_old:
            return Known(Answer.NOT_KNOWN, self.signs.because, (NEWER_QUESTION,))
        return self.mscc

    @cached_property
    def scan_may_be_old(self) -> bool:
        """Signs, and a scan that showed no compression: nothing says which of them came first."""
        shown = self.confirmed in (Confirmed.SPINAL_METASTASES, Confirmed.RULED_OUT)
        return shown and self.signs.answer is Answer.YES

    @cached_property
    def mechanical_pain(self) -> Known:
        """Pain on standing, sitting or moving. It is asked in two places: a yes in either is a
        yes, and a no in one answers for the place where nobody was asked."""
        answers = (self.pain.on_movement, self.presentation.answer("mechanical"))
        if Answer.YES in answers:
            return Known(Answer.YES, ("Standing, sitting or moving makes the pain worse.",))
        if Answer.NO in answers:
            return Known(Answer.NO, ("Moving does not make the pain worse.",))
        return Known(Answer.NOT_KNOWN, (), (MOVEMENT_QUESTION,))

    @cached_property
    def severe_pain(self) -> Known:
        """Severe pain: 7 or more out of 10, or what the presentation calls severe (box 1)."""
        if self.pain.severity is None and (
            self.presentation.answer("severe_unremitting") is Answer.YES
        ):
            return Known(Answer.YES, ("There is severe back pain that does not let up.",))
        return measured(
            self.pain.severity,
            SEVERE_PAIN,
            f"Pain is {self.pain.severity} out of 10.",
            "How severe is the pain, from 0 to 10?",
            f"Pain is {self.pain.severity} out of 10.",
        )


_WALKS = (Mobility.UNAIDED, Mobility.WITH_AID, Mobility.WITH_HELP)
PALSY = (Frankel.A, Frankel.B, Frankel.C, Frankel.D)
NEWER_QUESTION = "Are the signs newer than the scan?"
PARALYSED_AND_MOVING_QUESTION = (
    "Paralysis is recorded as complete, and the legs as moving: which holds now?"
)
MOVEMENT_QUESTION = "Does standing, sitting or moving make the pain worse?"


def _shown(confirmed: Confirmed, wanted: Confirmed, yes: str) -> Known:
    if confirmed is Confirmed.NOT_KNOWN:
        return Known(Answer.NOT_KNOWN, (), ("What does the scan of the whole spine show?",))
    return Known(Answer.YES, (yes,)) if confirmed is wanted else Known(Answer.NO)
