"""Scales that do not add up, and answers that do not fit together."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.clinical import scales
from referrals.clinical.facts import Facts
from referrals.clinical.milestones import Suspicion
from referrals.clinical.neurology import Mobility, Neurology
from referrals.clinical.presentation import Answer
from referrals.clinical.scales import (
    ais,
    cauda_equina,
    conclude,
    contradictions,
    escc_band,
    karnofsky_from,
    performance_from,
)
from referrals.clinical.scored import (
    FRAILTY,
    KARNOFSKY,
    PERFORMANCE,
    Escc,
    Frankel,
    Lesion,
    SacralExam,
    Scored,
)
from referrals.clinical.text import InputError
from tests.unit.clinical.facts import NO, NOT_KNOWN, YES, presented

NOBODY = Neurology()


@pytest.mark.parametrize(
    ("status", "low", "high"), [(0, 90, 100), (1, 70, 80), (2, 50, 60), (3, 30, 40), (4, 10, 20)]
)
def test_the_common_map(status, low, high):
    assert karnofsky_from(status) == (low, high)
    assert [performance_from(each) for each in (low, high)] == [status, status]


def test_every_step_of_a_scale_has_its_words():
    assert list(scales.PERFORMANCE) == list(PERFORMANCE)
    assert sorted(scales.KARNOFSKY) == list(KARNOFSKY)
    assert list(scales.FRAILTY) == list(FRAILTY)
    assert set(scales.FRANKEL) == set(Frankel) - {Frankel.UNKNOWN}
    assert set(scales.ESCC) == set(Escc) - {Escc.UNKNOWN}


@pytest.mark.parametrize(
    "wrong",
    [
        {"performance_status": 5},
        {"performance_status": -1},
        {"karnofsky": 0},
        {"karnofsky": 75},
        {"karnofsky": 110},
        {"frailty": 0},
        {"frailty": 10},
        {"frailty": True},
        {"escc_level": "T14"},
    ],
)
def test_what_is_off_its_scale_is_refused(wrong):
    with pytest.raises(InputError):
        Scored(**wrong)


@pytest.mark.parametrize(
    ("exam", "grades"),
    [
        (SacralExam(normal=NO, sacral=NO), "A"),
        (SacralExam(normal=NO, sacral=YES, motor=NO), "B"),
        (SacralExam(normal=NO, sacral=YES, motor=YES, half=NO), "C"),
        (SacralExam(normal=NO, sacral=YES, motor=YES, half=YES), "D"),
        (SacralExam(sacral=NO), "A"),
        (SacralExam(sacral=YES, motor=NO), "B"),
        (SacralExam(sacral=YES, motor=YES, half=NO), "C"),
        (SacralExam(normal=YES, earlier_deficit=YES), "E"),
        (SacralExam(normal=YES, earlier_deficit=NO), ""),
    ],
)
def test_a_whole_examination_gives_one_ais_grade(exam, grades):
    assert ais(exam) == (tuple(grades), ())


@pytest.mark.parametrize(
    ("exam", "grades", "asked"),
    [
        (SacralExam(normal=NO, motor=NO), "AB", [scales._SACRAL]),
        (SacralExam(normal=NO, motor=YES, half=YES), "AD", [scales._SACRAL]),
        (SacralExam(normal=NO, sacral=YES, motor=YES), "CD", [scales._HALF]),
        (SacralExam(normal=NO, sacral=YES), "BCD", [scales._MOTOR, scales._HALF]),
        (SacralExam(normal=YES), "E", [scales._EARLIER]),
        (
            SacralExam(),
            "ABCDE",
            [scales._NORMAL, scales._SACRAL, scales._MOTOR, scales._HALF],
        ),
    ],
)
def test_what_was_not_examined_leaves_grades_open(exam, grades, asked):
    found = ais(exam)
    assert found == (tuple(grades), tuple(asked))
    assert found.words.endswith("not settled")


exams = st.builds(SacralExam, *[st.sampled_from(Answer)] * 5)


@given(exams)
def test_no_complete_lesion_without_the_sacral_examination(exam):
    if exam.sacral is NOT_KNOWN and exam.normal is not YES:
        assert ais(exam).grades != ("A",)
        assert scales._SACRAL in ais(exam).questions


@given(exams)
def test_every_grade_that_an_answer_can_lead_to_was_possible_before(exam):
    names = ("normal", "earlier_deficit", "sacral", "motor", "half")
    open_ones = [name for name in names if getattr(exam, name) is NOT_KNOWN]
    known = {name: getattr(exam, name) for name in names}
    for answers in product((YES, NO), repeat=len(open_ones)):
        whole = SacralExam(**{**known, **dict(zip(open_ones, answers, strict=True))})
        if whole.normal is YES and NO in (whole.sacral, whole.motor, whole.half):
            continue  # One of the two is wrong, and is asked about.
        assert set(ais(whole).grades) <= set(ais(exam).grades)
        assert ais(whole).questions == ()


def test_no_ais_grade_for_somebody_who_never_had_a_deficit():
    assert "no earlier deficit" in ais(SacralExam(normal=YES, earlier_deficit=NO)).words
    assert ais(SacralExam(normal=YES, earlier_deficit=YES)).words == "AIS E"


@pytest.mark.parametrize(
    ("grade", "band"),
    [
        ("0", "low grade"),
        ("1a", "low grade"),
        ("1b", "low grade"),
        ("1c", "between low and high grade"),
        ("2", "high grade"),
        ("3", "high grade"),
        ("not_known", ""),
    ],
)
def test_epidural_compression_low_between_and_high(grade, band):
    assert escc_band(Escc(grade)) == band


@pytest.mark.parametrize(
    ("level", "below"),
    [("T12", False), ("L1", False), ("L2", True), ("L4", True), ("S1", True), ("", False)],
)
def test_where_the_cord_has_ended(level, below):
    assert cauda_equina(level) is below


def codes(seen=NOBODY, **scored):
    return [each.code for each in contradictions(Scored(**scored), seen)]


@pytest.mark.parametrize(
    ("scored", "seen", "code"),
    [
        ({"frankel": Frankel.A}, Neurology(Mobility.UNAIDED), "frankel-walks"),
        ({"frankel": Frankel.C}, Neurology(Mobility.WITH_AID), "frankel-walks"),
        ({"frankel": Frankel.B}, Neurology(power={"left_leg": 1}), "frankel-power"),
        ({"frankel": Frankel.E}, Neurology(power={"right_leg": 4}), "frankel-weak"),
        ({"frankel": Frankel.E}, Neurology(bladder=YES), "frankel-deficit"),
        ({"frankel": Frankel.D}, Neurology(complete_paralysis=YES), "frankel-paralysed"),
        ({"frankel": Frankel.A}, Neurology(complete_paralysis=NO), "frankel-not-paralysed"),
        ({"frankel": Frankel.B}, Neurology(complete_paralysis=NO), "frankel-not-paralysed"),
        ({"lesions": (Lesion("T10"), Lesion("L1"), Lesion("th 10"))}, NOBODY, "lesion-twice"),
        ({"performance_status": 4}, Neurology(Mobility.UNAIDED), "performance-walks"),
        ({"performance_status": 0}, Neurology(Mobility.CANNOT_WALK), "performance-cannot-walk"),
        ({"performance_status": 1, "karnofsky": 90}, NOBODY, "performance-karnofsky"),
        ({"escc": Escc.TWO, "escc_level": "L4"}, NOBODY, "escc-level"),
        ({"frailty": 7, "frailty_before": NO}, NOBODY, "frailty-now"),
        ({"sacral_exam": SacralExam(normal=YES, motor=NO)}, NOBODY, "ais-normal"),
        ({"sacral_exam": SacralExam(normal=YES)}, Neurology(power={"left_leg": 3}), "ais-weak"),
        ({"sacral_exam": SacralExam(motor=NO, half=YES)}, NOBODY, "ais-half"),
        ({"sacral_exam": SacralExam(sacral=NO, motor=YES)}, NOBODY, "ais-spared"),
    ],
)
def test_answers_that_do_not_fit_are_asked_about(scored, seen, code):
    assert codes(seen, **scored) == [code]


@pytest.mark.parametrize(
    ("scored", "seen"),
    [
        ({"frankel": Frankel.A}, Neurology(Mobility.CANNOT_WALK, {"left_leg": 0})),
        ({"frankel": Frankel.C}, Neurology(Mobility.CANNOT_WALK, {"left_leg": 2})),
        ({"frankel": Frankel.D}, Neurology(Mobility.WITH_AID, {"left_leg": 4})),
        ({"frankel": Frankel.E}, Neurology(Mobility.UNAIDED, {"left_leg": 5}, bladder=NO)),
        ({"frankel": Frankel.E}, NOBODY),
        ({"frankel": Frankel.C}, Neurology(complete_paralysis=NO)),
        ({"frankel": Frankel.A}, Neurology(complete_paralysis=YES)),
        ({"lesions": (Lesion("T10"), Lesion("T11"), Lesion(), Lesion())}, NOBODY),
        ({"performance_status": 4}, Neurology(Mobility.CANNOT_WALK)),
        ({"performance_status": 0}, Neurology(Mobility.UNAIDED)),
        ({"performance_status": 1, "karnofsky": 80}, NOBODY),
        ({"escc": Escc.TWO, "escc_level": "L1"}, NOBODY),
        ({"escc_level": "L4"}, NOBODY),
        ({"frailty": 7, "frailty_before": YES}, NOBODY),
        ({"frailty": 7}, NOBODY),
        ({"sacral_exam": SacralExam(normal=NO, sacral=YES, motor=YES, half=YES)}, NOBODY),
        ({"sacral_exam": SacralExam(normal=YES)}, Neurology(power={"left_leg": 5})),
    ],
)
def test_answers_that_fit_are_not(scored, seen):
    assert codes(seen, **scored) == []


def concluded(seen=NOBODY, **scored):
    facts = Facts(Suspicion.MSCC, presented(), neurology=seen, scored=Scored(**scored))
    return {each.key: each for each in conclude(facts)}


def test_what_the_scales_conclude():
    assert concluded() == {}
    assert set(concluded(escc=Escc.TWO)) == {"scales.high_grade"}
    assert concluded(escc=Escc.ONE_C) == {}
    found = concluded(Neurology(Mobility.UNAIDED), frankel=Frankel.A)
    assert "Check Frankel A" in found["scales.check"].text


def test_a_complete_lesion_waits_for_the_sacral_examination():
    found = concluded(sacral_exam=SacralExam(normal=NO, motor=NO))
    assert found["scales.sacral_examination"].unknown == (scales._SACRAL,)
    assert concluded(sacral_exam=SacralExam(normal=NO, sacral=NO)) == {}
