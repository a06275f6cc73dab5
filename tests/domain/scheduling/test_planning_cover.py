"""Planning from a pattern, putting somebody in another's place, and asking a colleague to swap."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from audit.models import Trail
from mscc.events import Actor
from mscc.people.models import Assignment
from mscc.people.roles import Permission
from referrals.domain.refusals import Invalid
from scheduling.domain import patterns, planning, rota, swaps
from scheduling.domain.queries.rota import swaps_seen_by
from scheduling.models import Notice, RotaPattern, Shift, SwapRequest
from scheduling.timekeeping.pattern import Line, Pattern
from tests.factories.people import ContactPointFactory, Place, person
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db
NOON = datetime(2027, 3, 22, 12, 0, tzinfo=UTC)  # a Monday, six days before the clocks change
DAY = timedelta(days=1)
EVERY_DAY = frozenset(range(7))


@pytest.fixture
def place():
    return Place.build()


@pytest.fixture
def ada(place):
    return reachable(person("coordinator", place, name="Ada Example"))


@pytest.fixture
def bob(place):
    return reachable(person("coordinator", place, name="Bob Example"))


@pytest.fixture
def lead(place):
    return reachable(person("service_lead", place, name="Lee Example"))


def reachable(user):
    ContactPointFactory(user=user, channel="email", address=user.email)
    return user


def day_and_night(*people, days=7):
    lines = (Line(EVERY_DAY, time(8), time(20), 0), Line(EVERY_DAY, time(20), time(8), 1))
    first = date(2027, 3, 23)
    ids = tuple(user.pk for user in people)
    return Pattern(lines, ids, first, first + timedelta(days=days - 1), 1)


def hours(shift):
    return (shift.ends_at - shift.starts_at).total_seconds() / 3600


class TestPatterns:
    def test_a_pattern_is_looked_at_and_then_written_with_the_short_night(
        self, place, ada, bob, lead
    ):
        pattern = day_and_night(ada, bob)
        found = patterns.preview(pattern, place.alliance, "coordinator", "", NOON)
        assert (len(found.turns), found.conflicts) == (14, [])
        assert not Shift.objects.exists()

        row, _ = patterns.plan(
            pattern, place.alliance, "coordinator", "", by=Actor.user(lead), at=NOON
        )
        turns = list(Shift.objects.order_by("starts_at"))
        assert {(turn.kind, turn.pattern_id) for turn in turns} == {("pattern", row.pk)}
        short = [turn for turn in turns if hours(turn) != 12]
        assert [(hours(turn), turn.starts_at.day) for turn in short] == [(11.0, 27)]
        # On Monday 29 March they have changed places.
        assert turns[-1].user == ada
        assert Trail.objects.get(action="pattern_planned").details["turns"] == 14

    def test_what_is_on_the_plan_already_stays_and_is_shown(self, place, ada, bob, lead):
        taken = on_duty(bob, place, datetime(2027, 3, 24, 8, 0, tzinfo=UTC))
        found = patterns.plan(
            day_and_night(ada, bob), place.alliance, "coordinator", "", by=Actor.user(lead), at=NOON
        )[1]
        assert [(each.other, each.same_person) for each in found.conflicts] == [(taken, False)]
        assert Shift.objects.count() == 14  # thirteen of the pattern, and the one that was there

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            (lambda p, other: Pattern(p.lines, (), p.first, p.last), "people"),
            (lambda p, other: Pattern((), p.people, p.first, p.last), "lines"),
            (lambda p, other: Pattern(p.lines, p.people, p.last, p.first), "last_day"),
            (lambda p, other: Pattern(p.lines, p.people, p.first, p.last + 400 * DAY), "last_day"),
            # One person cannot work both day and night.
            (
                lambda p, other: Pattern(
                    (*p.lines, Line(EVERY_DAY, time(9), time(10), 0)), p.people, p.first, p.last
                ),
                "people",
            ),
            (lambda p, other: Pattern(p.lines, (other.pk,), p.first, p.last), "people"),
        ],
    )
    def test_what_cannot_be_is_refused(self, place, ada, bob, change, where):
        pattern = change(day_and_night(ada, bob), person("coordinator"))
        with pytest.raises(Invalid) as refusal:
            patterns.preview(pattern, place.alliance, "coordinator", "", NOON)
        assert where in refusal.value.errors

    def test_ending_a_pattern_takes_its_coming_turns_but_not_what_was_swapped(
        self, place, ada, bob, lead
    ):
        by = Actor.user(lead)
        row, _ = patterns.plan(
            day_and_night(ada, bob), place.alliance, "coordinator", "", by=by, at=NOON
        )
        later = datetime(2027, 3, 24, 12, 0, tzinfo=UTC)
        kept = Shift.objects.filter(starts_at__gt=later).first()
        Shift.objects.filter(pk=kept.pk).update(kind="swap")
        assert patterns.end(row, by=by, at=later) == 10
        left = Shift.objects.filter(starts_at__gt=later)
        assert list(left) == [kept]
        assert patterns.end(RotaPattern.objects.get(), by=by, at=later) == 0


class TestOverride:
    def test_whoever_was_there_goes_on_afterwards(self, place, ada, bob, lead):
        on_duty(ada, place, NOON, hours=12)
        instead = Assignment.objects.get(user=bob)
        # It begins before and ends within: without giving way, Ada's would hold from noon on.
        planning.override(
            instead, NOON - timedelta(hours=1), NOON + timedelta(hours=2), by=Actor.user(lead),
            at=NOON - DAY, note="Ada is at the dentist",
        )  # fmt: skip
        who = [
            rota.covering("coordinator", place.ward, NOON + timedelta(hours=n)).turn.name
            for n in (-1, 0, 1, 2, 11)
        ]
        assert who == [bob.name, bob.name, bob.name, ada.name, ada.name]
        assert Trail.objects.filter(action="shift_shortened").count() == 1

    def test_the_whole_of_a_turn(self, place, ada, bob, lead):
        was = on_duty(ada, place, NOON, hours=12)
        instead = Assignment.objects.get(user=bob)
        planning.override(instead, was.starts_at, was.ends_at, by=Actor.user(lead), at=NOON - DAY)
        assert [shift.user for shift in Shift.objects.all()] == [bob]
        assert Trail.objects.filter(action="shift_removed").count() == 1

    def test_two_that_begin_together_are_refused_nobody_could_say_who_holds(
        self, place, ada, bob, lead
    ):
        was = on_duty(ada, place, NOON, hours=12)
        second = Assignment.objects.get(user=bob)
        with pytest.raises(Invalid, match="begins at the same time"):
            planning.plan_shift(
                second, NOON, NOON + 3 * DAY / 24, by=Actor.user(lead), at=NOON - DAY
            )
        assert list(Shift.objects.all()) == [was]


class TestCovering:
    def test_nobody_who_has_left_covers_anything(self, place, ada, lead):
        on_duty(ada, place, NOON)
        ada.is_active = False
        ada.save()
        cover = rota.covering("coordinator", place.ward, NOON)
        assert (cover.by_role, cover.turn.name) == ("service_lead", lead.name)

    def test_a_specialty_without_a_contact_falls_back_to_the_senior_clinician(self, place, lead):
        assert rota.specialty_contacts("oncology", place.ward, NOON) == [lead.pk]
        senior = person("senior_clinician", place)
        assert rota.specialty_contacts("oncology", place.ward, NOON) == [senior.pk]
        contact = person("specialty_contact", place, specialty="oncology")
        assert rota.specialty_contacts("oncology", place.ward, NOON) == [contact.pk]


def told():
    return [
        (notice.recipient.name, notice.fields.get("repeat"))
        for notice in Notice.objects.filter(kind="swap").order_by("created_at", "pk")
    ]


class TestSwaps:
    @pytest.fixture
    def shift(self, place, ada):
        return on_duty(ada, place, NOON + 10 * DAY)

    def ask(self, shift, bob):
        asked = Assignment.objects.get(user=bob)
        return swaps.ask(shift, asked, by=Actor.user(shift.user), at=NOON)

    def test_the_asked_one_is_told_and_takes_it(self, shift, ada, bob):
        swap = self.ask(shift, bob)
        assert told() == [(bob.name, 1)]
        assert swaps.accept(swap, by=Actor.user(bob), at=NOON + DAY / 2)
        shift.refresh_from_db()
        assert (shift.user, shift.kind) == (bob, "swap")
        assert shift.note == "Taken over from Ada Example"
        assert told() == [(bob.name, 1), (ada.name, 1)]
        # Answered once: a second press changes nothing.
        assert not swaps.decline(swap, by=Actor.user(bob), at=NOON + DAY)

    def test_declining_leaves_it_where_it_is_and_another_may_be_asked(self, shift, ada, bob, place):
        swap = self.ask(shift, bob)
        assert swaps.decline(swap, by=Actor.user(bob), at=NOON)
        shift.refresh_from_db()
        assert shift.user == ada
        self.ask(shift, person("coordinator", place))

    def test_a_question_that_lies_there_is_chased_then_told_to_the_lead_then_lapses(
        self, shift, ada, bob, lead
    ):
        swap = self.ask(shift, bob)
        assert swaps.swap_round(NOON + DAY - timedelta(seconds=1)) == 0
        assert swaps.swap_round(NOON + DAY) == 1
        assert swaps.swap_round(NOON + DAY) == 0
        assert told()[1:] == [(bob.name, 2)]
        assert swaps.swap_round(NOON + 2 * DAY) == 1
        assert swaps.swap_round(NOON + 2 * DAY) == 0
        assert sorted(told()[2:]) == sorted([(lead.name, 3), (bob.name, 3)])
        assert swaps.swap_round(shift.starts_at) == 1
        swap.refresh_from_db()
        assert swap.state == SwapRequest.State.LAPSED
        actions = Trail.objects.filter(action__startswith="swap").order_by("pk")
        assert [row.action for row in actions] == [
            "swap_asked",
            "swap_chased",
            "swap_told_to_lead",
            "swap_lapsed",
        ]

    def test_who_is_on_duty_then_cannot_take_it(self, shift, bob, place):
        swap = self.ask(shift, bob)
        on_duty(bob, place, shift.starts_at, hours=1, role="designated_clinician")
        with pytest.raises(Invalid, match="on duty already"):
            swaps.accept(swap, by=Actor.user(bob), at=NOON)
        with pytest.raises(Invalid):
            self.ask(shift, bob)

    def test_who_has_lost_the_role_meanwhile_cannot_take_it(self, shift, ada, bob):
        swap = self.ask(shift, bob)
        Assignment.objects.filter(user=bob).update(ends_at=NOON)
        with pytest.raises(Invalid, match="no longer hold this role"):
            swaps.accept(swap, by=Actor.user(bob), at=NOON + DAY)
        shift.refresh_from_db()
        assert shift.user == ada

    def test_a_lead_sees_what_is_asked_inside_their_alliance_and_a_colleague_does_not(
        self, place, bob, lead
    ):
        ora, sid = (person("coordinator", place.trust) for _ in range(2))
        shift = on_duty(ora, place, NOON + DAY)
        shift.organisation = place.trust
        shift.save()
        swap = self.ask(shift, sid)
        seen = {
            user: list(swaps_seen_by(user, user.places(Permission.PLAN_COVER)))
            for user in (ora, sid, lead, bob)
        }
        assert seen == {ora: [swap], sid: [swap], lead: [swap], bob: []}

    def test_only_one_at_a_time_and_only_a_colleague_of_the_role(self, shift, bob, place):
        self.ask(shift, bob)
        with pytest.raises(Invalid, match="asked already"):
            self.ask(shift, person("coordinator", place))
        with pytest.raises(Invalid, match="Choose a colleague"):
            self.ask(shift, person("senior_clinician", place))

    def test_the_question_outlives_the_turn(self, shift, bob, lead):
        swap = self.ask(shift, bob)
        planning.remove_shift(shift, by=Actor.user(lead), at=NOON)
        assert not swaps.accept(swap, by=Actor.user(bob), at=NOON)
        assert swaps.swap_round(swap.chase_at) == 1
        swap.refresh_from_db()
        assert (swap.state, swap.starts_at) == ("lapsed", shift.starts_at)
