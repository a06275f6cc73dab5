"""Reading a body strictly: what could be meant two ways is refused, with where it stands."""

from collections.abc import Mapping
from email.message import Message
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from mscc.rest.strict import NotJson, parse


class Malformed(ParseError):
    """Not JSON, or JSON that says one thing twice; `line` and `column` when they are known."""

    default_code = "malformed"

    def __init__(self, sentence: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(sentence)
        self.line, self.column = line, column


class TooBig(APIException):
    status_code = 413
    default_code = "too_big"
    default_detail = (
        "The body is too big: half a megabyte is the most. Notes can have up to 10,000 characters."
    )


class StrictJSONParser(BaseParser):
    """UTF-8 JSON; a field that appears twice, a NaN or a body too deep is refused."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The body as Python values; Malformed, TooBig or UnsupportedMediaType otherwise."""
        _check_charset(media_type or "")
        try:
            # Django's own reading of the body knows the limit, and looks before it reads.
            raw = stream.body if hasattr(stream, "body") else stream.read()
        except RequestDataTooBig:
            raise TooBig from None
        try:
            return parse(raw)
        except NotJson as error:
            raise Malformed(error.sentence, error.line, error.column) from None


def _check_charset(media_type: str) -> None:
    message = Message()
    message["Content-Type"] = media_type
    charset = str(message.get_param("charset", "utf-8"))
    if charset.lower().replace("_", "-") not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(media_type, f"Send UTF-8, not {charset[:40]}.")


class AlwaysJson(BaseContentNegotiation):
    """There is one way to write an answer, whatever a client says it prefers."""

    def select_parser(self, request: Request, parsers: list[BaseParser]) -> BaseParser | None:
        """The parser of the body's media type."""
        wanted = (request.content_type or "").split(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == wanted), None)

    def select_renderer(
        self,
        request: Request,
        renderers: list[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        """The first renderer."""
        return renderers[0], renderers[0].media_type
