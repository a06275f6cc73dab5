"""T2 and T3: the same transition by the API, from sixteen connections, and its statements."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from tests.benchmarks import floors
from tests.benchmarks.database import World, awaiting_decision
from tests.benchmarks.measuring import Figure, Spread, in_turns
from tests.benchmarks.web import FLOOR, PRODUCT, Browser, Server, serving

CONNECTIONS = 16
EACH = 5  # requests of a connection in a slice
AIM_STATEMENTS = 10


def t2(world: World, rounds: int) -> Iterator[Figure]:
    """Both servers stand side by side; only the one whose turn it is has anything to do."""
    waiting = _with_references(world)
    token = _token(world.coordinators[0])

    def bare(browser: Browser) -> None:
        which, _ = waiting.pop()
        _post(browser, f"/decide/{which}/{world.coordinators[0]}", {})

    def product(browser: Browser) -> None:
        _, reference = waiting.pop()
        headers = {"Authorization": f"Token {token}", "If-Match": '"1"'}
        _post(browser, f"/api/v1/referrals/{reference}/decide-treatment/", headers)

    with serving(FLOOR) as below, serving(PRODUCT) as above:
        for server, do in ((below, bare), (above, product)):
            _cost(server, do)  # sixteen threads have a database connection each now
        found = in_turns(rounds, lambda: _cost(below, bare), lambda: _cost(above, product))
    yield Figure(
        "T2",
        f"the same by the API, {CONNECTIONS} connections",
        Spread.of(1 / value for value in found.floor).show("{:,.0f}") + " /s",
        Spread.of(1 / value for value in found.product).show("{:,.0f}") + " /s",
        found.ratio,
        "x the floor",
        aim=6,
        must=8,
    )


def t3(world: World, rounds: int) -> Iterator[Figure]:
    """Counted, not timed, through the whole of the middleware; the tests hold each transition."""
    from django.db import connection
    from django.test import Client

    _, reference = _with_references(world)[0]
    client = Client(
        headers={"Authorization": f"Token {_token(world.coordinators[0])}", "Host": "127.0.0.1"}
    )
    seen: list[str] = []

    def count(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        answer = client.post(
            f"/api/v1/referrals/{reference}/decide-treatment/", _body(), "application/json"
        )
    if answer.status_code != 200:
        raise RuntimeError(f"The API answered {answer.status_code}: {answer.content[:300]!r}")
    yield Figure(
        "T3",
        "statements of that transition",
        "4",
        str(len(seen)),
        Spread.of([len(seen)]),
        "statements",
        aim=AIM_STATEMENTS,
    )


def _cost(server: Server, do: Callable[[Browser], None]) -> float:
    """Seconds a request, as sixteen connections together get through them."""
    errors: list[BaseException] = []
    browsers = [Browser(server.port) for _ in range(CONNECTIONS)]

    def work(browser: Browser) -> None:
        try:
            for _ in range(EACH):
                do(browser)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(browser,)) for browser in browsers]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    for browser in browsers:
        browser.close()
    if errors:
        raise errors[0]
    return elapsed / (CONNECTIONS * EACH)


def _post(browser: Browser, path: str, headers: dict[str, str]) -> None:
    answer = browser.ask("POST", path, _body(), {"Content-Type": "application/json", **headers})
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}: {answer.body[:300]!r}")


def _body() -> bytes:
    decision = {
        "plan": floors.PLAN,
        "decided_by": floors.DECIDED_BY,
        "decided_at": datetime.now(UTC).isoformat(),
        "consulted": ["oncology"],
    }
    return json.dumps(decision).encode()


def _with_references(world: World) -> list[tuple[UUID, str]]:
    from referrals.models import Referral

    ids = awaiting_decision(world)
    return list(Referral.objects.filter(pk__in=ids).values_list("pk", "reference"))


@cache  # a new token stops the one before
def _token(user_id: int) -> str:
    from mscc import clock
    from mscc.events import Actor
    from mscc.people import changes
    from mscc.people.models import User

    user = User.objects.get(pk=user_id)
    return changes.new_token(user, by=Actor.user(user), at=clock.now())
