"""A target is missed: somebody is paged, answers, and everybody sees who has it."""

import re
from datetime import timedelta

import pytest

from mscc import clock
from scheduling.domain.rounds import dispatch_round, sweep_round
from tests.domain.notify.peers import eventually
from tests.factories.people import person
from tests.factories.referrals import ReferralFactory

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(240),
    pytest.mark.django_db(transaction=True),
]


def link_in_letter(gateways, user):
    """The link to answer with, out of the letter about the missed MRI that really arrived."""

    def found():
        about = [one for one in gateways.letters_to(user.email) if "MRI within 24 hours" in one]
        return [one for one in about if "target missed" in one]

    assert eventually(found, seconds=15)
    return re.search(r"https?://\S+/notices/ack/\S+", found()[0])[0]


def test_breach_is_paged_answered_and_seen_on_the_board(someone, team, gateways):
    # Given a referral whose MRI is overdue since an hour, and another coordinator who watches
    referral = ReferralFactory(team=team, triaged=True, at=clock.now() - timedelta(hours=25))
    watching = person("coordinator", team.place, name="Otto Ther")
    other = someone("the-other").opens("/board/").signs_in(watching)
    other.sees(referral.reference, "1 overdue")

    # Then the coordinator's pager rings, and a letter with a link arrives, without any name
    overdue = re.compile(rf"MSCC TARGET MISSED {referral.reference}: MRI within 24 hours")
    assert eventually(lambda: [to for to, text in gateways.pager.pages if overdue.match(text)], 15)
    assert {to for to, text in gateways.pager.pages if overdue.match(text)} == {"1001"}
    link = link_in_letter(gateways, team.coordinator)
    assert referral.patient.family_name not in gateways.everything()

    # When they open the link on their phone, signed out, they sign in and are where it led
    coordinator = someone("on-duty", phone=True).opens(link).reads("Sign in")
    coordinator.signs_in(team.coordinator)
    coordinator.sees("A target is missed", referral.reference, "You by pager", "I cannot take it")
    assert referral.patient.family_name not in coordinator.html

    # When they say that they have it, the page says what that means
    coordinator.presses("I have it").sees("You have it since", "Nobody further is told")

    # Then the other's open board says so by itself, and nobody further is ever paged
    other.sees(re.compile(r"Paged \d\d:\d\d, seen by Cora Nator"))
    later = clock.now() + timedelta(minutes=25)
    sweep_round(lambda: later)
    dispatch_round(lambda: later)
    assert "2002" not in {to for to, text in gateways.pager.pages if overdue.match(text)}

    # When the other opens the same link, it has been answered already
    other.opens(link).sees("Cora Nator has it since").does_not_see("I cannot take it")


def test_page_that_nobody_can_take_goes_on(someone, team, gateways):
    # Given a page about a missed target
    referral = ReferralFactory(team=team, triaged=True, at=clock.now() - timedelta(hours=25))
    link = link_in_letter(gateways, team.coordinator)

    # When the coordinator answers, without script, that somebody else must take it
    coordinator = someone(phone=True, script=False).opens(link).signs_in(team.coordinator)
    coordinator.presses("I cannot take it").sees("goes on to the next person now")

    # Then the senior clinician is paged at once
    assert eventually(lambda: "2002" in [to for to, _text in gateways.pager.pages])
    assert referral.reference in dict(gateways.pager.pages)["2002"]
