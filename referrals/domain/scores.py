"""A score as it was filled in: its inputs, its range, its table's version (1.9.1 to 1.9.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mscc import clock
from mscc.events import Command
from referrals.clinical import identity, scales
from referrals.clinical.neurology import Contradiction, Neurology
from referrals.clinical.presentation import Answer
from referrals.clinical.scored import Scored, level_of
from referrals.clinical.text import InputError
from referrals.clinical.tool_questions import QUESTIONS
from referrals.clinical.tools import Reading, Tool, read, told
from referrals.domain.moments import happened
from referrals.domain.path import Change, Which, change, save_rows
from referrals.domain.refusals import Invalid, NeedsConfirmation
from referrals.events import ScoreRecorded
from referrals.models import Fitness, Patient, Referral, Score


@dataclass(frozen=True)
class ScoreDetails:
    """`answers` maps the tool's questions to their answers; one that is left out is not known.
    `clinical_assessment` is what the score belongs to (1.9.3). `assessed_at` None means now."""

    tool: Tool
    answers: Mapping[str, str]
    assessed_by: str
    level: str = ""
    clinical_assessment: str = ""
    assessed_at: datetime | None = None
    confirmed: bool = False


def record_score(referral_id: Which, given: ScoreDetails, *, command: Command) -> Referral:
    """Keep a score, incomplete ones too; raises Invalid, or NeedsConfirmation for answers that do
    not fit with each other or with the last examination."""

    def act(changing: Change) -> None:
        changing.only_while_open("Record a score")
        errors = _errors(given)
        if errors:
            raise Invalid(errors)
        at = changing.at
        if given.assessed_at is not None:
            at = happened("assessed_at", given.assessed_at, changing, confirmed=given.confirmed)
        reading = work_out(changing.referral.patient, given, at)
        odd = contradictions(given, last_examination(changing.referral, at))
        if odd and not given.confirmed:
            raise NeedsConfirmation({each.field: each.sentence for each in odd})
        save_rows([_row(given, reading, at, changing), *_fitness(given, at, changing)])
        changing.says(
            ScoreRecorded,
            f"recorded a score: {given.tool.label}",
            tool=given.tool.value,
            complete=reading.complete,
        )

    return change(referral_id, command, "record_score", given, act)


def work_out(patient: Patient, given: ScoreDetails, at: datetime) -> Reading:
    """What the answers come to for this person as of `at`; the answers have been checked."""
    born = patient.date_of_birth
    age = identity.age(born, clock.local(at).date()) if born else None
    return read(given.tool, level_of(given.level), given.answers, age=age)


def contradictions(given: ScoreDetails, seen: Neurology) -> tuple[Contradiction, ...]:
    """What does not fit, in the score or between it and an examination."""
    return scales.contradictions(told(given.tool, given.level, given.answers), seen)


def last_examination(referral: Referral, at: datetime) -> Neurology:
    """The latest neurological examination up to `at`; nothing known when there is none."""
    rows = referral.neurologicalassessments.filter(occurred_at__lte=at)
    latest = rows.order_by("occurred_at", "recorded_at").last()
    return latest.as_facts() if latest else Neurology()


def _errors(given: ScoreDetails) -> dict[str, str]:
    errors = {}
    questions = {each.key: each for each in QUESTIONS[given.tool]}
    for key, answer in given.answers.items():
        if key not in questions or answer not in (*questions[key].options, "", "not_known"):
            errors[key] = "Choose one of the answers."
    try:
        level_of(given.level)
    except InputError as wrong:
        errors["level"] = wrong.sentence
    if given.level and not given.tool.of_a_level:
        errors["level"] = f"{given.tool.label} has no level."
    known = [key for key, answer in given.answers.items() if answer not in ("", "not_known")]
    if not known and not given.level:
        errors.setdefault(next(iter(questions)), "Answer at least one question.")
    if not given.assessed_by.strip():
        errors["assessed_by"] = "Name the clinician who assessed."
    if given.tool.decisive and not given.clinical_assessment.strip():
        errors["clinical_assessment"] = (
            "Write the clinical assessment this score belongs to: general health, pain and what "
            "imaging shows (1.9.3)."
        )
    return errors


def _row(given: ScoreDetails, reading: Reading, at: datetime, changing: Change) -> Score:
    return Score(
        referral=changing.referral,
        occurred_at=at,
        tool=given.tool.value,
        level=level_of(given.level),
        inputs={key: answer for key, answer in given.answers.items() if answer},
        low=reading.low,
        high=reading.high,
        result=reading.result,
        table_version=given.tool.version,
        assessed_by=given.assessed_by,
        clinical_assessment=given.clinical_assessment,
        **changing.stamp(),
    )


def _fitness(given: ScoreDetails, at: datetime, changing: Change) -> list[Fitness]:
    """Performance status and frailty are key information too: what is asked once is kept once."""
    scored = told(given.tool, given.level, given.answers)
    known = _key_information(given.tool, scored)
    if not known:
        return []
    row = Fitness(referral=changing.referral, occurred_at=at, **known, **changing.stamp())
    return [row]


def _key_information(tool: Tool, scored: Scored) -> dict[str, int]:
    if tool is Tool.PERFORMANCE and scored.performance_status is not None:
        return {"performance_status": scored.performance_status}
    if tool is Tool.FRAILTY and scored.frailty is not None:
        if scored.frailty_before is Answer.YES:
            return {"frailty": scored.frailty}
    return {}
