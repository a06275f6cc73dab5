"""Changing who is told next: tried out first, refused when it reaches nobody, never rewritten."""

from datetime import timedelta

import pytest
from django.db import DatabaseError

from audit.models import Trail
from scheduling.domain.sweep import sweep
from scheduling.models import Clock, Escalation, EscalationLadder, Notice
from tests.factories.people import ContactPointFactory, person
from tests.factories.referrals import AT, ReferralFactory, Team
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db
BREACH = "/duty/ladders/breach/"


@pytest.fixture
def team(noon):
    team = Team.build()
    on_duty(team.coordinator, team.place, AT - timedelta(hours=1), hours=400)
    ContactPointFactory(user=team.coordinator, channel="pager", address="1001")
    ContactPointFactory(user=team.senior, channel="pager", address="2002")
    return team


@pytest.fixture
def lead(signed_in, team):
    team.lead = person("service_lead", team.place)
    return signed_in(team.lead)


def one_rung(role="senior_clinician", wait="7", **more):
    return {"roles-0": role, "channels-0": "pager", "wait-0": wait, "repeat": "9"} | {
        "version": "0",
        **more,
    }


def test_the_list_says_every_ladder_in_words(lead, text_of):
    text = text_of(lead.get("/duty/ladders/"))
    assert "Target missed As delivered" in text
    assert "MSCC coordinator, by pager or bleep, text message" in text
    assert "Senior clinician and switchboard" in text


def test_trying_out_says_who_would_be_reached_at_each_hospital_and_saves_nothing(
    lead, submit, text_of, team
):
    answer = submit(lead, BREACH, **one_rung(do="try"))
    text = text_of(answer)
    assert f"Rung 1, {team.place.hospital.name} : {team.senior.name} by pager or bleep" in text
    assert not EscalationLadder.objects.exists()


def test_a_new_version_is_in_force_for_clocks_that_start_and_not_for_those_that_run(
    lead, submit, team
):
    before = ReferralFactory(team=team, triaged=True)
    assert submit(lead, BREACH, **one_rung(do="save")).status_code == 302
    after = ReferralFactory(team=team, triaged=True, at=AT + timedelta(minutes=40))

    def kept(referral):
        return Clock.objects.get(referral=referral, kind="mri_24h").ladder

    assert (kept(before), kept(after)) == ("v0", "v1")
    Notice.objects.all().delete()
    sweep(AT + timedelta(hours=26))
    first = dict(Notice.objects.filter(kind="breach").values_list("referral_id", "address"))
    assert first == {before.pk: "1001", after.pk: "2002"}
    climb = Escalation.objects.get(referral=after, clock__kind="mri_24h", about="breach")
    assert (climb.ladder["key"], climb.ladder["version"]) == ("breach", 1)
    assert climb.next_at == AT + timedelta(hours=26, minutes=7)
    row = Trail.objects.get(action="ladder_changed")
    assert (row.actor, row.details["version"]) == (team.lead, 1)


def test_one_for_suspected_mscc_and_one_target_wins_over_the_general_one(lead, submit, team):
    submit(lead, BREACH, **one_rung("coordinator", do="save"))
    page = f"{BREACH}?suspicion=mscc&target=mri_24h"
    narrow = {"suspicion": "mscc", "target": "mri_24h", "version": "1"}
    submit(lead, BREACH, page=page, **one_rung(do="save", **narrow))
    referral = ReferralFactory(team=team, triaged=True, at=AT + timedelta(minutes=40))
    sweep(AT + timedelta(hours=26))

    climb = Escalation.objects.get(referral=referral, clock__kind="mri_24h", about="breach")
    assert (climb.ladder["key"], climb.ladder["version"]) == ("breach/mscc/mri_24h", 2)


def test_one_that_reaches_nobody_is_refused(lead, submit, text_of, team):
    answer = submit(lead, BREACH, **one_rung("switchboard", do="save"))
    assert answer.status_code == 422
    assert f"At {team.place.hospital.name} this ladder reaches nobody now." in text_of(answer)
    assert not EscalationLadder.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"repeat": "5"}, "A ladder needs at least one rung."),
        (one_rung(wait="0"), "Rung 1: wait from 1 minute to 4 hours."),
        (one_rung(wait="x"), "Enter every wait in whole minutes"),
        ({"roles-0": "coordinator", "wait-0": "5", "repeat": "5"}, "choose how they are told"),
        (one_rung(repeat="999"), "Begin again after 1 minute to 4 hours."),
    ],
)
def test_what_cannot_be_a_ladder_is_refused_with_what_is_wrong(lead, submit, text_of, typed, said):
    answer = submit(lead, BREACH, do="save", **typed)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_somebody_else_changed_it_meanwhile(lead, submit, text_of):
    submit(lead, BREACH, **one_rung(do="save"))
    answer = submit(lead, BREACH, **one_rung(wait="8", version="0", do="save"))
    assert "Somebody has changed the ladders meanwhile." in text_of(answer)
    assert EscalationLadder.objects.count() == 1


def test_the_versions_before_can_be_read_and_not_rewritten(lead, submit, text_of, team):
    submit(lead, BREACH, **one_rung(do="save"))
    submit(lead, BREACH, **one_rung(wait="8", version="1", do="save"))
    text = text_of(lead.get(BREACH))
    assert "Version 2" in text
    assert f"Version 1 , {team.lead.name}" in text or f"Version 1, {team.lead.name}" in text
    with pytest.raises(DatabaseError, match="append-only"):
        EscalationLadder.objects.update(repeat_s=60)


def test_administrators_may_and_coordinators_may_not(signed_in, team):
    assert signed_in(person("administrator", team.place)).get(BREACH).status_code == 200
    assert signed_in(team.coordinator).get(BREACH).status_code == 403
    assert signed_in(team.nurse).get("/duty/ladders/").status_code == 403


def test_who_plans_cover_at_one_hospital_reads_and_does_not_change(signed_in, team, text_of):
    browser = signed_in(person("service_lead", team.place.hospital))
    page = browser.get("/duty/ladders/")
    assert "Target missed As delivered" in text_of(page)
    assert BREACH not in page.content.decode()
    assert browser.get(BREACH).status_code == 403


def test_another_alliance_is_not_found(lead):
    other = person("service_lead")
    place = other.assignments.get().organisation
    assert lead.get(BREACH, {"alliance": place.pk}).status_code == 404
    assert lead.get("/duty/ladders/nothing/").status_code == 404
