#!/usr/bin/env python3
"""Django's command line for the project; `./dev manage ...` runs it in the right environment."""

import os
import sys


def main() -> None:
    if sys.argv[1:2] == ["assess"]:
        # The rules need neither settings nor a database, and begin in a fraction of the time.
        from referrals.management.commands.assess import Command

        Command().run_from_argv(sys.argv)
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mscc.settings.production")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
