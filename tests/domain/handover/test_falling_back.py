"""What is told about the rota and reaches nobody goes on to the next, at last the switchboard."""

from datetime import timedelta

import pytest

from audit.models import Trail
from mscc.events import Actor
from scheduling.domain import handing_over
from scheduling.domain.gaps import gap_round
from scheduling.domain.handover import handover_round
from scheduling.domain.rerouting import move_on
from scheduling.models import CoverGap, Handover, Notice
from tests.factories.people import ContactPointFactory, Place, person
from tests.factories.referrals import AT
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def place():
    built = Place.build()
    ContactPointFactory(
        user=None, organisation=built.alliance, channel="sms", address="07700900999"
    )
    return built


def reachable(role, place, name, *ways):
    user = person(role, place, name=name)
    for channel, address in ways:
        ContactPointFactory(user=user, channel=channel, address=address)
    return user


@pytest.fixture
def people(place):
    """A coordinator on duty until now, a lead with two ways, a senior clinician."""
    return {
        "coordinator": reachable("coordinator", place, "Ada", ("pager", "1001")),
        "lead": reachable(
            "service_lead", place, "Lee", ("pager", "1002"), ("email", "lee@example.nhs.uk")
        ),
        "senior": reachable("senior_clinician", place, "Grace", ("pager", "1003")),
    }


def lose(at, **which):
    """The gateway refuses these messages."""
    found = Notice.objects.filter(state="pending", **which)
    assert found.update(state="dead", failed_at=at, reroute_at=at)
    move_on(at)


def waiting():
    return [
        f"{n.kind}: {n.recipient_name} by {n.channel}"
        for n in Notice.objects.filter(state="pending").order_by("recipient_name", "channel")
    ]


def told(action):
    return [row.details["told"] for row in Trail.objects.filter(action=action).order_by("pk")]


class TestATimeWithNobodyOnDuty:
    @pytest.fixture
    def ahead(self, place, people):
        """Nobody is on duty from tomorrow on."""
        on_duty(people["coordinator"], place, AT - HOUR, hours=25)
        on_duty(people["coordinator"], place, AT + 36 * HOUR, hours=24 * 60)
        return AT + 24 * HOUR

    def test_one_way_that_is_lost_leaves_the_other(self, ahead):
        gap_round(AT)
        lose(AT + SECOND, channel="email")
        assert waiting() == ["cover_gap: Lee by pager"]

    def test_when_no_way_is_left_the_senior_clinician_is_told_once(self, ahead):
        gap_round(AT)
        lose(AT + SECOND)
        move_on(AT + 2 * SECOND)
        assert waiting() == ["cover_gap: Grace by pager"]
        assert told("cover_gap_told") == [["Lee"], ["Grace"]]
        # A day ahead is no matter for a switchboard.
        lose(AT + MINUTE)
        assert waiting() == []

    def test_when_it_is_now_the_switchboard_is_the_last(self, ahead, place):
        gap_round(ahead)
        lose(ahead + SECOND)
        # Whoever stands in had been told with the lead.
        assert waiting() == [f"cover_gap: {place.alliance.name} by sms"]
        assert told("cover_gap_told")[-1] == [place.alliance.name]
        lose(ahead + MINUTE)
        assert waiting() == []

    def test_one_that_is_filled_meanwhile_is_nobodys_news(self, ahead):
        gap_round(AT)
        CoverGap.objects.update(closed_at=AT, filled=True)
        lose(AT + SECOND)
        assert waiting() == []


def test_a_gap_without_a_service_lead_is_told_to_who_answers_next(place):
    reachable("coordinator", place, "Ada", ("pager", "1001"))
    reachable("senior_clinician", place, "Grace", ("pager", "1003"))
    ContactPointFactory(
        user=person("service_lead", place), channel="pager", address="1", marked_bad_at=AT
    )
    gap_round(AT)
    assert waiting()[0] == "cover_gap: Grace by pager"


class TestAHandoverNobodyAccepted:
    @pytest.fixture
    def change(self, place, people):
        night = reachable("coordinator", place, "Idris", ("pager", "1004"))
        on_duty(people["coordinator"], place, AT - HOUR, hours=12)
        on_duty(night, place, AT + 11 * HOUR, hours=12)
        handover_round(AT)
        handover_round(AT + 11 * HOUR)
        return AT + 11 * HOUR

    def test_what_the_incoming_cannot_be_told_goes_to_senior_and_lead_and_then_the_switchboard(
        self, change, place
    ):
        assert waiting() == ["handover: Idris by pager"]
        lose(change + SECOND)
        assert waiting() == [
            "handover: Grace by pager",
            "handover: Lee by email",
            "handover: Lee by pager",
        ]
        assert told("handover_unaccepted")[-1] == ["Lee", "Grace"]
        lose(change + MINUTE)
        assert waiting() == [f"handover: {place.alliance.name} by sms"]

    def test_one_that_was_accepted_is_nobodys_news(self, change):
        row = Handover.objects.get(state="offered")
        handing_over.accept(row.pk, by=Actor.user(row.to_user), at=change)
        Notice.objects.update(state="pending")
        lose(change + SECOND)
        assert [each for each in waiting() if each.startswith("handover")] == []
