"""The schema of the API, from what each view says of itself.

A view names what it `shows` (GET) and what it `takes` and `gives` (POST); headers, problems and
the strictness of bodies are the same everywhere and are written here once.
"""

import re
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from mscc.rest import headers, pages
from mscc.rest.problems import ProblemSerializer
from mscc.web.problems import MEDIA_TYPE

_PROBLEMS = {
    400: "Not JSON, an unknown or impossible parameter, or a header we do not take.",
    401: "No sign-in: send a token or a session.",
    403: "Signed in, and not allowed to do this here.",
    404: "Not there, or not yours to see; which of the two is not said.",
    405: "Not a method of this address.",
    409: "The referral has become something else meanwhile; `allowed` says what is possible now.",
    413: "The body is too big.",
    415: "Not application/json in UTF-8.",
    422: "The body says something that cannot be; `errors` says where.",
    429: "Too many requests; Retry-After says for how long.",
}
_READING = (400, 401, 403, 404, 405, 429)
_HEADER, _QUERY, _PATH = OpenApiParameter.HEADER, OpenApiParameter.QUERY, OpenApiParameter.PATH
REFERENCE = r"^[0-9A-Z]{3}-[0-9A-Z]{2}$"


class Described(AutoSchema):
    """Reads `shows`, `takes`, `gives`, `parameters`, `examples` and `tag` of a view."""

    def is_excluded(self) -> bool:
        return not hasattr(self.view, "tag")

    def get_tags(self) -> list[str]:
        return [self.view.tag]

    def get_operation_id(self) -> str:
        verb = {"GET": "", "POST": "post"}[self.method]
        if self.method == "POST" and not getattr(self.view, "shows", None):
            verb = ""
        name = f"{verb}{type(self.view).__name__}" if verb else type(self.view).__name__
        return name[:1].lower() + name[1:]

    def get_summary(self) -> str:
        return self._words().partition("\n")[0].strip()

    def get_description(self) -> str:
        return re.sub(r"\n +", "\n", self._words()).strip()

    def _words(self) -> str:
        handler = getattr(self.view, self.method.lower())
        return handler.__doc__ or type(self.view).__doc__ or ""

    def get_examples(self) -> list[OpenApiExample]:
        if self.method != "POST":
            return []
        return [
            OpenApiExample(name, value=value, request_only=True)
            for name, value in getattr(self.view, "examples", {}).items()
        ]

    def get_request_serializer(self) -> Any:
        return getattr(self.view, "takes", None)

    def get_response_serializers(self) -> Any:
        problems = {
            (status, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, _PROBLEMS[status])
            for status in (_READING if self.method == "GET" else tuple(_PROBLEMS))
        }
        if self.method == "GET":
            return {200: self.view.shows, **problems}
        return {getattr(self.view, "success", 200): self.view.gives, **problems}

    def get_override_parameters(self) -> list[OpenApiParameter]:
        found = list(getattr(self.view, "parameters", {}).get(self.method, ()))
        if "{reference}" in self.path:
            found.append(
                OpenApiParameter("reference", {"type": "string", "pattern": REFERENCE}, _PATH)
            )
        if self.method == "POST":
            found += _commanding(self.view)
        return found


def _commanding(view: Any) -> list[OpenApiParameter]:
    success = [getattr(view, "success", 200)]
    key = {"type": "string", "pattern": headers.KEY_PATTERN}
    given = [
        OpenApiParameter(
            "Idempotency-Key",
            key,
            _HEADER,
            description="Of your own making, such as a UUID. The same request sent again with it "
            "gets the first answer; a different one gets 422.",
        ),
        OpenApiParameter(
            "Idempotent-Replayed",
            {"type": "string", "enum": ["true"]},
            _HEADER,
            response=success,
            description="There when this is the answer to the first request of this key.",
        ),
    ]
    if getattr(view, "versioned", False):
        given.append(
            OpenApiParameter(
                "If-Match",
                {"type": "string", "pattern": headers.IF_MATCH_PATTERN},
                _HEADER,
                description="The ETag of the referral as it was read. When it has changed since, "
                "nothing is done and a 409 says who changed what.",
            )
        )
    return given


def paged(*filters: OpenApiParameter) -> dict[str, list[OpenApiParameter]]:
    """The parameters of a list."""
    limit = {"type": "integer", "minimum": 1, "maximum": pages.MOST, "default": pages.USUAL}
    return {
        "GET": [
            OpenApiParameter("limit", limit, _QUERY),
            OpenApiParameter(
                "cursor", {"type": "string"}, _QUERY, description="From `next` of the page before."
            ),
            *filters,
        ]
    }


class StrictExtension(OpenApiSerializerExtension):
    """What a body may not have is said in the schema, too."""

    target_class = "mscc.rest.serializers.Strict"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        """The usual schema, closed."""
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**schema, "additionalProperties": False}
