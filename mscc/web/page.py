"""What the frame of every page shows: where this person may go, and what was just said."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

from mscc.people.roles import Permission

ASKED = "Asked of me"
# The first page that fits is a person's home; the board is home for those who work from it.
HOMES: tuple[tuple[Permission, str], ...] = (
    (Permission.SEE_BOARD, "Board"),
    (Permission.SEE_REFERRALS, "My referrals"),
    (Permission.SEE_ASKED, ASKED),
    (Permission.SEE_FIGURES, "Open now"),
)
PLACES: tuple[tuple[str, str, Permission | None], ...] = (
    ("/refer/", "Refer", Permission.REFER),
    ("/notices/", "Notices", Permission.ACKNOWLEDGE),
    ("/handover/", "Handover", Permission.HAND_OVER),
    ("/figures/", "Figures", Permission.SEE_FIGURES),
    ("/steering/", "Steering group", Permission.SEE_FIGURES),
    ("/duty/", "On duty", None),  # for everybody: a ward must know whom to ring
    ("/guideline/", "Guideline", None),
)


@dataclass(frozen=True, slots=True)
class Place:
    href: str
    text: str
    current: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """The links of the header; empty, like `name`, for somebody who is not signed in."""

    places: list[Place] = field(default_factory=list)
    name: str = ""


def navigation(request: HttpRequest | None) -> Menu:
    """Where the person may go, with the page they are on marked; nothing for a stranger."""
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return Menu()
    found = [("/", text) for permission, text in HOMES if user.can(permission)][:1]
    if user.can(Permission.SEE_ASKED) and found[:1] != [("/", ASKED)]:
        found.append(("/opinions/", ASKED))  # who works from the board is asked things, too
    found += [(href, text) for href, text, may in PLACES if may is None or user.can(may)]
    if settings.DEMO:
        found.append(("/inbox/", "Demo inbox"))
    places = [Place(href, text, _is_here(href, request.path)) for href, text in found]
    return Menu(places, user.name)


def _is_here(href: str, path: str) -> bool:
    # The board has an address of its own besides being the first page of those who work from it.
    return path in ("/", "/board/") if href == "/" else path.startswith(href)


def messages_of(request: HttpRequest | None) -> Iterable[Message]:
    """What the last action said, once; nothing where a page is drawn without a request."""
    return get_messages(request) if request is not None else ()


GLOBALS = {"navigation": navigation, "messages_of": messages_of}
