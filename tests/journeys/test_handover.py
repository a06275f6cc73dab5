"""The end of a shift: the outgoing writes and offers, the incoming shows that a page arrives and
accepts on a phone."""

import re
from datetime import timedelta

import pytest

from mscc import clock
from scheduling.domain.handover import handover_round
from scheduling.models import Handover, Shift
from tests.domain.notify.peers import eventually
from tests.factories.people import ContactPointFactory, person
from tests.factories.referrals import ReferralFactory, mri_booked
from tests.factories.rota import on_duty

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def night(team):
    """Takes over from the coordinator in forty minutes."""
    user = person("coordinator", team.place, name="Idris Vane", phone="01632 960202")
    ContactPointFactory(user=user, channel="pager", address="3003")
    ContactPointFactory(user=user, channel="email", address=user.email)
    ends = clock.now() + timedelta(minutes=40)
    Shift.objects.filter(user=team.coordinator).update(ends_at=ends)
    on_duty(user, team.place, ends)
    handover_round(clock.now())
    return user


def test_handover_is_written_offered_and_accepted_on_a_phone(someone, team, night, gateways):
    # Given an open referral whose scan is due soon, and a shift that ends within the hour
    started = clock.now() - timedelta(hours=20)
    referral = ReferralFactory(team=team, triaged=True, at=started)
    outgoing = someone("outgoing").opens("/board/").signs_in(team.coordinator)
    outgoing.reads("write the handover")

    # When the outgoing writes what only they know, and offers it
    outgoing.presses(re.compile("write the handover")).presses("Write notes and offer it")
    outgoing.sees("Hand over to Idris Vane", referral.reference, "MRI due in")
    outgoing.types("For the next one", "Scanner 2 is down until noon.")
    outgoing.types(f"Note on {referral.reference}", "Radiology ring back at nine.")
    outgoing.presses("Offer it to Idris Vane")
    outgoing.sees("The handover is offered to Idris Vane", "Radiology ring back at nine.")
    outgoing.does_not_see("I accept this handover")

    # And something happens to the referral before the next one reads it
    mri_booked(referral, team, clock.now())

    # Then the incoming, on a phone, first shows that a page reaches them
    incoming = someone("incoming", phone=True).opens("/board/").signs_in(night)
    incoming.reads("A handover from Cora Nator waits to be accepted by you")
    incoming.presses(re.compile("confirm that a test page reaches you"))
    incoming.sees("Going on duty", "Never proven", "Not confirmed yet")
    incoming.presses("Send a test to each").reads("A test is on its way by")
    assert eventually(lambda: [to for to, text in gateways.pager.pages if "MSCC TEST" in text], 15)
    incoming.presses(re.compile("^It arrived")).sees("3003 is marked as proven", "confirmed")

    # And by the link in the letter, too
    def letters():
        return [one for one in gateways.letters_to(night.email) if "test message" in one]

    assert eventually(letters, seconds=15)
    link = re.search(r"https?://\S+/notices/ack/\S+", letters()[0])[0]
    incoming.opens(link).sees("This is a test").presses("It arrived")
    incoming.sees("You have confirmed that it arrived")
    assert not night.contacts.filter(proven_at=None).exists()

    # When they read the handover, it says what has changed, and they accept it by name
    incoming.opens("/handover/").sees("Waits to be accepted", "Cora Nator to you")
    incoming.presses(re.compile("^Read it"))
    incoming.sees(
        "Scanner 2 is down until noon.",
        "Changed since it was offered",
        "MRI booked now; it was: triaged.",
    )
    incoming.presses("I accept this handover").sees("You have it: 1 open referral", "by you")
    incoming.fits(320)

    # Then the outgoing sees who has it, and at the change of shift nobody is paged about it
    outgoing.opens("/handover/").sees(re.compile(r"Accepted \d\d:\d\d by Idris Vane"))
    row = Handover.objects.get(state="accepted")
    handover_round(row.changes_at + timedelta(minutes=20))
    assert not [text for _, text in gateways.pager.pages if "HANDOVER" in text]
