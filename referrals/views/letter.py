"""The discharge summary for primary care: what happened, what was done, what to watch for."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mscc import clock
from mscc.people.models import Specialty
from mscc.web import panels
from mscc.web.filters import day, hour
from referrals.clinical.milestones import MilestoneKind as Kind
from referrals.clinical.neurology import Mobility
from referrals.clinical.treatment import RadiotherapyException
from referrals.domain.queries.person import Story, story
from referrals.models import Referral, TreatmentDecision
from referrals.models.referral import Confirmed
from referrals.views import care_plan
from referrals.views import leaving as leaving_words
from referrals.views.base import record_read, visible_referral
from referrals.views.words import fact_in_words

COURSE = (
    Kind.MSCC_SUSPECTED,
    Kind.METASTASES_SUSPECTED,
    Kind.RECEIVED,
    Kind.IMMOBILISATION_STARTED,
    Kind.IMMOBILISATION_ENDED,
    Kind.MRI_PERFORMED,
    Kind.MRI_INCOMPLETE,
    Kind.CT_PERFORMED,
    Kind.SCAN_REPORTED,
    Kind.DECISION_TO_TREAT,
    Kind.RADIOTHERAPY_STARTED,
    Kind.SURGERY_PERFORMED,
    Kind.DISCHARGED,
)
# What calls for ringing at once (box 1 of NG234, in our words), for people and their families.
WATCH_FOR = (
    "New or worse back pain, or pain that shoots down an arm or leg or round the body",
    "Weakness of an arm or leg, heaviness, or trouble walking",
    "Numbness, tingling or loss of feeling",
    "A new bladder or bowel problem",
)


@require_safe
def letter(request: HttpRequest, reference: str) -> HttpResponse:
    """A page to print and send; 409 while the person has not been discharged."""
    referral = visible_referral(request, reference)
    read = story(referral)
    at = clock.now()
    record_read(request, referral, "letter")
    leaving = read.discharges[-1] if read.discharges and not referral.is_open else None
    left_at = read.when(Kind.DISCHARGED, leaving) if leaving else None
    context = {
        "referral": referral,
        "patient": referral.patient,
        "at": at,
        "leaving": leaving,
        "left_at": left_at,
        "follow_up_days": leaving_words.follow_up_days(referral, left_at) if left_at else [],
        "course": [(row.occurred_at, fact_in_words(row)) for row in _course(read)],
        "diagnosis": _diagnosis(read),
        "decisions": list(_decisions(read)),
        "done": list(_done(read)),
        "mobility": _mobility(leaving),
        "care_plan": care_plan.versions(read)[:1],
        "steroid": leaving_words.steroid_words(read),
        "arranged": leaving_words.arranged(read),
        "watch_for": WATCH_FOR,
        "line": service_line(referral) or panels.ask("on_duty", place=referral, at=at)["phone"],
    }
    return render(request, "referrals/letter.html", context, status=200 if leaving else 409)


def service_line(referral: Referral) -> str:
    """The service's own number: a letter is read long after tonight's coordinator went home."""
    return referral.alliance.phone or referral.trust.phone or referral.hospital.phone


def _course(read: Story) -> list[Any]:
    return sorted(
        (row for row in read.standing if row.kind in COURSE), key=lambda row: row.occurred_at
    )


def _diagnosis(read: Story) -> str:
    if read.referral.confirmed:
        return Confirmed(read.referral.confirmed).label
    return f"{read.referral.get_suspicion_display()}; not confirmed by imaging"


def _decisions(read: Story) -> Iterator[dict[str, Any]]:
    for row in read.decisions:
        exception = row.radiotherapy_exception
        yield {
            "at": read.when(Kind.DECISION_TO_TREAT, row),
            "plan": TreatmentDecision.Plan(row.plan).label,
            "by": row.decided_by,
            "with": ", ".join(Specialty(each).label.lower() for each in row.consulted),
            "why": row.rationale,
            "dose": row.fractionation,
            "not_offered": RadiotherapyException(exception).label if exception else "",
            "not_offered_why": row.exception_reason,
        }


def _done(read: Story) -> Iterator[str]:
    """Treatment that took place, with the words that were recorded with it."""
    for row in read.standing:
        if row.kind in (Kind.RADIOTHERAPY_STARTED, Kind.SURGERY_PERFORMED):
            note = row.details.get("note", "")
            said = f"{fact_in_words(row)}, {day(row.occurred_at)}, {hour(row.occurred_at)}"
            yield f"{said}. {note}" if note else f"{said}."


def _mobility(leaving: Any) -> str:
    if leaving is None or not leaving.mobility_at_discharge:
        return ""
    return Mobility(leaving.mobility_at_discharge).label
