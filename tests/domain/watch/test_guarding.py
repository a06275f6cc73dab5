"""Who does the rounds, when the guardian wakes, and what ends a process that is stuck."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError

from scheduling.domain import due, guard, rounds, sweep, timetable, watch
from scheduling.domain.guard import Hand, Pulse, Watchdog
from scheduling.domain.timetable import CHORES, MINUTE, PAGING, Round
from scheduling.models import ClockStep, DueWork, Escalation, Heartbeat, Notice, RoundRun
from tests.factories.notify import posted
from tests.factories.referrals import AT, ReferralFactory

pytestmark = pytest.mark.django_db

NOW = AT + timedelta(hours=1)


def at(moment):
    return lambda: moment


def settled():
    """Nothing waits but what the clocks will bring."""
    Notice.objects.update(state="superseded")
    Escalation.objects.update(state="closed", next_at=None)
    DueWork.objects.update(told_at=AT)


class TestTheNextDueMoment:
    def test_nothing_waits_in_an_empty_service(self):
        assert due.next_due(NOW) is None

    def test_it_is_when_the_next_target_is_at_risk(self):
        ReferralFactory(triaged=True)
        settled()
        first = ClockStep.objects.filter(state="armed").order_by("fire_at").first()
        assert due.next_due(NOW) == first.fire_at == AT + timedelta(hours=12)

    @pytest.mark.parametrize("what", ["step at rest", "climb", "look", "opinion", "notice", "way"])
    def test_whatever_is_sooner_comes_first(self, what):
        ReferralFactory(triaged=True)
        sweep.sweep(AT + timedelta(hours=12))
        climb = Escalation.objects.get(about="at_risk", state="open")
        settled()
        soon = NOW + timedelta(seconds=7)
        if what == "step at rest":
            step = ClockStep.objects.filter(state="armed", step="breach").first()
            ClockStep.objects.filter(pk=step.pk).update(fire_at=AT, retry_at=soon)
        elif what == "climb":
            Escalation.objects.filter(pk=climb.pk).update(state="open", next_at=soon)
        elif what == "look":
            by = climb.referral.taken_by
            Escalation.objects.filter(pk=climb.pk).update(
                state="acknowledged", acknowledged_by=by, look_again_at=soon
            )
        elif what == "opinion":
            DueWork.objects.create(referral=climb.referral, key="opinion.1", due_at=soon)
        elif what == "notice":
            posted(at=soon)
        else:
            notice = posted(at=NOW + timedelta(hours=1))
            Notice.objects.filter(pk=notice.pk).update(reroute_at=soon)
        assert due.next_due(NOW) == soon

    def test_what_is_left_undone_is_counted(self):
        posted(at=NOW - timedelta(seconds=30))
        posted(at=NOW + timedelta(seconds=30))
        found = due.left(NOW, "deadlines", "climbs", "notices")
        assert (found.waiting, found.oldest_s(NOW)) == (1, 30)
        assert due.left(NOW, "deadlines").waiting == 0


class TestThePause:
    @pytest.mark.parametrize(
        ("ahead_s", "slept"),
        [(None, 2.0), (60, 2.0), (1, 1.001), (0.1, 0.101), (0, 0.25), (-500, 0.25)],
    )
    def test_it_ends_when_the_next_thing_is_due(self, ahead_s, slept):
        moment = None if ahead_s is None else NOW + timedelta(seconds=ahead_s)
        assert guard.pause(moment, NOW) == pytest.approx(slept)

    def test_a_turn_pages_and_says_for_how_long_there_is_nothing_to_do(self, monkeypatch):
        monkeypatch.setattr(rounds, "dispatch", lambda now, wait: rounds_sent())
        referral = ReferralFactory(triaged=True)
        passed = AT + timedelta(hours=24)
        seconds = guard.turn(at(passed))
        assert Escalation.objects.filter(referral=referral, about="breach").exists()
        assert 0 < seconds <= 2
        beats = dict(Heartbeat.objects.values_list("component", "progress_at"))
        assert beats.keys() >= {"sweep", "dispatch", "guardian"}
        assert set(beats.values()) == {passed}


def rounds_sent():
    from scheduling.notify.dispatch import Dispatched

    return Dispatched()


def chore(work, every=MINUTE):
    return Round("chore", "Something", every, work, CHORES)


class TestARound:
    def test_a_slow_one_is_done_once_in_its_period_whoever_asks(self):
        done = []
        each = chore(lambda now: done.append(now()) or 1)
        assert timetable.do(each, at(NOW))
        assert not timetable.do(each, at(NOW + timedelta(seconds=59)))
        assert timetable.do(each, at(NOW + timedelta(seconds=61)))
        assert len(done) == 2

    def test_one_that_fails_is_logged_and_tried_again_after_its_lease(self):
        def fail(now):
            raise KeyError("secret")

        assert not timetable.do(chore(fail), at(NOW))
        run = RoundRun.objects.get()
        assert (run.failed_at, run.last_error, run.finished_at) == (NOW, "KeyError", None)
        assert not timetable.do(chore(lambda now: 1), at(NOW + timedelta(seconds=30)))
        assert timetable.do(chore(lambda now: 1), at(NOW + timedelta(seconds=61)))

    def test_a_clock_that_was_set_back_stops_no_round(self):
        assert timetable.do(chore(lambda now: 1), at(NOW))
        assert timetable.do(chore(lambda now: 1), at(NOW - timedelta(hours=1)))

    def test_a_quick_one_that_fails_says_that_it_lives_and_does_nothing(self):
        def fail(now):
            raise KeyError

        sick = Round("sweep", "Something", timetable.QUICK, fail, PAGING)
        assert not timetable.do(sick, at(NOW))
        beat = Heartbeat.objects.get(component="sweep")
        assert (beat.beat_at, beat.progress_at) == (NOW, None)

    def test_one_that_fails_stops_no_other(self, monkeypatch):
        def fail(now):
            raise KeyError

        done = []
        sick = Round("sweep", "", timetable.QUICK, fail, PAGING)
        well = Round("dispatch", "", timetable.QUICK, lambda now: done.append(1) or 1, PAGING)
        monkeypatch.setattr(timetable, "ROUNDS", (sick, well))
        guard.turn(at(NOW))
        assert done == [1]

    def test_a_database_that_is_away_is_the_whole_turns_matter(self, monkeypatch):
        def away(each, now):
            raise OperationalError

        monkeypatch.setattr(timetable, "do", away)
        with pytest.raises(OperationalError):
            guard.turn(at(NOW))

    def test_every_hand_has_its_rounds_and_no_round_is_left_out(self):
        hands = (timetable.PAGING, timetable.CARE, timetable.WATCHING, timetable.CHORES)
        shared = [each.name for hand in hands for each in timetable.of(hand)]
        assert sorted(shared) == sorted(timetable.BY_NAME)
        paging = {"sweep", "dispatch", "care", "audit"}
        assert paging | {"gaps", "swaps", "handover", "tests", "pack", "journeys"} <= set(shared)


class TestTheWatchdog:
    def test_it_ends_the_process_when_a_hand_is_stuck_and_shows_itself_until_then(
        self, tmp_path, monkeypatch
    ):
        shown = tmp_path / "pulse"
        monkeypatch.setenv("MSCC_PULSE", str(shown))
        ended = []
        pulse = Pulse("paging", patience_s=0.3)
        dog = Watchdog([pulse], ended.append, every_s=0.02)
        dog.start()
        for _ in range(10):
            pulse.beat()
            time.sleep(0.05)
        assert shown.exists()
        assert ended == []
        dog.join(5)
        assert ended == ["paging"]

    def test_a_hand_does_its_rounds_until_it_is_over(self, monkeypatch):
        over, done = threading.Event(), []
        monkeypatch.setattr(timetable, "do", lambda each, now: done.append(each.name))
        hand = Hand("chores", [chore(lambda now: 1)], at(NOW), over)
        hand.start()
        until = time.monotonic() + 5
        while not done and time.monotonic() < until:
            time.sleep(0.01)
        over.set()
        hand.join(5)
        assert done[:1] == ["chore"]
        assert not hand.is_alive()


def test_a_heartbeat_says_what_was_left_and_of_which_process_and_release(settings):
    settings.PROCESS, settings.BUILD = "worker", "2026.11"
    posted(at=NOW - timedelta(seconds=40))
    watch.beat("dispatch", NOW, left=due.left(NOW, "notices"))
    watch.beat("dispatch", NOW + timedelta(seconds=2), progress=False)
    beat = Heartbeat.objects.get()
    assert (beat.process, beat.build, beat.backlog, beat.oldest_due_s) == (
        "worker",
        "2026.11",
        1,
        40,
    )
    assert (beat.beat_at - beat.progress_at) == timedelta(seconds=2)
