"""The sheet for the person and their family, and their needs on every page about them."""

from datetime import timedelta

import pytest

from audit.models import Trail
from mscc import clock

LEAD = {"lead_name": "Ola Finch", "lead_role": "Ward sister", "lead_phone": "01632 960177"}


@pytest.fixture
def discharged(a_referral):
    """Discharged a day ago."""
    return a_referral(discharged=True, at=clock.now() - timedelta(days=1))


def leaflet(browser, page, referral, query=""):
    return page(browser, f"/referrals/{referral.reference}/information/{query}")


def sheet_of(shown):
    """What is printed: the sheet alone."""
    return shown.html[shown.html.index("<article") : shown.html.index("</article>")]


def test_the_sheet_says_who_to_ring_and_names_nobody(team, coordinator, a_referral, page):
    referral = a_referral(triaged=True)
    shown = leaflet(coordinator, page, referral)
    assert shown.status == 200
    printed = sheet_of(shown)
    for words in (
        "something may be pressing on your spinal cord",
        "Ring straight away",
        "pins and needles",
        "Your scan",
        referral.reference,
    ):
        assert words in printed
    patient = referral.patient
    for secret in (patient.family_name, patient.given_name, patient.nhs_number):
        assert secret not in printed
        assert secret not in shown.title
    assert "mscc-leaflet--large" not in printed
    assert Trail.objects.filter(action="record_read", details__how="print").exists()


def test_whoever_may_record_it_is_led_to_the_care_bundle(
    team, coordinator, signed_in, a_referral, page
):
    referral = a_referral(triaged=True)
    link = f'href="/referrals/{referral.reference}/care/#item-information"'
    assert link in leaflet(coordinator, page, referral).html
    assert (
        'id="item-information"' in page(coordinator, f"/referrals/{referral.reference}/care/").html
    )
    nurse = leaflet(signed_in(team.nurse), page, referral)
    assert (nurse.status, link in nurse.html) == (200, False)


def test_the_services_own_number_is_on_it(team, coordinator, a_referral, page):
    alliance = team.place.alliance
    alliance.phone = "01632 960999"
    alliance.save()
    assert "01632 960999" in sheet_of(leaflet(coordinator, page, a_referral(triaged=True)))


def test_large_print_another_sheet_and_nonsense(coordinator, a_referral, page):
    referral = a_referral(triaged=True)
    assert "mscc-leaflet--large" in sheet_of(leaflet(coordinator, page, referral, "?size=large"))
    home = sheet_of(leaflet(coordinator, page, referral, "?sheet=6"))
    assert "Before you leave, check that:" in home
    usual = sheet_of(leaflet(coordinator, page, referral))
    for nonsense in (
        "?sheet=77",
        "?sheet=x",
        "?language=xx",
        "?sheet=%C2%B2",
        "?sheet=" + "9" * 50,
    ):
        assert sheet_of(leaflet(coordinator, page, referral, nonsense)) == usual


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ({"language": "Cantonese"}, "There is no sheet in Cantonese yet."),
        ({"language": "English", "interpreter_needed": True}, "An interpreter is needed"),
        ({"communication_needs": "Hearing loop"}, "Communication needs: Hearing loop"),
    ],
)
def test_an_interpreter_is_advised_where_there_is_no_translation(
    coordinator, a_referral, page, person, words
):
    referral = a_referral(triaged=True)
    for name, value in person.items():
        setattr(referral.patient, name, value)
    referral.patient.save()
    assert words in " ".join(leaflet(coordinator, page, referral).text.split())


def test_going_home_names_who_leads_and_whom_they_were_told_to_ring(
    coordinator, a_referral, form, page
):
    referral = a_referral(triaged=True)
    typed = LEAD | {"contact": "yes", "contact_note": "Hospice line 01632 960300"}
    form(coordinator, referral, "discharge-plan").send(**typed)
    printed = sheet_of(leaflet(coordinator, page, referral, "?sheet=6"))
    for words in ("Ola Finch", "01632960177", "Hospice line 01632 960300"):
        assert words in printed


def test_after_discharge_the_sheet_is_the_one_for_going_home(coordinator, discharged, page):
    assert "After you leave" in sheet_of(leaflet(coordinator, page, discharged))


# --- Identity: needs are on every page and on every print


@pytest.mark.parametrize("path", ["", "print/", "care-plan/", "discharge-plan/", "discharge/"])
def test_language_communication_and_adjustments_are_on_every_page(
    coordinator, a_referral, page, path
):
    referral = a_referral(triaged=True)
    patient = referral.patient
    patient.language, patient.interpreter_needed = "Polish", True
    patient.communication_needs, patient.reasonable_adjustments = "Lip-reads", "Quiet room"
    patient.save()
    shown = page(coordinator, f"/referrals/{referral.reference}/{path}").text
    for words in ("Polish, interpreter needed", "Lip-reads", "Quiet room"):
        assert words in shown


def test_what_nobody_asked_about_is_said_to_be_not_recorded(coordinator, a_referral, page):
    shown = page(coordinator, f"/referrals/{a_referral(triaged=True).reference}/").text
    for words in ("Communication not recorded", "Adjustments not recorded"):
        assert words in shown
