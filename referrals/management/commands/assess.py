"""Cases from a file through the clinical rules, without a browser and without a database."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mscc import clock
from mscc.rest.reading import Malformed, parse
from referrals.clinical.assessment import assess, to_dict, version
from referrals.clinical.case import Case, read_case, schema
from referrals.clinical.case_fields import CaseError

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
        values = dict(_values(_raw(options["file"])))
        cases = _cases(values)
        one = list(values) == [""]
        now = clock.real_now()
        try:
            for case in cases:
                said = {
                    "case": case.label,
                    "library": version(),
                    **to_dict(assess(case.facts, case.at or now)),
                }
                self.stdout.write(json.dumps(said, indent=2 if one else None))
        except BrokenPipeError:
            # Whoever reads has read enough.
            sys.stderr.close()


def _raw(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        with open(file, "rb") as opened:
            return opened.read()
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.") from None


def _values(raw: bytes) -> Iterator[tuple[str, Any]]:
    """Each case with its place in the file: "" for a single one, "case 3", "line 3"."""
    raw = raw.removeprefix(b"\xef\xbb\xbf").strip()
    if not raw:
        raise CommandError("There is no case here: the file is empty.")
    lines = raw.splitlines()
    if len(lines) > 1 and _whole(lines[0]):
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield f"line {number}", _parsed(line, f"line {number}: ")
        return
    value = _parsed(raw, "")
    if isinstance(value, list):
        yield from ((f"case {number}", each) for number, each in enumerate(value, start=1))
    else:
        yield "", value


def _whole(line: bytes) -> bool:
    """The line is JSON by itself, so the file has a case a line."""
    try:
        parse(line)
    except Malformed:
        return False
    return True


def _parsed(raw: bytes, place: str) -> Any:
    try:
        return parse(raw)
    except Malformed as error:
        raise CommandError(f"{place}{error.detail}") from None


def _cases(values: dict[str, Any]) -> list[Case]:
    """Every case, or everything that is wrong with any: nothing is done in part."""
    cases, errors = [], []
    for place, value in values.items():
        try:
            cases.append(read_case(value))
        except CaseError as error:
            where = f"{place}: " if place else ""
            errors += [f"{where}{path or 'case'}: {error.errors[path]}" for path in error.errors]
    if errors:
        more = len(errors) - MOST_ERRORS
        tail = [f"... and {more} more."] if more > 0 else []
        raise CommandError("\n".join(["this cannot be read.", *errors[:MOST_ERRORS], *tail]))
    return cases
