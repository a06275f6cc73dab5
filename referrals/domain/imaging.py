"""The scan: booked, performed, reported. Only the whole spine, performed, stops the clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mscc.events import Command
from mscc.people.models import Organisation
from referrals.clinical import scanning, times
from referrals.clinical.library import target
from referrals.clinical.milestones import MilestoneKind, Suspicion
from referrals.clinical.presentation import Answer
from referrals.domain import key_information
from referrals.domain.moments import happened, not_after, not_before
from referrals.domain.path import Change, Which, change, save_rows
from referrals.domain.refusals import Conflict, Invalid
from referrals.events import MilestoneRecorded, MriBooked
from referrals.models import MriScan, Referral
from referrals.models.referral import Confirmed

# How long ago a slot may begin and still be booked: it is typed while the person is moved.
_JUST_NOW = timedelta(hours=1)


@dataclass(frozen=True)
class MriBooking:
    """A slot and where. The reasons are asked for when 1.5.2, 1.5.4 or the target call for one."""

    slot_at: datetime
    hospital_id: int
    transfer_reason: str = ""
    overnight_reason: str = ""
    late_reason: str = ""


def book_mri(referral_id: Which, booking: MriBooking, *, command: Command) -> Referral:
    """Book a slot; booking again moves it. Raises Invalid while a reason is missing.

    Stops no clock: the guideline wants the MRI performed within its time, not booked.
    """

    def act(changing: Change) -> None:
        referral = changing.referral
        changing.go("book_mri")
        place = _place(booking, referral)
        _not_over(booking.slot_at, changing)
        due_at = mri_due_at(referral)
        asked = scanning.Booking(
            slot_at=booking.slot_at,
            due_at=due_at,
            tertiary_transfer=place.pk != referral.hospital_id,
            transfer_reason=booking.transfer_reason,
            overnight_reason=booking.overnight_reason,
            late_reason=booking.late_reason,
        )
        if needs := scanning.booking_needs(asked):
            raise Invalid({need.field: need.sentence for need in needs})
        save_rows(
            [
                MriScan(
                    referral=referral,
                    occurred_at=changing.at,
                    slot_at=booking.slot_at,
                    place=place,
                    transfer_reason=booking.transfer_reason,
                    overnight_reason=booking.overnight_reason,
                    late_reason=booking.late_reason,
                    **changing.stamp(),
                )
            ]
        )
        changing.record(
            MilestoneKind.MRI_BOOKED,
            changing.at,
            slot_at=booking.slot_at.isoformat(),
            place=place.pk,
        )
        changing.says(
            MriBooked,
            "booked the MRI",
            slot_at=booking.slot_at,
            past_target=bool(scanning.late_by(asked)),
        )

    return change(referral_id, command, "book_mri", booking, act)


def _not_over(slot_at: datetime, changing: Change) -> None:
    """A mistyped date would leave a person waiting for a scan that nobody has booked."""
    if (ago := changing.at - slot_at) > _JUST_NOW:
        sentence = f"This slot was {times.said_span(ago)} ago. Check the date. "
        raise Invalid({"slot_at": sentence + "If the scan took place, record the scan instead."})


def _place(booking: MriBooking, referral: Referral) -> Organisation:
    place = Organisation.objects.filter(pk=booking.hospital_id, kind="hospital").first()
    if place is None or place.alliance_id != referral.alliance_id:
        raise Invalid({"hospital_id": "Choose the hospital where the scan will be."})
    return place


def mri_due_at(referral: Referral) -> datetime | None:
    """When the MRI is due: from when what is suspected now was first suspected; None when done."""
    wanted = target("mri_24h" if referral.suspicion == Suspicion.MSCC else "mri_1wk")
    kinds = wanted.starts | wanted.stops
    started: datetime | None = None
    for fact in referral.milestones.standing().filter(kind__in=kinds).order_by("occurred_at"):
        if fact.kind in wanted.stops:
            started = None
        elif started is None:
            since = fact.details.get("since")
            started = datetime.fromisoformat(since) if since else fact.occurred_at
    return started and started + timedelta(seconds=wanted.within_s)


@dataclass(frozen=True)
class ScanPerformed:
    """A scan that took place. A CT instead of an MRI names the contraindication (1.5.7)."""

    performed_at: datetime
    modality: str = MriScan.Modality.MRI
    whole_spine: bool = True
    contraindication: str = ""
    confirmed: bool = False


def record_scan(referral_id: Which, scan: ScanPerformed, *, command: Command) -> Referral:
    """Record that the scan was performed; one that is not whole-spine leaves the clock running."""

    def act(changing: Change) -> None:
        changing.only_while_open("Record the scan")
        at = happened("performed_at", scan.performed_at, changing, confirmed=scan.confirmed)
        judged = scanning.stops_mri_clock(
            scanning.Scan(
                scanning.Modality(scan.modality),
                Answer.YES if scan.whole_spine else Answer.NO,
                scan.contraindication,
            )
        )
        if scan.modality == MriScan.Modality.CT and not scan.contraindication.strip():
            raise Invalid({"contraindication": judged.why})
        kind = judged.kind or MilestoneKind.MRI_INCOMPLETE
        _keep_scan(scan, at, changing)
        changing.set(missing=key_information.missing_now(changing.referral))
        changing.record(kind, at, modality=scan.modality, whole_spine=scan.whole_spine)
        changing.says(
            MilestoneRecorded,
            "recorded the scan" if judged.stops else "recorded a scan of part of the spine",
            kind=kind.value,
            occurred_at=at,
        )

    return change(referral_id, command, "record_scan", scan, act)


def _keep_scan(scan: ScanPerformed, at: datetime, changing: Change) -> None:
    """The scan that was booked last, now performed, or a scan nobody had booked here."""
    slots = changing.referral.mriscans.filter(slot_at__isnull=False)
    booked = slots.order_by("occurred_at", "recorded_at").last()
    if booked is None or booked.performed_at is not None:
        booked = MriScan(referral=changing.referral, occurred_at=at, **changing.stamp())
    booked.modality = scan.modality
    booked.performed_at = at
    booked.whole_spine = scan.whole_spine
    booked.contraindication = scan.contraindication
    booked.save()


@dataclass(frozen=True)
class ScanReport:
    """What the radiologist says (1.5.1). `outcome` is one of MriScan.Outcome."""

    reported_at: datetime
    outcome: str
    reported_by: str = ""
    report: str = ""
    confirmed: bool = False


_CONFIRMS = {
    MriScan.Outcome.MSCC: Confirmed.MSCC,
    MriScan.Outcome.SPINAL_METASTASES: Confirmed.SPINAL_METASTASES,
    MriScan.Outcome.RULED_OUT: Confirmed.RULED_OUT,
}


def record_report(referral_id: Which, report: ScanReport, *, command: Command) -> Referral:
    """Record the report. Compression confirms MSCC and, where not suspected, raises to it."""

    def act(changing: Change) -> None:
        referral = changing.referral
        scan = (
            referral.mriscans.filter(performed_at__isnull=False).order_by("-performed_at").first()
        )
        if scan is None or scan.performed_at is None:
            raise Invalid({"reported_at": "Record the scan first: none has been performed yet."})
        at = happened("reported_at", report.reported_at, changing, confirmed=report.confirmed)
        not_before("reported_at", at, scan.performed_at, "the scan")
        scan.reported_at, scan.reported_by = at, report.reported_by
        scan.outcome, scan.report = report.outcome, report.report
        scan.save(update_fields=["reported_at", "reported_by", "outcome", "report"])
        changing.record(MilestoneKind.SCAN_REPORTED, at, outcome=report.outcome)
        confirmed = _CONFIRMS.get(MriScan.Outcome(report.outcome))
        if confirmed is not None:
            changing.set(confirmed=confirmed)
        if confirmed == Confirmed.MSCC and referral.suspicion != Suspicion.MSCC:
            # Found by the scan itself: suspected from then, and its MRI is done.
            changing.set(suspicion=Suspicion.MSCC.value)
            changing.record(MilestoneKind.MSCC_SUSPECTED, scan.performed_at, found_by="scan")
        changing.says(
            MilestoneRecorded,
            "recorded the report of the scan",
            kind=MilestoneKind.SCAN_REPORTED.value,
            occurred_at=at,
        )

    return change(referral_id, command, "record_report", report, act)


_SCANNED = (
    MilestoneKind.MRI_PERFORMED,
    MilestoneKind.MRI_INCOMPLETE,
    MilestoneKind.CT_PERFORMED,
)


def correct_scan(
    changing: Change, kind: MilestoneKind, was: datetime, now: datetime | None
) -> None:
    """Bring the scan's own times in line with a corrected milestone (None: it never happened).

    Raises Conflict for a scan whose report stands, Invalid for one that would lie after it.
    """
    if kind in _SCANNED:
        _correct_performed(changing, was, now)
    elif kind is MilestoneKind.SCAN_REPORTED:
        _correct_reported(changing, was, now)


def _correct_performed(changing: Change, was: datetime, now: datetime | None) -> None:
    scans = changing.referral.mriscans.filter(performed_at=was)
    if read := scans.filter(reported_at__isnull=False).first():
        if now is None:
            raise Conflict("This scan has a report. Take the report back first, then the scan.")
        not_after("occurred_at", now, read.reported_at, "its report")
    if now is not None:
        scans.update(performed_at=now)
        return
    # What was said of the scan goes with it: who had no CT after all may well have an MRI.
    scans.update(
        performed_at=None, modality=MriScan.Modality.MRI, whole_spine=None, contraindication=""
    )
    changing.set(missing=key_information.missing_now(changing.referral))


def _correct_reported(changing: Change, was: datetime, now: datetime | None) -> None:
    """A report that never was confirms nothing: the referral goes back to what the others say."""
    scans = changing.referral.mriscans
    read = scans.filter(reported_at=was)
    if now is not None:
        for scan in read.filter(performed_at__isnull=False):
            not_before("occurred_at", now, scan.performed_at, "the scan")
        read.update(reported_at=now)
        return
    read.update(reported_at=None, outcome="", report="", reported_by="")
    told = scans.filter(outcome__in=list(_CONFIRMS)).order_by("reported_at").last()
    changing.set(confirmed=_CONFIRMS[MriScan.Outcome(told.outcome)] if told else "")
