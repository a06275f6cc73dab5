"""Keeping and giving back what somebody had typed when their session ran out."""

import re
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from mscc.people.models import HeldSubmission, User

_NEVER_KEPT = re.compile(
    r"csrfmiddlewaretoken|held-submission|password|passcode|^(secret|otp|code)$|token$", re.I
)

__all__ = ["FIELD", "HeldSubmission", "drop_for", "held_for", "hold"]

# Stands in the form that sends what was kept, so that it is forgotten when it has arrived.
FIELD = "held-submission"


def hold(
    *, user_id: int, path: str, typed: dict[str, list[str]], at: datetime
) -> HeldSubmission | None:
    """Keep a form for its owner until it expires; secrets in it are never kept.

    Returns None when nothing worth keeping was typed or the path is not one of ours.
    """
    data = {name: values for name, values in typed.items() if not _NEVER_KEPT.search(name)}
    if not data or len(path) > 500 or not path.startswith("/") or path.startswith("//"):
        return None
    HeldSubmission.objects.filter(expires_at__lte=at).delete()
    expires = at + timedelta(seconds=settings.HELD_SUBMISSION_SECONDS)
    return HeldSubmission.objects.create(
        user_id=user_id, path=path, data=data, held_at=at, expires_at=expires
    )


def held_for(user: User, kept_id: UUID, at: datetime) -> HeldSubmission | None:
    """What was kept for this person under this number; somebody else's is not there."""
    return HeldSubmission.objects.filter(pk=kept_id, user=user, expires_at__gt=at).first()


def drop_for(user_id: int, kept_id: UUID) -> None:
    """Forget it, once it has been sent or thrown away; somebody else's is left alone."""
    HeldSubmission.objects.filter(pk=kept_id, user_id=user_id).delete()
