"""The key information of 1.1.15 under its seven headings: what is missing, and what cannot wait.

Facts come as one flat mapping, `section.field` to a value, for example
`{"neurology.mobility": "walks_with_aid", "cancer.primary_site": "Lung"}`. A value that is absent,
empty or `not_known` is unknown. `MINIMUM` is what safety needs before a referral can be sent; the
rest is chased, and never holds a referral up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from referrals.clinical.presentation import (
    CANCER_QUESTION,
    CORD_ITEMS,
    PAIN_ITEMS,
    Answer,
    CancerStatus,
    Presentation,
)

Facts = Mapping[str, object]


class Heading(StrEnum):
    """The seven headings of 1.1.15, and one before them for who and where the person is."""

    WHO_AND_WHERE = "who_and_where"
    CLINICAL_PRESENTATION = "clinical_presentation"
    NEUROLOGICAL_ASSESSMENT = "neurological_assessment"
    PERFORMANCE_STATUS = "performance_status"
    FRAILTY_ASSESSMENT = "frailty_assessment"
    INVESTIGATIONS = "investigations"
    ONCOLOGY_ASSESSMENT = "oncology_assessment"
    INDIVIDUAL_NEEDS = "individual_needs"

    @property
    def label(self) -> str:
        """The heading as a screen says it."""
        return _LABELS[self]


_LABELS = {
    Heading.WHO_AND_WHERE: "Who and where",
    Heading.CLINICAL_PRESENTATION: "Clinical presentation",
    Heading.NEUROLOGICAL_ASSESSMENT: "Neurological assessment",
    Heading.PERFORMANCE_STATUS: "Performance status",
    Heading.FRAILTY_ASSESSMENT: "Frailty",
    Heading.INVESTIGATIONS: "Investigations and imaging",
    Heading.ONCOLOGY_ASSESSMENT: "Cancer and its stage",
    Heading.INDIVIDUAL_NEEDS: "Needs, preferences and circumstances",
}


@dataclass(frozen=True, slots=True)
class KeyItem:
    """One thing to know: satisfied by any one of `facts`, or by every one with `every`."""

    heading: Heading
    id: str
    sentence: str
    facts: tuple[str, ...]
    safety: bool = False
    every: bool = False
    cancer_only: bool = False


@dataclass(frozen=True, slots=True)
class MissingItem:
    """What is still to find out, in a sentence that says how. `safety`: the minimum needs it."""

    heading: Heading
    id: str
    sentence: str
    safety: bool


_H = Heading
ITEMS: tuple[KeyItem, ...] = (
    KeyItem(
        _H.WHO_AND_WHERE, "name", "Enter the person's name.", ("person.family_name",), safety=True
    ),
    KeyItem(
        _H.WHO_AND_WHERE,
        "nhs_number",
        "Enter the NHS number, or say why there is none.",
        ("person.nhs_number", "person.nhs_number_absent_reason"),
        safety=True,
    ),
    KeyItem(
        _H.WHO_AND_WHERE,
        "place",
        "Say which hospital the person is in.",
        ("referral.hospital",),
        safety=True,
    ),
    KeyItem(
        _H.WHO_AND_WHERE,
        "call_back",
        "Give a number on which you can be called back.",
        ("referral.call_back",),
        safety=True,
    ),
    KeyItem(
        _H.WHO_AND_WHERE,
        "identity",
        "Find the NHS number: until then the identity is provisional.",
        ("person.nhs_number",),
    ),
    KeyItem(
        _H.WHO_AND_WHERE, "date_of_birth", "Enter the date of birth.", ("person.date_of_birth",)
    ),
    KeyItem(
        _H.CLINICAL_PRESENTATION, "cancer", CANCER_QUESTION, ("presentation.cancer",), safety=True
    ),
    *(
        KeyItem(
            _H.CLINICAL_PRESENTATION,
            item.id,
            item.question,
            (f"presentation.{item.id}",),
            safety=True,
        )
        for item in CORD_ITEMS
    ),
    KeyItem(
        _H.CLINICAL_PRESENTATION,
        "pain",
        "Complete the questions about back pain.",
        tuple(f"presentation.{item.id}" for item in PAIN_ITEMS),
        every=True,
    ),
    KeyItem(
        _H.CLINICAL_PRESENTATION,
        "pain_severity",
        "Score the pain from 0 to 10.",
        ("pain.severity",),
    ),
    KeyItem(
        _H.NEUROLOGICAL_ASSESSMENT,
        "mobility",
        "Say how the person gets about now.",
        ("neurology.mobility",),
        safety=True,
    ),
    KeyItem(
        _H.NEUROLOGICAL_ASSESSMENT,
        "power",
        "Grade the power of both legs, 0 to 5.",
        ("neurology.power_left_leg", "neurology.power_right_leg"),
        every=True,
    ),
    KeyItem(
        _H.NEUROLOGICAL_ASSESSMENT,
        "sensation",
        "Test feeling in the limbs and trunk.",
        ("neurology.sensation_loss", "neurology.sensory_level"),
    ),
    KeyItem(
        _H.NEUROLOGICAL_ASSESSMENT,
        "perianal",
        "Test feeling around the back passage.",
        ("neurology.perianal_sensation_reduced",),
    ),
    KeyItem(
        _H.NEUROLOGICAL_ASSESSMENT,
        "sphincters",
        "Examine bladder and bowel function.",
        ("neurology.bladder_problem", "neurology.bowel_problem"),
        every=True,
    ),
    KeyItem(
        _H.PERFORMANCE_STATUS,
        "performance_status",
        "Record performance status (WHO 0 to 4).",
        ("fitness.performance_status",),
    ),
    KeyItem(
        _H.FRAILTY_ASSESSMENT,
        "frailty",
        "Record frailty as it was two weeks ago (Clinical Frailty Scale 1 to 9).",
        ("fitness.frailty",),
    ),
    KeyItem(
        _H.INVESTIGATIONS,
        "imaging",
        "Say which imaging has been done, if any, and what it showed.",
        ("care.imaging_done", "imaging.scan", "imaging.report"),
    ),
    KeyItem(
        _H.INVESTIGATIONS,
        "mri_safety",
        "Ask whether anything rules out MRI.",
        ("mri_safety.contraindicated",),
    ),
    KeyItem(
        _H.ONCOLOGY_ASSESSMENT,
        "primary",
        "Name the primary cancer, or say that it is not known.",
        ("cancer.primary_site",),
        cancer_only=True,
    ),
    KeyItem(
        _H.ONCOLOGY_ASSESSMENT,
        "stage",
        "Record the stage of the cancer.",
        ("cancer.stage",),
        cancer_only=True,
    ),
    KeyItem(
        _H.ONCOLOGY_ASSESSMENT,
        "haematological",
        "Ask whether it is, or may be, lymphoma or myeloma: it changes the advice on steroids.",
        ("cancer.haematological",),
        cancer_only=True,
    ),
    KeyItem(
        _H.ONCOLOGY_ASSESSMENT,
        "previous_radiotherapy",
        "Ask about radiotherapy before: where, when, how much. Write none if none.",
        ("cancer.previous_radiotherapy",),
        cancer_only=True,
    ),
    KeyItem(
        _H.INDIVIDUAL_NEEDS,
        "language",
        "Ask about language and whether an interpreter is needed.",
        ("person.language", "person.interpreter_needed"),
    ),
    KeyItem(
        _H.INDIVIDUAL_NEEDS,
        "needs",
        "Ask about communication, adjustments, and what matters to the person.",
        ("person.communication_needs", "person.reasonable_adjustments", "notes.needs"),
    ),
)
MINIMUM: tuple[str, ...] = tuple(item.id for item in ITEMS if item.safety)


def missing(facts: Facts) -> tuple[MissingItem, ...]:
    """Everything of 1.1.15 that is not known yet, heading by heading.

    A question answered with "not known" is still missing: somebody has to find out.
    """
    return _missing(facts, ITEMS, _is_known)


def missing_minimum(facts: Facts) -> tuple[MissingItem, ...]:
    """What still stops a referral from being sent: unanswered, as opposed to not known.

    "Not known" is an answer here. Nobody must wait for an examination to ask for help.
    """
    return _missing(facts, (item for item in ITEMS if item.safety), _is_answered)


def presentation_facts(presentation: Presentation) -> dict[str, object]:
    """A presentation as facts; items nobody answered are left out."""
    answers: dict[str, object] = {
        f"presentation.{each.item}": each.answer.value for each in presentation.findings
    }
    return {"presentation.cancer": presentation.cancer.value, **answers}


def _missing(
    facts: Facts, items: Iterable[KeyItem], enough: Callable[[object], bool]
) -> tuple[MissingItem, ...]:
    no_cancer = facts.get("presentation.cancer") == CancerStatus.NONE
    return tuple(
        MissingItem(item.heading, item.id, item.sentence, item.safety)
        for item in items
        if not (item.cancer_only and no_cancer) and not _satisfied(item, facts, enough)
    )


def _satisfied(item: KeyItem, facts: Facts, enough: Callable[[object], bool]) -> bool:
    found = (enough(facts.get(fact)) for fact in item.facts)
    return all(found) if item.every else any(found)


def _is_answered(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None


def _is_known(value: object) -> bool:
    return _is_answered(value) and value != Answer.NOT_KNOWN
