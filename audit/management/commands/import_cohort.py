"""Read in an audit that was kept elsewhere, by a mapping file. `docs/import.md` shows one."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.domain import cohorts
from audit.management.told import lines, whoever
from audit.models import Cohort
from mscc import clock
from mscc.events import Actor
from mscc.people.models import User

PROBLEMS_TOLD = 500


class Command(BaseCommand):
    help = (
        "Import an audit kept in a spreadsheet (CSV) as journeys that are measured beside live "
        "ones. Every error is told by row and column; with one error nothing is imported. "
        "--dry-run only reads."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE.csv", type=Path, nargs="?")
        parser.add_argument("--mapping", metavar="MAP.toml", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="read and report, keep nothing")
        parser.add_argument("--by", metavar="EMAIL", help="who imports it, by their account here")
        parser.add_argument(
            "--remove", metavar="NAME", help="take an earlier import out again, with --reason"
        )
        parser.add_argument("--reason", metavar="WORDS", default="", help="why it is taken out")
        parser.add_argument(
            "--judge-again",
            action="store_true",
            help="judge what was imported earlier by today's measures, and import nothing",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        if options["judge_again"]:
            self.stdout.write(f"{cohorts.judge_again(at)} imported journeys judged again.")
            return
        if options["remove"]:
            self._remove(options, at)
            return
        if options["file"] is None or options["mapping"] is None:
            raise CommandError("Name the file, and its mapping with --mapping.")
        raw, mapping = _bytes(options["file"]), _text(options["mapping"])
        if options["dry_run"]:
            found = cohorts.read(raw, mapping, at)
        else:
            found = self._write(raw, mapping, options, at)
        told = found.problems[:PROBLEMS_TOLD]
        for line in lines(told, len(found.problems) - len(told)):
            self.stdout.write(line)
        if found.problems:
            raise CommandError("Nothing was imported.")
        assert found.mapping is not None
        done = "can be imported" if options["dry_run"] else "imported"
        self.stdout.write(f"{found.mapping.name}: {len(found.rows)} journeys {done}.")
        self.stdout.write(f"SHA-256 of the file: {found.sha256}")

    def _remove(self, options: Any, at: datetime) -> None:
        name, reason = options["remove"], options["reason"].strip()
        if not reason:
            raise CommandError("Say why with --reason: it is kept on the trail.")
        try:
            rows = cohorts.remove(name, reason, by=_actor(options["by"]), at=at)
        except Cohort.DoesNotExist:
            raise CommandError(f"No audit was imported under the name {name}.") from None
        self.stdout.write(f"{name}: {rows} journeys taken out.")

    def _write(self, raw: bytes, mapping: str, options: Any, at: datetime) -> cohorts.Read:
        name = options["file"].name
        return cohorts.write(raw, mapping, name, by=_actor(options["by"]), at=at)


def _actor(email: str | None) -> Actor:
    if not email:
        return Actor(user_id=None, process="import_cohort", name=whoever())
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise CommandError("Nobody has this email address here.")
    return Actor.user(user)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path.name} cannot be opened: {error.strerror}.") from None


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8")
    except UnicodeDecodeError:
        raise CommandError(f"{path.name} is not UTF-8.") from None
