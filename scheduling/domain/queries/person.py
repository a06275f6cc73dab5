"""One person's clocks and pages: how they stand, what moved them, and what would."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from referrals.clinical.library import target, targets
from referrals.clinical.milestones import Fact
from referrals.models import Milestone
from scheduling.models import Clock, ClockStep, Escalation, Notice, PageAnswer
from scheduling.models.clock import VOID
from scheduling.timekeeping.clocks import ClockState, Judged, judge
from scheduling.timekeeping.standing import Severity, in_words, standing

Clocks = dict[tuple[str, int], Judged]


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the timeline: `kind` is page; `by` says who or which part of the service."""

    at: datetime
    what: str
    by: str
    note: str = ""
    kind: str = "page"


def clocks_of(referral_id: UUID) -> list[Clock]:
    """Every clock of a referral: running ones first, the next due on top, then what ended last."""
    rows = Clock.objects.filter(referral_id=referral_id).exclude(state=VOID)
    running = [row for row in rows if row.state == ClockState.RUNNING]
    ended = [row for row in rows if row.state != ClockState.RUNNING]
    return [
        *sorted(running, key=lambda row: row.due_at),
        *sorted(ended, key=lambda row: row.stopped_at or row.due_at, reverse=True),
    ]


def judged(referral_id: UUID, also: Sequence[Fact] = (), without: UUID | None = None) -> Clocks:
    """The clocks as the milestones have them, with facts added and one left out."""
    standing_facts = Milestone.objects.filter(referral_id=referral_id).standing()
    facts = [row.as_fact() for row in standing_facts if row.pk != without]
    return {(each.kind, each.number): each for each in judge([*facts, *also], targets())}


def moved(before: Clocks, after: Clocks, at: datetime) -> list[str]:
    """What became of each clock that a change moved, in sentences about what is so now."""
    return [
        f"{_name(clock)}: {_lower(standing(clock, at).word)}."
        if key in before
        else f"{_name(clock)}: started, {_lower(standing(clock, at).word)}."
        for key, clock in _differing(before, after)
    ] + [f"{_name(clock)}: taken back." for key, clock in before.items() if key not in after]


def would_move(before: Clocks, after: Clocks, at: datetime) -> list[str]:
    """The same about what is not saved yet: "The MRI clock will be met with 4 h to spare."."""
    return [_will(clock, key not in before, at) for key, clock in _differing(before, after)] + [
        f"The {_short(clock)} clock will be taken back."
        for key, clock in before.items()
        if key not in after
    ]


def _differing(before: Clocks, after: Clocks) -> Iterator[tuple[tuple[str, int], Judged]]:
    return ((key, clock) for key, clock in after.items() if before.get(key) != clock)


def _will(clock: Judged, new: bool, at: datetime) -> str:
    the = f"The {_short(clock)} clock"
    found = standing(clock, at)
    if clock.state is ClockState.RUNNING:
        verb = "will start" if new else "will run on"
        if found.severity is Severity.OVERDUE:
            late = in_words(at - clock.due_at)
            return f"{the} {verb}, already overdue by {late}, and people will be paged now."
        return f"{the} {verb}: {_lower(found.word)}."
    if clock.state is ClockState.MET and clock.stopped_at:
        return f"{the} will be met with {in_words(clock.due_at - clock.stopped_at)} to spare."
    if clock.state is ClockState.MISSED and clock.stopped_at:
        return f"{the} will be missed by {in_words(clock.stopped_at - clock.due_at)}."
    return f"{the} will end. {found.word}."


def _name(clock: Judged) -> str:
    return target(clock.kind).name


def _short(clock: Judged) -> str:
    name = target(clock.kind).short_name
    return name if name.isupper() else name.lower()


def _lower(word: str) -> str:
    return word[:1].lower() + word[1:]


def told_at(referral_id: UUID, at: datetime) -> list[str]:
    """Who is told of a change made at exactly this moment: "Sam Example by email and pager"."""
    notices = Notice.objects.filter(referral_id=referral_id, created_at=at)
    ways: dict[str, list[str]] = {}
    for notice in notices.order_by("recipient_name", "channel"):
        way = notice.get_channel_display().lower()
        if way not in ways.setdefault(notice.recipient_name or "the referrer", []):
            ways[notice.recipient_name or "the referrer"].append(way)
    return [f"{name} by {' and '.join(used)}" for name, used in ways.items()]


def pages_of(referral_id: UUID) -> list[Happened]:
    """Every page, message and answer about a referral, and every target that rang; any order."""
    notices = Notice.objects.filter(referral_id=referral_id)
    steps = ClockStep.objects.filter(referral_id=referral_id, state=ClockStep.State.FIRED)
    # That one was handed on is told from the trail.
    answers = PageAnswer.objects.filter(escalation__referral_id=referral_id).exclude(
        what=PageAnswer.What.CANNOT
    )
    return [
        *_sent(notices),
        *(
            Happened(
                step.fire_at,
                f"{step.get_step_display()}: {_named(step.clock.kind)}",
                "The service, watching the clock",
            )
            for step in steps.select_related("clock")
        ),
        *(
            Happened(each.at, _said(each), each.by.name if each.by else "The service")
            for each in answers.select_related("by", "escalation__clock")
        ),
    ]


def _sent(notices: Iterable[Notice]) -> Iterator[Happened]:
    """One line for each person who was told something, however many ways it went."""
    lines: dict[tuple[Any, ...], list[Notice]] = {}
    for notice in notices:
        what = str(notice.fields.get("what", ""))
        key = (notice.created_at, notice.kind, what, notice.recipient_name)
        lines.setdefault(key, []).append(notice)
    for (at, _, what, name), same in lines.items():
        about = same[0].get_kind_display() + (f", {_named(what)}" if what else "")
        ways = " and ".join(dict.fromkeys(each.get_channel_display().lower() for each in same))
        yield Happened(
            at, f"{about}: to {name or 'the referrer'} by {ways}", "The service", _outcome(same)
        )


def _outcome(same: list[Notice]) -> str:
    """What became of each; empty when all were sent."""
    ends = {
        each.get_channel_display(): each.get_state_display().lower()
        + (f" after {each.attempts} attempts" if each.attempts > 1 else "")
        for each in same
        if each.state != "sent"
    }
    if len(ends) == len(same) and len(set(ends.values())) == 1:
        word = next(iter(ends.values()))
        return f"{word[0].upper()}{word[1:]}."
    return " ".join(f"{way}: {word}." for way, word in ends.items())


def _said(answer: PageAnswer) -> str:
    """What was answered to a page, and for whom."""
    about = _about(answer.escalation)
    if answer.what == PageAnswer.What.AGAIN:
        return f"Page rings again, since it was not done: {about}"
    rang = f" for {answer.on_behalf_of}, who rang" if answer.on_behalf_of else ""
    return f"Page acknowledged{rang}: {about}"


def _about(climb: Escalation) -> str:
    what = f", {_named(climb.clock.kind)}" if climb.clock else ""
    return f"{climb.get_about_display().lower()}{what}"


def _named(kind: str) -> str:
    names = {each.key: each.name for each in targets()}
    return names.get(kind, kind.replace("_", " "))
