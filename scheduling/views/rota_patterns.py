"""Patterns: what is planned by them, and a new one, looked at before it is written."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mscc import clock
from mscc.events import Actor
from mscc.people.models import Assignment
from mscc.people.roles import ROLES
from referrals.domain.refusals import Invalid
from scheduling.domain import patterns as domain
from scheduling.domain.queries import duty
from scheduling.domain.queries import rota as query
from scheduling.models import RotaPattern
from scheduling.rota_forms import PatternForm
from scheduling.views import rota_words
from scheduling.views.asking import cover_planned

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SHOWN = 28


@require_GET
def patterns(request: HttpRequest) -> HttpResponse:
    """The patterns in force, and the roles a new one can be made for."""
    at = clock.now()
    places = cover_planned(request)
    rows = list(query.patterns(places, at))
    names = query.names_of(person for row in rows for person in row.people)
    made_for = {_key(held): _label(held) for held in duty.may_take_turns(places, at)}
    context = {"patterns": [_pattern(row, names) for row in rows], "made_for": made_for}
    return render(request, "scheduling/rota_patterns.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new pattern: the first press shows what it would do, the second writes it."""
    at = clock.now()
    key = request.GET.get("for", "")
    holders = [
        held for held in duty.may_take_turns(cover_planned(request), at) if _key(held) == key
    ]
    if not holders:
        raise Http404
    form = PatternForm(request.POST or None, at=at, holders=holders)
    found = None
    if request.method == "POST" and form.is_valid():
        found = _looked_at_or_written(request, form, holders[0], at)
        if found is True:
            return redirect("duty")
    context = {
        "form": form,
        "label": _label(holders[0]),
        "preview": _preview(found) if isinstance(found, domain.Preview) else None,
    }
    return render(request, "scheduling/rota_pattern.html", context, status=form.status)


def _looked_at_or_written(
    request: HttpRequest, form: PatternForm, held: Assignment, at: datetime
) -> domain.Preview | bool:
    """The preview; True when it was written, False when it was refused."""
    where = (form.pattern, held.organisation, held.role, held.specialty or "")
    try:
        if request.POST.get("do") != "write":
            return domain.preview(*where, at)
        _, written = domain.plan(*where, by=Actor.user(request.user), at=at)
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    lines = [f"{len(written.turns)} turns are on the rota."]
    if written.conflicts:
        lines.append(f"{len(written.conflicts)} were left out: the plan already had turns there.")
    messages.success(request, "\n".join(lines))
    return True


@require_POST
def end(request: HttpRequest, pattern_id: UUID) -> HttpResponse:
    """End a pattern: its coming turns go."""
    at = clock.now()
    row = query.patterns(cover_planned(request), at).filter(pk=pattern_id).first()
    if row is None:
        raise Http404
    gone = domain.end(row, by=Actor.user(request.user), at=at)
    messages.success(
        request,
        f"The pattern has ended: {gone} coming turns are off the rota.\n"
        "Look at the rota for the times nobody is on duty now.",
    )
    return redirect("rota-patterns")


def _key(held: Assignment) -> str:
    return f"{held.role}:{held.specialty or ''}:{held.organisation_id}"


def _label(held: Assignment) -> str:
    role = ROLES[held.role].label
    if held.specialty:
        role = f"{role}, {held.get_specialty_display().lower()}"
    return f"{role}, {held.organisation.name}"


def _pattern(row: RotaPattern, names: dict[int, str]) -> dict[str, Any]:
    lines = [domain.line_of(each) for each in row.lines]
    return {
        "id": row.pk,
        "role": ROLES[row.role].label,
        "specialty": row.get_specialty_display() if row.specialty else "",
        "where": row.organisation.name,
        "first": rota_words.day_name(row.first_day),
        "last": f"{rota_words.day_name(row.last_day)} {row.last_day.year}",
        "people": [names.get(person, "somebody who left") for person in row.people],
        "lines": [
            f"{_weekdays(line.days)} {line.starts:%H:%M} to {line.ends:%H:%M}, "
            f"first worked by person {line.place_in_order + 1}"
            for line in lines
        ],
        "weeks_each": row.weeks_each,
        "made_by": row.made_by.name,
        "made_at": row.made_at,
    }


def _weekdays(days: frozenset[int]) -> str:
    if len(days) == 7:
        return "Every day"
    run = sorted(days)
    if len(run) > 2 and run == list(range(run[0], run[-1] + 1)):
        return f"{_DAYS[run[0]]} to {_DAYS[run[-1]]}"
    return ", ".join(_DAYS[day] for day in run)


def _preview(found: domain.Preview) -> dict[str, Any]:
    return {
        "count": len(found.turns),
        "more": max(len(found.turns) - _SHOWN, 0),
        "turns": [
            {
                "when": rota_words.when(turn.starts_at, turn.ends_at),
                "who": found.names[turn.user_id],
                "length": rota_words.length_words(turn.starts_at, turn.ends_at),
            }
            for turn in found.turns[:_SHOWN]
        ],
        "conflicts": [
            {
                "when": rota_words.when(each.turn.starts_at, each.turn.ends_at),
                "who": found.names[each.turn.user_id],
                "other": each.other.user.name,
                "other_when": rota_words.when(each.other.starts_at, each.other.ends_at),
                "same_person": each.same_person,
            }
            for each in found.conflicts
        ],
    }
