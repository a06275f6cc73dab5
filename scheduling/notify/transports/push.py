"""A person's own browser: Web Push (RFC 8030), encrypted for it alone (RFC 8291), from us (VAPID).

The browser's maker carries the message and cannot read it.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mscc import clock
from scheduling.notify.messages import Message
from scheduling.notify.models import Channel, Notice
from scheduling.notify.retry import Result
from scheduling.notify.subscriptions import Subscription, packed, unpacked
from scheduling.notify.transports.base import Limits, Sent, TransportError
from scheduling.notify.transports.http import HttpTransport, agreed, as_json

KEEP_S = 4 * 3600  # how long the maker keeps a message for a browser that is asleep
_VALID_S = 12 * 3600  # of our signature; at most a day is allowed
_RECORD = 4096


@dataclass(frozen=True, slots=True)
class PushRules:
    """`key`: our private key, 32 bytes in base64url. `contact`: a mailto: or https: address."""

    key: str
    contact: str
    hosts: frozenset[str]
    find: Callable[[str], Subscription | None]  # by the address of a contact point
    plain_http: bool = False  # for a machine's own loopback, never across a network


class PushTransport(HttpTransport):
    channel = Channel.PUSH

    def __init__(self, rules: PushRules, limits: Limits | None = None) -> None:
        super().__init__(limits)
        self._rules = rules
        try:
            self._key = private_key(rules.key)
        except ValueError as error:
            raise TransportError(Result.CONFIG, "key") from error

    def send(self, notice: Notice, message: Message) -> Sent:
        """Hand one message to the browser's maker; 404 and 410 say that the browser is gone."""
        found = self._rules.find(notice.address)
        if found is None:
            raise TransportError(Result.PERMANENT, "address")
        agreed(found.endpoint, self._rules.hosts, plain_http=self._rules.plain_http)
        text = {
            "title": message.subject,
            "body": message.body.partition("\n\nMessages never")[0],
            "link": message.facts.get("link", ""),
            "tag": notice.id.hex,
        }
        try:
            body = encrypted(as_json(text), found)
        except (ValueError, InvalidKey) as error:
            raise TransportError(Result.PERMANENT, "key") from error
        headers = {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEEP_S),
            "Urgency": "high",
            "Topic": notice.id.hex,  # a repeat takes the place of one that still waits
            "Authorization": self._authorization(found.endpoint),
        }
        answer = self.post(found.endpoint, body, headers)
        if answer.body.strip():
            # None of the makers says anything in a yes: this is somebody in between.
            raise TransportError(Result.UNKNOWN, f"{answer.code} unreadable")
        return Sent(answer.headers.get("Location", "")[:200])

    def _authorization(self, endpoint: str) -> str:
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int(clock.real_now().timestamp()) + _VALID_S,
            "sub": self._rules.contact,
        }
        return f"vapid t={_signed(self._key, claims)}, k={public_text(self._key)}"


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """The key in 32 bytes of base64url; ValueError for anything else."""
    raw = unpacked(text)
    if len(raw) != 32:
        raise ValueError("a key has 32 bytes")
    return ec.derive_private_key(int.from_bytes(raw), ec.SECP256R1())


def public_text(key: ec.EllipticCurvePrivateKey) -> str:
    """The public half, as a browser wants it when it subscribes."""
    return packed(_point(key))


def encrypted(
    text: bytes,
    to: Subscription,
    *,
    salt: bytes | None = None,
    key: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """One aes128gcm record (RFC 8188) under the keys of RFC 8291. `salt` and `key` are new for
    every message; only a test of the standard's own example gives them."""
    salt = salt or os.urandom(16)
    key = key or ec.generate_private_key(ec.SECP256R1())
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), to.p256dh)
    ours = _point(key)
    shared = key.exchange(ec.ECDH(), theirs)
    secret = _derived(shared, to.auth, b"WebPush: info\x00" + to.p256dh + ours, 32)
    content_key = _derived(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\x00", 12)
    record = AESGCM(content_key).encrypt(nonce, text + b"\x02", None)
    head = salt + _RECORD.to_bytes(4) + len(ours).to_bytes(1) + ours
    if len(record) > _RECORD:
        raise ValueError("too long for one record")
    return head + record


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def _signed(key: ec.EllipticCurvePrivateKey, claims: dict[str, str | int]) -> str:
    """A JSON Web Token signed with ES256: the signature is r and s, not the usual DER."""
    said = f"{packed(as_json({'alg': 'ES256', 'typ': 'JWT'}))}.{packed(as_json(claims))}"
    r, s = decode_dss_signature(key.sign(said.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{said}.{packed(r.to_bytes(32) + s.to_bytes(32))}"
