"""The truth about clocks: milestones in, clocks out.

A `Clock` row is only an indexed projection of what `judge` says; it can be thrown away and
rebuilt from the milestones at any time. Nothing here reads a clock on a wall or a database.

Elapsed time is absolute: 24 h is 86,400 s whatever the wall clock does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from referrals.clinical.library import Target
from referrals.clinical.milestones import Fact, MilestoneKind, Suspicion


class ClockState(StrEnum):
    """Where a clock stands for good; at risk and breached are moments of a running one."""

    RUNNING = "running"
    MET = "met"
    MISSED = "missed"
    SUPERSEDED = "superseded"
    EXCEPTED = "excepted"


@dataclass(frozen=True, slots=True)
class Judged:
    """One clock as the milestones have it. `number` counts the clocks of a kind from 1."""

    kind: str
    number: int
    started_at: datetime
    due_at: datetime
    at_risk_at: datetime
    state: ClockState = ClockState.RUNNING
    stopped_at: datetime | None = None
    reason: str = ""


_SUSPECTS: Mapping[MilestoneKind, Suspicion] = {
    MilestoneKind.MSCC_SUSPECTED: Suspicion.MSCC,
    MilestoneKind.METASTASES_SUSPECTED: Suspicion.SPINAL_METASTASES,
    MilestoneKind.SUSPICION_ENDED: Suspicion.NONE,
}
_CLOSES: Mapping[MilestoneKind, str] = {
    MilestoneKind.DISCHARGED: "discharged",
    MilestoneKind.REDIRECTED: "redirected",
    MilestoneKind.WITHDRAWN: "withdrawn",
}
# Facts of one moment stand in this order: a suspicion, the referral it led to and who took it come
# before everything else of that moment (among themselves as told), a referral's end after.
_ORDER = {
    **dict.fromkeys(MilestoneKind, 1),
    **dict.fromkeys((*_SUSPECTS, MilestoneKind.RECEIVED, MilestoneKind.TAKEN), 0),
    **dict.fromkeys(_CLOSES, 2),
    MilestoneKind.REOPENED: 3,
}


def judge(facts: Iterable[Fact], targets: Sequence[Target]) -> tuple[Judged, ...]:
    """Every clock these facts start, with how each stands, oldest first.

    `facts` are the milestones that hold, in any order: late entries count as of when things
    happened, not of when they were typed.
    """
    told = sorted(facts, key=lambda f: (f.occurred_at, _ORDER[f.kind], f.told))
    judgements = [fact for fact in told if fact.kind in _SUSPECTS]
    overtaken = [fact for fact in judgements if _overtaken(fact, judgements)]
    clocks: list[Judged] = []
    for target in targets:
        clocks += _Story(target, overtaken).tell(told)
    return tuple(sorted(clocks, key=lambda c: (c.started_at, c.due_at, c.kind, c.number)))


def next_due(clocks: Iterable[Judged]) -> Judged | None:
    """The running clock that is due first."""
    running = [clock for clock in clocks if clock.state is ClockState.RUNNING]
    return min(running, key=lambda clock: (clock.due_at, clock.kind), default=None)


def _overtaken(fact: Fact, judgements: Iterable[Fact]) -> bool:
    """Whether a judgement told later reaches back to before this one, and so replaces it.

    Cord signs reported on Tuesday and found on Sunday make Monday's "metastases" a thing of the
    past: it must not lower the suspicion again because Monday comes after Sunday.
    """
    return any(
        later.kind is not fact.kind
        and later.told > fact.told
        and later.occurred_at <= fact.occurred_at
        for later in judgements
    )


class _Story:
    """One target's clocks, told fact by fact."""

    def __init__(self, target: Target, overtaken: Sequence[Fact]) -> None:
        self.target = target
        self.overtaken = overtaken
        self.clocks: list[Judged] = []
        self.suspicion: Suspicion | None = None
        # The start that counted for nothing, because something else was suspected then.
        self.passed_over: Fact | None = None

    def tell(self, facts: Iterable[Fact]) -> list[Judged]:
        for fact in facts:
            if fact in self.overtaken:
                self._start_and_replace(fact)
                continue
            if fact.kind in _SUSPECTS:
                self._suspect(_SUSPECTS[fact.kind], fact.occurred_at)
            elif fact.kind is MilestoneKind.REOPENED:
                self._resume()
            if fact.kind in self.target.starts:
                self._start(fact)
            if fact.kind in self.target.stops:
                self.passed_over = None
                self._stop(ClockState.MET, fact.occurred_at)
            elif fact.kind in self.target.excepts:
                self._stop(ClockState.EXCEPTED, fact.occurred_at, fact.kind.value)
            elif fact.kind in _CLOSES:
                self._stop(ClockState.EXCEPTED, fact.occurred_at, _CLOSES[fact.kind])
        return self.clocks

    @property
    def _running(self) -> Judged | None:
        last = self.clocks[-1] if self.clocks else None
        return last if last is not None and last.state is ClockState.RUNNING else None

    def _suspect(self, suspicion: Suspicion, at: datetime) -> None:
        self.suspicion = suspicion
        if self._is_for(suspicion):
            if self.target.counts_from_before and self.passed_over and self._running is None:
                self._append(self.passed_over)
                self.passed_over = None
        elif suspicion is Suspicion.NONE:
            self._stop(ClockState.EXCEPTED, at, "suspicion ended")
        else:
            self._stop(ClockState.SUPERSEDED, at, f"now {suspicion.value}")

    def _is_for(self, suspicion: Suspicion | None) -> bool:
        return not self.target.suspicion or suspicion in self.target.suspicion

    def _start(self, fact: Fact) -> None:
        if not self._is_for(self.suspicion):
            self.passed_over = fact
            return
        target = self.target
        if target.excepted_when and _matches(target.excepted_when, fact.details):
            if self._running is None:
                self._append(fact)
            reason = str(fact.details.get("exception", "excepted"))
            self._stop(ClockState.EXCEPTED, fact.occurred_at, reason)
        elif not _matches(target.starts_when, fact.details):
            # The same kind of fact, decided otherwise (surgery instead): nothing is owed now.
            self._stop(ClockState.SUPERSEDED, fact.occurred_at, "decided otherwise")
        elif self._running is None:
            self._append(fact)

    def _start_and_replace(self, fact: Fact) -> None:
        """Both stay on record: the clock that would have run, and that another took its place."""
        if fact.kind in self.target.starts and self._running is None:
            self._append(fact)
            self._stop(ClockState.SUPERSEDED, fact.occurred_at, "judged otherwise later")

    def _append(self, fact: Fact) -> None:
        # `since`: the start is earlier than the fact (judged down at triage, suspected before).
        since = fact.details.get("since")
        start = datetime.fromisoformat(since) if since else fact.occurred_at
        self.clocks.append(
            Judged(
                kind=self.target.key,
                number=len(self.clocks) + 1,
                started_at=start,
                due_at=start + timedelta(seconds=self.target.within_s),
                at_risk_at=start + timedelta(seconds=self.target.at_risk_after_s),
            )
        )

    def _stop(self, state: ClockState, at: datetime, reason: str = "") -> None:
        clock = self._running
        if clock is None:
            return
        # A target that had passed unmet is missed, whatever ended the clock afterwards.
        late = at > clock.due_at
        self.clocks[-1] = replace(
            clock,
            state=ClockState.MISSED if late else state,
            stopped_at=max(at, clock.started_at),
            reason=reason,
        )

    def _resume(self) -> None:
        """Reopening takes back what closing had ended: the hours in between count too."""
        last = self.clocks[-1] if self.clocks else None
        if last is not None and last.reason in _CLOSES.values():
            self.clocks[-1] = replace(last, state=ClockState.RUNNING, stopped_at=None, reason="")


def _matches(wanted: Mapping[str, str], details: Mapping[str, Any]) -> bool:
    return all(details.get(key) == value for key, value in wanted.items())
