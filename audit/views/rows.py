"""The list behind a figure, for those who may see rows: references and links, nothing of a person.
That it was looked at is on the trail."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from audit.domain import figures
from audit.events import FigureOpened
from audit.measures.measure import Measure
from audit.measures.verdict import Status
from audit.models import Journey
from audit.views import said
from audit.views.asked import Asked, asked_of
from audit.views.figures import picker
from audit.views.measure import measure_of
from audit.views.tables import reason_words
from mscc import clock
from mscc.events import Actor, publish

_A_PAGE = 100
STATUSES = {
    "not_met": (Status.NOT_MET, "Not met"),
    "met": (Status.MET, "Met"),
    "missing": (Status.MISSING, "Data missing"),
    "excluded": (Status.EXCLUDED, "Left out, for a reason"),
    "running": (Status.RUNNING, "Time not over yet"),
}
_WORDS = {status.value: words for status, words in STATUSES.values()}


@require_GET
def rows(request: HttpRequest, key: str) -> HttpResponse:
    """The page; 403 for whoever may not see rows at the place, whatever figures they see."""
    about = measure_of(key)
    asked = asked_of(request)
    if not asked.entitled:
        raise PermissionDenied
    context = {**picker(asked), "asked": asked, "measure": about, "path": request.path}
    if not asked.problem:
        context |= _page(request, about, asked)
    return render(request, "audit/figures/rows.html", context, status=400 if asked.problem else 200)


def _page(request: HttpRequest, about: Measure, asked: Asked) -> dict[str, Any]:
    chosen = request.GET.get("status", "")
    status = STATUSES[chosen][0] if chosen in STATUSES else None
    found = figures.behind(
        about, asked.place, asked.period, status, include_imported=asked.imported
    ).select_related("referral", "hospital")
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    with transaction.atomic():
        publish(
            FigureOpened(
                by=Actor.user(request.user),
                at=clock.now(),
                place_id=asked.place.id,
                measure=about.key,
                first=asked.fields["from"],
                last=asked.fields["to"],
                status=chosen if status else "",
                rows=len(page.object_list),
            )
        )
    return {
        "page": page,
        "rows": [_row(journey, about) for journey in page.object_list],
        "chosen": chosen if status else "",
        "statuses": [("", "All")] + [(key, words) for key, (_, words) in STATUSES.items()],
    }


def _row(journey: Journey, about: Measure) -> dict[str, Any]:
    details = journey.details.get(str(about.number), {})
    return {
        "reference": journey.referral.reference if journey.referral else "",
        "hospital": journey.hospital.name,
        "received_at": journey.received_at,
        "verdict": _WORDS.get(journey.verdicts[about.number], "–"),
        "time": said.time(journey.seconds[about.number]),
        "reason": reason_words(details["reason"]) if details.get("reason") else "",
        "flag": reason_words(details["flag"]) if details.get("flag") else "",
    }
