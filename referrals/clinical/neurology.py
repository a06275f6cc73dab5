"""One neurological examination as facts, what got worse between two, and what cannot be true.

Contradictions are soft stops: a question to the person typing, never a refusal. The answer may
well be right (a person can be paralysed on one page and have walked that morning).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from referrals.clinical.presentation import BY_ID, Answer, CancerStatus, Presentation
from referrals.clinical.scored import level_of
from referrals.clinical.text import InputError
from referrals.clinical.times import LONDON


class Mobility(StrEnum):
    """How the person gets about now, best first."""

    UNAIDED = "walks_unaided"
    WITH_AID = "walks_with_aid"
    WITH_HELP = "walks_with_help"
    CANNOT_WALK = "cannot_walk"
    NOT_KNOWN = "not_known"

    @property
    def label(self) -> str:
        """As a screen says it: "walks without help"."""
        return _MOBILITY[self]


_MOBILITY = {
    Mobility.UNAIDED: "walks without help",
    Mobility.WITH_AID: "walks with a stick or frame",
    Mobility.WITH_HELP: "walks only with another person's help",
    Mobility.CANNOT_WALK: "cannot walk",
    Mobility.NOT_KNOWN: "not known",
}
_WORSENING = (Mobility.UNAIDED, Mobility.WITH_AID, Mobility.WITH_HELP, Mobility.CANNOT_WALK)

LIMBS: Mapping[str, str] = {
    "left_arm": "left arm",
    "right_arm": "right arm",
    "left_leg": "left leg",
    "right_leg": "right leg",
}
LEGS = ("left_leg", "right_leg")


@dataclass(frozen=True, slots=True)
class Neurology:
    """One examination. `power` is the weakest MRC grade (0 to 5) per limb of LIMBS; a limb that
    was not examined is left out. `sensory_level` is free text such as "T10". Bladder, bowel and
    sensation are YES when there is a problem."""

    mobility: Mobility = Mobility.NOT_KNOWN
    power: Mapping[str, int] = field(default_factory=dict)
    bladder: Answer = Answer.NOT_KNOWN
    bowel: Answer = Answer.NOT_KNOWN
    sensation: Answer = Answer.NOT_KNOWN
    complete_paralysis: Answer = Answer.NOT_KNOWN
    sensory_level: str = ""

    def __post_init__(self) -> None:
        for limb, grade in self.power.items():
            if limb not in LIMBS or isinstance(grade, bool) or grade not in range(6):
                raise ValueError("Power is a grade from 0 to 5 for an arm or a leg.")

    @property
    def has_deficit(self) -> bool:
        """A deficit that nobody overlooks: a weak limb, a bladder or bowel problem, not walking."""
        return (
            any(grade < 5 for grade in self.power.values())
            or self.mobility is Mobility.CANNOT_WALK
            or Answer.YES in (self.bladder, self.bowel, self.complete_paralysis)
        )

    @property
    def has_sensory_level(self) -> bool:
        """Whether a level was given: "T10", but not "none" or "intact"."""
        return any(sign.isdigit() for sign in self.sensory_level)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two answers that do not fit: `code` is what a confirmation is stored under."""

    code: str
    field: str
    sentence: str


def deteriorated(before: Neurology, after: Neurology) -> tuple[str, ...]:
    """What is worse in the later examination, in words; empty when nothing is known to be.

    Only two known values are compared: something newly examined has not deteriorated, except
    that a problem now found where "no" was recorded is new.
    """
    return tuple(_worse(before, after))


def _worse(before: Neurology, after: Neurology) -> Iterator[str]:
    if Mobility.NOT_KNOWN not in (before.mobility, after.mobility):
        if _WORSENING.index(after.mobility) > _WORSENING.index(before.mobility):
            yield f"Walking is worse: {before.mobility.label} before, {after.mobility.label} now."
    for limb, name in LIMBS.items():
        was, now = before.power.get(limb), after.power.get(limb)
        if was is not None and now is not None and now < was:
            yield f"Power of the {name} fell from {was} to {now}."
    for attribute, words in (
        ("bladder", "A bladder problem is new."),
        ("bowel", "A bowel problem is new."),
        ("sensation", "Loss of feeling is new."),
        ("complete_paralysis", "Complete paralysis is new."),
    ):
        if getattr(before, attribute) is Answer.NO and getattr(after, attribute) is Answer.YES:
            yield words
    lower, higher = _height(before.sensory_level), _height(after.sensory_level)
    if lower is not None and higher is not None and higher < lower:
        yield f"The sensory level rose from {before.sensory_level} to {after.sensory_level}."


def _height(level: str) -> tuple[int, int] | None:
    """How high a sensory level lies, the neck lowest in number; None for what names no level."""
    try:
        read = level_of(level)
    except InputError:
        return None
    return ("CTLS".index(read[0]), int(read[1:])) if read[:1] in tuple("CTLS") else None


def contradictions(
    presentation: Presentation,
    neurology: Neurology | None = None,
    *,
    at: datetime,
    metastases_known: Answer = Answer.NOT_KNOWN,
) -> tuple[Contradiction, ...]:
    """Answers that do not fit together and need a yes from the person typing (soft stops).

    `at` is the moment of asking, an aware time; an onset after it cannot be right.
    """
    examined = neurology or Neurology()
    return (
        *_mobility_against_power(examined),
        *_findings_against_examination(presentation, examined),
        *_history(presentation, metastases_known, at),
    )


def _mobility_against_power(seen: Neurology) -> Iterator[Contradiction]:
    walks = seen.mobility in (Mobility.UNAIDED, Mobility.WITH_AID)
    paralysed = seen.complete_paralysis is Answer.YES
    legs = [seen.power[leg] for leg in LEGS if leg in seen.power]
    if walks and paralysed:
        yield Contradiction(
            "walks-paralysed",
            "mobility",
            f"Check mobility: the person {seen.mobility.label}, and is completely paralysed.",
        )
    if walks and legs and min(legs) <= 1:
        yield Contradiction(
            "walks-no-power",
            "mobility",
            f"Check mobility: the person {seen.mobility.label}, and leg power is {min(legs)}.",
        )
    if paralysed and legs and max(legs) >= 1:
        yield Contradiction(
            "paralysed-with-power",
            "complete_paralysis",
            f"Check paralysis: it is recorded as complete, and leg power is {max(legs)}.",
        )


def _findings_against_examination(told: Presentation, seen: Neurology) -> Iterator[Contradiction]:
    weak = [LIMBS[limb] for limb, grade in seen.power.items() if grade < 5]
    paralysed = seen.complete_paralysis is Answer.YES
    checks = (
        ("gait", seen.mobility is Mobility.CANNOT_WALK, "the person cannot walk"),
        ("gait", seen.mobility is Mobility.WITH_HELP, f"the person {seen.mobility.label}"),
        ("gait", paralysed, "the person is completely paralysed"),
        ("limb_weakness", paralysed, "the person is completely paralysed"),
        ("limb_weakness", bool(weak), f"power is reduced in the {', '.join(weak)}"),
        ("bladder_bowel", seen.bladder is Answer.YES, "a bladder problem was found"),
        ("bladder_bowel", seen.bowel is Answer.YES, "a bowel problem was found"),
        ("sensory", seen.sensation is Answer.YES, "loss of feeling was found"),
        ("sensory", seen.has_sensory_level, f"there is a sensory level at {seen.sensory_level}"),
    )
    for item, found, words in checks:
        if found and told.answer(item) is Answer.NO:
            yield Contradiction(
                f"{item}-no-but-found",
                item,
                f"Check {BY_ID[item].label}: you said no, and {words}.",
            )


def _history(told: Presentation, metastases_known: Answer, at: datetime) -> Iterator[Contradiction]:
    if told.cancer is CancerStatus.NONE and metastases_known is Answer.YES:
        yield Contradiction(
            "metastases-no-cancer",
            "cancer",
            "Check cancer: you said there is none, and that spinal metastases are known.",
        )
    for finding in told.findings:
        if finding.onset is not None and _after(finding.onset, at):
            yield Contradiction(
                f"{finding.item}-onset-future",
                finding.item,
                f"Check when {BY_ID[finding.item].label} began: that time has not come yet.",
            )


def _after(onset: date | datetime, at: datetime) -> bool:
    if isinstance(onset, datetime):
        return onset > at
    # A day is a day in London: just after midnight BST it is still yesterday in UTC.
    return onset > at.astimezone(LONDON).date()
