"""Times with nobody on shift are found ahead, told in time, and closed when somebody is found."""

from datetime import UTC, datetime, timedelta

import pytest

from audit.models import Trail
from scheduling.domain.gaps import gap_round
from scheduling.models import CoverGap, Notice
from tests.factories.people import ContactPointFactory, Place, person
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def place():
    return Place.build()


@pytest.fixture
def team(place):
    """A coordinator and a service lead, who can be paged."""
    people = {
        "coordinator": person("coordinator", place, name="Ada Example"),
        "lead": person("service_lead", place, name="Lee Example"),
        "senior": person("senior_clinician", place, name="Grace Example"),
    }
    for user in people.values():
        ContactPointFactory(user=user, channel="pager", address=str(1000 + user.pk))
    return people


def covered_but(place, coordinator, starts_at, ends_at):
    """On duty for ever but for one time."""
    on_duty(coordinator, place, NOON - 2 * DAY, (starts_at - NOON + 2 * DAY) / HOUR)
    on_duty(coordinator, place, ends_at, 24 * 60)


def told():
    found = Notice.objects.filter(kind="cover_gap").order_by("created_at", "recipient__name")
    return [notice.recipient.name for notice in found]


def test_the_lead_is_told_a_week_before_a_day_before_and_every_half_hour_while_it_lasts(
    place, team
):
    starts, ends = NOON + 10 * DAY, NOON + 10 * DAY + 12 * HOUR
    covered_but(place, team["coordinator"], starts, ends)
    assert gap_round(NOON) == 1
    row = CoverGap.objects.get()
    assert (row.starts_at, row.ends_at, row.role) == (starts, ends, "coordinator")
    assert told() == []
    for moment, times in (
        (starts - 7 * DAY, 1),
        (starts - 2 * DAY, 1),
        (starts - DAY, 2),
        (starts - HOUR, 2),
    ):
        gap_round(moment)
        gap_round(moment)
        assert told() == ["Lee Example"] * times
    # Now: and whoever stands in must know that it is they who answer.
    gap_round(starts)
    assert told()[2:] == ["Grace Example", "Lee Example"]
    gap_round(starts + timedelta(minutes=29))
    assert len(told()) == 4
    gap_round(starts + timedelta(minutes=30))
    assert told()[4:] == ["Lee Example"]
    notice = Notice.objects.filter(kind="cover_gap").latest("created_at")
    assert notice.fields["what"] == "coordinator"
    assert datetime.fromisoformat(notice.fields["due"]) == starts
    assert notice.fields["link"] == "/duty/"
    assert CoverGap.objects.count() == 1


def test_a_gap_closes_when_somebody_is_put_on_duty(place, team):
    starts, ends = NOON + DAY, NOON + DAY + 12 * HOUR
    covered_but(place, team["coordinator"], starts, ends)
    gap_round(NOON)
    second = person("coordinator", place)
    on_duty(second, place, starts, 6)
    gap_round(NOON + HOUR)
    row = CoverGap.objects.get()
    assert (row.starts_at, row.closed_at) == (starts + 6 * HOUR, None)
    on_duty(second, place, starts + 6 * HOUR, 6)
    assert gap_round(NOON + 2 * HOUR) == 1
    row.refresh_from_db()
    assert (row.closed_at, row.filled) == (NOON + 2 * HOUR, True)
    assert Trail.objects.get(action="cover_gap_closed").details["filled"] is True
    assert gap_round(NOON + 3 * HOUR) == 0


def test_a_gap_that_passed_says_so(place, team):
    covered_but(place, team["coordinator"], NOON + HOUR, NOON + 2 * HOUR)
    gap_round(NOON)
    gap_round(NOON + 2 * HOUR)
    assert CoverGap.objects.get().filled is False


def test_one_who_has_left_is_nobody(place, team):
    on_duty(team["coordinator"], place, NOON - DAY, 24 * 30)
    assert gap_round(NOON) == 0
    team["coordinator"].is_active = False
    team["coordinator"].save()
    person("coordinator", place)
    gap_round(NOON)
    assert CoverGap.objects.get().told == "now"


def test_a_designated_clinician_on_shift_by_night_leaves_no_gap(place, team):
    night = person("designated_clinician", place)
    for day in range(-2, 20):
        on_duty(team["coordinator"], place, NOON + day * DAY, 12)
        on_duty(night, place, NOON + day * DAY + 12 * HOUR, 12, "designated_clinician")
    gap_round(NOON)
    # Who only works nights is by day no gap of the coordinator's; of their own role it is one.
    assert set(CoverGap.objects.values_list("role", flat=True)) == {"designated_clinician"}


def test_a_role_without_a_rota_is_held_and_not_watched(place, team):
    on_duty(team["coordinator"], place, NOON - DAY, 24 * 30)
    assert gap_round(NOON) == 0


def test_a_rota_that_begins_next_week_was_not_missing_before(place, team):
    on_duty(team["coordinator"], place, NOON - DAY, 24 * 30)
    on_duty(team["senior"], place, NOON + 7 * DAY, 24, "senior_clinician")
    gap_round(NOON)
    assert CoverGap.objects.get().starts_at == NOON + 8 * DAY


def test_an_alliances_gap_is_not_told_again_of_its_trusts(place, team):
    person("coordinator", place.trust)
    covered_but(place, team["coordinator"], NOON + DAY, NOON + DAY + HOUR)
    gap_round(NOON)
    assert CoverGap.objects.get().organisation == place.alliance


def test_a_specialty_with_a_rota_has_gaps_of_its_own(place, team):
    on_duty(team["coordinator"], place, NOON - DAY, 24 * 30)
    surgeon = person("specialty_contact", place, specialty="spinal_surgery")
    shift = on_duty(surgeon, place, NOON - DAY, 26, "specialty_contact")
    shift.specialty = "spinal_surgery"
    shift.save()
    gap_round(NOON)
    row = CoverGap.objects.get()
    assert (row.specialty, row.starts_at) == ("spinal_surgery", NOON + 2 * HOUR)


def test_nobody_to_tell_is_on_the_trail(place):
    person("coordinator", place)
    gap_round(NOON)
    assert Trail.objects.get(action="cover_gap_told").details["told"] == []


@pytest.mark.parametrize(
    ("change", "length"),
    [
        (datetime(2027, 3, 27, 20, 0, tzinfo=UTC), 11),
        (datetime(2027, 10, 30, 19, 0, tzinfo=UTC), 13),
    ],
)
def test_on_both_nights_the_clocks_change_a_gap_is_told_by_elapsed_time(
    place, team, change, length
):
    covered = [(change - 30 * DAY, 30 * 24), (change + length * HOUR, 24 * 30)]
    for starts, hours in covered:
        on_duty(team["coordinator"], place, starts, hours)
    gap_round(change - DAY - timedelta(seconds=1))
    assert CoverGap.objects.get().told == "week"
    gap_round(change - DAY)
    row = CoverGap.objects.get()
    assert (row.told, row.ends_at - row.starts_at) == ("day", length * HOUR)
