"""A made-up past holds to what a lived one does, and goes in nowhere it has no business."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Model
from django.test import override_settings

from audit.domain import figures
from audit.measures import registry
from audit.measures.period import Period
from audit.models import Journey
from mscc import clock
from mscc.demo import people
from mscc.demo.synthetic import cohort
from mscc.demo.synthetic.places import region
from mscc.people.models import Organisation
from referrals.models import Milestone, Patient, Referral
from referrals.states import CLOSED
from scheduling.models import Clock, DueWork
from tests.factories.people import Place

AT = datetime(2026, 3, 31, 12, tzinfo=UTC)


@pytest.fixture(scope="module", params=["each lived", "told again"])
def made(request, django_db_setup, django_db_blocker):
    """Two hundred referrals, made once for all tests of this file, and taken back: each of them
    lived, and as of a large cohort, where a story is told of several."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "told again":
            patch.setattr(cohort, "MANY", 0)
            patch.setattr(cohort, "TIMES", 4)
        with django_db_blocker.unblock(), transaction.atomic():
            call_command("synthesise", referrals=200, seed=5, verbosity=0)
            yield
            transaction.set_rollback(True)


@pytest.mark.usefixtures("made")
class TestACohort:
    @pytest.fixture(autouse=True)
    def _database(self, django_db_blocker):
        with django_db_blocker.unblock():
            yield

    def test_its_clocks_and_due_care_are_what_a_rebuild_would_write(self):
        call_command("rebuild_clocks", check=True, verbosity=0)
        assert Clock.objects.count() > 400

    def test_its_journeys_and_cells_are_what_a_rebuild_would_write(self):
        call_command("rebuild_journeys", check=True, verbosity=0)
        assert Journey.objects.count() == Referral.objects.count() == 200

    def test_it_is_over_and_waits_on_nobodys_board(self):
        states = Counter(Referral.objects.values_list("state", flat=True))
        assert set(states) == set(CLOSED)
        assert states["discharged"] > 140
        assert not Clock.objects.filter(state="running").exists()

    def test_nothing_of_it_is_still_to_come(self):
        assert not Milestone.objects.filter(recorded_at__gt=clock.now()).exists()
        assert not Referral.objects.filter(closed_at__gt=clock.now()).exists()

    def test_what_is_still_due_is_follow_up(self):
        keys = set(DueWork.objects.values_list("key", flat=True))
        assert keys <= {"follow_up.30", "follow_up.90"}

    def test_nobody_has_these_numbers(self):
        numbers = list(
            Patient.objects.exclude(nhs_number=None).values_list("nhs_number", flat=True)
        )
        assert all(number.startswith("999") for number in numbers)
        assert len(set(numbers)) == len(numbers) > 150

    def test_a_figure_has_those_who_met_it_those_who_did_not_and_those_not_on_record(self):
        place = Organisation.objects.get(name=people.ALLIANCE)
        months = list(Journey.objects.values_list("month", flat=True))
        measure = registry.by_key("qs56_3")
        tally = figures.totals([measure], place, Period(min(months), max(months)))[measure.number]
        assert min(tally.met, tally.not_met, tally.missing.total()) > 0

    def test_the_same_seed_is_refused_a_second_time(self):
        with pytest.raises(CommandError, match="seed has been used"):
            call_command("synthesise", referrals=20, seed=5, verbosity=0)

    def test_another_seed_comes_beside_it(self):
        with transaction.atomic():
            call_command("synthesise", referrals=20, seed=6, verbosity=0)
            assert Referral.objects.count() == 220
            transaction.set_rollback(True)

    def test_the_same_seed_makes_the_same_rows(self):
        here = region(AT)
        one, other = (_rows(cohort.Plan(40, 7, 12, AT), here) for _ in range(2))
        assert one == other
        assert len(one[Milestone]) > 100
        assert _rows(cohort.Plan(40, 8, 12, AT), here)[Referral] != one[Referral]


def _rows(plan, here) -> dict[type[Model], list]:
    made, _ = cohort.tables(plan, here, frozenset(), 0, plan.stories)
    return {
        model: [
            [getattr(row, field.attname) for field in model._meta.concrete_fields] for row in rows
        ]
        for model, rows in made.items()
    }


@pytest.mark.django_db
def test_where_there_is_another_alliance_nothing_is_added():
    Place.build()
    with pytest.raises(CommandError, match="nobody's invention"):
        call_command("synthesise", referrals=20, seed=5)
    assert not Referral.objects.exists()


@pytest.mark.django_db
def test_where_somebody_has_a_number_of_their_own_nothing_is_added():
    people.settle(clock.now())
    alliance = Organisation.objects.get(kind="alliance")
    Patient.objects.create(alliance=alliance, nhs_number="4505577104", family_name="Real")
    with pytest.raises(CommandError, match="nobody's invention"):
        call_command("synthesise", referrals=20, seed=5)


@override_settings(DEMO=False)
def test_without_demo_settings_nothing_is_made_up():
    with pytest.raises(CommandError, match="off in these settings"):
        call_command("synthesise", referrals=20, seed=5)
