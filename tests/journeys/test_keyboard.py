"""Without a mouse, with the page at 400%, on paper, on the wall, and with the server away."""

from datetime import timedelta

import pytest

from mscc import clock
from referrals.clinical.presentation import BY_ID, CORD_ITEMS
from referrals.models import Referral
from tests.factories.referrals import METASTASES, ReferralFactory, nhs_number, refer

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(240),
    pytest.mark.django_db(transaction=True),
]


def test_telephone_referral_is_keyed_in_without_a_mouse(someone, team):
    number = nhs_number()

    # Given a coordinator at the board, with a caller on the line
    coordinator = someone().opens("/board/").signs_in(team.coordinator)
    coordinator.tabs_to("Refer by phone").keys("Enter").sees("Only what safety needs")

    # When they type what they hear, the cursor waits in the NHS number
    coordinator.has_focus_on("[name=nhs_number]").writes(number)
    coordinator.tabs_to("Family name").writes("Telford").tabs_to("Given name").writes("Tessa")
    coordinator.tabs_to("Hospital").writes("Example North Hospital")
    coordinator.tabs_to("Who is calling?").writes("Staff nurse Bell")
    coordinator.tabs_to("Number to call them back").writes("01632 960333")
    coordinator.tabs_to("cancer").keys("Space")
    for item in CORD_ITEMS:
        answer = ["Space"] if item.id == "gait" else ["ArrowRight"]
        coordinator.tabs_to(item.question).keys(*answer)
    coordinator.tabs_to("How does the person get about now?").keys("ArrowDown")
    coordinator.sees("Take the referral").tabs_to("Take the referral").keys("Enter")

    # Then it is there, it is theirs, and the caller is on it
    coordinator.sees("TELFORD, Tessa", "Staff nurse Bell", "Suspected MSCC")
    referral = Referral.objects.get(patient__nhs_number=number)
    assert (referral.route, referral.taken_by) == ("telephone", team.coordinator)


def test_board_by_keyboard_on_the_wall_and_when_the_server_is_away(someone, team):
    # Given a board with three referrals
    now = clock.now()
    late = ReferralFactory(team=team, triaged=True, at=now - timedelta(hours=26))
    ReferralFactory(team=team, presentation=METASTASES, triaged=True, at=now - timedelta(hours=5))
    new = refer(team, at=now - timedelta(minutes=3))
    coordinator = someone()
    coordinator.page.clock.install()
    coordinator.opens("/board/").signs_in(team.coordinator)
    coordinator.sees("1 overdue", "3 open", new.reference)

    # When they move with the arrows, Enter opens a row in place and / goes to the search
    first, second = f"#s-{new.reference}", f"#s-{late.reference}"
    coordinator.tabs_to(new.reference).has_focus_on(first)
    coordinator.keys("ArrowDown").has_focus_on(second).keys("Enter")
    coordinator.sees("Last events", "Contact met").has_focus_on(second)
    coordinator.keys("/").has_focus_on("#q")

    # When the server is away for more than a minute, the board cannot be trusted, and says so
    coordinator.page.context.set_offline(True)
    coordinator.page.clock.fast_forward(75_000)
    coordinator.sees("STALE", "Do not rely on this page", "Ring the coordinator on duty")

    # When it is back, so is the board, with the row still open
    coordinator.page.context.set_offline(False)
    coordinator.page.clock.fast_forward(5_000)
    coordinator.does_not_see("STALE").reads("Live,", "Last events")

    # Then the wall says the same and no name
    wall = coordinator.opens("/board/wall/")
    wall.sizes = ({"width": 390, "height": 844}, {"width": 1920, "height": 1080})
    wall.sees("What is due", late.reference, "MRI overdue by 2 h")
    wall.does_not_see(late.patient.family_name, late.patient.family_name.upper())


def test_pages_at_400_percent_and_on_paper(someone, team):
    # Given a referral that has come far, and its pages on a screen enlarged four times
    at = clock.now() - timedelta(hours=4)
    referral = ReferralFactory(team=team, treatment_decided=True, at=at)
    person_page = f"/referrals/{referral.reference}/"
    coordinator = someone().opens("/board/").signs_in(team.coordinator)

    # Then nothing has to be scrolled sideways
    for path in ("/board/", person_page, f"{person_page}triage/", f"{person_page}decide/"):
        coordinator.opens(path).fits(320)
    for path in ("/notices/", "/duty/", "/refer/telephone/", f"{person_page}print/"):
        coordinator.opens(path).fits(320)
    nurse = someone("nurse").opens("/refer/").signs_in(team.nurse).fits(320)
    nurse.presses("Refer a person").types("NHS number", nhs_number()).presses("Continue").fits(320)
    nurse.types("Family name", "Narrow").presses("Continue").presses("Continue").fits(320)
    nurse.presses("Continue").reads(BY_ID["gait"].question).fits(320)

    # When the page is printed, the person is on it and nothing to press is
    coordinator.opens(f"{person_page}print/").page.emulate_media(media="print")
    coordinator.sees("Clocks", "What happened").does_not_see("What can be done now", "Sign out")
    coordinator.reads(referral.patient.family_name.upper())
    assert coordinator.page.pdf(format="A4").count(b"/Type /Page\n") <= 6
