"""The twice-yearly report: reading it, and leading it from draft to issue."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.domain import composing, report_words, reports
from audit.domain.queries import seats
from audit.domain.queries.seats import Seat
from audit.forms import CommentForm, PrepareForm, WhyForm
from audit.forms import report_words as named
from audit.measures.period import Period, shifted
from audit.models import Comment, Report
from audit.views.seated import actor, form_page, found_or_404, must, my_seat, my_seats, tried
from mscc import clock
from mscc.people.models import Organisation
from referrals.domain.refusals import Refused


@require_GET
def report_list(request: HttpRequest) -> HttpResponse:
    """The reports of an alliance, newest first; drafts only for those who write them."""
    at = clock.now()
    seat = my_seat(request, at)
    context = {
        "seat": seat,
        "seats": my_seats(request, at),
        "reports": [
            {"row": each, "name": named(each), "standing": standing_words(each)}
            for each in seats.reports(seat)
        ],
        "group": seats.group_of(seat.alliance),
    }
    return render(request, "audit/report/list.html", context)


def standing_words(report: Report) -> str:
    """In which state a version is, in a sentence without its end."""
    replaced = getattr(report, "superseded_by", None)
    if report.state != Report.State.ISSUED:
        return f"{report.get_state_display()}, not issued"
    if report.issued_at is None or report.issued_by is None:  # the database sees to it
        raise ValueError("An issued report says when and by whom.")
    said = f"Issued {report_words.moment(report.issued_at)} by {report.issued_by.name}"
    if replaced is not None and replaced.state == Report.State.ISSUED:
        return f"{said}; replaced by version {replaced.version}"
    return said


def document_of(report: Report) -> composing.Document:
    """What was approved; of a draft what it says now."""
    return report.document if report.document is not None else composing.compose(report)


def told_of(report: Report) -> dict[str, Any]:
    """The words of a report with what stands around them on a page or a print."""
    warning, replaced = "", getattr(report, "superseded_by", None)
    if report.state != Report.State.ISSUED:
        warning = f"{report.get_state_display()}: not issued. Do not pass it on."
    elif replaced is not None and replaced.state == Report.State.ISSUED:
        warning = f"Replaced by version {replaced.version}: {replaced.why}"
    return report_words.told(document_of(report)) | {
        "standing": standing_words(report),
        "warning": warning,
        "fingerprint": f"SHA-256 {report.sha256}" if report.sha256 else "Not approved: no SHA-256",
    }


@require_GET
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """One version as a page, with what can be done with it."""
    at = clock.now()
    seat, found = found_or_404(seats.report(my_seats(request, at), report_id))
    context = {
        "seat": seat,
        "report": found,
        "told": told_of(found),
        "steps": _steps(seat, found),
        "second": _second(request, found, at),
        "sent": list(found.sent.select_related("member").order_by("member__name"))
        if seat.issues
        else [],
        "back": f"{reverse('reports')}?alliance={seat.alliance.pk}",
        "at": at,
    }
    return render(request, "audit/report/report.html", context)


def _steps(seat: Seat, found: Report) -> set[str]:
    """What this person can do with it now."""
    state = found.state
    steps: set[str] = set()
    if seat.writes and state == Report.State.DRAFT:
        steps.add("comment")
    if seat.leads and state == Report.State.DRAFT:
        steps |= {"draw", "review"}
    if seat.issues and state == Report.State.DRAFT:
        steps.add("decide")
    if seat.issues and state == Report.State.REVIEW:
        steps |= {"approve", "return"}
    if seat.issues and state == Report.State.APPROVED:
        steps |= {"issue", "return"}
    replaced = getattr(found, "superseded_by", None) is not None
    if seat.issues and state == Report.State.ISSUED and not replaced:
        steps.add("reissue")
    return steps


def _second(request: HttpRequest, found: Report, at: datetime) -> str:
    """Who else has to issue what this person approved; empty when they may."""
    if found.state != Report.State.APPROVED or found.approved_by_id != request.user.pk:
        return ""
    other = reports.issuers(found.alliance, at).exclude(pk=request.user.pk).first()
    return other.name if other is not None else ""


@require_http_methods(["GET", "POST"])
def prepare(request: HttpRequest) -> HttpResponse:
    """Prepare a report now, without waiting for its day."""
    at = clock.now()
    seat = my_seat(request, at)
    must(seat.leads)
    periods = _periods(at)
    form = PrepareForm(request.POST or None, at=at, periods=periods)
    if request.method == "POST" and form.is_valid():
        chosen = next(each for each in periods if str(each.first) == form.cleaned_data["period"])
        try:
            made = reports.prepare(seat.alliance, chosen, by=actor(request), at=at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"The report on {chosen.words} is prepared.")
            return redirect("report", made.pk)
    back = f"{reverse('reports')}?alliance={seat.alliance.pk}"
    lead = "If there is one of these months already, it is opened instead."
    return form_page(request, form, "Prepare a report", "Prepare it", back, lead=lead)


def _periods(at: datetime) -> list[Period]:
    """Half years by the month in which they end, the running month first: it is refused with the
    day from which it can be prepared."""
    newest = reports.period_due(at.date())
    return [_ending(newest, months) for months in range(-1, 24)]


def _ending(newest: Period, back: int) -> Period:
    return Period.ending(shifted(newest.last, -back), newest.months)


@require_http_methods(["GET", "POST"])
def comment(request: HttpRequest, report_id: UUID, part: str) -> HttpResponse:
    """Write what a service says of the figures, or what the group is to decide."""
    at = clock.now()
    seat, found = found_or_404(seats.report(my_seats(request, at), report_id))
    if part not in Comment.Part.values:
        raise Http404
    must(seat.issues if part == Comment.Part.DECIDE else seat.writes)
    form = CommentForm(
        request.POST or None,
        at=at,
        places=[place for place in seat.places if part == "service" or place.kind == "alliance"],
        initial={"words": _said_before(found, part, seat)},
    )
    if request.method == "POST" and form.is_valid():
        place = Organisation(pk=form.place.id)
        words = form.cleaned_data["words"]
        if tried(
            form,
            lambda: reports.comment(found.pk, part, place, words, by=actor(request), at=at),
        ):
            messages.success(request, "It is written down and stands in the report.")
            return redirect("report", found.pk)
    heading = Comment.Part(part).label
    return form_page(request, form, heading, "Save", reverse("report", args=[found.pk]))


def _said_before(found: Report, part: str, seat: Seat) -> str:
    """What their only place said; of several places nothing, since nobody knows which is meant."""
    names = {place.name for place in seat.places}
    said = [c for c in composing.comments(found) if c["part"] == part and c["place"] in names]
    return said[0]["words"] if len(said) == 1 and len(names) == 1 else ""


@require_POST
def step(request: HttpRequest, report_id: UUID, verb: str) -> HttpResponse:
    """Draw again, send for review, approve, issue: one button each."""
    at = clock.now()
    seat, found = found_or_404(seats.report(my_seats(request, at), report_id))
    steps = {
        "draw": (reports.draw_again, seat.leads, "The figures are drawn again."),
        "review": (
            reports.send_for_review,
            seat.leads,
            "The report is in review: figures and words stand until it is sent back.",
        ),
        "approve": (reports.approve, seat.issues, "The report is approved. It can be issued."),
        "issue": (reports.issue, seat.issues, "The report is issued.\nThe members are told."),
    }
    if verb not in steps:
        raise Http404
    act, allowed, said = steps[verb]
    must(allowed)
    try:
        act(found.pk, by=actor(request), at=at)
        messages.success(request, said)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("report", found.pk)


@require_http_methods(["GET", "POST"])
def send_back(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Make a draft of it again, with the reason."""
    return _with_reason(request, report_id, "return")


@require_http_methods(["GET", "POST"])
def reissue(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Begin a new version of an issued report."""
    return _with_reason(request, report_id, "reissue")


_ASKING = {
    "return": (
        "Send the report back",
        "Send it back",
        "What is to be changed?",
        "It is sent back.",
    ),
    "reissue": (
        "Issue this report again",
        "Begin the new version",
        "The issued version stays as it is, and says that it was replaced once the new one is "
        "issued. Say why: it is printed in the new one.",
        "A new version is begun as a draft.",
    ),
}


def _with_reason(request: HttpRequest, report_id: UUID, verb: str) -> HttpResponse:
    at = clock.now()
    seat, found = found_or_404(seats.report(my_seats(request, at), report_id))
    must(seat.issues)
    heading, submit, lead, said = _ASKING[verb]
    act = reports.send_back if verb == "return" else reports.reissue
    form = WhyForm(request.POST or None, at=at)
    back = reverse("report", args=[found.pk])
    if request.method == "POST" and form.is_valid():
        try:
            made = act(found.pk, form.cleaned_data["why"], by=actor(request), at=at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, said)
            return redirect("report", made.pk)
    return form_page(request, form, heading, submit, back, lead=lead)
