"""How long something took and whether that was in time; what cannot be said is missing, flagged.

A limit is inclusive: exactly 24:00:00 is within 24 hours. What came before its own start is never a
pass. Reasons are short words that are shown as they stand.
"""

from __future__ import annotations

from datetime import datetime

from audit.measures.story import Story, elapsed, later_than
from audit.measures.verdict import (
    Status,
    Verdict,
    excluded,
    missing,
    not_applicable,
    not_met,
    running,
)

NOT_ABOUT = not_applicable()
OPEN = running()
MET = Verdict(Status.MET)
NOT_MET = Verdict(Status.NOT_MET)
NO_START = missing("no start time on record")
NEGATIVE = missing("recorded as before its start", "negative_interval")
SCAN_FIRST = missing("scanned before the referral", "scan_before_referral")
ENDED = excluded("judged otherwise before the time was over")
WITHDRAWN = excluded("withdrawn before the time was over")
REDIRECTED = excluded("redirected before the time was over")
DIED = excluded("died before the time was over")
WAITING = not_met("still waiting")
WITHOUT = not_met("closed without it")
PART_ONLY = not_met("only part of the spine was scanned")
CT_INSTEAD = not_met("CT, because MRI was contraindicated")
NO_END = missing("no end time on record")
NOT_IMPORTED = missing("not in the audit that was read in")
UNTIMED = missing("no time of the scan on record")
UNCLEAR = missing("not recorded whether the whole spine was scanned")


def within(
    story: Story,
    start: datetime | None,
    end: datetime | None,
    limit: int,
    ended_at: datetime | None = None,
) -> Verdict:
    """Whether `end` came at most `limit` seconds after `start`.

    `ended_at` is when it stopped mattering. What never came was not done; but in an audit that was
    read in nobody knows whether it was, and it is missing. A referral that was closed without it:
    excluded when it was withdrawn, redirected, or the person died, before the time was over.
    """
    if start is None:
        return NO_START
    if end is not None:
        took = elapsed(start, end)
        if took < 0:
            return NEGATIVE
        if took <= limit:
            return Verdict(Status.MET, "", took)
        if ended_at is not None and elapsed(start, ended_at) <= limit:
            return ENDED
        return Verdict(Status.NOT_MET, "", took)
    if ended_at is not None and elapsed(start, ended_at) <= limit:
        return ENDED
    if story.facts.imported:
        return NO_END
    if story.closed_at is not None:
        return _closed(story, start, story.closed_at, limit)
    if elapsed(start, story.as_of) > limit:
        return WAITING
    return running(later_than(start, limit))


def _closed(story: Story, start: datetime, closed_at: datetime, limit: int) -> Verdict:
    if elapsed(start, closed_at) <= limit:
        if story.facts.state == "withdrawn":
            return WITHDRAWN
        if story.facts.state == "redirected":
            return REDIRECTED
        if story.facts.died_in_hospital:
            return DIED
    return WITHOUT


def took(story: Story, start: datetime | None, end: datetime | None) -> Verdict:
    """How long it took, where nothing says how long it may: met when it came at all."""
    if start is None:
        return NO_START
    if end is not None:
        seconds = elapsed(start, end)
        return NEGATIVE if seconds < 0 else Verdict(Status.MET, "", seconds)
    return OPEN if story.open else unrecorded(story, WITHOUT)


def unrecorded(story: Story, verdict: Verdict) -> Verdict:
    """What is not on record was not done, as audits count; but an audit that was read in may never
    have asked, and then nobody knows."""
    return NOT_IMPORTED if story.facts.imported else verdict


def first_from(start: datetime, times: list[datetime]) -> datetime | None:
    """The first of them at or after `start`; else the last before it; None of none."""
    for at in times:
        if at >= start:
            return at
    return times[-1] if times else None


def mri_within(
    story: Story, start: datetime | None, limit: int, ended_at: datetime | None = None
) -> Verdict:
    """Whether MRI of the whole spine was performed in time.

    A scan of part of the spine does not count, nor does CT; a scan that came before the referral
    and began the suspicion says nothing of how long anybody waited.
    """
    if start is None:
        return NO_START
    end = first_from(start, story.mri)
    if end is not None and end < start and story.open and elapsed(start, story.as_of) <= limit:
        end = None  # an older scan: the one that is wanted may still come in time
    if end is not None and end == start and end < story.received_at:
        return SCAN_FIRST
    verdict = within(story, start, end, limit, ended_at)
    if verdict.status is Status.MET or verdict.status is Status.RUNNING or verdict is ENDED:
        return verdict
    if story.unclear and (verdict is NO_END or _any_within(story.unclear, start, limit)):
        return UNCLEAR
    if end is None and story.untimed:
        return UNTIMED
    if end is None and verdict.status in (Status.NOT_MET, Status.MISSING):
        if story.ct and _any_within(story.ct, start, limit):
            return CT_INSTEAD
        if story.part:
            return PART_ONLY
    return verdict


def _any_within(times: list[datetime], start: datetime, limit: int) -> bool:
    return any(0 <= elapsed(start, at) <= limit for at in times)
