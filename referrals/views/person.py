"""The person's page: what is due, what can be done, what happened, what is known."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mscc import clock
from mscc.people.models import User
from mscc.people.roles import Permission
from mscc.web import panels
from referrals.clinical import deterioration
from referrals.clinical.neurology import Mobility
from referrals.domain.queries.opinions import may_answer, standing
from referrals.domain.queries.person import Story, story
from referrals.forms.steps import TakeForm
from referrals.models.referral import SUSPICIONS, Confirmed
from referrals.states import State
from referrals.views import care, care_plan, going_home, keyinfo, pain, scores, sitting, steroids
from referrals.views.actions import ACTIONS, possible
from referrals.views.base import may, record_read, visible_referral
from referrals.views.rules import rules_of
from referrals.views.timeline import FILTERS, timeline

LIMBS = {
    "Right leg": "power_right_leg",
    "Left leg": "power_left_leg",
    "Right arm": "power_right_arm",
    "Left arm": "power_left_arm",
}


@require_safe
def person(request: HttpRequest, reference: str) -> HttpResponse:
    """One referral, whole. `?show=` is a key of the timeline's filters."""
    return _page(request, reference, "screen")


@require_safe
def printed(request: HttpRequest, reference: str) -> HttpResponse:
    """The same for paper: everything opened, nothing to press."""
    return _page(request, reference, "print")


def _page(request: HttpRequest, reference: str, how: str) -> HttpResponse:
    referral, at = visible_referral(request, reference), clock.now()
    read = story(referral)
    show = request.GET.get("show", "")
    show = show if show in FILTERS else ""
    others = [
        *panels.ask("pages", referral_id=referral.pk),
        *panels.ask("looks", referral_id=referral.pk),
    ]
    questions = _questions(read, request.user, at)
    may_add = ACTIONS["add"].allowed(request.user, referral) and how == "screen"
    may_correct = may(request.user, Permission.RECORD, referral) and how == "screen"
    context = {
        "referral": referral,
        "patient": referral.patient,
        "at": at,
        "printing": how == "print",
        "status_words": _status(read),
        "clocks": panels.ask("clocks", referral_id=referral.pk, at=at),
        "breaches": panels.ask("breaches", referral=referral, user=request.user, at=at),
        "ringing": panels.ask("ringing", referral=referral, user=request.user, at=at),
        "actions": _actions(read, request.user, questions) if how == "screen" else [],
        "take": TakeForm(at=at, version=referral.version),
        "questions": questions,
        "items": timeline(read, others, may_correct=may_correct, show=show),
        "filters": [
            (text, _filtered(reference, key), key == show) for key, text in FILTERS.items()
        ],
        "parts": keyinfo.parts(read, may_add=may_add),
        "neurology": _neurology(read),
        # What got worse between the last two looks at the person, or is not judged yet (1.3.2).
        "worse": rules_of(deterioration.conclude, read, at)["applies"],
        "people": list(_people(read, at)),
        "care": care.card(read, request.user, at),
        "care_plan": care_plan.card(read, request.user, at),
        "going_home": going_home.card(read, request.user, at),
        "steroids": steroids.card(read, request.user, at),
        "pain": pain.card(read, request.user, at),
        "scores": scores.card(read, request.user),
        "sitting": sitting.card(read, request.user, at),
        "has_letter": bool(read.discharges),
    }
    if read.died_at:
        _after_death(context)
    record_read(request, referral, how)
    return render(request, "referrals/person.html", context)


def _after_death(context: dict[str, Any]) -> None:
    """Leave out what asks for care of the person, and the leaflet written to them."""
    context["worse"] = []
    context["going_home"]["information_href"] = ""
    context["steroids"] |= {"due": [], "applies": [], "depends": [], "href": ""}
    context["pain"] |= {"applies": [], "depends": [], "assess_href": ""}
    context["sitting"] |= {"alarm": None}


def _filtered(reference: str, key: str) -> str:
    page = reverse("referral", args=[reference])
    return f"{page}?show={key}#timeline" if key else f"{page}#timeline"


def _status(read: Story) -> str:
    """State, suspicion and what imaging confirmed, in one line."""
    referral = read.referral
    words = [State(referral.state).label]
    if referral.confirmed:
        words.append(Confirmed(referral.confirmed).label)
    else:
        words.append(dict(SUSPICIONS)[referral.suspicion])
    if booked := read.scan_booked:
        there = clock.local(booked.slot_at)
        words.append(f"MRI booked for {there:%a} {there.day} {there:%b}, {there:%H:%M}")
    return " · ".join(words)


def _questions(read: Story, user: User, at: datetime) -> list[dict[str, Any]]:
    """Opinions that wait for an answer, with a link for whoever may record it."""
    referral = read.referral
    records = may(user, Permission.RECORD, referral)
    return [
        {
            "opinion": opinion,
            "own": (own := may_answer(user, opinion, referral)),
            "standing": standing(opinion, at),
            "href": reverse("referral-answer", args=[referral.reference, opinion.pk])
            if records or own
            else "",
        }
        for opinion in read.opinions
        if opinion.answered_at is None
    ]


def _actions(read: Story, user: User, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What can be done now; a question to one's own specialty comes before everything else."""
    own = [question for question in questions if question["own"]]
    answers = [
        {
            "name": "answer",
            "text": f"Answer for {question['opinion'].get_specialty_display().lower()}",
            "why": "",
            "rare": False,
            "on_card": False,
            "main": index == 0,
            "href": question["href"],
        }
        for index, question in enumerate(own)
    ]
    others = [action | {"main": action["main"] and not own} for action in possible(read, user)]
    return [*answers, *others]


def _neurology(read: Story) -> dict[str, Any]:
    """Grades over time, for templates/components/neurology.html."""
    rows = read.neurology
    return {
        "times": [row.occurred_at for row in rows],
        "grades": {label: [getattr(row, name) for row in rows] for label, name in LIMBS.items()},
        "notes": [
            ("Walking", [Mobility(row.mobility).label for row in rows]),
            ("Sensory level", [row.sensory_level for row in rows]),
            ("Bladder", [_answer(row.bladder_problem) for row in rows]),
        ],
    }


def _answer(value: str) -> str:
    return {"yes": "problem", "no": "no problem"}.get(value, "not known")


def _people(read: Story, at: datetime) -> Any:
    """Who is involved: (part, name, number to ring)."""
    referral = read.referral
    role = f", {referral.referrer_role}" if referral.referrer_role else ""
    yield "Referred by", f"{referral.referrer_name}{role}", referral.call_back
    aware = {True: ", knows of the referral", False: ", does not know yet"}
    consultant = referral.responsible_consultant
    if consultant:
        consultant += aware.get(referral.consultant_aware, "")
    yield "Consultant", consultant, ""
    taken = referral.taken_by
    yield "Has it now", taken.name if taken else "Nobody yet", taken.phone if taken else ""
    duty = panels.ask("on_duty", place=referral, at=at)
    name = f"{duty['name']}, {duty['role']}" if duty["name"] else "Nobody is on the rota"
    yield "On duty now", name, duty["phone"]
    for opinion in read.opinions:
        if opinion.answered_by or opinion.asked_of:
            who = opinion.answered_by or opinion.asked_of
            yield opinion.get_specialty_display(), who, ""
