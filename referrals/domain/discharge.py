"""Discharge: a named lead, what is still open, the letter to primary care (1.1.24 to 1.1.28)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from mscc.events import Command
from mscc.people.models import Specialty
from referrals.clinical import discharge as clinical
from referrals.clinical.discharge import OpenItem
from referrals.clinical.milestones import MilestoneKind
from referrals.clinical.neurology import Mobility
from referrals.clinical.presentation import Answer
from referrals.domain import key_information
from referrals.domain.moments import happened
from referrals.domain.path import Change, Which, change, save_rows
from referrals.domain.refusals import Invalid, NeedsConfirmation
from referrals.events import ReferralDischarged
from referrals.models import Discharge, DischargeStep, Referral
from referrals.models.referral import Confirmed


@dataclass(frozen=True)
class Leaving:
    """Everything the discharge form asks. Items left open need one reason between them.

    A care plan or a training of carers that is on record counts, whatever is said here.
    """

    lead_name: str
    destination: str
    discharged_at: datetime
    lead_role: str = ""
    lead_phone: str = ""
    mobility_at_discharge: str = ""
    follow_up: str = ""
    equipment_and_support: str = ""
    dexamethasone: Answer = Answer.NOT_KNOWN
    dexamethasone_plan: str = ""
    stomach_protection: Answer = Answer.NOT_KNOWN
    glucose_checked: Answer = Answer.NOT_KNOWN
    care_plan: Answer = Answer.NOT_KNOWN
    carers_trained: Answer = Answer.NOT_KNOWN
    new_symptoms_contact: str = ""
    open_items_reason: str = ""
    confirmed: bool = False


def discharge(referral_id: Which, leaving: Leaving, *, command: Command) -> Referral:
    """Record the discharge; raises Invalid without a lead, or with open items and no reason."""

    def act(changing: Change) -> None:
        referral = changing.referral
        changing.go("discharge")
        at = happened("discharged_at", leaving.discharged_at, changing, confirmed=leaving.confirmed)
        if not leaving.confirmed:
            _ask_about_death(leaving)
        items = still_open(referral, leaving)
        required = [item for item in items if item.required]
        if required:
            raise Invalid({"lead_name": required[0].sentence})
        if items and not leaving.open_items_reason.strip():
            raise Invalid(
                {
                    "open_items_reason": "Say why these are left open: "
                    + " ".join(item.sentence for item in items)
                }
            )
        save_rows([_row(leaving, items, at, changing)])
        unread = referral.unread_since is not None
        changing.set(closed_at=changing.at, unread_since=None)
        changing.record(
            MilestoneKind.DISCHARGED, at, destination=leaving.destination, lead=leaving.lead_name
        )
        changing.says(
            ReferralDischarged,
            "discharged the person",
            destination=leaving.destination,
            still_open=tuple(item.id for item in items),
            was_unread=unread,
        )

    return change(referral_id, command, "discharge", leaving, act)


def _ask_about_death(leaving: Leaving) -> None:
    """Somebody who died neither walks nor takes a medicine; one of the answers is a slip."""
    if leaving.destination != Discharge.Destination.DIED:
        return
    said = []
    if leaving.mobility_at_discharge not in ("", Mobility.NOT_KNOWN):
        said.append(Mobility(leaving.mobility_at_discharge).label)
    if leaving.dexamethasone is Answer.YES:
        said.append("takes dexamethasone")
    if said:
        sentence = f"Check this: the person has died, and you also said: {', '.join(said)}."
        raise NeedsConfirmation({"destination": sentence})


_CARERS = (
    DischargeStep.objects.filter(referral=OuterRef("referral"), step="carers")
    .order_by("-occurred_at", "-recorded_at")
    .values("done")[:1]
)


def still_open(referral: Referral, leaving: Leaving) -> list[OpenItem]:
    """What is open as this person leaves; the form shows it before anything is saved."""
    told = list(
        referral.milestones.standing()
        # With the facts, so that a discharge asks once: the carers' step of the discharge plan.
        .annotate(carers=Subquery(_CARERS))
        .values_list("kind", "details", "carers")
    )
    kinds = {kind for kind, _, _ in told}
    scanned = kinds & {MilestoneKind.MRI_PERFORMED, MilestoneKind.CT_PERFORMED}
    planned = MilestoneKind.CARE_PLAN_MADE in kinds
    trained = any(done for _, _, done in told)
    decided = [said for kind, said, _ in told if kind == MilestoneKind.DECISION_TO_TREAT]
    return list(
        clinical.still_open(
            clinical.Leaving(
                lead_name=leaving.lead_name,
                died=leaving.destination == Discharge.Destination.DIED,
                ruled_out=referral.confirmed == Confirmed.RULED_OUT,
                dexamethasone=leaving.dexamethasone,
                dexamethasone_plan=leaving.dexamethasone_plan,
                stomach_protection=leaving.stomach_protection,
                glucose_checked=leaving.glucose_checked,
                care_plan=Answer.YES if planned else leaving.care_plan,
                new_symptoms_contact=leaving.new_symptoms_contact,
                carers_trained=Answer.YES if trained else leaving.carers_trained,
                follow_up=leaving.follow_up,
                scan_waiting=not scanned,
                report_waiting=bool(scanned) and MilestoneKind.SCAN_REPORTED not in kinds,
                radiotherapy_owed=(
                    bool(decided)
                    and decided[-1]["plan"] == "radiotherapy"
                    and MilestoneKind.RADIOTHERAPY_STARTED not in kinds
                ),
                waiting_opinions=_unanswered([(kind, said) for kind, said, _ in told]),
                missing=tuple(item.sentence for item in key_information.in_words(referral.missing)),
            )
        )
    )


def _unanswered(facts: list[tuple[str, dict[str, Any]]]) -> tuple[str, ...]:
    """The specialties that were asked and have not answered, in words."""
    answered = {said["opinion"] for kind, said in facts if kind == MilestoneKind.OPINION_ANSWERED}
    return tuple(
        Specialty(said["specialty"]).label
        for kind, said in facts
        if kind == MilestoneKind.OPINION_ASKED and said["opinion"] not in answered
    )


def _row(leaving: Leaving, items: list[OpenItem], at: datetime, changing: Change) -> Discharge:
    return Discharge(
        referral=changing.referral,
        occurred_at=at,
        lead_name=leaving.lead_name,
        lead_role=leaving.lead_role,
        lead_phone=leaving.lead_phone,
        destination=leaving.destination,
        mobility_at_discharge=leaving.mobility_at_discharge,
        follow_up=leaving.follow_up,
        equipment_and_support=leaving.equipment_and_support,
        dexamethasone_plan=leaving.dexamethasone_plan,
        new_symptoms_contact=leaving.new_symptoms_contact,
        open_items=[item.sentence for item in items],
        open_items_reason=leaving.open_items_reason,
        **changing.stamp(),
    )
