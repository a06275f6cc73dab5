"""What every command of the API does: read the body, find the referral, ask the domain."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mscc import clock
from mscc.events import Actor, Command
from mscc.people.roles import Permission
from mscc.rest.headers import expected_version, first_answer, idempotency_key
from mscc.rest.serializers import Shown, Strict
from referrals.api.bodies import EmptyBody
from referrals.domain.path import answer_of
from referrals.domain.queries.permitted import may_do
from referrals.domain.refusals import Repeated
from referrals.models import Referral
from referrals.states import State
from referrals.views.base import refuse_access, visible


class AnswerSerializer(Shown):
    """How the referral stands after a command."""

    referral = serializers.UUIDField()
    reference = serializers.CharField()
    state = serializers.ChoiceField(choices=State.values)
    version = serializers.IntegerField(help_text="For If-Match.")


class CommandView(APIView):
    """A subclass names its body and permission, and says what the domain is to do."""

    tag: ClassVar[str] = "Commands"
    takes: ClassVar[type[Strict]] = EmptyBody
    gives: ClassVar[type[Shown]] = AnswerSerializer
    versioned: ClassVar[bool] = True
    permission: ClassVar[Permission] = Permission.ACT_ON_REFERRALS
    # The field of the body that names who did it, which need not be who sends it.
    done_by: ClassVar[str] = ""
    # Where the domain's name of a field is not where it stands in the body.
    pointers: Mapping[str, str] = {}

    def carry_out(self, which: Any, given: dict[str, Any], command: Command) -> Referral:
        """Call the domain with what the body holds."""
        raise NotImplementedError

    def on_behalf_of(self, given: dict[str, Any]) -> str:
        """For whom it is sent, when that is somebody else; empty otherwise."""
        return str(given.get(self.done_by, ""))

    def which(self, request: Request, reference: str) -> QuerySet[Referral]:
        """The referral, if this person may do this to it."""
        return may_do(request.user, self.permission).filter(reference=reference)

    def post(self, request: Request, reference: str, **path: Any) -> Response:
        command = command_of(request)
        given = body(self.takes, request)
        self.path_values = path
        if named := self.on_behalf_of(given):
            command = command_for(request, command, named)
        try:
            referral = self.carry_out(self.which(request, reference), given, command)
        except Repeated as repeated:
            return first_answer(repeated.answer, replayed=True)
        except Referral.DoesNotExist:
            refuse(request, reference)
        return first_answer(answer_of(referral))


# The schema takes a view's words from its class, not from what all of them share.
CommandView.post.__doc__ = None


def command_of(request: Request) -> Command:
    """Who asks, when, from which version, under which key. BadHeader for what we do not take."""
    return Command(
        by=Actor.user(request.user),
        at=clock.now(),
        version=expected_version(request),
        key=idempotency_key(request),
    )


def command_for(request: Request, command: Command, named: str) -> Command:
    """The same command on behalf of somebody; one's own name is nobody else's."""
    if named == request.user.name:
        return command
    return replace(command, by=Actor.user(request.user, on_behalf_of=named))


def body(takes: type[Strict], request: Request) -> dict[str, Any]:
    """What a body says; ValidationError with where it says what cannot be."""
    read = takes(data=request.data)
    read.is_valid(raise_exception=True)
    found: dict[str, Any] = read.validated_data
    return found


def refuse(request: Request, reference: str) -> None:
    """403 for what may be seen and not done; else 404, and the attempt is on the trail."""
    if visible(request, reference).exists():
        raise PermissionDenied
    refuse_access(request, reference)
