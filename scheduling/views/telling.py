"""Pages and answers, in the words of somebody who was there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from mscc.people.models import User
from mscc.web.filters import duration
from referrals.clinical.library import target
from scheduling.domain.digests import NOBODY
from scheduling.domain.paging import ONLY_SWITCHBOARD
from scheduling.domain.queries.pages import Told
from scheduling.models import Escalation, Notice, NoticeAttempt, PageAnswer
from scheduling.notify.fields import WHAT
from scheduling.timekeeping.clocks import ClockState
from scheduling.timekeeping.ladder import LOOK_AGAIN, look_again_after
from scheduling.timekeeping.standing import Standing, standing
from scheduling.views.words import WAYS, hour

_ABOUT = {
    Escalation.About.NEW_REFERRAL: "A new referral waits for a coordinator",
    Escalation.About.NEW_SIGNS: "New signs were reported",
    Escalation.About.OPINION: "An opinion has not been answered",
    Escalation.About.AT_RISK: "A target is about to be missed",
    Escalation.About.BREACH: "A target is missed",
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
        f"{WAYS[notice.channel]}: {_fate(notice, at)}"
        for notice in notices
    ]


def told_together(
    digests: Iterable[tuple[datetime, int, str, list[Notice]]], me: User, at: datetime
) -> list[str]:
    """Who was told of it in one message about several."""
    return [
        f"{'You' if user_id == me.pk else name}, in one message about several: "
        f"{WAYS[notice.channel]}, {_fate(notice, at)}"
        for _, user_id, name, notices in digests
        for notice in notices
    ]


def _fate(notice: Notice, at: datetime) -> str:
    word = _STATES[notice.state].lower()
    if notice.sent_at:
        return f"{word} {hour(notice.sent_at, at)}{_receipt(notice, at)}"
    return f"{word}, {hour(notice.failed_at, at)}" if notice.failed_at else word


def _receipt(notice: Notice, at: datetime) -> str:
    """What the gateway said of it later; that it arrived does not mean that somebody read it."""
    if notice.delivered_at:
        return f", arrived {hour(notice.delivered_at, at)}"
    return ", no receipt, so the next was told" if notice.reroute_at else ""


def answers(climb: Escalation, at: datetime) -> list[str]:
    """Everything that was answered to a climb, in order."""
    return [_answer(each, at) for each in climb.answers.all()]


_VIA: dict[str, str] = {
    Escalation.Via.LINK: ", by the link",
    Escalation.Via.REPLY: ", by a reply",
    Escalation.Via.SYSTEM: ", by another system",
}


def _answer(answer: PageAnswer, at: datetime) -> str:
    when = hour(answer.at, at)
    name = answer.by.name if answer.by else "Somebody"
    if answer.what == PageAnswer.What.AGAIN:
        return f"{when}: rang again, since it was to be looked at again and was not done"
    if answer.what == PageAnswer.What.CANNOT:
        return f"{when}: {name} could not take it"
    who = f"{answer.on_behalf_of}, who rang {name}," if answer.on_behalf_of else name
    until = f", to look again at {hour(answer.look_again_at, at)}" if answer.look_again_at else ""
    return f"{when}: {who} has it{_VIA.get(answer.via, '')}{until}"


def look_again_choices(climb: Escalation) -> list[tuple[int, str, bool]]:
    """How long an answer may hold: minutes, words, and which is proposed."""
    proposed = look_again_after(climb.about)
    return [
        (minutes, duration(timedelta(minutes=minutes)), timedelta(minutes=minutes) == proposed)
        for minutes in LOOK_AGAIN
    ]


@dataclass(frozen=True, slots=True)
class Ringing:
    """One row of the list of what rings, without a word of the person."""

    id: Any
    about: About
    red: bool
    trouble: str


def ringing(climb: Escalation, at: datetime) -> Ringing:
    """One climb that nobody has answered."""
    return Ringing(
        climb.pk,
        about(climb, at),
        climb.referral.suspicion == "mscc",
        climb.last_error if climb.last_error in (NOBODY, ONLY_SWITCHBOARD) else "",
    )


AGAIN_ALL = (
    "What is not done rings again: a target at risk or an opinion after an hour, anything else "
    "after 30 minutes."
)


def over(climb: Escalation, me: User, at: datetime) -> str:
    """Why nothing is to be answered any more; empty while it is."""
    if climb.state == Escalation.State.OPEN or climb.ended_at is None:
        return ""
    when = hour(climb.ended_at, at)
    if climb.state == Escalation.State.CLOSED:
        return f"This ended at {when}: it is dealt with. Nothing more is needed from you."
    again = f" It rings again at {hour(climb.look_again_at, at)} if it is not done."
    again = again if climb.look_again_at else ""
    name = climb.acknowledged_by.name if climb.acknowledged_by else "Somebody"
    if climb.on_behalf_of:
        return f"{climb.on_behalf_of} has it since {when}, as {name} was told.{again}"
    if climb.acknowledged_by_id == me.pk:
        return f"You have it since {when}.{again}"
    return f"{name} has it since {when}.{again}"


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
        who = f"{climb.on_behalf_of} has" if climb.on_behalf_of else "You have"
        return Said(f"{who} {reference}.\nNobody further is told. {_again(climb, at)}", True)
    return Said(f"{reference}: {over(climb, me, at)}", False)


def _again(climb: Escalation, at: datetime) -> str:
    when = f" at {hour(climb.look_again_at, at)}" if climb.look_again_at else " soon"
    clock = climb.clock
    if clock is None or clock.state != ClockState.RUNNING:
        return f"It rings again{when} if nobody has done it by then."
    if climb.about == Escalation.About.AT_RISK:
        return f"It rings again if the target is missed, and{when} if it still runs."
    return f"It rings again{when} if the clock still runs."


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
    before: list[str]
    answer_href: str


def line(told: Told, at: datetime) -> Line:
    """One notice with its attempts and what was answered."""
    notice = told.notice
    what = str(notice.fields.get("what", "")) if isinstance(notice.fields, dict) else ""
    about = notice.get_kind_display()
    lost = notice.state == "sent" and notice.reroute_at is not None and not notice.delivered_at
    open_ = told.climb is not None and told.climb.state == Escalation.State.OPEN
    return Line(
        at=notice.created_at,
        reference=told.reference,
        what=f"{about}: {WHAT[what]}" if what in WHAT else about,
        who=f"{notice.recipient_name or 'Nobody by name'}, {WAYS[notice.channel]}",
        fate=_fate(notice, at).capitalize(),
        bad=notice.state in ("failed", "dead") or lost,
        tries=[_try(attempt, at) for attempt in notice.tries.all()],
        answer=_climb(told.climb, at) if told.climb else "",
        before=answers(told.climb, at) if told.climb else [],
        answer_href=reverse("climb", args=[told.climb.pk]) if open_ and told.climb else "",
    )


def _try(attempt: NoticeAttempt, at: datetime) -> str:
    return f"Try {attempt.number} at {hour(attempt.started_at, at)}: {_OUTCOMES[attempt.outcome]}"


def _climb(climb: Escalation, at: datetime) -> str:
    if climb.state == Escalation.State.ACKNOWLEDGED and climb.acknowledged_by:
        who = climb.on_behalf_of or climb.acknowledged_by.name
        return f"{who} has it since {_ended(climb, at)}"
    if climb.state == Escalation.State.CLOSED:
        return f"Over since {_ended(climb, at)}"
    return "Nobody has answered"


def _ended(climb: Any, at: datetime) -> str:
    return hour(climb.ended_at, at) if climb.ended_at else "an unknown time"
