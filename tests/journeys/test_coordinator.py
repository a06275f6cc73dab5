"""A coordinator carries a referral from the board to discharge, with whoever it needs."""

from datetime import timedelta

import pytest

from mscc import clock
from mscc.people.models import Specialty
from referrals.models import Referral
from tests.factories.people import ContactPointFactory, person
from tests.factories.referrals import METASTASES, ReferralFactory, refer
from tests.journeys.someone import starting

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]


def boxes(moment):
    """A moment as it is typed: day, month, year and time on a London clock."""
    there = clock.local(moment)
    return there.day, there.month, there.year, f"{there:%H:%M}"


def test_coordinator_takes_a_referral_from_the_board_to_discharge(someone, team):
    surgeon_user = person(
        "specialty_contact", team.place, Specialty.SPINAL_SURGERY, name="Mr Sunil Bone"
    )
    ContactPointFactory(user=surgeon_user, address=surgeon_user.email)
    now = clock.now()
    referral = refer(team, at=now - timedelta(hours=2))
    ref = referral.reference

    # Given a new referral on the board, the coordinator takes it there
    coordinator = someone().opens("/board/").signs_in(team.coordinator)
    coordinator.sees(ref, "1 new and unread", "Not yet taken")
    coordinator.presses(f"Take {ref}").sees(f"You have {ref}", "Nobody further is paged")

    # When they open it, triage is what the page proposes, with what led to the suspicion
    coordinator.presses(f"Open {ref}").sees("What can be done now", "Key information")
    coordinator.presses("Triage").sees("Provisional, from what the ward answered", "You decide")
    coordinator.answers("What do you suspect?", "Suspected MSCC").presses("Save triage")
    coordinator.sees("Triaged: suspected MSCC")

    # When they advise the ward, the advice of the five topics is proposed and recorded as said
    coordinator.presses("Give advice").sees("Immobilisation and handling", "Dexamethasone")
    coordinator.answers("How?", "By phone").ticks("They read it back to me").presses(
        "Record the advice as given"
    )
    coordinator.sees("Advice to Alex Ward recorded")

    # When the slot lies past the target and at night, each needs its reason before it is booked
    late_night = clock.local(now + timedelta(days=2)).replace(hour=2, minute=30)
    coordinator.presses("Book the MRI").sees("When is the slot?", "The MRI is due by")
    coordinator.types_date("When is the slot?", *boxes(late_night)).presses("Book")
    coordinator.sees("There is a problem", "Why must it be past the target?")
    coordinator.types("Why must it be past the target?", "The scanner is out of order.")
    coordinator.types("Which treatment would start at once?", "Surgery, theatre is held.")
    coordinator.presses("Book").sees("MRI booked for", "This is past the target")

    # When it was scanned an hour ago after all, the page says first what that would change
    coordinator.presses("Record the scan").reads("When was it performed?")
    coordinator.answers("Which scan was it?", starting("MRI"))
    coordinator.answers("Did it show the whole spine?", "Yes")
    coordinator.answers("When was it performed?", "Earlier")
    coordinator.types_date("When was it performed?", *boxes(now - timedelta(hours=1)))
    coordinator.presses("Save")
    coordinator.sees("Not saved yet. If you save this:", "The MRI clock will be met")
    coordinator.presses("Save as shown").sees("MRI of the whole spine recorded")
    coordinator.sees("1 clock met: MRI within 24 hours")

    # When the report confirms it, the surgeons are asked
    coordinator.presses("Record the report").reads("What does the report say?")
    coordinator.answers("What does the report say?", "Cord or cauda equina compression")
    coordinator.types("Report", "Compression at T8.").types("Who reported it?", "Dr Ray Scan")
    coordinator.presses("Save").sees("Report recorded: cord or cauda equina compression")
    coordinator.presses("Ask for an opinion").reads("Which specialty?")
    coordinator.answers("Which specialty?", "Spinal surgery")
    coordinator.types("What do you want to know?", "Is this an indication for surgery?")
    coordinator.presses("Ask").sees("Spinal surgery was asked", "Mr Sunil Bone by email")

    # When the surgeon answers in their own browser, they see what they were asked and no more
    surgeon = someone("surgeon").opens("/").signs_in(surgeon_user)
    surgeon.sees("Asked of me", "Is this an indication for surgery?", "Not opened yet")
    surgeon.presses(ref).sees("Whose opinion is it?")
    surgeon.types("Opinion", "No. Stable spine, radiotherapy first.")
    surgeon.presses("Save the opinion").sees("The opinion of spinal surgery is recorded")

    # When the decision is to treat, its own 24 hours begin, and starting radiotherapy ends them
    coordinator.opens(f"/referrals/{ref}/").sees("No. Stable spine, radiotherapy first.")
    coordinator.presses("Record the decision on treatment").sees("What is the plan?")
    coordinator.answers("What is the plan?", "Radiotherapy").types("Who decided?", "Dr Onc Ology")
    coordinator.answers("Who was consulted?", "Spinal surgery", starting("Oncology"))
    coordinator.answers("Is urgent radiotherapy offered?", "Yes, or the plan is surgery")
    coordinator.presses("Record the decision")
    coordinator.sees("Decision to treat recorded", "Radiotherapy within 24 hours")
    coordinator.presses("Record what happened").reads("What happened?")
    coordinator.answers("What happened?", "Radiotherapy started").presses("Save")
    coordinator.sees("Radiotherapy started: recorded")

    # When they discharge, somebody must lead it, and what is left open has a reason
    coordinator.presses("Discharge").sees("Still open", "Who leads the discharge planning?")
    coordinator.answers("Where does the person go?", "Home").presses("Discharge")
    coordinator.sees("There is a problem", "Why are these left open?")
    coordinator.types("Who leads the discharge planning?", "Sister Lea Ding")
    coordinator.types("Why are these left open?", "The care home arranges them.")
    coordinator.presses("Discharge").sees("The letter to primary care is ready")
    coordinator.presses("Letter to primary care")
    coordinator.sees("Discharge summary for primary care", "Sister Lea Ding", "Dr Onc Ology")

    # Then it is off the board, and the whole story is on record
    coordinator.opens("/board/").sees("Nothing open.").does_not_see(ref)
    assert Referral.objects.get(pk=referral.pk).state == "discharged"


def test_metastases_turn_into_suspected_mscc(someone, team):
    # Given a referral for suspected metastases, which has a week for its MRI
    at = clock.now() - timedelta(hours=3)
    referral = ReferralFactory(team=team, presentation=METASTASES, triaged=True, at=at)
    page = f"/referrals/{referral.reference}/"
    coordinator = someone("coordinator").opens(page).signs_in(team.coordinator)
    coordinator.sees("Suspected spinal metastases", "MRI within 1 week", "Due in 6 days")

    # When the ward reports that walking has become unsteady an hour ago
    nurse = someone("nurse", phone=True).opens("/").signs_in(team.nurse)
    nurse.presses(f"Report new signs on {referral.reference}").reads("What is new?")
    nurse.answers(starting("Signs that the spinal cord"), "Trouble walking")
    nurse.sees("This is an emergency")
    nurse.answers("When was this found?", "Earlier")
    nurse.types_date("When was this found?", *boxes(clock.now() - timedelta(hours=1)))
    nurse.presses("Report")
    nurse.sees("Raised to suspected MSCC", "24 hours for the MRI", "ring Cora Nator")

    # Then the board shows it as unread, and the coordinator finds the week replaced by 24 hours
    coordinator.opens("/board/").sees("New signs, not yet read", "Take")
    coordinator.opens(page).sees("Suspected MSCC", "Replaced: MSCC is suspected now", "Due in 22 h")
    coordinator.presses("Take this referral").sees("You have this referral")
