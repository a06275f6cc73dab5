"""From what is on record about referrals to the facts that measures judge.

A translation and nothing more: what nobody recorded stays unknown. What was corrected counts as
corrected, what was taken back does not count. Nothing that names a person gets through.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from audit.domain.deprivation import distances, quintiles
from audit.measures.journey import (
    Asked,
    Breached,
    Care,
    Decision,
    Dose,
    Examined,
    JourneyFacts,
    Later,
    Person,
    Scan,
)
from mscc import clock
from referrals.clinical.identity import age
from referrals.clinical.library import targets
from referrals.clinical.milestones import MilestoneKind, Suspicion
from referrals.clinical.presentation import CORD_ITEMS, Answer
from referrals.domain.queries.course import course_of
from referrals.domain.queries.person import Story, stories
from referrals.models import Advice, Discharge, MriScan, NeurologicalAssessment, Referral
from referrals.models.recorded import Recorded
from referrals.states import State
from scheduling.models import BreachRecord
from scheduling.timekeeping.clocks import ClockState, Judged, judge

_CORD = frozenset(item.id for item in CORD_ITEMS)
_TOPICS = ("pain", "stability", "immobilisation", "dexamethasone", "transfer")
# What the ward had done before anybody here was told, by item of the care bundle.
_TOLD_BY_WARD = {
    "immobilisation": "immobilised",
    "stomach_protection": "stomach_protection",
    "glucose": "glucose_checked",
    "vte_assessment": "vte_prophylaxis",
}
# Who leads the discharge, and whom the person rings: recorded with its plan.
_BY_PLAN = {"lead": "discharge_planning", "contact": "contact"}


def facts_of(referral_ids: Iterable[UUID], as_of: datetime) -> dict[UUID, JourneyFacts]:
    """The journeys of these referrals as they stand on record; `as_of` is when that is looked at.

    In a fixed number of statements however many there are; an id without a referral is left out.
    """
    referrals = list(
        Referral.objects.filter(pk__in=list(referral_ids)).select_related("patient").order_by("pk")
    )
    said, people = _breach_records(referrals), _people(referrals)
    return {
        story.referral.pk: facts_from(
            story, said.get(story.referral.pk, []), people[story.referral.pk], as_of
        )
        for story in stories(referrals)
    }


def _breach_records(referrals: Sequence[Referral]) -> dict[UUID, list[BreachRecord]]:
    rows = BreachRecord.objects.filter(referral__in=referrals, superseded_by__isnull=True)
    found: dict[UUID, list[BreachRecord]] = {}
    for row in rows.select_related("clock"):
        found.setdefault(row.referral_id, []).append(row)
    return found


def facts_from(
    story: Story, said: Sequence[BreachRecord], person: Person, as_of: datetime
) -> JourneyFacts:
    """The facts of one story, with what was said of its missed targets; asks no database."""
    referral, known = story.referral, story.facts
    milestones = tuple(row.as_fact() for row in story.standing)
    clocks = judge(milestones, targets())
    left = story.discharges[-1] if story.discharges else None
    if referral.state != State.DISCHARGED:
        left = None  # reopened since, or it ended otherwise
    first = min((row.recorded_at for row in story.milestones), default=referral.received_at)
    performance = known.get("fitness.performance_status")
    return JourneyFacts(
        as_of=as_of,
        received_at=referral.received_at,
        alliance=referral.alliance_id,
        trust=referral.trust_id,
        hospital=referral.hospital_id,
        state=str(referral.state),
        closed_at=referral.closed_at,
        route=referral.route,
        referrer_role=referral.referrer_role,
        suspicion=Suspicion(referral.suspicion),
        confirmed=referral.confirmed,
        deficit=_deficit(story, None),
        deficit_at_referral=_deficit(story, first),
        primary=str(known.get("cancer.primary") or "not_known"),
        performance_status=None if performance is None else int(performance),
        person=person,
        milestones=milestones,
        clocks=clocks,
        scans=tuple(_scan(row, referral) for row in story.scans),
        decisions=_decisions(story),
        opinions=tuple(
            Asked(row.specialty, row.occurred_at, row.due_at, row.answered_at)
            for row in story.opinions
        ),
        care=_care(story),
        doses=tuple(
            Dose(each.kind.value, each.at, each.daily_mg) for each in course_of(story).entries
        ),
        examined=_examined(story),
        pain_severity=next((row.severity for row in story.pain if row.severity is not None), None),
        care_plan_by="senior clinician" if story.care_plans else "",
        advised_topics=_advised(story),
        destination=left.destination if left else "",
        discharge_lead=bool(left and left.lead_name.strip()),
        discharge_steps=_steps(story, left),
        later=_later(story, left),
        breaches=tuple(_breaches(clocks, said, as_of)),
    )


def _people(referrals: Sequence[Referral]) -> dict[UUID, Person]:
    """The groups each person is counted in, by referral."""
    fifths = quintiles({each.patient.postcode for each in referrals})
    away = distances({(each.patient.postcode, each.hospital_id) for each in referrals})
    return {each.pk: person_of(each, fifths, away) for each in referrals}


def person_of(
    referral: Referral, fifths: Mapping[str, int], away: Mapping[tuple[str, int], float]
) -> Person:
    """The groups of one person, by what is known of postcodes; asks no database."""
    patient = referral.patient
    born, received_on = patient.date_of_birth, clock.local(referral.received_at).date()
    return Person(
        age=None if born is None else age(born, received_on),
        sex=patient.sex,
        ethnicity=patient.ethnicity,
        deprivation=fifths.get(patient.postcode),
        language=patient.language,
        interpreter_needed=patient.interpreter_needed,
        distance_km=away.get((patient.postcode, referral.hospital_id)),
    )


def _deficit(story: Story, by: datetime | None) -> Answer:
    """Whether any finding or examination showed a deficit; only what was recorded `by` then."""
    told = [row.as_facts() for row in story.presentations if by is None or row.recorded_at <= by]
    found = [each for row in told for each in row.findings if each.item in _CORD]
    seen = [row.as_facts() for row in story.neurology if by is None or row.recorded_at <= by]
    if any(each.answer is Answer.YES for each in found) or any(row.has_deficit for row in seen):
        return Answer.YES
    denied = {each.item for each in found if each.answer is Answer.NO}
    return Answer.NO if denied >= _CORD else Answer.NOT_KNOWN


def _scan(row: MriScan, referral: Referral) -> Scan:
    return Scan(
        modality=row.modality,
        booked_at=row.occurred_at,
        slot_at=row.slot_at,
        performed_at=row.performed_at,
        reported_at=row.reported_at,
        whole_spine=row.whole_spine,
        outcome=row.outcome,
        transferred=None if row.place_id is None else row.place_id != referral.hospital_id,
        transfer_reason=row.transfer_reason,
        overnight_reason=row.overnight_reason,
        contraindicated=bool(row.contraindication.strip()),
    )


def _decisions(story: Story) -> tuple[Decision, ...]:
    found = [
        Decision(
            at=story.when(MilestoneKind.DECISION_TO_TREAT, row),
            plan=row.plan,
            consulted=tuple(row.consulted),
            exception=row.radiotherapy_exception,
            exception_reason=row.exception_reason,
            fractionation=row.fractionation,
        )
        for row in story.decisions
    ]
    return tuple(sorted(found, key=lambda each: each.at))


def _care(story: Story) -> dict[str, Care]:
    """The latest of each item. What the ward had done counts until somebody enters it, and so do
    the steps of a discharge plan that are items too, from when they were first done."""
    found = {
        item: Care("given", row.occurred_at, "as the ward told")
        for row in story.care
        for item, column in _TOLD_BY_WARD.items()
        if getattr(row, column) == Answer.YES
    }
    for row in story.discharge_steps:
        if row.done and row.step in _BY_PLAN:
            found.setdefault(_BY_PLAN[row.step], Care("given", row.occurred_at, "as planned"))
    entered = {
        row.item: Care(row.status, row.occurred_at, row.reason) for row in story.care_entries
    }
    return found | entered


def _examined(story: Story) -> tuple[Examined, ...]:
    """The examinations, with the Frankel grades among them as rows of their own."""
    graded = [
        Examined(at=row.occurred_at, frankel=str(row.inputs["frankel"])[:1].upper())
        for row in story.scores
        if row.tool == "frankel" and row.inputs.get("frankel")
    ]
    seen = [_seen(row) for row in story.neurology]
    return tuple(sorted([*seen, *graded], key=lambda each: each.at))


def _seen(row: NeurologicalAssessment) -> Examined:
    seen = row.as_facts()
    return Examined(
        at=row.occurred_at,
        mobility=seen.mobility.value,
        bladder=seen.bladder,
        bowel=seen.bowel,
        weakest=min(seen.power.values(), default=None),
    )


def _advised(story: Story) -> frozenset[str]:
    """The topics of advice that stands; advice that was taken back was not given."""
    given = [row for row in story.advice if _stands(story, MilestoneKind.ADVICE_GIVEN, row)]
    return frozenset(topic for row in given for topic in _topics(row))


def _topics(row: Advice) -> Iterator[str]:
    return (topic for topic in _TOPICS if getattr(row, topic).strip())


def _stands(story: Story, kind: MilestoneKind, row: Recorded) -> bool:
    return any(
        fact.kind == kind and story.first_recorded(fact) == row.recorded_at
        for fact in story.standing
    )


def _steps(story: Story, left: Discharge | None) -> frozenset[str]:
    """What was arranged for going home, as last said of each step."""
    done = {row.step: row.done for row in story.discharge_steps}
    if left is not None and left.new_symptoms_contact.strip():
        done["contact"] = True
    return frozenset(step for step, is_done in done.items() if is_done)


def _later(story: Story, left: Discharge | None) -> tuple[Later, ...]:
    """The follow-ups of the last discharge; a second one of a day corrects the first."""
    if left is None:
        return ()
    asked = sorted(
        (row for row in story.follow_ups if row.recorded_at >= left.recorded_at),
        key=lambda row: row.recorded_at,
    )
    latest = {row.day: row for row in asked}
    return tuple(
        Later(
            day=day,
            at=row.occurred_at,
            reached=Answer(row.reached),
            alive=Answer(row.alive),
            died_on=row.died_on,
            mobility=row.mobility,
            continence=row.continence,
            pain=row.pain,
            place_of_care=row.place_of_care,
        )
        for day, row in sorted(latest.items())
    )


def _breaches(
    clocks: Iterable[Judged], said: Sequence[BreachRecord], as_of: datetime
) -> Iterator[Breached]:
    """Every target that was missed, whether or not anybody has said why."""
    why = {(row.clock.kind, row.clock.number, row.due_at): row for row in said}
    for each in clocks:
        overdue = each.state is ClockState.RUNNING and each.due_at < as_of
        if each.state is ClockState.MISSED or overdue:
            row = why.get((each.kind, each.number, each.due_at))
            yield Breached(
                each.kind, each.due_at, row.reason if row else "", row.incident if row else None
            )
