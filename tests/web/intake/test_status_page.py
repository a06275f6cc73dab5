"""The status page: for whoever has the link, and about nobody."""

from datetime import timedelta

import pytest
from django.test import Client

from referrals.domain import triage
from referrals.views import status
from tests.factories.referrals import (
    AT,
    METASTASES,
    MSCC,
    ReferralFactory,
    Team,
    command,
    refer,
)
from tests.web.intake.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(place):
    return Team.build(place)


def page_of(referral):
    return Client().get(f"/status/{referral.status_token}/")


def test_a_stranger_sees_where_it_is_and_what_is_due_and_nothing_that_identifies(team):
    referral = refer(team, MSCC, AT - timedelta(minutes=5))
    answer = page_of(referral)
    html, page = answer.content.decode(), text(answer)

    assert answer.status_code == 200
    assert referral.reference in page
    assert "Received, now" in page
    assert "Discharged, still to come" in page
    assert (
        "Coordinator takes the referral at once: due by Sat 21 Nov, 09:10 GMT (in 10 min)" in page
    )
    assert "ring the coordinator on 01632 960999" in page
    patient = referral.patient
    for secret in (
        patient.family_name,
        patient.given_name,
        patient.nhs_number,
        "1960",
        referral.ward.name,
        referral.hospital.name,
        referral.call_back,
        "Alex Ward",
    ):
        assert secret not in html


def test_advice_is_shown_by_topic_and_its_words_only_after_a_sign_in(team, signed_in):
    referral = ReferralFactory(team=team, triaged=True, at=AT - timedelta(hours=1))
    words = triage.AdviceDetails(
        given_to="Robin's nurse",
        how="phone",
        pain="Morphine for Robin",
        immobilisation="Flat",
        read_back=True,
    )
    triage.give_advice(referral.pk, words, command=command(team.coordinator))
    answer = page_of(referral)
    page = text(answer)

    assert "Sat 21 Nov, 09:00 GMT, by phone: Pain, immobilisation. It was read back." in page
    assert "they are free text and could say who the person is" in page
    assert "Morphine" not in answer.content.decode()
    assert "Robin" not in answer.content.decode()
    path = f"/referrals/{referral.reference}/sent/"
    assert path in answer.content.decode()
    assert "Morphine for Robin" in text(signed_in(team.nurse).get(path))


def test_it_is_kept_nowhere_and_found_by_no_search_engine(team):
    answer = page_of(refer(team, METASTASES))
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex, nofollow">' in answer.content.decode()


@pytest.mark.parametrize(
    ("stage", "here"),
    [
        ("triaged", "Judged by the coordinator, now"),
        ("mri_booked", "MRI booked, now"),
        ("treatment_decided", "Treatment decided, now"),
        ("discharged", "Discharged, done"),
    ],
)
def test_the_track_follows_the_referral(team, stage, here):
    referral = ReferralFactory(team=team, at=AT - timedelta(hours=1), **{stage: True})
    page = text(page_of(referral))
    assert here in page
    assert ("The person was discharged." in page) == (stage == "discharged")


def test_what_is_overdue_is_said_in_words(team):
    page = text(page_of(refer(team, MSCC, AT - timedelta(hours=30))))
    assert "was due by" in page


def test_a_wrong_link_is_not_there_and_guessing_is_stopped(team, monkeypatch):
    refer(team, METASTASES)
    assert Client().get(f"/status/{'x' * 43}/").status_code == 404
    monkeypatch.setattr(status, "WRONG_LINKS", 0)
    answer = Client().get(f"/status/{'y' * 43}/")
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")


def test_the_link_and_its_code_are_on_the_page_after_sending(team, signed_in, settings):
    settings.PUBLIC_URL = "https://mscc.example.nhs.uk"
    referral = refer(team, MSCC)
    page = signed_in(team.nurse).get(f"/referrals/{referral.reference}/sent/").content.decode()
    assert f"https://mscc.example.nhs.uk/status/{referral.status_token}/" in page
    assert '<svg class="mscc-qr"' in page or 'class="mscc-qr"' in page
