"""Finding a referral by its reference, or a person by number or name.

What was searched for comes by POST and is never written down; who was found is.
"""

import re
from dataclasses import dataclass, field

from django.db import OperationalError, connection, transaction
from django.db.models import Q

from mscc.people.models import User
from referrals.domain.queries.visible import referrals_visible_to
from referrals.models import Referral

MOST = 20
_SLOWEST_MS = 3000
_REFERENCE = re.compile(r"([0-9A-Z]{3})[\s-]?([0-9A-Z]{2})", re.ASCII)
_TOO_WIDE = "Narrow the search."


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, or a sentence that says why nothing was looked for."""

    found: list[Referral] = field(default_factory=list)
    refusal: str = ""
    more: bool = False


def search(user: User, text: str) -> Answer:
    """The referrals `user` may see that fit `text`: open ones first, then the latest.

    `text` is a reference, an NHS number (spaces allowed), or a family name, alone or with a given
    name in either order.
    """
    text = " ".join(text.replace("\0", "").split())
    if sum(character.isalnum() for character in text) < 2:
        return Answer(refusal="Enter at least two letters or digits.")
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {_SLOWEST_MS}")
            found = list(
                referrals_visible_to(user)
                .filter(_meant_by(text))
                .select_related("patient", "hospital", "ward", "taken_by")
                .order_by("-closed_at", "-received_at")[: MOST + 1]
            )
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError:
        return Answer(refusal=_TOO_WIDE)
    # Descending puts what was never closed first.
    return Answer(found[:MOST], more=len(found) > MOST)


def _meant_by(text: str) -> Q:
    digits = re.sub(r"[\s-]", "", text)
    if digits.isascii() and digits.isdigit() and len(digits) > 5:
        return Q(patient__nhs_number=digits)
    if match := _REFERENCE.fullmatch(text.upper()):
        return Q(reference="-".join(match.groups())) | _named(text)
    return _named(text)


def _named(text: str) -> Q:
    family, comma, given = (part.strip() for part in text.partition(","))
    if comma:
        return _family(family) & Q(patient__given_name__istartswith=given)
    whole = _family(text)
    first, space, last = text.rpartition(" ")
    if not space:
        return whole
    return (
        whole
        | (_family(last) & Q(patient__given_name__istartswith=first))
        | (_family(first) & Q(patient__given_name__istartswith=last))
    )


def _family(name: str) -> Q:
    """Names that begin so, whichever apostrophe the telephone or the keyboard typed."""
    found = Q(patient__family_name__istartswith=name)
    for typed, other in (("'", "’"), ("’", "'")):
        if typed in name:
            found |= Q(patient__family_name__istartswith=name.replace(typed, other))
    return found
