"""Where the answer to an open question is recorded, so that the question can be a link."""

from django.urls import reverse

from referrals.clinical import facts
from referrals.models import Referral

# The page of the key information that asks it; what is not named here is asked among what the
# choice of treatment turns on.
_SECTION = {
    facts.MOVEMENT_QUESTION: "pain",
    "Is there spinal pain, and how severe is it?": "pain",
    "Is there also pain that moving does not bring on?": "pain",
    facts.PARALYSED_AND_MOVING_QUESTION: "neurology",
    "Is there complete paralysis of the legs, or of arms and legs?": "neurology",
    "Are there neurological symptoms or signs?": "neurology",
    "Is the overall prognosis poor?": "cancer",
    "Is the overall prognosis good?": "cancer",
    "Is it, or may it be, lymphoma or myeloma?": "cancer",
    "Has the primary cancer been identified?": "cancer",
}
# What is not asked but done: it is recorded from the person's page.
_DONE = (
    "What does the scan of the whole spine show?",
    "Has surgery to the spine been performed?",
    "Was the radiotherapy given after the operation?",
)
# What the decision itself answers.
_DECIDED = ("Is radiotherapy being considered?",)


def where(question: str, referral: Referral) -> str:
    """The address on which this question is answered; empty when the decision answers it."""
    if question in _DECIDED:
        return ""
    if question in _DONE:
        return reverse("referral", args=[referral.reference]) + "#actions"
    section = _SECTION.get(question, "considerations")
    return reverse("referral-add", args=[referral.reference, section])
