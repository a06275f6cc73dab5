"""Whose referral it is not: they see nothing of it, and that they tried is written down."""

import re
from datetime import timedelta

import pytest

from audit.models import Trail
from mscc import clock
from tests.factories.people import person
from tests.factories.referrals import ReferralFactory
from tests.journeys.conftest import named_place

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(240),
    pytest.mark.django_db(transaction=True),
]


def test_coordinator_of_another_trust_sees_nothing_of_it(someone, team):
    # Given a referral of the north trust, and a coordinator of the south trust alone
    referral = ReferralFactory(team=team, triaged=True, at=clock.now() - timedelta(hours=2))
    elsewhere = named_place(team.place.alliance, "South Trust")
    stranger_user = person("coordinator", elsewhere.trust, name="Sol South")
    stranger = someone().opens("/board/").signs_in(stranger_user)

    # Then their board is empty of it, also when they search for it by name or number
    stranger.sees("No referral yet").does_not_see(referral.reference)
    for wanted in (referral.patient.family_name, referral.patient.nhs_number, referral.reference):
        stranger.types("Reference, NHS number or name", wanted).presses("Search")
        stranger.reads("Nothing fits").does_not_see(str(referral.hospital))
    stranger.sees("Nothing fits")

    # When they type its address, the page says no more than for one that does not exist
    one = f"/referrals/{referral.reference}/"
    stranger.opens(one).sees("Page not found", "It is not there, or it is not yours to see")
    missing = stranger.opens("/referrals/ZZZ-ZZ/").html
    for path in (one, f"{one}print/", f"{one}letter/", f"{one}triage/", f"{one}new-signs/"):
        stranger.opens(path).reads("Page not found").does_not_see(referral.patient.family_name)
        assert without_nonces(stranger.html) == without_nonces(missing)

    # Then each attempt stands in the trail with their name
    tried = Trail.objects.filter(action="access_refused", actor=stranger_user)
    assert tried.filter(details__reference=referral.reference).count() == 6
    assert {row.details["path"] for row in tried} >= {one, f"{one}print/", f"{one}letter/"}
    assert not Trail.objects.filter(action="record_read", actor=stranger_user).exists()


def without_nonces(html: str) -> str:
    """A page without the tokens that differ from one answer to the next."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)
