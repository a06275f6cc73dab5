"""Opinions asked of a specialty's single point of contact, and answered (1.1.9, 1.1.10, 1.4.4)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mscc.events import Command
from mscc.people.models import Specialty
from referrals.clinical.asking import answer_due, due_error
from referrals.clinical.milestones import MilestoneKind
from referrals.domain.moments import happened, not_before
from referrals.domain.path import Change, Which, change, save_rows
from referrals.domain.refusals import Conflict, Invalid
from referrals.domain.treatment import condition_of
from referrals.events import OpinionAnswered, OpinionAsked
from referrals.models import Opinion, Referral

# 1.4.4 names whom to ask about stability: a specialist physiotherapist, oncologist or surgeon.
ON_STABILITY = (Specialty.PHYSIOTHERAPY, Specialty.ONCOLOGY, Specialty.SPINAL_SURGERY)


@dataclass(frozen=True)
class Question:
    """`about_stability` marks the expert advice on spinal stability that 1.4.4 wants in 24 h.

    `due_at` is when an answer is needed; without it the service's own number for what is being
    treated counts from the question.
    """

    specialty: str
    question: str
    asked_of: str = ""
    asked_at: datetime | None = None
    about_stability: bool = False
    due_at: datetime | None = None


def ask_opinion(referral_id: Which, asked: Question, *, command: Command) -> Referral:
    """Ask a specialty. What was asked is on their list at once."""

    def act(changing: Change) -> None:
        changing.only_while_open("Ask for an opinion")
        if asked.about_stability and asked.specialty not in ON_STABILITY:
            raise Invalid(
                {
                    "specialty": "Ask physiotherapy, oncology or spinal surgery about stability "
                    "(1.4.4)."
                }
            )
        if not asked.question.strip():
            raise Invalid({"question": "Write what you want to know."})
        at = changing.at
        if asked.asked_at is not None:
            at = happened("asked_at", asked.asked_at, changing)
        due_at = asked.due_at or answer_due(at, condition_of(changing.referral))
        if wrong := due_error(at, due_at):
            raise Invalid({"due_at": wrong})
        opinion = Opinion(
            referral=changing.referral,
            occurred_at=at,
            specialty=asked.specialty,
            asked_of=asked.asked_of,
            question=asked.question,
            due_at=due_at,
            **changing.stamp(),
        )
        save_rows([opinion])
        changing.record(
            MilestoneKind.OPINION_ASKED, at, specialty=asked.specialty, opinion=str(opinion.pk)
        )
        if asked.about_stability:
            changing.record(MilestoneKind.STABILITY_ADVICE_SOUGHT, at, specialty=asked.specialty)
        changing.says(
            OpinionAsked,
            f"asked {Specialty(asked.specialty).label.lower()}",
            opinion_id=opinion.pk,
            specialty=asked.specialty,
        )

    return change(referral_id, command, "ask_opinion", asked, act)


@dataclass(frozen=True)
class Answer:
    """`answered_by` is the clinician whose opinion it is, whoever types it."""

    opinion_id: UUID
    answer: str
    answered_by: str
    answered_at: datetime | None = None


def answer_opinion(referral_id: Which, given: Answer, *, command: Command) -> Referral:
    """Record an opinion. A second answer to one question is refused with who gave the first."""

    def act(changing: Change) -> None:
        opinion = changing.referral.opinions.select_for_update().filter(pk=given.opinion_id).first()
        if opinion is None:
            raise Invalid({"opinion_id": "There is no such question on this referral."})
        if opinion.answered_at is not None:
            raise Conflict(
                f"{opinion.answered_by} has answered this already. Add a note if there is more."
            )
        if not given.answer.strip():
            raise Invalid({"answer": "Write the opinion."})
        at = changing.at
        if given.answered_at is not None:
            at = happened("answered_at", given.answered_at, changing)
        not_before("answered_at", at, opinion.occurred_at, "the question")
        opinion.answered_at, opinion.answer = at, given.answer
        opinion.answered_by = given.answered_by
        opinion.answer_recorded_by_id = changing.by.user_id
        opinion.save(update_fields=["answered_at", "answered_by", "answer", "answer_recorded_by"])
        changing.record(
            MilestoneKind.OPINION_ANSWERED,
            at,
            specialty=opinion.specialty,
            opinion=str(opinion.pk),
        )
        changing.says(
            OpinionAnswered,
            f"recorded the opinion of {opinion.get_specialty_display().lower()}",
            opinion_id=opinion.pk,
            specialty=opinion.specialty,
        )

    return change(referral_id, command, "answer_opinion", given, act)


def mark_seen(opinion: Opinion, at: datetime) -> None:
    """Whoever was asked has opened the question; the first time counts."""
    Opinion.objects.filter(pk=opinion.pk, seen_at__isnull=True).update(seen_at=at)
