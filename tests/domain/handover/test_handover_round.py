"""Handovers that go on by themselves: made, offered, told about, lapsed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from audit.models import Trail
from mscc import clock
from mscc.events import Actor
from referrals.domain import closing
from referrals.domain.refusals import Conflict
from scheduling.domain import handing_over
from scheduling.domain.handover import handover_round
from scheduling.models import Handover, Notice, Shift
from tests.factories.people import ContactPointFactory, Place, person
from tests.factories.referrals import AT, ReferralFactory, Team, command, mri_booked
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def team():
    return Team.build(Place.build())


@pytest.fixture
def night(team):
    return person("coordinator", team.place, name="Idris Night")


@pytest.fixture
def rota(team, night):
    """The coordinator until AT + 11 h, then the night; everybody has a pager."""
    for number, user in enumerate((team.coordinator, night, team.senior)):
        ContactPointFactory(user=user, channel="pager", address=f"100{number}")
    on_duty(team.coordinator, team.place, AT - HOUR, hours=12)
    return on_duty(night, team.place, AT + 11 * HOUR, hours=12)


@pytest.fixture
def change(rota):
    return rota.starts_at


def only():
    """The one of the next change; at a change, that of the one after it is made already."""
    return Handover.objects.exclude(state="withdrawn").order_by("changes_at")[0]


def paged():
    notices = Notice.objects.filter(kind="handover").order_by("created_at", "address")
    return [(n.created_at, n.address, n.fields.get("repeat")) for n in notices]


def test_a_draft_is_there_before_the_change_and_only_once(team, night, change):
    assert handover_round(AT) == 1
    assert handover_round(AT) == 0
    draft = Handover.objects.get()
    assert (draft.state, draft.changes_at) == ("draft", change)
    assert (draft.from_user, draft.to_user) == (team.coordinator, night)
    assert draft.organisation == team.place.alliance


def test_a_place_that_never_handed_over_is_not_paged_about_a_change_that_is_past(change):
    handover_round(change + HOUR)
    assert not Handover.objects.filter(changes_at=change).exists()
    assert paged() == []


def test_what_nobody_wrote_is_offered_at_the_change_with_the_open_referrals(team, change):
    referral = ReferralFactory(team=team, triaged=True)
    handover_round(AT)
    handover_round(change)
    row = only()
    assert (row.state, row.offered_at, row.offered_by) == ("offered", change, None)
    [item] = row.items
    assert item["reference"] == referral.reference
    assert item["next"] == "mri_24h"
    assert referral.patient.family_name not in str(row.items)
    assert Trail.objects.get(action="handover_offered").details["references"] == [
        referral.reference
    ]


def test_unaccepted_it_pages_the_incoming_then_the_outgoing_and_the_senior_then_on(change):
    handover_round(AT)
    for minute in range(0, 46):
        handover_round(change + timedelta(minutes=minute))
    quarter = timedelta(minutes=15)
    everybody = ("1000", "1001", "1002")
    assert paged() == [
        (change, "1001", None),
        *((change + quarter, who, 2) for who in everybody),
        *((change + 2 * quarter, who, 3) for who in everybody),
        *((change + 3 * quarter, who, 4) for who in everybody),
    ]
    fields = Notice.objects.filter(kind="handover")[0].fields
    assert fields["link"] == "/handover/"


def test_accepting_ends_the_paging_and_says_for_whom(team, night, change):
    handover_round(AT)
    handover_round(change)
    at = change + timedelta(minutes=5)
    handing_over.accept(only().pk, by=Actor.user(night), at=at)
    row = only()
    assert (row.state, row.accepted_by, row.accepted_at) == ("accepted", night, at)
    assert set(Notice.objects.values_list("state", flat=True)) == {"superseded"}
    handover_round(change + HOUR)
    assert len(paged()) == 1
    accepted = Trail.objects.get(action="handover_accepted")
    assert (accepted.actor_name, accepted.details["for_user_id"]) == ("Idris Night", night.pk)


def test_accepting_twice_keeps_the_first_name(team, night, change):
    other = person("coordinator", team.place)
    handover_round(AT)
    handover_round(change)
    for user in (other, night):
        handing_over.accept(only().pk, by=Actor.user(user), at=change)
    assert only().accepted_by == other
    assert Trail.objects.filter(action="handover_accepted").count() == 1


def test_nobody_accepts_from_themselves(team, change):
    handover_round(AT)
    handover_round(change)
    with pytest.raises(Conflict):
        handing_over.accept(only().pk, by=Actor.user(team.coordinator), at=change)
    assert not handing_over.may_accept(team.coordinator, only())


def test_a_draft_cannot_be_accepted(night, change):
    handover_round(AT)
    with pytest.raises(Conflict):
        handing_over.accept(only().pk, by=Actor.user(night), at=AT)


def written(row, by, at, note="", notes=None, offered=False):
    return handing_over.write(
        row.pk,
        note,
        notes or {},
        version=row.version,
        offered=offered,
        by=Actor.user(by),
        at=at,
    )


def test_what_the_outgoing_offers_is_as_it_was_then(team, night, change):
    ReferralFactory(team=team, triaged=True)
    handover_round(AT)
    at = change - timedelta(minutes=20)
    written(only(), team.coordinator, at, note="Scanner 2 is down.", offered=True)
    late = ReferralFactory(team=team, at=at + timedelta(minutes=5))
    handover_round(change)
    row = only()
    assert (row.offered_by, row.offered_at, row.note) == (
        team.coordinator,
        at,
        "Scanner 2 is down.",
    )
    assert late.reference not in handing_over.references(row)
    handing_over.accept(row.pk, by=Actor.user(night), at=change)
    [moved] = only().changed
    assert (moved["reference"], moved["new"]) == (late.reference, True)


def test_what_became_different_since_it_was_offered_is_kept(team, night, change):
    referral = ReferralFactory(team=team, triaged=True)
    gone = ReferralFactory(team=team, triaged=True)
    handover_round(AT)
    at = change - timedelta(minutes=20)
    written(only(), team.coordinator, at, offered=True)
    mri_booked(referral, team, at + timedelta(minutes=5))
    closing.redirect(
        gone.pk,
        closing.Redirection(to="Clinic", advice="Ring if worse."),
        command=command(team.coordinator, at + timedelta(minutes=6)),
    )
    handing_over.accept(only().pk, by=Actor.user(night), at=change)
    changed = {each["reference"]: each for each in only().changed}
    assert changed[referral.reference]["state"] == ["triaged", "mri_booked"]
    assert changed[gone.reference]["gone"] is True


def test_two_people_who_write_at_once_are_told(team, night, change):
    handover_round(AT)
    first = only()
    written(first, team.coordinator, AT, note="One")
    with pytest.raises(handing_over.Moved):
        written(first, night, AT, note="Two")
    assert only().note == "One"


def test_a_swap_names_the_new_person_and_keeps_the_notes(team, rota, change):
    other = person("coordinator", team.place, name="Swap Example")
    handover_round(AT)
    written(only(), team.coordinator, AT, note="Keep me")
    Shift.objects.filter(pk=rota.pk).update(user=other)
    handover_round(AT + HOUR)
    row = only()
    assert (row.to_user, row.note) == (other, "Keep me")


def test_nobody_hands_over_to_somebody_who_has_left(team, night, change):
    night.is_active = False
    night.save()
    handover_round(AT)
    row = only()
    assert (row.from_user, row.to_user) == (team.coordinator, team.senior)


def test_a_change_that_moves_takes_the_notes_with_it(team, rota, change):
    handover_round(AT)
    written(only(), team.coordinator, AT, note="Keep me", notes={"K7Q-4F": "Rings at six"})
    moved = change - HOUR
    Shift.objects.filter(pk=rota.pk).update(starts_at=moved)
    handover_round(AT + HOUR)
    row = only()
    assert (row.changes_at, row.state) == (moved, "draft")
    assert (row.note, row.notes) == ("Keep me", {"K7Q-4F": "Rings at six"})


def test_what_nobody_accepted_lapses_at_the_next_change_and_its_notes_go_on(team, night, rota):
    on_duty(team.coordinator, team.place, rota.ends_at, hours=12)
    handover_round(AT)
    written(only(), team.coordinator, AT, note="Ask about K")
    handover_round(rota.starts_at)
    handover_round(rota.ends_at - HOUR)
    handover_round(rota.ends_at)
    first, second = Handover.objects.order_by("changes_at")[:2]
    assert (first.state, second.state) == ("lapsed", "offered")
    assert (second.from_user, second.to_user) == (night, team.coordinator)
    assert "nobody accepted: Ask about K" in second.note
    assert Trail.objects.filter(action="handover_lapsed").count() == 1
    last = Notice.objects.filter(kind="handover").latest("created_at")
    assert (last.created_at, last.recipient) == (rota.ends_at, team.coordinator)


def test_when_the_rota_says_that_the_outgoing_stays_nobody_is_paged_further(team, rota, change):
    handover_round(AT)
    handover_round(change)
    Shift.objects.filter(user=team.coordinator).update(ends_at=change + 6 * HOUR)
    Shift.objects.filter(pk=rota.pk).update(starts_at=change + 6 * HOUR)
    handover_round(change + timedelta(minutes=16))
    assert Handover.objects.get(changes_at=change).state == "withdrawn"
    assert len(paged()) == 1


def test_a_change_slept_through_is_made_good_where_handing_over_is_usual(team, rota, change):
    Handover.objects.create(
        organisation=team.place.alliance,
        changes_at=AT - timedelta(days=3),
        created_at=AT,
        state="lapsed",
    )
    handover_round(change + 2 * HOUR)
    row = Handover.objects.get(changes_at=change)
    assert (row.state, row.offered_at) == ("offered", change + 2 * HOUR)
    assert len(paged()) == 3  # one telling, to everybody: not nine


def test_where_nobody_can_be_reached_the_service_lead_is(team, night):
    lead = person("service_lead", team.place)
    ContactPointFactory(user=lead, channel="pager", address="1999")
    on_duty(team.coordinator, team.place, AT - HOUR, hours=2)
    on_duty(night, team.place, AT + HOUR)
    handover_round(AT)
    handover_round(AT + HOUR)
    assert [address for _, address, _ in paged()] == ["1999"]


@pytest.mark.parametrize(
    ("night_of", "shown"),
    [((2027, 3, 27), "07:30 BST"), ((2027, 10, 30), "07:30 GMT")],
)
def test_the_night_of_the_clock_change_hands_over_when_the_shift_really_ends(
    team, night, night_of, shown
):
    evening = datetime(*night_of, 20, tzinfo=LONDON)
    # In one zone hours are added on the wall: 07:30 the next morning.
    morning = evening + timedelta(hours=11, minutes=30)
    starts, ends = evening.astimezone(UTC), morning.astimezone(UTC)
    on_duty(night, team.place, starts, hours=(ends - starts) / HOUR)
    on_duty(team.coordinator, team.place, ends)
    handover_round(starts + HOUR)
    row = Handover.objects.get(to_user=team.coordinator)
    assert row.changes_at == ends
    assert f"{clock.local(row.changes_at):%H:%M %Z}" == shown
    handover_round(ends - timedelta(minutes=1))
    assert Handover.objects.get(pk=row.pk).state == "draft"
    handover_round(ends)
    assert Handover.objects.get(pk=row.pk).state == "offered"
