from datetime import UTC, datetime

import pytest

from referrals.clinical.case import read_case
from referrals.clinical.consistency import contradictions

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
YES_NO = [
    ("taper-before-start", "steroids.planned_taper", "steroids.given"),
    ("running-before-start", "steroids.running", "steroids.given"),
    ("worse-on-no-reduction", "steroids.worse_on_reduction", "steroids.given"),
    ("more-after-no-ct", "scans.more_needed_after_ct", "scans.ct_done"),
    (
        "recovered-from-no-surgery",
        "treatment.recovered_from_surgery",
        "treatment.surgery_performed",
    ),
    ("response-to-no-radiotherapy", "treatment.responded_well", "treatment.previous_radiotherapy"),
    ("plan-without-assessment", "pain.plan_agreed", "pain.assessed"),
]
BOTH = [
    ("unstable-and-stable", "spine.stability_likely", "spine.unstable"),
    ("lying-and-mobilising", "spine.mobilising", "spine.immobilised"),
    ("unstable-and-mobilising", "spine.mobilising", "spine.unstable"),
    (
        "conservative-and-radiotherapy",
        "treatment.conservative",
        "treatment.radiotherapy_started",
    ),
]


def told(**fields):
    """A case of "pain__severity=0" and the like."""
    case = {}
    for path, value in fields.items():
        group, _, name = path.partition("__")
        if name:
            case.setdefault(group, {})[name] = value
        else:
            case[group] = value
    return case


def asked(case):
    """The codes of what is asked about, each with its field."""
    return {each.code: each.field for each in contradictions(read_case(case).facts, AT)}


def pair(one, first, other, second):
    return told(**{one.replace(".", "__"): first, other.replace(".", "__"): second})


@pytest.mark.parametrize(("code", "field", "other"), YES_NO)
def test_what_follows_something_that_never_was_is_asked_about(code, field, other):
    assert asked(pair(field, "yes", other, "no")) == {code: field}
    for first, second in (("yes", "yes"), ("yes", "not_known"), ("no", "no"), ("not_known", "no")):
        assert asked(pair(field, first, other, second)) == {}


@pytest.mark.parametrize(("code", "field", "other"), BOTH)
def test_two_that_exclude_each_other_are_asked_about(code, field, other):
    assert asked(pair(field, "yes", other, "yes")) == {code: field}
    for first, second in (("yes", "no"), ("no", "yes"), ("not_known", "yes"), ("yes", "not_known")):
        assert asked(pair(field, first, other, second)) == {}


# SINS 13, the least that stands for an unstable spine.
UNSTABLE = {
    "level": "L1",
    "pain": "mechanical",
    "bone": "lytic",
    "alignment": "deformity",
    "collapse": "over_half",
    "posterior": "none",
}
NO_CANCER = {"cancer": "none"}
CONTRADICTORY = [
    (
        "primary-no-cancer",
        "disease.primary",
        told(presentation=NO_CANCER, disease__primary="lung"),
    ),
    ("confirmed-no-cancer", "confirmed", told(presentation=NO_CANCER, confirmed="mscc")),
    (
        "confirmed-no-cancer",
        "confirmed",
        told(presentation=NO_CANCER, confirmed="spinal_metastases"),
    ),
    (
        "metastases-no-cancer",
        "cancer",
        told(presentation=NO_CANCER, disease__metastases_known="yes"),
    ),
    (
        "blood-and-not",
        "disease.haematology",
        told(disease__primary="lymphoma", disease__haematology="no"),
    ),
    (
        "blood-and-not",
        "disease.haematology",
        told(disease__primary="myeloma", disease__haematology="no"),
    ),
    (
        "metastases-none-counted",
        "disease.metastases",
        told(disease__metastases=0, disease__metastases_known="yes"),
    ),
    (
        "paralysed-days-not-paralysed",
        "treatment.paralysed_days",
        told(treatment__paralysed_days=0, neurology__complete_paralysis="no"),
    ),
    (
        "paralysed-days-walks",
        "treatment.paralysed_days",
        told(treatment__paralysed_days=14, neurology__mobility="walks_with_help"),
    ),
    (
        "asymptomatic-with-signs",
        "treatment.asymptomatic",
        told(treatment__asymptomatic="yes", presentation={"findings": {"gait": "yes"}}),
    ),
    ("no-pain-and-pain", "pain.severity", told(pain__severity=0, pain__on_movement="yes")),
    (
        "no-pain-and-pain",
        "pain.severity",
        told(pain__severity=0, presentation={"findings": {"severe_unremitting": "yes"}}),
    ),
    (
        "movement-yes-and-no",
        "pain.on_movement",
        told(pain__on_movement="no", presentation={"findings": {"mechanical": "yes"}}),
    ),
    (
        "movement-yes-and-no",
        "pain.on_movement",
        told(pain__on_movement="yes", presentation={"findings": {"mechanical": "no"}}),
    ),
    *(
        (
            "no-pain-and-pain",
            "pain.severity",
            told(pain__severity=0, presentation={"findings": {item: "yes"}}),
        )
        for item in ("night", "progressive")
    ),
    (
        "severe-and-controlled",
        "pain.controlled",
        told(pain__severity=7, pain__controlled="yes"),
    ),
    *(
        ("escc-no-compression", "confirmed", told(confirmed=shown, scored__escc=grade))
        for shown in ("spinal_metastases", "ruled_out")
        for grade in ("2", "3")
    ),
    (
        "sins-and-stable",
        "spine.stability_likely",
        told(spine__stability_likely="yes", scored__lesions=[UNSTABLE]),
    ),
    *(
        (
            "metastases-none-counted",
            "disease.metastases",
            told(disease__metastases=0, confirmed=shown),
        )
        for shown in ("mscc", "spinal_metastases")
    ),
    (
        "metastases-many-and-few",
        "disease.oligometastases",
        told(disease__metastases=4, disease__oligometastases="yes"),
    ),
    (
        "metastases-scored-and-counted",
        "disease.metastases",
        told(disease__metastases=2, scored__vertebral="3_or_more"),
    ),
    (
        "metastases-scored-and-counted",
        "disease.metastases",
        told(disease__metastases=2, scored__vertebral="2", scored__extraspinal="1_to_2"),
    ),
    (
        "blood-and-solid",
        "disease.haematology",
        told(disease__primary="lung", disease__haematology="confirmed"),
    ),
    ("shown-not-reported", "confirmed", told(confirmed="mscc", scans__reported="no")),
    (
        "reported-not-done",
        "scans.reported",
        told(scans__reported="yes", scans__whole_spine_done="no", scans__ct_done="no"),
    ),
    (
        "ruled-out-treated",
        "confirmed",
        told(confirmed="ruled_out", treatment__radiotherapy_started="yes"),
    ),
    ("ruled-out-treated", "confirmed", told(confirmed="ruled_out", steroids__running="yes")),
    ("stopped-with-dose", "steroids.daily_mg", told(steroids__daily_mg=8, steroids__running="no")),
    (
        "months-since-none",
        "treatment.months_since_radiotherapy",
        told(treatment__months_since_radiotherapy=0, treatment__previous_radiotherapy="no"),
    ),
    (
        "walks-paralysed",
        "mobility",
        told(neurology__mobility="walks_unaided", neurology__complete_paralysis="yes"),
    ),
    (
        "walks-no-power",
        "mobility",
        told(
            neurology__mobility="walks_unaided",
            neurology__power={"left_leg": 0, "right_leg": 0},
        ),
    ),
    (
        "gait-onset-future",
        "gait",
        told(
            presentation={
                "findings": {"gait": {"answer": "yes", "onset": "2026-11-21T09:31:00+00:00"}}
            }
        ),
    ),
    (
        "frankel-walks",
        "frankel",
        told(scored__frankel="A", neurology__mobility="walks_with_aid"),
    ),
]
FITTING = [
    told(pain__severity=6, pain__controlled="yes"),
    told(pain__severity=7, pain__controlled="no"),
    told(pain__severity=0, presentation={"findings": {"tenderness": "yes"}}),
    told(confirmed="mscc", scored__escc="2"),
    told(confirmed="spinal_metastases", scored__escc="1c"),
    told(spine__stability_likely="no", scored__lesions=[UNSTABLE]),
    told(spine__stability_likely="yes", scored__lesions=[{**UNSTABLE, "bone": "not_known"}]),
    told(disease__metastases=1, confirmed="mscc"),
    told(disease__metastases=3, disease__oligometastases="yes"),
    told(disease__metastases=4, disease__oligometastases="no"),
    told(disease__metastases=3, scored__vertebral="3_or_more", scored__extraspinal="none"),
    told(disease__primary="lung", disease__haematology="suspected"),
    told(disease__primary="other", disease__haematology="confirmed"),
    told(disease__primary="lymphoma", disease__haematology="confirmed"),
    told(presentation=NO_CANCER, disease__primary="unidentified"),
    told(presentation=NO_CANCER, confirmed="ruled_out"),
    told(disease__primary="lymphoma", disease__haematology="suspected"),
    told(disease__primary="lung", disease__haematology="no"),
    told(disease__metastases=1, disease__metastases_known="yes"),
    told(disease__metastases=0, disease__metastases_known="no"),
    told(treatment__paralysed_days=14, neurology__mobility="cannot_walk"),
    told(neurology__complete_paralysis="no", neurology__mobility="walks_with_help"),
    told(treatment__asymptomatic="no", presentation={"findings": {"gait": "yes"}}),
    told(treatment__asymptomatic="yes", presentation={"findings": {"night": "yes"}}),
    told(pain__severity=1, pain__on_movement="yes"),
    told(pain__severity=0, pain__on_movement="no"),
    told(pain__on_movement="not_known", presentation={"findings": {"mechanical": "yes"}}),
    told(confirmed="mscc", scans__reported="not_known"),
    told(scans__reported="no"),
    told(scans__reported="yes", scans__whole_spine_done="no", scans__ct_done="yes"),
    told(scans__reported="yes", scans__whole_spine_done="yes", scans__ct_done="no"),
    told(confirmed="mscc", treatment__radiotherapy_started="yes"),
    told(confirmed="ruled_out", steroids__running="no"),
    told(steroids__daily_mg=0, steroids__running="no"),
    told(steroids__daily_mg=8, steroids__running="yes"),
    told(treatment__months_since_radiotherapy=3, treatment__previous_radiotherapy="yes"),
    told(
        presentation={"findings": {"gait": {"answer": "yes", "onset": "2026-11-21T09:30:00+00:00"}}}
    ),
]


@pytest.mark.parametrize(("code", "field", "case"), CONTRADICTORY)
def test_what_cannot_all_be_true_is_asked_about_and_names_its_field(code, field, case):
    assert asked(case) == {code: field}


@pytest.mark.parametrize("case", FITTING)
def test_what_can_be_true_together_is_not_asked_about(case):
    assert asked(case) == {}


def test_days_of_paralysis_are_asked_about_once():
    both = told(
        treatment__paralysed_days=3,
        neurology__complete_paralysis="no",
        neurology__mobility="walks_unaided",
    )
    assert asked(both) == {"paralysed-days-not-paralysed": "treatment.paralysed_days"}


def test_every_question_says_what_to_check_and_what_was_said():
    cases = [case for _, _, case in CONTRADICTORY]
    cases += [pair(one, "yes", other, "no") for _, one, other in YES_NO]
    cases += [pair(one, "yes", other, "yes") for _, one, other in BOTH]
    found = {
        each.code: each.sentence
        for case in cases
        for each in contradictions(read_case(case).facts, AT)
    }
    assert all(each.startswith("Check ") and each.endswith(".") for each in found.values())
    assert len(set(found.values())) == len(found)
    assert "myeloma" in found["blood-and-not"]
    assert "14 days" in found["paralysed-days-walks"]
    assert "walks only with another person's help" in found["paralysed-days-walks"]
    assert "0 days" in found["paralysed-days-not-paralysed"]
    assert "8 mg" in found["stopped-with-dose"]
    assert "SINS at L1 is 13" in found["sins-and-stable"]
    assert "0 months ago" in found["months-since-none"]
