"""Sixty made-up people at every stage of the pathway, told through the product's own commands.

Each story is lived in order, in its own past: the sweeper comes by when something was due then,
and somebody on duty answered the page, or nearly.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Min

from mscc import clock
from mscc.demo import care, cast
from mscc.events import Actor, Command
from mscc.people.models import Organisation, User
from referrals.clinical.milestones import MilestoneKind, Suspicion
from referrals.clinical.neurology import Mobility
from referrals.clinical.presentation import CORD_ITEMS, PAIN_ITEMS, Answer, CancerStatus, Finding
from referrals.clinical.presentation import Presentation as Told
from referrals.domain import (
    closing,
    follow_up,
    imaging,
    intake,
    milestones,
    opinions,
    pain,
    scores,
    treatment,
    triage,
)
from referrals.domain import discharge as leaving
from referrals.domain.care import record_care
from referrals.domain.care_plan import make_care_plan
from referrals.domain.dexamethasone import record_dexamethasone
from referrals.domain.discharge_plan import plan_discharge
from referrals.domain.mobilisation import record_sitting
from referrals.models import Referral
from scheduling.domain import escalation, sweep
from scheduling.models import ClockStep, Escalation

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@dataclass
class Story:
    """One referral being lived. `at` moves forward; `now` is where every story must end."""

    people: dict[str, User]
    rng: random.Random
    at: datetime
    now: datetime
    referral: Referral | None = None

    def wait(self, hours: float) -> None:
        """Time passes; what was due meanwhile rings, and the one on duty answers in minutes."""
        until = min(self.at + timedelta(hours=hours), self.now)
        while (due := self._next_due()) is not None and due <= until:
            assert self.referral is not None  # nothing is due before a referral is there
            sweep.fire(self.referral.pk, due)
            self._answer(due + MINUTE * self.rng.choice([2, 3, 4]), until)
        self.at = until

    def do(self, verb: Callable[..., Referral], details: Any, by: str = "coordinator") -> None:
        """One command, by one of the people, at this moment of the story."""
        assert self.referral is not None
        self.referral = verb(self.referral.pk, details, command=self._command(by))

    def receive(self, asked: intake.Intake, by: str = "nurse") -> None:
        """The referral comes in."""
        self.referral = intake.receive(asked, command=self._command(by))

    def take(self) -> None:
        assert self.referral is not None
        self.referral = intake.take(self.referral.pk, command=self._command("coordinator"))

    def _command(self, by: str) -> Command:
        user = self._on_duty(self.at) if by == "coordinator" else self.people[by]
        return Command(by=Actor.user(user), at=self.at)

    def _on_duty(self, at: datetime) -> User:
        hour = clock.local(at).time()
        return self.people["coordinator" if time(7, 30) <= hour < time(20) else "night"]

    def _next_due(self) -> datetime | None:
        if self.referral is None:
            return None
        steps = ClockStep.objects.filter(referral=self.referral, state="armed")
        climbs = Escalation.objects.filter(referral=self.referral, state="open")
        answered = Escalation.objects.filter(referral=self.referral, state="acknowledged")
        due = [
            steps.aggregate(at=Min("fire_at"))["at"],
            climbs.aggregate(at=Min("next_at"))["at"],
            answered.aggregate(at=Min("look_again_at"))["at"],
        ]
        return min((at for at in due if at is not None), default=None)

    def _answer(self, at: datetime, until: datetime) -> None:
        if at > until:
            return
        for climb in Escalation.objects.filter(referral=self.referral, state="open"):
            if climb.clock_id is not None:
                who = Actor.user(self._on_duty(at))
                escalation.acknowledge(climb.pk, by=who, at=at, look_again=2 * HOUR)


def nearly_missed(now: datetime) -> Referral:
    """One more story: an MRI that is due in two and a half minutes and that nobody has got to."""
    by_email = {user.email.split("@")[0]: user for user in User.objects.all()}
    teller = Teller(by_email, now, seed=int(now.timestamp()))
    teller.count = Referral.objects.count() + 1
    return teller.live(24 - 2.5 * MINUTE / HOUR, teller.imminent)


class Teller:
    """Makes people up and lives their stories. The same seed tells the same stories."""

    def __init__(self, people: dict[str, User], now: datetime, seed: int = 234) -> None:
        self.people, self.now = people, now
        self.rng = random.Random(seed)
        self.hospitals = list(Organisation.objects.filter(kind="hospital").order_by("pk"))
        self.home = people["nurse"].assignments.get().organisation
        self.count = 0

    def tell(self) -> None:
        """All of them, the oldest first."""
        plans: list[tuple[float, Callable[[Story], None]]] = [
            # A month and more ago: what became of them is asked after 30 and 90 days.
            (96 * 24, self.followed),
            (38 * 24, self.followed),
            (33 * 24, self.discharged),
            *((self.rng.uniform(100, 600), self.discharged) for _ in range(17)),
            *((self.rng.uniform(60, 400), self.redirected) for _ in range(5)),
            *((self.rng.uniform(60, 300), self.withdrawn) for _ in range(2)),
            *((self.rng.uniform(22, 48), self.decided) for _ in range(7)),
            *((self.rng.uniform(16, 30), self.excepted) for _ in range(2)),
            *((self.rng.uniform(8, 21), self.scanned) for _ in range(6)),
            *((self.rng.uniform(3, 20), self.booked) for _ in range(8)),
            *((self.rng.uniform(30, 120), self.weekly) for _ in range(5)),
            (40, self.turned),
            (26.2, self.overdue),
            *((self.rng.uniform(0.6, 4), self.triaged) for _ in range(4)),
            (0.6, self.unclear),
            (0.12, self.unread),
            (0.05, self.unread_metastases),
        ]
        for hours, plan in sorted(plans, key=lambda each: -each[0]):
            self.live(hours, plan)

    def live(self, hours_ago: float, plan: Callable[[Story], None]) -> Referral:
        """One story that began `hours_ago`; what is due by now has rung."""
        story = Story(self.people, self.rng, self.now - timedelta(hours=hours_ago), self.now)
        plan(story)
        story.wait(10_000)
        assert story.referral is not None
        return story.referral

    # The stories

    def unread(self, story: Story) -> None:
        story.receive(self.asked(story, cord=True))

    def unread_metastases(self, story: Story) -> None:
        story.receive(self.asked(story), by="doctor")

    def unclear(self, story: Story) -> None:
        """Cord signs and no diagnosis of cancer: the gap in NG234."""
        story.receive(self.asked(story, cord=True, cancer=CancerStatus.SUSPECTED))
        story.wait(0.1)
        story.take()

    def triaged(self, story: Story, *, cord: bool = True) -> None:
        story.receive(self.asked(story, cord=cord), by=self.rng.choice(["nurse", "doctor"]))
        story.wait(self.rng.uniform(0.05, 0.2))
        story.take()
        story.wait(self.rng.uniform(0.1, 0.3))
        assert story.referral is not None
        judged = triage.Triage(Suspicion(story.referral.suspicion))
        story.do(triage.triage, judged)
        story.wait(0.05)
        story.do(triage.give_advice, cast.advice(cord=cord))
        story.wait(0.2)
        if cord:
            story.do(record_dexamethasone, care.started(story.at - 10 * MINUTE))
        if self.rng.random() < 0.8:
            story.do(record_care, care.first_hours(self.rng))

    def booked(self, story: Story) -> None:
        self.triaged(story)
        story.wait(0.3)
        self.book(story, hours=self.rng.uniform(3, 9))

    def overdue(self, story: Story) -> None:
        """The scan that nobody got to: its target passed an hour or two ago."""
        self.triaged(story)
        story.wait(1)
        self.book(story, hours=22)

    def imminent(self, story: Story) -> None:
        """Suspected the moment it was referred; booked, and not yet scanned."""
        asked = self.asked(story, cord=True)
        story.receive(replace(asked, suspected_at=story.at))
        story.wait(0.1)
        story.take()
        story.wait(0.2)
        story.do(triage.triage, triage.Triage(Suspicion.MSCC))
        story.wait(1)
        self.book(story, hours=22)

    def weekly(self, story: Story) -> None:
        self.triaged(story, cord=False)
        story.wait(2)
        self.book(story, hours=self.rng.uniform(40, 100))

    def turned(self, story: Story) -> None:
        """Metastases suspected, and then the legs grew weak."""
        self.triaged(story, cord=False)
        story.wait(30)
        signs = intake.NewSigns(
            items=("limb_weakness", "gait"), found_at=story.at - HOUR, reported_by="Asha Penhale"
        )
        story.do(intake.report_new_signs, signs, by="nurse")
        story.wait(0.2)
        story.take()

    def scanned(self, story: Story, outcome: str = "") -> None:
        self.booked(story)
        story.wait(self.rng.uniform(3, 6))
        story.do(imaging.record_scan, imaging.ScanPerformed(story.at - 10 * MINUTE))
        story.wait(self.rng.uniform(0.7, 2.5))
        found = outcome or self.rng.choice(["mscc", "mscc", "spinal_metastases"])
        report = imaging.ScanReport(story.at, found, "Dr Lea Quill", cast.report(found))
        story.do(imaging.record_report, report)
        story.wait(0.2)
        story.do(scores.record_score, care.stability(self.rng))
        story.do(opinions.ask_opinion, cast.question("spinal_surgery"))

    def decided(self, story: Story) -> None:
        self.scanned(story, "mscc")
        self.answer(story)
        story.wait(self.rng.uniform(0.5, 2))
        story.do(scores.record_score, care.prognosis(self.rng))
        story.do(intake.add_information, care.considerations())
        self.decide(story)
        story.do(make_care_plan, care.care_plan(), by="senior")
        story.do(pain.record_pain_plan, care.pain_plan(self.rng))
        if self.rng.random() < 0.4:
            story.wait(self.rng.uniform(4, 18))
            self.treated(story)

    def excepted(self, story: Story) -> None:
        self.scanned(story, "mscc")
        self.answer(story)
        decision = replace(
            cast.decision(story.at),
            plan="supportive",
            radiotherapy_exception="poor_prognosis",
            exception_reason="Very frail, days to short weeks; agreed with the family.",
        )
        story.do(treatment.decide_treatment, decision)

    def discharged(self, story: Story) -> None:
        self.decided(story)
        story.wait(self.rng.uniform(5, 26))
        kinds = set(story.referral.milestones.values_list("kind", flat=True))  # type: ignore[union-attr]
        if MilestoneKind.RADIOTHERAPY_STARTED not in kinds:
            self.treated(story)
        self.examined(story)
        story.wait(12)
        story.do(pain.record_pain_plan, care.pain_review())
        story.do(record_care, care.later(self.rng))
        story.do(record_sitting, care.sat_up(self.rng))
        story.do(plan_discharge, care.going_home())
        story.wait(24)
        story.do(leaving.discharge, cast.leaving(self.rng, story.at))

    def followed(self, story: Story) -> None:
        """Home, and asked after a month how it goes; the second time is still to come."""
        self.discharged(story)
        story.wait(31 * 24)
        told = follow_up.Told(
            30,
            reached=Answer.YES,
            alive=Answer.YES,
            mobility=Mobility.WITH_AID,
            pain=2,
            told_by="The person",
        )
        story.do(follow_up.follow_up, told)

    def redirected(self, story: Story) -> None:
        nobody = self.asked(story, cancer=CancerStatus.SUSPECTED, pain=2)
        story.receive(nobody, by="doctor")
        story.wait(0.3)
        story.take()
        story.wait(0.5)
        story.do(closing.redirect, cast.redirection())

    def withdrawn(self, story: Story) -> None:
        story.receive(self.asked(story))
        story.wait(0.4)
        story.take()
        reason = "Referred twice: the other reference goes on."
        story.do(closing.withdraw, closing.Withdrawal(reason))

    # Parts of them

    def book(self, story: Story, hours: float) -> None:
        assert story.referral is not None
        late = "No earlier slot in the alliance; the senior clinician knows."
        booking = imaging.MriBooking(
            slot_at=story.at + timedelta(hours=hours),
            hospital_id=story.referral.hospital_id,
            overnight_reason="Surgery could start tonight.",
            late_reason=late,
        )
        story.do(imaging.book_mri, booking)

    def answer(self, story: Story) -> None:
        assert story.referral is not None
        story.wait(self.rng.uniform(0.3, 1.2))
        asked = story.referral.opinions.filter(answered_at=None).first()
        if asked is not None:
            given = opinions.Answer(asked.pk, cast.OPINION, "Mr Piotr Wren")
            story.do(opinions.answer_opinion, given, by="surgeon")

    def decide(self, story: Story) -> None:
        story.do(treatment.decide_treatment, cast.decision(story.at))

    def treated(self, story: Story) -> None:
        happening = milestones.Happening(MilestoneKind.RADIOTHERAPY_STARTED, story.at - 5 * MINUTE)
        story.do(milestones.record_milestone, happening)
        story.do(record_dexamethasone, care.taper(story.at))

    def examined(self, story: Story) -> None:
        addition = intake.Addition(sections={"neurology": cast.neurology(self.rng)})
        story.do(intake.add_information, addition)
        if story.referral and story.referral.unread_since:  # worse than before: it rings
            story.wait(0.1)
            story.take()

    # People

    def asked(
        self,
        story: Story,
        *,
        cord: bool = False,
        pain: int = 3,
        cancer: CancerStatus = CancerStatus.PAST_OR_CURRENT,
    ) -> intake.Intake:
        """A made-up person and what was found."""
        rng = self.rng
        self.count += 1
        hospital = rng.choice(self.hospitals) if self.count % 3 else self.home.hospital
        ward = rng.choice(list(hospital.parts.all())) if self.count % 3 else self.home
        return intake.Intake(
            hospital_id=hospital.pk,
            ward_id=ward.pk,
            person=self.person(),
            referrer=cast.referrer(rng),
            presentation=self.found(story.at, cord=cord, pain=pain, cancer=cancer),
            suspected_at=story.at - MINUTE * rng.randint(5, 70),
            sections=cast.sections(rng, story.at, cord=cord, full=rng.random() < 0.7),
            needs=rng.choice(["", "", "Prefers to talk with a daughter present."]),
        )

    def person(self) -> intake.Person:
        rng = self.rng
        sex = rng.choice(["female", "male"])
        born = date(rng.randint(1937, 1978), rng.randint(1, 12), rng.randint(1, 28))
        return intake.Person(
            given_name=rng.choice(cast.GIVEN[sex]),
            family_name=rng.choice(cast.FAMILY),
            date_of_birth=born,
            nhs_number=None if self.count == 7 else cast.nhs_number(self.count),
            nhs_number_absent_reason="Visiting from abroad" if self.count == 7 else "",
            more={
                "sex": sex,
                "language": rng.choice(["English"] * 5 + ["Polish", "Urdu", ""]),
                "allergies": rng.choice(["None known", "None known", "Penicillin", ""]),
                "postcode": rng.choice(["EX1 1AA", "EX2 4BB", "EX9 7CC"]),
            },
        )

    def found(self, at: datetime, *, cord: bool, pain: int, cancer: CancerStatus) -> Told:
        rng = self.rng
        signs = rng.sample([i.id for i in CORD_ITEMS], rng.randint(1, 3)) if cord else []
        pains = rng.sample([i.id for i in PAIN_ITEMS], pain)
        began = (at - timedelta(days=rng.randint(1, 20))).date()
        findings = [Finding(i, Answer.YES, began) for i in (*pains, *signs)]
        findings += [Finding(i.id, Answer.NO) for i in CORD_ITEMS if i.id not in signs]
        return Told(cancer, tuple(findings))
