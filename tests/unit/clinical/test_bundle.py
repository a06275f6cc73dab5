"""The care bundle: to whom each item applies, when it is due, and when it is due again."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.clinical import bundle
from referrals.clinical.bundle import Entry, Left, Moment, Status, Work
from referrals.clinical.bundle_applies import APPLIES
from referrals.clinical.facts import (
    Care,
    Confirmed,
    Disease,
    Facts,
    Haematology,
    Pain,
    Spine,
    Steroids,
    Treatment,
)
from referrals.clinical.library import LibraryError
from referrals.clinical.milestones import Suspicion
from referrals.clinical.neurology import Mobility, Neurology
from referrals.clinical.presentation import Answer, CancerStatus
from tests.unit.clinical.facts import PAST, presented

YES, NO, NOT_KNOWN = Answer.YES, Answer.NO, Answer.NOT_KNOWN
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REFERRED = {Moment.REFERRED: AT, Moment.SUSPECTED: AT}

QUIET = Facts(Suspicion.MSCC, presented(PAST))
WEAK = Facts(Suspicion.MSCC, presented(PAST, "limb_weakness", "progressive"))
PAINFUL = Facts(Suspicion.SPINAL_METASTASES, presented(PAST, "progressive"))
NOBODY = Facts(Suspicion.NONE, presented(PAST))
FOUND = replace(QUIET, confirmed=Confirmed.MSCC)
ON_STEROIDS = replace(WEAK, steroids=Steroids(given=YES, running=YES))


def applies(key, facts):
    return APPLIES[key](facts).answer


def of(key, facts, entries=(), moments=REFERRED):
    found = bundle.items(facts, entries, moments)
    return next(each for each in found if each.key == key)


def due(key, facts, entries=(), moments=REFERRED):
    return of(key, facts, entries, moments).due_at


def entry(key, status=Status.GIVEN, at=AT, **more):
    return Entry(key, status, at, **more)


@pytest.mark.parametrize(
    ("key", "facts", "expected"),
    [
        ("immobilisation", WEAK, YES),
        ("immobilisation", QUIET, NO),
        ("immobilisation", replace(QUIET, pain=Pain(on_movement=YES)), NOT_KNOWN),
        ("immobilisation", replace(WEAK, spine=Spine(stability_likely=YES)), NO),
        ("immobilisation", replace(PAINFUL, pain=Pain(severity=4, on_movement=YES)), YES),
        ("immobilisation", replace(PAINFUL, pain=Pain(severity=3, on_movement=YES)), NO),
        ("immobilisation", NOBODY, NO),
        ("dexamethasone", WEAK, YES),
        ("dexamethasone", QUIET, NO),
        ("dexamethasone", Facts(Suspicion.MSCC, presented(PAST, unknown=["gait"])), NOT_KNOWN),
        ("dexamethasone", replace(WEAK, confirmed=Confirmed.RULED_OUT), NO),
        ("dexamethasone", replace(WEAK, treatment=Treatment(surgery_performed=YES)), NO),
        (
            "dexamethasone",
            replace(
                PAINFUL,
                disease=Disease(haematology=Haematology.CONFIRMED, metastases_known=YES),
            ),
            YES,
        ),
        (
            "dexamethasone",
            replace(PAINFUL, disease=Disease(haematology=Haematology.NO, metastases_known=YES)),
            NO,
        ),
        ("stomach_protection", ON_STEROIDS, YES),
        ("stomach_protection", replace(WEAK, steroids=Steroids(given=YES, running=NO)), NO),
        ("stomach_protection", WEAK, NOT_KNOWN),
        ("glucose", replace(ON_STEROIDS, confirmed=Confirmed.RULED_OUT), YES),
        ("analgesia", PAINFUL, YES),
        ("analgesia", QUIET, NO),
        ("pain_assessment", Facts(Suspicion.MSCC, presented(PAST, other=NOT_KNOWN)), NOT_KNOWN),
        ("pain_plan", replace(PAINFUL, pain=Pain(severity=0)), NO),
        ("pain_review", PAINFUL, NO),
        ("pain_review", replace(PAINFUL, pain=Pain(reviewed_since_change=NO)), YES),
        ("pain_review", replace(PAINFUL, pain=Pain(reviewed_since_change=YES)), YES),
        ("vte_assessment", replace(PAINFUL, care=Care(in_hospital=YES)), YES),
        ("vte_assessment", replace(PAINFUL, care=Care(in_hospital=NO)), NO),
        ("stockings", QUIET, YES),
        ("stockings", PAINFUL, NO),
        ("compression_devices", replace(QUIET, care=Care(stockings_contraindicated=YES)), YES),
        ("compression_devices", replace(QUIET, care=Care(stockings_contraindicated=NO)), NO),
        ("anticoagulant", QUIET, NOT_KNOWN),
        ("anticoagulant", replace(QUIET, treatment=Treatment(surgery_performed=YES)), YES),
        ("skin", QUIET, YES),
        ("skin", PAINFUL, NOT_KNOWN),
        ("skin", replace(PAINFUL, spine=Spine(immobilised=YES)), YES),
        ("skin", replace(PAINFUL, neurology=Neurology(mobility=Mobility.CANNOT_WALK)), YES),
        (
            "skin",
            replace(
                PAINFUL,
                spine=Spine(immobilised=NO),
                neurology=Neurology(mobility=Mobility.UNAIDED),
            ),
            NO,
        ),
        ("bladder_bowel", QUIET, YES),
        ("bladder_bowel", replace(PAINFUL, neurology=Neurology(bowel=YES)), YES),
        ("fertility", replace(QUIET, treatment=Treatment(radiotherapy_considered=YES)), YES),
        ("fertility", QUIET, NOT_KNOWN),
        (
            "fertility",
            replace(
                QUIET,
                treatment=Treatment(radiotherapy_considered=YES, fertility_matters=NO),
            ),
            NO,
        ),
        ("care_plan", PAINFUL, YES),
        ("care_plan", NOBODY, NO),
        ("holistic_needs", FOUND, YES),
        ("holistic_needs", QUIET, NOT_KNOWN),
        ("holistic_needs", replace(FOUND, care=Care(able_to_take_part=NO)), NO),
        ("rehabilitation", replace(PAINFUL, disease=Disease(metastases_known=YES)), YES),
        ("specialist_rehabilitation", FOUND, NOT_KNOWN),
        ("end_of_life_care", FOUND, NOT_KNOWN),
        ("end_of_life_care", replace(FOUND, care=Care(end_of_life=YES)), YES),
        ("bereavement_support", replace(FOUND, care=Care(end_of_life=NO)), NO),
        ("discharge_planning", replace(QUIET, care=Care(in_hospital=YES)), YES),
        ("equipment_training", FOUND, YES),
    ],
)
def test_to_whom_an_item_applies(key, facts, expected):
    assert applies(key, facts) is expected


def test_with_suspected_lymphoma_and_signs_the_dose_does_not_wait_for_haematology():
    facts = replace(WEAK, disease=Disease(haematology=Haematology.SUSPECTED))

    assert "haematology at the same time" in " ".join(of("dexamethasone", facts).because)
    assert "haematology" not in " ".join(of("dexamethasone", WEAK).because)


@pytest.mark.parametrize(
    ("key", "facts", "moments", "expected"),
    [
        ("immobilisation", WEAK, {}, AT + HOUR),
        ("immobilisation", WEAK, {Moment.SUSPECTED: AT - 5 * HOUR}, AT - 4 * HOUR),
        ("immobilisation", WEAK, {Moment.SIGNS: AT + 30 * HOUR}, AT + 31 * HOUR),
        ("stomach_protection", ON_STEROIDS, {Moment.STEROIDS: AT + HOUR}, AT + 5 * HOUR),
        ("glucose", ON_STEROIDS, {Moment.STEROIDS: AT + HOUR}, AT + 5 * HOUR),
        ("holistic_needs", FOUND, {Moment.FOUND: AT + DAY}, AT + 8 * DAY),
        ("fertility", QUIET, {Moment.RADIOTHERAPY: AT}, None),
        ("stockings", PAINFUL, {}, None),
    ],
)
def test_an_item_is_due_so_long_after_the_first_of_its_moments(key, facts, moments, expected):
    assert due(key, facts, moments=REFERRED | moments) == expected


def test_what_is_not_known_to_apply_is_due_only_where_somebody_has_to_find_out():
    unexamined = Facts(Suspicion.MSCC, presented(PAST, other=NOT_KNOWN))

    assert due("dexamethasone", unexamined) == AT + HOUR
    assert due("immobilisation", unexamined) == AT + HOUR
    assert due("pain_assessment", unexamined) == AT + 4 * HOUR
    assert due("end_of_life_care", unexamined) is None
    assert of("end_of_life_care", unexamined).unknown


@pytest.mark.parametrize("status", list(Status))
def test_what_was_recorded_settles_an_item_until_something_brings_it_back(status):
    assert due("care_plan", QUIET, [entry("care_plan", status, reason="Why")]) is None


def test_the_latest_entry_holds_whatever_the_order_it_was_told_in():
    entries = [
        entry("stockings", Status.GIVEN, AT + HOUR, by="Sam"),
        entry("stockings", Status.CONTRAINDICATED, AT, reason="Ulcer"),
    ]
    found = of("stockings", QUIET, entries)

    assert (found.status, found.at, found.reason) == (Status.GIVEN, AT + HOUR, "")


def test_glucose_is_due_again_a_day_after_it_was_measured_and_not_once_it_was_declined():
    measured = entry("glucose", at=AT + 2 * HOUR)
    declined = entry("glucose", Status.DECLINED, AT + 3 * HOUR, reason="No")

    assert due("glucose", ON_STEROIDS, [measured]) == AT + 2 * HOUR + DAY
    assert due("glucose", ON_STEROIDS, [measured, declined]) is None
    stopped = replace(ON_STEROIDS, steroids=Steroids(given=YES, running=NO))
    assert due("glucose", stopped, [measured]) is None


def test_needs_are_assessed_again_when_they_changed_and_not_for_what_came_before():
    assessed = entry("holistic_needs", at=AT + DAY)
    before = REFERRED | {Moment.NEEDS_CHANGED: AT + DAY}
    after = REFERRED | {Moment.NEEDS_CHANGED: AT + 2 * DAY}

    assert due("holistic_needs", FOUND, [assessed], before) is None
    assert due("holistic_needs", FOUND, [assessed], after) == AT + 9 * DAY


def test_a_pain_plan_is_reviewed_after_each_change():
    facts = replace(PAINFUL, pain=Pain(severity=6, reviewed_since_change=NO))
    changed = REFERRED | {Moment.PAIN_CHANGED: AT + 2 * HOUR}
    reviewed = [entry("pain_review", at=AT + 3 * HOUR)]

    assert due("pain_review", facts, moments=changed) == AT + 2 * HOUR + DAY
    assert due("pain_review", facts, reviewed, changed) is None
    again = changed | {Moment.PAIN_CHANGED: AT + 4 * HOUR}
    assert due("pain_review", facts, reviewed, again) == AT + 4 * HOUR + DAY


def test_what_did_not_apply_is_thought_of_again_when_things_change_and_what_was_given_is_not():
    later = REFERRED | {Moment.STEROIDS: AT + 10 * HOUR}
    no = [entry("stomach_protection", Status.NOT_APPLICABLE, reason="No steroid")]
    yes = [entry("stomach_protection")]

    assert due("stomach_protection", ON_STEROIDS, no, later) == AT + 14 * HOUR
    assert due("stomach_protection", ON_STEROIDS, yes, later) is None


def outstanding(facts=NOBODY, **given):
    made = bundle.items(facts, (), REFERRED)
    defaults = {"is_open": True, "questions": {}, "reminders": {}}
    return bundle.outstanding(made, **{**defaults, **given})


def test_what_is_outstanding_is_what_is_due_the_next_first():
    found = outstanding(
        WEAK,
        questions={"q1": AT + 2 * HOUR},
        reminders={"dexamethasone_taper": AT - HOUR},
    )
    keys = [each.key for each in found]

    assert found == tuple(sorted(found, key=lambda each: (each.due_at, each.key)))
    assert keys[0] == "course.dexamethasone_taper"
    assert Work("opinion.q1", AT + 2 * HOUR) in found
    assert {"immobilisation", "dexamethasone", "analgesia"} < set(keys)


def test_nothing_is_outstanding_for_somebody_in_whom_nothing_is_suspected():
    assert outstanding() == ()


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        # The whole of the day is in time, on a London calendar: in October it ends by summer time.
        (
            Left(date(2026, 9, 24)),
            {"follow_up.30": "2026-10-24T23:00Z", "follow_up.90": "2026-12-24T00:00Z"},
        ),
        (Left(date(2026, 11, 21), frozenset({30})), {"follow_up.90": "2027-02-20T00:00Z"}),
        (Left(date(2026, 11, 21), frozenset({30, 90})), {}),
        (Left(date(2026, 11, 21), died=True), {}),
        (None, {}),
    ],
)
def test_of_somebody_who_left_only_the_follow_up_is_outstanding(left, expected):
    found = outstanding(WEAK, is_open=False, left=left, questions={"q": AT}, reminders={"r": AT})

    said = {each.key: f"{each.due_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}" for each in found}
    assert said == expected


def test_work_is_named_as_people_say_it():
    assert bundle.label_of("follow_up.30") == "Follow-up at 30 days"
    assert bundle.label_of("opinion.5f3c") == "Opinion"
    assert bundle.label_of("course.dexamethasone_taper") == "Dexamethasone course"
    assert bundle.label_of("skin") == "Skin and pressure ulcers"
    with pytest.raises(LibraryError):
        bundle.label_of("sking")


def test_every_item_says_where_it_comes_from_and_that_its_number_is_local():
    for each in bundle.all_items():
        assert each.note, each.key
        assert each.within_s > 0
        for number in each.numbers:
            assert re.fullmatch(r"1\.\d+\.\d+|(summary|local): .+", number), each.key


def test_an_item_comes_with_those_to_whom_it_applies():
    assert {each.key for each in bundle.all_items()} == set(APPLIES)


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "tea"},
        {"within": "soon"},
        {"counts_from": ["suspected"]},
        {"counts_from": ["breakfast", "referred"]},
        {"numbers": []},
    ],
)
def test_a_file_that_contradicts_itself_is_refused(wrong):
    row = {
        "key": "skin",
        "group": "G",
        "label": "L",
        "text": "T",
        "numbers": ["1.12.5"],
        "within": "PT6H",
        "counts_from": ["referred"],
        "note": "N",
    }
    assert bundle.read_items([row])
    with pytest.raises(LibraryError):
        bundle.read_items([row | wrong])


def test_the_same_item_twice_is_refused():
    row = {"key": "skin", "group": "G", "label": "L", "text": "T", "numbers": ["1.12.5"]}
    row |= {"within": "PT6H", "counts_from": ["referred"], "note": "N"}
    with pytest.raises(LibraryError):
        bundle.read_items([row, row])


ANSWERS = st.sampled_from(Answer)


@given(
    steroids=st.builds(Steroids, given=ANSWERS, running=ANSWERS),
    treatment=st.builds(Treatment, surgery_performed=ANSWERS, radiotherapy_started=ANSWERS),
    confirmed=st.sampled_from(Confirmed),
    suspicion=st.sampled_from(Suspicion),
    status=st.sampled_from(Status),
    hours=st.integers(0, 200),
)
def test_nothing_is_due_before_it_could_be_and_nothing_that_does_not_apply_is_due(
    steroids, treatment, confirmed, suspicion, status, hours
):
    facts = Facts(
        suspicion,
        presented(CancerStatus.PAST_OR_CURRENT, "gait"),
        confirmed=confirmed,
        steroids=steroids,
        treatment=treatment,
    )
    moments = REFERRED | {Moment.STEROIDS: AT + timedelta(hours=hours)}
    for each in bundle.items(facts, [entry("glucose", status)], moments):
        if each.applies is NO:
            assert each.due_at is None
        if each.due_at is not None:
            assert each.due_at > AT
