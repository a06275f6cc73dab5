"""D3: two hundred boards are open, a referral arrives: when is it on each of them?"""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.benchmarks.database import World
from tests.benchmarks.measuring import Figure, Spread, percentile
from tests.benchmarks.web import FLOOR, PRODUCT, Browser, Server, serving, signed_in

WINDOW_S = 10.0  # how long the boards are watched in a turn
SETTLED_S = 4.5  # before a change, so that each board has asked once


@dataclass
class Board:
    """One open board: polls as board.js does, and notes when it first shows a referral."""

    browser: Browser
    path: str
    place: int  # of the alliance or the trust whose board it is
    tag: str = ""
    body: bytes = b""
    drawn_at: float = 0.0
    shown: dict[str, float] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def poll(self, awaited: Sequence[str]) -> None:
        answer = self.browser.get(self.path, X_Requested_With="fetch", If_None_Match=self.tag)
        if answer.status == 200:
            self.tag, self.body = answer.headers["etag"], answer.body
            self.drawn_at = time.monotonic()
        elif answer.status != 304:
            self.errors.append(f"{self.path} answered {answer.status}")
        # Also in what came before we were told what to look for.
        for reference in awaited:
            if reference.encode() in self.body:
                self.shown.setdefault(reference, self.drawn_at)


def d3(world: World, rounds: int) -> Iterator[Figure]:
    """Empty answers and boards in turns: the first is what two hundred requests cost at all."""
    from scheduling.views.board import EVERY_S

    late: list[float] = []
    shares: list[float] = []
    below_shares: list[float] = []
    with serving(FLOOR) as below, serving(PRODUCT) as above:
        empty = [Board(Browser(below.port), "/poll", 0) for _ in world.coordinators]
        boards = [
            Board(Browser(above.port, {"Cookie": signed_in(pk)}), "/board/rows/", place)
            for pk, place in _boards(world)
        ]
        _watch(above, boards, EVERY_S, EVERY_S, [])  # everybody has loaded the page once
        for _ in range(rounds):
            below_shares.append(_watch(below, empty, EVERY_S, WINDOW_S, []))
            arrived: list[tuple[str, float, set[int]]] = []
            change = threading.Timer(SETTLED_S, lambda a=arrived: _arrive(world, a))
            change.start()
            shares.append(_watch(above, boards, EVERY_S, WINDOW_S + EVERY_S, arrived))
            change.join()
            late += _latencies(boards, arrived)
    yield Figure(
        "D3",
        f"a change on {len(late):,} views of {len(boards)} boards, the last of all",
        "",
        f"p50 {percentile(late, 0.5):.2f} s",
        Spread.of([max(late)]),
        "s",
        aim=5,
    )
    yield Figure(
        "D3",
        f"web processes while {len(boards)} boards poll",
        Spread.of(below_shares).show() + " of a core",
        Spread.of(shares).show() + " of a core",
        Spread.of(shares),
        "of a core",
        aim=0.25,
    )


def _boards(world: World) -> list[tuple[int, int]]:
    """Whose boards they are, each with the place it is of."""
    from mscc.people.models import Assignment

    held = dict(
        Assignment.objects.filter(user_id__in=world.coordinators).values_list(
            "user_id", "organisation_id"
        )
    )
    return [(pk, held[pk]) for pk in world.coordinators]


def _watch(
    server: Server, boards: Sequence[Board], every: float, seconds: float, arrived: list
) -> float:
    """Let every board poll for some seconds, evenly spread; the share of a core the web used."""
    ends = time.monotonic() + seconds

    def live(board: Board, offset: float) -> None:
        due = time.monotonic() + offset
        while due < ends:
            time.sleep(max(0.0, due - time.monotonic()))
            board.poll([reference for reference, _, _ in arrived])
            due += every

    threads = [
        threading.Thread(target=live, args=(board, every * number / len(boards)), daemon=True)
        for number, board in enumerate(boards)
    ]
    began, used = time.monotonic(), server.cpu_seconds()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 30)
    share = (server.cpu_seconds() - used) / (time.monotonic() - began)
    if errors := [error for board in boards for error in board.errors]:
        raise RuntimeError(errors[0])
    return share


def _arrive(world: World, arrived: list[tuple[str, float, set[int]]]) -> None:
    """A referral to each of two trusts; noted once it is committed."""
    from django.db import connection

    from mscc.people.models import User
    from referrals.domain import intake
    from tests.factories.referrals import command, intake_for

    nurse = User.objects.get(pk=world.nurse_id)
    for place in world.places[:2]:
        made = intake.receive(intake_for(place), command=command(nurse, datetime.now(UTC)))
        seen_at = {place.alliance.pk, place.trust.pk}
        arrived.append((made.reference, time.monotonic(), seen_at))
    connection.close()


def _latencies(boards: Sequence[Board], arrived: list[tuple[str, float, set[int]]]) -> list[float]:
    """Seconds from the commit to each board that should show it; one that never did is an error."""
    found = []
    for reference, at, places in arrived:
        for board in boards:
            if board.place in places:
                if reference not in board.shown:
                    raise RuntimeError("a board never showed a referral that had arrived")
                found.append(max(0.0, board.shown[reference] - at))
    return found
