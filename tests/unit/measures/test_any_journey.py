"""Whatever a record says, in whatever order: every measure answers, and never with a false pass."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from audit.measures import registry
from audit.measures.journey import Asked, Breached, Care, Decision, Dose, Examined, Later, Scan
from audit.measures.tally import tally
from audit.measures.verdict import Status
from referrals.clinical.library import targets
from referrals.clinical.milestones import MilestoneKind, Suspicion
from referrals.clinical.presentation import Answer
from scheduling.timekeeping.clocks import judge
from tests.unit.measures.told import at, facts

HOURS = st.integers(-400, 4000)
MOMENTS = st.builds(lambda hours, seconds: at(hours, seconds=seconds), HOURS, st.integers(0, 3599))
MAYBE = st.none() | MOMENTS
ANSWERS = st.sampled_from(Answer)
MOBILITY = st.sampled_from(["", "not_known", "walks_unaided", "walks_with_help", "cannot_walk"])
ITEMS = ["dexamethasone", "glucose", "holistic_needs", "rehabilitation", "discharge_planning"]
STATUSES = ["given", "declined", "not_applicable", "contraindicated"]

SCANS = st.builds(
    Scan,
    st.sampled_from(["mri", "ct"]),
    MOMENTS,
    performed_at=MAYBE,
    reported_at=MAYBE,
    whole_spine=st.none() | st.booleans(),
    outcome=st.sampled_from(["", "mscc", "ruled_out"]),
    transferred=st.none() | st.booleans(),
    overnight_reason=st.sampled_from(["", "why"]),
    contraindicated=st.booleans(),
)
DECISIONS = st.builds(
    Decision,
    MOMENTS,
    st.sampled_from(["radiotherapy", "surgery", "systemic", "supportive"]),
    consulted=st.sampled_from([(), ("oncology", "spinal_surgery")]),
    exception=st.sampled_from(["", "poor_prognosis", "something_new"]),
    exception_reason=st.sampled_from(["", "why"]),
    fractionation=st.text(max_size=12) | st.sampled_from(["8 Gy/1", "20Gy in 5"]),
)
EXAMINED = st.builds(
    Examined, MOMENTS, MOBILITY, ANSWERS, ANSWERS, st.none() | st.integers(0, 5), st.just("")
)
LATER = st.builds(
    Later,
    st.sampled_from([30, 90]),
    MOMENTS,
    ANSWERS,
    ANSWERS,
    st.none() | st.dates(at(-900).date(), at(4000).date()),
    MOBILITY,
    st.sampled_from(["", "continent", "both"]),
    st.none() | st.integers(0, 10),
)
TOLD = st.lists(st.tuples(st.sampled_from(MilestoneKind), MOMENTS), max_size=14)


def some(of):
    return st.lists(of, max_size=3).map(tuple)


@st.composite
def journeys(draw):
    closed = draw(st.sampled_from(["triaged", "discharged", "redirected", "withdrawn"]))
    journey = facts(
        *draw(TOLD),
        as_of=draw(MOMENTS),
        state=closed,
        closed_at=None if closed == "triaged" else draw(MOMENTS),
        destination=draw(st.sampled_from(["home", "died"])) if closed == "discharged" else "",
        imported=draw(st.booleans()),
        suspicion=draw(st.sampled_from(Suspicion)),
        confirmed=draw(st.sampled_from(["", "mscc", "spinal_metastases", "ruled_out"])),
        deficit=draw(ANSWERS),
        deficit_at_referral=draw(ANSWERS),
        scans=draw(some(SCANS)),
        decisions=tuple(sorted(draw(some(DECISIONS)), key=lambda each: each.at)),
        opinions=draw(some(st.builds(Asked, st.just("oncology"), MOMENTS, MAYBE, MAYBE))),
        care={
            key: Care(draw(st.sampled_from(STATUSES)), draw(MOMENTS))
            for key in draw(st.lists(st.sampled_from(ITEMS), unique=True))
        },
        doses=tuple(
            sorted(
                draw(some(st.builds(Dose, st.sampled_from(["start", "change", "stop"]), MOMENTS))),
                key=lambda each: each.at,
            )
        ),
        examined=tuple(sorted(draw(some(EXAMINED)), key=lambda each: each.at)),
        later=draw(some(LATER)),
        breaches=draw(some(st.builds(Breached, st.just("mri_24h"), MOMENTS))),
    )
    return replace(journey, clocks=judge(journey.milestones, targets()))


@settings(max_examples=150, deadline=None)
@given(journeys())
def test_every_measure_answers_and_says_why(journey):
    said = registry.judge_all(journey)
    for measure in registry.ALL:
        verdict = said[measure.number]
        if verdict.seconds is not None:
            assert verdict.seconds >= 0, measure.key
            assert verdict.status in (Status.MET, Status.NOT_MET), measure.key
            if measure.target_s is not None:
                within = verdict.seconds <= measure.target_s
                assert (verdict.status is Status.MET) is within, measure.key
        if verdict.status in (Status.EXCLUDED, Status.MISSING):
            assert verdict.reason, measure.key
        if verdict.flag:
            assert verdict.status is Status.MISSING, measure.key
        if verdict.until is not None:
            assert verdict.status is Status.RUNNING, measure.key
            assert verdict.until > journey.as_of, measure.key
        total = tally([verdict])
        counted = total.eligible + total.n_excluded + total.running + total.not_applicable
        assert counted == 1, measure.key


@settings(max_examples=80, deadline=None)
@given(journeys())
def test_a_verdict_changes_by_itself_only_when_it_said_it_would(journey):
    said = registry.judge_all(journey)
    until = min((each.until for each in said if each.until), default=None)
    due = [each.due_at for each in journey.clocks if each.due_at >= journey.as_of]
    moments = [*due, *([until] if until else [])]
    later = min(moments, default=journey.as_of + timedelta(days=4000))
    if until is not None and later == until:
        later -= timedelta(seconds=1)
    if later > journey.as_of:
        assert registry.judge_all(replace(journey, as_of=later)) == said
