"""U1 to U7: what a figure costs beside one statement written by hand, and what a page of them does.

The floors read the same rows of `audit_journey`, with counts and a median (the product keeps a
histogram of times instead, from which it tells medians).
"""

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import psycopg

from mscc.runtime.places import ROOT
from tests.benchmarks.audit_world import Past
from tests.benchmarks.measuring import Compared, Figure, Spread, in_turns, percentile
from tests.benchmarks.web import PRODUCT, Browser, serving, signed_in

EIGHT = ("qs56_2a", "qs56_3", "qs56_6", "qs56_7_alive", "target_contact_now", "alive_30")
EIGHT += ("total_from_referral", "dexamethasone_4h")
ONE = EIGHT[1]
PAGES = 30  # of each address
CHANGES = 10

_RAW = """
SELECT hospital_id, month, count(*) FILTER (WHERE verdicts[%(at)s] = 1),
    count(*) FILTER (WHERE verdicts[%(at)s] IN (1, 2)),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds[%(at)s])
FROM audit_journey WHERE month BETWEEN %(first)s AND %(last)s AND NOT imported GROUP BY 1, 2
"""
_RAW_ALL = """
SELECT hospital_id, month, number, count(*) FILTER (WHERE status = 1),
    count(*) FILTER (WHERE status IN (1, 2)), percentile_cont(0.5) WITHIN GROUP (ORDER BY s)
FROM audit_journey, unnest(verdicts, seconds) WITH ORDINALITY AS v (status, s, number)
WHERE NOT imported GROUP BY 1, 2, 3
"""
_REPORT = """
import django, resource, sys, time
began = time.perf_counter()
django.setup()
from audit.domain import cells, composing, reports
from audit.measures.period import Period
from audit.pdf.make import pdf
from audit.views.reports import told_of
from mscc import clock
from mscc.events import Actor
from mscc.people.models import Organisation
alliance, at = Organisation.objects.get(pk=int(sys.argv[1])), clock.now()
by = Actor(user_id=None, process="bench", name="bench")
made = reports.prepare(alliance, reports.period_due(clock.local(at).date()), by=by, at=at)
assert pdf(told_of(made), at).startswith(b"%PDF")
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def u1(past: Past, rounds: int) -> Iterator[Figure]:
    """One measure of all months and hospitals, as a page asks and counted from the journeys."""
    with psycopg.connect(past.url, autocommit=True) as line:
        raw = _raw(line, past, past.period)
        asked = in_turns(rounds, raw, _asked(past, past.period, (ONE,)))
        counted = in_turns(rounds, raw, _counted(past, past.period, (ONE,)))
    yield _figure("U1", "one measure, all months, by hospital: kept", asked, 1.3)
    yield _figure("U1", "the same counted from the journeys", counted, 1.3)


def u2(past: Past, rounds: int) -> Iterator[Figure]:
    """Eight measures beside one."""
    for make, how in ((_asked, "kept"), (_counted, "counted from the journeys")):
        one, eight = make(past, past.period, (ONE,)), make(past, past.period, EIGHT)
        found = in_turns(rounds, one, eight)
        yield _figure("U2", f"eight measures to one: {how}", found, 3, "x one measure")


def u3(past: Past, rounds: int) -> Iterator[Figure]:
    """One quarter."""
    from audit.measures.period import Period

    quarter = Period.ending(past.period.last, 3).before
    with psycopg.connect(past.url, autocommit=True) as line:
        raw = _raw(line, past, quarter)
        for make, how in ((_asked, "kept"), (_counted, "counted from the journeys")):
            found = in_turns(rounds, raw, make(past, quarter, (ONE,)))
            yield _figure("U3", f"one measure, one quarter: {how}", found, 1.5)


def u4(past: Past, rounds: int) -> Iterator[Figure]:
    """All measures counted again, with every cut of the alliance."""
    from audit.domain import cells, recounting

    def again() -> float:
        cells.mark_all()
        return _seconds(recounting.recount)

    with psycopg.connect(past.url, autocommit=True) as line:
        found = in_turns(1, partial(_seconds, lambda: _fetch(line, _RAW_ALL)), again, 1)
    yield _figure("U4", "all measures counted again, cuts too", found, 1.5, pattern="{:.2f} s")


def u5(past: Past, rounds: int) -> Iterator[Figure]:
    """Pages of figures as the alliance's lead opens them, one after another."""
    paths = ["/figures/", "/figures/service/"]
    paths += [f"/figures/{key}/" for key in (ONE, "alive_30", "total_from_referral")]
    with serving(PRODUCT) as server:
        browser = Browser(server.port, {"Cookie": signed_in(past.lead_id)})
        for path in paths:
            taken = []
            for _ in range(PAGES):
                answer = browser.get(path)
                if answer.status != 200:
                    raise RuntimeError(f"{path} answers {answer.status}")
                taken.append(1e3 * answer.seconds)
            last = percentile(taken, 0.95)
            middle = Spread.of(taken).show("{:.0f}")
            yield Figure(
                "U5", f"{path}, p95", "", f"p50 {middle} ms", Spread.of([last]), "ms", aim=300
            )


def u6(past: Past, rounds: int) -> Iterator[Figure]:
    """From a referral that is written to the figure that counts it."""
    from audit.domain import figures
    from audit.measures import registry
    from audit.measures.period import Period, month_of
    from mscc import clock
    from mscc.demo.stories import Teller
    from mscc.people.models import User

    measure = registry.by_key("suspicion")
    now = clock.now()
    month = Period(month_of(now), month_of(now))
    workers = {user.email.split("@")[0]: user for user in User.objects.all()}
    teller = Teller(workers, now, seed=past.rows)
    teller.count = 5_000
    taken = []
    before = figures.totals([measure], past.alliance, month)[measure.number].eligible
    for _ in range(CHANGES):
        teller.live(0.01, teller.unread_metastases)
        began = time.perf_counter()
        after = figures.totals([measure], past.alliance, month)[measure.number].eligible
        taken.append(time.perf_counter() - began)
        if after != before + 1:
            raise RuntimeError(f"{after} are counted after {before} and one more")
        before = after
    yield Figure("U6", "a referral to a changed figure", "", "", Spread.of(taken), "s", aim=2)


def u7(past: Past, rounds: int) -> Iterator[Figure]:
    """The report of six months from a prompt, PDF and all, and the memory of that process."""
    command = [sys.executable, "-W", "ignore", "-c", _REPORT, str(past.alliance.pk)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    seconds, megabytes = map(float, told.split()[-2:])
    yield Figure("U7", "a report from cold, as PDF", "", "", Spread.of([seconds]), "s", aim=10)
    mine = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for whose, much in (("the report's", megabytes), ("this process so far", mine)):
        yield Figure("U7", f"memory at its peak, {whose}", "", "", Spread.of([much]), "MB", aim=500)


def _raw(line: psycopg.Connection, past: Past, period: Any) -> Callable[[], float]:
    from audit.measures import registry

    at = registry.by_key(ONE).number + 1  # arrays count from 1 in PostgreSQL
    given = {"at": at, "first": period.first, "last": period.last}
    return partial(_seconds, lambda: _fetch(line, _RAW, given))


def _asked(past: Past, period: Any, keys: tuple[str, ...]) -> Callable[[], float]:
    """As pages ask: kept cells, after whatever waits was read."""
    from audit.domain import figures
    from audit.measures import registry

    wanted = [registry.by_key(key) for key in keys]
    return partial(_seconds, lambda: figures.every(wanted, past.alliance, period, "hospital"))


def _counted(past: Past, period: Any, keys: tuple[str, ...]) -> Callable[[], float]:
    """As cells are made, and cuts that are not kept: from the journeys."""
    from audit.domain import counting
    from audit.measures import registry

    numbers = [registry.by_key(key).number for key in keys]
    where = counting.Where(
        "j.month BETWEEN %(first)s AND %(last)s AND NOT j.imported",
        {"first": period.first, "last": period.last},
    )
    count = partial(counting.count, where, numbers, place="hospital_id", by_month=True)
    return partial(_seconds, count)


def _fetch(line: psycopg.Connection, statement: str, given: Any = None) -> None:
    with psycopg.ClientCursor(line) as cursor:
        cursor.execute(statement, given).fetchall()


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _figure(
    key: str,
    what: str,
    found: Compared,
    aim: float,
    unit: str = "x the floor",
    pattern: str = "{:.1f} ms",
) -> Figure:
    much = 1e3 if pattern.endswith("ms") else 1
    floor, product = (
        Spread.of(much * value for value in side) for side in (found.floor, found.product)
    )
    number, _, said = pattern.partition(" ")
    return Figure(
        key,
        what,
        f"{floor.show(number)} {said}",
        f"{product.show(number)} {said}",
        found.ratio,
        unit,
        aim,
    )
