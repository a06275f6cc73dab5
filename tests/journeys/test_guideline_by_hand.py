"""The guideline's pages without script, without a mouse, and with the page at 400%."""

import pytest

from referrals.models import CareEntry, DexamethasoneEntry, Score
from tests.journeys.test_guideline import found_mscc, score_sins

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(420),
    pytest.mark.django_db(transaction=True),
]


def test_care_score_and_taper_without_script(someone, team):
    referral = found_mscc(team)
    page = f"/referrals/{referral.reference}/"

    # Given a coordinator whose browser runs no script, who records care
    coordinator = someone(script=False).opens(f"{page}care/").signs_in(team.coordinator)
    coordinator.sees("What applies now").tells("Immobilisation", "Given")
    coordinator.tells("Thigh-length stockings", "Contraindicated").presses("Save")
    coordinator.sees("There is a problem", "Thigh-length stockings")
    coordinator.tells("Thigh-length stockings", "Contraindicated", "No pulses in the feet.")
    coordinator.presses("Save").reads("Care recorded")
    assert CareEntry.objects.filter(referral=referral).count() == 2

    # When a score is worked out, it is shown, and only then saved
    coordinator.opens(f"{page}scores/sins/")
    score_sins(coordinator, "More than 50%").presses("Work it out")
    coordinator.sees("not saved yet", "of 18")
    assert not Score.objects.filter(referral=referral).exists()
    coordinator.presses("Save this score").reads("SINS at T8")
    assert Score.objects.get(referral=referral).low == Score.objects.get(referral=referral).high

    # When dexamethasone is started and the proposed taper is taken as it stands
    coordinator.opens(f"{page}dexamethasone/").answers("What happened?", "It was started")
    coordinator.types("Dose a day in mg", "16").answers("How is it given?", "By mouth")
    coordinator.presses("Save").reads("Dexamethasone started: 16 mg a day")
    coordinator.opens(f"{page}dexamethasone/").answers("What happened?", "A taper is planned")
    coordinator.sees("The taper").presses("Save").sees("no treatment has begun on record")
    coordinator.ticks("I have checked this, and it is right").presses("Save")
    coordinator.sees("Taper of dexamethasone planned")
    assert DexamethasoneEntry.objects.filter(referral=referral).count() == 2


def test_dose_and_care_are_recorded_without_a_mouse(someone, team):
    referral = found_mscc(team)
    page = f"/referrals/{referral.reference}/"

    # Given a coordinator with a keyboard and nothing else
    coordinator = someone().opens(f"{page}dexamethasone/").signs_in(team.coordinator)
    coordinator.tabs_to("What happened?").keys("Space").tabs_to("Dose a day in mg").writes("16")
    coordinator.tabs_to("How is it given?").keys("Space").tabs_to("Save").keys("Enter")
    coordinator.sees("Dexamethasone started: 16 mg a day")

    # When the bundle is reached by its link, an answer is an arrow away
    coordinator.tabs_to("Record care").keys("Enter").reads("What applies now")
    coordinator.tabs_to("Immobilisation").keys("ArrowDown").tabs_to("Save").keys("Enter")
    coordinator.sees("Care recorded", "Immobilisation: given")
    assert CareEntry.objects.get(referral=referral).status == "given"


def test_pages_of_the_guideline_at_400_percent(someone, team):
    # Given somebody whose scan has shown compression, on a screen enlarged four times
    page = f"/referrals/{found_mscc(team).reference}/"
    coordinator = someone().opens("/board/due/").signs_in(team.coordinator).fits(320)

    # Then nothing has to be scrolled sideways
    for part in ("advise", "care", "dexamethasone", "scores/sins", "scores/tokuhashi", "ask"):
        coordinator.opens(f"{page}{part}/").fits(320)
    for part in ("sitting", "discharge-plan", "pain-plan", "information", "add/considerations"):
        coordinator.opens(f"{page}{part}/").fits(320)
    coordinator.opens(f"{page}information/?size=large").fits(320).sees("Large print")
    coordinator.opens("/guideline/?q=dexamethasone").fits(320).sees("1.8.1")
    senior = someone("senior").opens(f"{page}decide/").signs_in(team.senior).fits(320)
    senior.opens(f"{page}care-plan/").fits(320)
    senior.opens("/guideline/").fits(320)
