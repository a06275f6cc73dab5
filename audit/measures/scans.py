"""Scans: how soon, of what, where, when, and how soon they were reported (NG234 1.5).

NG234 says how fast, and never from when. Three clocks for the same 24 hours stand side by side here
(suspicion, referral, contact with a coordinator), each named for its start.
"""

from __future__ import annotations

from datetime import datetime

from audit.measures.journey import Scan
from audit.measures.measure import Measure, Shape
from audit.measures.story import DAY, HOUR, WEEK, OnStory, Story
from audit.measures.timing import (
    MET,
    NO_START,
    NOT_ABOUT,
    OPEN,
    first_from,
    mri_within,
    unrecorded,
    within,
)
from audit.measures.verdict import Status, Verdict, missing, not_met
from referrals.clinical.milestones import MilestoneKind as Kind
from referrals.clinical.scanning import overnight

SECTION = "scans"

_PART = not_met("only part of the spine was scanned")
_NOT_SAID = missing("not recorded whether the whole spine was scanned")
_PLACE_NOT_SAID = missing("not recorded where it was scanned")
_AWAY_WITH_REASON = not_met("transferred, with a reason")
_AWAY = not_met("transferred, no reason given")
_LOCAL = Verdict(Status.MET, label="local")
_BY_DAY = Verdict(Status.MET, label="by day")
_BY_NIGHT = Verdict(Status.MET, label="overnight, with a reason")
_NIGHT = Verdict(Status.NOT_MET, "overnight, no reason given", label="overnight, no reason")


def _suspected(story: Story) -> bool:
    """Suspected before a scan found it: only then did anybody wait for one."""
    return story.ever_mscc and not (story.mscc is not None and story.mscc.found_by_scan)


def _from_suspicion(story: Story) -> Verdict:
    if not _suspected(story):
        return NOT_ABOUT
    spell = story.mscc
    return NO_START if spell is None else mri_within(story, spell.since, DAY, spell.until)


def _from_referral(story: Story) -> Verdict:
    return _from(story, story.received_at) if _suspected(story) else NOT_ABOUT


def _from_contact(story: Story) -> Verdict:
    if not _suspected(story):
        return NOT_ABOUT
    taken = story.first.get(Kind.TAKEN)
    return OPEN if taken is None and story.open else _from(story, taken)


def _from(story: Story, start: datetime | None) -> Verdict:
    """Suspected of MSCC only later: counted from then, nobody could have scanned for it before."""
    spell = story.mscc
    if start is not None and spell is not None and spell.since > start:
        start = spell.since
    return mri_within(story, start, DAY, None if spell is None else spell.until)


def _week(story: Story) -> Verdict:
    spell = story.metastases
    if spell is None:
        return NO_START if story.ever_metastases else NOT_ABOUT
    return mri_within(story, spell.since, WEEK, spell.until)


def _whole(story: Story) -> Verdict:
    mri, part, unclear = story.mri, story.part, story.unclear
    if not (mri or part or unclear):
        return NOT_ABOUT
    first = min(times[0] for times in (mri, part, unclear) if times)
    if mri and mri[0] == first:
        return MET
    return _NOT_SAID if unclear and unclear[0] == first else _PART


def _ct(story: Story) -> Verdict:
    if not any(scan.contraindicated for scan in story.facts.scans):
        return NOT_ABOUT
    spell, limit = (story.mscc, DAY) if story.ever_mscc else (story.metastases, WEEK)
    if spell is None:
        return NO_START if story.ever_mscc or story.ever_metastases else NOT_ABOUT
    end = first_from(spell.since, story.ct)
    return within(story, spell.since, end, limit, spell.until)


def _first_mri(story: Story) -> Scan | None:
    first: Scan | None = None
    earliest: datetime | None = None
    for scan in story.facts.scans:
        at = scan.performed_at
        if at is None or scan.modality == "ct":
            continue
        if earliest is None or at < earliest:
            first, earliest = scan, at
    return first


def _local(story: Story) -> Verdict:
    scan = _first_mri(story)
    if scan is None:
        return NOT_ABOUT
    if scan.transferred is None:
        return _PLACE_NOT_SAID
    if not scan.transferred:
        return _LOCAL
    return _AWAY_WITH_REASON if scan.transfer_reason else _AWAY


def _overnight(story: Story) -> Verdict:
    verdict = NOT_ABOUT
    for scan in story.facts.scans:
        if scan.performed_at is None or scan.modality == "ct":
            continue
        if not overnight(scan.performed_at):
            verdict = _BY_DAY if verdict is NOT_ABOUT else verdict
        elif scan.overnight_reason:
            verdict = _BY_NIGHT
        else:
            return unrecorded(story, _NIGHT)
    return verdict


def _report(story: Story) -> Verdict:
    best: Scan | None = None
    for scan in story.facts.scans:
        if scan.performed_at is None:
            continue
        if best is None or best.performed_at is None or _before(scan, best):
            best = scan
    if best is None:
        return NO_START if story.untimed else NOT_ABOUT
    return within(story, best.performed_at, best.reported_at, 4 * HOUR)


def _before(scan: Scan, best: Scan) -> bool:
    """The scan that answers the question: the first of the whole spine, else the first."""
    if bool(scan.whole_spine) is not bool(best.whole_spine):
        return bool(scan.whole_spine)
    one, other = scan.performed_at, best.performed_at
    return one is not None and other is not None and one < other


_MSCC = "Referrals with suspected MSCC, unless a scan made for something else found it"

MEASURES: tuple[Measure, ...] = (
    Measure(
        key="mri_24h_suspicion",
        number=19,
        section=SECTION,
        name="MRI of the whole spine within 24 hours of suspicion",
        clock="From when MSCC was suspected",
        numerator="Those who have MRI of the whole spine within 24 hours",
        denominator=_MSCC,
        source="NG234 1.5.2",
        shape=Shape.TIMED,
        target_s=DAY,
        note="With or without neurological signs: more people than statement 3 is about.",
        judge=OnStory(_from_suspicion),
    ),
    Measure(
        key="mri_24h_referral",
        number=20,
        section=SECTION,
        name="MRI of the whole spine within 24 hours of the referral",
        clock="From when the referral was received, or MSCC was suspected, whichever came last",
        numerator="Those who have MRI of the whole spine within 24 hours",
        denominator=_MSCC,
        source="NG234 1.5.2, counted from the referral",
        shape=Shape.TIMED,
        target_s=DAY,
        note="Scans before the referral are missing here, flagged: they are no measure of it.",
        judge=OnStory(_from_referral),
    ),
    Measure(
        key="mri_24h_contact",
        number=21,
        section=SECTION,
        name="MRI of the whole spine within 24 hours of contact with a coordinator",
        clock="From when a coordinator took the referral, or MSCC was suspected, "
        "whichever came last",
        numerator="Those who have MRI of the whole spine within 24 hours",
        denominator=_MSCC,
        source="NG234 1.5.2, counted from contact with the coordinator",
        shape=Shape.TIMED,
        target_s=DAY,
        judge=OnStory(_from_contact),
    ),
    Measure(
        key="mri_1wk_suspicion",
        number=22,
        section=SECTION,
        name="MRI of the whole spine within 1 week of suspicion",
        clock="From when spinal metastases were suspected",
        numerator="Those who have MRI of the whole spine within 168 hours",
        denominator="Referrals with suspected spinal metastases without MSCC",
        source="NG234 1.5.3",
        shape=Shape.TIMED,
        target_s=WEEK,
        note="One week is 168 hours, not seven days of a calendar.",
        judge=OnStory(_week),
    ),
    Measure(
        key="whole_spine",
        number=23,
        section=SECTION,
        name="First MRI shows the whole spine",
        clock="",
        numerator="Those whose first MRI was of the whole spine",
        denominator="Referrals with MRI performed",
        source="NG234 1.5.2, 1.5.5",
        judge=OnStory(_whole),
    ),
    Measure(
        key="ct_pathway",
        number=24,
        section=SECTION,
        name="CT in time where MRI is contraindicated",
        clock="From when MSCC (24 hours) or spinal metastases (168 hours) were suspected",
        numerator="Those who have CT of the whole spine in time",
        denominator="Referrals in which MRI was contraindicated",
        source="NG234 1.5.7",
        shape=Shape.TIMED,
        note="Nothing counts them as a pass of an MRI measure. No single target: two limits apply.",
        judge=OnStory(_ct),
    ),
    Measure(
        key="mri_local",
        number=25,
        section=SECTION,
        name="MRI at the hospital that referred",
        clock="",
        numerator="Those whose first MRI was local",
        denominator="Referrals with MRI performed",
        source="NG234 1.5.2",
        note="A transfer may be right when MRI cannot be done locally: the reasons are listed.",
        judge=OnStory(_local),
    ),
    Measure(
        key="mri_overnight",
        number=26,
        section=SECTION,
        name="No MRI overnight without a reason",
        clock="",
        numerator="Those scanned by day, or overnight (20:00 to 08:00, local time) with a reason",
        denominator="Referrals with MRI performed",
        source="NG234 1.5.4",
        judge=OnStory(_overnight),
    ),
    Measure(
        key="report_4h",
        number=27,
        section=SECTION,
        name="Scan reported within 4 hours",
        clock="From when the first scan of the whole spine was performed",
        numerator="Those reported within 4 hours",
        denominator="Referrals with a scan performed",
        source="NG234 1.5.1; 4 hours is the local target",
        shape=Shape.TIMED,
        target_s=4 * HOUR,
        judge=OnStory(_report),
    ),
)
