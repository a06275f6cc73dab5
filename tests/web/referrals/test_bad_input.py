"""Whatever is typed into a command of the person's page is answered with a page, not a failure."""

import re

import pytest

from mscc import clock
from referrals.domain import opinions
from referrals.forms.information import FORMS
from referrals.views.actions import ACTIONS, address
from tests.factories.referrals import command

JUNK = {
    "nothing": "",
    "a zero byte": "a\x00b",
    "a large number": "9" * 400,
    "markup": '"><script>alert(1)</script>',
    "a book": "x" * 10_500,
}
RADIO = re.compile(r'<input[^>]* name="([^"]+)" type="radio" value="([^"]+)"')
SELECT = re.compile(r'<select[^>]* name="([^"]+)".*?<option value="([^"]+)"', re.S)
TYPED = re.compile(r'<(?:input|textarea)[^>]* name="([^"]+)"')
OURS = {"version", "key", "csrfmiddlewaretoken", "seen", "login"}


def filled(html, junk):
    """A form in which whatever can be typed is junk, and the last choice of each list is chosen."""
    typed = dict.fromkeys(set(TYPED.findall(html)) - OURS, junk)
    return typed | dict(RADIO.findall(html)) | dict(SELECT.findall(html))


def pages_of(referral):
    yield from (address(action, referral) for action in ACTIONS.values() if action.name != "take")
    start = f"/referrals/{referral.reference}"
    yield from (f"{start}/add/{section}/" for section in FORMS)
    fact = referral.milestones.standing().get(kind="mri_performed")
    yield f"{start}/correct/{fact.pk}/"
    yield f"{start}/opinions/{referral.opinions.get().pk}/"


@pytest.mark.parametrize("junk", JUNK)
def test_junk_in_every_field_is_answered_with_the_page(team, client, a_referral, junk):
    referral = a_referral(scanned=True)
    question = opinions.Question(specialty="oncology", question="?")
    asking = command(team.coordinator, clock.now())
    opinions.ask_opinion(referral.pk, question, command=asking)
    client.force_login(team.coordinator)
    for path in pages_of(referral):
        opened = client.get(path).content.decode()
        answer = client.post(path, filled(opened, JUNK[junk]))
        assert answer.status_code in (200, 302, 409, 422), path
        assert "<script>alert(1)" not in answer.content.decode()


def test_choices_nobody_offered_are_refused(client, team, a_referral):
    referral = a_referral(triaged=True)
    client.force_login(team.coordinator)
    for step, typed in {
        "record": {"kind": "discharged", "occurred_at-choice": "now"},
        "ask": {"specialty": "astrology", "question": "?", "asked_at-choice": "now"},
        "book-mri": {"hospital_id": "0"},
        "reassess": {"suspicion": "everything"},
    }.items():
        answer = client.post(f"/referrals/{referral.reference}/{step}/", typed)
        assert answer.status_code == 422, step
        assert "There is a problem" in answer.content.decode()


def test_a_slot_elsewhere_than_in_the_alliance_cannot_be_chosen(client, team, a_referral):
    from tests.factories.people import Place

    referral, elsewhere = a_referral(triaged=True), Place.build()
    client.force_login(team.coordinator)
    path = f"/referrals/{referral.reference}/book-mri/"
    assert elsewhere.hospital.name not in client.get(path).content.decode()
    answer = client.post(path, {"hospital_id": str(elsewhere.hospital.pk)})
    assert answer.status_code == 422
