"""The short way of writing a row writes what the ORM would, and reads what it would."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import JourneyChanged, Trail
from mscc import rows
from referrals.clinical.milestones import MilestoneKind
from referrals.domain import milestones
from referrals.models import Milestone, Referral, TreatmentDecision
from scheduling.domain.clocks import truth
from tests.factories.referrals import AT, ReferralFactory, Team, command

pytestmark = pytest.mark.django_db


def as_read(model, pk):
    return model.objects.filter(pk=pk).values().get()


def test_a_locked_row_is_what_the_orm_reads():
    referral = ReferralFactory(triaged=True)
    locked = rows.lock(Referral, referral.pk)
    read = as_read(Referral, referral.pk)
    assert {name: getattr(locked, name) for name in read} == read
    assert isinstance(locked.missing, list)
    with pytest.raises(Referral.DoesNotExist):
        rows.lock(Referral, uuid4())


def test_inserted_rows_are_what_was_said():
    team = Team.build()
    referral = ReferralFactory(team=team, triaged=True)
    made = [
        TreatmentDecision(
            referral=referral,
            occurred_at=AT,
            recorded_at=AT + timedelta(minutes=minutes),
            recorded_by=person,
            plan="surgery",
            decided_by="Dr Ó’Example “quoted” %s",
            consulted=consulted,
        )
        for minutes, person, consulted in (
            (0, team.coordinator, ["oncology", "radiology"]),
            (1, None, []),
        )
    ]
    rows.insert(made)
    for row in made:
        read = as_read(TreatmentDecision, row.pk)
        assert {name: getattr(row, name) for name in read} == read
    rows.insert([])
    assert TreatmentDecision.objects.count() == len(made)


def test_many_rows_at_once_are_what_was_said_and_in_their_order():
    referral = ReferralFactory(triaged=True)
    made = [
        Trail(
            at=AT + timedelta(minutes=number),
            process="sweeper",
            actor_name="O’Sweeper “quoted” %s {a,b}",
            action=f"said_{number}",
            referral=referral if number else None,
            details={"told": ['Ada "A" by pager', "{}"], "none": None, "number": number},
        )
        for number in range(120)
    ]
    before = Trail.objects.count()
    rows.insert_all(made)
    rows.insert_all([])
    written = list(Trail.objects.order_by("pk")[before:])
    assert len(written) == len(made)
    for said, read in zip(made, written, strict=True):
        assert (said.pk, said._state.adding) == (None, False)
        said.pk = read.pk
        names = [field.attname for field in Trail._meta.concrete_fields]
        assert [getattr(said, name) for name in names] == [getattr(read, name) for name in names]


def test_what_is_too_long_is_refused_and_not_cut():
    with pytest.raises(DataError), transaction.atomic():
        rows.insert_all([Trail(at=AT, process="p", actor_name="a", action="x" * 41)])


def test_an_update_writes_the_fields_named_and_no_others():
    referral = ReferralFactory()
    before = as_read(Referral, referral.pk)
    referral.missing, referral.call_back, referral.version = ["cancer.stage"], "01632 960999", 99
    rows.update(referral, ["missing", "call_back"])
    changed = {"missing": ["cancer.stage"], "call_back": "01632 960999"}
    assert as_read(Referral, referral.pk) == before | changed
    referral.pk = uuid4()
    with pytest.raises(Referral.DoesNotExist):
        rows.update(referral, ["call_back"])


def test_clocks_are_judged_by_the_facts_that_stand():
    """The statement of the clocks and `standing` answer the same question."""
    team = Team.build()
    referral = ReferralFactory(team=team, scanned=True)
    scan = Milestone.objects.get(referral=referral, kind=MilestoneKind.MRI_PERFORMED)
    before = truth(referral.pk)
    milestones.correct(
        referral.pk,
        milestones.Correction(milestone_id=scan.pk, occurred_at=None, reason="Another person's."),
        command=command(team.coordinator, AT + timedelta(hours=1)),
    )
    assert [clock.state.value for clock in before if clock.kind == "mri_24h"] == ["met"]
    after = truth(referral.pk)
    assert [clock.state.value for clock in after if clock.kind == "mri_24h"] == ["running"]
    assert [clock for clock in after if clock.kind == "report_urgent"] == []


def test_a_row_of_another_model_goes_in_with_the_first_in_one_statement():
    team = Team.build()
    referral = ReferralFactory(team=team)
    fact = Milestone(
        referral=referral,
        kind=MilestoneKind.SURGERY_BOOKED.value,
        occurred_at=AT,
        recorded_at=AT,
        told=900,
    )
    JourneyChanged.objects.all().delete()
    with CaptureQueriesContext(connection) as counted:
        rows.insert([fact], beside=JourneyChanged(referral_id=referral.pk))
    assert len(counted) == 1
    assert as_read(Milestone, fact.pk)["told"] == 900
    assert JourneyChanged.objects.get().referral_id == referral.pk
