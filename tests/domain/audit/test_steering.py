"""The steering group: who speaks for whom, when it met, what it agreed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.domain import pathways, steering
from audit.models import Attendance, Meeting, Member, SteeringGroup, Trail, Voice
from mscc.events import Actor
from referrals.domain.refusals import Conflict, Invalid
from scheduling.timekeeping.cadence import Standing
from tests.factories.people import Place, person
from tests.factories.reports import issued_report

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def lead(db):
    place = Place.build()
    return person("alliance_lead", place.alliance), place.alliance


@pytest.fixture
def group(lead):
    by, alliance = lead
    return steering.form(alliance, date(2026, 1, 15), date(2026, 10, 10), by=Actor.user(by), at=AT)


def joined(group, name, *voices, on=date(2026, 1, 15), **more):
    by = Actor.system("test")
    return steering.join(group, name, list(voices), on=on, by=by, at=AT, **more)


def planned(group, starts_at):
    return steering.plan(group, starts_at, by=Actor.system("test"), at=AT)


def held(group, starts_at, *, report=None, minutes="Said and done.", there=None):
    meeting = planned(group, starts_at)
    return steering.hold(
        meeting.pk,
        0,
        there=there or {},
        minutes=minutes,
        report=report,
        by=Actor.system("test"),
        at=starts_at + timedelta(hours=2),
    )


def test_a_new_group_lacks_everybody_and_says_whom(group):
    lacking = steering.lacking(steering.sitting(group, date(2026, 6, 1)))
    assert lacking.voices == steering.WANTED
    assert lacking.tumour_groups
    assert not lacking.nothing


def test_a_member_may_speak_for_two_and_one_who_left_speaks_for_nobody(group):
    joined(group, "Ada", Voice.TERTIARY, Voice.SERVICE)
    gone = joined(group, "Ben", Voice.PRIMARY)
    joined(group, "Cy", Voice.COMMUNITY, Voice.SECONDARY, Voice.LIVED_EXPERIENCE)
    joined(group, "Di", Voice.TUMOUR_GROUP, of="Breast")
    on = date(2026, 6, 1)
    assert steering.lacking(steering.sitting(group, on)).nothing
    steering.leave(gone, on, by=Actor.system("test"), at=AT)
    assert steering.lacking(steering.sitting(group, on)).voices == (Voice.PRIMARY,)
    # They were there the day before.
    assert gone in steering.sitting(group, on - timedelta(days=1))


def test_a_person_with_an_account_sits_on_a_group_once(group, lead):
    joined(group, "Ada", Voice.SERVICE, user_id=lead[0].pk)
    with pytest.raises(Invalid):
        joined(group, "Ada again", Voice.SERVICE, user_id=lead[0].pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.create(
            group=group, name="By hand", voices=["service"], user=lead[0], joined_on=AT.date()
        )


def test_forming_a_group_twice_gives_the_first(group, lead):
    by, alliance = lead
    again = steering.form(alliance, date(2026, 2, 2), date(2027, 1, 1), by=Actor.user(by), at=AT)
    assert again.pk == group.pk
    assert again.formed_on == date(2026, 1, 15)
    assert SteeringGroup.objects.count() == 1


def test_a_group_cannot_have_been_formed_tomorrow(lead):
    by, alliance = lead
    with pytest.raises(Invalid):
        steering.form(alliance, date(2026, 6, 2), date(2027, 1, 1), by=Actor.user(by), at=AT)


def test_a_meeting_stops_the_clock_only_when_outcomes_were_reported(group):
    held(group, datetime(2026, 5, 20, 13, tzinfo=UTC))
    assert steering.standing(group, date(2026, 6, 1)).last is None
    report = issued_report(group.alliance)
    held(group, datetime(2026, 5, 21, 13, tzinfo=UTC), report=report)
    now = steering.standing(group, date(2026, 6, 1))
    assert (now.last, now.due_on) == (date(2026, 5, 21), date(2026, 11, 21))


def test_a_meeting_late_in_the_evening_is_on_its_local_day(group):
    report = issued_report(group.alliance)
    held(group, datetime(2026, 5, 20, 23, 30, tzinfo=UTC), report=report)  # 00:30 on the 21st
    assert steering.standing(group, date(2026, 6, 1)).last == date(2026, 5, 21)


def test_a_planned_meeting_that_is_called_off_is_no_plan(group):
    meeting = planned(group, datetime(2026, 7, 10, 13, tzinfo=UTC))
    assert steering.standing(group, date(2026, 7, 1)).standing is Standing.IN_TIME
    steering.call_off(meeting.pk, 0, by=Actor.system("test"), at=AT)
    assert steering.standing(group, date(2026, 7, 1)).standing is Standing.SOON


def test_minutes_cannot_be_written_before_the_meeting(group):
    meeting = planned(group, AT + timedelta(days=1))
    with pytest.raises(Invalid):
        steering.hold(
            meeting.pk, 0, there={}, minutes="x", report=None, by=Actor.system("test"), at=AT
        )


def test_attendance_is_replaced_and_agreed_minutes_stand(group):
    ada, ben = joined(group, "Ada", Voice.SERVICE), joined(group, "Ben", Voice.PRIMARY)
    by = Actor.system("test")
    meeting = held(group, AT - timedelta(days=1), there={ada.pk: "present", ben.pk: "present"})
    again = steering.hold(
        meeting.pk, 1, there={ada.pk: "apologies"}, minutes="Mended.", report=None, by=by, at=AT
    )
    found = Attendance.objects.values_list("member__name", "kind")
    assert list(found) == [("Ada", "apologies")]
    steering.agree_minutes(meeting.pk, again.version, by=by, at=AT)
    with pytest.raises(Conflict):
        steering.hold(meeting.pk, 3, there={}, minutes="Other.", report=None, by=by, at=AT)
    assert Meeting.objects.get().minutes == "Mended."


def test_who_saves_over_somebody_else_is_told(group):
    meeting = planned(group, AT + timedelta(days=30))
    given = {"starts_at": meeting.starts_at, "where": "Room 1", "agenda": "One\nTwo"}
    steering.change(meeting.pk, 0, **given, by=Actor.system("test"), at=AT)
    with pytest.raises(Conflict):
        steering.change(meeting.pk, 0, **given, by=Actor.system("test"), at=AT)


def test_an_action_belongs_to_a_member_of_the_group_and_is_finished_with_words(group):
    ada = joined(group, "Ada", Voice.SERVICE)
    other = steering.form(
        Place.build().alliance, date(2026, 1, 1), AT.date(), by=Actor.system("test"), at=AT
    )
    with pytest.raises(Invalid):
        steering.undertake(other, "Ring", ada, date(2026, 7, 1), by=Actor.system("test"), at=AT)
    action = steering.undertake(
        group, "Ring", ada, date(2026, 7, 1), by=Actor.system("test"), at=AT
    )
    with pytest.raises(Invalid):
        steering.finish(action, " ", date(2026, 6, 1), by=Actor.system("test"), at=AT)
    with pytest.raises(Invalid):
        steering.finish(action, "Done", date(2026, 6, 2), by=Actor.system("test"), at=AT)
    steering.finish(action, " Done ", date(2026, 6, 1), by=Actor.system("test"), at=AT)
    action.refresh_from_db()
    assert (action.outcome, action.done_on) == ("Done", date(2026, 6, 1))


def test_a_pathway_is_agreed_by_a_meeting_before_it_is_passed_on(group, lead):
    by = Actor.user(lead[0])
    document = pathways.start(group, "Suspected MSCC", by=by, at=AT)
    first = pathways.write(document.pk, "The first.", "Library", by=by, at=AT)
    with pytest.raises(Invalid):
        pathways.give(first, "Hospital A", AT.date(), by=by, at=AT)
    with pytest.raises(Invalid):
        pathways.agree(first, planned(group, AT), by=by, at=AT)
    pathways.agree(first, held(group, AT - timedelta(days=1)), by=by, at=AT)
    first.refresh_from_db()
    pathways.give(first, "Hospital A", AT.date(), by=by, at=AT)
    second = pathways.write(document.pk, "Scans at night.", "Library", by=by, at=AT)
    assert second.number == 2
    assert pathways.standing_version(document) == first


def test_every_change_is_on_the_trail_without_a_name(group, lead):
    joined(group, "Ada Lovelace-Test", Voice.SERVICE)
    rows = Trail.objects.filter(action="steering_changed").order_by("pk")
    assert [row.details["change"] for row in rows] == ["group formed", "member joined"]
    assert rows[0].actor == lead[0]
    assert "Lovelace" not in str(rows[1].details)
