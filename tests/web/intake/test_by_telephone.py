"""A coordinator keys a call in on behalf of whoever rings."""

import re
from datetime import timedelta

import pytest

from audit.models import Trail
from referrals.clinical.presentation import CORD_ITEMS
from referrals.models import Referral
from scheduling.models import Clock, Escalation
from tests.factories.referrals import AT, METASTASES, Team, nhs_number, refer
from tests.web.intake.reading import text, token_in

pytestmark = pytest.mark.django_db

PATH = "/refer/telephone/"


def said(ward, *yes, **more):
    answers = {item.id: "yes" if item.id in yes else "no" for item in CORD_ITEMS}
    return {
        "nhs_number": nhs_number(),
        "family_name": "Example",
        "hospital": str(ward.place.hospital.pk),
        "place_note": "Ward 9",
        "caller": "Jo Caller",
        "call_back": "01632 960777",
        "cancer": "past_or_current",
        "mobility": "cannot_walk",
        "suspected_at__choice": "now",
        **answers,
        **more,
    }


def key_in(ward, **typed):
    page = ward.browser.get(PATH)
    key = re.search(r'name="key" value="([^"]+)"', page.content.decode())[1]
    typed = {name.replace("__", "-"): value for name, value in typed.items()} | {"key": key}
    token = {"csrfmiddlewaretoken": token_in(page)}
    return lambda: ward.browser.post(PATH, token | typed)


def test_a_call_is_taken_by_whoever_keys_it_on_behalf_of_the_caller(coordinator):
    answer = key_in(coordinator, **said(coordinator, "limb_weakness"))()

    referral = Referral.objects.get()
    assert answer.url == f"/referrals/{referral.reference}/"
    assert (referral.route, referral.suspicion) == ("telephone", "mscc")
    assert (referral.taken_by, referral.unread_since) == (coordinator.user, None)
    assert (referral.referrer_name, referral.place) == (
        "Jo Caller",
        f"{coordinator.place.hospital.name}, Ward 9",
    )
    row = Trail.objects.get(action="referral_received")
    assert (row.actor_id, row.on_behalf_of) == (coordinator.user.pk, "Jo Caller")
    assert not Clock.objects.filter(kind="contact_now", state="running").exists()
    assert not Escalation.objects.exists()  # whoever keys it need not be paged


def test_pains_that_were_named_count(coordinator):
    key_in(coordinator, **said(coordinator, pain=["night"]))()
    assert Referral.objects.get().suspicion == "spinal_metastases"


def test_sent_twice_it_is_one_referral(coordinator, at):
    press = key_in(coordinator, **said(coordinator, "gait"))
    first = press()
    at(AT + timedelta(seconds=2))
    second = press()

    assert first.url == second.url
    assert Referral.objects.count() == 1


def test_sent_twice_without_a_number_it_is_one_referral(coordinator, at):
    typed = said(coordinator, "gait", nhs_number="", no_number="none", absent_reason="Abroad")
    press = key_in(coordinator, **typed)
    press()
    at(AT + timedelta(seconds=2))
    press()
    assert Referral.objects.count() == 1


def test_an_open_referral_is_found_while_the_number_is_typed(coordinator):
    theirs = refer(Team.build(coordinator.place), METASTASES, AT - timedelta(hours=1))
    page = coordinator.browser.get(PATH)
    assert 'data-mscc-look-up="/refer/telephone/look-up/"' in page.content.decode()

    def look_up(number):
        typed = {"csrfmiddlewaretoken": token_in(page), "nhs_number": number}
        return text(coordinator.browser.post("/refer/telephone/look-up/", typed))

    found = look_up(theirs.patient.nhs_number)
    assert "This person has an open referral already" in found
    assert theirs.reference in found
    assert theirs.patient.family_name not in found
    assert look_up(nhs_number()) == ""
    assert look_up("9434765918") == "This NHS number is not valid. Check the digits."


def test_an_open_referral_is_found_when_it_is_sent_and_a_reason_lets_it_through(coordinator):
    theirs = refer(Team.build(coordinator.place), METASTASES, AT - timedelta(hours=1))
    typed = said(coordinator, "gait", nhs_number=theirs.patient.nhs_number)
    answer = key_in(coordinator, **typed)()

    assert answer.status_code == 409
    page = text(answer)
    assert f"This person already has an open referral, {theirs.reference}." in page
    assert f"/referrals/{theirs.reference}/new-signs/" in answer.content.decode()
    assert 'value="Jo Caller"' in answer.content.decode()
    row = Trail.objects.get(action="record_read")
    assert (row.actor_id, row.referral_id) == (coordinator.user.pk, theirs.pk)
    assert row.details["how"] == "search"
    key_in(coordinator, **typed, second_reason="Another illness")()
    assert Referral.objects.count() == 2


def test_all_that_is_missing_is_said_at_once(coordinator):
    answer = key_in(coordinator)()
    page = text(answer)

    assert answer.status_code == 422
    for sentence in (
        "Enter an NHS number, or say why there is none.",
        "Enter the person's name.",
        "Say which hospital the person is in.",
        "Enter the caller's name.",
        "Give a number on which the caller can be called back.",
        "Say whether the person has or had cancer.",
        "Say how the person gets about now.",
    ):
        assert sentence in page


def test_a_ward_has_no_use_for_it(ward):
    assert ward.browser.get(PATH).status_code == 403
    token = {"csrfmiddlewaretoken": token_in(ward.browser.get("/refer/"))}
    assert ward.browser.post("/refer/telephone/look-up/", token).status_code == 403
