"""B1 to B6: from a deadline to the gateway; bursts, a kill in the middle, email, and memory."""

import contextlib
import os
import random
import signal
import smtplib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import psycopg

from tests.benchmarks.database import World
from tests.benchmarks.measuring import Figure, Spread, in_turns, percentile
from tests.benchmarks.sink import Sink
from tests.faults.gateway import Gateway, Moods

BURST = 10_000
LETTERS = 500
CLOCKS = 30
SEEDS = 20
KILLED_BURST = 200
_CLAIM = """
UPDATE scheduling_notice SET state = 'leased', attempts = attempts + 1,
    lease_token = gen_random_uuid(), lease_until = %(until)s, next_attempt_at = %(until)s
WHERE id IN (SELECT id FROM scheduling_notice WHERE state = 'pending' AND dedupe_key LIKE 'bench:%%'
             AND next_attempt_at <= %(at)s LIMIT 500 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
_SETTLE = """
UPDATE scheduling_notice SET state = 'sent', sent_at = %s, lease_token = NULL, lease_until = NULL
WHERE id = ANY(%s)
"""


def burst(world: World, rounds: int) -> Iterator[Figure]:
    """B2 and B3: ten thousand notices at once, and a red flag that comes in the middle."""
    from scheduling.notify.dispatch import Dispatcher

    first: list[float] = []
    flagged: list[float] = []
    count = max(500, BURST * world.rows // 1_000_000)

    with Sink() as sink, psycopg.connect(world.url, autocommit=True) as line:
        _webhooks_go_to(sink)

        def floor() -> float:
            _post("webhook", sink.url, count)
            began, before = time.monotonic(), sink.count
            _raw_dispatch(line, sink.port)
            _all_arrived(sink, before, count)
            return (time.monotonic() - began) / count

        def product() -> float:
            dispatcher = Dispatcher()
            _post("webhook", sink.url, count)
            began, before = time.monotonic(), sink.count
            working = threading.Thread(target=dispatcher.run, args=(lambda: datetime.now(UTC),))
            working.start()
            _wait(lambda: sink.count > before + count // 3)
            red = _post("webhook", sink.url, 1, priority=0)[0]
            posted = time.monotonic()
            working.join()
            dispatcher.close()
            arrived = sink.arrived(before)
            first.append(arrived[0][1] - began)
            flagged.append(next(at for id_, at in arrived if id_ == red) - posted)
            return (arrived[-1][1] - began) / count

        found = in_turns(rounds, floor, product, slices=1)
    yield Figure(
        "B2",
        f"{count:,} notices at once",
        Spread.of(1 / value for value in found.floor).show("{:,.0f}") + " /s",
        Spread.of(1 / value for value in found.product).show("{:,.0f}") + " /s",
        found.ratio,
        "x the floor",
        aim=5,
    )
    yield Figure("B2", "the first of them", "", "", Spread.of(first), "s", aim=2)
    yield Figure(
        "B2",
        "a thousand of them",
        "",
        "",
        Spread.of(1000 * value for value in found.product),
        "s",
        aim=2,
    )
    yield Figure("B3", "a red flag in the middle of it", "", "", Spread.of(flagged), "s", aim=2)


def killed(world: World, _rounds: int) -> Iterator[Figure]:
    """B4: kill -9 at half of a burst, another process a moment later; twenty times."""
    lost, repeats, again = 0, [], []
    with Sink() as sink:
        _webhooks_go_to(sink)
        for seed in range(SEEDS):
            dice, before = random.Random(seed), sink.count
            wanted = set(_post("webhook", sink.url, KILLED_BURST))
            pid = _dispatching(timedelta())
            half = before + dice.randint(20, KILLED_BURST - 20)
            _wait(lambda at=half: sink.count >= at)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            died, when = time.monotonic(), sink.count
            # The dead one's leases: their ninety seconds are over for this one at once.
            pid = _dispatching(timedelta(seconds=100))
            _wait(lambda w=wanted, b=before: w <= {id_ for id_, _ in sink.arrived(b)}, 60)
            os.waitpid(pid, 0)
            arrived = [id_ for id_, _ in sink.arrived(before)]
            lost += len(wanted - set(arrived))
            repeats.append(float(len(arrived) - len(set(arrived))))
            again.append(sink.arrived(when)[0][1] - died if sink.count > when else 0.0)
    yield Figure("B4", f"lost, {SEEDS} kills", "", "", Spread.of([float(lost)]), "pages", aim=0)
    yield Figure(
        "B4", "arrived twice, of 200 (16 on the wire)", "", "", Spread.of(repeats), "pages", aim=16
    )
    yield Figure("B4", "working again", "", "", Spread.of(again), "s", aim=10)


def email(_world: World, rounds: int) -> Iterator[Figure]:
    """B5: letters through the product, and through one connection of smtplib."""
    from django.test.utils import override_settings

    from scheduling.notify.dispatch import Dispatcher

    with TemporaryDirectory() as folder:
        kind = Moods(busy=0, lost=0, slow=0)
        with Gateway(Path(folder) / "record", kind) as gateway:
            mail = {
                "EMAIL_HOST": "127.0.0.1",
                "EMAIL_PORT": gateway.port,
                "EMAIL_HOST_USER": "",
                "EMAIL_HOST_PASSWORD": "",
                "EMAIL_USE_TLS": False,
                "EMAIL_USE_SSL": False,
            }

            def floor() -> float:
                began = time.monotonic()
                with smtplib.SMTP("127.0.0.1", gateway.port, "localhost") as server:
                    for _ in range(LETTERS):
                        server.sendmail("a@example.org", ["b@example.org"], f"{_HEAD}{uuid4()}@x>")
                return (time.monotonic() - began) / LETTERS

            def product() -> float:
                dispatcher = Dispatcher()
                _post("email", "bench@example.org", LETTERS)
                began = time.monotonic()
                dispatcher.run(lambda: datetime.now(UTC))
                dispatcher.close()
                return (time.monotonic() - began) / LETTERS

            with override_settings(**mail):
                found = in_turns(rounds, floor, product, slices=1)
    yield Figure(
        "B5",
        "an email, with everything that is written about it",
        Spread.of(1 / value for value in found.floor).show("{:,.0f}") + " /s",
        Spread.of(1 / value for value in found.product).show("{:,.0f}") + " /s",
        Spread.of(1000 * value for value in found.product),
        "ms",
        aim=1000 / 120,
    )


_HEAD = "Subject: MSCC\r\nMessage-ID: <"


_DEADLINES = """
SELECT step.id, step.clock_id FROM (
    SELECT step.*, referral.trust_id, row_number() OVER (
        PARTITION BY referral.trust_id ORDER BY step.fire_at, step.id) AS turn
    FROM scheduling_clockstep AS step JOIN referrals_referral AS referral
        ON referral.id = step.referral_id
    WHERE step.state = 'armed' AND step.step = 'breach' AND referral.trust_id = ANY(%s)) AS step
ORDER BY turn, trust_id LIMIT %s
"""
_TOLD = """
SELECT climb.clock_id, notice.id FROM scheduling_notice AS notice
JOIN scheduling_escalation AS climb ON climb.id = notice.escalation_id
WHERE climb.clock_id = ANY(%s) AND climb.about = 'breach' AND notice.state = 'sent'
"""


def one_breach(world: World, _rounds: int) -> Iterator[Figure]:
    """B1: the guardian alone; deadlines at random moments, a mail server that stamps.

    They fall to a coordinator of each trust in turn, since whoever is paged more than five times
    in a minute gets a digest instead.
    """
    from tests.benchmarks.firing import somebody_to_tell

    for place in world.places:
        somebody_to_tell(world, place)
    dice, kind = random.Random(1), Moods(busy=0, lost=0, slow=0)
    due: dict[UUID, datetime] = {}
    with (
        TemporaryDirectory() as folder,
        psycopg.connect(world.url, autocommit=True) as line,
        Gateway(Path(folder) / "record", kind) as gateway,
        _guardian(gateway.port),
    ):
        trusts = [place.trust.pk for place in world.places]
        steps = line.execute(_DEADLINES, [trusts, CLOCKS]).fetchall()
        # Warnings of others would be paged to the same people meanwhile.
        line.execute(
            """UPDATE scheduling_clockstep SET fire_at = fire_at + interval '1 day'
               WHERE state = 'armed' AND fire_at < clock_timestamp() + interval '1 hour'"""
        )
        time.sleep(15)  # it has come round, and what was due before is done
        moment = datetime.now(UTC) + timedelta(seconds=3)
        for step, clock_id in steps:
            moment += timedelta(seconds=dice.uniform(4.0, 6.0))
            due[clock_id] = moment
            line.execute(
                "UPDATE scheduling_clockstep SET fire_at = %s WHERE id = %s", [moment, step]
            )
        shift = datetime.now(UTC).timestamp() - time.monotonic()

        def told() -> list[Any]:
            return line.execute(_TOLD, [list(due)]).fetchall()

        with contextlib.suppress(TimeoutError):
            _wait(lambda: len({clock for clock, _ in told()}) == CLOCKS, 7.0 * CLOCKS + 30, 0.5)
        arrived = {each.id: each.at + shift for each in gateway.deliveries()}
        found = told()
    took = [arrived[str(id_)] - due[clock].timestamp() for clock, id_ in found]
    half = Spread(percentile(took, 0.5), min(took), max(took))
    what = f"a deadline to the gateway, {len(took)} of {CLOCKS}, p50"
    yield Figure("B1", what, "", "", half, "s", aim=0.3)
    yield Figure("B1", "the same, p99", "", "", Spread.of([percentile(took, 0.99)]), "s", aim=0.6)


def memory(world: World, _rounds: int) -> Iterator[Figure]:
    """B6: a process that sweeps, at a hundred and at a hundred thousand running clocks."""
    from tests.benchmarks.sweeping import copy_tables

    peak = {}
    with psycopg.connect(world.url, autocommit=True) as line:
        for schema, clocks in (("a_hundred", 100), ("many", 100_000)):
            copy_tables(line, world, schema, clocks)
            found = []
            for _ in range(3):
                argv = [sys.executable, "-c", _SWEEPING, schema, world.at.isoformat()]
                done = subprocess.run(argv, capture_output=True, text=True, check=True)
                found.append(float(done.stdout.split()[-1]))
            peak[schema] = Spread.of(found)
    few, many = peak["a_hundred"], peak["many"]
    yield Figure(
        "B6",
        "memory of a sweeper, 100,000 clocks to 100",
        few.show("{:.1f}") + " MiB",
        many.show("{:.1f}") + " MiB",
        Spread(many.median / few.median, many.least / few.most, many.most / few.least),
        "x",
        aim=1.05,
    )


_SWEEPING = """
import resource, sys
from datetime import datetime
import django
django.setup()
from django.db import connection
from scheduling.domain.sweep import sweep
connection.cursor().execute(f"SET search_path = {sys.argv[1]}, public")
for _ in range(200):
    sweep(datetime.fromisoformat(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def _post(channel: str, address: str, count: int, **more: Any) -> list[UUID]:
    """Notices that are due now; their ids."""
    from scheduling.models import Notice
    from scheduling.notify import outbox
    from tests.factories.notify import FIELDS

    keys = [f"bench:{uuid4()}" for _ in range(count)]
    new = [
        outbox.NewNotice(
            kind="breach", channel=channel, address=address, dedupe_key=key, fields=FIELDS, **more
        )
        for key in keys
    ]
    outbox.post(new, datetime.now(UTC))
    return list(Notice.objects.filter(dedupe_key__in=keys).values_list("pk", flat=True))


def _webhooks_go_to(sink: Sink) -> None:
    from django.conf import settings

    hosts = [f"127.0.0.1:{sink.port}"]
    given = {"WEBHOOK_SECRET": "bench", "WEBHOOK_HOSTS": hosts, "PLAIN_HTTP": True}
    settings.NOTIFY = {**settings.NOTIFY, **given}


def _raw_dispatch(line: psycopg.Connection, port: int) -> None:
    """Claim five hundred, post them over eight connections, settle them in one statement."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        while True:
            at = datetime.now(UTC)
            given = {"at": at, "until": at + timedelta(seconds=90)}
            ids = [id_ for (id_,) in line.execute(_CLAIM, given).fetchall()]
            if not ids:
                return
            list(pool.map(_post_raw, [port] * 8, [ids[n::8] for n in range(8)]))
            line.execute(_SETTLE, [datetime.now(UTC), ids])


def _post_raw(port: int, ids: Sequence[UUID]) -> None:
    import http.client

    line = http.client.HTTPConnection("127.0.0.1", port)
    for id_ in ids:
        line.request("POST", "/", b"{}", {"Idempotency-Key": str(id_)})
        line.getresponse().read()
    line.close()


def _dispatching(ahead: timedelta) -> int:
    """A process that dispatches until nothing is due, by a clock that may be ahead."""
    from django.db import connection

    from scheduling.notify.dispatch import Dispatcher

    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            connection.connection = None
            Dispatcher().run(lambda: datetime.now(UTC) + ahead)
        os._exit(0)
    return pid


@contextlib.contextmanager
def _guardian(smtp_port: int) -> Iterator[None]:
    env = {**os.environ, "BENCH_SMTP_PORT": str(smtp_port), "MSCC_PROCESS": "guardian"}
    argv = [sys.executable, "manage.py", "guardian"]
    running = subprocess.Popen(argv, env=env, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        running.terminate()
        running.wait(30)


def _all_arrived(sink: Sink, before: int, count: int) -> None:
    _wait(lambda: sink.count >= before + count)


def _wait(true: Any, within_s: float = 300.0, every_s: float = 0.005) -> None:
    until = time.monotonic() + within_s
    while not true():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(every_s)
