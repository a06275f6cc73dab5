"""One step of graded sitting or weight bearing, as it was done and judged (1.6.1 to 1.6.4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mscc.events import Command
from referrals.clinical.facts import Facts
from referrals.clinical.mobilisation import Judged, Measured, Outcome, Step, judge
from referrals.clinical.presentation import Answer
from referrals.domain.moments import happened
from referrals.domain.path import Change, Which, change, save_rows
from referrals.domain.queries.facts import facts_of
from referrals.domain.queries.person import Story, story
from referrals.domain.queries.sittings import standing_stop
from referrals.domain.refusals import Invalid, NeedsConfirmation
from referrals.events import SittingRecorded
from referrals.models import Referral, Sitting

# What a cuff and a person can show at all; mmHg, and 0 to 10. The same limits hold in the database.
LIMITS = {
    "lying_systolic": (40, 300),
    "lying_diastolic": (20, 200),
    "upright_systolic": (40, 300),
    "upright_diastolic": (20, 200),
    "pain_before": (0, 10),
    "pain_after": (0, 10),
}
_WEIGHT_BEARING = (Step.STANDING, Step.TRANSFERS, Step.WALKING)


@dataclass(frozen=True)
class SittingDetails:
    """`seen` is what was measured; `done` what was done about it; `at` None means now."""

    seen: Measured
    done: str = ""
    note: str = ""
    at: datetime | None = None
    confirmed: bool = False


def record_sitting(referral_id: Which, told: SittingDetails, *, command: Command) -> Referral:
    """Record a step with what the rules make of it; raises Invalid for what cannot be measured,
    NeedsConfirmation where sitting up does not fit what is on record."""

    def act(changing: Change) -> None:
        changing.only_while_open("Record a step of sitting")
        if errors := dict(_impossible(told.seen)):
            raise Invalid(errors)
        if not told.confirmed:
            read = story(changing.referral)
            if doubts := dict(_doubts(told, read, facts_of(read, changing.at))):
                raise NeedsConfirmation(doubts)
        at = changing.at
        if told.at is not None:
            at = happened("at", told.at, changing, confirmed=told.confirmed)
        judged = judge(told.seen)
        save_rows([_row(told, judged, at, changing)])
        changing.says(
            SittingRecorded,
            f"recorded a step of sitting: {judged.outcome.label.lower()}",
            step=told.seen.step.value,
            outcome=judged.outcome.value,
        )

    return change(referral_id, command, "record_sitting", told, act)


def _impossible(seen: Measured) -> Iterator[tuple[str, str]]:
    for name, (least, most) in LIMITS.items():
        value = getattr(seen, name)
        if value is not None and not least <= value <= most:
            yield name, f"Enter a number from {least} to {most}, or leave it empty."
    for when in ("lying", "upright"):
        above, below = getattr(seen, f"{when}_systolic"), getattr(seen, f"{when}_diastolic")
        if above is not None and below is not None and below >= above:
            yield (
                f"{when}_diastolic",
                f"The lower pressure, {below}, is not below the upper one, {above}. Check both.",
            )


def _doubts(told: SittingDetails, read: Story, facts: Facts) -> Iterator[tuple[str, str]]:
    """Why somebody may not want to be sat up now: a question, never a refusal."""
    step, spine = told.seen.step, facts.spine
    reasons = []
    if standing_stop(read) is not None:
        reasons.append(
            "The last step was stopped, and no reassessment of stability is on record (1.6.4)."
        )
    if spine.unstable is Answer.YES:
        reasons.append("The spine is recorded as unstable, or as perhaps unstable (1.6.1).")
    elif spine.stability_likely is not Answer.YES and (
        step in _WEIGHT_BEARING or not read.sittings
    ):
        reasons.append("Nobody has recorded that the spine is likely to be stable (1.6.1).")
    if step in _WEIGHT_BEARING and facts.neurology.complete_paralysis is Answer.YES:
        reasons.append(f"The person is completely paralysed, and this is {step.label}.")
    if reasons:
        yield "step", f"{' '.join(reasons)} If the step was done all the same, confirm it."


def _row(told: SittingDetails, judged: Judged, at: datetime, changing: Change) -> Sitting:
    seen = told.seen
    return Sitting(
        referral=changing.referral,
        occurred_at=at,
        step=seen.step.value,
        **{name: getattr(seen, name) for name in LIMITS},
        dizzy=seen.dizzy.value,
        neurology_worse=seen.neurology_worse.value,
        outcome=Outcome(judged.outcome).value,
        done=told.done,
        note=told.note,
        **changing.stamp(),
    )
