"""Writing notices with the change that caused them, claiming them, and recording what became.

A notice is claimed and committed before the network is touched, and settled afterwards by whoever
still holds its lease: if a sender dies, the lease runs out and another one sends again.
"""

import json
import random
import re
import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection

from scheduling.notify import fields, retry, sql
from scheduling.notify.messages import WORDINGS
from scheduling.notify.models import Channel, Kind, Notice

logger = structlog.get_logger(__name__)

LEASE = timedelta(seconds=90)  # far longer than the 20 s an attempt may take
PRIORITY: Mapping[str, int] = {
    Kind.NEW_SIGNS: 1,
    Kind.BREACH: 2,
    Kind.NEW_REFERRAL: 2,
    Kind.AT_RISK: 3,
    Kind.OPINION: 3,
    Kind.DIGEST: 1,
    Kind.LAST_RESORT: 1,
    Kind.WATCH: 2,
    Kind.COVER_GAP: 3,
    Kind.HANDOVER: 3,
    Kind.SWAP: 4,
    Kind.TEST: 4,
    Kind.PACK: 3,
    Kind.UNPROVEN: 3,
    Kind.OPINION_ASKED: 4,
    Kind.STOOD_DOWN: 5,
    Kind.OPINION_ANSWERED: 5,
    Kind.RECEIPT: 6,
    Kind.MEETING: 6,
    Kind.REPORT: 6,
}
REPLYING = (Channel.SMS, Channel.PAGER)  # what is answered with a few digits, not with a link
_TOKEN = re.compile(r"[\w-]{16,64}", re.ASCII)
_COLUMNS = tuple(column.attname for column in Notice._meta.concrete_fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """A message to be written into the outbox.

    `dedupe_key` says what makes it the same message, e.g. escalation:round:rung:recipient:channel.
    `fields`: see `fields.ALLOWED`. `priority`: 0 for a red flag; by kind when left out.
    """

    kind: str
    channel: str
    address: str
    dedupe_key: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    recipient_id: int | None = None
    recipient_name: str = ""
    referral_id: uuid.UUID | None = None
    escalation_id: uuid.UUID | None = None
    priority: int | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What a settled notice became. `held` is False for a late result: nothing but the attempt
    row changed."""

    notice: Notice
    outcome: retry.Outcome
    decision: retry.Decision
    held: bool


def post(notices: Iterable[NewNotice], at: datetime) -> int:
    """Write notices in the caller's transaction; how many were new. One statement.

    A field that may not go out is dropped and logged by its name: the page itself must not be
    lost for it.
    """
    rows = [_row(notice) for notice in notices]
    if not rows:
        return 0
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(sql.POST, [at, at, *columns])
        return cursor.rowcount


def _row(new: NewNotice) -> tuple[Any, ...]:
    kept, refused = fields.clean(new.fields)
    if refused:
        logger.error("notice_fields_refused", kind=str(new.kind), reason=", ".join(sorted(refused)))
    acknowledged = WORDINGS[new.kind].acknowledge
    token = secrets.token_urlsafe(24) if acknowledged else None
    # Looked up together with the address it comes from, so four digits are enough.
    code = str(1000 + secrets.randbelow(9000)) if acknowledged and new.channel in REPLYING else ""
    return (
        uuid.uuid4(),
        new.dedupe_key,
        str(new.kind),
        str(new.channel),
        new.recipient_id,
        new.recipient_name,
        new.address,
        json.dumps(kept),
        new.referral_id,
        new.escalation_id,
        PRIORITY[new.kind] if new.priority is None else new.priority,
        f"poison: refused {', '.join(sorted(refused))}"[:200] if refused else "",
        token,
        code,
    )


def due_channels(at: datetime) -> list[str]:
    """The channels that have something to send."""
    with connection.cursor() as cursor:
        cursor.execute(sql.DUE_CHANNELS, {"at": at, "channels": sql.CHANNELS})
        return [row[0] for row in cursor.fetchall()]


def claim(
    at: datetime, limit: int = 10, lease: timedelta = LEASE, channel: str | None = None
) -> list[Notice]:
    """Take due notices, most urgent first, and write their attempt rows. One statement.

    Rows that another dispatcher is claiming are skipped. Commit before touching the network.
    """
    given = {"at": at, "until": at + lease, "limit": limit}
    with connection.cursor() as cursor:
        if channel is None:
            cursor.execute(sql.claim(_COLUMNS, one_channel=False), given)
        else:
            cursor.execute(sql.claim(_COLUMNS, one_channel=True), {**given, "channel": channel})
        return _notices(cursor.fetchall())


def renew(notices: Sequence[Notice], at: datetime, lease: timedelta = LEASE) -> list[Notice]:
    """Those still held by their lease, now for a full lease more. The others are not to be sent."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.RENEW,
            {
                "ids": [notice.id for notice in notices],
                "tokens": [notice.lease_token for notice in notices],
                "until": at + lease,
            },
        )
        held = {row[0] for row in cursor.fetchall()}
    return [notice for notice in notices if notice.id in held]


def release(notices: Sequence[Notice], at: datetime) -> int:
    """Give back claimed notices that were never tried, so that others need not wait for a lease."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.RELEASE,
            {
                "ids": [notice.id for notice in notices],
                "tokens": [notice.lease_token for notice in notices],
                "at": at,
            },
        )
        return len(cursor.fetchall())


def settle(notice: Notice, outcome: retry.Outcome, at: datetime) -> bool:
    """Record an attempt's outcome; False when the lease had been lost meanwhile."""
    return settle_all([(notice, outcome)], at)[0].held


def settle_all(results: Sequence[tuple[Notice, retry.Outcome]], at: datetime) -> list[Settled]:
    """Record many outcomes in one statement. A late result changes nothing but its attempt row."""
    if not results:
        return []
    decided = [_decide(notice, outcome) for notice, outcome in results]
    rows = [
        _settled_row(notice, outcome, decision, at)
        for (notice, outcome), decision in zip(results, decided, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql.SETTLE, [*(list(column) for column in zip(*rows, strict=True)), at])
        held = set(cursor.fetchall())
    return [
        Settled(notice, outcome, decision, (notice.id, notice.lease_token) in held)
        for (notice, outcome), decision in zip(results, decided, strict=True)
    ]


def _decide(notice: Notice, outcome: retry.Outcome) -> retry.Decision:
    return retry.after(
        outcome.result,
        notice.attempts,
        outcome.retry_after,
        jitter=random.random(),
        climbing=notice.escalation_id is not None,
    )


def _settled_row(
    notice: Notice, outcome: retry.Outcome, decision: retry.Decision, at: datetime
) -> tuple[Any, ...]:
    sent = outcome.result is retry.Result.SENT
    error = "" if sent else f"{outcome.result}: {outcome.code}".rstrip(": ")
    if outcome.poison:
        error = f"poison: {outcome.poison}; {error}".rstrip("; ")
    return (
        notice.id,
        notice.lease_token,
        decision.state,
        at + timedelta(seconds=decision.delay_s),
        at if decision.state in ("failed", "dead") else None,
        at if decision.also_alternative else None,
        outcome.provider_ref[:200],
        error[:200],
        str(outcome.result),
        outcome.code[:60],
        outcome.latency_ms,
    )


def supersede(escalations: uuid.UUID | Iterable[uuid.UUID], at: datetime) -> int:
    """Withdraw what escalations have not sent yet; call it where they are closed.

    Give all of them at once: one after the other could wait in a circle with a dispatcher. A
    notice that is on the wire at this moment may still arrive; its late result changes nothing.
    """
    ids = [escalations] if isinstance(escalations, uuid.UUID) else list(escalations)
    with connection.cursor() as cursor:
        cursor.execute(sql.SUPERSEDE, {"escalations": ids, "at": at})
        return cursor.rowcount


def stand_down(escalations: Iterable[uuid.UUID], reference: str, at: datetime) -> int:
    """Withdraw what was not sent yet, and tell everybody who was paged that it is over.

    One statement for all of them; returns how many are told.
    """
    kept, _ = fields.clean({"reference": reference})
    given = {
        "escalations": list(escalations),
        "fields": json.dumps(kept),
        "priority": PRIORITY[Kind.STOOD_DOWN],
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.STAND_DOWN, given)
        return cursor.rowcount


def to_reroute(limit: int = 100) -> list[Notice]:
    """Notices that want another channel or person now, and have not been given one.

    Dead and given-up ones, and those that failed twice and are still being tried. Locked until
    the caller's transaction ends, so that two sweepers do not both move on; call `rerouted` in it.
    """
    waiting = Notice.objects.filter(reroute_at__isnull=False, rerouted_at=None)
    rows = waiting.exclude(state__in=["sent", "superseded"]).order_by("reroute_at")
    return list(rows.select_for_update(skip_locked=True, of=("self",))[:limit])


def rerouted(ids: Iterable[uuid.UUID], at: datetime) -> int:
    """Another way was found (or looked for) for these notices."""
    return Notice.objects.filter(pk__in=list(ids), rerouted_at=None).update(rerouted_at=at)


def by_token(token: str) -> Notice | None:
    """The notice of an acknowledge link; what is typed by hand may be anything."""
    return Notice.objects.filter(ack_token=token).first() if _TOKEN.fullmatch(token) else None


def _notices(rows: Iterable[tuple[Any, ...]]) -> list[Notice]:
    return [Notice.from_db(connection.alias, _COLUMNS, _loaded(row)) for row in rows]


_FIELDS_AT = _COLUMNS.index("fields")


def _loaded(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Django asks psycopg for JSON as text; everything else comes ready."""
    value = row[_FIELDS_AT]
    ready = json.loads(value) if isinstance(value, str) else value
    return (*row[:_FIELDS_AT], ready, *row[_FIELDS_AT + 1 :])
