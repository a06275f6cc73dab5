"""Whether targets are being watched, in words: for coordinators and those who run the service."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from mscc import clock
from mscc.events import Actor
from mscc.people.models import User
from mscc.people.roles import Permission
from mscc.web.filters import duration, plural
from referrals.domain.refusals import Invalid
from scheduling.domain import downtime_windows, timetable
from scheduling.domain.auditor import Finding
from scheduling.domain.due import Backlog
from scheduling.domain.queries.service import Health, health
from scheduling.domain.timetable import Round
from scheduling.forms import DowntimeForm
from scheduling.models import PlannedDowntime
from scheduling.views.announced import ANNOUNCED
from scheduling.views.downtime import places

_DOES = {
    "sweep": "Looking for targets that are due",
    "dispatch": "Sending pages and messages",
    "guardian": "The guardian, which does both without the others, and checks them",
}
_SEES = (
    Permission.SEE_BOARD,
    Permission.SEE_FIGURES,
    Permission.PLAN_COVER,
    Permission.MANAGE_PEOPLE,
)
_ANNOUNCES = (Permission.PLAN_COVER, Permission.MANAGE_PEOPLE)


@require_http_methods(["GET", "POST"])
def service(request: HttpRequest) -> HttpResponse:
    """The page; it says first whether anything is wrong. A form announces downtime."""
    if not _may(request.user, _SEES):
        raise PermissionDenied
    at = clock.now()
    form = DowntimeForm(at=at) if _may(request.user, _ANNOUNCES) else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        form = DowntimeForm(request.POST, at=at)
        if form.is_valid() and _announce(request, form, at):
            return redirect("service")
    status = form.status if form else 200
    return render(request, "scheduling/service.html", _page(at) | {"form": form}, status=status)


@require_POST
def end_downtime(request: HttpRequest, downtime_id: UUID) -> HttpResponse:
    """Call announced downtime off, or say that it is over."""
    if not _may(request.user, _ANNOUNCES):
        raise PermissionDenied
    try:
        downtime_windows.end(downtime_id, by=Actor.user(request.user), at=clock.now())
    except PlannedDowntime.DoesNotExist:
        raise Http404 from None
    ANNOUNCED.forget()
    messages.success(request, "The downtime is called off.")
    return redirect("service")


def _may(user: User, permissions: tuple[Permission, ...]) -> bool:
    return any(user.can(each) for each in permissions)


def _announce(request: HttpRequest, form: DowntimeForm, at: datetime) -> bool:
    given = form.cleaned_data
    try:
        downtime_windows.announce(
            given["starts_at"],
            given["ends_at"],
            given["reason"],
            by=Actor.user(request.user),
            at=at,
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    ANNOUNCED.forget()
    messages.success(request, "The downtime is announced: it stands on every page from now on.")
    return True


def _page(at: datetime) -> dict[str, Any]:
    found = health(at)
    return {
        "at": at,
        "packs": places(at),
        "watched": found.watched,
        "guarded": not found.silent("guardian"),
        "checked": not found.audit.stale(at),
        "audit": found.audit,
        "findings": [_finding(each, at) for each in found.audit.findings],
        "components": [_component(found, name) for name in _DOES],
        "backlogs": [
            _backlog("target is due", "targets are due", found.deadlines, at),
            _backlog("page is to go on to the next person", "pages are to go on", found.climbs, at),
            _backlog("message waits to be sent", "messages wait to be sent", found.notices, at),
        ],
        "rounds": [
            _round(each, found) for each in timetable.ROUNDS if each.slow and each.name != "audit"
        ],
        "switch": found.switch,
        "mail_error": found.mail_error,
        "builds": found.builds,
        "windows": found.downtime,
    }


def _finding(finding: Finding, at: datetime) -> dict[str, Any]:
    about = finding.about
    return {
        "number": about.number,
        "sentence": finding.sentence,
        "since": finding.oldest,
        "do": about.do,
    }


def _component(found: Health, name: str) -> dict[str, Any]:
    last = found.progress[name]
    said = f"Last done {duration(found.at - last)} ago" if last else "Never done"
    by = " and ".join(found.by[name])
    return {
        "does": _DOES[name],
        "last": said,
        "at": last,
        "silent": found.silent(name),
        "by": f"by the {by}" if by and name != "guardian" else "",
    }


def _round(each: Round, found: Health) -> dict[str, Any]:
    run = found.slow.get(each.name)
    last = run.finished_at if run else None
    failed = bool(run and run.failed_at and (last is None or run.failed_at > last))
    late = last is None or found.at - last > 3 * each.every
    return {
        "does": each.does,
        "at": last,
        "last": f"Last done {duration(found.at - last)} ago" if last else "Not done yet",
        "late": late and run is not None,
        "failed": failed,
    }


def _backlog(one: str, many: str, backlog: Backlog, at: datetime) -> dict[str, Any]:
    said = plural(backlog.waiting, one, many) if backlog.waiting else f"No {one}"
    if backlog.since is not None:
        said += f", the oldest since {duration(at - backlog.since)}"
    return {"said": said, "late": backlog.late(at)}
