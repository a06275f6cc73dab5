"""NICE quality standard QS56, statements 2 to 7 as they stand since September 2023.

Statement 1 was withdrawn. The old statement 6 counts from another moment than the new one: it is
kept apart, so that a trend never mixes the two. Wording of numerators and denominators is ours.
"""

from __future__ import annotations

from datetime import datetime

from audit.measures.journey import Decision
from audit.measures.measure import Measure, Shape
from audit.measures.story import DAY, WEEK, OnStory, Story, elapsed
from audit.measures.timing import (
    MET,
    NO_START,
    NOT_ABOUT,
    OPEN,
    first_from,
    mri_within,
    unrecorded,
    within,
)
from audit.measures.verdict import Verdict, excluded, missing, not_met
from referrals.clinical.milestones import MilestoneKind
from referrals.clinical.presentation import Answer

SECTION = "quality_standard"
_CURRENT = "NICE QS56 statement {} (September 2023)"

_DEFICIT_NOT_KNOWN = missing("not recorded whether there were neurological symptoms or signs")
_NO_OUTCOME = missing("result of imaging not on record")
_NO_DECISION = missing("no decision to treat on record")
_DIED_FIRST = excluded("died before a decision to treat")
_NOT_TRIAGED = not_met("closed without a coordinator's assessment")
_NOT_TAKEN = not_met("no coordinator on record")
_DIED = not_met("died in hospital")
_DIED_EXCLUDED = excluded("died in hospital")
_NO_PLAN = not_met("no management plan on record")
_NO_REHABILITATION = not_met("plan without rehabilitation needs")
_EXCEPTED = {
    "paralysis_pain_controlled": excluded("1.10.4: paralysis of 2 weeks or more, pain controlled"),
    "poor_prognosis": excluded("1.10.4: poor overall prognosis"),
}
_EXCEPTED_OTHERWISE = excluded("1.10.4: reason as recorded")
_SURGERY = excluded("surgery was decided on")
_NOT_DEFINITIVE = excluded("neither surgery nor radiotherapy was decided on")


def mscc_with_deficit(story: Story) -> Verdict | None:
    """What settles it for whoever is not of the people with suspected MSCC and signs, else None."""
    if not story.ever_mscc:
        return NOT_ABOUT
    deficit = story.facts.deficit
    if deficit == Answer.YES:
        # Found by a scan that was made for something else: nobody had suspected it before.
        return NOT_ABOUT if story.mscc is not None and story.mscc.found_by_scan else None
    return NOT_ABOUT if deficit == Answer.NO else _DEFICIT_NOT_KNOWN


def _pain_without_deficit(story: Story) -> Verdict | None:
    if not story.ever_metastases:
        return NOT_ABOUT
    answer = story.facts.deficit_at_referral
    if answer == Answer.NOT_KNOWN and story.facts.deficit == Answer.NO:
        return None
    if answer == Answer.NO:
        return None
    return NOT_ABOUT if answer == Answer.YES else _DEFICIT_NOT_KNOWN


def _2a(story: Story) -> Verdict:
    settled = _pain_without_deficit(story)
    if settled is not None:
        return settled
    spell = story.metastases
    if spell is None:
        return NO_START
    return mri_within(story, spell.since, WEEK, spell.until)


def _2b(story: Story) -> Verdict:
    settled = _pain_without_deficit(story)
    if settled is not None:
        return settled
    spell = story.metastases
    confirmed = story.facts.confirmed
    if confirmed == "ruled_out":
        return NOT_ABOUT
    if not confirmed:
        return OPEN if story.open else _NO_OUTCOME
    if spell is None:
        return NO_START
    decided = first_from(spell.since, [decision.at for decision in story.decisions])
    return within(story, spell.since, decided, WEEK, spell.until)


def _3(story: Story) -> Verdict:
    settled = mscc_with_deficit(story)
    if settled is not None:
        return settled
    spell = story.mscc
    if spell is None:
        return NO_START
    return mri_within(story, spell.since, DAY, spell.until)


def _4(story: Story) -> Verdict:
    settled = mscc_with_deficit(story)
    if settled is not None:
        return settled
    if MilestoneKind.TRIAGED in story.first:
        return MET
    return OPEN if story.open else unrecorded(story, _NOT_TRIAGED)


def _5(story: Story) -> Verdict:
    if not story.is_mscc:
        return NOT_ABOUT
    if MilestoneKind.TAKEN in story.first:
        return MET
    return OPEN if story.open else unrecorded(story, _NOT_TAKEN)


def exception_of(decision: Decision) -> Verdict | None:
    """The exclusion by 1.10.4 that a decision records; None without one, or without its reason."""
    if not decision.exception or not decision.exception_reason.strip():
        return None
    return _EXCEPTED.get(decision.exception, _EXCEPTED_OTHERWISE)


def _6(story: Story) -> Verdict:
    if not story.is_mscc:
        return NOT_ABOUT
    decisions = story.decisions
    if not decisions:
        return _undecided(story)
    wanted = _wanted(decisions)
    if wanted is None:
        return _SURGERY
    began = _radiotherapy_from(story, wanted.at)
    if any(_instead(each, wanted, began) for each in decisions):
        return _SURGERY
    if wanted.plan != "radiotherapy" or wanted.exception:
        settled = exception_of(wanted)
        if settled is not None:
            return settled
    return within(story, wanted.at, began, DAY)


def _wanted(decisions: tuple[Decision, ...]) -> Decision | None:
    """The decision that counts: the first for radiotherapy, else the first not for surgery."""
    other: Decision | None = None
    for decision in decisions:
        if decision.plan == "radiotherapy":
            return decision
        if other is None and decision.plan != "surgery":
            other = decision
    return other


def _instead(decision: Decision, wanted: Decision, began: datetime | None) -> bool:
    """Whether it is for surgery, and while radiotherapy could still be in time: decided on after it
    began, or after the 24 hours were over, surgery undoes neither a pass nor a miss."""
    if decision.plan != "surgery" or (began is not None and decision.at > began):
        return False
    return elapsed(wanted.at, decision.at) <= DAY


def _undecided(story: Story) -> Verdict:
    if story.open:
        return OPEN
    return _DIED_FIRST if story.facts.died_in_hospital else _NO_DECISION


def _radiotherapy_from(story: Story, start: datetime) -> datetime | None:
    first = story.first.get(MilestoneKind.RADIOTHERAPY_STARTED)
    if first is None or first >= start:
        return first
    return first_from(start, list(story.facts.all(MilestoneKind.RADIOTHERAPY_STARTED)))


def confirmed_at(story: Story) -> datetime | None:
    """When imaging confirmed MSCC: the first report that says so."""
    return min(
        (
            scan.reported_at
            for scan in story.facts.scans
            if scan.outcome == "mscc" and scan.reported_at is not None
        ),
        default=None,
    )


def _6_old(story: Story) -> Verdict:
    if not story.is_mscc:
        return NOT_ABOUT
    deficit = story.facts.deficit
    if deficit != Answer.YES:
        return NOT_ABOUT if deficit == Answer.NO else _DEFICIT_NOT_KNOWN
    treated = story.treated_at
    if treated is None and story.decisions:
        settled = exception_of(story.decisions[-1])
        if settled is not None:
            return settled
        if all(each.plan in ("systemic", "supportive") for each in story.decisions):
            return _NOT_DEFINITIVE
    return within(story, confirmed_at(story), treated, DAY)


def _7(story: Story) -> Verdict:
    return _plan_on_discharge(story, _DIED)


def _7_alive(story: Story) -> Verdict:
    return _plan_on_discharge(story, _DIED_EXCLUDED)


def _plan_on_discharge(story: Story, died: Verdict) -> Verdict:
    facts = story.facts
    if not story.is_mscc or facts.state in ("redirected", "withdrawn"):
        return NOT_ABOUT
    if story.open:
        return OPEN
    if facts.died_in_hospital:
        return died
    if not facts.care_plan_by:
        return unrecorded(story, _NO_PLAN)
    care = facts.care.get("rehabilitation")
    if "rehabilitation" in facts.discharge_steps or (care is not None and care.status == "given"):
        return MET
    return unrecorded(story, _NO_REHABILITATION)


_SUSPECTED_MSCC = "Adults with suspected MSCC and neurological symptoms or signs"

MEASURES: tuple[Measure, ...] = (
    Measure(
        key="qs56_2a",
        number=1,
        section=SECTION,
        name="MRI of the whole spine within 1 week, pain without neurological signs",
        clock="From when spinal metastases were suspected",
        numerator="Those who have MRI of the whole spine within 168 hours",
        denominator="Adults with pain suggesting spinal metastases and no neurological symptoms "
        "or signs when referred",
        source=_CURRENT.format("2, part a"),
        shape=Shape.TIMED,
        target_s=WEEK,
        headline=True,
        note="One week is 168 hours, not seven days of a calendar. Those in whom signs come before "
        "the week is over are excluded here and counted in statement 3.",
        judge=OnStory(_2a),
    ),
    Measure(
        key="qs56_2b",
        number=2,
        section=SECTION,
        name="Treatment plan within 1 week, pain without neurological signs",
        clock="From when spinal metastases were suspected",
        numerator="Those with a decision on treatment within 168 hours",
        denominator="Adults with pain suggesting spinal metastases, no neurological symptoms or "
        "signs when referred, and metastases or MSCC found by imaging",
        source=_CURRENT.format("2, part b"),
        shape=Shape.TIMED,
        target_s=WEEK,
        note="A plan is taken to be necessary when imaging found metastases or MSCC.",
        judge=OnStory(_2b),
    ),
    Measure(
        key="qs56_3",
        number=3,
        section=SECTION,
        name="MRI of the whole spine within 24 hours, MSCC with neurological signs",
        clock="From when MSCC was suspected",
        numerator="Those who have MRI of the whole spine within 24 hours",
        denominator=_SUSPECTED_MSCC,
        source=_CURRENT.format(3),
        shape=Shape.TIMED,
        target_s=DAY,
        headline=True,
        note="With signs at any time so far. MRI of part of the spine does not count. Those who "
        "had CT because MRI was contraindicated stay in the denominator; a measure of their own "
        "reports them.",
        judge=OnStory(_3),
    ),
    Measure(
        key="qs56_4",
        number=4,
        section=SECTION,
        name="Investigations coordinated by an MSCC coordinator",
        clock="",
        numerator="Those whose need for, and urgency of, investigations a coordinator assessed "
        "(triage on record)",
        denominator=_SUSPECTED_MSCC,
        source=_CURRENT.format(4),
        judge=OnStory(_4),
    ),
    Measure(
        key="qs56_5",
        number=5,
        section=SECTION,
        name="Ongoing care coordinated by an MSCC coordinator",
        clock="",
        numerator="Those whose referral a coordinator took on",
        denominator="Adults with MSCC confirmed by imaging",
        source=_CURRENT.format(5),
        note="That a coordinator took the referral stands for coordinating: what they did later "
        "is not judged here.",
        judge=OnStory(_5),
    ),
    Measure(
        key="qs56_6",
        number=6,
        section=SECTION,
        name="Radiotherapy within 24 hours of the decision to treat",
        clock="From the decision to treat",
        numerator="Those who start radiotherapy within 24 hours",
        denominator="Adults with MSCC confirmed by imaging, not for surgery, without a recorded "
        "reason of 1.10.4 against urgent radiotherapy",
        source=_CURRENT.format(6),
        shape=Shape.TIMED,
        target_s=DAY,
        headline=True,
        note="An exception of 1.10.4 excludes only with its reason on record. Surgery excludes "
        "when it was decided on before radiotherapy started and before the 24 hours ended. Not "
        "comparable with statement 6 of 2014, which counts from the diagnosis.",
        judge=OnStory(_6),
    ),
    Measure(
        key="qs56_6_2014",
        number=7,
        section=SECTION,
        name="Definitive treatment within 24 hours of the diagnosis (2014)",
        clock="From the report that confirmed MSCC",
        numerator="Those whose surgery or radiotherapy starts within 24 hours",
        denominator="Adults with MSCC confirmed by imaging and neurological symptoms or signs, "
        "for whom surgery or radiotherapy is appropriate",
        source="NICE QS56 statement 6 (2014), replaced in September 2023",
        shape=Shape.TIMED,
        target_s=DAY,
        note="Kept for comparison with older audits. Its clock starts at another moment than that "
        "of the current statement 6.",
        judge=OnStory(_6_old),
    ),
    Measure(
        key="qs56_7",
        number=8,
        section=SECTION,
        name="Management plan on discharge",
        clock="",
        numerator="Those discharged with a care plan and their rehabilitation needs addressed",
        denominator="Adults with MSCC confirmed by imaging whose stay is over",
        source=_CURRENT.format(7),
        note="Read literally: people who died in hospital are in the denominator and cannot be in "
        "the numerator. See the same without them.",
        judge=OnStory(_7),
    ),
    Measure(
        key="qs56_7_alive",
        number=9,
        section=SECTION,
        name="Management plan on discharge, without deaths in hospital",
        clock="",
        numerator="Those discharged with a care plan and their rehabilitation needs addressed",
        denominator="Adults with MSCC confirmed by imaging who left hospital alive",
        source=_CURRENT.format(7) + ", deaths in hospital excluded",
        headline=True,
        judge=OnStory(_7_alive),
    ),
)
