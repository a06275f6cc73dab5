"""D1 and D2: what the board costs in SQL, and what it costs over HTTP."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import psycopg

from tests.benchmarks import floors
from tests.benchmarks.database import World, awaiting_decision
from tests.benchmarks.measuring import Figure, Spread, in_turns, percentile
from tests.benchmarks.web import (
    FLOOR,
    PRODUCT,
    Answer,
    Browser,
    serving,
    signed_in,
)

EACH = 10  # boards in a slice of D1
REQUESTS = 40  # of one browser in a slice of D2
UNSHARED_S = 0.55  # after this the server has nothing left of what another board asked


def d1(world: World, rounds: int) -> Iterator[Figure]:
    """The board's statements as the product sends them, beside the best we could write by hand.

    Both go through plain psycopg, so that this is about SQL; D2 is about the rest.
    """
    alliance = world.places[0].alliance.pk
    statements = _statements_of_board(world.coordinators[0])
    with psycopg.connect(world.url, autocommit=True) as line:

        def raw() -> None:
            floors.board(line, alliance, datetime.now(UTC))

        def product() -> None:
            with psycopg.ClientCursor(line) as cursor:
                for sql, params in statements:
                    cursor.execute(sql, params).fetchall()

        found = in_turns(rounds, lambda: _each(raw), lambda: _each(product))
        read = _rows_read(line, statements[1])
    yield Figure(
        "D1",
        "the board's SQL, 50 rows of 10,000 open",
        Spread.of(1e3 * value for value in found.floor).show("{:.1f}") + " ms",
        Spread.of(1e3 * value for value in found.product).show("{:.1f}") + " ms",
        found.ratio,
        "x the floor",
        aim=3,
    )
    yield Figure(
        "D1",
        "rows of referrals read for a page of 50",
        "50",
        f"{read:,}",
        Spread.of([read]),
        "rows",
        aim=150,
    )
    yield from _queries(world)


def _queries(world: World) -> Iterator[Figure]:
    """How many statements the whole page takes, person and session included."""
    for coordinator, many in ((world.few_coordinator, "10"), (world.coordinators[0], "10,000")):
        count = len(_statements_of_page(coordinator))
        yield Figure(
            "D1",
            f"statements of the page, {many} open",
            "2",
            str(count),
            Spread.of([count]),
            "statements",
            aim=8,
        )


def d2(world: World, rounds: int) -> Iterator[Figure]:
    """The page with all of its middleware, and a poll that has nothing new to tell.

    A poll among others finds figures that another board asked for within half a second; one of
    the only board open pays for them itself, which grows with what is open.
    """
    changing = awaiting_decision(world)[0]
    line = psycopg.connect(world.url, autocommit=True)
    with serving(FLOOR) as below, serving(PRODUCT) as above, line:
        bare = Browser(below.port)
        empty = _Timed(lambda: bare.get("/poll"), 304)
        for place, user, many in (
            (world.places[0], world.coordinators[0], "10,000 open"),
            (world.few, world.few_coordinator, "10 open"),
        ):
            browser = Browser(above.port, {"Cookie": signed_in(user)})
            raw = _Timed(partial(bare.get, f"/board/{place.alliance.pk}/-"), 200)
            again = _Timed(partial(browser.get, "/board/"), 200)
            if place is not world.few:
                anew = _Timed(_after_a_change(browser, line, changing), 200)
                found = in_turns(
                    rounds, partial(raw.median, REQUESTS), partial(anew.median, REQUESTS)
                )
                yield _milliseconds(
                    f"the board after a change, {many}, p50", found.floor, found.product, 45
                )
                last = [percentile(each.seconds, 0.99) for each in (raw, anew)]
                yield _milliseconds("the same, p99", last[:1], last[1:], 100)
            found = in_turns(rounds, partial(raw.median, REQUESTS), partial(again.median, REQUESTS))
            yield _milliseconds(
                f"the same as somebody looked at already, {many}, p50",
                found.floor,
                found.product,
                45,
            )
            polls = _Poll(browser)
            found = in_turns(
                rounds, partial(empty.median, REQUESTS), partial(polls.median, REQUESTS)
            )
            yield _milliseconds(
                f"an unchanged poll among others, {many}, p50", found.floor, found.product, 5
            )
            alone = [polls.median(5, pause=UNSHARED_S) for _ in range(rounds)]
            yield _milliseconds(f"one of the only board, {many}, p50", found.floor, alone, 5)


def _after_a_change(
    browser: Browser, line: psycopg.Connection, which: UUID
) -> Callable[[], Answer]:
    """Asks for the board when something on it has just changed, so that it is drawn anew."""

    def ask() -> Answer:
        line.execute("UPDATE referrals_referral SET version = version + 1 WHERE id = %s", [which])
        return browser.get("/board/")

    return ask


def _milliseconds(what: str, floor: Any, product: Any, aim: float) -> Figure:
    found = Spread.of(1e3 * value for value in product)
    below = Spread.of(1e3 * value for value in floor)
    return Figure(
        "D2", what, below.show("{:.1f}") + " ms", found.show("{:.1f}") + " ms", found, "ms", aim
    )


class _Timed:
    """Asks again and again, checks the status, and keeps how long each answer took."""

    def __init__(self, ask: Callable[[], Any], status: int) -> None:
        self.ask, self.status = ask, status
        self.seconds: list[float] = []

    def median(self, count: int) -> float:
        taken = [self._one() for _ in range(count)]
        self.seconds += taken
        return percentile(taken, 0.5)

    def _one(self) -> float:
        answer = self.ask()
        if answer.status != self.status:
            raise RuntimeError(f"{answer.status} instead of {self.status}")
        seconds: float = answer.seconds
        return seconds


class _Poll:
    """A browser with the board open; the tag changes by itself each minute, which is no miss."""

    def __init__(self, browser: Browser) -> None:
        self.browser, self.tag = browser, ""

    def median(self, count: int, pause: float = 0.0) -> float:
        taken: list[float] = []
        while len(taken) < count:
            time.sleep(pause)
            answer = self.browser.get(
                "/board/rows/", X_Requested_With="fetch", If_None_Match=self.tag
            )
            if answer.status == 304:
                taken.append(answer.seconds)
            elif answer.status == 200:
                self.tag = answer.headers["etag"]
            else:
                raise RuntimeError(f"a poll was answered with {answer.status}")
        return percentile(taken, 0.5)


def _each(do: Callable[[], None]) -> float:
    do()
    began = time.perf_counter()
    for _ in range(EACH):
        do()
    return (time.perf_counter() - began) / EACH


def _statements_of_board(user_id: int) -> list[tuple[str, Any]]:
    """The figures, the page, and what its rows show."""
    from mscc.people.models import User
    from scheduling.domain.queries import board

    user = User.objects.get(pk=user_id)
    places = board.board_places(user)

    def ask() -> None:
        at, filters = datetime.now(UTC), board.Filters()
        seen = board.overview(board.open_at(places), filters, at)
        rows = board.page_of(board.open_at(places), filters, at, 1, seen)
        board.details_of([row.id for row in rows], at)

    return _captured(ask)


def _statements_of_page(user_id: int) -> list[tuple[str, Any]]:
    from django.test import Client

    client = Client(headers={"Host": "127.0.0.1", "Cookie": signed_in(user_id)})

    def ask() -> None:
        if client.get("/board/").status_code != 200:
            raise RuntimeError("the board did not come")

    return _captured(ask)


def _captured(ask: Callable[[], None]) -> list[tuple[str, Any]]:
    from django.db import connection

    seen: list[tuple[str, Any]] = []

    def keep(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        ask()
    return seen


def _rows_read(line: psycopg.Connection, statement: tuple[str, Any]) -> int:
    """How many rows of referrals the plan of the page touched, by PostgreSQL's own count."""
    sql, params = statement
    with psycopg.ClientCursor(line) as cursor:
        (plan,) = cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params).fetchone() or ()

    def touched(node: dict[str, Any]) -> float:
        mine = node["Actual Rows"] * node["Actual Loops"]
        here = mine if node.get("Relation Name") == "referrals_referral" else 0
        return here + sum(touched(below) for below in node.get("Plans", ()))

    return round(touched(plan[0]["Plan"]))
