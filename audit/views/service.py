"""The service as a whole: targets that were missed and why, and how long people live."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from audit.domain import figures
from audit.measures.suppression import parts, shown
from audit.views import said
from audit.views.asked import Asked, asked_of
from audit.views.figures import picker
from audit.views.tables import reason_words
from referrals.clinical.library import targets


@dataclass(frozen=True, slots=True)
class Missed:
    """A target with the reasons it was missed for, and how many became incidents."""

    name: str
    total: str
    incidents: str
    reasons: tuple[tuple[str, str], ...]


@require_GET
def service(request: HttpRequest) -> HttpResponse:
    """The page. A period that cannot be answered is a 400 with the reason."""
    asked = asked_of(request)
    context = {**picker(asked), "asked": asked, "path": request.path}
    if not asked.problem:
        context |= {"missed": [] if asked.below else _missed(asked)}
    return render(
        request, "audit/figures/service.html", context, status=400 if asked.problem else 200
    )


def _missed(asked: Asked) -> list[Missed]:
    names = {target.key: target.name for target in targets()}
    found = figures.breaches(asked.place, asked.period, include_imported=asked.imported)
    return [
        _of_target(names.get(kind, reason_words(kind)), reasons, asked)
        for kind, reasons in sorted(found.items(), key=lambda item: names.get(item[0], item[0]))
    ]


def _of_target(name: str, reasons: dict[str, figures.Breaches], asked: Asked) -> Missed:
    counts = {reason: each.n for reason, each in reasons.items()}
    total = shown(sum(counts.values()), entitled=asked.entitled)
    kept = parts(counts, total, entitled=asked.entitled)
    incidents = sum(each.incidents for each in reasons.values())
    ordered = sorted(kept.items(), key=lambda item: (-(item[1] or 0), item[0]))
    return Missed(
        name,
        said.number(total),
        # Those of which it is known; beside a total that is shown, the rest would be told.
        said.number(
            parts(
                {True: incidents, False: sum(counts.values()) - incidents},
                total,
                entitled=asked.entitled,
            )[True]
        ),
        tuple((reason_words(reason), said.number(count)) for reason, count in ordered),
    )
