"""The least a web request can cost: a bare application behind the same gunicorn, with raw SQL."""

import json
import os
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from tests.benchmarks import floors

_own = threading.local()
Start = Callable[[str, list[tuple[str, str]]], Any]


def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """POST /decide/<referral>/<user>, GET /board/<alliance>; anything else is an empty 304."""
    _, what, *about = environ["PATH_INFO"].split("/")
    if what == "decide":
        answer = _decide(UUID(about[0]), int(about[1]), environ)
    elif what == "board":
        answer = floors.board(_line(), int(about[0]), datetime.now(UTC))
    else:
        start("304 Not Modified", [])
        return []
    body = json.dumps(answer, default=str).encode()
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _decide(which: UUID, user: int, environ: dict[str, Any]) -> dict[str, Any]:
    given = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    done = floors.decide(_line(), which, user, datetime.fromisoformat(given["decided_at"]))
    return {"referral": str(which), "done": done}


def _line() -> psycopg.Connection:
    """One connection a thread, kept open, as the product has."""
    if not hasattr(_own, "line"):
        _own.line = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    found: psycopg.Connection = _own.line
    return found
