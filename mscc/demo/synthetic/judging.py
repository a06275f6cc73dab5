"""What follows from a made-up chart: clocks, due care and the journey, by the code that judges real
referrals. Nothing here is drawn but the reasons that a service gives for a missed target."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model

from audit.domain.journeys import judged
from audit.domain.reading import facts_from, person_of
from audit.models import Journey
from mscc.demo.synthetic.chart import Chart
from mscc.demo.synthetic.pathway import Pathway
from mscc.demo.synthetic.places import Region
from mscc.demo.synthetic.rows import beside, make
from referrals.clinical import key_information
from referrals.clinical.library import targets
from referrals.domain.queries.bundle import outstanding_of
from referrals.domain.queries.person import ROWS, Story
from referrals.models import Milestone, Patient, Referral
from scheduling.models import BreachRecord, Clock, ClockStep, DueWork
from scheduling.timekeeping.clocks import ClockState, Judged, judge

_REASONS = ("no_slot", "transfer", "opinion", "report", "staff", "unwell", "not_told", "equipment")
_WEIGHTS = (34, 12, 10, 12, 14, 8, 5, 5)


def finish(
    chart: Chart, path: Pathway, patient: Patient, reference: str, region: Region, at: datetime
) -> Mapping[type[Model], list[Any]]:
    """Every row of this referral, by model; those that others point at come first."""
    referral = _referral(chart, path, patient, reference)
    for rows in chart.rows.values():
        rows.sort(key=lambda row: (row.occurred_at, row.recorded_at))
    told = {name: chart.rows.get(model, []) for name, (model, _) in ROWS.items()}
    story = Story(referral, **told)
    clocks, steps, said = _clocks(chart, at)
    due = outstanding_of(story, at)
    referral.missing = [each.id for each in key_information.missing(story.facts)]
    referral.care_due_at = min((each.due_at for each in due), default=None)
    person = person_of(referral, region.fifths, region.distances)
    journey = judged(facts_from(story, said, person, at), referral.pk)
    journey.id = chart.key()
    return {
        Patient: [patient],
        Referral: [referral],
        **chart.rows,
        Clock: clocks,
        ClockStep: steps,
        BreachRecord: said,
        DueWork: [
            make(DueWork, id=chart.key(), referral_id=referral.pk, key=each.key, due_at=each.due_at)
            for each in due
        ],
        Journey: [journey],
    }


def _referral(chart: Chart, path: Pathway, patient: Patient, reference: str) -> Referral:
    site, rng = chart.pace.site, chart.rng
    role = rng.choice(("Staff nurse", "Registrar", "Acute physician", "GP", "Physiotherapist"))
    referral: Referral = make(
        Referral,
        id=chart.referral_id,
        reference=reference,
        state=path.state,
        version=chart.steps,
        patient_id=patient.pk,
        alliance_id=site.alliance,
        trust_id=site.trust,
        hospital_id=site.hospital,
        ward_id=rng.choice(site.wards) if site.wards else None,
        suspicion=path.suspicion,
        confirmed=path.confirmed,
        route=rng.choices(("ward_form", "telephone", "api"), (70, 22, 8))[0],
        received_at=path.received_at,
        referred_by_id=site.nurse,
        referrer_name="Alex Ward",
        referrer_role=role,
        call_back="01632 960123",
        taken_by_id=chart.pace.on_duty(path.taken_at),
        taken_at=path.taken_at,
        closed_at=path.closed_at,
        care_stale=False,
        changed_at=chart.written_at,
        changed_by="Sam Example",
        last_change=chart.last_change,
    )
    beside(referral, patient=patient)
    return referral


def _clocks(chart: Chart, at: datetime) -> tuple[list[Clock], list[ClockStep], list[BreachRecord]]:
    """The clocks with their steps, and what the service said of those that were missed."""
    facts = [row.as_fact() for row in chart.rows[Milestone]]
    clocks: list[Clock] = []
    steps: list[ClockStep] = []
    said: list[BreachRecord] = []
    for each in judge(facts, targets()):
        clock = _clock(chart, each)
        clocks.append(clock)
        steps += [_step(chart, clock, name) for name in ("at_risk", "breach")]
        # Nearly all are explained: the others are asked for until they are.
        explained = chart.rng.random() < (1 + chart.pace.site.recorded) / 2
        if each.state is ClockState.MISSED and explained:
            said.append(_said(chart, clock, at))
    return clocks, steps, said


def _clock(chart: Chart, each: Judged) -> Clock:
    return make(
        Clock,
        id=chart.key(),
        referral_id=chart.referral_id,
        kind=each.kind,
        number=each.number,
        state=each.state.value,
        started_at=each.started_at,
        at_risk_at=each.at_risk_at,
        due_at=each.due_at,
        stopped_at=each.stopped_at,
        reason=each.reason[:60],
        ladder="v0",
    )


def _step(chart: Chart, clock: Clock, name: str) -> ClockStep:
    """Fired when its time came while the clock ran; cancelled otherwise."""
    when = clock.at_risk_at if name == "at_risk" else clock.due_at
    fired = clock.stopped_at is not None and clock.stopped_at > when
    return make(
        ClockStep,
        id=chart.key(),
        clock_id=clock.pk,
        referral_id=chart.referral_id,
        step=name,
        state="fired" if fired else "cancelled",
        fire_at=when,
        fired_at=when if fired else None,
    )


def _said(chart: Chart, clock: Clock, at: datetime) -> BreachRecord:
    rng = chart.rng
    record = make(
        BreachRecord,
        id=chart.key(),
        clock_id=clock.pk,
        referral_id=chart.referral_id,
        due_at=clock.due_at,
        reason=rng.choices(_REASONS, _WEIGHTS)[0],
        owner="Service lead",
        incident=rng.random() < 0.06,
        by_id=chart.pace.site.by_day,
        at=min(at, chart.written_at + timedelta(hours=rng.randrange(2, 200))),
    )
    beside(record, clock=clock)
    return record
