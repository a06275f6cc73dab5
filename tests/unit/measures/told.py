"""Journeys told in a line each: hours from noon of a day in June, as a test says them."""

from datetime import UTC, datetime, timedelta

from audit.measures.journey import Decision, JourneyFacts, Scan
from audit.measures.registry import by_key
from audit.measures.verdict import Verdict
from referrals.clinical.library import targets
from referrals.clinical.milestones import Fact, MilestoneKind, Suspicion
from scheduling.timekeeping.clocks import judge

NOON = datetime(2026, 6, 8, 12, tzinfo=UTC)  # a Monday
MSCC, METS = MilestoneKind.MSCC_SUSPECTED, MilestoneKind.METASTASES_SUSPECTED


def at(hours: float = 0, *, seconds: int = 0) -> datetime:
    """So many hours after noon."""
    return NOON + timedelta(hours=hours, seconds=seconds)


def facts(*told, **others) -> JourneyFacts:
    """Milestones as (kind, hours) or (kind, moment) or (kind, moment, details), with the rest."""
    milestones = []
    for number, (kind, when, *details) in enumerate(told):
        moment = when if isinstance(when, datetime) else at(when)
        milestones.append(Fact(kind, moment, number, *details))
    milestones.sort(key=lambda fact: fact.occurred_at)
    given = {
        "as_of": at(24 * 400),
        "received_at": at(),
        "alliance": 1,
        "trust": 2,
        "hospital": 3,
        "state": "triaged",
        "milestones": tuple(milestones),
    }
    return JourneyFacts(**{**given, **others})


def clocked(*told, **others) -> JourneyFacts:
    """The same, with the clocks that these milestones start."""
    journey = facts(*told, **others)
    return facts(*told, **{**others, "clocks": judge(journey.milestones, targets())})


def mri(performed: float | datetime | None, *, whole: bool | None = True, **others) -> Scan:
    """An MRI, of the whole spine unless it is said."""
    if performed is not None and not isinstance(performed, datetime):
        performed = at(performed)
    given = {"modality": "mri", "booked_at": NOON, "whole_spine": whole}
    return Scan(**{**given, "performed_at": performed, **others})


def suspected(*scans: Scan, told=((MSCC, 0),), **others) -> JourneyFacts:
    """Suspected MSCC with signs since noon."""
    given = {"suspicion": Suspicion.MSCC, "deficit": "yes", "deficit_at_referral": "yes"}
    return facts(*told, **{**given, "scans": scans, **others})


def found(*told, **others) -> JourneyFacts:
    """MSCC that imaging has confirmed."""
    given = {"suspicion": Suspicion.MSCC, "confirmed": "mscc", "deficit": "yes"}
    return facts((MSCC, 0), *told, **{**given, **others})


def gone(hours: float, destination: str = "home") -> dict:
    """Discharged so many hours after noon."""
    return {"state": "discharged", "closed_at": at(hours), "destination": destination}


def decided(hours: float, plan: str = "radiotherapy", **others) -> Decision:
    """A decision so many hours after noon."""
    return Decision(at(hours), plan, **others)


def verdict(key: str, journey: JourneyFacts) -> Verdict:
    """What one measure says of a journey."""
    return by_key(key).judge(journey)
