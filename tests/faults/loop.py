"""The kill loop: workers that die at a named step and are replaced, until it has been enough.

The driver is a warm process with Django loaded: a fork costs milliseconds, a new Python a second.
It has one thread, and the gateway is a process of its own, so that a fork never copies a lock.
"""

import contextlib
import mmap
import os
import random
import signal
import statistics
import struct
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.gateway import Gateway
from tests.faults.history import History, Verdict, check
from tests.faults.times import Times

# Who dies where. A bell is rung by whoever commits: whoever sends a command, and a sweeper.
PLACES = {
    "commander": ("t1.before_commit", "t1.after_commit", "t1.before_bell"),
    "sweeper": ("t2.after_lock", "t2.before_commit", "t2.after_commit"),
    "dispatcher": (
        "t3.after_claim",
        "t3.before_network",
        "t4.after_answer",
        "t4.before_settle",
        "t4.after_settle",
    ),
    "acker": ("t5.before_commit", "t5.after_commit"),
}
FACTOR = 30.0  # seconds of the product's time in one real second
# What else happens, once there have been so many kills.
Event = tuple[int, Callable[[], None]]
PATIENCE_S = 6.0  # a worker that did not get to its place is killed wherever it is


@dataclass(frozen=True)
class Plan:
    """How much, how long at most, and with how many."""

    kills: int = 1000
    seed: int = 1
    within_s: float = 720.0
    sweepers: int = 3
    dispatchers: int = 2
    commanders: int = 2
    ackers: int = 1
    poison: int = 6
    events: tuple[Event, ...] = ()


@dataclass
class Report:
    """What a run came to. Times in real seconds."""

    asked: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    crashes: list[str] = field(default_factory=list)
    heals: dict[str, list[float]] = field(default_factory=dict)
    settled_s: float | None = None
    took_s: float = 0.0
    history: History | None = None
    verdict: Verdict | None = None

    @property
    def passed(self) -> bool:
        kept = self.verdict is not None and not self.verdict.violations
        enough = self.kills.total() >= self.asked
        return kept and enough and not self.crashes and self.settled_s is not None


@dataclass
class _Slot:
    """One place for a worker, and who has it now."""

    role: str
    number: int
    at: int  # where it says that it finished a turn
    pid: int = 0
    place: str = ""
    started: float = 0.0


class Loop:
    """One run in the database that Django is set up for. Use `run` once."""

    def __init__(self, plan: Plan, folder: Path, gateway: Gateway, times: Times) -> None:
        self.plan, self.folder, self.gateway, self.times = plan, folder, gateway, times
        self.report = Report(plan.kills)
        self._dice = random.Random(plan.seed)
        counts = {
            "sweeper": plan.sweepers,
            "dispatcher": plan.dispatchers,
            "commander": plan.commanders,
            "acker": plan.ackers,
        }
        roles = [(role, n) for role, count in counts.items() for n in range(count)]
        self._slots = [_Slot(role, n, at) for at, (role, n) in enumerate(roles)]
        self._deaths: list[tuple[str, float]] = []  # of which role, when; not made good yet
        # Shared by fork: a stop flag, a hold flag, and the time of each slot's last turn.
        self._shared = mmap.mmap(-1, mmap.PAGESIZE)

    def run(self) -> Report:
        """Kill until the plan is done, let it settle, and judge what is left."""
        from tests.faults import workers, world

        self._work, self._world = workers.work, world
        began = self._spoke = time.monotonic()
        self.times.install()
        self.team = world.build()
        world.warm(self.team)
        try:
            self._kill()
            self._settle()
        finally:
            self._stop()
        self._judge()
        self.report.took_s = time.monotonic() - began
        return self.report

    # Killing

    def _kill(self) -> None:
        until = time.monotonic() + self.plan.within_s
        events = sorted([*self._poisonings(), *self.plan.events], key=lambda event: event[0])
        while time.monotonic() < until:
            killed = self.report.kills.total()
            if events and killed >= events[0][0]:
                events.pop(0)[1]()
            elif killed >= self.plan.kills:
                return
            self._tend(armed=True)
            if time.monotonic() - self._spoke > 30:
                self._spoke = time.monotonic()
                print(f"  {killed:,} kills", flush=True)

    def _poisonings(self) -> list[Event]:
        each = self.plan.kills // (self.plan.poison + 1)
        return [(each * (n + 1), self._poison) for n in range(self.plan.poison)]

    def _poison(self) -> None:
        self._world.poison(self._dice)

    def _tend(self, *, armed: bool) -> None:
        """Bury, note who works again, start who is missing, and end who dawdles."""
        self._bury()
        self._note_who_works()
        now = time.monotonic()
        for slot in self._slots:
            if not slot.pid:
                self._start(slot, armed=armed)
            elif slot.place and now - slot.started > PATIENCE_S:
                slot.place = "anywhere"
                with contextlib.suppress(ProcessLookupError):
                    os.kill(slot.pid, signal.SIGKILL)
        time.sleep(0.004)

    def _note_who_works(self) -> None:
        """A role is healed when any of its workers has finished a turn after the death."""
        turned = {slot.role: 0.0 for slot in self._slots}
        for slot in self._slots:
            turned[slot.role] = max(turned[slot.role], self._turned(slot))
        for role, died in [each for each in self._deaths if turned[each[0]] > each[1]]:
            self._deaths.remove((role, died))
            self.report.heals.setdefault(role, []).append(turned[role] - died)

    def _start(self, slot: _Slot, *, armed: bool) -> None:
        slot.place = self._next_place(slot.role) if armed else ""
        after, seed = self._dice.randint(1, 4), self._dice.getrandbits(32)
        slot.started = time.monotonic()
        slot.pid = os.fork()
        if slot.pid == 0:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            self._work(self._post(slot, seed), slot.place or None, after)

    def _next_place(self, role: str) -> str:
        """The one that has had the fewest kills, so that each gets its share."""
        places = list(PLACES[role])
        self._dice.shuffle(places)
        return min(places, key=lambda place: self.report.kills[place])

    def _bury(self) -> None:
        with contextlib.suppress(ChildProcessError):
            for slot in self._slots:
                if not slot.pid:
                    continue
                pid, status = os.waitpid(slot.pid, os.WNOHANG)
                if not pid:
                    continue
                slot.pid, code = 0, os.waitstatus_to_exitcode(status)
                if code == -signal.SIGKILL:
                    self.report.kills[slot.place] += 1
                    self._deaths.append((slot.role, time.monotonic()))
                elif code:
                    self.report.crashes.append(f"{slot.role} {slot.number} ended with {code}")

    def _post(self, slot: _Slot, seed: int) -> "object":
        from tests.faults.workers import Post

        at = 8 * (2 + slot.at)
        return Post(
            slot.role,
            slot.number,
            self.folder,
            self.team,
            seed,
            progress=lambda: struct.pack_into("d", self._shared, at, time.monotonic()),
            stopping=lambda: self._shared[0] == 1,
            hold=lambda: self._shared[1] == 1,
        )

    def _turned(self, slot: _Slot) -> float:
        found: float = struct.unpack_from("d", self._shared, 8 * (2 + slot.at))[0]
        return found

    # Settling

    def _settle(self, within_s: float = 60.0) -> None:
        """No more kills and no more referrals: how long until nothing that is due is undone."""
        self._shared[1] = 1
        for slot in self._slots:
            if slot.pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(slot.pid, signal.SIGKILL)
                os.waitpid(slot.pid, 0)
                slot.pid = 0
        began = time.monotonic()
        while time.monotonic() - began < within_s:
            self._tend(armed=False)
            if not self._is_quiet():
                continue
            if self.report.settled_s is None:
                self.report.settled_s = time.monotonic() - began
            # Time stands still, so that nothing new falls due while the last is brought to an end.
            self.times.run(1.0)
            if self._stays_quiet():
                return
            self.times.run(FACTOR)

    def _stays_quiet(self) -> bool:
        until = time.monotonic() + 5
        while time.monotonic() < until:
            self._tend(armed=False)
            if not self._deaths and self._is_quiet():
                return True
        return False

    def _is_quiet(self) -> bool:
        from django.db import Error, connection

        from mscc import clock
        from tests.faults import reading

        try:
            return reading.is_quiet(clock.now())
        except Error:
            connection.close()
            return False

    def _stop(self) -> None:
        self._shared[0] = 1
        until = time.monotonic() + 10
        while any(slot.pid for slot in self._slots) and time.monotonic() < until:
            self._bury()
            time.sleep(0.01)
        for slot in self._slots:
            if slot.pid:
                os.kill(slot.pid, signal.SIGKILL)
                os.waitpid(slot.pid, 0)

    def _judge(self) -> None:
        from mscc import clock
        from tests.faults import journal, reading

        asked = [
            each
            for path in sorted(self.folder.glob("*.journal"))
            for each in journal.read(path).values()
        ]
        history = reading.read(clock.now(), asked, self.gateway.deliveries())
        self.report.history, self.report.verdict = history, check(history)


def lines(report: Report) -> Iterator[str]:
    """The report, as it is printed."""
    assert report.history is not None
    assert report.verdict is not None
    history, verdict = report.history, report.verdict
    yield f"{report.kills.total():,} kills of {report.asked:,} in {report.took_s:.0f} s"
    for place, times in sorted(report.kills.items()):
        yield f"  {place:<18} {times:>6}"
    acknowledged = sum(each.acknowledged for each in history.commands)
    yield f"{acknowledged:,} commands acknowledged, of {len(history.commands):,} sent"
    fired = sum(step.state == "fired" for step in history.steps)
    told = sum(history.told.values())
    yield f"{fired:,} steps fired, {len(history.climbs):,} climbs, {told:,} rungs told"
    yield f"{len(history.pages):,} pages, {len(history.deliveries):,} arrivals at the gateway"
    yield f"lost               {verdict.count('lost'):>6}"
    yield f"doubled            {verdict.count('doubled'):>6}"
    unmarked = verdict.count("unmarked")
    yield f"duplicates {verdict.duplicates:>14}   marked RPT, same id; not marked: {unmarked}"
    for role, found in sorted(report.heals.items()):
        worst, middle = max(found), statistics.median(found)
        yield f"working again      {middle:6.2f} s median, {worst:.2f} s at most: {role}"
    settled = "never" if report.settled_s is None else f"{report.settled_s:.2f} s"
    yield f"nothing left undone after the last kill: {settled}"
    for each in verdict.violations[:40]:
        yield f"  {each.promise}: {each.what}"
    for crash in report.crashes[:20]:
        yield f"  crashed: {crash}"
