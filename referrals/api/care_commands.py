"""What a person is given and planned, one address each; see `referrals/domain/` for each step."""

from typing import Any

from mscc.events import Command
from mscc.people.roles import Permission
from referrals.api import care_bodies as bodies
from referrals.api import care_examples as examples
from referrals.api.base import CommandView
from referrals.api.commands import Given, Which
from referrals.clinical.course import Kind, Step
from referrals.clinical.follow_up import Continence, PlaceOfCare
from referrals.clinical.mobilisation import Measured
from referrals.clinical.mobilisation import Step as SittingStep
from referrals.clinical.neurology import Mobility
from referrals.clinical.presentation import Answer
from referrals.clinical.scores import UNKNOWN
from referrals.clinical.tool_questions import QUESTIONS
from referrals.clinical.tools import Tool
from referrals.domain import (
    care,
    care_plan,
    dexamethasone,
    discharge_plan,
    follow_up,
    mobilisation,
    pain,
    scores,
)
from referrals.models import Referral


def _as(kind: Any, given: Given, *names: str) -> Given:
    """What the body holds, with these fields as the domain's own values where they are given."""
    return given | {name: kind(given[name]) for name in names if name in given}


class RecordCare(CommandView):
    """Record what became of items of the care bundle, several at a time."""

    permission = Permission.RECORD
    takes = bodies.BundleBody
    examples = examples.CARE

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        told = tuple(care.Told(**each) for each in given["told"])
        self.pointers = {
            f"{each.item}_{part}": f"/told/{place}/{part}"
            for place, each in enumerate(told)
            for part in ("status", "reason")
        }
        return care.record_care(which, care.CareGiven(**given | {"told": told}), command=command)


class RecordDexamethasone(CommandView):
    """Record an entry of the course: started, changed, given a taper, stopped (1.8.1 to 1.8.8)."""

    permission = Permission.RECORD
    takes = bodies.DexamethasoneBody
    examples = examples.DEXAMETHASONE
    done_by = "decided_by"

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        said = {name: value for name, value in given.items() if name != self.done_by}
        taper = tuple(Step(**step) for step in given.get("taper", ()))
        entry = dexamethasone.CourseEntry(**_as(Kind, said, "kind") | {"taper": taper})
        return dexamethasone.record_dexamethasone(which, entry, command=command)


class RecordScore(CommandView):
    """Keep a score with its inputs. It supports a decision and never makes it (1.9.1 to 1.9.3)."""

    permission = Permission.RECORD
    takes = bodies.ScoreBody
    examples = examples.SCORE
    pointers = {
        each.key: f"/answers/{each.key}" for questions in QUESTIONS.values() for each in questions
    }

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        tool = Tool(given["tool"])
        answers = {each.key: UNKNOWN for each in QUESTIONS[tool]} | given["answers"]
        details = scores.ScoreDetails(**given | {"tool": tool, "answers": answers})
        return scores.record_score(which, details, command=command)


class MakeCarePlan(CommandView):
    """Make a version of the personalised care plan (1.1.17); earlier ones stay on record."""

    permission = Permission.DECIDE_TREATMENT
    takes = bodies.CarePlanBody
    examples = examples.CARE_PLAN
    done_by = "senior_clinician"

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        said = _as(Answer, given, "agreed") | {"advisers": tuple(given.get("advisers", ()))}
        return care_plan.make_care_plan(which, care_plan.PlanDetails(**said), command=command)


class RecordPainPlan(CommandView):
    """Record a pain plan agreed with the person, or the review of one (1.7.3, 1.7.4)."""

    permission = Permission.RECORD
    takes = bodies.PainPlanBody
    examples = examples.PAIN_PLAN

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        said = _as(Answer, given, "agreed", "helped", "strong_opioids")
        return pain.record_pain_plan(which, pain.PlanEntry(**said), command=command)


class RecordSitting(CommandView):
    """Record a step of graded sitting; the rules judge it (1.6.1 to 1.6.4)."""

    permission = Permission.RECORD
    takes = bodies.SittingBody
    examples = examples.SITTING

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        own = ("done", "note", "at", "confirmed")
        seen = {name: value for name, value in given.items() if name not in own}
        measured = Measured(
            **_as(Answer, seen, "dizzy", "neurology_worse") | {"step": SittingStep(given["step"])}
        )
        details = mobilisation.SittingDetails(
            seen=measured, **{name: given[name] for name in own if name in given}
        )
        return mobilisation.record_sitting(which, details, command=command)


class PlanDischarge(CommandView):
    """Plan the discharge, from admission on (1.1.24 to 1.1.28).

    The lead and who was brought in are taken as they are sent: what is left out of them is taken
    out of the plan. A step that is left out of `arranged` stays as it was.
    """

    takes = bodies.DischargePlanBody
    examples = examples.DISCHARGE_PLAN
    pointers = {"nothing": "", "contact_note": "/arranged/contact/note"}

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        arranged = {
            step: discharge_plan.Arranged(**said)
            for step, said in given.get("arranged", {}).items()
        }
        lists = {"involved": tuple(given.get("involved", ())), "arranged": arranged}
        planned = discharge_plan.Planned(**given | lists)
        return discharge_plan.plan_discharge(which, planned, command=command)


class RecordFollowUp(CommandView):
    """Record how the person is 30 or 90 days after discharge (1.1.11)."""

    permission = Permission.RECORD
    takes = bodies.FollowUpBody
    examples = examples.FOLLOW_UP

    def carry_out(self, which: Which, given: Given, command: Command) -> Referral:
        said = _as(Answer, {"reached": Answer.NOT_KNOWN} | given, "reached", "alive")
        said = _as(Mobility, _as(Continence, said, "continence"), "mobility")
        told = follow_up.Told(**_as(PlaceOfCare, said, "place_of_care"))
        return follow_up.follow_up(which, told, command=command)
