"""The revised Tokuhashi score of 2005, 0 to 15 (NG234 1.9.2, 1.9.3).

It estimates survival and is often wrong; the clinicians' own judgement of prognosis is another
fact (`facts.Disease.prognosis`), and no score ever sets it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from referrals.clinical import treating
from referrals.clinical.facts import Facts, Haematology, Primary
from referrals.clinical.library import Strength
from referrals.clinical.presentation import Answer
from referrals.clinical.reasoning import LOCAL, Conclusion, Known, Rule
from referrals.clinical.scales import karnofsky_from
from referrals.clinical.scored import Extraspinal, Frankel, Organs, Scored, Vertebral
from referrals.clinical.scores import UNKNOWN, Total, table
from referrals.clinical.steroid_facts import haematology

TABLE = table("tokuhashi")
ACCURACY = (
    "In a series of 90 people the estimate was right for 63% of the lowest, 16% of the middle "
    "and 77% of the highest band."
)
NOT_LISTED = (
    "Lymphoma and myeloma are not in the table and count with the others here. The score was not "
    "made for them: ask haematology about the prognosis."
)
_HAEMATOLOGICAL = (Primary.LYMPHOMA, Primary.MYELOMA)
_SOURCE = f"{LOCAL}{TABLE.version}, as published"

CONSIDER = Rule(
    "prognosis.consider",
    "Consider a validated prognostic score such as the revised Tokuhashi, beside known prognostic "
    "factors such as other illnesses.",
    Strength.CONSIDER,
    ("1.9.2", "1.9.3"),
)
ESTIMATE = Rule(
    "prognosis.estimate",
    "Read the revised Tokuhashi score beside other prognostic factors.",
    Strength.CONSIDER,
    ("1.9.2", _SOURCE),
)
HAEMATOLOGICAL = Rule(
    "prognosis.haematological",
    NOT_LISTED,
    Strength.BE_AWARE,
    ("1.9.2", _SOURCE),
)
SUPPORTS = Rule(
    "prognosis.supports",
    "Use a prognostic score only as part of a full clinical assessment (general health, pain, "
    f"imaging), and in the talk with the person and family. {ACCURACY}",
    Strength.ENSURE,
    ("1.9.3",),
)
RULES = (CONSIDER, ESTIMATE, HAEMATOLOGICAL, SUPPORTS)


@dataclass(frozen=True, slots=True)
class Tokuhashi:
    """The six answers. `karnofsky` is 10 to 100; while it is None, `performance_status` (0 to 4)
    stands for it under the common map."""

    karnofsky: int | None = None
    performance_status: int | None = None
    extraspinal: Extraspinal = Extraspinal.UNKNOWN
    vertebral: Vertebral = Vertebral.UNKNOWN
    organs: Organs = Organs.UNKNOWN
    primary: Primary = Primary.NOT_KNOWN
    palsy: Frankel = Frankel.UNKNOWN

    @property
    def haematological(self) -> bool:
        """The primary is one that the table does not list."""
        return self.primary in _HAEMATOLOGICAL


def tokuhashi(asked: Tokuhashi) -> Total:
    """The revised Tokuhashi score, 0 to 15, or its range while something is not known.

    0 to 8 less than 6 months, 9 to 11 six months or more, 12 to 15 a year or more. Performance
    status 1 alone is Karnofsky 70 or 80, on both sides of a cut: it leaves a point open.
    """
    return TABLE.add_up(answers_of(asked))


def answers_of(asked: Tokuhashi) -> dict[str, str]:
    """The six answers, as the table and a stored score name them."""
    return {
        "general": _general(asked.karnofsky, asked.performance_status),
        "extraspinal": asked.extraspinal.value,
        "vertebral": asked.vertebral.value,
        "organs": asked.organs.value,
        "primary": asked.primary.value,
        "palsy": asked.palsy.value,
    }


def _general(karnofsky: int | None, performance_status: int | None) -> str:
    if karnofsky is not None:
        low = high = karnofsky
    elif performance_status is not None:
        low, high = karnofsky_from(performance_status)
    else:
        return UNKNOWN
    if high <= 40:
        return "10_to_40"
    if high <= 70:
        return "50_to_70"
    return "80_to_100" if low >= 80 else "70_to_80"


def asked_of(scored: Scored, primary: Primary) -> Tokuhashi:
    """The answers of the score, from what was told to the tools and the disease itself."""
    return Tokuhashi(
        karnofsky=scored.karnofsky,
        performance_status=scored.performance_status,
        extraspinal=scored.extraspinal,
        vertebral=scored.vertebral,
        organs=scored.organs,
        primary=primary,
        palsy=scored.frankel,
    )


_IF_CONCERNED = "there may be spinal metastases or MSCC"


def conclude(facts: Facts) -> tuple[Conclusion, ...]:
    """What the score comes to once somebody has counted metastases; before, that it could help."""
    scored = facts.scored
    if (
        scored.extraspinal is Extraspinal.UNKNOWN
        and scored.vertebral is Vertebral.UNKNOWN
        and scored.organs is Organs.UNKNOWN
    ):
        return tuple(treating.said(CONSIDER, facts.concerned, _IF_CONCERNED))
    return tuple(_of(asked_of(scored, facts.disease.primary), haematology(facts)))


def _of(asked: Tokuhashi, blood: Haematology) -> Iterator[Conclusion]:
    total = tokuhashi(asked)
    said = f"Revised Tokuhashi is {total.number} of 15: {total.band}."
    yield from ESTIMATE.when(Known(Answer.YES, (said,), total.questions), said)
    if blood in (Haematology.CONFIRMED, Haematology.SUSPECTED):
        said_of = f"A haematological malignancy is {blood.value}."
        yield from HAEMATOLOGICAL.when(Known(Answer.YES, (said_of,)))
    yield from SUPPORTS.when(Known(Answer.YES, (said,)))
