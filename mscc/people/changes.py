"""Changing people, how they are reached and where they are signed in; the trail is told."""

import hashlib
from datetime import datetime

from django.db import transaction

from mscc.events import Actor, publish
from mscc.people.events import PersonChanged, PlaceChanged
from mscc.people.models import (
    ApiToken,
    Assignment,
    ContactPoint,
    Organisation,
    Session,
    User,
)
from mscc.people.models.token import digest_of, expiry, new_key


def tell(user_id: int, change: str, *, by: Actor, at: datetime, held: Assignment | None) -> None:
    """Publish one change; `held` is the role it was about, where it was about one."""
    publish(
        PersonChanged(
            by=by,
            at=at,
            user_id=user_id,
            change=change,
            role=held.role if held else "",
            organisation_id=held.organisation_id if held else None,
        )
    )


def tell_of_place(place: Organisation, change: str, *, by: Actor, at: datetime) -> None:
    """Publish one change of a place or of its contact points."""
    publish(PlaceChanged(by=by, at=at, organisation_id=place.pk, change=change))


@transaction.atomic
def add_contact(contact: ContactPoint, *, by: Actor, at: datetime) -> ContactPoint:
    """Keep a new way to reach a person. It must have passed full_clean already."""
    contact.save()
    if contact.user_id is not None:
        tell(contact.user_id, f"{contact.channel} contact added", by=by, at=at, held=None)
    return contact


@transaction.atomic
def remove_contact(user: User, contact_id: int, *, by: Actor, at: datetime) -> bool:
    """Forget a person's contact point; False when it is not theirs or not there."""
    removed, _ = ContactPoint.objects.filter(pk=contact_id, user=user).delete()
    if removed:
        tell(user.pk, "contact removed", by=by, at=at, held=None)
    return bool(removed)


def session_handle(session: Session) -> str:
    """A name for a session that can stand in a page: its key would be as good as a password."""
    return hashlib.sha256(session.session_key.encode()).hexdigest()[:20]


def open_sessions(user: User, at: datetime) -> list[Session]:
    """Where this person is signed in, the most recently used first."""
    from mscc.people.sessions import has_run_out

    rows = Session.objects.filter(user=user, locked_at=None, expire_date__gt=at)
    return [row for row in rows if not has_run_out(row, at)]


def token_until(user: User, at: datetime) -> datetime | None:
    """Until when this person's token for the API works; None without one that does."""
    tokens = ApiToken.objects.filter(user=user, expires_at__gt=at)
    return tokens.values_list("expires_at", flat=True).first()


def forget_old_sessions(at: datetime) -> int:
    """Delete the rows of sessions that are over for good; returns how many there were."""
    removed, _ = Session.objects.filter(expire_date__lte=at).delete()
    return removed


@transaction.atomic
def end_every_session(user: User, *, by: Actor, at: datetime) -> None:
    """Sign a person out everywhere, and make their token for the API useless."""
    Session.objects.filter(user=user).delete()
    ApiToken.objects.filter(user=user).delete()
    tell(user.pk, "signed out everywhere", by=by, at=at, held=None)


@transaction.atomic
def end_session(user: User, handle: str, *, by: Actor, at: datetime) -> bool:
    """Sign one browser out at once; False when there is no such session of this person."""
    for row in Session.objects.filter(user=user):
        if session_handle(row) == handle:
            row.delete()
            tell(user.pk, "sign-in ended", by=by, at=at, held=None)
            return True
    return False


@transaction.atomic
def disable(user: User, *, by: Actor, at: datetime) -> None:
    """Shut a person out: no new sign-in, and the ones there are end now."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    Session.objects.filter(user=user).delete()
    ApiToken.objects.filter(user=user).delete()
    tell(user.pk, "disabled", by=by, at=at, held=None)


@transaction.atomic
def give_role(assignment: Assignment, *, by: Actor, at: datetime) -> Assignment:
    """Give a person a role at a place. It must have passed full_clean already."""
    assignment.save()
    tell(assignment.user_id, "role given", by=by, at=at, held=assignment)
    return assignment


@transaction.atomic
def new_token(user: User, *, by: Actor, at: datetime) -> str:
    """Make a token for the API, in place of an earlier one; it can be read this once only."""
    key = new_key()
    kept = {"digest": digest_of(key), "made_at": at, "expires_at": expiry(at)}
    ApiToken.objects.update_or_create(user=user, defaults=kept)
    tell(user.pk, "token made", by=by, at=at, held=None)
    return key


@transaction.atomic
def drop_token(user: User, *, by: Actor, at: datetime) -> None:
    """Make the token for the API useless."""
    removed, _ = ApiToken.objects.filter(user=user).delete()
    if removed:
        tell(user.pk, "token removed", by=by, at=at, held=None)
