"""Ladders: who is told next while nobody answers. Reading, trying out, and changing them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from mscc import clock
from mscc.events import Actor
from mscc.people.models import Organisation, User
from mscc.people.places import OrganisationRef
from mscc.people.roles import ROLES, Permission
from mscc.web.filters import duration
from referrals.clinical.library import targets
from referrals.domain.refusals import Refused
from scheduling.domain import ladders as domain
from scheduling.domain.ladders import Shelf
from scheduling.domain.queries import going_on
from scheduling.domain.queries import ladders as query
from scheduling.domain.rota import Reached
from scheduling.models import Escalation
from scheduling.models.ladder import SUSPICIONS
from scheduling.notify.models import Channel
from scheduling.timekeeping import ladder as pure
from scheduling.timekeeping.ladder import Ladder, Rung
from scheduling.views.asking import BadQuery

MINUTE = 60


def _alliances(user: User) -> list[Organisation]:
    """Where this person may change ladders: who plans cover there, and who manages people."""
    found = query.alliances(_places(user))
    if not found:
        raise PermissionDenied
    return found


def _places(user: User) -> list[OrganisationRef]:
    return user.places(Permission.PLAN_COVER) + user.places(Permission.MANAGE_PEOPLE)


@require_GET
def ladders(request: HttpRequest) -> HttpResponse:
    """Every ladder that is in force now, also for those who plan cover at a part of an alliance."""
    at = clock.now()
    found = query.alliances_around(_places(request.user))
    if not found:
        raise PermissionDenied
    mine = {each.pk for each in query.alliances(_places(request.user))}
    shelf = Shelf.of([each.pk for each in found], at)
    context = {
        "alliances": [
            {
                "name": each.name,
                "pk": each.pk,
                "may_change": each.pk in mine,
                "ladders": [
                    _shown(shelf.choose(each.pk, about, "mscc", ""), about)
                    for about in Escalation.About.values
                ],
            }
            for each in found
        ],
        "at": at,
    }
    return render(request, "scheduling/ladders.html", context)


@require_http_methods(["GET", "POST"])
def ladder(request: HttpRequest, about: str) -> HttpResponse:
    """One ladder of one alliance: what it is, who it reaches now, a form, and what it was."""
    if about not in Escalation.About.values:
        raise Http404
    at = clock.now()
    found = _alliances(request.user)
    given = request.POST if request.method == "POST" else request.GET
    asked = given.get("alliance", str(found[0].pk))
    alliance = next((each for each in found if str(each.pk) == asked), None)
    suspicion, target = given.get("suspicion", ""), given.get("target", "")
    if alliance is None or suspicion not in dict(SUSPICIONS) or target not in _targets(about):
        raise Http404
    shelf = Shelf.of([alliance.pk], at)
    shown = shelf.choose(alliance.pk, about, suspicion, target)
    wrong: list[str] = []
    if request.method == "POST":
        try:
            shown = _read(request)
            wrong = pure.problems(shown)
        except BadQuery as error:
            wrong = [str(error)]
    preview = [] if wrong else query.preview(shown, alliance, at)
    if nobody := query.unreached(preview):
        wrong = [f"At {place} this ladder reaches nobody now." for place in nobody]
    if request.method == "POST" and not wrong and request.POST.get("do") == "save":
        if refused := _save(request, alliance, shown, about, suspicion, target, at):
            wrong = [refused]
        else:
            return redirect("ladders")
    context = {
        "about": about,
        "heading": Escalation.About(about).label,
        "alliance": alliance,
        "suspicion": suspicion,
        "target": target,
        "suspicions": SUSPICIONS,
        "targets": list(_targets(about).items()),
        "rungs": _rungs(shown),
        "repeat": shown.repeat_s // MINUTE,
        "version": request.POST.get("version", domain.version_of(alliance.pk)),
        "wrong": wrong,
        "preview": _preview(preview),
        "tried": request.method == "POST",
        "history": [
            {"row": row, "words": _words(domain.as_ladder(row))}
            for row in domain.history(alliance.pk, about, suspicion, target)
        ],
        "roles": _ROLES,
        "channels": _CHANNELS,
        "at": at,
    }
    status = 422 if wrong and request.method == "POST" else 200
    return render(request, "scheduling/ladder.html", context, status=status)


def _save(
    request: HttpRequest,
    alliance: Organisation,
    shown: Ladder,
    about: str,
    suspicion: str,
    target: str,
    at: datetime,
) -> str:
    """Put it in force; the sentence of a refusal, or nothing."""
    seen = request.POST.get("version", "")
    if not (seen.isascii() and seen.isdigit() and len(seen) <= 9):
        return "The version is missing. Open the page again."
    try:
        row = domain.change(
            alliance,
            shown,
            about=about,
            suspicion=suspicion,
            target=target,
            seen=int(seen),
            by=Actor.user(request.user),
            at=at,
        )
    except Refused as refusal:
        return refusal.sentence
    messages.success(
        request,
        f"Version {row.version} is in force.\nClocks that run already keep the ladder they started "
        "with; climbs under way do not change.",
    )
    return ""


def _read(request: HttpRequest) -> Ladder:
    """The ladder that was typed in; rungs without a role and without a channel are left out."""
    rungs = []
    for number in range(pure.MOST_RUNGS):
        roles = tuple(r for r in request.POST.getlist(f"roles-{number}") if r in dict(_ROLES))
        ways = tuple(c for c in request.POST.getlist(f"channels-{number}") if c in pure.RINGS)
        if roles or ways:
            rungs.append(Rung(roles, ways, _minutes(request.POST.get(f"wait-{number}", ""))))
    return Ladder("tried", tuple(rungs), _minutes(request.POST.get("repeat", "")))


def _minutes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        raise BadQuery("Enter every wait in whole minutes, from 1 to 240.")
    return int(text) * MINUTE


_ROLES = [
    (role, "Switchboard" if role == pure.SWITCHBOARD else ROLES[role].label) for role in pure.ROLES
]
_CHANNELS = [(key, Channel(key).label) for key in pure.RINGS]


def _targets(about: str) -> dict[str, str]:
    """What a ladder may be narrowed to: the targets, for what is about one."""
    any_ = {"": "Every target"}
    clocks = (Escalation.About.AT_RISK, Escalation.About.BREACH)
    return any_ | {each.key: each.name for each in targets()} if about in clocks else any_


def _rungs(shown: Ladder) -> list[dict[str, Any]]:
    """The rungs and an empty one after them, as the form wants them."""
    full = [
        {"roles": rung.roles, "channels": rung.channels, "wait": rung.wait_s // MINUTE}
        for rung in shown.rungs[: pure.MOST_RUNGS]
    ]
    empty = {"roles": (), "channels": (), "wait": 5}
    return [*full, empty] if len(full) < pure.MOST_RUNGS else full


def _shown(ladder_: Ladder, about: str) -> dict[str, Any]:
    return {
        "about": about,
        "heading": Escalation.About(about).label,
        "version": ladder_.version,
        "words": _words(ladder_),
    }


def _words(ladder_: Ladder) -> list[str]:
    """ "1. MSCC coordinator, by pager or bleep and email; 5 min" """
    lines = []
    last = len(ladder_.rungs)
    for number, rung in enumerate(ladder_.rungs, start=1):
        who = " and ".join(_lower(dict(_ROLES)[role]) for role in rung.roles)
        how = ", ".join(dict(_CHANNELS).get(key, key).lower() for key in rung.channels)
        wait = ladder_.repeat_s if number == last else rung.wait_s
        then = "begins again" if number == last else "the next"
        lines.append(f"{who[:1].upper()}{who[1:]}, by {how}; after {_lasting(wait)} {then}")
    return lines


def _lower(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _lasting(seconds: int) -> str:
    """Minutes and hours in words."""
    return duration(timedelta(seconds=seconds))


def _preview(found: list[query.AtPlace]) -> list[dict[str, Any]]:
    people = {one.user_id for each in found for one in each.reached if one.user_id is not None}
    known = going_on.proofs(people)
    doubts = {pk: f" ({proof.word})" for pk, proof in known.items() if proof.word}
    return [
        {"rung": each.rung, "place": each.place, "who": _told(each.reached, doubts)}
        for each in found
    ]


def _told(reached: Iterable[Reached], doubts: dict[int, str]) -> list[str]:
    """ "Ada Example by pager, email (email never proven)", each person once."""
    who: dict[tuple[int | None, str], list[str]] = {}
    for one in reached:
        who.setdefault((one.user_id, one.name), []).append(Channel(one.channel).label.lower())
    return [
        f"{name} by {', '.join(ways)}{doubts.get(pk, '') if pk else ''}"
        for (pk, name), ways in who.items()
    ]
