"""One journey read once, for all the measures that judge it.

A million journeys are judged by some seventy measures each: what several of them ask (when it was
suspected, which scan counts) is found here a single time. Elapsed time is absolute: 24 h is
86,400 s whatever the wall clock does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from audit.measures.journey import Decision, JourneyFacts, Later
from audit.measures.verdict import Verdict
from referrals.clinical.milestones import Fact, MilestoneKind, Suspicion

HOUR = 3600
DAY = 24 * HOUR
WEEK = 7 * DAY  # 168 h, not seven days of a calendar

_JUDGES = {
    MilestoneKind.MSCC_SUSPECTED: Suspicion.MSCC,
    MilestoneKind.METASTASES_SUSPECTED: Suspicion.SPINAL_METASTASES,
    MilestoneKind.SUSPICION_ENDED: Suspicion.NONE,
}
_CLOSES = frozenset({MilestoneKind.DISCHARGED, MilestoneKind.REDIRECTED, MilestoneKind.WITHDRAWN})


def elapsed(start: datetime, end: datetime) -> int:
    """Whole seconds from `start` to `end`, a started second counted; negative when `end` is first.

    ValueError for a time without a zone: nobody can say how long that was.
    """
    # Two times of one zone other than UTC are subtracted by their wall clocks: an hour wrong.
    if start.tzinfo is not UTC:
        start = _utc(start)
    if end.tzinfo is not UTC:
        end = _utc(end)
    span = end - start
    whole = span.days * DAY + span.seconds
    return whole + 1 if span.microseconds and span.days >= 0 else whole


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A time without a zone cannot be measured: give it one.")
    return moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Spell:
    """One suspicion from when it arose to when it was judged otherwise, if it was."""

    since: datetime
    until: datetime | None = None
    found_by_scan: bool = False


class Story:
    """The facts of one journey with what is derived from them; `first` is by kind of milestone.

    `mri` are the times of MRI of the whole spine, `unclear` of MRI of which nobody said whether it
    was, `part` of MRI of part of it, `ct` of CT of the whole spine in place of MRI; all in order.
    `untimed`: a scan was reported, and nobody wrote down when it was performed.
    `closed_at` is when it ended, `treated_at` when surgery or the first radiotherapy began,
    `steroid_at` when dexamethasone was first given, as far as anything tells.
    """

    __slots__ = (
        "alive_on",
        "as_of",
        "closed_at",
        "ct",
        "decisions",
        "facts",
        "first",
        "found_on",
        "is_mscc",
        "metastases",
        "mri",
        "mscc",
        "open",
        "part",
        "received_at",
        "steroid_at",
        "treated_at",
        "unclear",
        "untimed",
    )

    def __init__(self, facts: JourneyFacts) -> None:
        self.facts = facts
        self.as_of = _utc(facts.as_of)
        self.received_at = _utc(facts.received_at)
        self.closed_at = left_at(facts)
        self.open = facts.closed_at is None
        self.is_mscc = facts.confirmed == "mscc"
        self.decisions: tuple[Decision, ...] = facts.decisions
        first: dict[MilestoneKind, datetime] = {}
        judged: list[Fact] = []
        for fact in facts.milestones:
            kind = fact.kind
            if kind not in first:
                at = fact.occurred_at
                first[kind] = at if at.tzinfo is UTC else _utc(at)
            if kind in _JUDGES:
                judged.append(fact)
        self.first = first
        self.treated_at = _earlier(
            first.get(MilestoneKind.SURGERY_PERFORMED),
            first.get(MilestoneKind.RADIOTHERAPY_STARTED),
        )
        self.steroid_at = self._first_steroid()
        # Kept by day: several outcomes ask what became of the person by then.
        self.alive_on: dict[int, Verdict] = {}
        self.found_on: dict[int, Later | Verdict] = {}
        self.mscc, self.metastases = _spells(judged)
        self._read_scans()

    def _first_steroid(self) -> datetime | None:
        at = self.first.get(MilestoneKind.DEXAMETHASONE_STARTED)
        for dose in self.facts.doses:
            if dose.kind == "start":
                at = _earlier(at, dose.at)
        care = self.facts.care.get("dexamethasone")
        if at is None and care is not None and care.status == "given":
            return care.at
        return at

    def _read_scans(self) -> None:
        mri: list[datetime] = []
        unclear: list[datetime] = []
        part: list[datetime] = []
        ct: list[datetime] = []
        self.untimed = False
        for scan in self.facts.scans:
            at = scan.performed_at
            if at is None:
                self.untimed = self.untimed or scan.reported_at is not None
                continue
            if at.tzinfo is not UTC:
                at = _utc(at)
            if scan.modality == "ct":
                if scan.whole_spine and scan.contraindicated:
                    ct.append(at)
            elif scan.whole_spine:
                mri.append(at)
            elif scan.whole_spine is None:
                unclear.append(at)
            else:
                part.append(at)
        if not (mri or unclear or part or ct):
            # A scan may be on record as a milestone alone, as in an audit that was read in.
            mri = list(self.facts.all(MilestoneKind.MRI_PERFORMED))
            part = list(self.facts.all(MilestoneKind.MRI_INCOMPLETE))
            ct = list(self.facts.all(MilestoneKind.CT_PERFORMED))
        self.mri, self.unclear, self.part, self.ct = mri, unclear, part, ct
        for times in (mri, unclear, part, ct):
            if len(times) > 1:
                times.sort()

    @property
    def ever_mscc(self) -> bool:
        """Whether MSCC was suspected at any time, or is now."""
        return self.mscc is not None or self.facts.suspicion == Suspicion.MSCC

    @property
    def ever_metastases(self) -> bool:
        """Whether spinal metastases without MSCC were suspected at any time, or are now."""
        return self.metastases is not None or self.facts.suspicion == Suspicion.SPINAL_METASTASES


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return min(one, other)


def _spells(judged: list[Fact]) -> tuple[Spell | None, Spell | None]:
    """The spell of suspected MSCC and of suspected metastases that measures are about."""
    if len(judged) == 1:
        return _only(judged[0])
    if not judged:
        return None, None
    standing = [fact for fact in judged if not _overtaken(fact, judged)]
    return (
        _lasting(_told(standing, Suspicion.MSCC), DAY),
        _lasting(_told(standing, Suspicion.SPINAL_METASTASES), WEEK),
    )


def _only(fact: Fact) -> tuple[Spell | None, Spell | None]:
    if fact.kind == MilestoneKind.MSCC_SUSPECTED:
        return Spell(fact.occurred_at, None, fact.details.get("found_by") == "scan"), None
    if fact.kind == MilestoneKind.METASTASES_SUSPECTED:
        return None, Spell(_since(fact))
    return None, None


def _overtaken(fact: Fact, judged: Iterable[Fact]) -> bool:
    """Whether a judgement that was told later reaches back to before this one (as for clocks)."""
    return any(
        later.kind != fact.kind and later.told > fact.told and later.occurred_at <= fact.occurred_at
        for later in judged
    )


def _told(judged: Iterable[Fact], what: Suspicion) -> list[Spell]:
    spells: list[Spell] = []
    for fact in judged:
        running = bool(spells) and spells[-1].until is None
        if _JUDGES[fact.kind] == what:
            if not running:
                found = fact.details.get("found_by") == "scan"
                spells.append(Spell(_since(fact), None, found))
        elif running:
            spells[-1] = Spell(spells[-1].since, fact.occurred_at, spells[-1].found_by_scan)
    return spells


def _lasting(spells: list[Spell], limit: int) -> Spell | None:
    """The first that lasted longer than its target, else the last: a suspicion that was given up
    in time, and came back, is judged by when it came back."""
    for spell in spells:
        if spell.until is None or elapsed(spell.since, spell.until) > limit:
            return spell
    return spells[-1] if spells else None


def _since(fact: Fact) -> datetime:
    # Judged down now, and counted from when something was first suspected (as clocks count it).
    since = fact.details.get("since")
    return datetime.fromisoformat(since) if since else fact.occurred_at


def left_at(facts: JourneyFacts) -> datetime | None:
    """When a referral that is closed ended; None while it is open. What happened counts, not when
    it was written down: a discharge of Friday may be recorded on Monday."""
    if facts.closed_at is None:
        return None
    for fact in reversed(facts.milestones):
        if fact.kind in _CLOSES:
            return _utc(fact.occurred_at)
    return _utc(facts.closed_at)


def later_than(start: datetime, seconds: int) -> datetime:
    """The first whole second after a limit: from then on the time is over."""
    return start + timedelta(seconds=seconds + 1)


@dataclass(frozen=True, slots=True)
class OnStory:
    """A measure's judgement of facts, for one measure alone; `tell` judges a story already read."""

    tell: Callable[[Story], Verdict]

    def __call__(self, facts: JourneyFacts) -> Verdict:
        return self.tell(Story(facts))
