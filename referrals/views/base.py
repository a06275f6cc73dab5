"""What every page about one referral begins with: may this person see it, and may they do this.

A view looks the referral up with `visible_referral`, asks `require` for a permission at its
place, and carries a command out with `attempt`, which puts a refusal on the form.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import register_converter

from mscc import clock
from mscc.events import Actor, Command, publish
from mscc.people.models import User
from mscc.people.roles import Permission
from referrals.domain.queries.answered import answered_at
from referrals.domain.queries.visible import referrals_visible_to
from referrals.domain.refusals import Conflict, KeyReused, Refused, Repeated
from referrals.events import AccessRefused, RecordRead
from referrals.forms.base import CommandForm
from referrals.models import Referral

AROUND = ("patient", "alliance", "trust", "hospital", "ward", "taken_by")


class ReferenceConverter:
    """`<reference:reference>` in an address; typed in small letters it is the same one."""

    regex = "[0-9A-Za-z]{3}-[0-9A-Za-z]{2}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(ReferenceConverter, "reference")


def visible(request: HttpRequest, reference: str) -> QuerySet[Referral]:
    """The one referral of this reference, if the person may see it: what commands are given."""
    return referrals_visible_to(request.user).filter(reference=reference)


def visible_referral(request: HttpRequest, reference: str) -> Referral:
    """The referral with its person and place, or 404 and a row in the trail.

    Whether it does not exist or is somebody else's is not said.
    """
    referral = visible(request, reference).select_related(*AROUND).first()
    if referral is None:
        refuse_access(request, reference)
    return referral


def refuse_access(request: HttpRequest, reference: str) -> NoReturn:
    """Record that somebody asked for what is not theirs, in its own transaction; raises Http404."""
    with transaction.atomic():
        publish(
            AccessRefused(
                by=Actor.user(request.user),
                at=clock.now(),
                reference=reference,
                path=request.path,
            )
        )
    raise Http404


def may(user: User, permission: Permission, referral: Referral) -> bool:
    """Whether a role held now at the referral's place, or around it, allows this."""
    return any(
        getattr(referral, f"{place.kind}_id") == place.id for place in user.places(permission)
    )


def require(request: HttpRequest, permission: Permission, referral: Referral) -> None:
    """403 for somebody who may see the referral and not do this."""
    if not may(request.user, permission, referral):
        raise PermissionDenied


def record_read(request: HttpRequest, referral: Referral, how: str) -> None:
    """Put this reading on the trail. `how` is screen, print, letter, api or search."""
    with transaction.atomic():
        publish(
            RecordRead(
                by=Actor.user(request.user),
                at=clock.now(),
                referral_id=referral.pk,
                reference=referral.reference,
                how=how,
            )
        )


def command_for(request: HttpRequest, form: CommandForm, *, on_behalf_of: str = "") -> Command:
    """Who asks, when, from which version, under which key; the form has been found valid."""
    key = form.cleaned_data.get("key")
    return Command(
        by=Actor.user(request.user, on_behalf_of=on_behalf_of),
        at=form.at,
        version=form.cleaned_data.get("version"),
        key=str(key) if key else "",
    )


@dataclass(frozen=True, slots=True)
class Done:
    """What a command led to. `repeated`: it took place before, and nothing was done now."""

    reference: str
    repeated: bool = False


def attempt(
    request: HttpRequest,
    form: CommandForm,
    carry_out: Callable[[CommandForm], Referral],
    again: Callable[[datetime], CommandForm] | None = None,
) -> Done | None:
    """Carry a command out; None when it was refused, with the refusal and status on the form.

    `again(at)` draws the same form as of another moment. A form sent twice that says "now" means
    the moment of the first, and is only then seen to be the same request.
    """
    try:
        return Done(carry_out(form).reference)
    except Repeated as repeated:
        return Done(repeated.answer["reference"], repeated=True)
    except KeyReused:
        first_at = answered_at(request.user.pk, str(form.cleaned_data["key"]))
        if again is not None and first_at not in (None, form.at):
            same = again(first_at)
            if same.is_valid() and (done := attempt(request, same, carry_out)):
                return done
        _refuse(request, form, SavedBefore(first_at or form.at))
        form.new_key()
    except Refused as refusal:
        _refuse(request, form, refusal)
    except Referral.DoesNotExist:
        raise Http404 from None
    return None


class SavedBefore(Conflict):
    """The form was saved, then went back to, changed and sent again."""

    code = "saved_before"

    def __init__(self, at: datetime) -> None:
        super().__init__(
            f"This form was saved already, at {clock.local(at):%H:%M}, with something else in it. "
            "Look at what was recorded. If this is to be recorded as well, save it again."
        )


def _refuse(request: HttpRequest, form: CommandForm, refusal: Refused) -> None:
    """Put it on the form; after a conflict with the version of now, so that saving again works."""
    version = None
    reference = getattr(request.resolver_match, "kwargs", {}).get("reference")
    if isinstance(refusal, Conflict) and reference is not None:
        version = visible(request, reference).values_list("version", flat=True).first()
    form.refuse(refusal, version)
