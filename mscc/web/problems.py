"""A refusal for a program, in the one shape all of them have (RFC 9457)."""

from http import HTTPStatus
from typing import Any

MEDIA_TYPE = "application/problem+json"


def problem(status: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
    """The body of a refusal; `more` are its other members, left out when they are None."""
    body = {
        "type": f"urn:mscc:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    return body | {name: value for name, value in more.items() if value is not None}
