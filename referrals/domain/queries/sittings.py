"""What is on record about getting up again, and whether a stop still stands (1.6.4)."""

from referrals.clinical.milestones import MilestoneKind
from referrals.clinical.mobilisation import Measured, Outcome, Step
from referrals.clinical.presentation import Answer
from referrals.domain.queries.person import Story
from referrals.models import Sitting


def measured(row: Sitting) -> Measured:
    """A recorded step as the rules judge it."""
    return Measured(
        step=Step(row.step),
        lying_systolic=row.lying_systolic,
        lying_diastolic=row.lying_diastolic,
        upright_systolic=row.upright_systolic,
        upright_diastolic=row.upright_diastolic,
        pain_before=row.pain_before,
        pain_after=row.pain_after,
        dizzy=Answer(row.dizzy),
        neurology_worse=Answer(row.neurology_worse),
    )


def standing_stop(story: Story) -> Sitting | None:
    """The step after which the spine is still to be reassessed; None when there is none.

    It stands until something about stability was recorded later: what was considered, or that
    an expert was asked. Another step alone does not end it, whatever that step's outcome.
    """
    stops = [row for row in story.sittings if row.outcome == Outcome.STOP]
    if not stops:
        return None
    stop = stops[-1]
    judged = [
        row.occurred_at
        for row in story.considerations
        if {row.stability_likely, row.unstable} != {Answer.NOT_KNOWN.value}
    ]
    judged += story.times(MilestoneKind.STABILITY_ADVICE_SOUGHT)
    return None if any(at > stop.occurred_at for at in judged) else stop
