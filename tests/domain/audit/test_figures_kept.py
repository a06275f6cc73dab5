"""Kept counts are what counting again gives, whatever happened to the journeys."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from audit.domain import adding, cells, figures, journeys, recounting
from audit.measures import groups, registry
from audit.measures.measure import Shape
from audit.measures.period import Period
from audit.measures.tally import class_of
from audit.measures.verdict import Status
from audit.models import Cell, Journey
from mscc import clock
from tests.factories.people import Place
from tests.factories.referrals import AT, ReferralFactory, Team, refer, scanned, triaged

pytestmark = pytest.mark.django_db
MRI = registry.by_key("qs56_3")
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 1))
LATER = AT + timedelta(hours=30)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: LATER)


def figure(place, measure=MRI):
    return figures.totals([measure], place, NOVEMBER)[measure.number]


def test_a_kept_count_follows_every_change_of_a_journey_in_it():
    team = Team.build()
    first, second = refer(team), refer(team)
    assert figure(team.place.alliance).not_met == 2
    triaged(first, team, AT + timedelta(minutes=5))
    scanned(first, team, AT + timedelta(hours=2))
    for place in (team.place.alliance, team.place.trust, team.place.hospital):
        assert (figure(place).met, figure(place).not_met) == (1, 1)
    assert cells.differences() == []
    assert second.pk != first.pk


def test_a_journey_that_moves_leaves_no_count_behind():
    team, elsewhere = Team.build(), Place.build()
    ReferralFactory(team=team, scanned=True)
    assert figure(team.place.hospital).met == 1
    row = Journey.objects.get()
    row.alliance, row.trust = elsewhere.alliance, elsewhere.trust
    row.hospital = elsewhere.hospital
    journeys.save([row])
    assert figure(team.place.alliance).of == 0
    assert figure(elsewhere.alliance).met == 1
    assert cells.differences() == []


def test_a_cut_of_an_alliance_is_kept_and_equals_counting_its_journeys():
    team = Team.build()
    for _ in range(2):
        ReferralFactory(team=team, scanned=True)
    refer(team)
    inside = Place.build(team.place.alliance)
    ReferralFactory(team=Team.build(inside), scanned=True)
    place = team.place.alliance
    assert MRI.headline
    for cut in groups.CUTS:
        kept = figures.by_group(MRI, place, NOVEMBER, cut)
        assert sum(each.of for each in kept.values()) == 4
    by_hospital = figures.by_group(MRI, place, NOVEMBER, "hospital")
    assert {key: each.of for key, each in by_hospital.items()} == {
        str(team.place.hospital.pk): 3,
        str(inside.hospital.pk): 1,
    }
    cells.freshen_all()
    assert Cell.objects.filter(cut="age", counts__has_key=str(MRI.number)).count() == 1
    assert cells.differences() == []


def test_a_timed_measure_is_kept_by_suspicion_and_deficit_though_it_is_no_headline():
    timed = next(e for e in registry.ALL if e.shape is Shape.TIMED and not e.headline)
    assert timed.number in cells.measures_of("deficit")
    assert timed.number not in cells.measures_of("age")
    team = Team.build()
    ReferralFactory(team=team, scanned=True)
    for by in ("deficit", "hour"):
        found = figures.split(timed, team.place.alliance, NOVEMBER, by)
        assert (
            sum(
                e.of + e.n_missing + e.not_applicable + e.running + e.n_excluded
                for e in found.values()
            )
            == 1
        )


def test_a_cut_that_was_counted_before_a_measure_was_shown_in_it_is_counted_again():
    team = Team.build()
    ReferralFactory(team=team, scanned=True)
    figures.by_group(MRI, team.place.alliance, NOVEMBER, "age")
    Cell.objects.filter(cut="age").update(counts={}, stale=False)
    found = figures.by_group(MRI, team.place.alliance, NOVEMBER, "age")
    assert sum(each.met for each in found.values()) == 1
    assert not Cell.objects.filter(cut="age", stale=True).exists()


def brought_in(place: Place, month: date) -> None:
    """A journey that was not written by those who mark what they count in."""
    Journey.objects.create(
        imported=True,
        alliance=place.alliance,
        trust=place.trust,
        hospital=place.hospital,
        received_at=AT,
        month=month,
        suspicion="mscc",
        deficit="yes",
        verdicts=[0] * MRI.number + [Status.MET],
        seconds=[None] * (MRI.number + 1),
        as_of=AT,
        definitions=registry.definitions(),
    )


def test_counts_are_made_again_for_rows_that_came_by_other_means():
    place = Place.build()
    brought_in(place, NOVEMBER.first)
    cells.mark_all()
    assert cells.freshen_all() == 1 + len(cells.cuts())
    asked = figures.totals([MRI], place.alliance, NOVEMBER, include_imported=True)
    assert asked[MRI.number].met == 1


@pytest.mark.django_db(transaction=True)
def test_several_processes_count_what_one_would():
    place = Place.build()
    for month in range(1, 6):
        brought_in(place, date(2026, month, 1))
    cells.mark_all()
    assert recounting.recount(processes=2) == 5 * (1 + len(cells.cuts()))
    assert cells.differences() == []
    assert not Cell.objects.filter(stale=True).exists()


def test_a_time_falls_in_the_same_class_however_it_is_counted():
    edges = [
        s + d for s in (0, 900, 86_400, 172_800, 604_800, 691_200, 777_600) for d in (-1, 0, 1)
    ]
    for seconds in [*edges, 40_000_000, -5]:
        assert adding._class(seconds) == class_of(seconds)


def test_a_page_of_figures_costs_the_same_statements_however_many_journeys():
    team = Team.build()
    asked = []
    for _ in range(2):
        for _ in range(3):
            ReferralFactory(team=team, scanned=True)
        journeys.catch_up(LATER)
        with CaptureQueriesContext(connection) as counted:
            figures.totals(registry.ALL, team.place.alliance, NOVEMBER)
            figures.monthly(MRI, team.place.alliance, NOVEMBER)
            figures.split(MRI, team.place.alliance, NOVEMBER, "deficit")
        asked.append(len(counted))
    assert asked == [6, 6]


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_wait_for_one_another_and_see_the_same():
    team = Team.build()
    for _ in range(3):
        ReferralFactory(team=team, scanned=True)
    found = together(lambda: figure(team.place.alliance).met, 2)
    assert found == [3, 3]
    assert Journey.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_who_asks_while_somebody_else_is_at_it_waits_two_seconds_and_no_more():
    team = Team.build()
    ReferralFactory(team=team, scanned=True)
    assert figure(team.place.alliance).met == 1
    refer(team)
    with transaction.atomic():
        cells.my_turn()
        began = time.monotonic()
        (found,) = together(lambda: figure(team.place.alliance), 1)
        assert 1.5 < time.monotonic() - began < 10
    assert (found.met, found.not_met) == (1, 0)  # as it was
    assert figure(team.place.alliance).not_met == 1


def together(ask, times):
    """What the same question answers from several connections at once."""

    def one(_):
        try:
            return ask()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))
