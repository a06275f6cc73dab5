"""What a program is told when something was wrong (RFC 9457)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from mscc.web.problems import MEDIA_TYPE, problem


class PointedSerializer(serializers.Serializer):
    """One thing that is wrong, and where in the body it stands (RFC 6901)."""

    pointer = serializers.CharField(help_text="A JSON pointer into the body, such as /slot_at.")
    detail = serializers.CharField(help_text="What is wrong there and what to do.")


class ProblemSerializer(serializers.Serializer):
    """Nothing was changed. `detail` is for a person, `code` for a program."""

    type = serializers.CharField(help_text="urn:mscc:problem: and the code.")
    title = serializers.CharField(help_text="The HTTP status in words.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong and what to do, in a sentence.")
    code = serializers.CharField()
    errors = PointedSerializer(many=True, required=False)
    allowed = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="After a 409: the verbs that are possible now.",
    )
    line = serializers.IntegerField(required=False, help_text="Where the JSON ends to be JSON.")
    column = serializers.IntegerField(required=False)


def answer(
    status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """The same as a response."""
    return Response(
        problem(status, code, detail, **more),
        status=status,
        headers=dict(headers or {}),
        content_type=MEDIA_TYPE,
    )


def pointed(detail: Any, at: str = "") -> Iterator[dict[str, str]]:
    """The errors of a serializer as a list of pointers and sentences."""
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            where = at if key == "non_field_errors" else f"{at}/{escaped(key)}"
            yield from pointed(inner, where)
    elif isinstance(detail, Sequence) and not isinstance(detail, str):
        for index, inner in enumerate(detail):
            whole = isinstance(inner, str)
            yield from pointed(inner, at if whole else f"{at}/{index}")
    elif detail:
        yield {"pointer": at, "detail": str(detail)}


def escaped(key: object) -> str:
    """A member's name inside a JSON pointer."""
    return str(key).replace("~", "~0").replace("/", "~1")
