"""The first person of a new installation, who then adds everybody else."""

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from mscc import clock
from mscc.events import Actor
from mscc.people import changes
from mscc.people.models import Assignment, Organisation, User


class Command(BaseCommand):
    help = "Add an administrator, and the alliance they administer if it is new."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--alliance", required=True, help="the name of the cancer alliance")

    def handle(self, *args: Any, **options: Any) -> None:
        password = getpass("Password (15 characters or more): ")
        person = User(email=options["email"].strip().lower(), name=options["name"].strip())
        try:
            validate_password(password, person)
            person.set_password(password)
            person.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        add(person, options["alliance"])
        self.stdout.write(f"Added. {person.email} can sign in and open /admin/.")


@transaction.atomic
def add(person: User, alliance_name: str) -> None:
    """Keep the person as administrator of an alliance, which is made if there is none."""
    alliance, _ = Organisation.objects.get_or_create(kind="alliance", name=alliance_name.strip())
    person.save()
    now = clock.now()
    role = Assignment(user=person, role="administrator", organisation=alliance, starts_at=now)
    changes.give_role(role, by=Actor.system("command line"), at=now)
