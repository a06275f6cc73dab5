"""Referrals at a stage of the pathway, made the way the product makes them: through the domain.

`refer(place)` is a received one; `ReferralFactory(triaged=True)` and its siblings go on from
there. Times: everything happens at AT unless `at` says otherwise.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from mscc.events import Actor, Command
from mscc.people.models import User
from referrals.clinical.milestones import Suspicion
from referrals.clinical.presentation import CORD_ITEMS, Answer, CancerStatus, Finding, Presentation
from referrals.domain import discharge as discharging
from referrals.domain import imaging, intake, treatment, triage
from referrals.domain.intake import Intake, Person, Referrer
from referrals.models import Referral
from tests.factories.people import Place, person

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

_numbers = count(1)


def nhs_number() -> str:
    """A new demo number from 999..., with its check digit (ISB 0149)."""
    while True:
        nine = f"999{next(_numbers):06}"
        check = 11 - sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return f"{nine}{0 if check == 11 else check}"


def presenting(*yes: str, cancer: CancerStatus = CancerStatus.PAST_OR_CURRENT) -> Presentation:
    """Box 1 with `yes` present and every other cord sign looked for and absent."""
    found = [Finding(item, Answer.YES) for item in yes]
    absent = [Finding(i.id, Answer.NO) for i in CORD_ITEMS if i.id not in yes]
    return Presentation(cancer, tuple(found + absent))


MSCC = presenting("limb_weakness", "progressive")
METASTASES = presenting("progressive", "night")
NEITHER = presenting()


def intake_for(place: Place, presentation: Presentation = MSCC, **fields: Any) -> Intake:
    """A complete enough referral from a ward of `place`."""
    number = nhs_number()
    made = Intake(
        hospital_id=place.hospital.pk,
        ward_id=place.ward.pk,
        person=Person("Robin", f"Example{number[-4:]}", date(1960, 5, 17), number),
        referrer=Referrer(
            name="Alex Ward", call_back="01632 960123", email="alex.ward@example.nhs.uk"
        ),
        presentation=presentation,
    )
    return replace(made, **fields)


def command(user: User, at: datetime = AT, **fields: Any) -> Command:
    """What a signed-in person asks for at a moment."""
    return Command(by=Actor.user(user), at=at, **fields)


@dataclass
class Team:
    """A place with the people a pathway needs."""

    place: Place
    nurse: User
    coordinator: User
    senior: User

    @classmethod
    def build(cls, place: Place | None = None) -> "Team":
        place = place or Place.build()
        return cls(
            place,
            person("referrer", place),
            person("coordinator", place),
            person("senior_clinician", place),
        )


def refer(
    team: Team, presentation: Presentation = MSCC, at: datetime = AT, **fields: Any
) -> Referral:
    """A referral the ward has just sent."""
    return intake.receive(
        intake_for(team.place, presentation, **fields), command=command(team.nurse, at)
    )


class ReferralFactory:
    """`ReferralFactory(mri_booked=True)`: a referral at that stage, with what leads there.

    Stages: triaged, mri_booked, scanned, treatment_decided, discharged. Each step is five minutes
    after the one before.
    """

    def __new__(  # type: ignore[misc]
        cls,
        *,
        team: Team | None = None,
        presentation: Presentation = MSCC,
        at: datetime = AT,
        triaged: bool = False,
        mri_booked: bool = False,
        scanned: bool = False,
        treatment_decided: bool = False,
        discharged: bool = False,
    ) -> Referral:
        team = team or Team.build()
        referral = refer(team, presentation, at)
        steps = {
            "triaged": triaged or mri_booked or scanned or treatment_decided or discharged,
            "mri_booked": mri_booked or scanned or treatment_decided or discharged,
            "scanned": scanned or treatment_decided or discharged,
            "treatment_decided": treatment_decided or discharged,
            "discharged": discharged,
        }
        for name, wanted in steps.items():
            if wanted:
                at += timedelta(minutes=5)
                referral = STEPS[name](referral, team, at)
        return referral


def triaged(referral: Referral, team: Team, at: datetime) -> Referral:
    return triage.triage(
        referral.pk,
        triage.Triage(Suspicion(referral.suspicion)),
        command=command(team.coordinator, at),
    )


def mri_booked(referral: Referral, team: Team, at: datetime) -> Referral:
    booking = imaging.MriBooking(
        slot_at=at + timedelta(hours=2),
        hospital_id=team.place.hospital.pk,
        overnight_reason="Treatment would start at once.",
    )
    return imaging.book_mri(referral.pk, booking, command=command(team.coordinator, at))


def scanned(referral: Referral, team: Team, at: datetime) -> Referral:
    scan = imaging.ScanPerformed(performed_at=at)
    return imaging.record_scan(referral.pk, scan, command=command(team.coordinator, at))


def treatment_decided(referral: Referral, team: Team, at: datetime) -> Referral:
    decision = treatment.Decision(
        plan="radiotherapy", decided_by="Dr Example", decided_at=at, consulted=("oncology",)
    )
    return treatment.decide_treatment(referral.pk, decision, command=command(team.coordinator, at))


def discharged(referral: Referral, team: Team, at: datetime) -> Referral:
    leaving = discharging.Leaving(
        lead_name="Jo Example",
        destination="home",
        discharged_at=at,
        open_items_reason="Example.",
    )
    return discharging.discharge(referral.pk, leaving, command=command(team.coordinator, at))


STEPS = {
    "triaged": triaged,
    "mri_booked": mri_booked,
    "scanned": scanned,
    "treatment_decided": treatment_decided,
    "discharged": discharged,
}
