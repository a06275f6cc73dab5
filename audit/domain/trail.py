"""Every fact becomes a row: nothing is changed or read without its actor."""

import re
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from audit.models import Trail
from mscc.events import Event
from mscc.rows import insert

_OWN = {field.name for field in fields(Event)} | {"referral_id"}


def record(event: Event) -> None:
    """Handler of every event: one append-only row with the actor and the event's own values."""
    row = Trail(
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
    insert([row])


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
