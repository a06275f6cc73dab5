"""Dexamethasone: given soon, stopped when not needed, reduced, and watched (NG234 1.8)."""

from __future__ import annotations

from datetime import datetime

from audit.measures.given import (
    DECLINED,
    OFFERED,
    SAID_OTHERWISE,
    SECTION,
    item,
    one,
    settled_by_end,
)
from audit.measures.measure import Measure, Shape
from audit.measures.quality_standard import mscc_with_deficit
from audit.measures.story import HOUR, OnStory, Story, elapsed
from audit.measures.timing import (
    MET,
    NEGATIVE,
    NO_START,
    NOT_ABOUT,
    NOT_MET,
    OPEN,
    unrecorded,
    within,
)
from audit.measures.verdict import Status, Verdict, excluded, missing, not_met
from referrals.clinical.milestones import MilestoneKind as Kind

_HAEMATOLOGY = excluded("lymphoma or myeloma: haematology decides (1.8.5, 1.8.6)")
_STILL_TAKEN = not_met("no stop on record")
_NO_REPORT = missing("no report on record that ruled it out")
_NO_TAPER = not_met("no plan, reduction or stop on record")
_TAKING = "Referrals of people given dexamethasone"


def _on_steroids(story: Story) -> bool:
    return story.steroid_at is not None


def _given_soon(story: Story) -> Verdict:
    settled = mscc_with_deficit(story)
    if settled is not None:
        return settled
    at = story.steroid_at
    if at is None:
        care = story.facts.care.get("dexamethasone")
        if care is not None:
            return (
                DECLINED if care.status == "declined" else SAID_OTHERWISE.get(care.status, NOT_MET)
            )
        if story.facts.primary in ("lymphoma", "myeloma"):
            return _HAEMATOLOGY
    spell = story.mscc
    return NO_START if spell is None else within(story, spell.since, at, 4 * HOUR, spell.until)


def _stops(story: Story) -> list[datetime]:
    stops = [dose.at for dose in story.facts.doses if dose.kind == "stop"]
    return sorted(stops or story.facts.all(Kind.DEXAMETHASONE_STOPPED))


def _stopped(story: Story) -> Verdict:
    if story.facts.confirmed != "ruled_out":
        return NOT_ABOUT
    start = story.steroid_at
    if start is None:
        return NOT_ABOUT
    reported = max(
        (
            scan.reported_at
            for scan in story.facts.scans
            if scan.outcome == "ruled_out" and scan.reported_at is not None
        ),
        default=None,
    )
    if reported is None:
        return _NO_REPORT
    stops = _stops(story)
    if not stops:
        return OPEN if story.open else unrecorded(story, _STILL_TAKEN)
    if elapsed(start, stops[-1]) < 0:
        return NEGATIVE
    took = elapsed(reported, stops[-1])
    # Stopped before the report: nothing was left to stop.
    return NOT_ABOUT if took < 0 else Verdict(Status.MET, "", took)


def _tapered(story: Story) -> Verdict:
    if not story.is_mscc:
        return NOT_ABOUT
    treated, start = story.treated_at, story.steroid_at
    if treated is None or start is None:
        return NOT_ABOUT
    stops = _stops(story)
    if stops and stops[-1] < treated and not _again(story, stops[-1]):
        return NOT_ABOUT
    if any(dose.kind == "plan" for dose in story.facts.doses) or _less_after(story, treated):
        return MET
    if stops and stops[-1] >= treated:
        return MET
    settled = settled_by_end(story, after_death=True)
    return unrecorded(story, _NO_TAPER) if settled is None else settled


def _again(story: Story, stopped: datetime) -> bool:
    return any(dose.kind == "start" and dose.at > stopped for dose in story.facts.doses)


def _less_after(story: Story, treated: datetime) -> bool:
    before: float | None = None
    for dose in story.facts.doses:
        if dose.kind == "change" and dose.at >= treated and before and dose.daily_mg:
            if dose.daily_mg < before:
                return True
        before = dose.daily_mg or before
    return False


MEASURES: tuple[Measure, ...] = (
    Measure(
        key="dexamethasone_4h",
        number=35,
        section=SECTION,
        name="Dexamethasone within 4 hours, MSCC with neurological signs",
        clock="From when MSCC was suspected",
        numerator="Those given the first dose within 4 hours",
        denominator="Adults with suspected MSCC and neurological symptoms or signs, unless it was "
        "declined or contraindicated",
        source="NG234 1.8.1; 4 hours is a local reading of as soon as possible",
        shape=Shape.TIMED,
        target_s=4 * HOUR,
        headline=True,
        note="People who took a steroid before the suspicion are missing here, flagged.",
        judge=OnStory(_given_soon),
    ),
    Measure(
        key="dexamethasone_stopped",
        number=36,
        section=SECTION,
        name="Dexamethasone stopped when MSCC is ruled out",
        clock="From the report that ruled it out",
        numerator="Those with a stop on record",
        denominator="Referrals with MSCC and metastases ruled out, of people then taking it",
        source="NG234 1.8.2",
        shape=Shape.TIMED,
        judge=OnStory(_stopped),
    ),
    one(
        "dexamethasone_tapered",
        37,
        "Dexamethasone reduced after treatment",
        "Adults with MSCC confirmed by imaging, treated, and then taking dexamethasone",
        "NG234 1.8.1",
        OnStory(_tapered),
        numerator="Those with a taper planned, a lower dose, or a stop on record",
    ),
    one(
        "stomach_protection",
        38,
        "Stomach protection with dexamethasone",
        _TAKING,
        "NG234 1.8.8",
        item("stomach_protection", _on_steroids, offer=True),
        numerator=OFFERED,
    ),
    one(
        "glucose",
        39,
        "Blood glucose measured with dexamethasone",
        _TAKING,
        "NG234 1.8.8",
        item("glucose", _on_steroids),
    ),
)
