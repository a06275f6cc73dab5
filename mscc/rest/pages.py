"""Lists in pages: a cursor says where the last page ended, so that nothing is missed or doubled."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.core import signing
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

USUAL, MOST = 50, 200
CURSOR_SECONDS = 24 * 3600
_Row = TypeVar("_Row")


class BadQuery(ParseError):
    """A query parameter we do not take; the sentence says what would be right."""

    default_code = "bad_query"


class Page(Generic[_Row]):
    """What one request asks of a list: `limit` rows after `after`, the position it left off at."""

    def __init__(self, request: Request, name: str, *also: str) -> None:
        """`name` is the list's own: a cursor of another one is refused. `also` are its filters."""
        self.name = name
        only(request, "limit", "cursor", *also)
        self.request = request
        self.limit = _limit(request.query_params.get("limit"))
        self.after = self._position(request.query_params.get("cursor"))

    def of(
        self,
        rows: Sequence[_Row],
        position: Callable[[_Row], Sequence[Any]],
        shown: type[serializers.Serializer],
        **context: Any,
    ) -> Response:
        """The answer, from at most `limit` + 1 rows: one more than fit says that there is more."""
        fitting = rows[: self.limit]
        more = len(rows) > self.limit
        cursor = signing.dumps(list(position(fitting[-1])), salt=self._salt) if more else None
        following = None
        if cursor is not None:
            query = self.request.query_params.copy()
            query["cursor"] = cursor
            following = f"{self.request.path}?{query.urlencode()}"
        made = shown(fitting, many=True, context={"request": self.request, **context})
        return Response({"results": made.data, "next": following})

    @property
    def _salt(self) -> str:
        return f"mscc.rest.pages.{self.name}"

    def _position(self, cursor: str | None) -> list[Any] | None:
        if cursor is None:
            return None
        try:
            position: list[Any] = signing.loads(cursor, salt=self._salt, max_age=CURSOR_SECONDS)
        except signing.BadSignature:
            sentence = "This cursor is not one of this list, or is old. Begin without one."
            raise BadQuery(sentence) from None
        return position


def only(request: Request, *known: str) -> None:
    """Refuse query parameters this address does not know: a filter misspelt is not no filter."""
    for name in request.query_params:
        if name not in known:
            allowed = ", ".join(known) or "none"
            raise BadQuery(f"There is no parameter '{_shown(name)}' here. Allowed: {allowed}.")
        if len(request.query_params.getlist(name)) > 1:
            raise BadQuery(f"The parameter '{name}' is given more than once.")


def whole(request: Request, name: str) -> int | None:
    """A number from 1 in the query; None when left out."""
    text = request.query_params.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) > 0):
        raise BadQuery(f"{name} is a whole number from 1.")
    return int(text)


def one_of(request: Request, name: str, allowed: Sequence[str]) -> str:
    """One of some words in the query; empty when left out."""
    text = request.query_params.get(name)
    if text is None:
        return ""
    if text not in allowed:
        raise BadQuery(f"{name} is one of: {', '.join(allowed)}.")
    return text


def matching(request: Request, name: str, pattern: str) -> str:
    """A text of one shape in the query; empty when left out."""
    text = request.query_params.get(name)
    if text is None:
        return ""
    if not re.fullmatch(pattern.strip("^$"), text):
        raise BadQuery(f"{name} must look like {pattern}.")
    return text


def _limit(text: str | None) -> int:
    if text is None:
        return USUAL
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= MOST):
        raise BadQuery(f"limit is a whole number from 1 to {MOST}.")
    return int(text)


def _shown(name: str) -> str:
    return name[:60].encode("ascii", "backslashreplace").decode()
