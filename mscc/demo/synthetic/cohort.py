"""A made-up cohort written into the database, by one process or by several."""

import gc
import random
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from audit.domain import cells
from mscc import clock
from mscc.demo import people
from mscc.demo.synthetic import again, person, staying
from mscc.demo.synthetic.again import Telling
from mscc.demo.synthetic.chart import Chart, key_of
from mscc.demo.synthetic.judging import finish
from mscc.demo.synthetic.pace import Pace, Span, arrival
from mscc.demo.synthetic.pathway import Pathway
from mscc.demo.synthetic.places import Region, Site, region
from mscc.people.models import Organisation
from referrals.domain.reference import ALPHABET
from referrals.models import Patient, Referral

Tables = dict[type[Model], list[Any]]

BATCH = 500  # stories that are written together
MANY = 50_000  # up to so many referrals each is a story of its own
TIMES = 18  # that each is told otherwise
FORBIDDEN = "There are referrals here that are nobody's invention: nothing was added."
TAKEN = "This seed has been used here already: give another."
_PATIENT = "SET statement_timeout = 0"
_LENGTH = 5
_POSSIBLE = len(ALPHABET) ** _LENGTH
_STRIDE = 1_618_033  # shares no factor with _POSSIBLE: every reference comes once
# Referrals are over by now: none of the past waits on anybody's board.
_ENDS = timedelta(days=1) + staying.LONGEST


class Refused(Exception):
    """Why no cohort can be made here."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made, as of `at`: with the same seed on the same day the same rows."""

    referrals: int
    seed: int
    months: int
    at: datetime

    @property
    def span(self) -> Span:
        last = clock.local(self.at - _ENDS).date()
        first = last - timedelta(days=int(self.months * 30.4375))
        return Span(first, (last - first).days)

    @property
    def times(self) -> int:
        """Of how many a story is told, as far as that fits."""
        return 1 if self.referrals <= MANY else TIMES

    @property
    def stories(self) -> int:
        """How many there are."""
        return -(-self.referrals // self.times)

    @property
    def number(self) -> int:
        """32 bits for the keys of this seed."""
        return int.from_bytes(sha256(str(self.seed).encode()).digest()[:4])


def check(plan: Plan) -> None:
    """Raise Refused unless everybody here was made up by the demo or by this."""
    others = Organisation.objects.filter(kind="alliance").exclude(name=people.ALLIANCE)
    real = Patient.objects.filter(nhs_number__isnull=False).exclude(nhs_number__startswith="999")
    if others.exists() or real.exists():
        raise Refused(FORBIDDEN)
    if Referral.objects.filter(pk=key_of(plan.number, 0, 1)).exists():
        raise Refused(TAKEN)


def write(plan: Plan, told: Callable[[int], None] = lambda _: None, *, processes: int = 1) -> None:
    """Write the cohort: by one process in the caller's transaction, by several in their own.

    Cells are only marked: whoever counts them decides when. `told` hears how many are written.
    """
    here = region(plan.at)
    taken = frozenset(Referral.objects.values_list("reference", flat=True))
    batches = [(first, min(first + BATCH, plan.stories)) for first in range(0, plan.stories, BATCH)]
    if processes == 1:
        done = 0
        for first, end in batches:
            done += _batch(plan, here, taken, first, end)
            told(done)
    else:
        _by_several(plan, here, taken, batches, told, processes)
    cells.mark_all()


def tables(
    plan: Plan, here: Region, taken: frozenset[str], first: int, end: int
) -> tuple[Tables, list[Telling]]:
    """The stories from the `first` on and before `end`: all rows of those that are lived, by model,
    those that others point at first; and of whom each is told."""
    found: Tables = {}
    tellings: list[Telling] = []
    for story in range(first, end):
        first_one = story * plan.times
        others = range(first_one + 1, min(first_one + plan.times, plan.referrals))
        lived = _lived(plan, here, taken, first_one, story)
        fitting = again.fitting(lived, plan.span.first, plan.at)
        moves = list(islice(fitting, len(others)))
        tellings += _told(plan, taken, lived, zip(others, moves, strict=False))
        _extend(found, lived)
        # At a time like no other: of these everybody has a story of their own.
        for nth in others[len(moves) :]:
            lived = _lived(plan, here, taken, nth, story)
            tellings += _told(plan, taken, lived, ())
            _extend(found, lived)
    return found, tellings


def _told(
    plan: Plan, taken: frozenset[str], lived: Tables, others: Iterable[tuple[int, tuple[int, int]]]
) -> Iterator[Telling]:
    yield (first := Telling.first(lived))
    sex = lived[Patient][0].sex
    for nth, moved in others:
        own = person.named(random.Random(nth), nth, sex)
        reference = _reference(plan, nth, taken)
        yield first.again(key_of(plan.number, nth, 1), *moved, reference=reference, **own)


def _extend(found: Tables, more: Tables) -> None:
    for model, rows in more.items():
        found.setdefault(model, []).extend(rows)


def _lived(plan: Plan, here: Region, taken: frozenset[str], nth: int, story: int) -> Tables:
    rng = random.Random(f"{plan.seed}:{nth}")
    site = rng.choices(here.sites, [each.weight for each in here.sites])[0]
    span = plan.span
    received_at = arrival(rng, span, (story + rng.random()) / plan.stories)
    pace = Pace(rng, site, received_at, span.first)
    chart = Chart(plan.number, nth, pace)
    local_day = clock.local(received_at).date()
    patient = person.person(rng, chart.key(), nth, site, here, local_day)
    pace.burden = person.burden(patient, here.fifths.get(patient.postcode))
    path = Pathway(chart, received_at, _others(here, site))
    path.live()
    staying.follow_up(path, plan.at)
    return dict(finish(chart, path, patient, _reference(plan, nth, taken), here, plan.at))


def _others(here: Region, site: Site) -> tuple[int, ...]:
    return tuple(each.hospital for each in here.sites if each is not site) or (site.hospital,)


def _reference(plan: Plan, nth: int, taken: frozenset[str]) -> str:
    """One that nobody has; in no order that tells anything."""
    while True:
        left = (plan.number + nth * _STRIDE) % _POSSIBLE
        letters = ""
        for _ in range(_LENGTH):
            left, at = divmod(left, len(ALPHABET))
            letters += ALPHABET[at]
        said = f"{letters[:3]}-{letters[3:]}"
        if said not in taken:
            return said
        nth += plan.referrals


def _batch(plan: Plan, here: Region, taken: frozenset[str], first: int, end: int) -> int:
    rows, tellings = tables(plan, here, taken, first, end)
    with transaction.atomic():
        again.tell(rows, tellings)
    return len(tellings)


def _by_several(
    plan: Plan,
    here: Region,
    taken: frozenset[str],
    batches: list[tuple[int, int]],
    told: Callable[[int], None],
    processes: int,
) -> None:
    connection.close()  # a line is not to be shared with those that come of this process
    done = 0
    with ProcessPoolExecutor(
        processes, get_context("fork"), _begin, (plan, here, taken)
    ) as workers:
        for written in workers.map(_work, batches):
            done += written
            told(done)
    with connection.cursor() as cursor:
        cursor.execute(_PATIENT)  # of many journeys, which cells they count in takes a while


_given: tuple[Plan, Region, frozenset[str]] | None = None


def _begin(*given: Any) -> None:
    """A process of its own begins: what it is to make, and a quicker line to write by."""
    global _given
    _given = given
    # Rows point at nothing that points back: looking for rings of them finds none, and takes time.
    gc.set_threshold(200_000, 50, 50)
    with connection.cursor() as cursor:
        cursor.execute(_PATIENT)
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            # The keys were made here: looking each of them up again would take half of the time.
            cursor.execute("SET session_replication_role = replica")


def _work(batch: tuple[int, int]) -> int:
    assert _given is not None
    return _batch(*_given, *batch)
