"""How soon: contact, advice, opinions, treatment, and the whole pathway (NG234 1.1 to 1.11)."""

from __future__ import annotations

from datetime import datetime

from audit.measures.fractions import read
from audit.measures.measure import Measure, Shape
from audit.measures.story import DAY, OnStory, Story, elapsed, later_than
from audit.measures.timing import MET, NEGATIVE, NOT_ABOUT, first_from, took, unrecorded, within
from audit.measures.verdict import Status, Verdict, excluded, missing, not_met, running
from referrals.clinical.milestones import MilestoneKind as Kind

SECTION = "timeliness"
_SUSPECTED = (Kind.MSCC_SUSPECTED, Kind.METASTASES_SUSPECTED)

_ANSWER_NOT_KNOWN = missing("advice was sought, its answer is not on record")
_NOT_SOUGHT = not_met("no advice was sought")
_UNANSWERED = not_met("an answer is overdue")
_ANSWERED_LATE = not_met("answered late")
_NO_TIME_AGREED = missing("no time was agreed for an answer")
_CLOSED_BEFORE_DUE = excluded("closed before an answer was due")
_SINGLE = Verdict(Status.MET, label="8 Gy, one fraction")
_OTHER_SINGLE = Verdict(Status.NOT_MET, "one fraction, another dose", label="one, another dose")
_SEVERAL = Verdict(Status.NOT_MET, "several fractions", label="several fractions")
_NO_FRACTIONS = missing("fractionation not on record, or not readable")


def _coordinator(story: Story) -> Verdict:
    return took(story, story.received_at, story.first.get(Kind.TAKEN))


def _advice(story: Story) -> Verdict:
    if not (story.ever_mscc or story.ever_metastases):
        return NOT_ABOUT
    return within(story, story.received_at, story.first.get(Kind.ADVICE_GIVEN), DAY)


def _stability(story: Story) -> Verdict:
    start = story.first.get(Kind.IMMOBILISATION_STARTED)
    if start is None:
        return NOT_ABOUT
    sought = set(story.facts.all(Kind.STABILITY_ADVICE_SOUGHT))
    answers = [
        each.answered_at
        for each in story.facts.opinions
        if each.asked_at in sought and each.answered_at is not None
    ]
    end = first_from(start, sorted(answers))
    if end is not None and end < start:
        end = None  # advice on what was before: the person was immobilised after it
    verdict = within(story, start, end, DAY, story.first.get(Kind.IMMOBILISATION_ENDED))
    if end is None and verdict.status is Status.NOT_MET:
        asked = {each.asked_at for each in story.facts.opinions}
        if not sought:
            return unrecorded(story, _NOT_SOUGHT)
        return verdict if sought & asked else _ANSWER_NOT_KNOWN
    return verdict


def _decision(story: Story, plan: str) -> datetime | None:
    return next((each.at for each in story.decisions if each.plan == plan), None)


def _radiotherapy(story: Story) -> Verdict:
    start = _decision(story, "radiotherapy")
    if start is None:
        return NOT_ABOUT
    end = story.first.get(Kind.RADIOTHERAPY_STARTED)
    if end is not None and end < start:
        end = first_from(start, list(story.facts.all(Kind.RADIOTHERAPY_STARTED)))
    return took(story, start, end)


def _surgery(story: Story) -> Verdict:
    start = _decision(story, "surgery")
    if start is None:
        return NOT_ABOUT
    return took(story, start, story.first.get(Kind.SURGERY_PERFORMED))


def _total(story: Story) -> Verdict:
    return took(story, story.received_at, story.treated_at) if _to_treat(story) else NOT_ABOUT


def _total_from_suspicion(story: Story) -> Verdict:
    if not _to_treat(story):
        return NOT_ABOUT
    # Judged down, it counts since before; given up and come back, from the first time all the same.
    times = [each.since for each in (story.mscc, story.metastases) if each is not None]
    times += [story.first[kind] for kind in _SUSPECTED if kind in story.first]
    return took(story, min(times, default=None), story.treated_at)


def _to_treat(story: Story) -> bool:
    return story.treated_at is not None or any(
        each.plan in ("radiotherapy", "surgery") for each in story.decisions
    )


def _fraction(story: Story) -> Verdict:
    if not story.is_mscc:
        return NOT_ABOUT
    said = [each.fractionation for each in story.decisions if each.plan == "radiotherapy"]
    if not said:
        return NOT_ABOUT
    number, dose = read(said[-1])
    if number is None or (number == 1 and dose is None):
        return _NO_FRACTIONS
    if number > 1:
        return _SEVERAL
    return _SINGLE if dose == 8 else _OTHER_SINGLE


def _opinions(story: Story) -> Verdict:
    opinions = story.facts.opinions
    if not opinions:
        return NOT_ABOUT
    waiting: datetime | None = None
    answered = agreed = late = False
    for each in opinions:
        if each.answered_at is not None and elapsed(each.asked_at, each.answered_at) < 0:
            return NEGATIVE
        due = each.due_at
        if due is None:
            continue
        agreed = True
        if each.answered_at is not None:
            answered = True
            late = late or elapsed(due, each.answered_at) > 0
        elif (story.closed_at or story.as_of) > due:
            return _UNANSWERED
        elif story.open and (waiting is None or due < waiting):
            waiting = due
    if late:
        return _ANSWERED_LATE
    if waiting is not None:
        return running(later_than(waiting, 0))
    if answered:
        return MET
    return _CLOSED_BEFORE_DUE if agreed else _NO_TIME_AGREED


MEASURES: tuple[Measure, ...] = (
    Measure(
        key="coordinator",
        number=17,
        section=SECTION,
        name="Time until a coordinator takes the referral",
        clock="From when the referral was received",
        numerator="Those that a coordinator took",
        denominator="All referrals",
        source="NG234 1.3.2, 1.3.3",
        shape=Shape.TIMED,
        note="NG234 names no time for everybody; read the distribution.",
        judge=OnStory(_coordinator),
    ),
    Measure(
        key="advice_suspected",
        number=18,
        section=SECTION,
        name="Advice to the referrer within 24 hours",
        clock="From when the referral was received",
        numerator="Those whose referrer was advised within 24 hours",
        denominator="Referrals with suspected MSCC or spinal metastases",
        source="NG234 1.3.3, 1.1.16",
        shape=Shape.TIMED,
        target_s=DAY,
        note="For suspected MSCC contact is immediate (1.3.2); its target is among the clocks.",
        judge=OnStory(_advice),
    ),
    Measure(
        key="stability_answered",
        number=28,
        section=SECTION,
        name="Expert advice on spinal stability received within 24 hours",
        clock="From when immobilisation started",
        numerator="Those for whom the advice was given within 24 hours",
        denominator="Referrals of immobilised people",
        source="NG234 1.4.4",
        shape=Shape.TIMED,
        target_s=DAY,
        note="The target's clock stops when advice is sought; this counts until it is given.",
        judge=OnStory(_stability),
    ),
    Measure(
        key="decision_to_radiotherapy",
        number=29,
        section=SECTION,
        name="Time from the decision to radiotherapy",
        clock="From the decision to treat",
        numerator="Those who start radiotherapy",
        denominator="Referrals with radiotherapy decided on, with or without MSCC",
        source="NG234 1.10.4, 1.1.21",
        shape=Shape.TIMED,
        note="Read the distribution; statement 6 says for whom 24 hours are owed.",
        judge=OnStory(_radiotherapy),
    ),
    Measure(
        key="decision_to_surgery",
        number=30,
        section=SECTION,
        name="Time from the decision to surgery",
        clock="From the decision to treat",
        numerator="Those who are operated on",
        denominator="Referrals with surgery decided on",
        source="NG234 1.11.3",
        shape=Shape.TIMED,
        note="NG234 says as soon as possible and names no time.",
        judge=OnStory(_surgery),
    ),
    Measure(
        key="total_from_referral",
        number=31,
        section=SECTION,
        name="Whole pathway: referral to treatment",
        clock="From when the referral was received",
        numerator="Those whose surgery or radiotherapy starts",
        denominator="Referrals with surgery or radiotherapy decided on or given",
        source="Local; after the peer review measures of 2011",
        shape=Shape.TIMED,
        headline=True,
        note="No source names a time for the whole pathway: read the distribution.",
        judge=OnStory(_total),
    ),
    Measure(
        key="total_from_suspicion",
        number=32,
        section=SECTION,
        name="Whole pathway: suspicion to treatment",
        clock="From when MSCC or spinal metastases were first suspected",
        numerator="Those whose surgery or radiotherapy starts",
        denominator="Referrals with surgery or radiotherapy decided on or given",
        source="Local; after the peer review measures of 2011",
        shape=Shape.TIMED,
        note="No source names a time for the whole pathway: read the distribution.",
        judge=OnStory(_total_from_suspicion),
    ),
    Measure(
        key="single_fraction",
        number=33,
        section=SECTION,
        name="Radiotherapy as one fraction of 8 Gy",
        clock="",
        numerator="Those for whom one fraction of 8 Gy was decided",
        denominator="Adults with MSCC confirmed by imaging and radiotherapy decided on",
        source="NG234 1.10.5, 1.10.6",
        note="Several fractions are an option when the risk of side effects is high (1.10.6): not "
        "each of them is a failure. Read from the words of the decision.",
        judge=OnStory(_fraction),
    ),
    Measure(
        key="opinions_in_time",
        number=34,
        section=SECTION,
        name="Opinions answered in time",
        clock="",
        numerator="Those in which every opinion came by the time it was needed",
        denominator="Referrals in which an opinion was asked by a time",
        source="NG234 1.1.10",
        judge=OnStory(_opinions),
    ),
)
