"""One referral's journey, as everything that is measured sees it.

It says what happened and when, at which place, and of which groups the person is: nothing that
names them. Times are aware UTC. Unknown is a value (None, `not_known`), never a no.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from referrals.clinical.milestones import Fact, MilestoneKind, Suspicion
from referrals.clinical.presentation import Answer
from scheduling.timekeeping.clocks import Judged


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan of the spine. `whole_spine` is None while nobody said."""

    modality: str  # mri, ct
    booked_at: datetime
    slot_at: datetime | None = None
    performed_at: datetime | None = None
    reported_at: datetime | None = None
    whole_spine: bool | None = None
    outcome: str = ""  # mscc, spinal_metastases, ruled_out, inconclusive
    transferred: bool | None = None  # away from the hospital that referred
    transfer_reason: str = ""
    overnight_reason: str = ""
    contraindicated: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision to treat, or not to."""

    at: datetime
    plan: str  # radiotherapy, surgery, systemic, supportive
    consulted: tuple[str, ...] = ()
    exception: str = ""  # of 1.10.4
    exception_reason: str = ""
    fractionation: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """An opinion that was asked of a specialty."""

    specialty: str
    asked_at: datetime
    due_at: datetime | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Care:
    """What became of an item of the bundle: given, declined, not_applicable, contraindicated."""

    status: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Dose:
    """One entry of a course of dexamethasone that holds: start, change, plan or stop."""

    kind: str
    at: datetime
    daily_mg: float | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """Neurology at a time. `mobility` is a key of `clinical.neurology.Mobility`."""

    at: datetime
    mobility: str = "not_known"
    bladder: Answer = Answer.NOT_KNOWN
    bowel: Answer = Answer.NOT_KNOWN
    weakest: int | None = None  # the lowest MRC grade of a limb, 0 to 5
    frankel: str = ""  # A to E, when it was graded


@dataclass(frozen=True, slots=True)
class Later:
    """A follow-up; `day` counts from the discharge (30 or 90)."""

    day: int
    at: datetime
    reached: Answer = Answer.NOT_KNOWN
    alive: Answer = Answer.NOT_KNOWN
    died_on: date | None = None
    mobility: str = ""
    continence: str = ""
    pain: int | None = None  # 0 to 10
    place_of_care: str = ""


@dataclass(frozen=True, slots=True)
class Breached:
    """A missed target and what the service says of it; `reason` is empty while nobody said."""

    kind: str
    due_at: datetime
    reason: str = ""
    incident: bool | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """The groups a person is counted in (1.1.13). Nothing here names anybody."""

    age: int | None = None  # whole years when referred
    sex: str = "not_known"
    ethnicity: str = ""
    deprivation: int | None = None  # quintile of the IMD, 1 the most deprived
    language: str = ""
    interpreter_needed: bool | None = None
    distance_km: float | None = None  # home to the hospital that referred, as the crow flies


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyFacts:
    """One referral. `as_of` is when it was looked at: what is not over by then may still change."""

    as_of: datetime
    received_at: datetime
    alliance: int
    trust: int
    hospital: int
    state: str
    closed_at: datetime | None = None
    route: str = ""  # ward_form, telephone, api, or the name of an imported audit
    referrer_role: str = ""
    imported: bool = False
    suspicion: Suspicion = Suspicion.NONE  # as it stands
    confirmed: str = ""  # mscc, spinal_metastases, ruled_out, or not yet known
    deficit: Answer = Answer.NOT_KNOWN  # neurological symptoms or signs at any time so far (1.3.2)
    deficit_at_referral: Answer = Answer.NOT_KNOWN
    primary: str = "not_known"
    performance_status: int | None = None
    person: Person = Person()
    milestones: tuple[Fact, ...] = ()  # those that stand, in order of `occurred_at`
    clocks: tuple[Judged, ...] = ()
    scans: tuple[Scan, ...] = ()
    decisions: tuple[Decision, ...] = ()
    opinions: tuple[Asked, ...] = ()
    care: Mapping[str, Care] = field(default_factory=dict)  # by item of the bundle, the latest
    doses: tuple[Dose, ...] = ()
    examined: tuple[Examined, ...] = ()
    pain_severity: int | None = None  # the first recorded, 0 to 10
    care_plan_by: str = ""  # non-empty when a senior clinician made one (1.1.17)
    advised_topics: frozenset[str] = frozenset()  # of 1.1.16
    destination: str = ""  # of the discharge: home, ..., died
    discharge_lead: bool = False  # a named person (1.1.24)
    discharge_steps: frozenset[str] = frozenset()  # steps of 1.1.24 to 1.1.28 that were done
    later: tuple[Later, ...] = ()
    breaches: tuple[Breached, ...] = ()

    def all(self, *kinds: MilestoneKind) -> Iterator[datetime]:
        """When each of these happened, the earliest first."""
        return (fact.occurred_at for fact in self.milestones if fact.kind in kinds)

    def first(self, *kinds: MilestoneKind) -> datetime | None:
        """When the first of these happened; None when none is on record."""
        return next(self.all(*kinds), None)

    def last(self, *kinds: MilestoneKind) -> datetime | None:
        """When the last of these happened; None when none is on record."""
        return max(self.all(*kinds), default=None)

    @property
    def is_open(self) -> bool:
        """Whether the referral is still under way."""
        return self.closed_at is None

    @property
    def died_in_hospital(self) -> bool:
        """Whether the stay ended with death."""
        return self.destination == "died"
