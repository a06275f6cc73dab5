"""Write the copy of the board for when the system is down now, or open one."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mscc import clock
from mscc.web.filters import local
from scheduling.domain import downtime_pack


class Command(BaseCommand):
    help = (
        "Write the downtime pack to every place now. With --read and --identity, decrypt one: it "
        "needs no database and no server, only the key."
    )
    # To open a pack nothing else of the product may have to be well.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--read", metavar="FILE", help="a pack that ends in .age")
        parser.add_argument("--identity", metavar="KEYFILE", help="the age key file that opens it")
        parser.add_argument(
            "--to", metavar="FILE", help="where to put it; without it, standard output"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["read"]:
            self._read(options["read"], options["identity"], options["to"])
            return
        if not downtime_pack.configured():
            raise CommandError("DOWNTIME_PACK_PLACES names no folder to write to.")
        try:
            found = downtime_pack.write_now(clock.now())
        except downtime_pack.NotSealed:
            raise CommandError(
                "DOWNTIME_PACK_KEYS names no key, and a pack about real people is not written "
                "without one."
            ) from None
        for place in found:
            said = place.error or f"as of {local(place.as_of)}"
            self.stdout.write(f"{place.place}: {said}")
        if any(place.error for place in found):
            raise CommandError("Not every place could be written.")

    def _read(self, file: str, key_file: str | None, to: str | None) -> None:
        if not key_file:
            raise CommandError("Name the key file with --identity.")
        try:
            sealed, identities = Path(file).read_bytes(), Path(key_file).read_text()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"Cannot be read: {type(error).__name__}.") from None
        try:
            plain = downtime_pack.unseal(sealed, identities)
        except ValueError as error:
            raise CommandError(f"{error}.") from None
        if to:
            downtime_pack.write(Path(to).absolute().parent, Path(to).name, plain)
        else:
            sys.stdout.buffer.write(plain)
