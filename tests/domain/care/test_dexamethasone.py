"""A course of dexamethasone, entry by entry."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from referrals.clinical.course import Kind, Step
from referrals.clinical.milestones import MilestoneKind
from referrals.clinical.presentation import Answer
from referrals.domain import dexamethasone, imaging, intake, milestones
from referrals.domain.dexamethasone import CourseEntry
from referrals.domain.milestones import Correction, Happening
from referrals.domain.queries.course import course_of, due_of, read_course, standing_entries
from referrals.domain.queries.facts import facts_of
from referrals.domain.queries.person import story
from referrals.domain.refusals import Invalid, NeedsConfirmation
from referrals.domain.told import Addition
from referrals.models import DexamethasoneEntry, Referral
from tests.factories.referrals import AT, ReferralFactory, Team, command

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
TAPER = (Step(date(2026, 11, 24), 8), Step(date(2026, 11, 28), 0))


@pytest.fixture
def team():
    return Team.build()


@pytest.fixture
def referral(team):
    return ReferralFactory(team=team, triaged=True)


@pytest.fixture
def record(team, referral):
    """`record(Kind.STOP, hours=2, reason="Done")`, two hours after AT unless it says when."""

    def one(kind, hours=1, **entry):
        at = AT + hours * HOUR
        given = CourseEntry(kind, **{"reason": "As advised"} | entry)
        return dexamethasone.record_dexamethasone(
            referral.pk, given, command=command(team.coordinator, at)
        )

    return one


def read(referral) -> Referral:
    return story(Referral.objects.get(pk=referral.pk))


def start(record, **entry):
    return record(Kind.START, daily_mg=Decimal(16), route="By mouth", **entry)


def test_a_course_is_kept_entry_by_entry_with_who_when_and_why(record, referral, team):
    start(record)
    record(Kind.PLAN, hours=2, taper=TAPER, confirmed=True)
    record(Kind.CHANGE, hours=3, daily_mg=Decimal(8), reason="Sugar is high")
    record(Kind.STOP, hours=4, reason="Surgery is done")

    rows = list(DexamethasoneEntry.objects.order_by("occurred_at"))
    assert [row.kind for row in rows] == ["start", "plan", "change", "stop"]
    assert [row.recorded_by for row in rows] == [team.coordinator] * 4
    assert rows[1].taper == [
        {"on": "2026-11-24", "daily_mg": 8},
        {"on": "2026-11-28", "daily_mg": 0},
    ]
    assert rows[2].reason == "Sugar is high"
    assert not course_of(read(referral)).running
    kinds = read(referral).kinds
    assert {"dexamethasone_started", "dexamethasone_stopped"} <= kinds


def test_a_command_reads_the_same_course_as_the_page(record, referral):
    start(record)
    record(Kind.PLAN, hours=2, taper=TAPER, confirmed=True)
    assert read_course(Referral.objects.get(pk=referral.pk)) == course_of(read(referral))


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (CourseEntry(Kind.START), "daily_mg"),
        (CourseEntry(Kind.START, daily_mg=Decimal(0)), "daily_mg"),
        (CourseEntry(Kind.CHANGE, daily_mg=Decimal(1000), reason="Why"), "daily_mg"),
        (CourseEntry(Kind.CHANGE, daily_mg=Decimal(8)), "reason"),
        (CourseEntry(Kind.PLAN), "taper"),
        (CourseEntry(Kind.STOP, reason=" "), "reason"),
        (CourseEntry(Kind.START, AT + 5 * HOUR, Decimal(16)), "at"),
    ],
)
def test_what_is_missing_or_cannot_be_is_refused(team, referral, entry, field):
    with pytest.raises(Invalid) as refused:
        dexamethasone.record_dexamethasone(
            referral.pk, entry, command=command(team.coordinator, AT + HOUR)
        )
    assert list(refused.value.errors) == [field]
    assert not isinstance(refused.value, NeedsConfirmation)
    assert not DexamethasoneEntry.objects.exists()


def test_what_does_not_fit_is_asked_about_all_at_once_and_can_be_confirmed(record, referral):
    with pytest.raises(NeedsConfirmation) as asked:
        record(Kind.CHANGE, daily_mg=Decimal(60))
    assert set(asked.value.errors) == {"at", "daily_mg"}
    assert not DexamethasoneEntry.objects.exists()

    record(Kind.CHANGE, daily_mg=Decimal(60), confirmed=True)
    assert course_of(read(referral)).daily_mg == 60


def test_a_second_start_while_one_runs_is_asked_about(record):
    start(record)
    with pytest.raises(NeedsConfirmation) as asked:
        start(record, hours=2)
    assert list(asked.value.errors) == ["kind"]


def test_correcting_the_time_of_a_start_moves_the_course(record, referral, team):
    start(record)
    fact = read(referral).standing[-1]
    assert fact.kind == MilestoneKind.DEXAMETHASONE_STARTED
    earlier = Correction(fact.pk, AT - 2 * HOUR, "Looked at the chart")
    milestones.correct(referral.pk, earlier, command=command(team.coordinator, AT + 2 * HOUR))

    ((row, at),) = standing_entries(read(referral))
    assert (row.occurred_at, at) == (AT + HOUR, AT - 2 * HOUR)
    assert due_of(read(referral))[0].due_at == AT - 2 * HOUR + timedelta(days=5)


def test_a_start_that_never_happened_leaves_no_course(record, referral, team):
    start(record)
    fact = read(referral).standing[-1]
    never = Correction(fact.pk, None, "Another person's chart")
    milestones.correct(referral.pk, never, command=command(team.coordinator, AT + 2 * HOUR))
    assert not course_of(read(referral)).running
    assert due_of(read(referral)) == ()
    assert facts_of(read(referral), AT + 2 * HOUR).steroids.running is not Answer.YES


def test_a_step_of_the_taper_that_was_taken_leaves_the_plan_standing(record, referral):
    start(record)
    record(Kind.PLAN, hours=2, taper=TAPER, confirmed=True)
    record(Kind.CHANGE, hours=72, daily_mg=Decimal(8), reason="As planned")
    known = facts_of(read(referral), AT + 73 * HOUR).steroids
    assert (known.daily_mg, known.planned_taper) == (8, Answer.YES)

    record(Kind.CHANGE, hours=74, daily_mg=Decimal(16), reason="Legs are weaker")
    known = facts_of(read(referral), AT + 75 * HOUR).steroids
    assert (known.daily_mg, known.planned_taper) == (16, Answer.NO)


@pytest.fixture
def told(team, referral):
    """The ward said, with the referral, that a first dose was given."""
    at = AT - 3 * HOUR
    care = {"dexamethasone": "yes", "dexamethasone_mg": 8, "dexamethasone_at": at}
    intake.add_information(
        referral.pk, Addition(sections={"care": care}), command=command(team.coordinator, AT)
    )
    return at


def test_what_the_ward_said_begins_the_course_until_a_start_is_recorded(told, record, referral):
    course = course_of(read(referral))
    assert (course.running, course.daily_mg, course.entries[0].at) == (True, 8, told)
    assert due_of(read(referral))[0].key == "dexamethasone_told"

    start(record)
    assert [each.told for each in course_of(read(referral)).entries] == [False]
    assert "dexamethasone_told" not in {each.key for each in due_of(read(referral))}


def test_a_course_that_only_the_ward_told_of_can_be_changed_and_stopped(told, record, referral):
    record(Kind.CHANGE, daily_mg=Decimal(16))
    record(Kind.STOP, hours=2)
    assert not course_of(read(referral)).running


def test_a_taper_is_due_once_surgery_is_done(team):
    decided = ReferralFactory(team=team, treatment_decided=True)
    at = AT + 5 * HOUR
    by = command(team.coordinator, at)
    milestones.record_milestone(
        decided.pk, Happening(MilestoneKind.SURGERY_PERFORMED, at), command=by
    )
    dexamethasone.record_dexamethasone(
        decided.pk,
        CourseEntry(Kind.START, AT + 4 * HOUR, Decimal(16)),
        command=command(team.coordinator, at + HOUR),
    )
    (due,) = due_of(read(decided))
    assert (due.key, due.due_at) == ("dexamethasone_taper", at + timedelta(days=1))


def test_ruled_out_means_stop_from_the_report_on(team):
    ruled_out = ReferralFactory(team=team, scanned=True)
    reported = AT + timedelta(minutes=30)
    imaging.record_report(
        ruled_out.pk,
        imaging.ScanReport(outcome="ruled_out", reported_at=reported),
        command=command(team.coordinator, reported),
    )
    dexamethasone.record_dexamethasone(
        ruled_out.pk,
        CourseEntry(Kind.START, AT, Decimal(16)),
        command=command(team.coordinator, AT + HOUR),
    )
    (due,) = due_of(read(ruled_out))
    assert (due.key, due.due_at) == ("dexamethasone_ruled_out", reported)
