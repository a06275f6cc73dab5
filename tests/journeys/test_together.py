"""Two people at one referral, and one whose session ran out: nobody's words are lost."""

from datetime import timedelta

import pytest

from mscc import clock
from mscc.people.models import Session
from referrals.models import Referral
from tests.factories.people import person
from tests.factories.referrals import nhs_number, refer
from tests.journeys.test_ward import noticed

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(240),
    pytest.mark.django_db(transaction=True),
]


def test_second_of_two_coordinators_is_told_who_was_faster(someone, team):
    # Given two coordinators with the same page in front of them
    referral = refer(team, at=clock.now() - timedelta(minutes=5))
    triage = f"/referrals/{referral.reference}/triage/"
    slow = (
        someone("slow").opens(triage).signs_in(person("coordinator", team.place, name="Otto Ther"))
    )
    fast = someone("fast").opens(triage).signs_in(team.coordinator)

    # When one saves before the other
    fast.answers("What do you suspect?", "Suspected MSCC").presses("Save triage")
    fast.reads("Triaged: suspected MSCC")
    slow.answers("What do you suspect?", "Suspected spinal metastases")
    slow.types("Reason, if it differs from what was suspected before", "Reflexes are normal.")
    slow.presses("Save triage")

    # Then the other is told who changed what, and what they typed is still there
    slow.sees("Not saved", "Cora Nator changed this referral at")
    slow.finds_typed("Reason, if it differs from what was suspected before", "Reflexes are normal.")
    assert Referral.objects.get(pk=referral.pk).suspicion == "mscc"


def test_form_outlives_the_session_it_was_typed_in(someone, team):
    # Given a nurse in the middle of the form, who was called away for a quarter of an hour
    nurse = someone().opens("/refer/").signs_in(team.nurse)
    nurse.presses("Refer a person").types("NHS number", nhs_number()).presses("Continue")
    nurse.types("Family name", "Patience").presses("Continue").presses("Continue")
    noticed(nurse, "gait").types("What happened, in your words", "Fell twice this morning.")
    Session.objects.filter(user=team.nurse).update(seen_at=clock.now() - timedelta(minutes=16))

    # When they come back and go on, they sign in again, and what they typed is there
    nurse.presses("Continue").sees("You were signed out. What you typed is kept.")
    nurse.signs_in(team.nurse).sees("What you typed is kept", "has not been sent")
    nurse.presses("Continue").sees("How does the person get about now?")
    nurse.presses("Back").finds_typed("What happened, in your words", "Fell twice this morning.")
