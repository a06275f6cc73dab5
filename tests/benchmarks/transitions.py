"""T1: a transition through the domain, beside four statements that write the same rows."""

import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from uuid import UUID

from tests.benchmarks.database import World, awaiting_decision
from tests.benchmarks.measuring import Figure, Spread, in_turns

CONNECTIONS = 2
EACH = 50  # transitions of a process in a slice
WARM = 20


def t1(world: World, rounds: int) -> Iterator[Figure]:
    """Two processes with a connection each; both sides in the same processes, in turns."""
    waiting = awaiting_decision(world)
    hands = [_Hand(world) for _ in range(CONNECTIONS)]

    def take(count: int) -> list[UUID]:
        taken = waiting[:count]
        del waiting[:count]
        return taken

    def cost(side: str, each: int = EACH) -> float:
        """Seconds a transition, as the two processes together get through them."""
        for hand in hands:
            hand.start(side, take(each))
        spans = [hand.wait() for hand in hands]
        elapsed = max(ended for _, ended in spans) - min(began for began, _ in spans)
        return elapsed / (each * len(hands))

    try:
        for side in ("floor", "product"):
            cost(side, WARM)
        found = in_turns(rounds, lambda: cost("floor"), lambda: cost("product"))
    finally:
        for hand in hands:
            hand.leave()
    yield Figure(
        "T1",
        "a transition, 2 connections",
        Spread.of(1 / value for value in found.floor).show("{:,.0f}") + " /s",
        Spread.of(1 / value for value in found.product).show("{:,.0f}") + " /s",
        found.ratio,
        "x the floor",
        aim=3,
        must=4,
    )


class _Hand:
    """A process that carries out transitions when told; a pipe needs no semaphore."""

    def __init__(self, world: World) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(
            target=_work, args=(other, world.url, world.coordinators[0]), daemon=True
        )
        self._process.start()
        other.close()

    def start(self, side: str, ids: Sequence[UUID]) -> None:
        self._pipe.send((side, list(ids)))

    def wait(self) -> tuple[float, float]:
        """When it began and ended; EOFError when it died."""
        found: tuple[float, float] = self._pipe.recv()
        return found

    def leave(self) -> None:
        self._pipe.close()
        self._process.join(10)


def _work(pipe: Connection, url: str, user_id: int) -> None:
    os.environ["DATABASE_URL"] = url
    import django

    django.setup()
    import psycopg

    from mscc.events import Actor, Command
    from mscc.people.models import User
    from referrals.domain.treatment import Decision, decide_treatment
    from tests.benchmarks import floors

    by = Actor.user(User.objects.get(pk=user_id))

    def through_the_domain(which: UUID) -> None:
        at = datetime.now(UTC)
        decision = Decision(floors.PLAN, floors.DECIDED_BY, at, consulted=("oncology",))
        decide_treatment(which, decision, command=Command(by=by, at=at, version=1))

    with psycopg.connect(url, autocommit=True) as line:
        while True:
            try:
                side, ids = pipe.recv()
            except EOFError:
                return
            began = time.monotonic()
            for which in ids:
                if side == "product":
                    through_the_domain(which)
                elif not floors.decide(line, which, user_id, datetime.now(UTC)):
                    raise RuntimeError("two sides were given the same referral")
            pipe.send((began, time.monotonic()))
