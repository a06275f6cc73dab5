"""One scan: what it counts as once performed, and what a booking explains (1.5.2 to 1.5.7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from referrals.clinical.milestones import MilestoneKind
from referrals.clinical.presentation import Answer
from referrals.clinical.times import LONDON, said_span

NIGHT_FROM, NIGHT_UNTIL = time(20, 0), time(8, 0)


class Modality(StrEnum):
    """What was scanned with."""

    MRI = "mri"
    CT = "ct"


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan that was performed. `contraindication` says why MRI could not be."""

    modality: Modality
    whole_spine: Answer
    contraindication: str = ""


@dataclass(frozen=True, slots=True)
class ScanJudged:
    """What a scan counts as: the milestone to record, whether it stops the MRI clock, and why.

    `kind` is None when the scan is not one a clock knows about.
    """

    kind: MilestoneKind | None
    stops: bool
    why: str
    numbers: tuple[str, ...]


def stops_mri_clock(scan: Scan) -> ScanJudged:
    """Whether a scan is the one the guideline times (1.5.2, 1.5.3, 1.5.5, 1.5.7).

    Only the whole spine counts: compression missed in the part left out is the classic harm.
    Not known is not whole.
    """
    whole = scan.whole_spine is Answer.YES
    if scan.modality is Modality.MRI:
        if whole:
            return ScanJudged(
                MilestoneKind.MRI_PERFORMED, True, "MRI of the whole spine.", ("1.5.2", "1.5.5")
            )
        return ScanJudged(
            MilestoneKind.MRI_INCOMPLETE,
            False,
            "This MRI did not show the whole spine, so the target still runs.",
            ("1.5.5", "1.5.1"),
        )
    if not scan.contraindication.strip():
        return ScanJudged(
            None,
            False,
            "CT takes the place of MRI only when MRI is contraindicated. Say why it is.",
            ("1.5.7",),
        )
    if not whole:
        return ScanJudged(
            None,
            False,
            "This CT did not show the whole spine, so the target still runs.",
            ("1.5.7",),
        )
    return ScanJudged(
        MilestoneKind.CT_PERFORMED,
        True,
        "CT of the whole spine, because MRI is contraindicated.",
        ("1.5.7",),
    )


@dataclass(frozen=True, slots=True)
class Booking:
    """A slot for MRI. `due_at` is when the running MRI target is due, if one runs."""

    slot_at: datetime
    due_at: datetime | None = None
    tertiary_transfer: bool = False
    transfer_reason: str = ""
    overnight_reason: str = ""
    late_reason: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """Something a booking has to explain, and the form field where it does."""

    field: str
    sentence: str
    numbers: tuple[str, ...]


def overnight(slot_at: datetime) -> bool:
    """True from 20:00 until 08:00 on the wall clock in London (1.5.4)."""
    wall = slot_at.astimezone(LONDON).time()
    return wall >= NIGHT_FROM or wall < NIGHT_UNTIL


def late_by(booking: Booking) -> str:
    """How far the slot lies past the target, in words; empty when it does not."""
    if booking.due_at is None or booking.slot_at <= booking.due_at:
        return ""
    return said_span(booking.slot_at - booking.due_at)


def booking_needs(booking: Booking) -> tuple[Need, ...]:
    """What is still to be explained before this slot can be booked (1.5.2, 1.5.3, 1.5.4)."""
    return tuple(_needs(booking))


def _needs(booking: Booking) -> Iterator[Need]:
    if booking.tertiary_transfer and not booking.transfer_reason.strip():
        yield Need(
            "transfer_reason",
            "Say why the MRI cannot be done locally. A transfer is only for when it cannot.",
            ("1.5.2",),
        )
    if overnight(booking.slot_at) and not booking.overnight_reason.strip():
        yield Need(
            "overnight_reason",
            "Say which treatment would start at once. An overnight MRI is only for that.",
            ("1.5.4",),
        )
    if (late := late_by(booking)) and not booking.late_reason.strip():
        yield Need(
            "late_reason",
            f"This slot is {late} past the target. Choose an earlier one, or say why it must be.",
            ("1.5.2", "1.5.3"),
        )
