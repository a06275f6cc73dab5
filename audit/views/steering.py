"""The steering group of an alliance: who sits on it, when it meets, what is open."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from audit.domain import steering as domain
from audit.domain.queries import seats
from audit.domain.queries.seats import Seat
from audit.forms import (
    ActionForm,
    FinishForm,
    GroupForm,
    LeaveForm,
    MemberForm,
    ReportDayForm,
    chosen_user,
    report_words,
)
from audit.models import Action, Meeting, Member, SteeringGroup, Voice
from audit.views.seated import actor, form_page, found_or_404, must, my_seat, my_seats, tried
from mscc import clock
from mscc.web.filters import day, plural
from scheduling.timekeeping.cadence import MONTHS, Cadence, Standing, months_on


@require_GET
def steering(request: HttpRequest) -> HttpResponse:
    """The page of the group; before there is one, how to begin."""
    at = clock.now()
    seat, found = my_seat(request, at), my_seats(request, at)
    group = seats.group_of(seat.alliance)
    context: dict[str, Any] = {
        "seat": seat,
        "seats": found,
        "group": group,
        "at": at,
        "wanted": [voice.label for voice in domain.WANTED],
    }
    if group is not None:
        context |= _shown(group, domain.today(at))
    return render(request, "audit/steering/group.html", context)


def _shown(group: SteeringGroup, on: date) -> dict[str, Any]:
    members = domain.sitting(group, on)
    lacking = domain.lacking(members)
    actions = list(group.actions.select_related("owner"))
    newest = seats.issued(group.alliance).first()
    return {
        "members": [_member(each) for each in members],
        "lacking": [voice.label for voice in lacking.voices],
        "no_tumour_group": lacking.tumour_groups,
        "clock": clock_words(domain.standing(group, on)),
        "planned": [
            each for each in group.meetings.order_by("starts_at") if each.state == "planned"
        ],
        "held": [each for each in group.meetings.all() if each.state != Meeting.State.PLANNED],
        "open": [_action(each, on) for each in actions if each.done_on is None],
        "done": [_action(each, on) for each in actions if each.done_on is not None][-10:],
        "documents": [
            _document(each) for each in seats.documents_with_versions().filter(group=group)
        ],
        "newest": newest,
        "newest_words": report_words(newest) if newest is not None else "",
    }


def clock_words(now: Cadence) -> dict[str, str]:
    """The clock of the meetings in words, with `late` or `soon` for its shape."""
    said = f"The next meeting at which outcomes are reported is due by {day(now.due_on)}"
    if now.standing is Standing.OVERDUE:
        said = f"A meeting was due by {day(now.due_on)}: {plural(-now.days, 'day')} late"
    elif now.planned is not None and now.planned <= now.due_on:
        said += f"; one is planned for {day(now.planned)}"
    elif now.standing is Standing.SOON:
        said += f", in {plural(now.days, 'day')}, and none is planned in time"
    last = f"The last was {day(now.last)}." if now.last else "None has been held yet."
    year = f"In the last twelve months: {now.held} that count; the guideline asks for at least 2."
    shape = {Standing.OVERDUE: "late", Standing.SOON: "soon", Standing.IN_TIME: ""}
    return {"said": f"{said}.", "last": last, "year": year, "shape": shape[now.standing]}


def _member(member: Member) -> dict[str, Any]:
    return {
        "row": member,
        "voices": [Voice(voice).label for voice in member.voices],
        "reads": "Reads reports here" if member.user_id else "Given reports by hand",
    }


def _action(action: Action, on: date) -> dict[str, Any]:
    late = action.done_on is None and action.due_on < on
    return {"row": action, "late": plural((on - action.due_on).days, "day") if late else ""}


def _document(document: Any) -> dict[str, Any]:
    versions = list(document.versions.all())
    return {
        "row": document,
        "newest": versions[0] if versions else None,
        "agreed": next((each for each in versions if each.agreed_at_id), None),
    }


def group_for(request: HttpRequest, at: datetime) -> tuple[Seat, SteeringGroup]:
    """The group that somebody keeps: 403 for whoever only reads, 404 before there is one."""
    seat = my_seat(request, at)
    must(seat.issues)
    group = seats.group_of(seat.alliance)
    return found_or_404((seat, group) if group is not None else None)  # type: ignore[return-value]


def home(seat: Seat) -> str:
    """The address of the group's page."""
    return f"{reverse('steering')}?alliance={seat.alliance.pk}"


@require_http_methods(["GET", "POST"])
def form_group(request: HttpRequest) -> HttpResponse:
    """Begin the group of an alliance."""
    at = clock.now()
    seat = my_seat(request, at)
    must(seat.issues)
    on = domain.today(at)
    form = GroupForm(
        request.POST or None,
        at=at,
        initial={"formed_on": on, "next_report_on": months_on(on, MONTHS)},
    )
    if request.method == "POST" and form.is_valid():
        given = (form.cleaned_data["formed_on"], form.cleaned_data["next_report_on"])
        if tried(form, lambda: domain.form(seat.alliance, *given, by=actor(request), at=at)):
            messages.success(request, "The steering group is formed.\nNow add its members.")
            return redirect(home(seat))
    heading = f"Form the steering group of {seat.alliance.name}"
    return form_page(request, form, heading, "Form the group", home(seat))


@require_http_methods(["GET", "POST"])
def report_day(request: HttpRequest) -> HttpResponse:
    """Change the day on which the next report is prepared."""
    at = clock.now()
    seat, group = group_for(request, at)
    form = ReportDayForm(
        request.POST or None, at=at, initial={"next_report_on": group.next_report_on}
    )
    if request.method == "POST" and form.is_valid():
        domain.plan_report(group, form.cleaned_data["next_report_on"], by=actor(request), at=at)
        messages.success(request, "The day of the next report is changed.")
        return redirect(home(seat))
    return form_page(request, form, "When the next report is prepared", "Save", home(seat))


@require_http_methods(["GET", "POST"])
def member_new(request: HttpRequest) -> HttpResponse:
    """Put somebody on the group."""
    at = clock.now()
    seat, group = group_for(request, at)
    form = MemberForm(request.POST or None, at=at, initial={"joined_on": domain.today(at)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        user = seats.user_by_email(given["email"]) if given["email"] else None
        if chosen_user(form, user) and tried(
            form,
            lambda: domain.join(
                group,
                given["name"],
                given["voices"],
                of=given["of"],
                user_id=user.pk if user is not None else None,
                chairs=given["chairs"],
                on=given["joined_on"],
                by=actor(request),
                at=at,
            ),
        ):
            messages.success(request, f"{given['name']} sits on the group.")
            return redirect(home(seat))
    return form_page(request, form, "Add a member", "Add", home(seat))


@require_http_methods(["GET", "POST"])
def member_leave(request: HttpRequest, member_id: int) -> HttpResponse:
    """Take somebody off the group."""
    at = clock.now()
    seat, member = found_or_404(seats.member(my_seats(request, at), member_id))
    must(seat.issues)
    form = LeaveForm(request.POST or None, at=at, initial={"left_on": domain.today(at)})
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["left_on"]
        if tried(form, lambda: domain.leave(member, on, by=actor(request), at=at)):
            messages.success(request, f"{member.name} has left the group.")
            return redirect(home(seat))
    return form_page(request, form, f"{member.name} leaves the group", "Save", home(seat))


@require_http_methods(["GET", "POST"])
def action_new(request: HttpRequest) -> HttpResponse:
    """Write down what somebody undertakes."""
    at = clock.now()
    seat, group = group_for(request, at)
    members = domain.sitting(group, domain.today(at))
    form = ActionForm(request.POST or None, at=at, members=members)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        owner = next(each for each in members if str(each.pk) == given["owner"])
        if tried(
            form,
            lambda: domain.undertake(
                group, given["what"], owner, given["due_on"], by=actor(request), at=at
            ),
        ):
            messages.success(request, f"{owner.name} has undertaken it.")
            return redirect(home(seat))
    return form_page(request, form, "Add an action", "Add", home(seat))


@require_http_methods(["GET", "POST"])
def action_finish(request: HttpRequest, action_id: Any) -> HttpResponse:
    """Say what became of an action."""
    at = clock.now()
    seat, action = found_or_404(seats.action(my_seats(request, at), action_id))
    must(seat.issues)
    form = FinishForm(
        request.POST or None,
        at=at,
        initial={"done_on": action.done_on or domain.today(at), "outcome": action.outcome},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if tried(
            form,
            lambda: domain.finish(
                action, given["outcome"], given["done_on"], by=actor(request), at=at
            ),
        ):
            messages.success(request, "It is written down what became of it.")
            return redirect(home(seat))
    lead = f"{action.what} ({action.owner.name}, due {day(action.due_on)})"
    return form_page(request, form, "What became of it", "Save", home(seat), lead=lead)
