"""Pages and answers, in the words of somebody who was there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mscc.people.models import User
from referrals.clinical.library import target
from scheduling.domain.queries.pages import Told
from scheduling.models import Escalation, Notice, NoticeAttempt
from scheduling.notify.fields import WHAT
from scheduling.timekeeping.clocks import ClockState
from scheduling.timekeeping.standing import Standing, standing
from scheduling.views.words import hour

_ABOUT = {
    Escalation.About.NEW_REFERRAL: "A new referral waits for a coordinator",
    Escalation.About.NEW_SIGNS: "New signs were reported",
    Escalation.About.OPINION: "An opinion has not been answered",
    Escalation.About.AT_RISK: "A target is about to be missed",
    Escalation.About.BREACH: "A target is missed",
}
_CHANNELS = {
    "email": "by email",
    "pager": "by pager",
    "sms": "by text message",
    "webhook": "to another system",
    "console": "on the console",
}
_STATES = {
    "pending": "Waiting to be sent",
    "leased": "Being sent",
    "sent": "Sent",
    "failed": "Given up",
    "dead": "Could not be delivered",
    "superseded": "Not sent, no longer needed",
}
_OUTCOMES = {
    "sent": "accepted",
    "transient": "not accepted for now",
    "unknown": "no answer, may have arrived",
    "permanent": "this address was refused",
    "config": "our own set-up was refused",
    "": "cut off before an answer",
}


@dataclass(frozen=True, slots=True)
class About:
    """What a page is about, without a word of the person."""

    heading: str
    target: str
    standing: Standing | None
    since: datetime
    reference: str
    call_back: str


def about(climb: Escalation, at: datetime) -> About:
    """What a climb is about and since when."""
    clock = climb.clock
    shown = clock is not None and clock.state != "void"
    return About(
        heading=_ABOUT[Escalation.About(climb.about)],
        target=target(clock.kind).name if clock else "",
        standing=standing(clock, at) if clock and shown else None,
        since=climb.opened_at,
        reference=climb.referral.reference,
        call_back=climb.referral.call_back,
    )


def told(notices: Iterable[Notice], me: User, at: datetime) -> list[str]:
    """Who was told, by what, when, and what became of it."""
    return [
        f"{'You' if notice.recipient_id == me.pk else notice.recipient_name} "
        f"{_CHANNELS[notice.channel]}: {_fate(notice, at)}"
        for notice in notices
    ]


def _fate(notice: Notice, at: datetime) -> str:
    word = _STATES[notice.state].lower()
    if notice.sent_at:
        return f"{word} {hour(notice.sent_at, at)}"
    return f"{word}, {hour(notice.failed_at, at)}" if notice.failed_at else word


def over(climb: Escalation, me: User, at: datetime) -> str:
    """Why nothing is to be answered any more; empty while it is."""
    if climb.state == Escalation.State.OPEN or climb.ended_at is None:
        return ""
    when = hour(climb.ended_at, at)
    if climb.state == Escalation.State.CLOSED:
        return f"This ended at {when}: it is dealt with. Nothing more is needed from you."
    if climb.acknowledged_by_id == me.pk:
        return f"You have it since {when}."
    name = climb.acknowledged_by.name if climb.acknowledged_by else "Somebody"
    return f"{name} has it since {when}."


@dataclass(frozen=True, slots=True)
class Said:
    """The answer to an answer; `done` False when somebody else had been faster."""

    words: str
    done: bool


def answered(climb: Escalation, me: User, at: datetime, *, have: bool) -> Said:
    """What followed from "I have it" or "I cannot take it"."""
    reference = climb.referral.reference
    if climb.state == Escalation.State.OPEN:
        return Said(f"{reference} goes on to the next person now.\nYou are not counted on.", True)
    if climb.state == Escalation.State.ACKNOWLEDGED and climb.acknowledged_by_id == me.pk and have:
        return Said(f"You have {reference}.\nNobody further is told. {_again(climb)}", True)
    return Said(f"{reference}: {over(climb, me, at)}", False)


def _again(climb: Escalation) -> str:
    clock = climb.clock
    if clock is None or clock.state != ClockState.RUNNING:
        return "It stays at the top of the board until it is taken."
    if climb.about == Escalation.About.AT_RISK:
        return "It rings again if the target is missed."
    return "It stays on the board as overdue until it is done."


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as the list shows it."""

    at: datetime
    reference: str
    what: str
    who: str
    fate: str
    bad: bool
    tries: list[str]
    answer: str


def line(told: Told, at: datetime) -> Line:
    """One notice with its attempts and what was answered."""
    notice = told.notice
    what = str(notice.fields.get("what", "")) if isinstance(notice.fields, dict) else ""
    about = notice.get_kind_display()
    return Line(
        at=notice.created_at,
        reference=told.reference,
        what=f"{about}: {WHAT[what]}" if what in WHAT else about,
        who=f"{notice.recipient_name or 'Nobody by name'}, {_CHANNELS[notice.channel]}",
        fate=_fate(notice, at).capitalize(),
        bad=notice.state in ("failed", "dead"),
        tries=[_try(attempt, at) for attempt in notice.tries.all()],
        answer=_climb(told.climb, at) if told.climb else "",
    )


def _try(attempt: NoticeAttempt, at: datetime) -> str:
    return f"Try {attempt.number} at {hour(attempt.started_at, at)}: {_OUTCOMES[attempt.outcome]}"


def _climb(climb: Escalation, at: datetime) -> str:
    if climb.state == Escalation.State.ACKNOWLEDGED and climb.acknowledged_by:
        return f"{climb.acknowledged_by.name} has it since {_ended(climb, at)}"
    if climb.state == Escalation.State.CLOSED:
        return f"Over since {_ended(climb, at)}"
    return "Nobody has answered"


def _ended(climb: Any, at: datetime) -> str:
    return hour(climb.ended_at, at) if climb.ended_at else "an unknown time"
