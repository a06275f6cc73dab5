"""The browsers that people switched on for web push."""

import base64
import re
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection

from scheduling.notify.models import PushSubscription

_ADDRESS = re.compile(r"push:(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a browser gave us: where to POST, its public key and its secret."""

    endpoint: str
    p256dh: bytes  # 65 bytes, an uncompressed point
    auth: bytes  # 16 bytes


def readable(p256dh: str, auth: str) -> bool:
    """Whether these are a browser's keys: a point of the curve and 16 bytes."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpacked(p256dh))
        return len(unpacked(p256dh)) == 65 and len(unpacked(auth)) == 16
    except ValueError:
        return False


def keep(user_id: int, endpoint: str, p256dh: str, auth: str, at: datetime) -> PushSubscription:
    """Keep a browser. One that was somebody else's before is theirs no longer.

    A shared machine: whoever switched it on last is the one it rings for, and the earlier
    person's contact point leads nowhere, which its next page says.
    """
    PushSubscription.objects.filter(endpoint=endpoint).exclude(user_id=user_id).delete()
    kept, _new = PushSubscription.objects.update_or_create(
        endpoint=endpoint,
        defaults={"user_id": user_id, "p256dh": p256dh, "auth": auth},
        create_defaults={
            "user_id": user_id,
            "endpoint": endpoint,
            "p256dh": p256dh,
            "auth": auth,
            "created_at": at,
        },
    )
    return kept


def find(address: str) -> Subscription | None:
    """The browser behind a contact point's address, as its transport needs it."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return None
    row = PushSubscription.objects.filter(pk=int(found.group(1))).first()
    if row is None:
        return None
    return Subscription(row.endpoint, unpacked(row.p256dh), unpacked(row.auth))


def find_and_let_go(address: str) -> Subscription | None:
    """The same from a sender's thread, which keeps no connection to the database."""
    try:
        return find(address)
    finally:
        connection.close()


def packed(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unpacked(text: str) -> bytes:
    """The bytes of base64url; ValueError for anything else."""
    if not text.isascii():
        raise ValueError("not base64url")
    bare = text.rstrip("=")
    standard = bare.translate(str.maketrans("-_", "+/"))
    return base64.b64decode(standard + "=" * (-len(bare) % 4), validate=True)
