"""Dexamethasone: each case was worked out by hand."""

from dataclasses import replace

import pytest

from audit.measures.journey import Care, Dose
from audit.measures.verdict import Status
from referrals.clinical.milestones import MilestoneKind as K
from tests.unit.measures.told import MSCC, at, facts, found, gone, mri, suspected, verdict

S = Status
HOUR = 3600


def start(hours: float, mg: float = 16) -> Dose:
    return Dose("start", at(hours), mg)


@pytest.mark.parametrize(
    ("journey", "status", "what"),
    [
        (suspected(doses=(start(4),)), S.MET, ""),
        (suspected(doses=(Dose("start", at(4, seconds=1), 16),)), S.NOT_MET, ""),
        (suspected(told=((MSCC, 0), (K.DEXAMETHASONE_STARTED, 1))), S.MET, ""),
        (suspected(care={"dexamethasone": Care("given", at(3))}), S.MET, ""),
        # Taken before anybody suspected it: nothing was waited for.
        (suspected(doses=(start(-20),)), S.MISSING, "recorded as before its start"),
        (suspected(care={"dexamethasone": Care("declined", at(1), "x")}), S.EXCLUDED, "offered"),
        (suspected(care={"dexamethasone": Care("contraindicated", at(1), "x")}), S.EXCLUDED, "c"),
        (suspected(primary="lymphoma"), S.EXCLUDED, "lymphoma or myeloma"),
        (suspected(primary="lymphoma", doses=(start(1),)), S.MET, ""),
        (suspected(deficit="no"), S.NOT_APPLICABLE, ""),
        (suspected(as_of=at(2)), S.RUNNING, ""),
        (suspected(**gone(90)), S.NOT_MET, "closed without it"),
    ],
)
def test_dexamethasone_is_given_soon(journey, status, what):
    said = verdict("dexamethasone_4h", journey)
    assert said.status is status
    assert said.reason.startswith(what)


def ruled_out(*doses, told=((MSCC, 0),), **others):
    scan = mri(5, outcome="ruled_out", reported_at=at(8))
    given = {"confirmed": "ruled_out", "scans": (scan,), "doses": doses}
    return facts(*told, **{**given, **others})


def test_it_is_stopped_when_it_is_ruled_out():
    key = "dexamethasone_stopped"
    stopped = ruled_out(start(1), Dose("stop", at(10)))
    assert (verdict(key, stopped).status, verdict(key, stopped).seconds) == (S.MET, 2 * HOUR)
    told = ((MSCC, 0), (K.DEXAMETHASONE_STARTED, 1), (K.DEXAMETHASONE_STOPPED, 9))
    assert verdict(key, ruled_out(told=told)).seconds == HOUR
    assert verdict(key, ruled_out(start(1))).status is S.RUNNING
    assert verdict(key, ruled_out(start(1), **gone(30))).status is S.NOT_MET
    assert verdict(key, ruled_out(start(1), Dose("stop", at(7)))).status is S.NOT_APPLICABLE
    assert verdict(key, ruled_out(start(4), Dose("stop", at(3)))).flag == "negative_interval"
    assert verdict(key, ruled_out()).status is S.NOT_APPLICABLE
    assert verdict(key, ruled_out(start(1), scans=())).status is S.MISSING
    assert verdict(key, found(doses=(start(1),))).status is S.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("doses", "status"),
    [
        ((start(1), Dose("plan", at(31))), S.MET),
        ((start(1), Dose("change", at(31), 8)), S.MET),
        ((start(1), Dose("change", at(20), 8)), S.RUNNING),  # before treatment: no taper of it
        ((start(1), Dose("change", at(31), 20)), S.RUNNING),
        ((start(1), Dose("stop", at(60))), S.MET),
        ((start(1), Dose("stop", at(20))), S.NOT_APPLICABLE),
        ((start(1), Dose("stop", at(20)), start(25)), S.RUNNING),
        ((), S.NOT_APPLICABLE),
    ],
)
def test_it_is_reduced_after_treatment(doses, status):
    treated = found((K.RADIOTHERAPY_STARTED, 30), doses=doses)
    assert verdict("dexamethasone_tapered", treated).status is status


def test_a_taper_nobody_planned_is_a_failure_when_the_stay_is_over():
    treated = found((K.RADIOTHERAPY_STARTED, 30), doses=(start(1),), **gone(99))
    assert verdict("dexamethasone_tapered", treated).status is S.NOT_MET
    died = replace(treated, destination="died")
    assert verdict("dexamethasone_tapered", died).status is S.EXCLUDED
    assert verdict("dexamethasone_tapered", found(doses=(start(1),))).status is S.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("care", "protection", "glucose"),
    [
        ("given", S.MET, S.MET),
        ("declined", S.MET, S.EXCLUDED),  # NG234 says offer the one, monitor the other
        ("contraindicated", S.EXCLUDED, S.EXCLUDED),
        ("not_applicable", S.EXCLUDED, S.EXCLUDED),
    ],
)
def test_what_goes_with_a_steroid(care, protection, glucose):
    both = {key: Care(care, at(2), "why") for key in ("stomach_protection", "glucose")}
    journey = suspected(doses=(start(1),), care=both)
    assert verdict("stomach_protection", journey).status is protection
    assert verdict("glucose", journey).status is glucose
    assert verdict("glucose", replace(journey, doses=())).status is S.NOT_APPLICABLE
