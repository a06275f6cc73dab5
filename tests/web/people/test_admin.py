"""An administrator adds people, gives roles and shuts people out."""

from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
from django.test import Client

from mscc import events
from mscc.people.events import PersonChanged, PlaceChanged
from mscc.people.models import Assignment, ContactPoint, Organisation, Session, User
from scheduling.domain.reaching import Reaching
from tests.factories.people import PASSWORD, Place, person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def told():
    """The facts about people that were published."""
    before, heard = events._handlers, []
    events.install({PersonChanged: [heard.append], PlaceChanged: [heard.append]})
    yield heard
    events._handlers = before


def form(user=None, roles=(), **typed):
    """What the admin's page of a person sends."""
    fields = {"email": "new@example.nhs.uk", "name": "New Person", "is_active": "on", **typed}
    fields |= {"assignments-TOTAL_FORMS": str(len(roles)), "assignments-INITIAL_FORMS": "0"}
    fields |= {"contacts-TOTAL_FORMS": "0", "contacts-INITIAL_FORMS": "0"}
    for number, role in enumerate(roles):
        fields |= {f"assignments-{number}-{name}": value for name, value in role.items()}
    return {name: value for name, value in fields.items() if value}


def role(place, key="coordinator"):
    return {
        "role": key,
        "organisation": place.pk,
        "starts_at_0": "2026-01-01",
        "starts_at_1": "00:00:00",
    }


def test_an_administrator_adds_a_person_with_a_role_and_the_trail_is_told(signed_in, submit, told):
    place = Place.build()
    boss = person("administrator", place)
    page = "/admin/people/user/add/"
    answer = submit(signed_in(boss), page, **form(roles=[role(place.alliance)]))
    assert answer.status_code == 302
    new = User.objects.get(email="new@example.nhs.uk")
    assert new.holds("coordinator")
    assert not new.has_usable_password()
    assert [(fact.user_id, fact.change, fact.role) for fact in told] == [
        (new.pk, "added", ""),
        (new.pk, "role added", "coordinator"),
    ]
    assert {fact.by.user_id for fact in told} == {boss.pk}


def test_a_role_is_refused_at_a_place_where_it_cannot_be_held(signed_in, submit, told):
    place = Place.build()
    page = "/admin/people/user/add/"
    answer = submit(
        signed_in(person("administrator", place)),
        page,
        **form(roles=[role(place.ward, "alliance_lead")]),
    )
    assert answer.status_code == 200
    assert "Alliance lead is held at: alliance." in answer.content.decode()
    assert not Assignment.objects.filter(role="alliance_lead").exists()


def test_switching_a_person_off_signs_them_out(signed_in, submit, told):
    user = person("coordinator")
    browser = signed_in(user)
    page = f"/admin/people/user/{user.pk}/change/"
    fields = form(email=user.email, name=user.name, is_active="")
    held = user.assignments.get()
    fields |= {"assignments-TOTAL_FORMS": "1", "assignments-INITIAL_FORMS": "1"}
    fields |= {f"assignments-0-{name}": value for name, value in role(held.organisation).items()}
    fields |= {"assignments-0-id": held.pk, "assignments-0-user": user.pk}
    answer = submit(signed_in(person("administrator")), page, **fields)
    assert answer.status_code == 302
    assert "disabled" in [fact.change for fact in told]
    assert not Session.objects.filter(user=user).exists()
    assert browser.get("/me/").status_code == 302


def test_an_administrator_signs_somebody_out_everywhere(signed_in, submit, told):
    user = person("coordinator")
    browser = signed_in(user)
    page = "/admin/people/user/"
    chosen = {"action": "sign_out_everywhere", "_selected_action": user.pk}
    boss = signed_in(person("administrator"))
    assert submit(boss, page, **chosen).status_code == 302
    assert browser.get("/me/").status_code == 302
    assert [fact.change for fact in told] == ["signed out everywhere"]
    assert boss.get("/me/").status_code == 200


def contacts(*points, held=0):
    """What a page sends of contact points."""
    fields = {"contacts-TOTAL_FORMS": str(len(points)), "contacts-INITIAL_FORMS": str(held)}
    for number, point in enumerate(points):
        fields |= {f"contacts-{number}-{name}": value for name, value in point.items()}
    return fields


def switchboard(signed_in, submit, place, *points):
    page = f"/admin/people/organisation/{place.pk}/change/"
    fields = {"name": place.name, "code": place.code, "phone": place.phone}
    return submit(signed_in(person("administrator")), page, **fields, **contacts(*points))


def test_an_administrator_enters_how_a_switchboard_is_told(signed_in, submit, told, settings):
    settings.NOTIFY = {**settings.NOTIFY, "TEAMS_HOSTS": [".example.org"]}
    place = Place.build()
    teams = "https://flow.example.org/" + "a" * 300
    answer = switchboard(
        signed_in,
        submit,
        place.hospital,
        {"channel": "sms", "address": "07700 900123", "priority": "1"},
        {"channel": "teams", "address": teams, "priority": "2"},
    )
    assert answer.status_code == 302
    found = Reaching(NOW).switchboard(place.ward.ref)
    assert [(each.channel, each.address) for each in found] == [
        ("sms", "07700900123"),
        ("teams", teams),
    ]
    assert [(fact.organisation_id, fact.change) for fact in told] == [
        (place.hospital.pk, "contact added")
    ] * 2


@pytest.mark.parametrize(
    ("channel", "address"),
    [("voice", "020 7946 0000"), ("push", "push:1"), ("webhook", "https://"), ("apprise", "x://y")],
)
def test_a_switchboard_that_could_not_be_told_is_refused(signed_in, submit, told, channel, address):
    place = Place.build()
    point = {"channel": channel, "address": address, "priority": "1"}
    assert switchboard(signed_in, submit, place.hospital, point).status_code == 200
    assert not ContactPoint.objects.filter(organisation=place.hospital).exists()
    assert told == []


def test_another_address_is_not_proven_by_the_old_one(signed_in, submit, told):
    user = person("coordinator")
    point = ContactPoint.objects.create(
        user=user, channel="pager", address="1234", proven_at=NOW, marked_bad_at=NOW
    )
    held = {"id": point.pk, "user": user.pk, "channel": "pager", "priority": "1"}
    page = f"/admin/people/user/{user.pk}/change/"
    for address, kept in (("1234", NOW), ("4321", None)):
        typed = contacts({**held, "address": address}, held=1)
        fields = form(email=user.email, name=user.name, job_title="") | typed
        boss = signed_in(person("administrator"))
        assert submit(boss, page, **fields).status_code == 302
        point.refresh_from_db()
        assert (point.address, point.proven_at, point.marked_bad_at) == (address, kept, kept)


def test_nobody_is_deleted(signed_in):
    browser = signed_in(person("administrator"))
    user = person("coordinator")
    assert browser.get(f"/admin/people/user/{user.pk}/delete/").status_code == 403


def test_the_admin_site_is_entered_by_the_one_door(submit):
    boss = person("administrator")
    browser = Client()
    door = browser.get("/admin/", follow=True).request
    assert door["PATH_INFO"] == "/accounts/login/"
    there = parse_qs(door["QUERY_STRING"])["next"][0]
    typed = {"login": boss.email, "password": PASSWORD, "next": there}
    answer = submit(browser, "/accounts/login/", **typed)
    assert browser.get(answer.url, follow=True).request["PATH_INFO"] == "/admin/"


@pytest.mark.parametrize("role_key", ["coordinator", "service_lead", "alliance_lead", "referrer"])
def test_nobody_else_gets_in(signed_in, role_key):
    browser = signed_in(person(role_key))
    answer = browser.get("/admin/", follow=True)
    assert answer.status_code == 403
    assert browser.get("/admin/people/user/").status_code in (302, 403)


def test_an_administrator_sees_people_there_and_nothing_else(signed_in):
    page = signed_in(person("administrator")).get("/admin/").content.decode()
    assert "/admin/people/user/" in page
    for elsewhere in ("/admin/auth/", "/admin/authtoken/", "/admin/referrals/", "/admin/axes/"):
        assert elsewhere not in page


def test_the_first_administrator_is_added_on_the_command_line(monkeypatch, capsys, told):
    from django.core.management import CommandError, call_command

    command = "mscc.people.management.commands.add_administrator"
    arguments = ["--email", "First@example.nhs.uk", "--name", "First", "--alliance", "Example"]
    monkeypatch.setattr(f"{command}.getpass", lambda prompt: "too short")
    with pytest.raises(CommandError, match="at least 15 characters"):
        call_command("add_administrator", *arguments)
    monkeypatch.setattr(f"{command}.getpass", lambda prompt: "plain old walnut desk")
    call_command("add_administrator", *arguments)
    first = User.objects.get(email="first@example.nhs.uk")
    assert first.is_staff
    assert first.check_password("plain old walnut desk")
    assert Organisation.objects.get().name == "Example"
    assert [fact.change for fact in told] == ["role given"]
