"""Entering from paper what happened while the system was down, each thing with its true time.

What is on one sheet is recorded in one transaction: between a decision and the treatment that
followed in time, nobody is paged about a target that was met on paper.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django.db import transaction

from mscc import clock
from mscc.events import Actor, Command
from referrals.domain import imaging, intake, milestones, treatment, triage
from referrals.domain.path import Which
from referrals.domain.refusals import Invalid
from referrals.models import Milestone, Referral

# A name that is longer than what is left beside the outage is cut: the referral has all of it.
LONGEST_SAID: int = Milestone._meta.get_field("on_behalf_of").max_length


@dataclass(frozen=True)
class Outage:
    """From when until when the system was down, as whoever enters it says."""

    since: datetime
    until: datetime

    def actor(self, by: Actor, caller: str = "") -> Actor:
        """The same person, entering from paper: it stands with everything they record."""
        since, until = clock.local(self.since), clock.local(self.until)
        said = f"the paper record, system down {since:%d %b %H:%M %Z} to {until:%d %b %H:%M %Z}"
        if caller:
            said = f", from {said}"
            said = f"{caller[: LONGEST_SAID - len(said)]}{said}"
        return replace(by, on_behalf_of=said)


@dataclass(frozen=True)
class Sheet:
    """What was written down about one person; in the order of the pathway."""

    taken_at: datetime | None = None
    before: tuple[milestones.Happening, ...] = ()
    advice: triage.AdviceDetails | None = None
    scan: imaging.ScanPerformed | None = None
    report: imaging.ScanReport | None = None
    decision: treatment.Decision | None = None
    after: tuple[milestones.Happening, ...] = ()


def enter(referral_id: Which, sheet: Sheet, *, command: Command) -> Referral:
    """Record a sheet, all of it or nothing; the refusals of each step as they are.

    The version and the key count for the first step; those that follow are part of it.
    """
    referral: Referral | None = None
    with transaction.atomic():
        for step in _steps(sheet):
            referral = step(referral_id, command=command)
            command = replace(command, version=None, key="")
        if referral is None:
            raise Invalid({"": "Enter at least one thing that happened, with its time."})
    return referral


def receive(told: intake.Intake, sheet: Sheet, *, command: Command) -> Referral:
    """Take in a referral that came by telephone meanwhile, with what has happened since."""
    with transaction.atomic():
        referral = intake.receive(told, command=command)
        if any(_steps(sheet)):
            referral = enter(referral.pk, sheet, command=replace(command, key=""))
    return referral


_Step = Callable[..., Referral]


def _steps(sheet: Sheet) -> Iterator[_Step]:
    if sheet.taken_at is not None:
        yield partial(intake.take, taken_at=sheet.taken_at)
    for happening in sheet.before:
        yield _with(milestones.record_milestone, happening)
    if sheet.advice:
        yield _with(triage.give_advice, sheet.advice)
    if sheet.scan:
        yield _with(imaging.record_scan, sheet.scan)
    if sheet.report:
        yield _with(imaging.record_report, sheet.report)
    if sheet.decision:
        yield _with(treatment.decide_treatment, sheet.decision)
    for happening in sheet.after:
        yield _with(milestones.record_milestone, happening)


def _with(verb: _Step, told: object) -> _Step:
    def step(referral_id: Which, *, command: Command) -> Referral:
        return verb(referral_id, told, command=command)

    return step
