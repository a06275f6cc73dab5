"""Short ways to say what was found; used by the tests of the clinical rules."""

from hypothesis import strategies as st

from referrals.clinical.presentation import (
    CORD_ITEMS,
    ITEMS,
    PAIN_ITEMS,
    Answer,
    CancerStatus,
    Finding,
    Presentation,
)

YES, NO, NOT_KNOWN = Answer.YES, Answer.NO, Answer.NOT_KNOWN
PAST = CancerStatus.PAST_OR_CURRENT
CORD = [item.id for item in CORD_ITEMS]
PAIN = [item.id for item in PAIN_ITEMS]


def presented(cancer=PAST, *present, unknown=(), other=NO):
    """A presentation in which `present` are yes, `unknown` are not known and the rest `other`."""
    answers = {item.id: other for item in ITEMS}
    answers |= dict.fromkeys(unknown, NOT_KNOWN) | dict.fromkeys(present, YES)
    return Presentation(cancer, tuple(Finding(item, answer) for item, answer in answers.items()))


@st.composite
def presentations(draw):
    """Any presentation at all, unanswered items included."""
    answers = draw(st.dictionaries(st.sampled_from(CORD + PAIN), st.sampled_from(Answer)))
    findings = tuple(Finding(item, answer) for item, answer in answers.items())
    return Presentation(draw(st.sampled_from(CancerStatus)), findings)
