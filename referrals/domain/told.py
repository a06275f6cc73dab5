"""What a referral, new signs and later information may bring with them, before it is judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from referrals.clinical import presentation as box1
from referrals.models import (
    CancerHistory,
    Considerations,
    Fitness,
    InitialCare,
    MriSafety,
    NeurologicalAssessment,
    Note,
    PainAssessment,
)
from referrals.models.referral import Route

# The rows an intake or an addition may carry, by the name of their section.
SECTIONS: dict[str, type] = {
    "cancer": CancerHistory,
    "neurology": NeurologicalAssessment,
    "pain": PainAssessment,
    "mri_safety": MriSafety,
    "fitness": Fitness,
    "care": InitialCare,
    "considerations": Considerations,
}


@dataclass(frozen=True)
class Person:
    """Who it is about. Without an NHS number, `nhs_number_absent_reason` says why."""

    given_name: str
    family_name: str
    date_of_birth: date | None = None
    nhs_number: str | None = None
    nhs_number_absent_reason: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Referrer:
    """Who refers, and the number on which they are called back."""

    name: str
    call_back: str
    role: str = ""
    email: str = ""
    responsible_consultant: str = ""
    consultant_aware: bool | None = None


@dataclass(frozen=True)
class Intake:
    """Everything a referral may bring. `sections` maps a name of SECTIONS to column values.

    `received_at` is for a call that was taken on paper before it could be recorded here.
    """

    hospital_id: int
    person: Person
    referrer: Referrer
    presentation: box1.Presentation
    ward_id: int | None = None
    place_note: str = ""
    narrative: str = ""
    suspected_at: datetime | None = None
    suspected_at_confirmed: bool = False
    sections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    needs: str = ""
    route: str = Route.WARD_FORM
    taken: bool = False
    second_referral_reason: str = ""
    received_at: datetime | None = None


@dataclass(frozen=True)
class NewSigns:
    """What the ward found since: Box 1 items now present, and when they were found."""

    items: tuple[str, ...]
    found_at: datetime
    reported_by: str = ""
    call_back: str = ""
    text: str = ""
    confirmed: bool = False


@dataclass(frozen=True)
class Addition:
    """Key information added later (1.1.15): sections as in Intake, patient columns, a note.

    `cancer` and `answers` settle what was not known before ({item of box 1: yes, no, not_known});
    a finding that makes it more urgent is not settled here but reported as a new sign.
    """

    sections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    person: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    topic: str = Note.Topic.NOTE
    occurred_at: datetime | None = None
    cancer: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
