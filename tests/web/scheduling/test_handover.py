"""Handing over on the pages: writing, offering, reading, accepting, and who may."""

from datetime import timedelta

import pytest

from audit.models import Trail
from scheduling.domain.handover import handover_round
from scheduling.models import Handover
from tests.factories.people import Place, person
from tests.factories.referrals import AT, ReferralFactory, Team, mri_booked
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def team():
    team = Team.build()
    team.coordinator.name = "Ada Outgoing"
    team.coordinator.save()
    return team


@pytest.fixture
def night(team):
    return person("coordinator", team.place, name="Idris Incoming")


@pytest.fixture
def row(team, night):
    """The handover of the change at AT + 2 h; it is half an hour after AT."""
    on_duty(team.coordinator, team.place, AT - HOUR, hours=3)
    on_duty(night, team.place, AT + 2 * HOUR, hours=3)
    handover_round(AT)
    return Handover.objects.order_by("changes_at").first()


def test_the_outgoing_writes_keeps_and_offers(
    signed_in, submit, team, row, noon, text_of, token_in
):
    referral = ReferralFactory(team=team, triaged=True)
    browser = signed_in(team.coordinator)
    path = f"/handover/{row.pk}/write/"
    page = browser.get(path)
    text = text_of(page)
    assert "Hand over to Idris Incoming" in text
    assert referral.patient.family_name.upper() in text
    kept = {
        "version": row.version,
        "note": "Scanner down.",
        f"note_{referral.reference}": "Ring the ward at six.",
        "then": "keep",
        "csrfmiddlewaretoken": token_in(page),
    }
    answer = browser.post(path, kept, follow=True)
    assert "Your notes are kept." in text_of(answer)
    row.refresh_from_db()
    assert (row.state, row.note) == ("draft", "Scanner down.")
    assert row.notes == {referral.reference: "Ring the ward at six."}
    answer = browser.post(path, kept | {"version": row.version, "then": "offer"}, follow=True)
    text = text_of(answer)
    assert "The handover is offered to Idris Incoming." in text
    assert "Ring the ward at six." in text
    row.refresh_from_db()
    assert (row.state, row.offered_by) == ("offered", team.coordinator)
    assert "I accept this handover" not in text  # nobody takes over from themselves


def test_a_text_written_over_another_is_asked_about_and_kept(signed_in, team, row, noon, token_in):
    browser = signed_in(team.coordinator)
    path = f"/handover/{row.pk}/write/"
    page = browser.get(path)
    Handover.objects.filter(pk=row.pk).update(version=7, note="Somebody else's")
    sent = {
        "version": 0,
        "note": "Mine",
        "then": "keep",
        "csrfmiddlewaretoken": token_in(page),
    }
    answer = browser.post(path, sent)
    assert answer.status_code == 409
    body = answer.content.decode()
    assert "Somebody else wrote on this handover meanwhile" in body
    assert "Mine" in body
    assert 'name="version" value="7"' in body
    row.refresh_from_db()
    assert row.note == "Somebody else's"
    answer = browser.post(path, sent | {"version": 7})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.note == "Mine"


def test_the_incoming_reads_what_moved_and_accepts(
    signed_in, submit, team, night, row, noon, text_of
):
    referral = ReferralFactory(team=team, triaged=True)
    handover_round(AT + 2 * HOUR)
    mri_booked(referral, team, AT + 2 * HOUR + timedelta(minutes=2))
    noon[0] = AT + 2 * HOUR + timedelta(minutes=4)
    browser = signed_in(night)
    board = text_of(browser.get("/board/"))
    assert "A handover from Ada Outgoing waits to be accepted by you" in board
    page = browser.get(f"/handover/{row.pk}/")
    text = text_of(page)
    assert "Nobody has accepted it yet." in text
    assert "nobody wrote it" in text
    assert "Changed since it was offered" in text
    assert "MRI booked now; it was: triaged." in text
    assert Trail.objects.get(action="handover_read").details["references"] == [referral.reference]
    answer = submit(browser, f"/handover/{row.pk}/accept/", page=f"/handover/{row.pk}/")
    assert answer.status_code == 302
    text = text_of(browser.get(f"/handover/{row.pk}/"))
    assert "You have it: 1 open referral." in text
    assert "Accepted 11:04 by you." in text
    assert "MRI booked now; it was: triaged." in text
    assert "waits to be accepted" not in text_of(browser.get("/board/"))
    # It stays as it was, whatever happens to the referral later.
    noon[0] = AT + 9 * HOUR
    listed = text_of(browser.get("/handover/"))
    assert "Ada Outgoing to you" in listed


def test_another_coordinator_accepts_in_place_and_it_is_said(
    signed_in, submit, team, row, noon, text_of
):
    handover_round(AT + 2 * HOUR)
    noon[0] = AT + 2 * HOUR + timedelta(minutes=4)
    other = person("coordinator", team.place, name="Otto Other")
    browser = signed_in(other)
    assert "I accept this handover in place of Idris Incoming" in text_of(
        browser.get(f"/handover/{row.pk}/")
    )
    submit(browser, f"/handover/{row.pk}/accept/", page=f"/handover/{row.pk}/")
    lead = signed_in(person("service_lead", team.place))
    text = text_of(lead.get(f"/handover/{row.pk}/"))
    assert "Accepted 11:04 by Otto Other, in place of Idris Incoming." in text


def test_the_outgoing_cannot_accept_and_a_reader_cannot_write(signed_in, team, row, noon, token_in):
    handover_round(AT + 2 * HOUR)
    out = signed_in(team.coordinator)
    token = token_in(out.get(f"/handover/{row.pk}/"))
    assert (
        out.post(f"/handover/{row.pk}/accept/", {"csrfmiddlewaretoken": token}).status_code == 403
    )
    reader = signed_in(team.senior)
    page = reader.get(f"/handover/{row.pk}/")
    assert page.status_code == 200
    assert reader.get(f"/handover/{row.pk}/write/").status_code == 403
    token = token_in(page)
    answer = reader.post(f"/handover/{row.pk}/accept/", {"csrfmiddlewaretoken": token})
    assert answer.status_code == 403
    row.refresh_from_db()
    assert row.state == "offered"


def test_who_has_no_board_and_who_is_elsewhere_see_nothing(signed_in, team, row, noon):
    assert signed_in(team.nurse).get("/handover/").status_code == 403
    assert signed_in(team.nurse).get(f"/handover/{row.pk}/").status_code == 404
    stranger = person("coordinator", Place.build())
    assert signed_in(stranger).get(f"/handover/{row.pk}/").status_code == 404


def test_the_board_reminds_the_outgoing_in_the_last_hour(signed_in, team, row, noon, text_of):
    browser = signed_in(team.coordinator)
    assert "write the handover" not in text_of(browser.get("/board/"))
    noon[0] = AT + timedelta(minutes=70)
    assert "Your shift ends at 11:00: write the handover" in text_of(browser.get("/board/"))
