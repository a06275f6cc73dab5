"""The processes that are killed: each does its work in a loop, as the product's own would."""

import os
import random
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import Error, connection

from mscc import clock, failpoints
from mscc.events import Actor, Command
from referrals.domain import closing, imaging, intake, triage
from referrals.domain.refusals import Refused, Repeated
from referrals.models import Referral
from scheduling import tasks
from scheduling.domain import escalation
from scheduling.domain.rounds import dispatch_round, sweep_round
from scheduling.models import Escalation
from tests.factories.referrals import METASTASES, MSCC, Team, intake_for
from tests.faults.journal import Asked, Journal
from tests.faults.servers import die_with_parent

LIVE = 40  # referrals that are open at once


@dataclass
class Post:
    """Where a worker stands, however often it is killed and another takes its place."""

    role: str
    number: int
    folder: Path
    team: Team
    seed: int
    progress: Callable[[], None]
    stopping: Callable[[], bool]
    hold: Callable[[], bool]  # no new referrals now: only what is there is brought to an end

    @property
    def journal(self) -> Path:
        return self.folder / f"{self.role}{self.number}.journal"


def work(post: Post, place: str | None, after: int) -> None:
    """A worker's whole life; it ends with the process. Called just after the fork."""
    die_with_parent()
    # The parent's connection is the parent's: forget it without a word to the server.
    connection.connection = None
    log = os.open(post.folder / "workers.log", os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    failpoints.arm(place, after)
    try:
        turn = ROLES[post.role](post)
        while not post.stopping():
            try:
                turn()
                post.progress()
            except Error:
                # The database restarts, or a row was locked for long: once more, on a new line.
                connection.close()
                time.sleep(0.1)
        code = 0
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    os._exit(code)


def _sweeper(post: Post) -> Callable[[], None]:
    def turn() -> None:
        sweep_round(clock.now)
        if post.number == 0:
            # The same message of the broker, delivered again and again.
            for _ in range(3):
                tasks.sweep_clocks()
        time.sleep(0.03)

    return turn


def _dispatcher(post: Post) -> Callable[[], None]:
    def turn() -> None:
        dispatch_round(clock.now)
        if post.number == 0:
            tasks.dispatch_notices()
        time.sleep(0.03)

    return turn


def _acker(post: Post) -> Callable[[], None]:
    """Answers most pages, some of them twice; some nobody ever answers."""
    journal, dice = Journal(post.journal), random.Random(post.seed)
    by = Actor.user(post.team.coordinator)

    def acknowledge(key: str, climb: str) -> None:
        journal.ask(key, "acknowledge", climb=climb)
        escalation.acknowledge(UUID(climb), by=by, at=clock.now())
        journal.confirm(key)

    def turn() -> None:
        for each in journal.asked().values():
            if not each.confirmed:
                acknowledge(each.key, each.about["climb"])
        for climb in _to_answer():
            if climb.int % 10:
                for _ in range(dice.choice((1, 1, 1, 2))):
                    acknowledge(f"ack-{post.seed}-{dice.getrandbits(40)}", str(climb))
        time.sleep(0.1)

    return turn


def _to_answer() -> list[UUID]:
    before = clock.now() - timedelta(seconds=60)
    waiting = Escalation.objects.filter(state="open", opened_at__lt=before)
    return list(waiting.order_by("?").values_list("pk", flat=True)[:3])


class _Commander:
    """Asks, remembers what was confirmed, and after a kill asks again with the same key."""

    def __init__(self, post: Post) -> None:
        self._post, self._team = post, post.team
        self._journal, self._dice = Journal(post.journal), random.Random(post.seed)
        self._asked = self._journal.asked()

    def __call__(self) -> None:
        for each in list(self._asked.values()):
            if not (each.confirmed or each.refused):
                self._send(each)
        verb, about = self._choose()
        if verb:
            key = f"{verb}-{self._post.seed}-{self._dice.getrandbits(40)}"
            self._send(Asked(key, verb, about))
        time.sleep(0.02)

    def _send(self, asked: Asked) -> None:
        self._asked[asked.key] = asked
        self._journal.ask(asked.key, asked.verb, **asked.about)
        try:
            getattr(self, f"_{asked.verb}")(asked.key, asked.about)
        except Repeated:
            asked.confirmed = True  # it took place the first time, and this is its answer
        except Refused:
            asked.refused = True
        else:
            asked.confirmed = True
        self._journal.confirm(asked.key, refused=asked.refused)

    def _choose(self) -> tuple[str, dict[str, Any]]:
        mine = Referral.objects.filter(closed_at=None, place_note=f"post {self._post.number}")
        waiting = list(mine.order_by("?").values_list("pk", "state")[: LIVE // 2])
        done = {(each.verb, each.about.get("referral")) for each in self._asked.values()}
        if len(waiting) < LIVE // 2 and not self._post.hold():
            ago = self._dice.choice((0, 10, 60 * 12, 60 * 24 - 5, 60 * 24 * 7 - 5))
            return "receive", {
                "nhs_number": f"999{self._dice.randrange(10**7):07}",
                "kind": self._dice.choice(("mscc", "metastases")),
                "at": (clock.now() - timedelta(minutes=ago)).isoformat(),
            }
        for pk, state in waiting:
            about = {"referral": str(pk), "at": clock.now().isoformat()}
            if state == "referred":
                verb = "triage"
            else:
                verb = self._dice.choice(("scan", "withdraw", "withdraw", ""))
            if verb and (verb, about["referral"]) not in done:
                return verb, about
        return "", {}

    def _command(self, key: str) -> Command:
        return Command(by=Actor.user(self._team.coordinator), at=clock.now(), key=key)

    def _receive(self, key: str, about: dict[str, Any]) -> None:
        said = MSCC if about["kind"] == "mscc" else METASTASES
        made = intake_for(self._team.place, said, place_note=f"post {self._post.number}")
        person = replace(made.person, nhs_number=about["nhs_number"], family_name="Example")
        at = datetime.fromisoformat(about["at"])
        asked = Command(by=Actor.user(self._team.nurse), at=at, key=key)
        intake.receive(replace(made, person=person), command=asked)

    def _triage(self, key: str, about: dict[str, Any]) -> None:
        which = UUID(about["referral"])
        suspicion = triage.Suspicion(Referral.objects.get(pk=which).suspicion)
        triage.triage(which, triage.Triage(suspicion), command=self._command(key))

    def _scan(self, key: str, about: dict[str, Any]) -> None:
        scan = imaging.ScanPerformed(performed_at=datetime.fromisoformat(about["at"]))
        imaging.record_scan(UUID(about["referral"]), scan, command=self._command(key))

    def _withdraw(self, key: str, about: dict[str, Any]) -> None:
        ending = closing.Withdrawal("A made-up person.")
        closing.withdraw(UUID(about["referral"]), ending, command=self._command(key))


ROLES: dict[str, Callable[[Post], Callable[[], None]]] = {
    "sweeper": _sweeper,
    "dispatcher": _dispatcher,
    "acker": _acker,
    "commander": _Commander,
}
