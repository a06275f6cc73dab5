"""Load the public lookups behind the inequality cuts: IMD, postcodes, and where hospitals stand."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.domain import lookups
from audit.management.told import lines, whoever
from mscc import clock


class Command(BaseCommand):
    help = (
        "Load public lookup files (CSV with headings): the IMD by LSOA, postcodes with their LSOA, "
        "IMD or coordinates, and hospitals with their postcodes. Every error is told by its row, "
        "and a file with an error is not loaded. What is there already is kept or replaced."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", metavar="FILE", type=Path)
        parser.add_argument(
            "--ranked",
            type=int,
            default=lookups.AREAS_OF_ENGLAND,
            help="how many areas a rank is one of: 33755 in the IMD of 2025, 32844 in that of 2019",
        )
        parser.add_argument(
            "--synthetic",
            action="store_true",
            help="load the small made-up files that ship, for trying out",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files = list(options["files"])
        if options["synthetic"]:
            files += [lookups.SHIPPED / name for name in lookups.SYNTHETIC]
        if not files:
            raise CommandError("Name a file, or say --synthetic.")
        if options["ranked"] < 5:
            raise CommandError("--ranked is how many areas there are: at least 5.")
        failed = [file for file in files if not self._load(file, options["ranked"])]
        if len(failed) < len(files):
            self.stdout.write("Journeys judged before keep their groups until rebuild_journeys.")
        if failed:
            raise CommandError(f"Not loaded: {', '.join(file.name for file in failed)}.")

    def _load(self, file: Path, ranked: int) -> bool:
        try:
            loaded = lookups.load(file, by=whoever(), at=clock.now(), ranked=ranked)
        except OSError as error:
            self.stdout.write(f"{file.name}: cannot be opened: {error.strerror}.")
            return False
        for line in lines(loaded.problems, loaded.more_problems):
            self.stdout.write(f"{file.name}: {line}")
        if loaded.problems:
            return False
        left = f", {loaded.without} rows held nothing to keep" if loaded.without else ""
        self.stdout.write(f"{file.name}: {loaded.rows} {loaded.kind} loaded{left}.")
        return True
