"""The rota as a file, in and out, and as somebody's own calendar."""

import base64
import binascii

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mscc import clock
from mscc.events import Actor
from mscc.people.roles import ROLES
from scheduling.domain import rota_csv, rota_ical
from scheduling.domain.queries import duty
from scheduling.domain.queries import rota as query
from scheduling.rota_forms import RotaFileForm
from scheduling.views import rota_words
from scheduling.views.asking import cover_planned


@require_http_methods(["GET", "POST"])
def import_file(request: HttpRequest) -> HttpResponse:
    """A file is read and shown first; the second press writes the very same bytes, or nothing."""
    at = clock.now()
    places = list(query.places_planned(cover_planned(request)))
    raw = _again(request.POST.get("again", ""))
    form = RotaFileForm(
        request.POST if request.method == "POST" and raw is None else None,
        at=at,
        files=request.FILES,
    )
    if request.method == "POST" and raw is None and form.is_valid():
        raw = form.cleaned_data["file"].read(rota_csv.LIMIT_BYTES + 1)
    if raw is None:
        return render(request, "scheduling/rota_import.html", {"form": form}, status=form.status)
    if request.POST.get("again"):
        found = rota_csv.write(raw, places, by=Actor.user(request.user), at=at)
        if not found.problems:
            messages.success(request, f"{len(found.turns)} turns are on the rota.")
            return redirect("duty")
    else:
        found = rota_csv.read(raw, places, at)
    context = {
        "form": RotaFileForm(at=at),
        "problems": found.problems,
        "turns": [
            {
                "who": shift.user.name,
                "role": ROLES[shift.role].label,
                "where": shift.organisation.name,
                "when": rota_words.when(shift.starts_at, shift.ends_at),
                "length": rota_words.length_words(shift.starts_at, shift.ends_at),
            }
            for shift in found.turns
        ],
        "again": "" if found.problems else base64.b64encode(raw).decode(),
    }
    status = 422 if found.problems else 200
    return render(request, "scheduling/rota_import.html", context, status=status)


def _again(said: str) -> bytes | None:
    try:
        return base64.b64decode(said, validate=True) if said else None
    except binascii.Error:
        return None


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Every turn that is not over at the places whose cover this person plans."""
    at = clock.now()
    written = rota_csv.export(duty.shifts_planned(cover_planned(request), at))
    answer = HttpResponse(written, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rota-{clock.local(at):%Y-%m-%d}.csv"'
    return answer


@require_GET
def my_calendar(request: HttpRequest) -> HttpResponse:
    """How to subscribe to one's own turns, and since when the link works."""
    context = {"made_at": rota_ical.made_at(request.user), "link": ""}
    return render(request, "scheduling/rota_calendar.html", context)


@require_POST
def renew_calendar(request: HttpRequest) -> HttpResponse:
    """A new link, shown this once; whoever had the old one sees nothing any more."""
    at = clock.now()
    token = rota_ical.renew(request.user, by=Actor.user(request.user), at=at)
    link = request.build_absolute_uri(reverse("rota-feed", args=[token]))
    answer = render(request, "scheduling/rota_calendar.html", {"made_at": at, "link": link})
    answer["Cache-Control"] = "no-store"
    return answer


@login_not_required
@require_GET
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's turns for their calendar program, which cannot sign in."""
    written = rota_ical.calendar(token, clock.now())
    if written is None:
        raise Http404
    answer = HttpResponse(written, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="duty.ics"'
    answer["Cache-Control"] = "private, no-store"
    return answer
