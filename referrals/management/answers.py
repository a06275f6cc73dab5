"""What the rules answer to many cases, as lines of JSON, on every core of the machine.

Everything is read before anything is answered: a file with a mistake gets no answer at all. Each
process reads and answers its own share, because handing cases over costs more than reading them.
"""

import gc
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from mscc.rest.strict import NotJson, parse
from referrals.clinical.assessment import assess, to_dict, version
from referrals.clinical.case import Case, read_case
from referrals.clinical.case_fields import CaseError
from referrals.clinical.reasoning import Conclusion

# Fewer cases are done before a second process has begun.
WORTH_SHARING, A_SHARE = 1_000, 250

# The place of a case in its file ("line 3"), and the case as bytes or as a value read already.
Source = tuple[str, Any]


class Unreadable(ValueError):
    """Cases that cannot be read: `sentences`, each with its place, in the order of the file."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def answer(case: Case, now: datetime) -> dict[str, Any]:
    """One case: its label, the version of the rules, and what they say. `now` is when the facts
    are told for, unless the case says."""
    found = assess(case.facts, case.at or now)
    return {"case": case.label, "library": version(), **to_dict(found)}


def lines(sources: list[Source], now: datetime) -> Iterator[str]:
    """The answers in the order of the sources, many lines at a time; Unreadable before the first
    of them when any source cannot be read."""
    cores = len(os.sched_getaffinity(0))
    if cores == 1 or len(sources) < WORTH_SHARING:
        cases = read(sources)
        for share in _shares(cases):
            yield _lines(share, now)
        return
    with _processes(list(_shares(sources)), cores, now) as pipes:
        wrong = [each for pipe in pipes for each in pipe.recv()]
        if wrong:
            raise Unreadable([sentence for _, sentence in sorted(wrong)])
        for pipe in pipes:
            pipe.send(True)
        for number in range(-(-len(sources) // A_SHARE)):
            yield pipes[number % cores].recv_bytes().decode()


def read(sources: list[Source]) -> list[Case]:
    """Every case, or Unreadable with everything that is wrong with any."""
    cases: list[Case] = []
    sentences: list[str] = []
    for place, source in sources:
        where = f"{place}: " if place else ""
        try:
            cases.append(read_case(parse(source) if isinstance(source, bytes) else source))
        except NotJson as error:
            sentences.append(f"{where}{error.sentence.replace('The body', 'This')}")
        except CaseError as error:
            for path, sentence in error.errors.items():
                sentences.append(f"{where}{path or 'the case'}: {sentence}")
    if sentences:
        raise Unreadable(sentences)
    return cases


@contextmanager
def short_lived() -> Iterator[None]:
    """Without the collector: cases hold nothing in circles, and it would look at each of them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@contextmanager
def _processes(shares: list[list[Source]], count: int, now: datetime) -> Iterator[list[Connection]]:
    """`count` processes, each with every `count`-th share; they end when nobody listens."""
    context = get_context("fork")
    pipes, processes = [], []
    for first in range(count):
        ours, theirs = context.Pipe()
        mine = list(enumerate(shares))[first::count]
        process = context.Process(target=_work, args=(mine, now, theirs, [*pipes, ours]))
        process.start()
        theirs.close()
        pipes.append(ours)
        processes.append(process)
    try:
        yield pipes
    finally:
        for pipe in pipes:
            pipe.close()
        for process in processes:
            process.join()


def _work(
    shares: list[tuple[int, list[Source]]],
    now: datetime,
    pipe: Connection,
    others: list[Connection],
) -> None:
    """Read every share, tell what is wrong, and answer when told to."""
    for other in others:
        # Held open here, it would keep its process waiting for ever.
        other.close()
    cases: list[list[Case]] = []
    wrong: list[tuple[tuple[int, int], str]] = []
    for number, share in shares:
        try:
            cases.append(read(share))
        except Unreadable as error:
            wrong += [((number, at), each) for at, each in enumerate(error.sentences)]
    try:
        pipe.send(wrong)
        if pipe.recv():
            for share_of_cases in cases:
                pipe.send_bytes(_lines(share_of_cases, now).encode())
    except (EOFError, BrokenPipeError):
        return


def _shares(items: list[Any]) -> Iterator[list[Any]]:
    for first in range(0, len(items), A_SHARE):
        yield items[first : first + A_SHARE]


def _lines(cases: list[Case], now: datetime) -> str:
    return "\n".join(_line(case, now) for case in cases)


def _line(case: Case, now: datetime) -> str:
    found = assess(case.facts, case.at or now)
    said = {"case": case.label, "library": version(), **to_dict(found._replace(conclusions=()))}
    return f"{json.dumps(said)[:-2]}{', '.join(map(_conclusion, found.conclusions))}]}}"


@lru_cache(maxsize=20_000)
def _conclusion(found: Conclusion) -> str:
    """The same conclusion comes again and again, and never changes."""
    return json.dumps(found._asdict())
