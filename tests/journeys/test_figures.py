"""What got worse, where, for whom and why: an alliance lead finds it without seeing a name."""

import re
from datetime import date

import pytest

from audit.measures import registry
from audit.measures.period import Period, month_of, shifted
from audit.measures.verdict import Status
from audit.models import Trail
from mscc import clock
from tests.factories.journeys import journey, saved
from tests.factories.people import Place, person
from tests.factories.referrals import ReferralFactory, Team
from tests.journeys.conftest import named_place
from tests.journeys.someone import Someone

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]
MRI = registry.by_key("qs56_3")
HOUR = 3600


def two_years(places: list[Place], upto: date) -> None:
    """MRI in time for 9 of 10; in the last two months the first hospital has a scanner less."""
    rows = []
    for number, month in enumerate(Period.ending(upto, 24)):
        for index, place in enumerate(places):
            for n in range(20):
                late = n < 2 + (number + index) % 3 or (index == 0 and number > 21 and n < 16)
                hours = 26 + 3 * n if late else 3 + (n * 7 + number) % 20
                rows.append(
                    journey(
                        place,
                        month,
                        MRI,
                        Status.MISSING if n == 19 else Status.NOT_MET if late else Status.MET,
                        seconds=None if n == 19 else hours * HOUR,
                        reason="no time on record" if n == 19 else "no_slot" if late else "",
                        deficit="yes" if n % 2 else "no",
                    )
                )
    saved(rows)


@pytest.fixture
def places(team: Team) -> list[Place]:
    south = named_place(team.place.alliance, "South Trust")
    west = named_place(team.place.alliance, "West Trust")
    return [team.place, south, west]


def test_an_alliance_lead_finds_what_got_worse_and_where(someone, team, places):
    # Given two years of figures in which the MRI of one hospital began to come late
    last = shifted(month_of(clock.now()), -1)
    two_years(places, last)
    lead: Someone = someone("lead")
    lead.opens("/figures/").signs_in(person("alliance_lead", team.place))

    # When they count what was read in, the page says first what got worse
    lead.ticks("Count audits that were read in").presses("Show")
    lead.sees("What changed", "1 measure is getting worse", MRI.name)
    lead.fits(320)

    # Then they open it and see since when, at which hospital, for whom and why
    lead.presses(MRI.name).sees(
        "getting worse",
        "Over time",
        "Example North Hospital is lower than 99.8% limits",
        "How long it took",
        "No scanner or slot in time",
        "What it counts",
    )
    lead.fits(320)
    lead.unfolds("The same as a table").reads("outside the limits, low")

    # And nothing leads them to a row, not even an address they know
    assert "/rows/" not in lead.html
    lead.opens("/figures/qs56_3/rows/").reads("You are not allowed to do this")
    # One hospital by itself shows its whole, and says why no more
    lead.opens(f"/figures/qs56_3/?imported=on&place={team.place.hospital.pk}")
    lead.sees("For a part of Example Alliance only the whole of a period is shown")

    # And the service as a whole has its page
    lead.opens("/figures/service/?imported=on").sees("The service as a whole")

    # A period in the future is answered in a sentence
    ahead = shifted(last, 14)
    lead.opens(f"/figures/?from={ahead:%Y-%m}&to={ahead:%Y-%m}").sees("is in the future")


def test_a_service_lead_opens_the_list_behind_a_figure(someone, team):
    # Given a referral of their own place
    referral = ReferralFactory(team=team, scanned=True)
    lead: Someone = someone("service")
    leader = person("service_lead", team.place)
    now = f"{month_of(clock.now()):%Y-%m}"
    lead.opens(f"/figures/qs56_3/?from={now}&to={now}").signs_in(leader)

    # When they ask for the list, it has references and leads to the referral
    lead.reads("1 of 1").presses("all")
    lead.sees("Behind:", referral.reference, "It is on the trail")
    lead.does_not_see(referral.patient.family_name)
    lead.presses(referral.reference).reads(referral.patient.family_name.upper())

    # And it is on the trail that they looked
    looked = Trail.objects.get(action="figure_opened")
    assert (looked.actor_id, looked.details["rows"]) == (leader.pk, 1)


def test_a_coordinator_has_no_figures(someone, team):
    coordinator: Someone = someone("coordinator")
    coordinator.opens("/board/").signs_in(team.coordinator)
    coordinator.reads(re.compile("open", re.IGNORECASE))
    assert 'href="/figures/"' not in coordinator.html
    for page in ("/figures/", "/figures/qs56_3/", "/figures/service/"):
        coordinator.opens(page).reads("You are not allowed to do this")
