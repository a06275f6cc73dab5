"""Meetings of the steering group and the pathway documents it agrees."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.domain import pathways
from audit.domain import steering as domain
from audit.domain.queries import seats
from audit.domain.queries.seats import Seat
from audit.forms import (
    AgreeForm,
    DocumentForm,
    GiveForm,
    HoldForm,
    MeetingForm,
    VersionForm,
    report_words,
)
from audit.models import DocumentVersion, Meeting, PathwayDocument
from audit.views.seated import actor, form_page, found_or_404, must, my_seats, tried
from audit.views.steering import group_for, home
from mscc import clock
from referrals.domain.refusals import Refused


def _address(meeting: Meeting) -> str:
    return reverse("steering-meeting", args=[meeting.pk])


def _mine(request: HttpRequest, meeting_id: UUID, at: datetime) -> tuple[Seat, Meeting]:
    """A meeting that this person may change."""
    seat, meeting = found_or_404(seats.meeting(my_seats(request, at), meeting_id))
    must(seat.issues)
    return seat, meeting


@require_GET
def meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """One meeting: agenda, who was there, minutes, what was undertaken."""
    at = clock.now()
    seat, found = found_or_404(seats.meeting(my_seats(request, at), meeting_id))
    context = {
        "seat": seat,
        "meeting": found,
        "agenda": [line for line in found.agenda.splitlines() if line.strip()],
        "begun": found.starts_at <= at,
        "report_words": report_words(found.report) if found.report is not None else "",
        "back": home(seat),
    }
    return render(request, "audit/steering/meeting.html", context)


@require_http_methods(["GET", "POST"])
def meeting_new(request: HttpRequest) -> HttpResponse:
    """Plan a meeting."""
    at = clock.now()
    seat, group = group_for(request, at)
    form = MeetingForm(
        request.POST or None, at=at, initial={"agenda": "\n".join(domain.USUAL_AGENDA)}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = domain.plan(
            group,
            given["starts_at"],
            given["where"],
            given["agenda"],
            by=actor(request),
            at=at,
        )
        messages.success(request, "The meeting is planned.")
        return redirect(_address(made))
    return form_page(request, form, "Plan a meeting", "Plan it", home(seat))


@require_http_methods(["GET", "POST"])
def meeting_change(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Move a planned meeting or change its agenda."""
    at = clock.now()
    _, found = _mine(request, meeting_id, at)
    initial = {name: getattr(found, name) for name in ("starts_at", "where", "agenda", "version")}
    form = MeetingForm(request.POST or None, at=at, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if tried(
            form,
            lambda: domain.change(
                found.pk,
                given["version"] or 0,
                starts_at=given["starts_at"],
                where=given["where"],
                agenda=given["agenda"],
                by=actor(request),
                at=at,
            ),
        ):
            messages.success(request, "The meeting is changed.")
            return redirect(_address(found))
    return form_page(request, form, "Change the meeting", "Save", _address(found))


@require_http_methods(["GET", "POST"])
def meeting_hold(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Write down that it was held, or mend minutes that are not agreed yet."""
    at = clock.now()
    seat, found = _mine(request, meeting_id, at)
    there = {f"there_{each.member_id}": each.kind for each in found.attendance.all()}
    initial = there | {
        "minutes": found.minutes,
        "report": str(found.report_id or ""),
        "version": found.version,
    }
    reports = list(seats.issued(seat.alliance))
    form = HoldForm(
        request.POST or None,
        at=at,
        initial=initial,
        members=domain.sitting(found.group, domain.today(found.starts_at)),
        reports=reports,
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        shown = next((each for each in reports if str(each.pk) == given["report"]), None)
        if tried(
            form,
            lambda: domain.hold(
                found.pk,
                given["version"],
                there=form.there,
                minutes=given["minutes"],
                report=shown,
                by=actor(request),
                at=at,
            ),
        ):
            messages.success(request, "The meeting and its minutes are written down.")
            return redirect(_address(found))
    return form_page(request, form, "The meeting was held", "Save", _address(found))


@require_POST
def meeting_step(request: HttpRequest, meeting_id: UUID, step: str) -> HttpResponse:
    """Call a meeting off, or agree its minutes."""
    at = clock.now()
    _, found = _mine(request, meeting_id, at)
    steps = {"off": domain.call_off, "agree": domain.agree_minutes}
    said = {"off": "The meeting is called off.", "agree": "The minutes are agreed, and stand."}
    if step not in steps:
        raise Http404
    try:
        steps[step](found.pk, found.version, by=actor(request), at=at)
        messages.success(request, said[step])
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect(_address(found))


def _document_address(found: PathwayDocument) -> str:
    return reverse("steering-document", args=[found.pk])


@require_http_methods(["GET", "POST"])
def document_new(request: HttpRequest) -> HttpResponse:
    """Begin to keep a care pathway."""
    at = clock.now()
    seat, group = group_for(request, at)
    form = DocumentForm(request.POST or None, at=at)
    if request.method == "POST" and form.is_valid():
        made = pathways.start(group, form.cleaned_data["title"], by=actor(request), at=at)
        return redirect(_document_address(made))
    return form_page(request, form, "Add a care pathway", "Add", home(seat))


@require_GET
def document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """A care pathway with its versions."""
    at = clock.now()
    seat, found = found_or_404(seats.document(my_seats(request, at), document_id))
    context = {"seat": seat, "document": found, "back": home(seat)}
    return render(request, "audit/steering/document.html", context)


@require_http_methods(["GET", "POST"])
def document_step(request: HttpRequest, document_id: UUID, step: str) -> HttpResponse:
    """Write the next version, say where one was agreed, or to whom it was given."""
    at = clock.now()
    seat, found = found_or_404(seats.document(my_seats(request, at), document_id))
    must(seat.issues)
    if step == "version":
        return _write(request, found, at)
    versions = list(found.versions.all())
    if step == "agree" and versions:
        return _agree(request, found, versions[0], at)
    agreed = pathways.standing_version(found)
    if step == "give" and agreed is not None:
        return _give(request, found, agreed, at)
    raise Http404


def _write(request: HttpRequest, found: PathwayDocument, at: datetime) -> HttpResponse:
    form = VersionForm(request.POST or None, at=at)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        pathways.write(
            found.pk,
            given["changes"],
            given["kept_at"],
            review_on=given["review_on"],
            by=actor(request),
            at=at,
        )
        messages.success(request, "The version is written down. It is not agreed yet.")
        return redirect(_document_address(found))
    heading = f"Next version: {found.title}"
    return form_page(request, form, heading, "Add the version", _document_address(found))


def _agree(
    request: HttpRequest, found: PathwayDocument, version: DocumentVersion, at: datetime
) -> HttpResponse:
    held = list(seats.meetings_held(found.group))
    form = AgreeForm(request.POST or None, at=at, meetings=held)
    if request.method == "POST" and form.is_valid():
        where = next(each for each in held if str(each.pk) == form.cleaned_data["meeting"])
        if tried(form, lambda: pathways.agree(version, where, by=actor(request), at=at)):
            messages.success(request, f"Version {version.number} is agreed.")
            return redirect(_document_address(found))
    heading = f"Version {version.number} was agreed: {found.title}"
    return form_page(request, form, heading, "Save", _document_address(found))


def _give(
    request: HttpRequest, found: PathwayDocument, version: DocumentVersion, at: datetime
) -> HttpResponse:
    form = GiveForm(request.POST or None, at=at, initial={"on": domain.today(at)})
    if request.method == "POST" and form.is_valid():
        to, on = form.cleaned_data["to"], form.cleaned_data["on"]
        if tried(form, lambda: pathways.give(version, to, on, by=actor(request), at=at)):
            messages.success(request, "It is written down who was given it.")
            return redirect(_document_address(found))
    heading = f"Version {version.number} was passed on: {found.title}"
    return form_page(request, form, heading, "Save", _document_address(found))
