"""The demo's post room, and one story whose target passes soon, so that a page can be seen."""

import asyncio
import signal
from datetime import timedelta
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mscc import clock
from mscc.demo import inbox, stories
from scheduling.models import Clock

SOON = timedelta(minutes=3)


class Command(BaseCommand):
    help = "Receive the demo's mail and pages, and let a target pass within three minutes."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo is off in these settings, and stays off.")
        signal.signal(signal.SIGTERM, _stop)
        if not Clock.objects.filter(
            state="running", due_at__range=(clock.now(), clock.now() + SOON)
        ).exists():
            stories.nearly_missed(clock.now())
        try:
            asyncio.run(inbox.listen())
        except KeyboardInterrupt:
            return


def _stop(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
