"""A referral while it is being typed: kept at every step, until it is sent or thrown away.

A draft holds what was typed, as it was typed: half a date is kept, too. It is read and judged by
the forms. Only its writer sees it, and it is forgotten when nobody has touched it for a week.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.datastructures import MultiValueDict

from mscc.people.models import User
from referrals.models import Draft, Referral

KEPT_FOR = timedelta(days=7)

Typed = Mapping[str, list[str]]


def of_writer(user: User, draft_id: UUID) -> Draft | None:
    """The draft of this person, sent or not; somebody else's is not there."""
    return Draft.objects.filter(pk=draft_id, owner=user).first()


def unsent_of(user: User) -> list[Draft]:
    """This person's drafts that were not sent, the last one touched first."""
    return list(Draft.objects.filter(owner=user, referral__isnull=True))


def save(
    draft_id: UUID, user: User, page: str, typed: Mapping[str, Iterable[str]], at: datetime
) -> Draft | None:
    """Keep what was typed on one page; the first page saved begins the draft.

    None when there is a draft with this id that is not this person's, or that has been sent.
    """
    _forget_old(at)
    with transaction.atomic():
        draft, _ = Draft.objects.get_or_create(
            pk=draft_id, defaults={"owner": user, "started_at": at, "saved_at": at}
        )
        draft = Draft.objects.select_for_update().get(pk=draft.pk)
        if draft.owner_id != user.pk or draft.referral_id is not None:
            return None
        draft.data = {**draft.data, page: _storable(typed)}
        draft.saved_at = at
        draft.save(update_fields=["data", "saved_at"])
    return draft


def typed_on(draft: Draft | None, page: str) -> MultiValueDict | None:
    """What was typed on a page, as a form reads it; None when the page was never saved."""
    if draft is None or page not in draft.data:
        return None
    return MultiValueDict(draft.data[page])


def discard(user: User, draft_id: UUID) -> bool:
    """Throw an unsent draft away; False when there is none of this person's."""
    deleted, _ = Draft.objects.filter(pk=draft_id, owner=user, referral__isnull=True).delete()
    return bool(deleted)


def lock(user: User, draft_id: UUID) -> Draft | None:
    """The draft, held until the transaction ends: whoever sends it a second time waits here."""
    return Draft.objects.select_for_update().filter(pk=draft_id, owner=user).first()


def sent(draft: Draft, referral: Referral) -> None:
    """The draft has become a referral: what was typed is in there, and no longer here."""
    draft.referral, draft.data = referral, {}
    draft.save(update_fields=["referral", "data"])


def _forget_old(at: datetime) -> None:
    Draft.objects.filter(referral__isnull=True, saved_at__lt=at - KEPT_FOR).delete()


def _storable(typed: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Without what the database cannot hold (NUL, half a surrogate): the form refuses that."""
    kept: dict[str, list[str]] = {}
    for name, values in typed.items():
        listed = [str(value) for value in values]
        if not any(_cannot_be_held(value) for value in listed):
            kept[name] = listed
    return kept


def _cannot_be_held(value: Any) -> bool:
    return any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value)
