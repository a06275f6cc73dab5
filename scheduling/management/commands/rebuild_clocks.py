"""Rebuild every clock and all due care from the record, or only say where the rows differ."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from mscc import clock
from referrals.management.sampling import add_sample, referral_ids
from referrals.models import Referral
from scheduling.domain import clocks, work


class Command(BaseCommand):
    help = (
        "Rebuild the clocks and the care that is due from what is on record. With --check, change "
        "nothing and report."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Only report differences.")
        add_sample(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        different = looked_at = 0
        for referral_id in referral_ids(options["sample"]):
            looked_at += 1
            with transaction.atomic():
                one = Referral.objects.select_related("patient")
                referral = one.select_for_update(of=("self",)).get(pk=referral_id)
                found = self._look(referral, mend=not options["check"])
            different += bool(found)
            for difference in found:
                self.stdout.write(f"{referral.reference}  {difference}")
        self.stdout.write(f"{looked_at} referrals looked at, {different} differed.")
        if different and options["check"]:
            raise CommandError("Rows differ. Run rebuild_clocks without --check to mend them.")

    def _look(self, referral: Referral, *, mend: bool) -> list[str]:
        """How the rows of one locked referral differ; mended if `mend`."""
        at = clock.now()
        timed = clocks.differences(referral.pk)
        care = work.differences(referral, at)
        if mend and timed:
            clocks.project(referral.pk, clocks.truth(referral.pk), at)
        if mend and care:
            work.project([referral], at)
        return [*timed, *(f"care {each}" for each in care)]
