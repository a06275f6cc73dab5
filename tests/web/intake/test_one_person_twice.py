"""An open referral of the same person is found before anything else is typed."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core import signing

from audit.models import Trail
from referrals.models import Draft, Milestone, Note, Presentation, Referral
from referrals.views import intake_grant
from tests.factories.people import Place, person
from tests.factories.referrals import AT, METASTASES, Team, refer
from tests.web.intake.conftest import Ward
from tests.web.intake.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs(place):
    """A referral of another hospital in the same alliance."""
    team = Team.build(place)
    return refer(team, METASTASES, AT - timedelta(hours=3))


def found(other_ward, theirs):
    return other_ward.begin().number(theirs.patient.nhs_number)


def leave_on(page):
    return unescape(re.search(r'new-signs/(\?leave=[^"]+)"', page.content.decode())[1])


def test_only_reference_hospital_and_time_are_told(other_ward, theirs):
    answer = found(other_ward, theirs)
    assert answer.url == other_ward.path("already-open")
    page = text(other_ward.browser.get(answer.url))

    assert "This person has an open referral already" in page
    assert theirs.reference in page
    assert theirs.hospital.name in page
    assert "Received Sat 21 Nov, 06:00 GMT (3 h ago)" in page
    for secret in (theirs.patient.family_name, "Suspected", theirs.ward.name, "Alex Ward"):
        assert secret not in page
    assert other_ward.browser.get(f"/referrals/{theirs.reference}/sent/").status_code == 404


def test_that_it_was_found_is_on_the_trail(other_ward, theirs):
    other_ward.browser.get(found(other_ward, theirs).url)

    row = Trail.objects.get(action="record_read")
    assert (row.actor_id, row.referral_id) == (other_ward.user.pk, theirs.pk)
    assert row.details["how"] == "search"


def test_a_second_referral_needs_its_reason(other_ward, theirs):
    found(other_ward, theirs)
    answer = other_ward.post("already-open")
    assert answer.status_code == 422
    assert "Say why a second referral is needed." in text(answer)

    other_ward.post("already-open", reason="The first is about a broken hip")
    other_ward.person()
    other_ward.referrer()
    other_ward.noticed("gait")
    other_ward.examined(go="send")
    second = Referral.objects.exclude(pk=theirs.pk).get()
    assert Note.objects.get(referral=second).text == (
        "A second referral because: The first is about a broken hip"
    )


def test_a_reason_is_for_one_person_and_not_for_the_next_number(other_ward, theirs, place):
    another = refer(Team.build(place), METASTASES)
    found(other_ward, theirs)
    other_ward.post("already-open", reason="The first is about a broken hip")

    assert other_ward.number(theirs.patient.nhs_number).url == other_ward.path("person")
    answer = other_ward.number(another.patient.nhs_number)
    assert answer.url == other_ward.path("already-open")


def test_one_that_arrives_while_the_form_is_typed_is_found_when_it_is_sent(ward, other_ward):
    number = "9434765919"
    ward.fill("gait", number=number)
    other_ward.fill("gait", number=number).send()
    answer = ward.send()

    assert answer.url == ward.path("already-open")
    assert Referral.objects.count() == 1
    assert ward.kept.data  # nothing that was typed is lost


def test_a_person_open_in_another_alliance_is_not_told(signed_in, theirs):
    place = Place.build()
    user = person("referrer", place)
    stranger = Ward(signed_in(user), user, place)
    assert stranger.begin().number(theirs.patient.nhs_number).url == stranger.path("person")


def test_another_ward_adds_signs_and_sees_nothing_of_it(other_ward, theirs):
    leave = leave_on(other_ward.browser.get(found(other_ward, theirs).url))
    path = f"/referrals/{theirs.reference}/new-signs/{leave}"
    page = text(other_ward.browser.get(path))
    assert "You add to another ward's referral. What is in it is not shown here." in page
    assert theirs.patient.family_name not in page

    answer = other_ward.submit(
        path,
        cord=["gait"],
        found_at__choice="now",
        reported_by="Jo Other",
        call_back="bleep 77",
        text="Fell this morning",
    )
    assert answer.url == "/refer/"
    said = text(other_ward.browser.get("/refer/"))
    assert f"Recorded on {theirs.reference}, with your name." in said
    assert "do not wait for the page, ring" in said
    theirs.refresh_from_db()
    assert theirs.suspicion == "mscc"
    assert not Draft.objects.exists()  # no second referral is being typed any more
    # The number of the ward that has the person stays; the other's is in the words.
    assert theirs.call_back == "01632 960123"
    row = Presentation.objects.filter(referral=theirs).order_by("recorded_at").last()
    assert row.narrative == "Fell this morning\nAdded by Jo Other, call back bleep 77"
    assert row.recorded_by == other_ward.user


def test_words_alone_can_be_added_too(other_ward, theirs):
    leave = leave_on(other_ward.browser.get(found(other_ward, theirs).url))
    path = f"/referrals/{theirs.reference}/new-signs/{leave}"
    said = {"found_at__choice": "now", "reported_by": "Jo Other", "call_back": "bleep 77"}
    assert "Choose what is new, or write it down." in text(other_ward.submit(path, **said))
    other_ward.submit(path, text="Now on ward 9", **said)

    note = Note.objects.get(referral=theirs)
    assert (note.topic, note.recorded_by) == ("added_by_ward", other_ward.user)
    assert "Now on ward 9" in note.text
    assert not Milestone.objects.filter(kind="new_signs_reported").exists()


@pytest.mark.parametrize("how", ["none", "forged", "old", "another person's"])
def test_without_leave_of_ones_own_it_is_not_there_and_that_is_logged(
    other_ward, ward, theirs, how, monkeypatch
):
    leave = {
        "none": "",
        "forged": signing.dumps([str(theirs.pk), other_ward.user.pk], salt="another"),
        "old": intake_grant.grant_for(other_ward.user, theirs.pk),
        "another person's": intake_grant.grant_for(ward.user, theirs.pk),
    }[how]
    if how == "old":
        monkeypatch.setattr(intake_grant, "VALID_SECONDS", -1)
    path = f"/referrals/{theirs.reference}/new-signs/?leave={leave}"

    assert other_ward.browser.get(path).status_code == 404
    assert Trail.objects.get(action="access_refused").actor_id == other_ward.user.pk


def test_leave_for_one_referral_is_not_leave_for_another(other_ward, theirs, place):
    another = refer(Team.build(place), METASTASES)
    leave = intake_grant.grant_for(other_ward.user, theirs.pk)
    path = f"/referrals/{another.reference}/new-signs/?leave={leave}"
    assert other_ward.browser.get(path).status_code == 404
