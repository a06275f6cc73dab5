"""Random commands, times, late entries and corrections, across both clock changes of the year.

Whatever happens: no illegal state, clocks equal to a rebuild from the milestones, every accepted
command in the trail, nothing due that has neither fired nor is about to, and figures, whenever they
were looked at in between, equal to a rebuild from the record.

A few histories run each time; MSCC_STORIES=1000 runs a thousand (about a second each).
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from audit.domain import cells, journeys
from audit.models import JourneyChanged, Trail
from mscc.people.models import User
from referrals.clinical.milestones import MilestoneKind, Suspicion
from referrals.clinical.presentation import ITEMS
from referrals.domain import closing, discharge, imaging, intake, milestones, opinions, treatment
from referrals.domain import triage as triaging
from referrals.domain.refusals import Refused
from referrals.models import Referral
from referrals.states import legal_edges
from scheduling.domain.clocks import differences, truth
from scheduling.domain.sweep import sweep
from scheduling.models import Clock, ClockStep, Escalation
from scheduling.timekeeping.clocks import next_due
from tests.factories.people import ContactPointFactory
from tests.factories.referrals import METASTASES, MSCC, NEITHER, Team, command, refer
from tests.factories.rota import on_duty

# The evenings before the clocks go forward and back in London, and one with nothing to it.
EVENINGS = [
    datetime(2027, 3, 27, 20, 0, tzinfo=UTC),
    datetime(2026, 10, 24, 19, 0, tzinfo=UTC),
    datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
]
waits = st.integers(min_value=0, max_value=40 * 60)
lates = st.sampled_from([0, 0, 0, 7, 61, 600, 1500])
suspicions = st.sampled_from(list(Suspicion))
words = st.sampled_from(["", "Because."])


class AnyStory(RuleBasedStateMachine):
    """One referral, driven at random; a refusal is an answer like any other."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()

    def teardown(self) -> None:
        try:
            if hasattr(self, "referral"):
                self.figures_are_what_a_rebuild_makes_of_the_record()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def figures_are_what_a_rebuild_makes_of_the_record(self) -> None:
        journeys.refresh(self.now)
        assert not JourneyChanged.objects.exists()
        assert journeys.differences([self.referral.pk], self.now) == {}
        cells.freshen_all()
        assert cells.differences() == []

    @initialize(
        evening=st.sampled_from(EVENINGS), said=st.sampled_from([MSCC, METASTASES, NEITHER])
    )
    def received(self, evening: datetime, said) -> None:
        self.now = evening
        self.team = Team.build()
        on_duty(self.team.coordinator, self.team.place, evening, hours=5000)
        ContactPointFactory(user=self.team.coordinator, channel="pager", address="1001")
        self.referral = refer(self.team, said, evening)
        self.state = self.referral.state
        self.done = 1

    @rule(minutes=waits)
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def the_sweeper_comes_by(self) -> None:
        assert sweep(self.now).failed == 0
        assert not ClockStep.objects.filter(
            referral=self.referral, state="armed", fire_at__lte=self.now
        ).exists()

    @rule()
    def somebody_looks_at_figures(self) -> None:
        journeys.refresh(self.now)
        cells.freshen_all(limit=3)

    @rule(judged=suspicions, why=words)
    def triage(self, judged: Suspicion, why: str) -> None:
        self.ask(triaging.triage, triaging.Triage(judged, why))

    @rule(judged=suspicions, why=words, late=lates)
    def reassess(self, judged: Suspicion, why: str, late: int) -> None:
        self.ask(triaging.reassess, triaging.Triage(judged, why, self.ago(late)))

    @rule()
    def take(self) -> None:
        self.ask(lambda which, _, command: intake.take(which, command=command), None)

    @rule(item=st.sampled_from([item.id for item in ITEMS]), late=lates)
    def new_signs(self, item: str, late: int) -> None:
        self.ask(intake.report_new_signs, intake.NewSigns((item,), self.ago(late)), self.team.nurse)

    @rule(late=lates)
    def advise(self, late: int) -> None:
        said = triaging.AdviceDetails("Ward", "phone", pain="As agreed.", given_at=self.ago(late))
        self.ask(triaging.give_advice, said)

    @rule(hours=st.integers(min_value=1, max_value=60), why=words)
    def book_mri(self, hours: int, why: str) -> None:
        slot = self.now + timedelta(hours=hours)
        place = self.team.place.hospital.pk
        booking = imaging.MriBooking(slot, place, overnight_reason=why, late_reason=why)
        self.ask(imaging.book_mri, booking)

    @rule(late=lates, whole=st.booleans(), ct=st.booleans(), why=words)
    def scan(self, late: int, whole: bool, ct: bool, why: str) -> None:
        modality = "ct" if ct else "mri"
        self.ask(imaging.record_scan, imaging.ScanPerformed(self.ago(late), modality, whole, why))

    @rule(late=lates, outcome=st.sampled_from(["mscc", "spinal_metastases", "ruled_out"]))
    def report(self, late: int, outcome: str) -> None:
        self.ask(imaging.record_report, imaging.ScanReport(self.ago(late), outcome))

    @rule(about_stability=st.booleans())
    def ask_surgery(self, about_stability: bool) -> None:
        asked = opinions.Question("spinal_surgery", "Is it stable?", "", None, about_stability)
        self.ask(opinions.ask_opinion, asked)

    @rule(
        plan=st.sampled_from(["radiotherapy", "surgery", "supportive"]),
        exception=st.sampled_from(["", "poor_prognosis"]),
        late=lates,
    )
    def decide(self, plan: str, exception: str, late: int) -> None:
        decision = treatment.Decision(
            plan=plan,
            decided_by="Dr Example",
            decided_at=self.ago(late),
            consulted=("oncology",),
            radiotherapy_exception=exception,
            exception_reason="Agreed with oncology." if exception else "",
        )
        self.ask(treatment.decide_treatment, decision)

    @rule(kind=st.sampled_from(list(milestones.RECORDABLE)), late=lates)
    def record(self, kind: MilestoneKind, late: int) -> None:
        self.ask(milestones.record_milestone, milestones.Happening(kind, self.ago(late)))

    @rule(data=st.data(), minutes=st.integers(min_value=-3000, max_value=300), back=st.booleans())
    def correct(self, data: st.DataObject, minutes: int, back: bool) -> None:
        facts = list(self.referral.milestones.order_by("recorded_at", "occurred_at", "kind"))
        wrong = data.draw(st.sampled_from(facts))
        at = None if back else min(self.now, wrong.occurred_at + timedelta(minutes=minutes))
        fix = milestones.Correction(wrong.pk, at, "Read from the wrong line", confirmed=True)
        self.ask(milestones.correct, fix)

    @rule(lead=st.sampled_from(["", "Jo Example"]), why=words, late=lates)
    def discharge(self, lead: str, why: str, late: int) -> None:
        leaving = discharge.Leaving(lead, "home", self.ago(late), open_items_reason=why)
        self.ask(discharge.discharge, leaving)

    @rule(why=words)
    def redirect(self, why: str) -> None:
        self.ask(closing.redirect, closing.Redirection(to=why, advice=why))

    @rule(why=words)
    def withdraw(self, why: str) -> None:
        self.ask(closing.withdraw, closing.Withdrawal(why))

    @rule(why=words)
    def reopen(self, why: str) -> None:
        self.ask(closing.reopen, closing.Reopening(why))

    def ago(self, minutes: int) -> datetime:
        return self.now - timedelta(minutes=minutes)

    def ask(self, verb: Callable[..., Referral], details: object, by: User | None = None) -> None:
        before = self.referral.version
        try:
            self.referral = verb(
                self.referral.pk,
                details,
                command=command(by or self.team.coordinator, self.now, version=before),
            )
        except Refused as refusal:
            note(f"{refusal.code}: {refusal.sentence}")
            self.referral = Referral.objects.get(pk=self.referral.pk)
            assert self.referral.version == before
        else:
            self.done += 1
            assert self.referral.version == before + 1

    @invariant()
    def it_moved_along_a_legal_edge(self) -> None:
        if hasattr(self, "referral"):
            moved = (self.state, self.referral.state)
            assert moved[0] == moved[1] or moved in legal_edges()
            self.state = self.referral.state

    @invariant()
    def the_clocks_are_what_the_milestones_say(self) -> None:
        if not hasattr(self, "referral"):
            return
        assert differences(self.referral.pk) == []
        due = next_due(truth(self.referral.pk))
        kept = Referral.objects.values_list("next_due_at", "next_due_kind").get(pk=self.referral.pk)
        assert kept == ((due.due_at, due.kind) if due else (None, ""))

    @invariant()
    def every_running_clock_will_ring_or_has_rung(self) -> None:
        if not hasattr(self, "referral"):
            return
        for clock in Clock.objects.filter(referral=self.referral, state="running"):
            assert ClockStep.objects.filter(
                clock=clock, step="breach", fire_at=clock.due_at, state__in=["armed", "fired"]
            ).exists()
        assert not Escalation.objects.filter(clock__state="met", state="open").exists()

    @invariant()
    def the_trail_is_complete(self) -> None:
        if hasattr(self, "referral"):
            own = Trail.objects.filter(referral=self.referral, actor__isnull=False)
            assert own.exclude(action="people_paged").count() == self.done


STORIES = int(os.environ.get("MSCC_STORIES", "15"))


@pytest.mark.django_db
@pytest.mark.timeout(300 + 10 * STORIES)
def test_no_story_breaks_the_referral_its_clocks_or_its_trail():
    run_state_machine_as_test(
        AnyStory,
        settings=settings(
            max_examples=STORIES,
            stateful_step_count=25,
            deadline=None,
            # Explaining traces every line that runs, which is most of the time of such a test.
            phases=[Phase.generate, Phase.shrink],
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
