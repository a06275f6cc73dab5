"""The demo's GOV.UK Notify, as far as a text message needs it: it keeps what it is sent, says a
moment later that it arrived, and delivers to nobody.
"""

import asyncio
import json
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection

from mscc import clock
from scheduling.notify import receipts

PATH = "/v2/notifications/sms"
_BODY_LIMIT = 16 * 1024


async def text_message(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    keep: Callable[[str, str, str, str], None],
) -> None:
    """One request over HTTP/1.1, answered as Notify would; the connection ends with it."""
    code, after = 400, None
    answer: dict[str, Any] = {"errors": [{"error": "BadRequestError", "message": "?"}]}
    try:
        said = await _request(reader)
        if said is not None:
            text = str(said["personalisation"]["text"])
            await asyncio.to_thread(keep, "sms", str(said["phone_number"]), "", text)
            code, answer = 201, {"id": str(uuid.uuid4()), "reference": said["reference"]}
            after = uuid.UUID(str(said["reference"]))
    except (ValueError, KeyError, TypeError, asyncio.IncompleteReadError):
        pass  # not a message of ours: it is refused
    body = json.dumps(answer).encode()
    head = f"HTTP/1.1 {code} -\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    writer.write(f"{head}\r\nConnection: close\r\n\r\n".encode() + body)
    await writer.drain()
    writer.close()
    if after is not None:
        await asyncio.sleep(1)
        await asyncio.to_thread(_arrived, after, clock.now())


async def _request(reader: asyncio.StreamReader) -> dict[str, Any] | None:
    """The body of a POST to the one address there is; None for anything else."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    fields = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in head[1:])
    }
    length = int(fields.get("content-length", "0"))
    if not head[0].startswith(f"POST {PATH} ") or length > _BODY_LIMIT:
        return None
    if not fields.get("authorization", "").startswith("Bearer "):
        return None
    said = json.loads(await reader.readexactly(length))
    return said if isinstance(said, dict) else None


def _arrived(notice_id: uuid.UUID, at: datetime) -> None:
    try:
        receipts.receive(notice_id, receipts.DELIVERED, at)
    finally:
        connection.close()
