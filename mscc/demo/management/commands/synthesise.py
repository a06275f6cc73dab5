"""Make a large made-up cohort, to try out figures and to measure them."""

import os
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from audit.domain import recounting
from mscc import clock
from mscc.demo import people
from mscc.demo.synthetic import cohort
from mscc.people.models import Organisation

FEW = 5_000  # up to so many one process is as quick


class Command(BaseCommand):
    help = (
        "Add made-up, closed referrals with plausible times to a database that holds nothing but "
        "made-up ones; with clocks, journeys and figures, as if they had been lived. The same seed "
        "makes the same on the same day."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--referrals", type=int, required=True, metavar="N")
        parser.add_argument("--seed", type=int, required=True, metavar="S")
        parser.add_argument("--months", type=int, default=36, metavar="M", help="of the past")
        parser.add_argument("--processes", type=int, metavar="P", help="two for each core")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo is off in these settings, and so is this.")
        if not 1 <= options["referrals"] <= 2_000_000 or not 1 <= options["months"] <= 240:
            raise CommandError("Give from 1 to 2,000,000 referrals and from 1 to 240 months.")
        plan = cohort.Plan(options["referrals"], options["seed"], options["months"], clock.now())
        began = time.monotonic()
        try:
            cohort.check(plan)
        except cohort.Refused as why:
            raise CommandError(str(why)) from None
        if not Organisation.objects.exists():
            people.settle(plan.at)
        # Half of the time each of them waits for the database.
        several = 1 if plan.referrals <= FEW else 2 * (os.cpu_count() or 1)
        processes = options["processes"] or several
        cohort.write(plan, self._told(plan.referrals, began), processes=processes)
        self._say(began, "written; now their figures")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE (SKIP_LOCKED)")
        counted = recounting.recount(options["processes"])
        self._say(began, f"{counted} cells counted. The cohort is ready.")

    def _told(self, of: int, began: float) -> Callable[[int], None]:
        said = 0

        def told(done: int) -> None:
            nonlocal said
            if done - said >= of / 20 or done == of:
                said = done
                self._say(began, f"{done:,} of {of:,} referrals")

        return told

    def _say(self, began: float, words: str) -> None:
        self.stdout.write(f"{time.monotonic() - began:6.0f} s  {words}")
