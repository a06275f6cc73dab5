"""A page that nobody answers reaches the senior clinician, who answers it on a phone."""

import re
from datetime import timedelta

import pytest

from mscc import clock
from scheduling.domain.rounds import dispatch_round, sweep_round
from scheduling.models import Escalation
from tests.domain.notify.peers import eventually
from tests.factories.people import ContactPointFactory, person
from tests.factories.referrals import ReferralFactory

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]


def paged(gateways, number, reference):
    """The pages about a missed scan that one pager really got."""
    return [
        text
        for to, text in gateways.pager.pages
        if to == number and reference in text and "MRI within 24 hours" in text
    ]


def after(minutes):
    """Some minutes pass: what is due by then is swept and sent."""
    later = clock.now() + timedelta(minutes=minutes)
    sweep_round(lambda: later)
    dispatch_round(lambda: later)


def link_of(gateways, user):
    """The link to answer with, out of the letter about the missed MRI."""
    about = [one for one in gateways.letters_to(user.email) if "MRI within 24 hours" in one]
    missed = [one for one in about if "target missed" in one]
    return re.search(r"https?://\S+/notices/ack/\S+", missed[-1])[0]


def test_ignored_page_reaches_the_senior_clinician(someone, team, gateways):
    # Given a switchboard, and a referral whose MRI is overdue
    ContactPointFactory(
        user=None, organisation=team.place.hospital, channel="pager", address="9000"
    )
    referral = ReferralFactory(team=team, triaged=True, at=clock.now() - timedelta(hours=25))
    mine = referral.reference
    assert eventually(lambda: paged(gateways, "1001", mine), 20)
    assert not paged(gateways, "2002", mine)

    # When the coordinator does not answer for five minutes
    after(6)

    # Then the senior clinician is paged, and the switchboard is told that nobody answers
    assert eventually(lambda: paged(gateways, "2002", mine), 20)
    assert eventually(lambda: [1 for to, _ in gateways.pager.pages if to == "9000"], 20)

    # When they open the link on their phone, they see who was told and when it would ring again
    senior = someone("senior", phone=True).opens(link_of(gateways, team.senior))
    senior.signs_in(team.senior)
    senior.sees("A target is missed", mine, "Cora Nator by pager", "Look again in")
    assert referral.patient.family_name not in senior.html

    # When they have it for an hour, the page and the board say so
    senior.picks("Look again in", "1 h").presses("I have it")
    senior.sees("You have it since", "It rings again at", "What was answered")
    other = someone("board").opens("/board/").signs_in(team.coordinator)
    other.sees(mine, re.compile(r"Paged .*, seen by Dr Sena Iyer"))

    # When the scan is still not done by then, it rings the coordinator again
    before = len(paged(gateways, "1001", mine))
    after(70)
    assert eventually(lambda: len(paged(gateways, "1001", mine)) > before, 20)
    climb = Escalation.objects.get(referral=referral, about="breach", clock__kind="mri_24h")
    assert (climb.state, climb.round) == ("open", 2)

    # And the senior clinician rings the coordinator, who answers for them
    other.opens(f"/notices/climbs/{climb.pk}/").unfolds("Somebody rang and has it")
    other.types("Who rang", "Dr Sena Iyer").sees("They have it")
    other.presses("They have it").sees("Dr Sena Iyer has it since", "rang again")

    # And the service lead asks why it was missed
    lead = someone("lead").opens(f"/referrals/{mine}/")
    lead.signs_in(person("service_lead", team.place, name="Lee Ad"))
    lead.presses(re.compile(r"^Say why"))
    lead.answers("Why was it missed?", "No scanner or slot in time")
    lead.types("Who follows it up?", "Lee Ad").answers("Is it an incident to be reported?", "No")
    lead.sees("Say why it was missed")
    lead.presses("Save").sees("It is recorded why this was missed")

    # And looks at who is told next while nobody answers, and tries another ladder out
    lead.opens("/duty/ladders/").sees("Target missed", "As delivered")
    lead.opens("/duty/ladders/breach/").presses("Who would be reached now?")
    lead.sees("Who would be reached now, if this were in force", "Dr Sena Iyer by")
