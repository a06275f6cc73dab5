"""A service lead makes a rota, finds a gap in it and closes it; a colleague takes a turn."""

import re
from datetime import timedelta

import pytest

from mscc import clock
from scheduling.domain.gaps import gap_round
from scheduling.models import CoverGap, Shift
from tests.factories.people import ContactPointFactory, person
from tests.journeys.someone import starting

pytestmark = pytest.mark.journey


@pytest.fixture
def lead(team):
    """They plan the cover of the alliance; nothing is planned yet."""
    Shift.objects.all().delete()
    lead = person("service_lead", team.place, name="Lea Dawson", phone="01632 960204")
    ContactPointFactory(user=lead, channel="email", address=lead.email)
    return lead


def test_a_rota_is_made_and_a_gap_is_closed(someone, team, lead, gateways):
    night = person("coordinator", team.place, name="Idris Vane", phone="01632 960202")
    ContactPointFactory(user=night, channel="email", address=night.email)
    planner = someone("lead").signs_in(lead).opens("/duty/")
    planner.sees("Nobody on shift", "14 days have a time with nobody on shift.")

    # Day and night by turns for three weeks: first looked at, then written.
    planner.presses("Patterns of turns that repeat")
    planner.presses(re.compile(r"^MSCC coordinator, Example Alliance$"))
    today = clock.local(clock.now()).date()
    last = today + timedelta(days=20)
    planner.types_date("First day", today.day, today.month, today.year)
    planner.types_date("Last day", last.day, last.month, last.year)
    planner.picks("Person 1", "Cora Nator").picks("Person 2", "Idris Vane")
    page = planner.page
    for n, (starts, ends) in enumerate((("07:30", "20:00"), ("20:00", "07:30"))):
        for box in page.locator(f"[name=days_{n}]").all():
            box.check()
        page.locator(f"[name=starts_{n}]").fill(starts)
        page.locator(f"[name=ends_{n}]").fill(ends)
    planner.presses("See what it would do")
    planner.sees(re.compile(r"This would put 4\d turns on the rota"))
    planner.presses("Put them on the rota")
    planner.sees(re.compile(r"4\d turns are on the rota"))

    # One night falls away: the gap is on the page, and the lead is written to.
    turn = Shift.objects.filter(user=night, starts_at__gt=clock.now() + timedelta(days=2)).first()
    planner.opens(f"/duty/turns/{turn.pk}/").sees("Turn of Idris Vane")
    planner.presses("Remove the turn of Idris Vane")
    gap_round(clock.now())
    planner.opens("/duty/")
    planner.sees("Nobody is on duty", "Dr Sena Iyer answers", "Service lead told 7 days before")
    planner.fits(320)

    # Somebody is put there: the gap is closed.
    who = f"MSCC coordinator: {night.name}, Example Alliance"
    planner.picks(starting("Who, and for which role"), who)
    starts, ends = clock.local(turn.starts_at), clock.local(turn.ends_at)
    for name, moment in (("Starts", starts), ("Ends", ends)):
        planner.types_date(name, moment.day, moment.month, moment.year, f"{moment:%H:%M}")
    planner.presses("Put on duty")
    gap_round(clock.now())
    planner.opens("/duty/").does_not_see("Service lead told 7 days before")
    row = CoverGap.objects.get(starts_at=turn.starts_at)
    assert row.filled is True


def test_a_colleague_takes_a_turn_on_their_telephone(someone, team, lead):
    night = person("coordinator", team.place, name="Idris Vane", phone="01632 960202")
    starts = clock.now() + timedelta(days=5)
    turn = Shift.objects.create(
        organisation=team.place.alliance,
        role="coordinator",
        user=team.coordinator,
        starts_at=starts,
        ends_at=starts + timedelta(hours=12),
    )
    asking = someone("asks").signs_in(team.coordinator).opens(f"/duty/turns/{turn.pk}/")
    asking.picks("Ask whom", "Idris Vane").presses("Ask them")
    asking.sees("Idris Vane is asked to take the turn", "Asked to swap, no answer yet")
    answering = someone("answers", phone=True).signs_in(night).opens("/duty/")
    answering.sees("Cora Nator asks you to take a turn")
    answering.presses(re.compile("^Take it"))
    answering.sees("is yours now")
    turn.refresh_from_db()
    assert turn.user == night
