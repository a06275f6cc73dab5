"""Who was referred, when, by whom; and what was missed: worked out by hand."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from audit.measures.case_mix import referrer_class, words
from audit.measures.journey import Breached, Examined
from audit.measures.verdict import Status
from scheduling.models import BreachRecord
from tests.unit.measures.told import MSCC, at, facts, found, gone, suspected, verdict

S = Status


@pytest.mark.parametrize(
    ("received", "hour", "weekday", "out"),
    [
        ((2026, 6, 7, 23, 30), "00", "monday", S.MET),  # 00:30 on Monday in London
        ((2026, 6, 8, 7, 0), "08", "monday", S.NOT_MET),
        ((2026, 6, 8, 17, 0), "18", "monday", S.MET),
        ((2026, 12, 11, 17, 59), "17", "friday", S.NOT_MET),
        ((2026, 12, 12, 12, 0), "12", "saturday", S.MET),
        ((2026, 10, 25, 0, 30), "01", "sunday", S.MET),  # the hour that comes twice
        ((2026, 10, 25, 1, 30), "01", "sunday", S.MET),
    ],
)
def test_hours_and_days_are_those_of_the_wall(received, hour, weekday, out):
    journey = facts(received_at=datetime(*received, tzinfo=UTC))
    assert verdict("hour", journey).label == hour
    assert verdict("weekday", journey).label == weekday
    assert verdict("out_of_hours", journey).status is out


@pytest.mark.parametrize(
    ("role", "label"),
    [
        ("GP", "general_practice"),
        ("Consultant oncologist", "consultant"),
        ("FY1", "doctor"),
        ("Medical registrar", "doctor"),
        ("Ward nurse", "nurse"),
        ("CNS, breast", "nurse"),
        ("Physiotherapist", "therapist"),
        ("Paramedic", "ambulance"),
        ("Hospital administrator", "other"),
    ],
)
def test_roles_in_free_words_fall_in_few_classes(role, label):
    assert referrer_class(role) == label
    assert verdict("referrer", facts(referrer_role=role)).label == label


def test_what_is_not_known_is_missing_and_no_class():
    nothing = found(**gone(50))
    for key in ("primary", "performance_status", "deficit_at_referral", "mobility_at_referral"):
        assert verdict(key, nothing).status is S.MISSING
    for key in ("route", "referrer"):
        assert verdict(key, nothing).status is S.MISSING
    known = found(
        primary="breast",
        performance_status=0,
        deficit_at_referral="no",
        route="api",
        examined=(Examined(at(1), "cannot_walk"),),
    )
    labels = {
        "primary": "breast",
        "performance_status": "0",
        "deficit_at_referral": "no",
        "route": "api",
        "mobility_at_referral": "cannot_walk",
        "suspicion": "mscc",
        "confirmed": "mscc",
    }
    for key, label in labels.items():
        assert verdict(key, known).label == label


def test_nobody_is_confirmed_of_what_nobody_suspected():
    for key in ("mscc_of_suspected", "confirmed", "ruled_out", "mobility_at_referral"):
        assert verdict(key, facts(**gone(9))).status is S.NOT_APPLICABLE


def test_what_imaging_found_of_what_was_suspected():
    waiting, over = suspected(), suspected(**gone(50))
    ruled_out = suspected(confirmed="ruled_out")
    for key in ("confirmed", "ruled_out", "mscc_of_suspected"):
        assert verdict(key, waiting).status is S.RUNNING
        assert verdict(key, over).status is S.MISSING
        redirected = replace(over, state="redirected")
        assert verdict(key, redirected).status is S.NOT_APPLICABLE
    assert verdict("ruled_out", ruled_out).status is S.MET
    assert verdict("mscc_of_suspected", ruled_out).status is S.NOT_MET
    assert verdict("mscc_of_suspected", found()).status is S.MET


@pytest.mark.parametrize("state", ["redirected", "withdrawn"])
def test_how_referrals_end_is_counted_when_they_have_ended(state):
    assert verdict(state, facts((MSCC, 0))).status is S.RUNNING
    assert verdict(state, facts((MSCC, 0), **gone(9))).status is S.NOT_MET
    assert verdict(state, facts((MSCC, 0), state=state, closed_at=at(9))).status is S.MET


def test_missed_targets_are_explained_or_not():
    told = Breached("mri_24h", at(24), "no_slot", incident=False)
    untold = Breached("report_urgent", at(30))
    one, both = facts(breaches=(told,)), facts(breaches=(untold, told))
    assert verdict("breaches_explained", one).status is S.MET
    assert verdict("breaches_explained", both).status is S.NOT_MET
    assert verdict("breach_reason", both).label == "no_slot"
    assert verdict("breach_reason", facts(breaches=(untold,))).status is S.MISSING
    assert verdict("incidents", one).status is S.NOT_MET
    assert verdict("incidents", both).status is S.MISSING
    told = replace(told, incident=True)
    assert verdict("incidents", facts(breaches=(untold, told))).status is S.MET
    for key in ("breaches_explained", "breach_reason", "incidents"):
        assert verdict(key, facts()).status is S.NOT_APPLICABLE


def test_reasons_are_said_as_the_service_chose_them():
    for code, label in BreachRecord.Reason.choices:
        assert words(code) == label or code == "other"
    assert words("walks_unaided") == "Walks without help"
    assert words("general_practice") == "General practice"
    assert words("08") == "08"
    assert words("monday") == "Monday"
