"""What to do when the system is down, and entering what is on paper when it is back."""

from datetime import timedelta
from html import unescape

import pytest

from audit.models import Trail
from mscc import clock
from referrals.clinical.milestones import MilestoneKind as Kind
from referrals.clinical.presentation import CORD_ITEMS
from referrals.models import Milestone, Referral
from scheduling.domain import downtime_pack, sweep
from scheduling.models import Clock, Notice
from scheduling.views.downtime_forms import FORMS
from tests.factories.people import ContactPointFactory, person
from tests.factories.referrals import AT, ReferralFactory, Team, nhs_number
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
BACK = AT + 40 * HOUR


@pytest.fixture
def later(monkeypatch):
    """The system has just come back, forty hours after AT."""
    monkeypatch.setattr(clock, "now", lambda: BACK)


@pytest.fixture
def team() -> Team:
    team = Team.build()
    on_duty(team.coordinator, team.place, AT - HOUR, hours=400)
    ContactPointFactory(user=team.coordinator, channel="pager", address="1001")
    return team


@pytest.fixture
def browser(signed_in, team, later):
    return signed_in(team.coordinator)


def when(name, at):
    shown = clock.local(at)
    boxes = {"day": shown.day, "month": shown.month, "year": shown.year, "time": f"{shown:%H:%M}"}
    return {f"{name}-{box}": str(value) for box, value in boxes.items()}


@pytest.fixture
def sitting(browser, submit):
    """Somebody who has said from when until when the system was down."""
    typed = when("since", AT + HOUR) | when("until", BACK - HOUR)
    answer = submit(browser, "/downtime/entry/", **typed)
    assert answer.status_code == 302, answer.content.decode()
    return browser


def test_everybody_finds_out_what_to_do_and_can_print_each_form(signed_in, text_of):
    browser = signed_in(person("referrer"))
    text = unescape(text_of(browser.get("/downtime/")))

    assert "Go on by telephone." in text
    assert "Where the downtime pack lies" not in text
    assert "Enter what is on paper" not in text
    for form in FORMS.values():
        assert form.title in text
        assert form.title in unescape(text_of(browser.get(f"/downtime/paper/{form.key}/")))
    everything = text_of(browser.get("/downtime/paper/all/"))
    assert all(item.label in everything for item in CORD_ITEMS)
    assert browser.get("/downtime/paper/nothing/").status_code == 404


def test_it_is_linked_from_the_foot_of_every_page_and_from_the_service_page(browser):
    for path in ("/board/", "/service/"):
        assert 'href="/downtime/"' in browser.get(path).content.decode()


def test_the_coordinator_sees_where_the_packs_are_and_how_old(browser, text_of, settings, tmp_path):
    settings.DOWNTIME_PACK_PLACES = [str(tmp_path / "one"), str(tmp_path / "two")]
    settings.DOWNTIME_PACK_PLAIN = True
    assert text_of(browser.get("/downtime/")).count("never written") == 2

    downtime_pack.pack_round(BACK - timedelta(minutes=10))
    for path in ("/downtime/", "/service/"):
        text = text_of(browser.get(path))
        assert text.count("10 min old") == 2
        assert "Do not rely on this one" not in text
    (tmp_path / "two").rename(tmp_path / "gone")
    (tmp_path / "two").write_text("no folder")
    downtime_pack.pack_round(BACK + timedelta(minutes=10))
    text = text_of(browser.get("/downtime/"))
    assert "Do not rely on this one." in text
    assert "It cannot be written now: File exists" in text


def test_without_places_it_says_that_there_is_no_copy(browser, text_of, settings):
    settings.DOWNTIME_PACK_PLACES = []

    assert "there is no copy for an outage" in text_of(browser.get("/service/"))


@pytest.mark.parametrize("path", ["", "referral/", "K7Q-4F/"])
@pytest.mark.parametrize("role", ["referrer", "service_lead", "alliance_lead"])
def test_only_those_who_key_for_others_enter_from_paper(signed_in, later, role, path):
    assert signed_in(person(role)).get(f"/downtime/entry/{path}").status_code == 403


def test_a_sheet_of_another_alliance_is_not_there(sitting):
    stranger = ReferralFactory()

    assert stranger.reference not in sitting.get("/downtime/entry/").content.decode()
    assert sitting.get(f"/downtime/entry/{stranger.reference}/").status_code == 404


def test_first_it_asks_from_when_until_when(browser, submit, text_of, team):
    referral = ReferralFactory(team=team, triaged=True)
    assert browser.get(f"/downtime/entry/{referral.reference}/").url == "/downtime/entry/"
    assert browser.get("/downtime/entry/referral/").url == "/downtime/entry/"

    backwards = when("since", BACK - HOUR) | when("until", AT)
    answer = submit(browser, "/downtime/entry/", **backwards)
    assert answer.status_code == 422
    assert "The system came back after it went down." in text_of(answer)


def test_one_sitting_enters_a_whole_stretch_and_nobody_is_paged(sitting, submit, team, text_of):
    referral = ReferralFactory(team=team, scanned=True)
    sheet = f"/downtime/entry/{referral.reference}/"
    assert referral.reference in text_of(sitting.get("/downtime/entry/"))
    key = _key(sitting.get(sheet))
    typed = {
        **when("reported_at", AT + 2 * HOUR),
        "outcome": "mscc",
        **when("decided_at", AT + 4 * HOUR),
        "plan": "radiotherapy",
        "decided_by": "Dr Nell Okoro",
        "rationale": "Agreed by telephone.",
        **when("radiotherapy_at", AT + 20 * HOUR),
        "key": key,
        "version": str(referral.version),
    }
    answer = submit(sitting, sheet, **typed)
    assert answer.status_code == 302, text_of(answer)

    text = text_of(sitting.get(answer.url))
    assert f"Entered from paper: {referral.reference}." in text
    assert "started, met, 8 h to spare." in text
    assert "Entered. Enter more" in text
    sweep.sweep(BACK)
    assert not Notice.objects.filter(kind__in=["breach", "at_risk"]).exists()
    found = Milestone.objects.get(referral=referral, kind=Kind.RADIOTHERAPY_STARTED)
    assert (found.occurred_at, found.recorded_at) == (AT + 20 * HOUR, BACK)

    # Sent twice it is one entry, and the person's own page says where it came from.
    assert submit(sitting, sheet, **typed).status_code == 302
    assert Milestone.objects.filter(referral=referral, kind=Kind.RADIOTHERAPY_STARTED).count() == 1
    page = text_of(sitting.get(f"/referrals/{referral.reference}/"))
    assert "for the paper record, system down 21 Nov 10:00 GMT to 23 Nov 00:00 GMT" in page
    assert "recorded Mon 23 Nov, 01:00 GMT" in page
    assert Trail.objects.filter(action="record_read", referral_id=referral.pk).exists()


def test_a_call_taken_on_paper_counts_from_when_it_came_in(sitting, submit, team, text_of):
    answers = {item.id: "yes" if item.id == "limb_weakness" else "no" for item in CORD_ITEMS}
    path = "/downtime/entry/referral/"
    typed = {
        **{f"{name}-answer": value for name, value in answers.items()},
        **answers,
        **when("received_at", AT + 3 * HOUR),
        **when("suspected_at", AT + 2 * HOUR),
        "suspected_at-choice": "earlier",
        **when("performed_at", AT + 20 * HOUR),
        "what": "mri",
        "nhs_number": nhs_number(),
        "family_name": "Example",
        "hospital": str(team.place.hospital.pk),
        "place_note": "Ward 9",
        "caller": "Jo Caller",
        "call_back": "01632 960777",
        "cancer": "past_or_current",
        "mobility": "cannot_walk",
        "key": _key(sitting.get(path)),
    }
    answer = submit(sitting, path, **typed)
    assert answer.status_code == 302, text_of(answer)

    referral = Referral.objects.get()
    assert (referral.received_at, referral.taken_at) == (AT + 3 * HOUR, AT + 3 * HOUR)
    states = dict(Clock.objects.filter(referral=referral).values_list("kind", "state"))
    assert (states["mri_24h"], states["contact_now"]) == ("met", "met")
    row = Trail.objects.get(action="referral_received")
    assert row.on_behalf_of.startswith("Jo Caller, from the paper record, system down")
    sweep.sweep(BACK)
    assert set(Notice.objects.values_list("fields__what", flat=True)) <= {"report_urgent", None}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Enter at least one thing that happened"),
        (when("performed_at", AT + 3 * HOUR), "Say this, too, or leave the time."),
        ({"outcome": "mscc"}, "Say when, or leave the rest empty."),
        (when("radiotherapy_at", AT + 3 * HOUR), "Record the decision to treat first"),
        (when("sought_at", BACK + HOUR), "future"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(sitting, submit, team, text_of, typed, sentence):
    referral = ReferralFactory(team=team, triaged=True)
    answer = submit(sitting, f"/downtime/entry/{referral.reference}/", **typed)

    assert answer.status_code in (409, 422)
    assert sentence in text_of(answer)
    assert Milestone.objects.filter(referral=referral, recorded_at=BACK).count() == 0


def test_when_everything_is_entered_it_is_over(sitting, submit, text_of):
    answer = submit(sitting, "/downtime/entry/", finish="1")

    assert answer.url == "/downtime/"
    assert "Destroy the downtime pack." in text_of(sitting.get(answer.url))
    assert "First say from when" in text_of(sitting.get("/downtime/entry/"))


def _key(page) -> str:
    return page.content.decode().split('name="key" value="')[1].split('"')[0]
