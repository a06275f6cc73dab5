"""The personalised care plan, as a senior clinician makes it with the person (1.1.17)."""

from referrals.clinical.milestones import Fact, MilestoneKind
from referrals.clinical.presentation import Answer
from referrals.domain.care_plan import ADVISERS, PlanDetails
from referrals.forms.fields import (
    CheckField,
    DateField,
    NotesField,
    RadioField,
    TextField,
    WhenField,
)
from referrals.forms.steps import StepForm


class CarePlanForm(StepForm):
    """What matters to the person stands before what is planned."""

    matters_most = NotesField(
        label="What matters most to the person?",
        help_text="In their own words, as far as you can",
        rows=3,
        required=False,
    )
    preferences = NotesField(
        label="Their needs and preferences",
        help_text="For example where they want to be, who decides with them, faith, language, what "
        "they do not want",
        rows=3,
        required=False,
    )
    advisers = CheckField(
        label="Whose advice does the plan take into account?",
        choices=list(ADVISERS.items()),
        required=False,
    )
    advice = NotesField(label="What did they advise?", rows=3, required=False)
    plan = NotesField(
        label="The plan",
        help_text="Treatment, pain, moving about, rehabilitation, what to do if things get worse",
        rows=8,
        error_messages={"required": "Write the plan."},
    )
    agreed = RadioField(
        label="Is it agreed with the person?", choices=[("yes", "Yes"), ("no", "No")]
    )
    not_agreed_reason = NotesField(label="Why not?", rows=2, max_length=300, required=False)
    review_on = DateField(label="When is it reviewed?", required=False)
    senior_clinician = TextField(
        label="Which senior clinician made it?",
        help_text="With expertise in spinal metastases and MSCC",
        width=20,
        max_length=120,
        required=False,  # the domain says it, with the recommendation
    )
    made_at = WhenField(label="When was it made?", what="The time of the plan")
    sections = [
        ("The person", ["matters_most", "preferences"]),
        ("The plan", ["advisers", "advice", "plan", "agreed", "review_on"]),
        ("Who made it", ["senior_clinician", "made_at"]),
    ]
    reveals = {"not_agreed_reason": ("agreed", "no")}

    def details(self) -> PlanDetails:
        said = self.cleaned_data
        words = ("senior_clinician", "plan", "matters_most", "preferences", "advice")
        return PlanDetails(
            **{name: said[name] for name in words},
            advisers=tuple(said["advisers"]),
            agreed=Answer(said["agreed"]),
            not_agreed_reason=said["not_agreed_reason"] or "",
            review_on=said["review_on"],
            made_at=self.earlier("made_at"),
            confirmed=said["confirmed"],
        )

    def late_facts(self) -> list[Fact]:
        at = self.earlier("made_at")
        return [self.fact(MilestoneKind.CARE_PLAN_MADE, at)] if at else []
