"""The headers of a command: a key that makes repeating safe, and the version it was meant for."""

import re
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

KEY_PATTERN = r"^[A-Za-z0-9._:-]{1,80}$"
# Quoted as RFC 9110 has it; many a client forgets the quotes, and a number can mean nothing else.
IF_MATCH_PATTERN = r'^("[0-9]{1,9}"|[0-9]{1,9})$'


class BadHeader(ParseError):
    default_code = "bad_header"


def idempotency_key(request: Request) -> str:
    """The key of `Idempotency-Key`, empty when there is none; BadHeader for one we do not take."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return ""
    if not re.fullmatch(KEY_PATTERN, key) or key.endswith("\n"):
        raise BadHeader(
            "Idempotency-Key is 1 to 80 letters, digits and . _ : - characters, such as a UUID."
        )
    return key


def expected_version(request: Request) -> int | None:
    """The version of `If-Match`, None when it is left out; BadHeader when it is not one of ours."""
    wanted = request.headers.get("If-Match")
    if wanted is None:
        return None
    if not re.fullmatch(IF_MATCH_PATTERN, wanted, re.ASCII):
        raise BadHeader('If-Match is the ETag of the referral as it was read, such as "3".')
    return int(wanted.strip('"'))


def etag(version: int) -> str:
    """A version as a header has it."""
    return f'"{version}"'


def first_answer(body: dict[str, Any], *, status: int = 200, replayed: bool = False) -> Response:
    """The answer to a command; the same body again, and marked so, when it was repeated."""
    response = Response(body, status=status)
    if "version" in body:
        response.headers["ETag"] = etag(body["version"])
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response
