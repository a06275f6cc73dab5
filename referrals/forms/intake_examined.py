"""How the person gets about, pain, and what an examination found. "Not examined" is fine."""

from collections.abc import Mapping
from typing import Any

from django import forms

from referrals.clinical.neurology import LIMBS, Mobility, Neurology
from referrals.clinical.presentation import Answer
from referrals.forms.base import Form
from referrals.forms.fields import RadioField, TextField, ThreeWayField, WhenField

MOBILITY_CHOICES = [(each.value, each.label.capitalize()) for each in Mobility]
GRADES = [
    ("", "Not examined"),
    ("5", "5: normal"),
    ("4", "4: moves against resistance"),
    ("3", "3: moves against gravity only"),
    ("2", "2: moves with gravity eliminated"),
    ("1", "1: a flicker"),
    ("0", "0: nothing"),
]
SEVERITIES = [("", "Not scored"), *((str(score), str(score)) for score in range(11))]
_SEVERITY_WORDS = {"0": "0: no pain", "10": "10: the worst there is"}

THREE_WAY = (
    "complete_paralysis",
    "sensation_loss",
    "perianal_sensation_reduced",
    "bladder_problem",
    "bowel_problem",
    "catheter",
)


def mobility_field() -> RadioField:
    """How the person gets about now: one of the few things nobody can wait for."""
    return RadioField(
        label="How does the person get about now?",
        choices=MOBILITY_CHOICES,
        error_messages={"required": "Say how the person gets about now."},
    )


def severity_field() -> forms.ChoiceField:
    """Pain as people score it, 0 to 10 (1.7.2)."""
    choices = [(value, _SEVERITY_WORDS.get(value, words)) for value, words in SEVERITIES]
    return forms.ChoiceField(
        label="How bad is the pain, from 0 to 10?", choices=choices, required=False
    )


def power_field(limb: str) -> forms.ChoiceField:
    """The weakest MRC grade of one arm or leg."""
    label = f"Weakest movement of the {LIMBS[limb]}"
    return forms.ChoiceField(label=label, choices=GRADES, required=False)


def scale_field(label: str, words: Mapping[int, str]) -> forms.ChoiceField:
    """A grade of a clinical scale, in the words that the scale has everywhere."""
    choices = [("", "Not assessed"), *((str(n), f"{n}: {said}") for n, said in words.items())]
    return forms.ChoiceField(label=label, choices=choices, required=False)


class ExaminedForm(Form):
    mobility = mobility_field()
    complete_paralysis = ThreeWayField(
        label="Is the person completely paralysed below some level?", required=False
    )
    last_walked = TextField(
        label="When did the person last walk unaided?",
        help_text="In words, for example yesterday morning",
        max_length=120,
        required=False,
    )
    severity = severity_field()
    site = TextField(label="Where is the pain?", max_length=200, required=False)
    on_movement = ThreeWayField(label="Does movement bring the pain on?", required=False)
    power_right_leg = power_field("right_leg")
    power_left_leg = power_field("left_leg")
    power_right_arm = power_field("right_arm")
    power_left_arm = power_field("left_arm")
    sensation_loss = ThreeWayField(label="Is feeling lost or reduced anywhere?", required=False)
    sensory_level = TextField(
        label="Down from which level?",
        help_text="For example T10, or the navel",
        width=10,
        max_length=40,
        required=False,
    )
    perianal_sensation_reduced = ThreeWayField(
        label="Is feeling around the back passage reduced?", required=False
    )
    bladder_problem = ThreeWayField(label="Is there a bladder problem?", required=False)
    bowel_problem = ThreeWayField(label="Is there a bowel problem?", required=False)
    catheter = ThreeWayField(label="Is there a urinary catheter?", required=False)
    examined_at = WhenField(
        label="When was this examined?", what="The time of the examination", required=False
    )
    sections = [
        ("Getting about", ["mobility", "complete_paralysis", "last_walked"]),
        ("Pain", ["severity", "site", "on_movement"]),
        (
            "Strength, if somebody examined it (MRC grade)",
            [f"power_{limb}" for limb in ("right_leg", "left_leg", "right_arm", "left_arm")],
        ),
        (
            "Feeling, bladder and bowel",
            [*("sensation_loss", "sensory_level", "perianal_sensation_reduced"), *THREE_WAY[3:]],
        ),
        ("", ["examined_at"]),
    ]


def neurology_columns(cleaned: dict[str, Any]) -> dict[str, Any]:
    """The columns of a NeurologicalAssessment; empty when the page was not answered."""
    if not cleaned.get("mobility"):
        return {}
    columns: dict[str, Any] = {
        "mobility": cleaned["mobility"],
        "last_walked": cleaned.get("last_walked") or "",
        "sensory_level": cleaned.get("sensory_level") or "",
        **{name: answer_of(cleaned, name) for name in THREE_WAY},
        **{f"power_{limb}": number_of(cleaned, f"power_{limb}") for limb in LIMBS},
    }
    if cleaned.get("examined_at"):
        columns["occurred_at"] = cleaned["examined_at"]
    return columns


def neurology_of(columns: dict[str, Any]) -> Neurology:
    """The same columns as facts, to be asked about (neurology.contradictions)."""
    graded = {limb: columns.get(f"power_{limb}") for limb in LIMBS}
    return Neurology(
        mobility=Mobility(columns.get("mobility", Mobility.NOT_KNOWN)),
        power={limb: grade for limb, grade in graded.items() if grade is not None},
        bladder=Answer(columns.get("bladder_problem", Answer.NOT_KNOWN)),
        bowel=Answer(columns.get("bowel_problem", Answer.NOT_KNOWN)),
        sensation=Answer(columns.get("sensation_loss", Answer.NOT_KNOWN)),
        complete_paralysis=Answer(columns.get("complete_paralysis", Answer.NOT_KNOWN)),
        sensory_level=columns.get("sensory_level", ""),
    )


def pain_columns(cleaned: dict[str, Any]) -> dict[str, Any]:
    """The columns of a PainAssessment; empty when nothing was said of pain."""
    columns = {
        "severity": number_of(cleaned, "severity"),
        "site": cleaned.get("site") or "",
        "on_movement": answer_of(cleaned, "on_movement"),
    }
    told = columns["severity"] is not None or columns["site"]
    return columns if told or columns["on_movement"] != "not_known" else {}


def answer_of(cleaned: dict[str, Any], name: str) -> str:
    """A three-way answer as its column: `not_known` for silence. Radio buttons do, too."""
    told = cleaned.get(name)
    if isinstance(told, dict):
        told = told["answer"]
    return str(told or Answer.NOT_KNOWN.value)


def number_of(cleaned: dict[str, Any], name: str) -> int | None:
    """A chosen grade as a number, None for "not examined"."""
    chosen = cleaned.get(name)
    return None if chosen in (None, "") else int(chosen)
