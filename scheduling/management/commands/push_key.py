"""A new key for web push, to be put into the settings as PUSH_KEY."""

import os
from typing import Any

from django.core.management.base import BaseCommand

from scheduling.notify.subscriptions import packed
from scheduling.notify.transports.push import private_key


class Command(BaseCommand):
    help = "Print a new private key for web push. Browsers that were switched on need the old one."

    def handle(self, *args: Any, **options: Any) -> None:
        key = packed(os.urandom(32))
        private_key(key)  # every number of 32 bytes but a handful is a key
        self.stdout.write(key)
