"""Commands that go through all referrals, or through some that are taken at random."""

from collections.abc import Iterator
from uuid import UUID

from django.core.management.base import CommandError, CommandParser

from referrals.models import Referral


def add_sample(parser: CommandParser) -> None:
    """Let the command be told `--sample N`."""
    parser.add_argument(
        "--sample", type=int, metavar="N", help="Look at N referrals taken at random."
    )


def referral_ids(sample: int | None) -> Iterator[UUID]:
    """The keys of so many referrals at random, or of all in order; CommandError for none."""
    if sample is None:
        return Referral.objects.order_by("pk").values_list("pk", flat=True).iterator()
    if sample < 1:
        raise CommandError("Give a number of referrals, from 1 on: --sample 500.")
    return iter(Referral.objects.order_by("?").values_list("pk", flat=True)[:sample])
