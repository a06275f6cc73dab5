"""The decision to treat and what follows from it (1.10.4, 1.11.1, 1.11.3)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from mscc import clock
from mscc.events import Command
from referrals.clinical import treatment as clinical
from referrals.clinical.milestones import MilestoneKind, Suspicion
from referrals.clinical.presentation import Answer
from referrals.domain.moments import happened
from referrals.domain.path import Change, Which, change, save_rows
from referrals.domain.queries.facts import facts_of
from referrals.domain.queries.person import story
from referrals.domain.refusals import Invalid, NeedsConfirmation
from referrals.events import TreatmentDecided
from referrals.models import Referral, TreatmentDecision
from referrals.models.referral import Confirmed


@dataclass(frozen=True)
class Decision:
    """Who decided what, with whom. MSCC that is not for surgery is owed urgent radiotherapy
    within 24 hours unless one of 1.10.4's two exceptions holds.

    `opinions` and `scores` are what it rests on; `options` the rules that were listed for this
    person when it was made (`clinical.options`); `against_surgery` says why there is none.
    """

    plan: str
    decided_by: str
    decided_at: datetime
    consulted: tuple[str, ...] = field(default=())
    rationale: str = ""
    surgery_considered: str = ""
    radiotherapy_exception: str = ""
    exception_reason: str = ""
    paralysed_since: date | None = None
    pain_controlled: Answer = Answer.NOT_KNOWN
    fractionation: str = ""
    against_surgery: tuple[str, ...] = ()
    opinions: tuple[UUID, ...] = ()
    scores: tuple[UUID, ...] = ()
    options: tuple[str, ...] = ()
    confirmed: bool = False


def decide_treatment(referral_id: Which, decision: Decision, *, command: Command) -> Referral:
    """Record the decision; the radiotherapy clock starts at `decided_at`, or is excepted."""

    def act(changing: Change) -> None:
        referral = changing.referral
        changing.go("decide_treatment")
        at = happened("decided_at", decision.decided_at, changing, confirmed=decision.confirmed)
        _refuse_what_it_cannot_rest_on(decision, referral)
        urgent = _urgent_radiotherapy(decision, referral, at)
        save_rows(
            [
                TreatmentDecision(
                    referral=referral,
                    occurred_at=at,
                    plan=decision.plan,
                    decided_by=decision.decided_by,
                    consulted=list(decision.consulted),
                    rationale=decision.rationale,
                    surgery_considered=_surgery_considered(decision),
                    radiotherapy_exception=decision.radiotherapy_exception,
                    exception_reason=decision.exception_reason,
                    fractionation=decision.fractionation,
                    opinions=list(decision.opinions),
                    scores=list(decision.scores),
                    options=list(decision.options),
                    **changing.stamp(),
                )
            ]
        )
        changing.record(
            MilestoneKind.DECISION_TO_TREAT,
            at,
            plan=decision.plan,
            urgent_radiotherapy=urgent,
            exception=decision.radiotherapy_exception,
        )
        changing.says(
            TreatmentDecided,
            "recorded the decision on treatment",
            plan=decision.plan,
            urgent_radiotherapy=urgent,
            exception=decision.radiotherapy_exception,
        )

    return change(referral_id, command, "decide_treatment", decision, act)


def condition_of(referral: Referral) -> Suspicion:
    """What is being treated: what imaging confirmed or, before that, what is suspected."""
    if not referral.confirmed:
        return Suspicion(referral.suspicion)
    if referral.confirmed == Confirmed.RULED_OUT:
        return Suspicion.NONE
    return Suspicion(referral.confirmed)


def _urgent_radiotherapy(decision: Decision, referral: Referral, at: datetime) -> str:
    """Whether 1.10.4's 24 hours run from this decision; Invalid where a reason is missing."""
    exception = decision.radiotherapy_exception
    errors: dict[str, str] = {}
    if not decision.decided_by.strip():
        errors["decided_by"] = "Name the clinician who decided."
    if not decision.consulted and not decision.rationale.strip():
        errors["consulted"] = "Say who was consulted, or why nobody could be."
    if exception and exception not in list(clinical.RadiotherapyException):
        raise Invalid({**errors, "radiotherapy_exception": "Choose one of the two exceptions."})
    if not set(decision.against_surgery) <= set(clinical.AgainstSurgery):
        raise Invalid({**errors, "against_surgery": "Choose among the reasons that are listed."})
    facts = _as_facts(decision, referral, at)
    found = clinical.exception_errors(facts)
    if "exception" in found:
        found["radiotherapy_exception"] = found.pop("exception")
    errors |= found
    urgent = clinical.urgent_radiotherapy(facts)
    planned = decision.plan == TreatmentDecision.Plan.RADIOTHERAPY
    if urgent is clinical.UrgentRadiotherapy.INDICATED and not planned:
        errors["radiotherapy_exception"] = (
            "Urgent radiotherapy is to be offered for MSCC that is not for surgery. Choose which "
            "of the two exceptions of 1.10.4 holds, or plan radiotherapy."
        )
    if errors:
        raise Invalid(errors)
    if not decision.confirmed:
        _ask_what_does_not_fit(facts, referral, at)
    return urgent.value


def _as_facts(decision: Decision, referral: Referral, at: datetime) -> clinical.Decision:
    exception = decision.radiotherapy_exception
    return clinical.Decision(
        condition=condition_of(referral),
        surgery=decision.plan == TreatmentDecision.Plan.SURGERY,
        exception=clinical.RadiotherapyException(exception) if exception else None,
        exception_reason=decision.exception_reason,
        paralysed_for=_since(decision.paralysed_since, at),
        pain_controlled=decision.pain_controlled,
        against_surgery=tuple(clinical.AgainstSurgery(each) for each in decision.against_surgery),
    )


def _ask_what_does_not_fit(facts: clinical.Decision, referral: Referral, at: datetime) -> None:
    """An exception against the record, and 1.11.5, are confirmed before they are saved.

    The record is read whole, and only when an exception is claimed: few decisions do.
    """
    questions = clinical.only_time_since_paralysis(facts)
    if facts.exception is not None:
        questions |= clinical.against_the_record(facts, facts_of(story(referral), at))
    if questions:
        raise NeedsConfirmation(questions)


def _refuse_what_it_cannot_rest_on(decision: Decision, referral: Referral) -> None:
    """Only opinions that were given and scores of this person carry a decision."""
    given = set(decision.opinions)
    if given and referral.opinions.filter(pk__in=given, answered_at__isnull=False).count() < len(
        given
    ):
        raise Invalid({"opinions": "Choose among the opinions that were given on this referral."})
    scored = set(decision.scores)
    if scored and referral.scores.filter(pk__in=scored).count() < len(scored):
        raise Invalid({"scores": "Choose among the scores of this person."})


def _surgery_considered(decision: Decision) -> str:
    """The reasons against surgery that were ticked, before what was written about it."""
    reasons = [clinical.AgainstSurgery(each).label.lower() for each in decision.against_surgery]
    ticked = f"Reasons against: {'; '.join(reasons)}." if reasons else ""
    return " ".join(filter(None, [ticked, decision.surgery_considered]))


def _since(day: date | None, at: datetime) -> timedelta | None:
    return None if day is None else clock.local(at).date() - day
