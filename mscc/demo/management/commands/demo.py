"""Fill an empty database with the demo, or say who can sign in to it."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import F

from mscc import clock
from mscc.demo import people, stories
from mscc.people.models import Organisation
from scheduling.models import Notice


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
            stories.Teller(people.settle(now), now).tell()
            _delivered_long_ago(now)
        self.stdout.write("The demo is ready.")


def _delivered_long_ago(now: Any) -> None:
    """What the stories sent in their past arrived then; only the last minutes are on their way."""
    past = Notice.objects.filter(state="pending", created_at__lt=now - timedelta(minutes=2))
    past.update(state="sent", sent_at=F("created_at"), attempts=1)
