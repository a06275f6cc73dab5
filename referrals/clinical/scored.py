"""What the scoring tools ask, as values: every question can be answered with "not known".

Nothing here adds up. The points and the words are data (scores.toml); `stability`, `prognosis`
and `scales` work out what the answers come to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from referrals.clinical.presentation import Answer
from referrals.clinical.text import InputError

PERFORMANCE = range(5)
KARNOFSKY = range(10, 101, 10)
FRAILTY = range(1, 10)


class Location(StrEnum):
    """Where a lesion lies, as SINS divides the spine; it follows from the level."""

    JUNCTIONAL = "junctional"
    MOBILE = "mobile"
    SEMI_RIGID = "semi_rigid"
    RIGID = "rigid"
    UNKNOWN = "not_known"


class LoadPain(StrEnum):
    """Pain as SINS asks for it: better lying down, worse on movement or loading."""

    MECHANICAL = "mechanical"
    OCCASIONAL = "occasional"
    NONE = "none"
    UNKNOWN = "not_known"


class Bone(StrEnum):
    """What the lesion does to the bone."""

    LYTIC = "lytic"
    MIXED = "mixed"
    BLASTIC = "blastic"
    UNKNOWN = "not_known"


class Alignment(StrEnum):
    """How the spine stands on imaging."""

    TRANSLATION = "translation"
    DEFORMITY = "deformity"
    NORMAL = "normal"
    UNKNOWN = "not_known"


class Collapse(StrEnum):
    """Of the vertebral body. The table has more and less than half: at half it says nothing, so
    `HALF` counts as either until somebody has looked again."""

    OVER_HALF = "over_half"
    HALF = "half"
    UNDER_HALF = "under_half"
    INVOLVED = "involved"
    NONE = "none"
    UNKNOWN = "not_known"


class Posterior(StrEnum):
    """Fracture or tumour of facet, pedicle or costovertebral joint."""

    BILATERAL = "bilateral"
    UNILATERAL = "unilateral"
    NONE = "none"
    UNKNOWN = "not_known"


class Extraspinal(StrEnum):
    """Bone metastases outside the spine, by number."""

    NONE = "none"
    FEW = "1_to_2"
    MANY = "3_or_more"
    UNKNOWN = "not_known"

    @classmethod
    def of(cls, count: int) -> Extraspinal:
        """From a count, 0 or more."""
        return cls.NONE if count == 0 else cls.FEW if count <= 2 else cls.MANY


class Vertebral(StrEnum):
    """Vertebrae with metastases, by number. The score is for people who have at least one."""

    ONE = "1"
    TWO = "2"
    MANY = "3_or_more"
    UNKNOWN = "not_known"

    @classmethod
    def of(cls, count: int) -> Vertebral:
        """From a count, 1 or more."""
        return cls.ONE if count <= 1 else cls.TWO if count == 2 else cls.MANY


class Organs(StrEnum):
    """Metastases to the major internal organs."""

    NONE = "none"
    REMOVABLE = "removable"
    UNREMOVABLE = "unremovable"
    UNKNOWN = "not_known"


class Frankel(StrEnum):
    """Frankel's grade of palsy. It is not AIS: AIS A needs the sacral examination."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    UNKNOWN = "not_known"


class Escc(StrEnum):
    """Bilsky's epidural spinal cord compression, on axial T2 at the worst level."""

    ZERO = "0"
    ONE_A = "1a"
    ONE_B = "1b"
    ONE_C = "1c"
    TWO = "2"
    THREE = "3"
    UNKNOWN = "not_known"


_LAST = {"C": 7, "T": 12, "L": 5, "S": 5}
_REGIONS = {"C": "cervical", "T": "thoracic", "L": "lumbar", "S": "sacral"}
_LEVEL = re.compile(r"(C|TH|T|D|L|S)\s*0*([0-9]{1,2})")
_SEVERAL = re.compile(r"[-–/,;&+]|\bTO\b|\bAND\b")
_OCCIPUT = ("O", "C0", "OC", "OCCIPUT")


def level_of(text: str) -> str:
    """A level as it is stored: "T10" from "t10", "Th 10" or "D10"; "" when nothing is given.

    InputError, with what to type instead, for several levels at once and for a vertebra that
    nobody has.
    """
    typed = " ".join(text.split()).upper()
    if not typed or typed in _OCCIPUT:
        return "O" if typed else ""
    if _SEVERAL.search(typed):
        raise InputError(
            "level-several",
            "Give one level, for example T10. Each lesion is scored on its own, and levels are "
            "never added up.",
        )
    found = _LEVEL.fullmatch(typed)
    if found is None:
        raise InputError("level", "Give the level as a letter and a number, for example T10.")
    region, number = found[1][0].replace("D", "T"), int(found[2])
    if not 1 <= number <= _LAST[region]:
        raise InputError(
            "level-impossible",
            f"There is no {region}{number}: the {_REGIONS[region]} spine is {region}1 to "
            f"{region}{_LAST[region]}.",
        )
    return f"{region}{number}"


def location_of(level: str) -> Location:
    """SINS's location of a level as `level_of` gives it; UNKNOWN for no level."""
    if not level:
        return Location.UNKNOWN
    if level == "O":
        return Location.JUNCTIONAL
    region, number = level[0], int(level[1:])
    if region == "C":
        return Location.MOBILE if 3 <= number <= 6 else Location.JUNCTIONAL
    if region == "T":
        return Location.SEMI_RIGID if 3 <= number <= 10 else Location.JUNCTIONAL
    if region == "L":
        return Location.MOBILE if 2 <= number <= 4 else Location.JUNCTIONAL
    return Location.JUNCTIONAL if number == 1 else Location.RIGID


@dataclass(frozen=True, slots=True)
class Lesion:
    """One lesion as SINS asks about it. InputError when `level` cannot be."""

    level: str = ""
    pain: LoadPain = LoadPain.UNKNOWN
    bone: Bone = Bone.UNKNOWN
    alignment: Alignment = Alignment.UNKNOWN
    collapse: Collapse = Collapse.UNKNOWN
    posterior: Posterior = Posterior.UNKNOWN

    def __post_init__(self) -> None:
        object.__setattr__(self, "level", level_of(self.level))

    @property
    def location(self) -> Location:
        """The first component: from the level."""
        return location_of(self.level)


@dataclass(frozen=True, slots=True)
class SacralExam:
    """What the AIS grade turns on. `normal`: feeling and power normal throughout; `sacral`: any
    feeling or voluntary contraction at S4-S5, NOT_KNOWN until somebody has examined it;
    `motor`: power preserved below the level; `half`: at least half of the key muscles below the
    level are grade 3 or more."""

    normal: Answer = Answer.NOT_KNOWN
    earlier_deficit: Answer = Answer.NOT_KNOWN
    sacral: Answer = Answer.NOT_KNOWN
    motor: Answer = Answer.NOT_KNOWN
    half: Answer = Answer.NOT_KNOWN


@dataclass(frozen=True, slots=True)
class Scored:
    """What the scoring tools are told about one person. `performance_status` is WHO/ECOG 0 to 4,
    `karnofsky` 10 to 100 in tens, `frailty` the Clinical Frailty Scale 1 to 9 as the person was
    two weeks before this illness (`frailty_before`). InputError for a number off its scale."""

    lesions: tuple[Lesion, ...] = ()
    performance_status: int | None = None
    karnofsky: int | None = None
    extraspinal: Extraspinal = Extraspinal.UNKNOWN
    vertebral: Vertebral = Vertebral.UNKNOWN
    organs: Organs = Organs.UNKNOWN
    frankel: Frankel = Frankel.UNKNOWN
    sacral_exam: SacralExam = SacralExam()
    escc: Escc = Escc.UNKNOWN
    escc_level: str = ""
    frailty: int | None = None
    frailty_before: Answer = Answer.NOT_KNOWN

    def __post_init__(self) -> None:
        object.__setattr__(self, "escc_level", level_of(self.escc_level))
        for value, scale, sentence in (
            (self.performance_status, PERFORMANCE, "Performance status is 0 to 4."),
            (self.karnofsky, KARNOFSKY, "Karnofsky is 10 to 100, in tens."),
            (self.frailty, FRAILTY, "The Clinical Frailty Scale is 1 to 9."),
        ):
            if value is not None and (isinstance(value, bool) or value not in scale):
                raise InputError("scale", sentence)
