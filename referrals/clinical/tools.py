"""The scoring tools as they are filled in: answers by name in, what they come to out.

A stored score is its answers and this reading, so that it can be drawn again years later in the
words and the version it was made with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from referrals.clinical import prognosis, scales, stability
from referrals.clinical.facts import Primary
from referrals.clinical.presentation import Answer
from referrals.clinical.scored import (
    Alignment,
    Bone,
    Collapse,
    Escc,
    Extraspinal,
    Frankel,
    Lesion,
    LoadPain,
    Organs,
    Posterior,
    SacralExam,
    Scored,
    Vertebral,
)
from referrals.clinical.scores import UNKNOWN, Total

Answers = Mapping[str, str]


class Tool(StrEnum):
    """A tool, by the word it has in addresses and in the record."""

    SINS = "sins"
    TOKUHASHI = "tokuhashi"
    PERFORMANCE = "performance"
    FRANKEL = "frankel"
    AIS = "ais"
    ESCC = "escc"
    FRAILTY = "frailty"

    @property
    def label(self) -> str:
        """Its short name."""
        return _LABELS[self]

    @property
    def of_a_level(self) -> bool:
        """It is scored for one lesion or level, and another level has another score."""
        return self in (Tool.SINS, Tool.ESCC)

    @property
    def version(self) -> str:
        """The version of the table or scale."""
        return _VERSIONS[self]

    @property
    def numbers(self) -> tuple[str, ...]:
        """The recommendations behind it."""
        return _NUMBERS.get(self, ("1.9.3",))

    @property
    def decisive(self) -> bool:
        """One of the scoring systems of 1.9, which belong to a full clinical assessment."""
        return self in _NUMBERS


_LABELS = {
    Tool.SINS: "SINS",
    Tool.TOKUHASHI: "Revised Tokuhashi",
    Tool.PERFORMANCE: "Performance status and Karnofsky",
    Tool.FRANKEL: "Frankel grade",
    Tool.AIS: "AIS grade",
    Tool.ESCC: "ESCC grade",
    Tool.FRAILTY: "Clinical Frailty Scale",
}
_VERSIONS = {
    Tool.SINS: stability.TABLE.version,
    Tool.TOKUHASHI: prognosis.TABLE.version,
    Tool.PERFORMANCE: scales.PERFORMANCE_VERSION,
    Tool.FRANKEL: scales.FRANKEL_VERSION,
    Tool.AIS: scales.AIS_VERSION,
    Tool.ESCC: scales.ESCC_VERSION,
    Tool.FRAILTY: scales.FRAILTY_VERSION,
}
_NUMBERS = {
    Tool.SINS: ("1.9.1", "1.9.3", "1.4.4"),
    Tool.TOKUHASHI: ("1.9.2", "1.9.3"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the answers come to. `low` and `high` only where a tool has a number; `questions`
    would settle what is open; `remarks` are to be read with the result."""

    result: str
    low: int | None = None
    high: int | None = None
    questions: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Nothing is open."""
        return not self.questions


def read(tool: Tool, level: str, answers: Answers, *, age: int | None = None) -> Reading:
    """Work a tool out. `age` in years is read by the frailty scale only.

    InputError for a level nobody has; ValueError for an answer that the tool does not know.
    """
    return _READERS[tool](told(tool, level, answers), answers, age)


def told(tool: Tool, level: str, answers: Answers) -> Scored:
    """The same answers as facts, for the rules and for what does not fit together.

    The primary tumour is a fact of the disease and not in here.
    """

    def given(name: str) -> str:
        return answers.get(name) or UNKNOWN

    if tool is Tool.SINS:
        return Scored(lesions=(_lesion(level, given),))
    if tool is Tool.TOKUHASHI:
        return Scored(
            karnofsky=_number(answers, "karnofsky"),
            performance_status=_number(answers, "performance_status"),
            extraspinal=Extraspinal(given("extraspinal")),
            vertebral=Vertebral(given("vertebral")),
            organs=Organs(given("organs")),
            frankel=Frankel(given("frankel")),
        )
    if tool is Tool.PERFORMANCE:
        return Scored(
            karnofsky=_number(answers, "karnofsky"),
            performance_status=_number(answers, "performance_status"),
        )
    if tool is Tool.FRANKEL:
        return Scored(frankel=Frankel(given("frankel")))
    if tool is Tool.AIS:
        names = ("normal", "earlier_deficit", "sacral", "motor", "half")
        return Scored(sacral_exam=SacralExam(*(Answer(given(name)) for name in names)))
    if tool is Tool.ESCC:
        return Scored(escc=Escc(given("escc")), escc_level=level)
    return Scored(
        frailty=_number(answers, "frailty"), frailty_before=Answer(given("before_illness"))
    )


def _lesion(level: str, given: Callable[[str], str]) -> Lesion:
    return Lesion(
        level=level,
        pain=LoadPain(given("pain")),
        bone=Bone(given("bone")),
        alignment=Alignment(given("alignment")),
        collapse=Collapse(given("collapse")),
        posterior=Posterior(given("posterior")),
    )


def _number(answers: Answers, name: str) -> int | None:
    given = answers.get(name) or UNKNOWN
    return None if given == UNKNOWN else int(given)


def _sins(scored: Scored, answers: Answers, age: int | None) -> Reading:
    total = stability.sins(scored.lesions[0])
    return _of_total(f"SINS {total.number} of 18: {total.band}", total, tuple(_surgeon(total)))


def _surgeon(total: Total) -> Iterator[str]:
    """What the cuts of SINS ask for; what may still be reached is not waited for."""
    if total.low >= stability.UNSTABLE:
        yield stability.UNSTABLE_SPINE.text
    elif total.low >= stability.CONSULT:
        yield stability.CONSULTATION.text
    elif total.high >= stability.CONSULT:
        yield "It may be 7 or more: ask a spinal surgeon about stability, and find out the rest."
    if total.low < stability.UNSTABLE <= total.high:
        yield "It may be 13 or more, which stands for an unstable spine."


def _tokuhashi(scored: Scored, answers: Answers, age: int | None) -> Reading:
    asked = prognosis.asked_of(scored, Primary(answers.get("primary") or UNKNOWN))
    total = prognosis.tokuhashi(asked)
    remarks: tuple[str, ...] = (prognosis.ACCURACY,)
    if asked.haematological:
        remarks = (prognosis.NOT_LISTED, *remarks)
    if asked.karnofsky is None and asked.performance_status is not None:
        said = "Karnofsky is read off the performance status here."
        remarks = (f"{said} {scales.MAP_WARNING}", *remarks)
    return _of_total(f"Revised Tokuhashi {total.number} of 15: {total.band}", total, remarks)


def _of_total(result: str, total: Total, remarks: tuple[str, ...]) -> Reading:
    return Reading(result, total.low, total.high, total.questions, remarks)


def _performance(scored: Scored, answers: Answers, age: int | None) -> Reading:
    status, karnofsky = scored.performance_status, scored.karnofsky
    said = [f"Performance status {status}"] if status is not None else []
    said += [f"Karnofsky {karnofsky}"] if karnofsky is not None else []
    open_ones = () if said else ("What is the performance status, or Karnofsky?",)
    return Reading(", ".join(said) or "Performance status not known", questions=open_ones)


def _frankel(scored: Scored, answers: Answers, age: int | None) -> Reading:
    if scored.frankel is Frankel.UNKNOWN:
        return Reading("Frankel not known", questions=("What is the Frankel grade?",))
    return Reading(f"Frankel {scored.frankel}", remarks=(scales.NOT_FRANKEL,))


def _ais(scored: Scored, answers: Answers, age: int | None) -> Reading:
    grade = scales.ais(scored.sacral_exam)
    return Reading(grade.words, questions=grade.questions, remarks=(scales.NOT_FRANKEL,))


def _escc(scored: Scored, answers: Answers, age: int | None) -> Reading:
    remarks: tuple[str, ...] = ()
    if answers.get("axial_t2") != Answer.YES:
        remarks = ("The grade is read on axial T2 images at the worst level.",)
    if scored.escc is Escc.UNKNOWN:
        return Reading("ESCC not known", questions=("What is the ESCC grade?",), remarks=remarks)
    band = scales.escc_band(scored.escc)
    return Reading(f"ESCC {scored.escc}: {band}", remarks=remarks)


def _frailty(scored: Scored, answers: Answers, age: int | None) -> Reading:
    remarks: tuple[str, ...] = ()
    if age is not None and age < scales.FRAILTY_FROM_AGE:
        remarks = (
            f"The scale was validated from {scales.FRAILTY_FROM_AGE} years on; this person is "
            f"{age}. Nor is it for stable long-term disability.",
        )
    if scored.frailty is None:
        question = "How frail was the person two weeks before this illness?"
        return Reading("Frailty not known", questions=(question,), remarks=remarks)
    if scored.frailty_before is not Answer.YES:
        said = "Score frailty as it was two weeks before this illness."
        remarks = (said, *remarks)
    words = scales.FRAILTY[scored.frailty]
    result = f"Clinical Frailty Scale {scored.frailty}: {words[0].lower()}{words[1:]}"
    return Reading(result, scored.frailty, scored.frailty, remarks=remarks)


_READERS = {
    Tool.SINS: _sins,
    Tool.TOKUHASHI: _tokuhashi,
    Tool.PERFORMANCE: _performance,
    Tool.FRANKEL: _frankel,
    Tool.AIS: _ais,
    Tool.ESCC: _escc,
    Tool.FRAILTY: _frailty,
}
