"""Figures and journeys taken out as a file, in a browser: what is asked first, and what is kept."""

from datetime import date

import pytest

from audit.measures import registry
from audit.models import Trail
from tests.factories.journeys import many
from tests.factories.people import PASSWORD, person
from tests.journeys.someone import Someone

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]
PAGE = "/figures/export/?from=2026-01&to=2026-06&imported=on"


def taken(someone: Someone) -> bytes:
    """What the browser was given when they pressed the button."""
    with someone.page.expect_download() as waiting:
        someone.page.get_by_role("button", name="Make the file").click()
    return waiting.value.path().read_bytes()


def test_a_service_lead_takes_figures_and_then_journeys_with_a_reason(someone, team):
    # Given some referrals of last spring
    many(team.place, date(2026, 4, 1), registry.by_key("qs56_3"), met=30, not_met=12)
    lead: Someone = someone("lead").opens(PAGE).signs_in(person("service_lead", team.place))
    lead.sees("as a file", "January to June 2026")
    lead.fits(320)

    # When they take the figures, they stay on the page and can take another file
    lead.answers(
        "What is in the file", "Figures: every measure, for the place and the places in it"
    )
    lead.answers("Format", "CSV, for any program")
    assert b"qs56_3" in taken(lead)

    # Then journeys that name people are given for a reason alone
    named = "Journeys with our reference, NHS number, time received and age"
    lead.answers("What is in the file", named).sees("Why people have to be identified")
    lead.presses("Make the file").sees("There is a problem", "Say why, in a sentence.")
    lead.types("Why people have to be identified", "Linkage with the cancer registry")

    # ... and to nobody who merely sits at their screen: the password is asked once more
    lead.presses("Make the file").types("Password", PASSWORD).presses("Continue")
    lead.answers("What is in the file", named).answers("Format", "CSV, for any program")
    lead.types("Why people have to be identified", "Linkage with the cancer registry")
    assert b"local_reference" in taken(lead)
    kept = Trail.objects.filter(action="export_made").order_by("id")
    assert [row.details["identified"] for row in kept] == [False, True]
