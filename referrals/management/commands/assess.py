"""Cases from a file through the clinical rules, without a browser and without a database."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mscc import clock
from mscc.rest.strict import NotJson, parse
from referrals.clinical.case import schema
from referrals.management import answers

# More is no help to anybody who reads it.
MOST_ERRORS = 50


class Command(BaseCommand):
    help = "Put cases through the clinical rules: every conclusion with its numbers, as JSON."
    # Nothing here needs the rest of the product to be well.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            help="one case, a list, or a case a line (docs/case.schema.json); - is standard input",
        )
        parser.add_argument("--schema", action="store_true", help="print the schema of a case")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["schema"]:
            self.stdout.write(json.dumps(schema(), indent=2))
            return
        if not options["file"]:
            raise CommandError("Name a file of cases, or - for standard input.")
        with answers.short_lived():
            sources, now = list(_sources(_raw(options["file"]))), clock.real_now()
            try:
                if [place for place, _ in sources] == [""]:
                    only = answers.answer(*answers.read(sources), now)
                    self.stdout.write(json.dumps(only, indent=2))
                    return
                for lines in answers.lines(sources, now):
                    self.stdout.write(lines)
                self.stdout.flush()
            except answers.Unreadable as error:
                raise CommandError(_told(error.sentences)) from None
            except BrokenPipeError:
                # Whoever reads has read enough; Python would try once more while it ends.
                sys.stdout = None  # type: ignore[assignment]


def _raw(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        with open(file, "rb") as opened:
            return opened.read()
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.") from None


def _sources(raw: bytes) -> Iterator[answers.Source]:
    """Each case with its place in the file: "" for a single one, "case 3", "line 3"."""
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    lines = [(number, line) for number, line in enumerate(raw.split(b"\n"), 1) if line.strip()]
    if not lines:
        raise CommandError("There is no case here: the file is empty.")
    if len(lines) > 1 and isinstance(_parsed(lines[0][1]), dict):
        yield from ((f"line {number}", line) for number, line in lines)
        return
    value = _parsed(raw)
    if value == []:
        raise CommandError("There is nothing to assess: the list is empty.")
    if isinstance(value, list):
        yield from ((f"case {number}", each) for number, each in enumerate(value, start=1))
    else:
        # Read once more, so that what is wrong with it is said.
        yield "", raw


def _parsed(raw: bytes) -> Any:
    try:
        return parse(raw)
    except NotJson:
        return None


def _told(sentences: list[str]) -> str:
    more = len(sentences) - MOST_ERRORS
    tail = [f"... and {more} more."] if more > 0 else []
    return "\n".join(["this cannot be read.", *sentences[:MOST_ERRORS], *tail])
