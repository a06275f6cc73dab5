"""The key information of 1.1.15: gathered from the rows, and what of it is still missing."""

from collections.abc import Iterable
from typing import Any

from referrals.clinical import key_information as clinical
from referrals.clinical.key_information import Facts, MissingItem
from referrals.models import (
    CancerHistory,
    Considerations,
    Fitness,
    InitialCare,
    MriSafety,
    MriScan,
    NeurologicalAssessment,
    Note,
    PainAssessment,
    Presentation,
    Referral,
)
from referrals.models.recorded import Recorded

_SECTION_OF: dict[type[Recorded], str] = {
    CancerHistory: "cancer",
    NeurologicalAssessment: "neurology",
    PainAssessment: "pain",
    MriSafety: "mri_safety",
    Fitness: "fitness",
    InitialCare: "care",
}
# Facts of a discussion, and none of what 1.1.15 asks for: nothing is missing without them.
_SECTIONS = _SECTION_OF | {Considerations: "considerations"}
_PERSON = (
    "family_name",
    "nhs_number",
    "nhs_number_absent_reason",
    "date_of_birth",
    "language",
    "interpreter_needed",
    "communication_needs",
    "reasonable_adjustments",
)


def missing_now(referral: Referral) -> list[str]:
    """The ids of what is missing, from everything on record."""
    return missing_from(referral, everything(referral))


def missing_from(referral: Referral, rows: Iterable[Any]) -> list[str]:
    """The ids of what is missing, from these rows and the person's own."""
    return [item.id for item in clinical.missing(facts(referral, rows))]


def in_words(ids: Iterable[str]) -> list[MissingItem]:
    """What is missing, heading by heading, as a screen says it."""
    wanted = set(ids)
    return [
        MissingItem(item.heading, item.id, item.sentence, item.safety)
        for item in clinical.ITEMS
        if item.id in wanted
    ]


def everything(referral: Referral) -> list[Any]:
    """All recorded rows that carry key information, oldest first."""
    kinds = (*_SECTION_OF, Presentation, Note, MriScan)
    rows = [row for kind in kinds for row in kind.objects.filter(referral=referral)]
    return sorted(rows, key=lambda row: (row.occurred_at, row.recorded_at))


def facts(referral: Referral, rows: Iterable[Any]) -> Facts:
    """The rows as flat facts; a later known value replaces an earlier one, an unknown does not."""
    person, place = referral.patient, referral
    known: dict[str, object] = {f"person.{name}": getattr(person, name) for name in _PERSON}
    known["referral.hospital"] = place.hospital_id
    known["referral.call_back"] = place.call_back
    for row in rows:
        found = _facts_of(row)
        known |= {k: v for k, v in found.items() if v not in (None, "", "not_known")}
        for key, value in found.items():
            known.setdefault(key, value)
    return known


def _facts_of(row: Any) -> dict[str, object]:
    if isinstance(row, Presentation):
        return clinical.presentation_facts(row.as_facts())
    if isinstance(row, Note):
        return {f"notes.{row.topic}": row.text}
    if isinstance(row, MriScan):
        return {
            "imaging.scan": row.performed_at,
            "imaging.report": row.reported_at,
            "mri_safety.contraindicated": "yes" if row.contraindication else "not_known",
        }
    section = _SECTIONS[type(row)]
    own = [f.name for f in row._meta.fields if f.name not in _COMMON]
    return {f"{section}.{name}": getattr(row, name) for name in own}


_COMMON = {field.name for field in Recorded._meta.fields} | {"id", "referral"}
