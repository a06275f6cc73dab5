"""What a program may read: what its person may see, in pages, and every reading on the trail."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Trail
from mscc.events import Actor
from mscc.people.models import Assignment
from referrals.models import Referral
from scheduling.domain import breaches, escalation
from scheduling.domain.sweep import sweep
from scheduling.models import Clock, Escalation, Notice
from tests.factories.people import ContactPointFactory, person
from tests.factories.referrals import AT, METASTASES, ReferralFactory, Team, refer
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db
READS = ("", "record/", "milestones/", "clocks/", "breaches/", "care/", "assessment/")


def statements(act):
    with CaptureQueriesContext(connection) as counted:
        answer = act()
    assert answer.status_code == 200, answer.content
    return len(counted)


def test_a_referral_is_read_with_its_version_and_the_reading_is_on_the_trail(program, at):
    team = Team.build()
    referral = ReferralFactory(team=team, mri_booked=True)

    answer = program(team.coordinator).get(f"referrals/{referral.reference}/")

    assert answer.status_code == 200
    assert answer.headers["ETag"] == f'"{referral.version}"'
    said = answer.json()
    assert (said["state"], said["suspicion"]) == ("mri_booked", "mscc")
    assert said["person"]["family_name"] == referral.patient.family_name
    assert said["received_at"] == "2026-11-21T09:00:00Z"
    assert said["verbs"] == ["book_mri", "decide_treatment", "discharge", "redirect", "withdraw"]
    read = Trail.objects.get(action="record_read")
    assert (read.actor, read.referral, read.details["how"]) == (team.coordinator, referral, "api")
    assert "status_token" not in said


@pytest.mark.parametrize("read", READS)
def test_every_way_of_reading_is_on_the_trail(read, program, at):
    team = Team.build()
    referral = refer(team)
    program(team.coordinator).get(f"referrals/{referral.reference}/{read}")
    assert Trail.objects.filter(action="record_read", referral=referral).count() == 1


@pytest.mark.parametrize("read", READS)
def test_somebody_of_another_trust_is_told_it_is_not_there_and_it_is_logged(read, program, at):
    referral = refer(Team.build())
    stranger = Team.build().coordinator

    answer = program(stranger).get(f"referrals/{referral.reference}/{read}")

    assert answer.status_code == 404
    assert answer.json() == program(stranger).get(f"referrals/777-77/{read}").json()
    refused = Trail.objects.filter(action="access_refused").first()
    assert (refused.actor, refused.details["reference"]) == (stranger, referral.reference)
    assert not Trail.objects.filter(action="record_read").exists()


@pytest.mark.parametrize(
    ("address", "body"),
    [("take", {}), ("withdraw", {"reason": "x"}), ("information", {"note": "x"})],
)
def test_nor_can_they_do_anything_to_it(address, body, program, at):
    referral = refer(Team.build())
    stranger = Team.build().coordinator

    answer = program(stranger).post(f"referrals/{referral.reference}/{address}/", body)

    assert answer.status_code == 404
    assert Trail.objects.filter(action="access_refused", actor=stranger).count() == 1
    referral.refresh_from_db()
    assert referral.version == 1


def test_somebody_who_may_read_and_not_act_is_told_so(program, at):
    team = Team.build()
    referral = refer(team)
    answer = program(team.nurse).post(
        f"referrals/{referral.reference}/triage/", {"suspicion": "mscc"}
    )
    assert answer.status_code == 403
    assert answer.json()["detail"] == "You are not allowed to do this here."
    assert not Trail.objects.filter(action="access_refused").exists()


@pytest.mark.parametrize("role", ["alliance_lead", "administrator"])
def test_who_sees_no_referral_finds_none(role, program, at):
    team = Team.build()
    referral = refer(team)
    nobody = program(person(role, team.place))

    assert nobody.get("referrals/").json()["results"] == []
    assert nobody.get(f"referrals/{referral.reference}/").status_code == 404
    assert nobody.post(f"referrals/{referral.reference}/take/").status_code == 404
    assert nobody.get("board/").status_code == 403


def test_the_clocks_say_how_they_stand_now(program, at):
    team = Team.build()
    referral = refer(team)
    at(AT + timedelta(minutes=20))

    said = program(team.coordinator).get(f"referrals/{referral.reference}/clocks/").json()

    assert said["at"] == "2026-11-21T09:20:00Z"
    shown = [(c["kind"], c["state"], c["severity"], c["word"]) for c in said["results"]]
    assert shown == [
        ("contact_now", "running", "overdue", "Overdue by 5 min"),
        ("mri_24h", "running", "due", "Due in 23 h 40 min"),
    ]


def test_missed_targets_with_what_was_said_of_them(program, at):
    team = Team.build()
    referral = ReferralFactory(team=team, triaged=True)
    at(AT + timedelta(hours=25))
    scan = Clock.objects.get(referral=referral, kind="mri_24h")
    where = f"referrals/{referral.reference}/breaches/"
    unsaid = program(team.coordinator).get(where).json()["results"]
    assert [(each["kind"], each["said"]) for each in unsaid] == [("mri_24h", [])]
    seen = ""
    for reason, words in (("other", "Flood"), ("no_slot", "")):
        account = breaches.Account(reason, words, "Jo Lead", True, "INC-7")
        by = Actor.user(team.coordinator)
        when = AT + timedelta(hours=25)
        said = breaches.explain(referral.pk, scan.pk, account, seen=seen, by=by, at=when)
        seen = str(said.pk)
    read = program(team.coordinator).get(where).json()
    found = {each["kind"]: each for each in read["results"]}
    assert found["mri_24h"]["due_at"] == "2026-11-22T09:00:00Z"
    assert found["mri_24h"]["stopped_at"] is None
    assert [(each["reason"], each["words"]) for each in found["mri_24h"]["said"]] == [
        ("other", "Flood"),
        ("no_slot", ""),
    ]
    last = found["mri_24h"]["said"][-1]
    assert (last["owner"], last["incident"], last["incident_number"]) == ("Jo Lead", True, "INC-7")
    assert (last["said_by"], last["said_at"]) == (team.coordinator.name, "2026-11-22T10:00:00Z")


def test_the_pages_of_one_referral_say_who_has_it_until_when(program, at):
    team = Team.build()
    ContactPointFactory(user=team.senior)
    mine, other = (
        ReferralFactory(team=team, triaged=True, at=AT - timedelta(hours=25)) for _ in range(2)
    )
    sweep(AT)
    climb = Escalation.objects.get(referral=mine, about="breach", clock__kind="mri_24h")
    by = Actor.user(team.senior)
    escalation.acknowledge(climb.pk, by=by, at=AT, look_again=timedelta(minutes=45))
    client = program(team.coordinator)
    read = client.get(f"pages/?reference={mine.reference}").json()["results"]
    assert {each["reference"] for each in read} == {mine.reference}
    [answered] = [each for each in read if each["state"] == "acknowledged"]
    assert (answered["acknowledged_by"], answered["look_again_at"]) == (
        team.senior.name,
        "2026-11-21T09:45:00Z",
    )
    both = client.get(f"pages/?reference={other.reference}&state=acknowledged").json()
    assert both["results"] == []
    assert client.get("pages/?reference=nonsense").status_code == 400


def test_the_board_shows_the_unread_first_then_the_next_due_page_by_page(program, at):
    team = Team.build()
    first = ReferralFactory(team=team, triaged=True)
    later = ReferralFactory(team=team, triaged=True, at=AT + timedelta(hours=2))
    nothing_due = ReferralFactory(team=team, triaged=True)
    unread = refer(team, METASTASES, AT + timedelta(hours=3))
    refer(Team.build())
    at(AT + timedelta(hours=4))
    coordinator = program(team.coordinator)
    judged = {"suspicion": "none", "reason": "Nothing on examination."}
    coordinator.post(f"referrals/{nothing_due.reference}/reassess/", judged)

    whole = coordinator.get("board/").json()
    assert [row["reference"] for row in whole["results"]] == [
        each.reference for each in (unread, first, later, nothing_due)
    ]
    assert whole["counts"] == {"open": 4, "overdue": 0, "at_risk": 0, "unread": 1}
    assert whole["next"] is None

    seen, address = [], "board/?limit=1"
    while address:
        page = coordinator.get(address).json()
        seen += [row["reference"] for row in page["results"]]
        address = page["next"] and page["next"].removeprefix("/api/v1/")
    assert seen == [row["reference"] for row in whole["results"]]


def test_the_board_is_narrowed(program, at):
    team = Team.build()
    ReferralFactory(team=team, triaged=True)
    booked = ReferralFactory(team=team, mri_booked=True)
    coordinator = program(team.coordinator)

    narrowed = coordinator.get(f"board/?state=mri_booked&hospital={team.place.hospital.pk}").json()
    assert [row["reference"] for row in narrowed["results"]] == [booked.reference]
    assert narrowed["counts"]["open"] == 2
    at(AT + timedelta(hours=30))
    assert len(coordinator.get("board/?overdue=true").json()["results"]) == 2


def test_the_list_of_a_ward_names_nobody(program, at):
    team = Team.build()
    referrals = [refer(team, at=AT + timedelta(minutes=n)) for n in range(3)]
    refer(Team.build())
    nurse = program(team.nurse)

    page = nurse.get("referrals/?limit=2").json()
    rest = nurse.get(page["next"].removeprefix("/api/v1/")).json()

    listed = [row["reference"] for row in page["results"] + rest["results"]]
    assert listed == [each.reference for each in reversed(referrals)]
    assert rest["next"] is None
    assert "family_name" not in str(page)
    assert referrals[0].patient.family_name not in str(page)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("limit=0", "limit is a whole number from 1 to 200."),
        ("limit=-1", "limit is a whole number from 1 to 200."),
        ("limit=1000000000", "limit is a whole number from 1 to 200."),
        ("limit=٣", "limit is a whole number from 1 to 200."),
        ("cursor=", "This cursor is not one of this list"),
        ("cursor=abc", "This cursor is not one of this list"),
        ("sort=name", "There is no parameter 'sort' here. Allowed: limit, cursor, state."),
        ("state=open", "state is one of: referred, triaged"),
        ("limit=1&limit=2", "The parameter 'limit' is given more than once."),
    ],
)
def test_a_query_that_cannot_be_is_refused_with_what_can(query, sentence, program, at):
    answer = program(Team.build().coordinator).get(f"referrals/?{query}")
    assert answer.status_code == 400
    assert sentence in answer.json()["detail"]


def test_a_cursor_of_another_list_or_a_changed_one_is_refused(program, at):
    team = Team.build()
    for _ in range(2):
        refer(team)
    coordinator = program(team.coordinator)
    cursor = coordinator.get("referrals/?limit=1").json()["next"].partition("cursor=")[2]

    assert coordinator.get(f"referrals/?cursor={cursor}").status_code == 200
    assert coordinator.get(f"board/?cursor={cursor}").status_code == 400
    assert coordinator.get(f"referrals/?cursor=x{cursor}").status_code == 400


def test_no_read_costs_more_with_more_to_show(program, at):
    team = Team.build()
    referral = ReferralFactory(team=team, triaged=True)
    coordinator = program(team.coordinator)
    lists = (
        "board/",
        "referrals/",
        "pages/",
        "notices/",
        f"referrals/{referral.reference}/record/",
        f"referrals/{referral.reference}/care/",
        f"referrals/{referral.reference}/assessment/",
    )
    few = [statements(lambda a=a: coordinator.get(a)) for a in lists]
    for _ in range(3):
        ReferralFactory(team=team, triaged=True)
        refer(team)
        coordinator.post(f"referrals/{referral.reference}/information/", {"note": "x"})
    assert [statements(lambda a=a: coordinator.get(a)) for a in lists] == few


@pytest.fixture
def paged():
    """A referral nobody took: its coordinator was paged, twice by now."""
    team = Team.build()
    ContactPointFactory(user=team.coordinator, channel="pager", address="07700900123")
    ContactPointFactory(user=team.senior, channel="pager", address="07700900124")
    on_duty(team.coordinator, team.place, AT - timedelta(hours=1))
    referral = refer(team)
    sweep(AT + timedelta(minutes=16))
    return team, referral


def test_a_page_is_acknowledged_once_and_nobody_further_is_told(paged, program, at):
    team, referral = paged
    at(AT + timedelta(minutes=17))
    coordinator = program(team.coordinator)
    waiting = coordinator.get("pages/?state=open").json()["results"]
    (breach,) = waiting
    assert breach["about"] == "breach"
    assert (breach["reference"], breach["target"]) == (referral.reference, "contact_now")

    answer = coordinator.post(f"pages/{breach['id']}/acknowledge/")
    again = program(team.senior).post(f"pages/{breach['id']}/acknowledge/")

    assert answer.json()["state"] == "acknowledged"
    assert again.json()["acknowledged_by"] == team.coordinator.name
    assert Trail.objects.filter(action="page_acknowledged").count() == 1


def test_a_page_is_handed_on_once_though_it_was_sent_twice(paged, program, at):
    team, _ = paged
    at(AT + timedelta(minutes=17))
    coordinator = program(team.coordinator)
    climb = Escalation.objects.get(about="breach")

    first = coordinator.post(f"pages/{climb.pk}/hand-on/", Idempotency_Key="k")
    again = coordinator.post(f"pages/{climb.pk}/hand-on/", Idempotency_Key="k")

    assert first.json()["rung"] == 1
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Trail.objects.filter(action="page_handed_on").count() == 1


def test_a_page_that_was_answered_cannot_be_handed_on(paged, program, at):
    team, _ = paged
    coordinator = program(team.coordinator)
    climb = Escalation.objects.get(about="breach")
    coordinator.post(f"pages/{climb.pk}/acknowledge/")

    assert coordinator.post(f"pages/{climb.pk}/hand-on/").status_code == 409


def test_a_page_about_somebody_elses_referral_is_not_there(paged, program, at):
    climb = Escalation.objects.get(about="breach")
    stranger = Team.build().coordinator

    assert program(stranger).post(f"pages/{climb.pk}/acknowledge/").status_code == 404
    assert program(stranger).get("pages/").json()["results"] == []
    assert program(stranger).get("notices/").json()["results"] == []
    assert Trail.objects.filter(action="access_refused", actor=stranger).exists()
    climb.refresh_from_db()
    assert climb.state == "open"


def test_who_referred_may_not_acknowledge(paged, program, at):
    team, _ = paged
    climb = Escalation.objects.get(about="breach")
    assert program(team.nurse).post(f"pages/{climb.pk}/acknowledge/").status_code == 403


def test_the_messages_say_who_was_told_how_and_keep_the_codes_to_themselves(paged, program, at):
    team, referral = paged
    answer = program(team.coordinator).get(f"notices/?reference={referral.reference}")

    told = answer.json()["results"]
    assert {each["channel"] for each in told} >= {"pager", "email"}
    assert team.coordinator.name in {each["recipient"] for each in told}
    for code in Notice.objects.exclude(ack_token=None).values_list("ack_token", flat=True):
        assert code not in answer.content.decode()


def test_a_program_learns_who_it_is_and_where_it_may_refer(program, at):
    team = Team.build()
    nurse = program(team.nurse)

    me = nurse.get("me/").json()
    assert me["email"] == team.nurse.email
    assert me["roles"][0]["role"] == "referrer"
    assert "refer" in me["roles"][0]["permissions"]
    places = nurse.get("places/").json()["results"]
    assert [(place["kind"], place["id"]) for place in places] == [
        ("hospital", team.place.hospital.pk),
        ("ward", team.place.ward.pk),
    ]


def test_a_role_that_ended_shows_nothing_more(program, at):
    team = Team.build()
    refer(team)
    nurse = program(team.nurse)
    Assignment.objects.filter(user=team.nurse).update(ends_at=AT)

    assert nurse.get("referrals/").json()["results"] == []
    assert Referral.objects.count() == 1
