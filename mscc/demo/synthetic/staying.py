"""Care in hospital, going home, and what became of the person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mscc import clock
from referrals.clinical.milestones import MilestoneKind as Kind
from referrals.models import (
    CareEntry,
    CarePlan,
    DexamethasoneEntry,
    Discharge,
    DischargeStep,
    FollowUp,
    NeurologicalAssessment,
)

if TYPE_CHECKING:
    from mscc.demo.synthetic.pathway import Pathway

LONGEST = timedelta(days=20)  # from the referral to its end
_FIRST = ("stomach_protection", "glucose", "vte_assessment", "information", "contact")
_LATER = ("holistic_needs", "rehabilitation", "advance_care_planning")
_STEPS = ("lead", "carers", "equipment", "contact", "rehabilitation")
_DESTINATIONS = (
    (("home", 56), ("rehabilitation", 12), ("hospice", 9), ("care_home", 8)),
    (("other_hospital", 6), ("died", 9)),
)
_WHERE, _HOW_OFTEN = zip(*(each for row in _DESTINATIONS for each in row), strict=True)
_NEXT = {"rehabilitation": "rehabilitation", "hospice": "hospice", "care_home": "care_home"}
_WALKS = ("walks_unaided", "walks_with_aid", "walks_with_help", "cannot_walk")


def first_care(path: Pathway) -> None:
    """What a ward does at once."""
    _care(path, _FIRST, path.wait(1.2, 0.8), 0.92)
    if path.pace.known(0.8):
        begun = path.after(14, 0.9)
        path.chart.step(begun, "began to plan the discharge")
        path.chart.add(CareEntry, begun, item="discharge_planning", status="given")


def leave(path: Pathway) -> None:
    """The rest of the stay, the discharge, and follow-up as far as its days have come."""
    if path.confirmed != "ruled_out":
        _stay(path)
    elif path.chart.rows.get(DexamethasoneEntry) and path.pace.known(0.9):
        _stop(path, path.wait(3), "Ruled out.")
    at = path.wait(110 if path.confirmed != "ruled_out" else 12, 0.5)
    at = max(at, path.chart.written_at)
    _discharge(path, at)


def follow_up(path: Pathway, until: datetime) -> None:
    """What was asked 30 and 90 days after a discharge, if that was before `until`."""
    left = path.chart.rows.get(Discharge)
    if not left or left[0].destination == "died" or path.confirmed == "ruled_out":
        return
    rng, gone_at = path.rng, left[0].occurred_at
    median = 260 if path.walks in _WALKS[:2] else 95
    died_at = gone_at + timedelta(days=max(1, int(median * rng.lognormvariate(0, 1.1))))
    for day in (30, 90):
        at = gone_at + timedelta(days=day, hours=rng.randrange(4))
        if at > until or rng.random() < 0.01:
            continue
        path.chart.step(at, f"followed up at {day} days")
        dead = died_at <= at
        _followed(path, at, day, died_at if dead else None)
        if dead:
            return


def _care(path: Pathway, items: tuple[str, ...], at: datetime, share: float) -> None:
    path.chart.step(at, "recorded care")
    for item in items:
        if path.pace.known(share):
            path.chart.add(CareEntry, at, item=item, **_became(path))


def _became(path: Pathway) -> dict[str, str]:
    if path.rng.random() < 0.96:
        return {"status": "given"}
    return {"status": "declined", "reason": "Asked not to, today."}


def _stay(path: Pathway) -> None:
    chart = path.chart
    if path.pace.known(0.85):
        at = path.wait(20)
        chart.step(at, "made the care plan")
        chart.fact(Kind.CARE_PLAN_MADE, at, version=1, agreed="yes")
        chart.add(
            CarePlan,
            at,
            senior_clinician="Dr Helena Marsh",
            plan="Treatment, then up with the physiotherapist.",
            agreed="yes",
        )
    _care(path, _LATER, path.wait(24), 0.85)
    given = chart.rows.get(DexamethasoneEntry)
    if given:
        _taper(path)
    if path.pace.known(0.5):
        chart.step(path.at, "examined the person")
        walks = _moved(path)
        chart.add(NeurologicalAssessment, path.at, mobility=walks, power_right_leg=4)


def _taper(path: Pathway) -> None:
    at, chart = path.at, path.chart
    if path.pace.known(0.9):
        days = [clock.local(at + timedelta(days=n)).date().isoformat() for n in (1, 3, 5)]
        taper = [{"on": on, "daily_mg": mg} for on, mg in zip(days, (8.0, 4.0, 0.0), strict=True)]
        chart.step(at, "planned the taper")
        chart.add(DexamethasoneEntry, at, kind="plan", taper=taper, reason="Treatment began.")
    if path.pace.known(0.8):
        _stop(path, path.wait(90, 0.3), "Tapered.")


def _stop(path: Pathway, at: datetime, why: str) -> None:
    path.chart.step(at, "stopped dexamethasone")
    path.chart.fact(Kind.DEXAMETHASONE_STOPPED, at)
    path.chart.add(DexamethasoneEntry, at, kind="stop", reason=why)


def _moved(path: Pathway) -> str:
    """How the person gets about some time later: mostly as before."""
    now = _WALKS.index(path.walks) + path.rng.choices((-1, 0, 1), (20, 62, 18))[0]
    return _WALKS[min(3, max(0, now))]


def _discharge(path: Pathway, at: datetime) -> None:
    chart, rng = path.chart, path.rng
    ruled_out = path.confirmed == "ruled_out"
    destination = "home" if ruled_out else rng.choices(_WHERE, _HOW_OFTEN)[0]
    steps = [step for step in _STEPS if path.pace.known(0.85)] if destination != "died" else []
    if steps:
        chart.step(at - timedelta(minutes=30), "planned the discharge")
        for step in steps:
            chart.add(DischargeStep, at - timedelta(minutes=30), step=step, done=True)
    lead = "Nurse Ola Finch" if path.pace.known(0.95) else ""
    chart.step(at, "discharged the person")
    chart.fact(Kind.DISCHARGED, at, destination=destination, lead=lead)
    chart.add(
        Discharge,
        at,
        lead_name=lead,
        destination=destination,
        mobility_at_discharge="" if destination == "died" else path.walks,
        new_symptoms_contact="MSCC coordinator, 01632 960200" if path.pace.known() else "",
    )
    path.closed_at = chart.written_at


def _followed(path: Pathway, at: datetime, day: int, died_at: datetime | None) -> None:
    rng, told = path.rng, {"reached": "yes", "alive": "yes"}
    if died_at is not None:
        known = clock.local(died_at).date() if rng.random() < 0.9 else None
        told |= {"alive": "no"}
        path.chart.add(FollowUp, at, day=day, died_on=known, **told)
    elif not path.pace.known(0.95):
        told = {"reached": "no", "alive": "not_known"}
        path.chart.add(FollowUp, at, day=day, **told)
    else:
        left = path.chart.rows[Discharge][0].destination
        path.chart.add(
            FollowUp,
            at,
            day=day,
            mobility=_moved(path),
            continence=rng.choices(("continent", "bladder", "both", "catheter"), (75, 9, 6, 10))[0],
            pain=rng.randint(0, 6) if path.pace.known(0.9) else None,
            place_of_care=_NEXT.get(left, "home"),
            **told,
        )
    path.chart.fact(Kind.FOLLOWED_UP, at, day=day, reached=told["reached"], alive=told["alive"])
