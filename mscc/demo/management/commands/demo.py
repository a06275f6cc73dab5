"""Fill an empty database with the demo, or say who can sign in to it."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from mscc import clock
from mscc.demo import duties, group, people, stories
from mscc.demo.synthetic import cohort
from mscc.people.models import Organisation
from scheduling.notify import outbox
from scheduling.notify.retry import Outcome, Result

# The past of the alliance, all of it over: what figures and reports are made of.
PAST, MONTHS, SEED = 600, 26, 234


class Command(BaseCommand):
    help = "Make the demo's alliance and its referrals, unless there are any people already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sign-ins", action="store_true", help="Only list the sign-ins.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo is off in these settings, and stays off.")
        if options["sign_ins"]:
            self.stdout.write(people.sign_ins())
            return
        if Organisation.objects.exists():
            self.stdout.write("There is data already; nothing was added.")
            return
        with transaction.atomic():
            now = clock.now()
            settled = people.settle(now)
            stories.Teller(settled, now).tell()
            duties.test_yesterday(settled, now)
            duties.hand_over(settled, Organisation.objects.get(name=people.ALLIANCE), now)
            group.keep(settled, now)
            _delivered_long_ago(now)
            cohort.write(cohort.Plan(PAST, SEED, MONTHS, now))
        self.stdout.write("The demo is ready.")


def _delivered_long_ago(now: datetime) -> None:
    """What the stories sent in their past arrived then; only the last minutes are on their way."""
    while waiting := outbox.claim(now - timedelta(minutes=2), limit=500):
        for notice in waiting:
            outbox.settle(notice, Outcome(Result.SENT), notice.created_at)
