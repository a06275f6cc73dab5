"""Where other systems call us: receipts and replies of GOV.UK Notify, and signed webhooks.

No session and no person: the caller shows a shared secret, compared in constant time. A body is
short, a number counts once, and an answer says nothing about any person.
"""

import hmac
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from mscc import clock
from scheduling.domain import replies
from scheduling.notify import receipts
from scheduling.notify.inbound import Changed, Done, Status, once
from scheduling.notify.models import Channel
from scheduling.notify.transports.webhook import signature

logger = structlog.get_logger(__name__)

BODY_LIMIT = 16 * 1024  # bytes
WINDOW_S = 300  # how far a caller's clock may be from ours
GOVUK = "govuk-notify"
_SECRET_LEAST = 16
_NUMBER = re.compile(r"[\w.:-]{1,80}", re.ASCII)
_NAME = re.compile(r"[^\x00-\x1f\x7f]{0,100}")


class Refused(Exception):
    """The call is not taken. `status` is HTTP's; the sentence is all that the caller is told."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


@csrf_exempt
@login_not_required
@require_POST
def govuk_receipt(request: HttpRequest) -> HttpResponse:
    """GOV.UK Notify says what became of a text message."""
    return _answer(request, _govuk_receipt)


@csrf_exempt
@login_not_required
@require_POST
def govuk_reply(request: HttpRequest) -> HttpResponse:
    """GOV.UK Notify hands over a text message that somebody sent us."""
    return _answer(request, _govuk_reply)


@csrf_exempt
@login_not_required
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Another system acknowledges a message, hands over a reply, or says what became of one.

    `X-MSCC-Source` names it; `X-MSCC-Signature` is `sha256=` and the HMAC-SHA256 of
    `timestamp.body` under its secret; `X-MSCC-Timestamp` is in seconds. The body's `id` is its
    own number for the call: sent again, it gets its first answer.
    """
    return _answer(request, _webhook)


def _answer(request: HttpRequest, take: Callable[[HttpRequest, datetime], Done]) -> HttpResponse:
    try:
        done = take(request, clock.now())
    except Refused as refusal:
        logger.warning("inbound_refused", status=refusal.status, reason=refusal.sentence)
        answer = JsonResponse({"error": refusal.sentence}, status=refusal.status)
        if refusal.status == 401:
            answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    except Changed:
        return JsonResponse({"error": "This id came before with another body."}, status=409)
    said = {"status": done.status, "reason": done.reason, "again": done.again}
    return JsonResponse(said)


def _govuk_receipt(request: HttpRequest, at: datetime) -> Done:
    body = _from_govuk(request)
    said = _said(body)
    word = said.get("status")
    if word not in receipts.WORDS:
        raise Refused(422, "The status is not known.")
    control_id = f"{_number(said)}:{word}"
    notice_id = _uuid(said.get("reference"))
    return once(GOVUK, control_id, body, at, lambda: _received(notice_id, word, at, Channel.SMS))


def _govuk_reply(request: HttpRequest, at: datetime) -> Done:
    body = _from_govuk(request)
    said = _said(body)
    address, text = _text(said, "source_number", 40), _text(said, "message", 2000)
    return once(
        f"{GOVUK}-replies",
        _number(said),
        body,
        at,
        lambda: replies.by_code(Channel.SMS, address, text, at),
    )


def _from_govuk(request: HttpRequest) -> bytes:
    token = str(settings.NOTIFY.get("GOVUK_CALLBACK_TOKEN", ""))
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    known = len(token) >= _SECRET_LEAST and _same(shown.strip(), token)
    if scheme.lower() != "bearer" or not known:
        raise Refused(401, "The token is not the one that was agreed on.")
    return _body(request)


def _webhook(request: HttpRequest, at: datetime) -> Done:
    source = request.headers.get("X-MSCC-Source", "")
    timestamp = request.headers.get("X-MSCC-Timestamp", "")
    body = _body(request)
    _check_signature(request, source, timestamp, body)
    said = _said(body)
    act = _wanted(said, at)
    return once(f"webhook:{source}", _number(said), body, at, act)


def _check_signature(request: HttpRequest, source: str, timestamp: str, body: bytes) -> None:
    pairs = (each.partition("=") for each in settings.NOTIFY.get("INBOUND_SECRETS", ()))
    secret = {name.strip(): secret.strip() for name, _, secret in pairs}.get(source, "")
    readable = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
    expected = "sha256=" + signature(secret, timestamp if readable else "0", body)
    same = _same(request.headers.get("X-MSCC-Signature", ""), expected)
    if len(secret) < _SECRET_LEAST or not readable or not same:
        raise Refused(401, "The signature is not right.")
    # The world's clock: a demo that was moved on still talks to systems that were not.
    if abs(clock.real_now().timestamp() - int(timestamp)) > WINDOW_S:
        raise Refused(401, "The timestamp is too old, or ahead of our clock.")


def _wanted(said: dict[str, Any], at: datetime) -> Callable[[], Done]:
    """What the body of a webhook asks for."""
    what = said.get("what")
    if what == "acknowledge":
        notice_id, who = _uuid(said.get("notice")), _text(said, "by", 100)
        if not _NAME.fullmatch(who):
            raise Refused(422, "A name is at most 100 characters on one line.")
        return lambda: replies.by_system(notice_id, who.strip(), at)
    if what == "reply":
        channel = said.get("channel")
        if channel not in (Channel.PAGER, Channel.SMS):
            raise Refused(422, "A reply comes by pager or sms.")
        address, text = _text(said, "from", 40), _text(said, "text", 2000)
        return lambda: replies.by_code(channel, address, text, at)
    if what == "receipt":
        notice_id, word = _uuid(said.get("notice")), said.get("status")
        if word not in receipts.WORDS:
            raise Refused(422, "The status is not known.")
        return lambda: _received(notice_id, word, at, Channel.WEBHOOK)
    raise Refused(422, "`what` is acknowledge, reply or receipt.")


def _received(notice_id: UUID, word: str, at: datetime, channel: str) -> Done:
    changed = receipts.receive(notice_id, word, at, channel)
    return Done(Status.DONE, word) if changed else Done(Status.NOTHING, word)


def _body(request: HttpRequest) -> bytes:
    length = request.headers.get("Content-Length", "")
    if not length.isdigit() or int(length) > BODY_LIMIT:
        raise Refused(413, f"A body has at most {BODY_LIMIT} bytes, and says how many.")
    return request.read(BODY_LIMIT)


def _said(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "The body is not JSON.") from error
    if not isinstance(said, dict):
        raise Refused(400, "The body is not an object.")
    return said


def _number(said: dict[str, Any]) -> str:
    number = said.get("id")
    if not isinstance(number, str) or not _NUMBER.fullmatch(number):
        raise Refused(422, "`id` is the caller's own number for this call.")
    return number


def _uuid(value: object) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise Refused(422, "That is not the number of a notice.") from error


def _text(said: dict[str, Any], name: str, limit: int) -> str:
    value = said.get(name, "")
    if not isinstance(value, str) or len(value) > limit or "\x00" in value:
        raise Refused(422, f"`{name}` is text of at most {limit} characters.")
    return value


def _same(shown: str, expected: str) -> bool:
    return hmac.compare_digest(shown.encode("utf-8", "replace"), expected.encode())
