"""Rebuild every clock from its milestones, or only say where the rows differ."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from mscc import clock
from referrals.models import Referral
from scheduling.domain import clocks


class Command(BaseCommand):
    help = "Rebuild the clocks from the milestones. With --check, change nothing and report."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Only report differences.")

    def handle(self, *args: Any, **options: Any) -> None:
        different = looked_at = 0
        for referral_id, reference in (
            Referral.objects.order_by("pk").values_list("pk", "reference").iterator()
        ):
            looked_at += 1
            with transaction.atomic():
                Referral.objects.select_for_update(of=("self",)).get(pk=referral_id)
                found = clocks.differences(referral_id)
                if found and not options["check"]:
                    clocks.project(referral_id, clocks.truth(referral_id), clock.now())
            different += bool(found)
            for difference in found:
                self.stdout.write(f"{reference}  {difference}")
        self.stdout.write(f"{looked_at} referrals looked at, {different} differed.")
        if different and options["check"]:
            raise CommandError("Clocks differ. Run rebuild_clocks without --check to mend them.")
