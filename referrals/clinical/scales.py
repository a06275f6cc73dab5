"""Scales that grade a person and do not add up: performance status and Karnofsky, Frankel, AIS,
epidural compression (ESCC) and frailty; and which answers about one person do not fit together.

Each describes; none of them decides (NG234 1.9.3). The sources and traps are named where they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from referrals.clinical.facts import Facts
from referrals.clinical.library import Strength
from referrals.clinical.neurology import LEGS, Contradiction, Mobility, Neurology
from referrals.clinical.presentation import Answer
from referrals.clinical.reasoning import LOCAL, Conclusion, Known, Rule
from referrals.clinical.scored import Escc, Frankel, SacralExam, Scored

_YES, _NO, _NOT_KNOWN = Answer.YES, Answer.NO, Answer.NOT_KNOWN

PERFORMANCE_VERSION = "WHO/ECOG 0 to 4; Karnofsky 10 to 100"
PERFORMANCE: Mapping[int, str] = {
    0: "Fully active, as before the illness",
    1: "No heavy work; walks, and can do light work",
    2: "Up more than half the day; cares for self, cannot work",
    3: "In bed or chair more than half the day; limited self-care",
    4: "Always in bed or chair; cannot care for self",
}
KARNOFSKY: Mapping[int, str] = {
    100: "No complaint, no sign of disease",
    90: "Normal activity, minor symptoms",
    80: "Normal activity with effort",
    70: "Cares for self, no normal activity or work",
    60: "Needs help now and then, mostly cares for self",
    50: "Needs much help and frequent medical care",
    40: "Disabled, needs special care",
    30: "Severely disabled, hospital care, not dying now",
    20: "Very ill, needs active support in hospital",
    10: "Dying",
}
# The common map. Others draw it differently, and none is formally established.
_KARNOFSKY_OF = {0: (90, 100), 1: (70, 80), 2: (50, 60), 3: (30, 40), 4: (10, 20)}
MAP_WARNING = (
    "There is no agreed table between the two: this is the most common one, and another puts "
    "Karnofsky 80 and 90 at performance status 1."
)

FRANKEL_VERSION = "Frankel 1969, grades A to E"
FRANKEL: Mapping[Frankel, str] = {
    Frankel.A: "Complete: no feeling and no power below the level",
    Frankel.B: "Feeling only, no power",
    Frankel.C: "Power of no practical use",
    Frankel.D: "Useful power: moves the legs; many walk, with or without aids",
    Frankel.E: "No weakness, loss of feeling or sphincter trouble; reflexes may differ",
}

AIS_VERSION = "ASIA impairment scale, grades A to E"
AIS: Mapping[str, str] = {
    "A": "Complete: nothing preserved at S4 to S5",
    "B": "Feeling preserved, S4 to S5 included; no power",
    "C": "Power preserved below the level; more than half of the key muscles under grade 3",
    "D": "Power preserved below the level; at least half of the key muscles grade 3 or more",
    "E": "Normal again, after an earlier deficit",
}
NOT_FRANKEL = (
    "AIS and Frankel are not interchangeable: the Tokuhashi score wants Frankel, and AIS A needs "
    "the sacral examination."
)

ESCC_VERSION = "Bilsky ESCC, 0 to 3"
ESCC: Mapping[Escc, str] = {
    Escc.ZERO: "In bone only",
    Escc.ONE_A: "Epidural, the thecal sac not deformed",
    Escc.ONE_B: "The thecal sac deformed, the cord not touched",
    Escc.ONE_C: "The thecal sac deformed and the cord touched, not compressed",
    Escc.TWO: "The cord compressed, CSF still seen around it",
    Escc.THREE: "The cord compressed, no CSF seen around it",
}
_ESCC_BANDS = {
    **dict.fromkeys((Escc.ZERO, Escc.ONE_A, Escc.ONE_B), "low grade"),
    Escc.ONE_C: "between low and high grade",
    **dict.fromkeys((Escc.TWO, Escc.THREE), "high grade"),
}

FRAILTY_VERSION = "Clinical Frailty Scale, 1 to 9"
FRAILTY: Mapping[int, str] = {
    1: "Very fit",
    2: "Fit",
    3: "Managing well",
    4: "Living with very mild frailty",
    5: "Living with mild frailty",
    6: "Living with moderate frailty",
    7: "Living with severe frailty",
    8: "Living with very severe frailty",
    9: "Terminally ill",
}
FRAILTY_FROM_AGE = 65

CHECK = Rule(
    "scales.check",
    "Two answers do not fit together: look again.",
    Strength.ENSURE,
    (f"{LOCAL}answers that do not fit", "1.9.3"),
)
HIGH_GRADE = Rule(
    "scales.high_grade",
    "Epidural compression is high grade (ESCC 2 or 3): weigh it with spinal surgery and oncology, "
    "beside neurology, stability and the person's state.",
    Strength.BE_AWARE,
    (f"{LOCAL}{ESCC_VERSION}", "1.9.3"),
)
SACRAL = Rule(
    "scales.sacral_examination",
    "Examine S4 to S5 before calling a lesion complete: AIS A cannot be given without it.",
    Strength.ENSURE,
    (f"{LOCAL}{AIS_VERSION}",),
)
RULES = (CHECK, HIGH_GRADE, SACRAL)


def karnofsky_from(performance_status: int) -> tuple[int, int]:
    """The least and the most Karnofsky of a performance status 0 to 4, by the common map.

    1 gives 70 to 80, on both sides of a cut of the Tokuhashi score: ask for Karnofsky itself.
    """
    return _KARNOFSKY_OF[performance_status]


def performance_from(karnofsky: int) -> int:
    """The performance status of a Karnofsky of 10 to 100, by the common map."""
    return next(ps for ps, (low, high) in _KARNOFSKY_OF.items() if low <= karnofsky <= high)


class AisGrade(NamedTuple):
    """Every AIS grade that can still be right, and what would settle it. No grade at all: normal
    now and never otherwise, which strict AIS does not grade."""

    grades: tuple[str, ...]
    questions: tuple[str, ...]

    @property
    def words(self) -> str:
        """ "AIS D", "AIS A or B, not settled"."""
        if not self.grades:
            return "No AIS grade: normal, and no earlier deficit"
        if len(self.grades) == 1 and not self.questions:
            return f"AIS {self.grades[0]}"
        return f"AIS {' or '.join(self.grades)}, not settled"


_NORMAL = "Are feeling and power normal throughout?"
_EARLIER = "Was there a deficit earlier? Grade E is only for those who had one."
_SACRAL = "At S4 to S5: is there any feeling, deep anal pressure or voluntary contraction?"
_MOTOR = "Is any power preserved below the level?"
_HALF = "Are at least half of the key muscles below the level grade 3 or more?"


def ais(seen: SacralExam) -> AisGrade:
    """The AIS grade, or those still possible while something was not examined.

    A: nothing at S4-S5, which therefore must have been examined. B: feeling but no power. C and
    D: power, divided by whether half of the key muscles reach grade 3. E: normal after a deficit.
    """
    if seen.normal is _YES:
        if seen.earlier_deficit is _NOT_KNOWN:
            return AisGrade(("E",), (_EARLIER,))
        return AisGrade(("E",) if seen.earlier_deficit is _YES else (), ())
    grades, questions = _impaired(seen)
    # Something that is lost answers whether everything is normal.
    if seen.normal is _NOT_KNOWN and _NO not in (seen.sacral, seen.motor, seen.half):
        possible_e = ("E",) if seen.earlier_deficit is not _NO else ()
        return AisGrade((*grades, *possible_e), (_NORMAL, *questions))
    return AisGrade(grades, questions)


def _impaired(seen: SacralExam) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Grades A to D that fit, and the questions between them."""
    if seen.sacral is _NO:
        return ("A",), ()
    complete = ("A",) if seen.sacral is _NOT_KNOWN else ()
    ask: tuple[str, ...] = (_SACRAL,) if seen.sacral is _NOT_KNOWN else ()
    if seen.motor is _NO:
        return (*complete, "B"), ask
    with_power = {_YES: ("D",), _NO: ("C",), _NOT_KNOWN: ("C", "D")}[seen.half]
    ask += (_MOTOR,) if seen.motor is _NOT_KNOWN else ()
    ask += (_HALF,) if seen.half is _NOT_KNOWN else ()
    sensory = ("B",) if seen.motor is _NOT_KNOWN else ()
    return (*complete, *sensory, *with_power), ask


def escc_band(grade: Escc) -> str:
    """Low grade (0 to 1b), between (1c), high grade (2 and 3); empty for not known."""
    return _ESCC_BANDS.get(grade, "")


def cauda_equina(level: str) -> bool:
    """The cord has usually ended above this level: from L2 down."""
    return level[:1] == "S" or (level[:1] == "L" and int(level[1:]) >= 2)


def contradictions(scored: Scored, seen: Neurology) -> tuple[Contradiction, ...]:
    """Grades and findings that do not fit together: questions, because either may be right."""
    return (*_of_palsy(scored.frankel, seen), *_of_scales(scored, seen))


def _of_palsy(grade: Frankel, seen: Neurology) -> Iterator[Contradiction]:
    walks = seen.mobility in (Mobility.UNAIDED, Mobility.WITH_AID, Mobility.WITH_HELP)
    legs = [seen.power[leg] for leg in LEGS if leg in seen.power]
    if grade in (Frankel.A, Frankel.B, Frankel.C) and walks:
        yield Contradiction(
            "frankel-walks",
            "frankel",
            f"Check Frankel {grade}: it means no useful power, and the person "
            f"{seen.mobility.label}.",
        )
    if grade in (Frankel.A, Frankel.B) and legs and max(legs) >= 1:
        yield Contradiction(
            "frankel-power",
            "frankel",
            f"Check Frankel {grade}: it means no power, and leg power is {max(legs)}.",
        )
    if grade in (Frankel.A, Frankel.B) and seen.complete_paralysis is _NO:
        yield Contradiction(
            "frankel-not-paralysed",
            "frankel",
            f"Check Frankel {grade}: it means no power, and paralysis is recorded as not complete.",
        )
    if grade in (Frankel.D, Frankel.E) and seen.complete_paralysis is _YES:
        yield Contradiction(
            "frankel-paralysed",
            "frankel",
            f"Check Frankel {grade}: the person is recorded as completely paralysed.",
        )
    if grade is Frankel.E:
        if legs and min(legs) < 5:
            yield Contradiction(
                "frankel-weak",
                "frankel",
                f"Check Frankel E: it means no weakness, and leg power is {min(legs)}.",
            )
        if _YES in (seen.bladder, seen.bowel, seen.sensation):
            yield Contradiction(
                "frankel-deficit",
                "frankel",
                "Check Frankel E: a sensory, bladder or bowel problem was found.",
            )


def _of_scales(scored: Scored, seen: Neurology) -> Iterator[Contradiction]:
    status, karnofsky = scored.performance_status, scored.karnofsky
    if status == 4 and seen.mobility is Mobility.UNAIDED:
        yield Contradiction(
            "performance-walks",
            "performance_status",
            "Check performance status 4: it means always in bed or chair, and the person walks "
            "without help.",
        )
    if status == 0 and seen.mobility is Mobility.CANNOT_WALK:
        yield Contradiction(
            "performance-cannot-walk",
            "performance_status",
            "Check performance status 0: it means fully active, and the person cannot walk.",
        )
    if status is not None and karnofsky is not None and performance_from(karnofsky) != status:
        low, high = karnofsky_from(status)
        yield Contradiction(
            "performance-karnofsky",
            "karnofsky",
            f"Check Karnofsky {karnofsky}: performance status {status} usually goes with {low} "
            f"to {high}. {MAP_WARNING}",
        )
    if scored.escc is not Escc.UNKNOWN and cauda_equina(scored.escc_level):
        yield Contradiction(
            "escc-level",
            "level",
            f"Check the level: at {scored.escc_level} there is usually no cord any more, and "
            "this scale is for the cord.",
        )
    levels = [lesion.level for lesion in scored.lesions if lesion.level]
    for level in dict.fromkeys(each for each in levels if levels.count(each) > 1):
        yield Contradiction(
            "lesion-twice",
            "lesions",
            f"Check the lesions: {level} is scored more than once, and a level has one score.",
        )
    if scored.frailty is not None and scored.frailty_before is _NO:
        yield Contradiction(
            "frailty-now",
            "before_illness",
            "Score frailty as it was two weeks before this illness: the weakness of now makes "
            "the scale read too high.",
        )
    yield from _of_sacral(scored.sacral_exam, seen)


def _of_sacral(exam: SacralExam, seen: Neurology) -> Iterator[Contradiction]:
    weak = any(grade < 5 for grade in seen.power.values())
    if exam.normal is _YES and (weak or seen.complete_paralysis is _YES):
        yield Contradiction(
            "ais-weak", "normal", "Check ‘normal’: the last examination found weakness."
        )
    if exam.normal is _YES and _NO in (exam.sacral, exam.motor, exam.half):
        yield Contradiction(
            "ais-normal", "normal", "Check ‘normal’: another answer says something is lost."
        )
    if exam.motor is _NO and exam.half is _YES:
        yield Contradiction(
            "ais-half", "half", "Check the key muscles: there is no power below the level."
        )
    if exam.sacral is _NO and exam.motor is _YES:
        yield Contradiction(
            "ais-spared",
            "sacral",
            "Check S4 to S5: power is preserved below the level, and nothing at S4 to S5. That "
            "is grade A with a zone of partial preservation.",
        )


def conclude(facts: Facts) -> tuple[Conclusion, ...]:
    """Answers that do not fit, high-grade compression, a grade that waits to be examined."""
    return tuple(_conclude(facts.scored, facts.neurology))


def _conclude(scored: Scored, seen: Neurology) -> Iterator[Conclusion]:
    if scored == _NOTHING:
        return
    for each in contradictions(scored, seen):
        yield from CHECK.when(Known(_YES, (each.sentence,)), each.sentence)
    if scored.escc in (Escc.TWO, Escc.THREE):
        yield from HIGH_GRADE.when(Known(_YES, (f"ESCC is {scored.escc}.",)))
    exam = scored.sacral_exam
    if exam != SacralExam() and "A" in ais(exam).grades and exam.sacral is _NOT_KNOWN:
        yield from SACRAL.when(Known(_YES, (f"{ais(exam).words}.",), (_SACRAL,)))


_NOTHING = Scored()
