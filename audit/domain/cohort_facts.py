"""What an imported row can say, and how a journey is told from it.

`FACTS` is the vocabulary of a mapping file. A row that was read is a flat dict of plain values
(times as ISO 8601 in UTC), which is kept as it is: `journey` turns it into facts whenever the
measures ask again. What a file does not say is not known, never a no.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from audit.measures.journey import (
    Care,
    Decision,
    Dose,
    Examined,
    JourneyFacts,
    Later,
    Person,
    Scan,
)
from mscc.people.models import Organisation
from referrals.clinical.facts import Primary
from referrals.clinical.follow_up import Continence, PlaceOfCare
from referrals.clinical.library import targets
from referrals.clinical.milestones import Fact, MilestoneKind, Suspicion
from referrals.clinical.neurology import Mobility
from referrals.clinical.presentation import Answer
from referrals.clinical.treatment import RadiotherapyException
from referrals.models import Discharge, MriScan, TreatmentDecision
from referrals.models.patient import Sex
from scheduling.timekeeping.clocks import judge


class Kind(StrEnum):
    """How a cell is read."""

    MOMENT = "date and time"
    DAY = "date"
    CHOICE = "one of"
    YES_NO = "yes or no"
    WHOLE = "whole number"
    NUMBER = "number"
    TEXT = "text"
    PLACE = "hospital"
    POSTCODE = "postcode"


@dataclass(frozen=True, slots=True)
class Item:
    """One fact that a column can be mapped to. `least` and `most` are included."""

    key: str
    kind: Kind
    help: str
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    required: bool = False


def _values(kind: Any) -> tuple[str, ...]:
    return tuple(str(each.value) for each in kind)


_K = Kind
_MOBILITY = _values(Mobility)
_MILESTONES = {
    "taken_at": MilestoneKind.TAKEN,
    "triaged_at": MilestoneKind.TRIAGED,
    "advice_at": MilestoneKind.ADVICE_GIVEN,
    "immobilised_at": MilestoneKind.IMMOBILISATION_STARTED,
    "stability_advice_at": MilestoneKind.STABILITY_ADVICE_SOUGHT,
    "radiotherapy_at": MilestoneKind.RADIOTHERAPY_STARTED,
    "surgery_at": MilestoneKind.SURGERY_PERFORMED,
    "dexamethasone_at": MilestoneKind.DEXAMETHASONE_STARTED,
    "dexamethasone_stopped_at": MilestoneKind.DEXAMETHASONE_STOPPED,
    "care_plan_at": MilestoneKind.CARE_PLAN_MADE,
}
_CARE = {
    "stomach_protection": "a proton pump inhibitor was offered",
    "glucose": "blood glucose was monitored",
    "vte_assessment": "the risk of thromboembolism was assessed",
    "holistic_needs": "a holistic needs assessment was made",
    "advance_care_planning": "advance care planning was offered",
    "rehabilitation": "rehabilitation was assessed",
    "information": "information was given",
}
_LATER = (30, 90)

FACTS: tuple[Item, ...] = (
    Item("hospital", _K.PLACE, "the hospital that referred", required=True),
    Item("received_at", _K.MOMENT, "when the referral was received", required=True),
    Item("suspicion", _K.CHOICE, "what was suspected", _values(Suspicion), required=True),
    Item("suspected_at", _K.MOMENT, "when it was suspected; unknown without it"),
    Item("confirmed", _K.CHOICE, "what it was", ("mscc", "spinal_metastases", "ruled_out")),
    Item("deficit_at_referral", _K.YES_NO, "neurological symptoms or signs when referred"),
    Item("deficit", _K.YES_NO, "the same at any time; without it, as when referred"),
    Item("outcome", _K.CHOICE, "how it ended", ("discharged", "redirected", "withdrawn")),
    Item("closed_at", _K.MOMENT, "when the stay or the referral ended"),
    Item("age", _K.WHOLE, "years when referred", least=0, most=120),
    Item("born_on", _K.DAY, "date of birth: only the age is kept"),
    Item("sex", _K.CHOICE, "sex", _values(Sex)),
    Item("ethnicity", _K.TEXT, "ethnic group, as words"),
    Item("language", _K.TEXT, "language, as a word"),
    Item("interpreter_needed", _K.YES_NO, "an interpreter was needed"),
    Item("postcode", _K.POSTCODE, "home: only quintile and distance are kept"),
    Item("deprivation", _K.WHOLE, "quintile of the IMD, 1 most deprived", least=1, most=5),
    Item("distance_km", _K.NUMBER, "kilometres from home to the hospital", least=0, most=2000),
    Item("primary", _K.CHOICE, "primary tumour", _values(Primary)),
    Item("performance_status", _K.WHOLE, "WHO performance status", least=0, most=4),
    Item("pain", _K.WHOLE, "first pain score", least=0, most=10),
    Item("taken_at", _K.MOMENT, "when the coordinator took it"),
    Item("triaged_at", _K.MOMENT, "when it was triaged"),
    Item("advice_at", _K.MOMENT, "when the coordinator gave advice"),
    Item("immobilised_at", _K.MOMENT, "when the spine was immobilised"),
    Item("stability_advice_at", _K.MOMENT, "when expert advice on stability was sought"),
    Item("mri_booked_at", _K.MOMENT, "when the MRI was asked for"),
    Item("mri_at", _K.MOMENT, "when the MRI was performed"),
    Item("mri_whole_spine", _K.YES_NO, "it showed the whole spine"),
    Item("mri_contraindicated", _K.YES_NO, "MRI was contraindicated"),
    Item("transferred", _K.YES_NO, "scanned at another hospital"),
    Item("ct_at", _K.MOMENT, "when a CT in its place was performed"),
    Item("reported_at", _K.MOMENT, "when the scan was reported"),
    Item("scan_outcome", _K.CHOICE, "what it showed", _values(MriScan.Outcome)),
    Item("decided_at", _K.MOMENT, "when treatment was decided"),
    Item("plan", _K.CHOICE, "what was decided", _values(TreatmentDecision.Plan)),
    Item("exception", _K.CHOICE, "exception of 1.10.4", _values(RadiotherapyException)),
    Item("fractionation", _K.TEXT, "dose and fractions, such as 8 Gy in 1"),
    Item("radiotherapy_at", _K.MOMENT, "when radiotherapy started"),
    Item("surgery_at", _K.MOMENT, "when surgery was performed"),
    Item("dexamethasone_at", _K.MOMENT, "when dexamethasone was started"),
    Item("dexamethasone_mg", _K.NUMBER, "its first daily dose in mg", least=0, most=100),
    Item("dexamethasone_stopped_at", _K.MOMENT, "when it was stopped"),
    Item("care_plan_at", _K.MOMENT, "when a senior clinician made the care plan"),
    *(Item(key, _K.YES_NO, words) for key, words in _CARE.items()),
    Item("mobility_at_referral", _K.CHOICE, "walking when referred", _MOBILITY),
    Item("mobility_at_treatment", _K.CHOICE, "walking when treatment began", _MOBILITY),
    Item("mobility_at_discharge", _K.CHOICE, "walking when leaving", _MOBILITY),
    Item("destination", _K.CHOICE, "where to", _values(Discharge.Destination)),
    Item("discharge_lead", _K.YES_NO, "a named person led the discharge"),
    *(
        item
        for day in _LATER
        for item in (
            Item(f"alive_{day}", _K.YES_NO, f"alive {day} days after discharge"),
            Item(f"mobility_{day}", _K.CHOICE, f"walking after {day} days", _MOBILITY),
            Item(f"continence_{day}", _K.CHOICE, f"after {day} days", _values(Continence)),
            Item(f"pain_{day}", _K.WHOLE, f"pain score after {day} days", least=0, most=10),
            Item(f"place_{day}", _K.CHOICE, f"after {day} days", _values(PlaceOfCare)),
        )
    ),
    Item("died_on", _K.DAY, "date of death"),
)
BY_KEY: Mapping[str, Item] = {item.key: item for item in FACTS}
REQUIRED = tuple(item.key for item in FACTS if item.required)


def journey(
    said: Mapping[str, Any], hospital: Organisation, name: str, as_of: datetime
) -> JourneyFacts:
    """The journey a kept row tells; `name` is of the cohort."""
    told = _Told(said)
    received = told.moment("received_at")
    closed = told.moment("closed_at")
    milestones = tuple(_milestones(told))
    assert received is not None  # required: no row is kept without
    return JourneyFacts(
        as_of=as_of,
        received_at=received,
        alliance=hospital.alliance_id,
        trust=hospital.trust_id,
        hospital=hospital.pk,
        # What nobody says is over counts as discharged: an audit looks back.
        state=said.get("outcome", "discharged"),
        # It is over, also when nobody wrote down when: what is missing then is missing for good.
        closed_at=closed or as_of,
        route=name,
        imported=True,
        suspicion=Suspicion(said["suspicion"]),
        confirmed=said.get("confirmed", ""),
        deficit=_deficit(told),
        deficit_at_referral=told.answer("deficit_at_referral"),
        primary=said.get("primary", "not_known"),
        performance_status=said.get("performance_status"),
        person=_person(told),
        milestones=milestones,
        clocks=judge(milestones, targets()),
        scans=tuple(_scans(told, received)),
        decisions=tuple(_decisions(told)),
        care=_care(told, received),
        doses=tuple(_doses(told)),
        examined=tuple(_examined(told, received, closed)),
        pain_severity=said.get("pain"),
        care_plan_by="senior clinician" if "care_plan_at" in said else "",
        destination=said.get("destination", ""),
        discharge_lead=said.get("discharge_lead") is True,
        later=tuple(_later(told, closed or received)),
    )


class _Told:
    """The kept values of a row, as the types they stand for."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.said = said

    def moment(self, key: str) -> datetime | None:
        text = self.said.get(key)
        return datetime.fromisoformat(text).astimezone(UTC) if text else None

    def day(self, key: str) -> date | None:
        text = self.said.get(key)
        return date.fromisoformat(text) if text else None

    def answer(self, key: str) -> Answer:
        known = {True: Answer.YES, False: Answer.NO}
        return known.get(self.said.get(key), Answer.NOT_KNOWN)  # type: ignore[arg-type]


def _deficit(told: _Told) -> Answer:
    """At any time, so also at referral; an audit that asks once asks for both."""
    first, ever = told.answer("deficit_at_referral"), told.answer("deficit")
    return first if first is Answer.YES or ever is Answer.NOT_KNOWN else ever


def _person(told: _Told) -> Person:
    keys = ("age", "sex", "ethnicity", "language", "interpreter_needed", "deprivation")
    known = {key: told.said[key] for key in (*keys, "distance_km") if key in told.said}
    return Person(**known)


def _milestones(told: _Told) -> Iterator[Fact]:
    """In order of time, told in that order."""
    found = sorted(_happened(told), key=lambda fact: fact.occurred_at)
    return (replace(fact, told=n) for n, fact in enumerate(found, start=1))


def _happened(told: _Told) -> Iterator[Fact]:
    said, received = told.said, told.moment("received_at")
    kinds = {
        "mscc": MilestoneKind.MSCC_SUSPECTED,
        "spinal_metastases": MilestoneKind.METASTASES_SUSPECTED,
    }
    # Without a time of suspicion its clock has no start: when it was received is not when it began.
    # Of one moment the suspicion is told first, as in live records: it is why somebody referred.
    moments = {
        kinds.get(said["suspicion"]): told.moment("suspected_at"),
        MilestoneKind.RECEIVED: received,
    }
    moments |= {kind: told.moment(key) for key, kind in _MILESTONES.items()}
    moments[MilestoneKind.SCAN_REPORTED] = told.moment("reported_at")
    part = said.get("mri_whole_spine") is False
    scanned = MilestoneKind.MRI_INCOMPLETE if part else MilestoneKind.MRI_PERFORMED
    moments[scanned] = told.moment("mri_at")
    if said.get("mri_contraindicated"):
        moments[MilestoneKind.CT_PERFORMED] = told.moment("ct_at")
    ends = {"redirected": MilestoneKind.REDIRECTED, "withdrawn": MilestoneKind.WITHDRAWN}
    moments[ends.get(said.get("outcome", ""), MilestoneKind.DISCHARGED)] = told.moment("closed_at")
    for kind, at in moments.items():
        if kind is not None and at is not None:
            yield Fact(kind, at, 0)
    if decided := told.moment("decided_at"):
        yield Fact(MilestoneKind.DECISION_TO_TREAT, decided, 0, _decided(said))


def _decided(said: Mapping[str, Any]) -> dict[str, Any]:
    """What the clock of 1.10.4 asks of a decision."""
    if said.get("exception"):
        return {"urgent_radiotherapy": "excepted", "exception": said["exception"]}
    owed = said.get("plan") == "radiotherapy" and said["suspicion"] == "mscc"
    return {"urgent_radiotherapy": "indicated"} if owed else {}


def _scans(told: _Told, received: datetime) -> Iterator[Scan]:
    said = told.said
    booked, reported = told.moment("mri_booked_at"), told.moment("reported_at")
    mri, ct = told.moment("mri_at"), told.moment("ct_at")
    unable = said.get("mri_contraindicated") is True
    shared: dict[str, Any] = {
        "reported_at": reported,
        # The diagnosis is made by imaging: an audit rarely says twice what it was.
        "outcome": said.get("scan_outcome") or said.get("confirmed", ""),
        "transferred": said.get("transferred"),
    }
    if mri or booked:
        whole = said.get("mri_whole_spine")
        yield Scan("mri", booked or mri or received, None, mri, whole_spine=whole, **shared)
    if ct:
        # In place of MRI a CT is of the whole spine: NG234 knows no other here (1.5.7).
        yield Scan("ct", booked or ct, None, ct, whole_spine=True, contraindicated=unable, **shared)


def _decisions(told: _Told) -> Iterator[Decision]:
    said = told.said
    if at := told.moment("decided_at"):
        yield Decision(
            at=at,
            plan=said.get("plan", ""),
            exception=said.get("exception", ""),
            exception_reason=said.get("exception", ""),
            fractionation=said.get("fractionation", ""),
        )


def _care(told: _Told, received: datetime) -> dict[str, Care]:
    """A no is a failure; a column that nobody mapped, or an empty cell, is not known."""
    return {
        key: Care("given" if told.said[key] else "not_given", received)
        for key in _CARE
        if key in told.said
    }


def _doses(told: _Told) -> Iterator[Dose]:
    if started := told.moment("dexamethasone_at"):
        yield Dose("start", started, told.said.get("dexamethasone_mg"))
    if stopped := told.moment("dexamethasone_stopped_at"):
        yield Dose("stop", stopped)


def _examined(told: _Told, received: datetime, closed: datetime | None) -> Iterator[Examined]:
    said = told.said
    treated = [at for key in ("radiotherapy_at", "surgery_at") if (at := told.moment(key))]
    times = {
        "mobility_at_referral": received,
        "mobility_at_treatment": min(treated, default=told.moment("decided_at")),
        "mobility_at_discharge": closed,
    }
    for key, at in times.items():
        if key in said and at is not None:
            yield Examined(at=at, mobility=said[key])


def _later(told: _Told, left: datetime) -> Iterator[Later]:
    """Follow-ups count from the discharge. A death answers every one that comes after it."""
    died = told.day("died_on")
    for day in _LATER:
        at = left + timedelta(days=day)
        keys = [f"{name}_{day}" for name in ("alive", "mobility", "continence", "pain", "place")]
        dead = died is not None and died <= at.date()
        if dead:
            yield Later(day, at, reached=Answer.YES, alive=Answer.NO, died_on=died)
        elif any(key in told.said for key in keys):
            alive, mobility, continence, pain, place = (told.said.get(key) for key in keys)
            lives = alive if alive is not None else (True if died or mobility else None)
            yield Later(
                day,
                at,
                reached=Answer.YES,
                alive={True: Answer.YES, False: Answer.NO}.get(lives, Answer.NOT_KNOWN),
                mobility=mobility or "",
                continence=continence or "",
                pain=pain,
                place_of_care=place or "",
            )
    if died is not None and died > (left + timedelta(days=_LATER[-1])).date():
        at = left + timedelta(days=(died - left.date()).days)
        yield Later((died - left.date()).days, at, Answer.YES, Answer.NO, died)
