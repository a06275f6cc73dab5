"""Write the data dictionary of the audit's files, from the code."""

from typing import Any

from django.core.management.base import BaseCommand

from audit.exports.dictionary import markdown


class Command(BaseCommand):
    help = (
        "Write the data dictionary: data_dictionary > docs/audit-data-dictionary.md. A test wants "
        "the committed one to be current."
    )
    # It asks no database.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(markdown(), ending="")
