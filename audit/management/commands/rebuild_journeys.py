"""Rebuild every journey and its counts from the record, or only say where they differ."""

from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.domain import cells, cohorts, journeys, recounting
from audit.domain.journeys import BATCH
from mscc import clock
from referrals.management.sampling import add_sample, referral_ids


class Command(BaseCommand):
    help = (
        "Rebuild journeys, the base of all figures, from what is on record: after an upgrade that "
        "changed measures, or when figures are doubted. With --check, change nothing and report."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Only report differences.")
        add_sample(parser)

    def handle(self, *args: Any, check: bool, sample: int | None, **options: Any) -> None:
        if check:
            self._check(sample)
            return
        done = 0
        for batch in _batches(sample):
            done += journeys.rebuild(batch, clock.now())
        imported = cohorts.judge_again(clock.now())
        cells.mark_all()
        counted = recounting.recount()
        self.stdout.write(
            f"{done} journeys rebuilt, {imported} imported ones judged again, {counted} cells."
        )

    def _check(self, sample: int | None) -> None:
        looked_at = different = 0
        for batch in _batches(sample):
            looked_at += len(batch)
            for referral_id, found in journeys.differences(batch, clock.now()).items():
                different += 1
                for difference in found:
                    self.stdout.write(f"{referral_id}  {difference}")
        counted = cells.differences()
        for difference in counted:
            self.stdout.write(f"cell {difference}")
        self.stdout.write(f"{looked_at} journeys looked at, {different} differed.")
        if different or counted:
            raise CommandError("They differ. Run rebuild_journeys without --check to mend them.")


def _batches(sample: int | None) -> Iterator[list[UUID]]:
    each = referral_ids(sample)
    while batch := list(islice(each, BATCH)):
        yield batch
