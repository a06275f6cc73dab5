"""Whether targets are being watched, in words: for coordinators and those who run the service."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mscc import clock
from mscc.people.roles import Permission
from mscc.web.filters import duration, plural
from scheduling.domain.queries.service import Backlog, Health, health

_DOES = {
    "sweep": "Looking for targets that are due",
    "dispatch": "Sending pages and messages",
    "guardian": "The guardian, which does both when the others are silent",
}


@require_GET
def service(request: HttpRequest) -> HttpResponse:
    """The page; it says first whether anything is wrong."""
    if not any(request.user.can(each) for each in (Permission.SEE_BOARD, Permission.SEE_FIGURES)):
        raise PermissionDenied
    at = clock.now()
    found = health(at)
    context = {
        "at": at,
        "watched": found.watched,
        "guarded": not found.silent("guardian"),
        "components": [_component(found, name) for name in _DOES],
        "backlogs": [
            _backlog("target is due", "targets are due", found.deadlines, at),
            _backlog("page is to go on to the next person", "pages are to go on", found.climbs, at),
            _backlog("message waits to be sent", "messages wait to be sent", found.notices, at),
        ],
    }
    return render(request, "scheduling/service.html", context)


def _component(found: Health, name: str) -> dict[str, Any]:
    last = found.progress[name]
    said = f"Last done {duration(found.at - last)} ago" if last else "Never done"
    return {"does": _DOES[name], "last": said, "at": last, "silent": found.silent(name)}


def _backlog(one: str, many: str, backlog: Backlog, at: datetime) -> dict[str, Any]:
    said = plural(backlog.waiting, one, many) if backlog.waiting else f"No {one}"
    if backlog.since is not None:
        said += f", the oldest since {duration(at - backlog.since)}"
    return {"said": said, "late": backlog.late(at)}
