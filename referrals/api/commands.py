"""The commands of the pathway, one address each; what they mean is in `referrals/domain/`."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.request import Request

from mscc.events import Command
from mscc.people.roles import Permission
from referrals.api import bodies, examples
from referrals.api.base import CommandView
from referrals.api.sections import SECTION_POINTERS
from referrals.clinical.milestones import MilestoneKind, Suspicion
from referrals.clinical.presentation import Answer
from referrals.domain import closing, discharge, imaging, intake, milestones, opinions, treatment
from referrals.domain import triage as judging
from referrals.domain.queries.permitted import may_answer, may_do
from referrals.models import Opinion, Referral

Which = QuerySet[Referral]
Given = dict[str, Any]


class TakeReferral(CommandView):
    """Take a referral: it is read, and your name is on it (1.3.2)."""

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        return intake.take(which, command=command)


class TriageReferral(CommandView):
    """Say what is suspected and how soon; this also takes the referral."""

    takes = bodies.TriageBody
    examples = examples.TRIAGE

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        return judging.triage(which, _judged(given), command=command)


class ReassessReferral(CommandView):
    """Change what is suspected after triage."""

    takes = bodies.TriageBody
    examples = examples.TRIAGE

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        return judging.reassess(which, _judged(given), command=command)


def _judged(given: Given) -> judging.Triage:
    return judging.Triage(**given | {"suspicion": Suspicion(given["suspicion"])})


class ReportNewSigns(CommandView):
    """Report new signs on an open referral.

    Signs of compression raise it to suspected MSCC, and the 24 hours count from when they were
    found (1.3.2, 1.5.2).
    """

    permission = Permission.ADD_INFORMATION
    takes = bodies.NewSignsBody
    examples = examples.NEW_SIGNS

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        items = tuple(dict.fromkeys(given["items"]))
        signs = intake.NewSigns(**given | {"items": items})
        return intake.report_new_signs(which, signs, command=command)


class AddInformation(CommandView):
    """Add key information (1.1.15) or a note."""

    permission = Permission.ADD_INFORMATION
    takes = bodies.InformationBody
    pointers = SECTION_POINTERS | {"nhs_number": "/person/nhs_number"}

    def which(self, request: Request, reference: str) -> Which:
        if "considerations" in (request.data.get("sections") or {}):
            return may_do(request.user, Permission.RECORD).filter(reference=reference)
        return super().which(request, reference)

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        return intake.add_information(which, intake.Addition(**given), command=command)


class GiveAdvice(CommandView):
    """Record the initial advice; the ward sees it on its status page at once (1.1.16)."""

    takes = bodies.AdviceBody
    examples = examples.ADVICE
    done_by = "given_by"

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        said = {name: value for name, value in given.items() if name != self.done_by}
        return judging.give_advice(which, judging.AdviceDetails(**said), command=command)


class BookMri(CommandView):
    """Book the MRI, or move the slot. Stops no clock: the scan does."""

    permission = Permission.RECORD
    takes = bodies.MriBookingBody
    examples = examples.BOOK_MRI

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        return imaging.book_mri(which, imaging.MriBooking(**given), command=command)


class RecordScan(CommandView):
    """Record that the scan was performed. Part of the spine leaves the clock running."""

    permission = Permission.RECORD
    takes = bodies.ScanBody
    examples = examples.SCAN

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        return imaging.record_scan(which, imaging.ScanPerformed(**given), command=command)


class RecordReport(CommandView):
    """Record what the radiologist says (1.5.1)."""

    permission = Permission.RECORD
    takes = bodies.ReportBody
    examples = examples.REPORT

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        return imaging.record_report(which, imaging.ScanReport(**given), command=command)


class AskOpinion(CommandView):
    """Ask a specialty; the question is on their list at once (1.1.9, 1.1.10)."""

    takes = bodies.QuestionBody
    examples = examples.ASK

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        return opinions.ask_opinion(which, opinions.Question(**given), command=command)


class AnswerOpinion(CommandView):
    """Answer a question: the specialty that was asked, or who records on its behalf."""

    takes = bodies.AnswerBody

    def which(self, request: Request, reference: str) -> Which:
        return may_answer(request.user, self.kwargs["opinion_id"]).filter(reference=reference)

    def on_behalf_of(self, given: Given) -> str:
        own = Opinion.objects.filter(
            pk=self.kwargs["opinion_id"], specialty__in=self.request.user.specialties
        )
        return "" if own.exists() else str(given["answered_by"])

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        opinion_id: UUID = self.kwargs["opinion_id"]
        answer = opinions.Answer(opinion_id=opinion_id, **given)
        return opinions.answer_opinion(which, answer, command=command)


class RecordMilestone(CommandView):
    """Record what happened, now or late, that has no verb of its own."""

    permission = Permission.RECORD
    takes = bodies.MilestoneBody
    examples = examples.MILESTONE

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        happening = milestones.Happening(
            kind=MilestoneKind(given["kind"]),
            occurred_at=given["occurred_at"],
            details={"note": given["note"]} if given.get("note") else {},
            confirmed=given.get("confirmed", False),
        )
        return milestones.record_milestone(which, happening, command=command)


class CorrectMilestone(CommandView):
    """Correct the time of a fact, or say that it never happened; the wrong one stays on record."""

    permission = Permission.RECORD
    takes = bodies.CorrectionBody
    examples = examples.CORRECT

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        correction = milestones.Correction(milestone_id=self.kwargs["milestone_id"], **given)
        return milestones.correct(which, correction, command=command)


class DecideTreatment(CommandView):
    """Record the decision to treat. The radiotherapy clock starts, or is excepted (1.10.4)."""

    permission = Permission.DECIDE_TREATMENT
    takes = bodies.DecisionBody
    examples = examples.DECIDE
    pointers = {"paralysed_for": "/paralysed_since"}

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        lists = ("consulted", "against_surgery", "opinions", "scores")
        said = given | {name: tuple(given.get(name, ())) for name in lists}
        if "pain_controlled" in said:
            said["pain_controlled"] = Answer(said["pain_controlled"])
        return treatment.decide_treatment(which, treatment.Decision(**said), command=command)


class DischargeReferral(CommandView):
    """Record the discharge, with its named lead and what is left open (1.1.24 to 1.1.28)."""

    takes = bodies.LeavingBody
    examples = examples.DISCHARGE

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        asked = ("dexamethasone", "stomach_protection", "glucose_checked", "care_plan")
        answers = {
            name: Answer(given[name]) for name in (*asked, "carers_trained") if name in given
        }
        return discharge.discharge(which, discharge.Leaving(**given | answers), command=command)


class RedirectReferral(CommandView):
    """Advice was enough, or another service takes over (1.3.5, 1.3.6)."""

    takes = bodies.RedirectionBody

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        return closing.redirect(which, closing.Redirection(**given), command=command)


class WithdrawReferral(CommandView):
    """End a referral that should not go on. Nothing is deleted."""

    takes = bodies.WithdrawalBody

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        return closing.withdraw(which, closing.Withdrawal(**given), command=command)


class ReopenReferral(CommandView):
    """Take a closed referral up again, where its facts put it."""

    takes = bodies.ReopeningBody

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        return closing.reopen(which, closing.Reopening(**given), command=command)
