"""What happened, and whether the promises were kept. Pure: it reads values and nothing else.

Four promises. Nothing is lost: every command that was acknowledged took place, every step that fell
due fired, every page went out, was withdrawn, or is still being tried, and every climb that nobody
ended has a next time. Nothing is doubled: a step, a rung and a command have one effect. A page that
arrives twice has the same id and says so. What is poisoned is seen and keeps nobody waiting.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Command:
    """One thing somebody asked for. `effects`: how often the database says it took place."""

    key: str
    verb: str
    acknowledged: bool
    effects: int


@dataclass(frozen=True, slots=True)
class Step:
    id: str
    state: str
    fire_at: datetime
    clock_runs: bool
    climbs: int  # of this clock, about what this step is about, ever
    said: int  # how often the trail says that it happened, for this due time
    resting: bool = False  # it raised, says so, and is tried again


@dataclass(frozen=True, slots=True)
class Climb:
    id: str
    state: str
    next_at: datetime | None  # of an answered one: when it is looked at again
    opened_at: datetime
    error: str = ""
    answers: int = 0  # as the trail has them
    pages: int = 0  # notices of its own, and lines in somebody's digest
    asked_to_end: int = 0  # acknowledgements that somebody sent
    answered: int = 0  # those of them that were confirmed


@dataclass(frozen=True, slots=True)
class Page:
    """A notice. `wanted`: its climb is open, or it has none."""

    id: str
    state: str
    next_attempt_at: datetime
    attempts: int
    wanted: bool = True
    moved_on: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the gateway took. `repeat` is what the message says of itself: 1, or RPT n."""

    id: str
    repeat: int
    at: float
    confirmed: bool = True  # the gateway's answer was a yes, and it was sent


@dataclass(frozen=True, slots=True)
class History:
    at: datetime
    commands: tuple[Command, ...] = ()
    steps: tuple[Step, ...] = ()
    climbs: tuple[Climb, ...] = ()
    pages: tuple[Page, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    told: Counter[Any] = field(default_factory=Counter)  # (climb, round, rung) in the trail


@dataclass(frozen=True, slots=True)
class Violation:
    promise: str  # lost, doubled or unmarked
    what: str


@dataclass(frozen=True, slots=True)
class Verdict:
    violations: tuple[Violation, ...]
    duplicates: int  # pages that arrived again, same id and marked

    def count(self, promise: str) -> int:
        return sum(each.promise == promise for each in self.violations)


LATE = timedelta(seconds=60)  # of the product's time: what is later than this is lost


def check(history: History, late: timedelta = LATE) -> Verdict:
    """Hold what happened against the promises."""
    found = [
        *_commands(history.commands),
        *_steps(history, late),
        *_climbs(history, late),
        *_rungs(history.told),
        *_pages(history, late),
        *_deliveries(history),
    ]
    return Verdict(tuple(found), _repeated(history.deliveries))


def _commands(commands: Iterable[Command]) -> Iterator[Violation]:
    for each in commands:
        if each.acknowledged and not each.effects:
            yield Violation("lost", f"{each.verb} {each.key} was acknowledged and is not there")
        if each.effects > 1:
            yield Violation("doubled", f"{each.verb} {each.key} took place {each.effects} times")


def _steps(history: History, late: timedelta) -> Iterator[Violation]:
    for step in history.steps:
        overdue = step.state == "armed" and step.fire_at < history.at - late
        if overdue and step.clock_runs and not step.resting:
            yield Violation("lost", f"step {step.id} was due at {step.fire_at} and never fired")
        if step.state == "fired" and not step.said:
            yield Violation("lost", f"step {step.id} fired and nothing says so")
        if step.state == "fired" and not step.climbs:
            yield Violation("lost", f"step {step.id} fired and nobody was told")
        if step.said > 1:
            yield Violation("doubled", f"step {step.id} happened {step.said} times")
        if step.state == "armed" and step.said:
            yield Violation("doubled", f"step {step.id} happened and will happen again")


def _climbs(history: History, late: timedelta) -> Iterator[Violation]:
    for climb in history.climbs:
        if climb.state == "open" and climb.next_at is None:
            yield Violation("lost", f"climb {climb.id} is open and has no next time")
        elif climb.state != "closed" and climb.next_at and climb.next_at < history.at - late:
            yield Violation("lost", f"climb {climb.id} was to go on at {climb.next_at}")
        if climb.state == "open" and not climb.pages and not climb.error:
            yield Violation("lost", f"climb {climb.id} is open and nobody was told of it")
        if climb.answered and not climb.answers and climb.state == "open":
            yield Violation("lost", f"an answer to climb {climb.id} was confirmed and is not there")
        if climb.answers > max(climb.asked_to_end, 1):
            yield Violation("doubled", f"climb {climb.id} was answered {climb.answers} times")


def _rungs(told: Counter[Any]) -> Iterator[Violation]:
    for which, times in told.items():
        if times > 1:
            yield Violation("doubled", f"rung {which} was told {times} times")


def _pages(history: History, late: timedelta) -> Iterator[Violation]:
    arrived = Counter(each.id for each in history.deliveries)
    for page in history.pages:
        if page.state == "sent" and not arrived[page.id]:
            yield Violation("lost", f"page {page.id} is called sent and never arrived")
        if page.state in ("pending", "leased") and page.next_attempt_at < history.at - late:
            yield Violation("lost", f"page {page.id} was to be sent at {page.next_attempt_at}")
        if page.state in ("dead", "failed") and page.wanted and not page.moved_on:
            yield Violation("lost", f"page {page.id} is {page.state} and nobody else was told")
        if page.state == "superseded" and page.wanted:
            yield Violation("lost", f"page {page.id} was withdrawn while its climb is open")
        if arrived[page.id] > page.attempts:
            yield Violation("doubled", f"page {page.id} arrived more often than it was tried")


def _deliveries(history: History) -> Iterator[Violation]:
    known = {page.id for page in history.pages}
    marks: dict[str, list[int]] = defaultdict(list)
    for each in history.deliveries:
        marks[each.id].append(each.repeat)
    for id_, repeats in marks.items():
        if id_ not in known:
            yield Violation("doubled", f"page {id_} arrived and is not in the outbox")
        if len(set(repeats)) != len(repeats):
            yield Violation("unmarked", f"page {id_} arrived as {sorted(repeats)}")


def _repeated(deliveries: Iterable[Delivery]) -> int:
    """Arrivals after the first, of the same page."""
    return sum(times - 1 for times in Counter(each.id for each in deliveries).values())
