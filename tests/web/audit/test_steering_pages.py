"""Pages of the steering group, from its forming to minutes that stand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from audit.models import Action, Meeting, Member, PathwayDocument, SteeringGroup
from mscc import clock
from tests.factories.people import Place, UserFactory, person
from tests.factories.reports import issued_report

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 5, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def lead(client, place):
    user = person("alliance_lead", place.alliance)
    client.force_login(user)
    return user


def day(name, on):
    return {f"{name}-day": on.day, f"{name}-month": on.month, f"{name}-year": on.year}


def when(name, at):
    there = clock.local(at)
    return day(name, there.date()) | {f"{name}-time": f"{there:%H:%M}"}


def formed(client, on=date(2026, 4, 1)):
    client.post("/steering/form/", day("formed_on", on) | day("next_report_on", date(2026, 11, 1)))
    return SteeringGroup.objects.get()


def text(client, path="/steering/"):
    return client.get(path).content.decode()


def add_member(client, name="Ada", **more):
    given = {"name": name, "voices": ["lived_experience"], **day("joined_on", date(2026, 4, 1))}
    return client.post("/steering/members/new/", given | more)


def test_before_there_is_a_group_the_page_says_what_the_guideline_asks_for(client, lead):
    page = text(client)
    assert "keeps no steering group here yet" in page
    assert "People with lived experience" in page
    group = formed(client)
    assert group.formed_on == date(2026, 4, 1)
    page = text(client)
    assert "A meeting was due by 1 October 2026: 4 days late." in page
    assert "Nobody speaks for: Tertiary care" in page


def test_a_member_is_added_by_name_and_by_the_address_they_sign_in_with(client, lead):
    formed(client)
    reader = UserFactory(email="reader@example.nhs.uk")
    assert add_member(client, email="Reader@example.nhs.uk").status_code == 302
    assert Member.objects.get().user == reader
    assert "Nobody speaks for: People with lived experience" not in text(client)
    nobody = add_member(client, "Ben", email="nobody@example.nhs.uk")
    assert nobody.status_code == 422
    assert "Nobody signs in here with this address" in nobody.content.decode()
    twice = add_member(client, "Ada again", email="reader@example.nhs.uk")
    assert twice.status_code == 422
    assert add_member(client, "Cy").status_code == 302
    assert "Given reports by hand" in text(client)


def test_somebody_leaves_and_is_missed(client, lead):
    formed(client)
    add_member(client)
    member = Member.objects.get()
    early = client.post(f"/steering/members/{member.pk}/", day("left_on", date(2026, 3, 1)))
    assert early.status_code == 422
    client.post(f"/steering/members/{member.pk}/", day("left_on", date(2026, 10, 5)))
    assert "Nobody speaks for: People with lived experience" in text(client)


def test_a_meeting_from_plan_to_agreed_minutes(client, lead, place):
    formed(client)
    add_member(client)
    report = issued_report(place.alliance, lead)
    starts = AT - timedelta(hours=3)
    made = client.post(
        "/steering/meetings/new/", when("starts_at", starts) | {"where": "Room 1", "agenda": ""}
    )
    meeting = Meeting.objects.get()
    assert made["Location"] == f"/steering/meetings/{meeting.pk}/"
    assert "Treatment outcomes: the report" in text(client, made["Location"])
    member = Member.objects.get()
    held = {
        f"there_{member.pk}": "present",
        "minutes": "We looked at the report.",
        "report": str(report.pk),
        "version": "0",
    }
    assert client.post(f"{made['Location']}held/", held).status_code == 302
    page = text(client, made["Location"])
    assert "Ada</bdi>: present" in page
    assert "We looked at the report." in page
    assert "The last was 5 October 2026." in text(client)
    # Somebody else had the form open.
    stale = client.post(f"{made['Location']}held/", held | {"minutes": "Other."})
    assert stale.status_code == 409
    assert "Other." in stale.content.decode()
    client.post(f"{made['Location']}agree/")
    meeting.refresh_from_db()
    assert (meeting.minutes, meeting.minutes_agreed_at) == ("We looked at the report.", AT)


def test_a_meeting_is_moved_or_called_off_and_says_so(client, lead):
    formed(client)
    client.post(
        "/steering/meetings/new/", when("starts_at", AT + timedelta(days=9)) | {"agenda": "One"}
    )
    meeting = Meeting.objects.get()
    where = f"/steering/meetings/{meeting.pk}/"
    page = text(client, f"{where}change/")
    assert 'value="14"' in page
    moved = when("starts_at", AT + timedelta(days=10)) | {"agenda": "Two", "version": "0"}
    assert client.post(f"{where}change/", moved).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.agenda, meeting.starts_at.day) == ("Two", 15)
    client.post(f"{where}off/")
    assert "Called off" in text(client, where)
    assert client.post(f"{where}nonsense/").status_code == 404


def test_an_action_has_an_owner_and_an_end(client, lead):
    formed(client)
    add_member(client)
    owner = Member.objects.get()
    given = {"what": "Ask for a Sunday slot", "owner": owner.pk}
    client.post("/steering/actions/new/", given | day("due_on", date(2026, 10, 1)))
    assert "4 days late" in text(client)
    action = Action.objects.get()
    done = {"outcome": "Granted from May", **day("done_on", date(2026, 10, 4))}
    client.post(f"/steering/actions/{action.pk}/", done)
    page = text(client)
    assert "Granted from May" in page
    assert "No action is open." in page


def test_a_pathway_is_written_agreed_and_passed_on(client, lead):
    formed(client)
    client.post("/steering/pathways/new/", {"title": "Suspected MSCC"})
    document = PathwayDocument.objects.get()
    where = f"/steering/pathways/{document.pk}/"
    assert client.get(f"{where}give/").status_code == 404
    client.post(f"{where}version/", {"changes": "The first", "kept_at": "Library 1"})
    assert "Not agreed yet" in text(client, where)
    client.post("/steering/meetings/new/", when("starts_at", AT - timedelta(days=1)))
    meeting = Meeting.objects.get()
    held = {"minutes": "Agreed.", "version": "0"}
    client.post(f"/steering/meetings/{meeting.pk}/held/", held)
    assert client.post(f"{where}agree/", {"meeting": str(meeting.pk)}).status_code == 302
    client.post(f"{where}give/", {"to": "Hospital A"} | day("on", date(2026, 10, 5)))
    page = text(client, where)
    assert "Passed on to: " in page
    assert "Hospital A" in page
    assert "Version 1 is agreed" in text(client)


def test_a_service_lead_reads_the_page_and_changes_nothing(client, lead, place):
    formed(client)
    add_member(client)
    client.force_login(person("service_lead", place.hospital))
    page = text(client)
    assert "Ada" in page
    assert "Add a member" not in page
    for path in ("form/", "members/new/", "meetings/new/", "actions/new/", "pathways/new/"):
        assert client.get(f"/steering/{path}").status_code == 403
    assert client.get(f"/steering/members/{Member.objects.get().pk}/").status_code == 403


def test_another_alliances_group_is_not_found(client, lead):
    formed(client)
    add_member(client)
    member = Member.objects.get()
    client.force_login(person("alliance_lead", Place.build().alliance))
    assert client.get(f"/steering/members/{member.pk}/").status_code == 404
    assert client.get(f"/steering/?alliance={member.group.alliance_id}").status_code == 404
