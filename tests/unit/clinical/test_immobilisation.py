import pytest

from referrals.clinical import immobilisation
from referrals.clinical.facts import NEWER_QUESTION, Confirmed, Facts, Pain, Spine
from referrals.clinical.library import Strength
from referrals.clinical.milestones import Suspicion
from referrals.clinical.neurology import Neurology
from referrals.clinical.presentation import CORD_ITEMS
from referrals.clinical.reasoning import LOCAL
from tests.unit.clinical.facts import CORD, NO, NOT_KNOWN, PAST, YES, presented

MSCC, METASTASES, NONE = Suspicion.MSCC, Suspicion.SPINAL_METASTASES, Suspicion.NONE
SIGNS = presented(PAST, "limb_weakness")
NO_SIGNS = presented(PAST, "night")
MOVES = presented(PAST, "mechanical")
UNEXAMINED = presented(PAST, "night", unknown=CORD)
UNASKED = presented(PAST, "night", unknown=["mechanical"])


def found(suspicion=MSCC, told=SIGNS, **more):
    return {each.key: each for each in immobilisation.conclude(Facts(suspicion, told, **more))}


def applies(key, *args, **more):
    one = found(*args, **more).get(f"immobilisation.{key}")
    return one.applies if one else NO


@pytest.mark.parametrize(
    ("suspicion", "told", "more", "expected"),
    [
        (MSCC, SIGNS, {}, YES),
        (MSCC, SIGNS, {"confirmed": Confirmed.MSCC}, YES),
        (MSCC, NO_SIGNS, {}, NO),
        (MSCC, UNEXAMINED, {}, NOT_KNOWN),
        (MSCC, NO_SIGNS, {"neurology": Neurology(power={"left_leg": 4})}, YES),
        (METASTASES, SIGNS, {}, YES),
        (METASTASES, UNEXAMINED, {}, NOT_KNOWN),
        (METASTASES, SIGNS, {"confirmed": Confirmed.SPINAL_METASTASES}, NOT_KNOWN),
        (METASTASES, NO_SIGNS, {"confirmed": Confirmed.SPINAL_METASTASES}, NO),
        (NONE, SIGNS, {}, YES),
        (NONE, NO_SIGNS, {}, NO),
        (MSCC, SIGNS, {"confirmed": Confirmed.RULED_OUT}, NOT_KNOWN),
        (MSCC, NO_SIGNS, {"confirmed": Confirmed.RULED_OUT}, NO),
        (MSCC, SIGNS, {"spine": Spine(stability_likely=YES)}, NO),
        (MSCC, SIGNS, {"spine": Spine(unstable=NO)}, NO),
        (MSCC, SIGNS, {"spine": Spine(stability_likely=YES, unstable=YES)}, YES),
        (MSCC, SIGNS, {"spine": Spine(stability_likely=NO)}, YES),
    ],
)
def test_mscc_with_signs_means_lying_flat_now_unless_the_spine_was_judged_stable(
    suspicion, told, more, expected
):
    assert applies("start", suspicion, told, **more) is expected
    assert applies("transport", suspicion, told, **more) is expected


def test_an_unexamined_person_lies_flat_until_somebody_has_looked():
    one = found(told=UNEXAMINED)["immobilisation.start"]
    assert "until the neurology has been examined" in one.text
    assert one.unknown == ("Are there neurological symptoms or signs?",)


@pytest.mark.parametrize(
    ("told", "pain", "expected"),
    [
        (MOVES, Pain(severity=3), NO),
        (MOVES, Pain(severity=4), YES),
        (MOVES, Pain(severity=10), YES),
        (MOVES, Pain(), NOT_KNOWN),
        (NO_SIGNS, Pain(severity=9), NO),
        (NO_SIGNS, Pain(severity=9, on_movement=YES), YES),
        (UNASKED, Pain(severity=9), NOT_KNOWN),
        (UNASKED, Pain(severity=3), NO),
        (presented(PAST, "mechanical", "severe_unremitting"), Pain(), YES),
        (presented(PAST, "mechanical", "severe_unremitting"), Pain(severity=3), NO),
        (presented(PAST, unknown=["mechanical", "severe_unremitting"]), Pain(), NOT_KNOWN),
    ],
)
def test_moderate_or_severe_pain_on_movement_is_a_reason_to_consider_it(told, pain, expected):
    for suspicion in (MSCC, METASTASES):
        assert applies("consider", suspicion, told, pain=pain) is expected


def test_what_must_be_done_is_not_also_only_considered():
    both = presented(PAST, "limb_weakness", "mechanical")
    keys = found(told=both, pain=Pain(severity=8))
    assert "immobilisation.start" in keys
    assert "immobilisation.consider" not in keys
    assert "immobilisation.unstable" not in keys


def test_an_unstable_spine_without_signs_or_pain_is_a_local_rule_and_says_so():
    one = found(METASTASES, NO_SIGNS, spine=Spine(unstable=YES))["immobilisation.unstable"]
    assert one.applies is YES
    assert one.numbers[0].startswith(LOCAL)
    assert applies("unstable", METASTASES, NO_SIGNS, spine=Spine(unstable=NO)) is NO
    painful = {"pain": Pain(severity=8), "spine": Spine(unstable=YES)}
    assert applies("unstable", METASTASES, MOVES, **painful) is NO


@pytest.mark.parametrize(
    ("spine", "supine", "position"),
    [
        (Spine(immobilised=YES, tolerates_supine=YES), YES, NO),
        (Spine(immobilised=YES, tolerates_supine=NO), NO, YES),
        (Spine(immobilised=YES), YES, NOT_KNOWN),
        (Spine(immobilised=NO, unstable=NO), NO, NO),
        (Spine(immobilised=NO), NOT_KNOWN, NOT_KNOWN),
        (Spine(), NOT_KNOWN, NOT_KNOWN),
    ],
)
def test_whoever_lies_flat_is_nursed_on_the_back_or_as_it_is_bearable(spine, supine, position):
    calm = presented(PAST)
    for key, expected in (("supine", supine), ("position", position)):
        assert applies(key, METASTASES, calm, spine=spine, pain=Pain(severity=0)) is expected


@pytest.mark.parametrize(
    ("spine", "expected"),
    [
        (Spine(immobilised=YES), YES),
        (Spine(immobilised=YES, expert_advice_sought=NO), YES),
        (Spine(immobilised=YES, expert_advice_sought=YES), NO),
        (Spine(), YES),
        (Spine(immobilised=NO), YES),
    ],
)
def test_an_expert_is_asked_about_whoever_lies_flat_or_is_about_to(spine, expected):
    assert applies("expert_advice", spine=spine) is expected


def test_not_knowing_whether_an_expert_was_asked_is_a_question_and_no_excuse():
    one = found(spine=Spine(immobilised=YES))["immobilisation.expert_advice"]
    assert immobilisation.EXPERT_QUESTION in one.unknown


def test_what_is_only_considered_leaves_the_expert_a_question():
    one = found(METASTASES, MOVES, pain=Pain(severity=5), spine=Spine(immobilised=NO))
    assert one["immobilisation.expert_advice"].applies is NOT_KNOWN
    assert "Will the person be immobilised?" in one["immobilisation.expert_advice"].unknown


@pytest.mark.parametrize(
    ("spine", "expected"),
    [
        (Spine(immobilised=YES), YES),
        (Spine(immobilised=YES, unstable=YES), NO),
        (Spine(immobilised=YES, stability_likely=YES), NO),
        (Spine(immobilised=YES, unstable=NO), YES),
        (Spine(immobilised=NO, unstable=NO), NO),
    ],
)
def test_stability_is_assessed_until_somebody_has_judged_it(spine, expected):
    assert applies("assess_stability", METASTASES, presented(PAST), spine=spine) is expected


@pytest.mark.parametrize(("lying", "expected"), [(YES, YES), (NO, NO), (NOT_KNOWN, NOT_KNOWN)])
def test_nobody_lies_flat_for_something_that_was_ruled_out(lying, expected):
    ruled_out = {"confirmed": Confirmed.RULED_OUT, "spine": Spine(immobilised=lying)}
    assert applies("end", told=NO_SIGNS, **ruled_out) is expected
    assert set(found(told=NO_SIGNS, **ruled_out)) <= {"immobilisation.end"}


@pytest.mark.parametrize("confirmed", [Confirmed.SPINAL_METASTASES, Confirmed.RULED_OUT])
def test_signs_that_may_be_newer_than_the_scan_are_asked_about(confirmed):
    keys = found(confirmed=confirmed, spine=Spine(immobilised=YES))
    start = keys["immobilisation.start"]
    assert start.unknown == (NEWER_QUESTION,)
    assert start.text.startswith("If the signs are newer")
    if end := keys.get("immobilisation.end"):
        assert (end.applies, end.unknown) == (NOT_KNOWN, (NEWER_QUESTION,))
    assert ("immobilisation.end" in keys) is (confirmed is Confirmed.RULED_OUT)


@pytest.mark.parametrize("suspicion", Suspicion)
def test_nobody_is_sat_up_while_there_are_signs_that_nobody_has_scanned(suspicion):
    assert applies("end", suspicion, spine=Spine(immobilised=YES)) is NO


def test_a_person_about_whom_nothing_is_known_is_never_left_without_a_question():
    unknown = presented(PAST, other=NOT_KNOWN)
    for suspicion in (MSCC, METASTASES):
        keys = found(suspicion, unknown)
        assert keys["immobilisation.start"].applies is NOT_KNOWN
        assert keys["immobilisation.consider"].applies is NOT_KNOWN
        assert keys["immobilisation.expert_advice"].applies is NOT_KNOWN
        assert all(each.unknown for each in keys.values())


@pytest.mark.parametrize("item", [item.id for item in CORD_ITEMS])
def test_any_cord_sign_counts(item):
    assert applies("start", told=presented(PAST, item)) is YES


def test_strengths_and_sources_are_the_guidelines():
    strengths = {rule.key.split(".")[1]: rule.strength for rule in immobilisation.RULES}
    assert {key for key, each in strengths.items() if each is Strength.CONSIDER} == {
        "consider",
        "unstable",
    }
    numbers = {number for rule in immobilisation.RULES for number in rule.numbers}
    assert {"1.4.1", "1.4.2", "1.4.3", "1.4.4"} <= numbers
