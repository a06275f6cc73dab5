"""The key information of 1.1.15 under its seven headings, with links to where it is added."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from mscc.web.filters import local
from referrals.clinical.key_information import Heading, MissingItem
from referrals.domain.key_information import in_words
from referrals.domain.queries.known import held
from referrals.domain.queries.person import Story, standing_scans
from referrals.models import MriScan, Note
from referrals.models.patient import Patient
from referrals.views import words
from referrals.views.treatment_words import consideration_lines

# Where what is missing under a heading is added; box 1 has a page of its own.
_SECTION = {
    Heading.WHO_AND_WHERE: "person",
    Heading.CLINICAL_PRESENTATION: "pain",
    Heading.NEUROLOGICAL_ASSESSMENT: "neurology",
    Heading.PERFORMANCE_STATUS: "fitness",
    Heading.FRAILTY_ASSESSMENT: "fitness",
    Heading.INVESTIGATIONS: "care",
    Heading.ONCOLOGY_ASSESSMENT: "cancer",
    Heading.INDIVIDUAL_NEEDS: "needs",
}
_ELSEWHERE = {"mri_safety": "mri-safety", "language": "person", "pain_severity": "pain"}


def parts(story: Story, *, may_add: bool) -> list[dict[str, Any]]:
    """Each heading with what is known, what is missing, and where to add it."""
    missing = in_words(story.referral.missing)
    told = [
        {
            "title": heading.label,
            "lines": list(_lines(heading, story)),
            "missing": [
                (item.sentence, _where(item, story) if may_add else "")
                for item in missing
                if item.heading is heading
            ],
            "href": _add(story, _SECTION[heading]) if may_add else "",
        }
        for heading in Heading
    ]
    turns_on = _latest(story.considerations, consideration_lines)
    if turns_on:
        told.append(
            {"title": "What treatment turns on", "lines": turns_on, "missing": [], "href": ""}
        )
    return told


def _where(item: MissingItem, story: Story) -> str:
    if item.heading is Heading.CLINICAL_PRESENTATION and item.id not in _ELSEWHERE:
        return reverse("referral-complete", args=[story.referral.reference])
    return _add(story, _ELSEWHERE.get(item.id, _SECTION[item.heading]))


def _add(story: Story, section: str) -> str:
    return reverse("referral-add", args=[story.referral.reference, section])


def _lines(heading: Heading, story: Story) -> Iterator[str]:
    if heading is Heading.WHO_AND_WHERE:
        yield from _person(story.referral.patient, story.referral.place)
    elif heading is Heading.CLINICAL_PRESENTATION:
        yield from _latest(story.presentations, words.presentation_lines)
        yield from _latest(story.pain, words.pain_lines)
    elif heading is Heading.NEUROLOGICAL_ASSESSMENT:
        yield from _latest(story.neurology, words.neurology_lines)
        if story.neurology:
            yield f"Examined {local(story.neurology[-1].occurred_at)}."
    elif heading in (Heading.PERFORMANCE_STATUS, Heading.FRAILTY_ASSESSMENT):
        frailty = heading is Heading.FRAILTY_ASSESSMENT
        for line in _latest(held(story.fitness), words.fitness_lines):
            if line.startswith("Clinical Frailty") is frailty:
                yield line
    elif heading is Heading.INVESTIGATIONS:
        yield from (scan_line(scan) for scan in standing_scans(story.scans))
        yield from _latest(held(story.mri_safety), words.safety_lines)
        yield from _latest(held(story.care), words.care_lines)
    elif heading is Heading.ONCOLOGY_ASSESSMENT:
        yield from _latest(held(story.cancer), words.cancer_lines)
    else:
        yield from _needs(story)


def _latest(rows: list[Any], lines_of: Any) -> list[str]:
    return lines_of(rows[-1]) if rows else []


def _person(patient: Patient, place: str) -> Iterator[str]:
    yield f"At {place}."
    for label, text in (
        ("Telephone", patient.phone),
        ("Next of kin", patient.next_of_kin),
        ("GP practice", patient.gp_practice),
    ):
        if text:
            yield f"{label}: {text}"


def scan_line(scan: MriScan) -> str:
    """One scan in a sentence: booked, performed, and what it showed."""
    what = "CT" if scan.modality == "ct" else "MRI"
    if scan.performed_at is None:
        return f"{what} booked for {local(scan.slot_at)}."
    part = "whole spine" if scan.whole_spine else "part of the spine"
    done = f"{what} of the {part}, {local(scan.performed_at)}"
    return f"{done}: {scan.get_outcome_display()}." if scan.outcome else f"{done}, not reported."


def _needs(story: Story) -> Iterator[str]:
    patient = story.referral.patient
    for label, text in (
        ("Language", patient.language),
        ("Communication", patient.communication_needs),
        ("Adjustments", patient.reasonable_adjustments),
    ):
        if text:
            yield f"{label}: {text}"
    yield from (note.text for note in story.notes if note.topic == Note.Topic.NEEDS)
