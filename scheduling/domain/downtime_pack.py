"""A copy of the board for when the system is down: written every quarter of an hour, ahead of need.

It must be there when nothing of ours runs, so it lies as plain files in two or more folders that
are copied elsewhere, and it is encrypted for those who hold the key. What it shows is drawn by
`scheduling.views.downtime_sheets`, which is asked for by name; here it is sealed, written and kept.
"""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from mscc.events import Actor, publish
from mscc.people.models import Organisation
from mscc.web import panels
from scheduling.domain import posting
from scheduling.domain.queries.board import open_at
from scheduling.events import DowntimePackWritten
from scheduling.models import PackPlace
from scheduling.notify.models import Kind

logger = structlog.get_logger(__name__)

EVERY = timedelta(minutes=15)
# After this a pack says what is no longer so; it says of itself not to be used.
GOOD_FOR = timedelta(hours=24)
# Two packs that were not written: a place is then said to be old.
OLD = 2 * EVERY + timedelta(minutes=5)
WRITER = Actor.system("downtime pack")
# Long enough to draw the pack of a large alliance; whoever was killed at it is followed after this.
_CLAIM = timedelta(minutes=2)
_AGAIN = timedelta(minutes=1)
_TELL_AGAIN = timedelta(hours=1)
_PREFIX, _SEALED, _UNFINISHED = "mscc-downtime", ".age", ".part"


class NotSealed(Exception):
    """There is no key to encrypt with, and this installation holds real people."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a place stands: `old` when its last pack is too old to rely on, `error` when it fails."""

    place: str
    as_of: datetime | None
    old: bool
    error: str


def quarter(at: datetime) -> datetime:
    """The beginning of the quarter of an hour that `at` lies in, in UTC."""
    at = at.astimezone(UTC)
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


def pack_round(now: datetime) -> int:
    """Write the pack of this quarter of an hour where it is not yet; how many places got it.

    Any number may call it at once and as often as they like: a place is claimed first.
    """
    waiting = _claim(now)
    if not waiting:
        return 0
    try:
        packs = draw(now)
    except Exception as error:
        _failed(waiting, type(error).__name__, now)
        raise
    return _write_all(waiting, packs, now)


def write_now(now: datetime) -> list[Standing]:
    """Write a pack to every place at once, whatever the quarter; how the places stand then."""
    places = configured()
    PackPlace.objects.bulk_create([PackPlace(place=each) for each in places], ignore_conflicts=True)
    _write_all(places, draw(now), now)
    return standing(now)


def draw(now: datetime) -> dict[str, bytes]:
    """The files of the pack of every alliance as they are written, by name.

    Raises NotSealed where there is no key and a plain copy is not allowed.
    """
    keys = recipients(settings.DOWNTIME_PACK_KEYS)
    if not keys and not settings.DOWNTIME_PACK_PLAIN:
        raise NotSealed
    files: dict[str, bytes] = {}
    for alliance in Organisation.objects.filter(kind="alliance").order_by("pk"):
        drawn: dict[str, bytes] = panels.ask("downtime_pack", alliance=alliance.ref, at=now)
        for ending, plain in drawn.items():
            name = f"{_PREFIX}-{alliance.pk}-{now.astimezone(UTC):%Y%m%d-%H%MZ}.{ending}"
            sealed = seal(plain, keys) if keys else plain
            files[f"{name}{_SEALED}" if keys else name] = sealed
    return files


def recipients(keys: Iterable[str]) -> list[pyrage.x25519.Recipient]:
    """The public keys to encrypt for; ValueError for what is not an age public key."""
    try:
        return [pyrage.x25519.Recipient.from_str(key) for key in keys]
    except pyrage.RecipientError as error:
        raise ValueError("this is not an age public key (age1...)") from error


def seal(plain: bytes, keys: Sequence[pyrage.x25519.Recipient]) -> bytes:
    """Encrypt for everybody who holds one of the keys."""
    return bytes(pyrage.encrypt(plain, list(keys)))


def unseal(sealed: bytes, identities: str) -> bytes:
    """Decrypt with the secret keys of an age key file (its text); ValueError when none fits."""
    lines = (line.strip() for line in identities.splitlines())
    try:
        known = [pyrage.x25519.Identity.from_str(line) for line in lines if line and line[0] != "#"]
        return bytes(pyrage.decrypt(sealed, known))
    except (pyrage.IdentityError, pyrage.DecryptError) as error:
        raise ValueError("this key does not open this file") from error


def configured() -> list[str]:
    """The folders to write to, each once."""
    return list(dict.fromkeys(str(Path(place)) for place in settings.DOWNTIME_PACK_PLACES))


def standing(at: datetime) -> list[Standing]:
    """How each configured place stands; one statement."""
    rows = PackPlace.objects.in_bulk(configured())
    return [_stands(place, rows.get(place), at) for place in configured()]


def _stands(place: str, row: PackPlace | None, at: datetime) -> Standing:
    if row is None:
        return Standing(place, None, True, "")
    old = row.as_of is None or at - row.as_of > OLD
    return Standing(place, row.as_of, old, row.last_error)


def _claim(now: datetime) -> list[str]:
    """The places that lack this quarter's pack and that nobody else is writing to."""
    places = configured()
    PackPlace.objects.bulk_create([PackPlace(place=each) for each in places], ignore_conflicts=True)
    # One from the future is no reason to wait: a clock was set back.
    lacking = Q(as_of__isnull=True) | ~Q(as_of__range=(quarter(now), now + EVERY))
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    wanted = PackPlace.objects.filter(lacking, free, place__in=places)
    return [
        place
        for place in wanted.values_list("place", flat=True)
        if wanted.filter(place=place).update(claimed_until=now + _CLAIM)
    ]


def _write_all(places: Sequence[str], files: dict[str, bytes], now: datetime) -> int:
    """Each place by itself: one that fails stops no other, and is told."""
    written = []
    for place in places:
        try:
            for name, content in files.items():
                write(Path(place), name, content)
            keep_last(Path(place), settings.DOWNTIME_PACK_KEEP)
        except OSError as error:
            said = error.strerror or type(error).__name__
            logger.warning("downtime_pack_failed", error=type(error).__name__)
            _failed([place], said, now)
        else:
            written.append(place)
    if written:
        _succeeded(written, now)
    return len(written)


def write(folder: Path, name: str, content: bytes) -> None:
    """Put a file there whole or not at all, readable by its owner alone. Raises OSError.

    Whoever opens the folder at any moment, also after a crash, finds only finished files.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = folder / f".{name}.{os.getpid()}{_UNFINISHED}"
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            # Set again: the file may be left over from somebody with another umask.
            os.fchmod(file.fileno(), 0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, folder / name)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise
    _sync(folder)


def _sync(folder: Path) -> None:
    """Make the new name last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def keep_last(folder: Path, packs: int) -> None:
    """Delete the older packs of each kind, and what a killed process left unfinished. OSError."""
    kinds: dict[tuple[str, str], list[Path]] = {}
    for path in folder.glob(f"{_PREFIX}-*"):
        stem, _, ending = path.name.partition(".")
        kinds.setdefault((stem.rsplit("-", 2)[0], ending), []).append(path)
    for same in kinds.values():
        for old in sorted(same)[:-packs]:
            old.unlink(missing_ok=True)
    for left in folder.glob(f".{_PREFIX}-*{_UNFINISHED}"):
        if f".{os.getpid()}{_UNFINISHED}" not in left.name:
            left.unlink(missing_ok=True)


def _succeeded(places: Sequence[str], now: datetime) -> None:
    with transaction.atomic():
        PackPlace.objects.filter(place__in=places).update(
            as_of=now,
            written_at=now,
            claimed_until=None,
            failing_since=None,
            last_error="",
            told_at=None,
        )
        for alliance in Organisation.objects.filter(kind="alliance").order_by("pk"):
            people = open_at([alliance.ref]).count()
            publish(
                DowntimePackWritten(
                    by=WRITER,
                    at=now,
                    alliance_id=alliance.pk,
                    people=people,
                    places=tuple(places),
                    sealed_for=len(settings.DOWNTIME_PACK_KEYS),
                )
            )


def _failed(places: Sequence[str], error: str, now: datetime) -> None:
    """Try again in a minute, and tell those who run the service once an hour."""
    with transaction.atomic():
        rows = PackPlace.objects.filter(place__in=places)
        rows.filter(failing_since__isnull=True).update(failing_since=now)
        rows.update(claimed_until=now + _AGAIN, last_error=error[:120])
        untold = rows.filter(Q(told_at__isnull=True) | Q(told_at__lte=now - _TELL_AGAIN))
        if untold.update(told_at=now):
            posting.to_those_who_run_it(Kind.PACK, {"link": reverse("service")}, now)
