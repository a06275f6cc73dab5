"""A ward nurse refers, and follows what they referred."""

import re

import pytest

from referrals.clinical.presentation import CORD_ITEMS
from referrals.models import Referral
from tests.factories.people import person
from tests.factories.referrals import nhs_number, refer
from tests.journeys.conftest import named_place
from tests.journeys.someone import starting

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(240),
    pytest.mark.django_db(transaction=True),
]

EMERGENCY = "This is an emergency"


def noticed(nurse, *yes, cancer="Yes, now or in the past"):
    """Box 1 as it is answered at a bedside: what was seen, and a no to every other cord sign."""
    nurse.answers(re.compile("cancer"), cancer)
    for item in CORD_ITEMS:
        nurse.answers(re.compile(re.escape(item.question)), "Yes" if item.id in yes else "No")
    return nurse


def test_ward_nurse_refers_from_number_to_status_page(someone, team):
    number = nhs_number()
    wrong = number[:9] + str((int(number[9]) + 1) % 10)

    # Given a nurse of ward 4C who has signed in
    nurse = someone().opens("/").signs_in(team.nurse)
    nurse.sees("Refer a person", "If there are signs of cord compression, ring first")

    # When they type the number with one digit wrong, then the page says so and keeps it
    nurse.presses("Refer a person").sees("NHS number")
    nurse.types("NHS number", wrong).presses("Continue")
    nurse.sees("There is a problem").finds_typed("NHS number", wrong)

    # When it is right, they say who the person is and where
    nurse.types("NHS number", number).presses("Continue").sees("Where is the person now?")
    nurse.types("Family name", "Okonkwo-Reyes").types("Given name", "Marisol")
    nurse.types_date("Date of birth", 17, 5, 1960).answers("Sex", "Female")
    nurse.answers("Where is the person now?", starting("Ward 4C"))
    nurse.types("Ward, bay or bed", "Bay 2").types("Allergies", "penicillin")
    nurse.presses("Continue").sees("Number on which you can be called back")
    nurse.types("Your role", "Staff nurse").types(
        "Number on which you can be called back", "bleep 4321"
    )
    nurse.presses("Continue").sees("Signs that the spinal cord may be pressed on")

    # When cancer and a cord sign are both there, then the emergency cannot be overlooked
    nurse.does_not_see(EMERGENCY)
    noticed(nurse, "limb_weakness").sees(EMERGENCY, "ring Cora Nator")
    nurse.types("What happened, in your words", "Legs gave way on the way to the bathroom.")
    nurse.presses("Continue").sees("How does the person get about now?", EMERGENCY)
    nurse.answers("How does the person get about now?", starting("Walks with"))
    nurse.presses("Continue").sees("Before an MRI")
    nurse.answers("Does anything rule out MRI?", "No")
    nurse.presses("Continue").sees("Check what you are sending", "Okonkwo-Reyes", "Legs gave way")

    # When they send it, then the page says what to do now and who has been told
    nurse.presses("Send").sees("Sent:", "What to do now", "No coordinator has read it yet")
    referral = Referral.objects.get(patient__nhs_number=number)
    nurse.reads(referral.reference, "Suspected MSCC: this is an emergency")
    assert referral.suspicion == "mscc"

    # Then somebody without an account can follow it, and learns nothing of who it is
    porter = someone("without-account", phone=True).opens(f"/status/{referral.status_token}/")
    porter.sees(referral.reference, "No coordinator has read it yet", "MRI")
    shown = porter.html.lower()
    for secret in ("okonkwo", "marisol", number, "999 ", "1960", "penicillin", "bay 2"):
        assert secret.lower() not in shown, secret

    # When it gets worse, the nurse reports it and is told what follows
    nurse.presses("Report new signs").sees("New signs or information on")
    nurse.answers("Signs that the spinal cord", starting("A bladder"))
    nurse.answers("When was this found?", "Now").presses("Report")
    nurse.sees("Recorded on", "The coordinator is being paged now")


def test_person_who_is_open_elsewhere_is_found_before_anything_else_is_typed(someone, team):
    # Given somebody whom another hospital of the alliance has referred
    elsewhere = named_place(team.place.alliance, "South Trust")
    stranger = person("referrer", elsewhere, name="Sol South", phone="bleep 55")
    first = refer(team)

    # When a nurse of the other hospital types the same number
    nurse = someone().opens("/refer/").signs_in(stranger)
    nurse.presses("Refer a person").types("NHS number", first.patient.nhs_number)
    nurse.presses("Continue").sees("This person has an open referral already", first.reference)

    # Then nothing of who it is is shown, and they can add to it
    nurse.does_not_see(first.patient.family_name)
    nurse.presses("Add new signs or information to it").sees("You add to another ward's referral")
    nurse.answers(starting("Signs that the spinal cord"), "Trouble walking").presses("Report")
    nurse.sees(f"Recorded on {first.reference}, with your name").does_not_see("EXAMPLE")


def test_minimum_is_sent_from_a_phone_without_script(someone, team):
    number = nhs_number()

    # Given a nurse with a phone whose browser runs no script
    nurse = someone(phone=True, script=False).opens("/refer/").signs_in(team.nurse)
    nurse.presses("Refer a person").types("NHS number", number).presses("Continue")
    nurse.sees("Where is the person now?").types("Family name", "Minimal")
    nurse.presses("Continue").presses("Continue")
    noticed(nurse, "gait", cancer="Not diagnosed, but suspected").sees("When did it begin?")
    nurse.presses("Continue").sees("How does the person get about now?", EMERGENCY)
    nurse.answers("How does the person get about now?", starting("Walks"))

    # When they send what they have, then it is a whole referral, and the rest is chased
    nurse.presses("Send the minimum now, complete later").sees("Sent:", "Still missing")
    referral = Referral.objects.get(patient__nhs_number=number)
    assert (referral.suspicion, referral.state) == ("mscc", "referred")

    # When they complete something later, it is off the list
    missing = len(referral.missing)
    nurse.presses("Complete what is missing").sees("Only what is still missing is asked here")
    nurse.types(re.compile("cancer start|primary", re.I), "Breast").presses("Add")
    nurse.sees("Sent:")
    referral.refresh_from_db()
    assert len(referral.missing) < missing
