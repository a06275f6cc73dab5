"""The timed targets, by the clocks that ran for a referral: what the board showed, counted.

These follow `targets.toml`: a clock superseded or excepted is excluded with its reason. A referral
can start a clock twice (two scans, two reports); it has met the target when none was missed.
"""

from __future__ import annotations

from collections.abc import Callable

from audit.measures.measure import Measure, Shape
from audit.measures.story import OnStory, Story, elapsed, later_than
from audit.measures.timing import NEGATIVE, NO_END, NOT_ABOUT, mri_within, within
from audit.measures.verdict import Status, Verdict, excluded, missing, running
from referrals.clinical.library import Target, targets
from scheduling.timekeeping.clocks import ClockState, Judged

SECTION = "targets"
# Numbers are given once: a target that is new takes the next number free in the registry.
_NUMBERS = {
    "contact_now": 10,
    "advice_24h": 11,
    "mri_24h": 12,
    "mri_1wk": 13,
    "report_urgent": 14,
    "stability_24h": 15,
    "rt_24h": 16,
}
# What changed: in an audit that was read in, what hangs on a suspicion nobody dated is missing, and
# so is a scan of which nobody said whether it was of the whole spine. Others are at their first.
_VERSIONS = {"contact_now": 2, "advice_24h": 2, "mri_24h": 2, "mri_1wk": 2, "rt_24h": 2}
_HEADLINE = frozenset({"contact_now", "advice_24h"})
_STARTS = {
    "contact_now": "From when the referral was received, or new signs were reported",
    "advice_24h": "From when the referral was received",
    "mri_24h": "From when MSCC was suspected",
    "mri_1wk": "From when spinal metastases were suspected",
    "report_urgent": "From when the scan was performed",
    "stability_24h": "From when immobilisation started",
    "rt_24h": "From the decision to treat",
}
_REASONS = {
    "suspicion ended": "the suspicion ended",
    "now mscc": "MSCC came to be suspected",
    "now spinal_metastases": "judged to be spinal metastases",
    "decided otherwise": "decided otherwise",
    "judged otherwise later": "judged otherwise later",
    "immobilisation_ended": "immobilisation ended",
    "paralysis_pain_controlled": "1.10.4: paralysis of 2 weeks or more, pain controlled",
    "poor_prognosis": "1.10.4: poor overall prognosis",
    "discharged": "discharged first",
    "redirected": "redirected first",
    "withdrawn": "withdrawn first",
}
_CLOSED = frozenset({"discharged", "redirected", "withdrawn"})
_EXCLUDED = {code: excluded(words) for code, words in _REASONS.items()}
_OTHERWISE = excluded("excepted")
_SCAN_FIRST = excluded("the scan came first, and the suspicion with it")
_UNDATED = missing("not recorded when it was suspected")


def _on_clocks(target: Target) -> Callable[[Story], Verdict]:
    kind = target.key
    scanned = kind in ("mri_24h", "mri_1wk")

    def tell(story: Story) -> Verdict:
        clocks = [clock for clock in story.facts.clocks if clock.kind == kind]
        if not clocks:
            return _UNDATED if _undated(story, target) else NOT_ABOUT
        if len(clocks) > 1:
            clocks.sort(key=lambda clock: _rank(clock, story))
        if story.facts.imported and (_unstopped(clocks[0]) or _unclear(clocks[0], story, scanned)):
            return _not_written(clocks[0], story, target, scanned)
        return _verdict(clocks[0], story, scanned)

    return tell


def _rank(clock: Judged, story: Story) -> tuple[int, int]:
    """What a referral is judged by first: missed, running, met, excepted, superseded."""
    if clock.state == ClockState.RUNNING:
        return (0 if story.as_of > clock.due_at else 1), clock.number
    return _RANKS[clock.state], clock.number


_RANKS = {
    ClockState.MISSED: 0,
    ClockState.MET: 2,
    ClockState.EXCEPTED: 3,
    ClockState.SUPERSEDED: 4,
}


def _unstopped(clock: Judged) -> bool:
    """Whether nothing ended the clock but the end of the referral, if that."""
    return clock.state == ClockState.RUNNING or clock.reason in _CLOSED


def _unclear(clock: Judged, story: Story, scanned: bool) -> bool:
    """Whether a scan ended the clock of which nobody said that it was of the whole spine."""
    return scanned and clock.stopped_at in story.unclear


def _undated(story: Story, target: Target) -> bool:
    """Whether an audit that was read in says what was suspected and not when: nobody knows then
    whether and how this clock ran. One that waits for a decision runs only where there is one."""
    facts = story.facts
    if not facts.imported or story.mscc or story.metastases:
        return False
    return facts.suspicion in target.suspicion and (
        not target.starts_when
        or any(
            fact.kind in target.starts and target.starts_when.items() <= fact.details.items()
            for fact in facts.milestones
        )
    )


def _not_written(clock: Judged, story: Story, target: Target, scanned: bool) -> Verdict:
    """In an audit that was read in nobody knows whether it was done: missing, as the measures that
    count without clocks have it. A time before the start is flagged; a scan of part is no pass, and
    one that may have been of part is missing."""
    if scanned:
        return mri_within(story, clock.started_at, target.within_s)
    if clock.number > 1:
        return NO_END  # what is on record ended the clock before this one
    ends = [at for kind, at in story.first.items() if kind in target.stops]
    return within(story, clock.started_at, min(ends, default=None), target.within_s)


def _verdict(clock: Judged, story: Story, scanned: bool) -> Verdict:
    state = clock.state
    if state == ClockState.MET and clock.stopped_at is not None:
        took = elapsed(clock.started_at, clock.stopped_at)
        if took < 0:
            return NEGATIVE
        return _SCAN_FIRST if took == 0 and scanned else Verdict(Status.MET, "", took)
    if state == ClockState.RUNNING:
        if story.as_of <= clock.due_at:
            return running(later_than(clock.due_at, 0))
        return Verdict(Status.NOT_MET, _explained(clock, story))
    if state == ClockState.MISSED:
        # Closed or judged otherwise after it was due: late, and nobody knows by how much.
        stopped = clock.stopped_at if not clock.reason else None
        seconds = None if stopped is None else elapsed(clock.started_at, stopped)
        return Verdict(Status.NOT_MET, _explained(clock, story), seconds)
    return _EXCLUDED.get(clock.reason, _OTHERWISE)


def _explained(clock: Judged, story: Story) -> str:
    """The reason the service gave for missing it; empty while nobody said."""
    return next(
        (
            breach.reason
            for breach in story.facts.breaches
            if breach.kind == clock.kind and breach.due_at == clock.due_at
        ),
        "",
    )


def _measure(target: Target) -> Measure:
    whom = {
        frozenset({"mscc"}): "Referrals with suspected MSCC",
        frozenset({"spinal_metastases"}): "Referrals with suspected spinal metastases",
    }.get(target.suspicion, "Referrals")
    return Measure(
        key=f"target_{target.key}",
        number=_NUMBERS[target.key],
        section=SECTION,
        name=target.name,
        clock=_STARTS[target.key],
        numerator="Those in whom it happened in time, each time",
        denominator=f"{whom} for which this clock ran to its end",
        source=f"NG234 {', '.join(target.source)}",
        version=_VERSIONS.get(target.key, 1),
        shape=Shape.TIMED,
        target_s=target.within_s,
        headline=target.key in _HEADLINE,
        note=target.note,
        judge=OnStory(_on_clocks(target)),
    )


MEASURES: tuple[Measure, ...] = tuple(_measure(target) for target in targets())
