"""Leave to add to a referral one may not read, for whoever stands at that person's bed.

Given where an NHS number was found in an open referral; signed, for one person, for a short time.
"""

from typing import Any
from uuid import UUID

from django.core import signing

from mscc.people.models import User

_SALT = "referrals.add-to-open-referral"
VALID_SECONDS = 30 * 60


def grant_for(user: User, referral_id: Any) -> str:
    """A token with which `user` may add to this referral during the next half hour."""
    return signing.dumps([str(referral_id), user.pk], salt=_SALT)


def granted(user: User, token: str) -> UUID | None:
    """The referral a token lets `user` add to; None when it is forged, too old or not theirs."""
    try:
        referral_id, user_id = signing.loads(token, salt=_SALT, max_age=VALID_SECONDS)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return UUID(referral_id) if user_id == user.pk else None
