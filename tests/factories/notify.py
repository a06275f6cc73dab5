"""Notices for tests: complete enough to be sent, different only where a test says so."""

import itertools
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from scheduling.notify import outbox
from scheduling.notify.models import Notice

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
REFERENCE = "K7Q-4F"
FIELDS: dict[str, Any] = {
    "reference": REFERENCE,
    "what": "mri_24h",
    "due": "2026-11-21T09:40:00+00:00",
    "call_back": "020 7946 0000",
}
ADDRESSES = {
    "email": "coordinator@example.org",
    "pager": "4711",
    "webhook": "http://127.0.0.1/alerts",
    "console": "console",
    "sms": "07700900123",
    "teams": "https://teams.example.org/workflows/1",
    "push": "push:1",
    "apprise": "json://127.0.0.1/",
}
_numbers = itertools.count(1)


def new_notice(**given: Any) -> outbox.NewNotice:
    """A breach for the coordinator's pager, not posted yet."""
    channel = given.pop("channel", "pager")
    values: dict[str, Any] = {
        "kind": "breach",
        "channel": channel,
        "address": ADDRESSES[channel],
        "dedupe_key": f"test:{next(_numbers)}",
        "fields": FIELDS,
        "recipient_name": "Ada Coordinator",
    }
    return outbox.NewNotice(**(values | given))


def posted(at: datetime = AT, **given: Any) -> Notice:
    """The same in the outbox, due at `at`."""
    new = new_notice(**given)
    outbox.post([new], at)
    return Notice.objects.get(dedupe_key=new.dedupe_key)


def unsaved(**given: Any) -> Notice:
    """A notice as a transport gets it, without a database."""
    channel = given.pop("channel", "pager")
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "kind": "breach",
        "channel": channel,
        "address": ADDRESSES[channel],
        "fields": FIELDS,
        "attempts": 1,
        "ack_token": "a" * 32,
    }
    return Notice(**(values | given))


class Ticking:
    """A clock that starts at AT and can be moved."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return AT + timedelta(seconds=time.monotonic() - self.started) + self.ahead
