"""Every fact becomes a row: nothing is changed or read without its actor."""

import re
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import structlog

from audit.models import JourneyChanged, Trail
from mscc.events import Event
from mscc.rows import insert, insert_all
from referrals.events import ReferralEvent
from scheduling.events import BreachExplained

_OWN = {field.name for field in fields(Event)} | {"referral_id"}


def record(event: Event) -> None:
    """Handler of every event: one append-only row with the actor and the event's own values."""
    insert([_row(event)])


def record_change(event: ReferralEvent | BreachExplained) -> None:
    """The same for what can change a figure: its journey is to be read again, which is said in the
    same statement, so that no change can be without it and none costs more."""
    insert([_row(event)], beside=JourneyChanged(referral_id=event.referral_id))


def record_all(events: Sequence[Event]) -> None:
    """`record` of many events, in their order and by one statement."""
    insert_all([_row(event) for event in events])


def _row(event: Event) -> Trail:
    return Trail(
        at=event.at,
        actor_id=event.by.user_id,
        process=event.by.process,
        actor_name=event.by.name,
        on_behalf_of=event.by.on_behalf_of,
        action=_action(type(event).__name__),
        referral_id=getattr(event, "referral_id", None),
        details={
            field.name: _plain(getattr(event, field.name))
            for field in fields(event)
            if field.name not in _OWN
        },
        request_id=str(structlog.contextvars.get_contextvars().get("request_id", ""))[:40],
    )


@cache
def _action(name: str) -> str:
    """ReferralReceived -> referral_received"""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value
