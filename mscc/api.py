"""`/api/v1/`: its addresses, and how a refusal anywhere in it is said."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mscc.people.models import AssignmentNow, Specialty
from mscc.people.roles import Permission
from mscc.rest import problems
from mscc.rest.pages import only
from mscc.rest.reading import Malformed, TooBig
from mscc.rest.serializers import Shown
from referrals.domain.refusals import Invalid, Refused


def refused(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The problem that stands for an exception; None for one that nobody foresaw (a 500)."""
    if isinstance(error, Refused):
        return _by_the_domain(error, context.get("view"))
    if isinstance(error, Http404):
        return problems.answer(404, "not_found", "It is not there, or it is not yours to see.")
    if isinstance(error, PermissionDenied):
        return problems.answer(403, "forbidden", "You are not allowed to do this here.")
    if isinstance(error, RequestDataTooBig):
        error = TooBig()
    if isinstance(error, exceptions.ValidationError):
        return _unreadable(error)
    if isinstance(error, exceptions.APIException):
        return _by_the_framework(error)
    return None


def _by_the_domain(refusal: Refused, view: Any) -> Response:
    more: dict[str, Any] = {"allowed": getattr(refusal, "allowed", None)}
    if isinstance(refusal, Invalid):
        where = getattr(view, "pointers", {})
        more["errors"] = [
            {"pointer": where.get(name, f"/{problems.escaped(name)}"), "detail": sentence}
            for name, sentence in refusal.errors.items()
        ]
    return problems.answer(refusal.status, refusal.code, refusal.sentence, **more)


def _unreadable(error: exceptions.ValidationError) -> Response:
    errors = list(problems.pointed(error.detail))
    detail = " ".join(f"{each['pointer'] or 'The body'}: {each['detail']}" for each in errors[:3])
    more = len(errors) - 3
    detail += f" And {more} more." if more > 0 else ""
    return problems.answer(422, "unreadable", detail, errors=errors)


def _by_the_framework(error: exceptions.APIException) -> Response:
    headers = {}
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        headers["WWW-Authenticate"] = getattr(error, "auth_header", "Token")
    more: dict[str, Any] = {}
    if isinstance(error, Malformed):
        more = {"line": error.line, "column": error.column}
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else error.default_code
    return problems.answer(error.status_code, code, str(error.detail), headers=headers, **more)


class Docs(SpectacularSwaggerSplitView):
    """The schema to read and try, without a script or a style inside the page."""

    template_name = "api/docs.html"


class HeldSerializer(Shown):
    """A role you hold now, and where."""

    role = serializers.SerializerMethodField()
    specialty = serializers.ChoiceField(choices=Specialty.values, allow_null=True)
    place_id = serializers.IntegerField(source="place.id")
    place_kind = serializers.CharField(source="place.kind")
    place = serializers.CharField(source="place.name")
    permissions = serializers.ListField(
        child=serializers.ChoiceField(choices=[each.value for each in Permission])
    )

    def get_role(self, held: AssignmentNow) -> str:
        """The key of the role."""
        return held.role.key


class MeSerializer(Shown):
    """You, as this service knows you."""

    name = serializers.CharField()
    email = serializers.CharField()
    job_title = serializers.CharField()
    roles = HeldSerializer(source="assignments_now", many=True)


class Me(APIView):
    """Who you are here."""

    tag = "You"
    shows = MeSerializer

    def get(self, request: Request) -> Response:
        """Who you are here, and what you may do where."""
        only(request)
        return Response(MeSerializer(request.user).data)


urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", login_required(Docs.as_view()), name="api-docs"),
    path("me/", Me.as_view()),
    path("", include("referrals.api.urls")),
    path("", include("scheduling.api.urls")),
]
