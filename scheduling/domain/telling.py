"""Who is told at once when something happens to a referral, in its transaction."""

from datetime import datetime

from mscc.celery import ring_on_commit
from referrals.clinical.milestones import MilestoneKind
from referrals.events import (
    InformationAdded,
    NewSignsReported,
    OpinionAnswered,
    OpinionAsked,
    ReferralClosed,
    ReferralEvent,
    ReferralReceived,
    ReferralTaken,
    ReferralTriaged,
)
from referrals.models import Referral
from scheduling.domain import escalation, posting, rota
from scheduling.models import Escalation
from scheduling.notify import outbox
from scheduling.timekeeping.ladder import RINGS


def of_arrival(event: ReferralReceived) -> None:
    """The coordinator on duty is paged until somebody takes it; the referrer has a receipt."""
    referral = Referral.objects.get(pk=event.referral_id)
    if referral.taken_by_id is None:
        escalation.open_climb(referral, Escalation.About.NEW_REFERRAL, event.at, by=event.by)
    if referral.referrer_email:
        receipt = outbox.NewNotice(
            kind="receipt",
            channel="email",
            address=referral.referrer_email,
            recipient_id=referral.referred_by_id,
            recipient_name=referral.referrer_name,
            dedupe_key=f"{referral.pk}:receipt",
            fields={
                "reference": referral.reference,
                "link": f"/status/{referral.status_token}/",
            },
            referral_id=referral.pk,
        )
        outbox.post([receipt], event.at)
        ring_on_commit("scheduling.tasks.dispatch_notices")


def of_taking(event: ReferralTaken) -> None:
    """Somebody has it: nobody further is told of its arrival."""
    _arrived(event)


def of_triage(event: ReferralTriaged) -> None:
    """Triage reads and takes it, too. Only the first one can end a climb: it is asked once."""
    if MilestoneKind.TAKEN in event.milestones or MilestoneKind.TRIAGED in event.milestones:
        _arrived(event)


def of_closing(event: ReferralClosed) -> None:
    """A closed referral has not just arrived. One that was read had no such climb any more."""
    if event.was_unread:
        _arrived(event)


def _arrived(event: ReferralEvent) -> None:
    escalation.close_for_referral(event.referral_id, event.reference, escalation.ARRIVALS, event.at)


def of_information(event: InformationAdded) -> None:
    """An examination that is worse than the one before rings like new signs."""
    if event.worse:
        of_new_signs(event)


def of_new_signs(event: NewSignsReported | InformationAdded) -> None:
    """The person is worse: paged at once, until a coordinator takes it again."""
    referral = Referral.objects.get(pk=event.referral_id)
    _arrived(event)
    escalation.open_climb(referral, Escalation.About.NEW_SIGNS, event.at, by=event.by)


def of_question(event: OpinionAsked) -> None:
    """The specialty's point of contact is told that they were asked (1.1.10)."""
    referral = Referral.objects.get(pk=event.referral_id)
    contacts = rota.specialty_contacts(event.specialty, referral, event.at)
    _tell_people(
        contacts,
        referral,
        "opinion_asked",
        f"{event.opinion_id}:asked",
        {"what": event.specialty, "call_back": referral.call_back},
        event.at,
    )


def of_answer(event: OpinionAnswered) -> None:
    """Whoever has the referral is told that the answer is there."""
    referral = Referral.objects.get(pk=event.referral_id)
    cover = rota.covering("coordinator", referral, event.at)
    who = referral.taken_by_id or (cover.turn.user_id if cover else None)
    if who is not None and who != event.by.user_id:
        _tell_people(
            [who],
            referral,
            "opinion_answered",
            f"{event.opinion_id}:answered",
            {"what": event.specialty},
            event.at,
        )
    if not referral.opinions.filter(answered_at__isnull=True, due_at__lte=event.at).exists():
        # No question is overdue any more: nobody has to ring a specialty.
        unanswered = (Escalation.About.OPINION,)
        escalation.close_for_referral(referral.pk, event.reference, unanswered, event.at)


def _tell_people(
    user_ids: list[int],
    referral: Referral,
    kind: str,
    key: str,
    fields: dict[str, object],
    at: datetime,
) -> None:
    said = {"reference": referral.reference, **fields}
    to = rota.reaches(user_ids, RINGS)
    posting.post(to, kind, key, said, at, referral_id=referral.pk)
