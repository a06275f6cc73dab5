"""What was noticed about the person: every item of NG234's box 1, asked in plain words.

Three answers are possible and "not known" is one of them: it never counts as "no" (triage.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Answer(StrEnum):
    """An answer at a bedside. Silence is NOT_KNOWN."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"


class CancerStatus(StrEnum):
    """What is known of cancer in this person: NG234's rules turn on it (1.3.2 to 1.3.6)."""

    PAST_OR_CURRENT = "past_or_current"
    SUSPECTED = "suspected"
    NONE = "none"
    NOT_KNOWN = "not_known"


class Group(StrEnum):
    """The two lists of findings in box 1."""

    PAIN = "pain"
    CORD = "cord"


@dataclass(frozen=True, slots=True)
class Item:
    """One finding of box 1: `question` for a nurse, `label` for a sentence, `hint` for doubt."""

    id: str
    group: Group
    label: str
    question: str
    hint: str = ""


CANCER_QUESTION = "Does the person have cancer now, or have they ever had it?"

_P, _C = Group.PAIN, Group.CORD
ITEMS: tuple[Item, ...] = (
    Item(
        "severe_unremitting",
        _P,
        "severe back pain that does not let up",
        "Is there severe back pain that does not let up?",
        "Back means anywhere from neck to tailbone.",
    ),
    Item("progressive", _P, "back pain that is getting worse", "Is the back pain getting worse?"),
    Item(
        "mechanical",
        _P,
        "pain on standing, sitting or moving",
        "Does standing, sitting or moving make the pain worse?",
        "It often eases when lying still.",
    ),
    Item(
        "straining",
        _P,
        "back pain on straining",
        "Does straining make the back pain worse?",
        "For example a cough, a sneeze, or opening the bowels.",
    ),
    Item(
        "night",
        _P,
        "back pain that disturbs sleep",
        "Does back pain at night keep the person from sleeping?",
    ),
    Item(
        "tenderness",
        _P,
        "a tender spot over the spine",
        "Is one place on the spine tender to touch?",
    ),
    Item(
        "claudication",
        _P,
        "leg pain or cramp on walking",
        "Do the legs ache or cramp when walking or exercising?",
    ),
    Item(
        "bladder_bowel",
        _C,
        "a bladder or bowel problem",
        "Is there a new bladder or bowel problem?",
        "Cannot pass urine, leaks, has lost the urge, or has new constipation or soiling.",
    ),
    Item(
        "gait",
        _C,
        "trouble walking",
        "Is walking difficult or unsteady?",
        "Include falls, heavy legs, and not managing stairs as before.",
    ),
    Item(
        "limb_weakness",
        _C,
        "weakness of an arm or leg",
        "Is an arm or a leg weak?",
        "Compare the sides. Slight weakness counts.",
    ),
    Item(
        "neurological_signs",
        _C,
        "signs of cord or cauda equina compression on examination",
        "Does an examination show that the cord or cauda equina is compressed?",
        "For example brisk or lost reflexes, upgoing toes, less feeling around the back passage. "
        "Answer not known if nobody has examined the person.",
    ),
    Item(
        "sensory",
        _C,
        "numbness, tingling or loss of feeling",
        "Is there numbness, tingling or loss of feeling?",
        "In the limbs, the trunk, or between the legs.",
    ),
    Item(
        "radicular",
        _C,
        "pain that shoots along a nerve",
        "Does pain shoot down an arm or leg, or round the body like a band?",
    ),
)
BY_ID: Mapping[str, Item] = {item.id: item for item in ITEMS}
PAIN_ITEMS = tuple(item for item in ITEMS if item.group is Group.PAIN)
CORD_ITEMS = tuple(item for item in ITEMS if item.group is Group.CORD)


class PresentationError(ValueError):
    """What cannot be read as a presentation: `errors` maps a field to a sentence."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True)
class Finding:
    """One answered item. `onset` is when it began, as a day or an aware time, if known."""

    item: str
    answer: Answer
    onset: date | datetime | None = None


@dataclass(frozen=True, slots=True)
class Presentation:
    """Cancer status and the answers to box 1. An item that was not answered is not known."""

    cancer: CancerStatus
    findings: tuple[Finding, ...] = field(default=())

    def answer(self, item: str) -> Answer:
        """The answer to one item of box 1; NOT_KNOWN when nobody answered it."""
        if item not in BY_ID:
            raise KeyError(item)
        for finding in self.findings:
            if finding.item == item:
                return finding.answer
        return Answer.NOT_KNOWN

    def answered(self, group: Group, answer: Answer) -> tuple[Item, ...]:
        """The items of one group that got this answer, in the order of box 1."""
        given = {finding.item: finding.answer for finding in self.findings}
        return tuple(
            item
            for item in ITEMS
            if item.group is group and given.get(item.id, Answer.NOT_KNOWN) is answer
        )

    def with_answer(self, item: str, answer: Answer, onset: date | None = None) -> Presentation:
        """The same presentation with one answer replaced."""
        others = tuple(each for each in self.findings if each.item != item)
        return Presentation(self.cancer, (*others, Finding(item, answer, onset)))

    def to_dict(self) -> dict[str, Any]:
        """The form in which a presentation is stored and sent; `read` is the way back."""
        return {
            "cancer": self.cancer.value,
            "findings": {
                each.item: {
                    "answer": each.answer.value,
                    "onset": each.onset.isoformat() if each.onset else None,
                }
                for each in self.findings
            },
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Presentation:
        """Read what `to_dict` wrote; PresentationError names every field that is wrong."""
        return read(data.get("cancer"), data.get("findings", {}))


def read(cancer: Any, findings: Any) -> Presentation:
    """Turn a cancer status and `{item: {answer, onset}}` into a Presentation (box 1, 1.3.1).

    Raises PresentationError with a sentence for every field that cannot be read.
    """
    errors: dict[str, str] = {}
    status = CancerStatus.NOT_KNOWN
    try:
        status = CancerStatus(cancer)
    except ValueError:
        errors["cancer"] = f"Cancer must be one of: {', '.join(CancerStatus)}."
    found: list[Finding] = []
    if not isinstance(findings, Mapping):
        errors["findings"] = "Findings must be a list of items with their answers."
        findings = {}
    for item, given in findings.items():
        try:
            found.append(_finding(item, given))
        except ValueError as wrong:
            errors[f"findings.{item}"] = str(wrong)
    if errors:
        raise PresentationError(errors)
    order = list(BY_ID)
    return Presentation(status, tuple(sorted(found, key=lambda each: order.index(each.item))))


def _finding(item: Any, given: Any) -> Finding:
    if item not in BY_ID:
        raise ValueError("This is not one of the items that are asked about.")
    if not isinstance(given, Mapping):
        raise ValueError("Give an answer: yes, no or not_known.")
    if unknown := sorted(str(key) for key in given if key not in ("answer", "onset")):
        raise ValueError(f"There is no field {', '.join(unknown)} here.")
    try:
        answer = Answer(given["answer"])
    except (KeyError, ValueError):
        raise ValueError("Answer yes, no or not_known.") from None
    onset = _onset(given.get("onset"))
    if onset is not None and answer is not Answer.YES:
        raise ValueError("Only a finding that is there has an onset. Check the answer.")
    return Finding(item, answer, onset)


def _onset(given: Any) -> date | datetime | None:
    if given is None or given == "":
        return None
    wrong = "Give the day it began as 2026-11-21, or the time with its offset."
    if not isinstance(given, str):
        raise ValueError(wrong)
    try:
        if len(given) == len("2026-11-21"):
            return date.fromisoformat(given)
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise ValueError(wrong) from None
    if moment.tzinfo is None:
        raise ValueError("Time must include an offset, e.g. 2027-03-28T01:30:00Z.")
    return moment
