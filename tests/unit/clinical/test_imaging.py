"""Which scan is due, how, where and when: imaging.conclude on everything that is known."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.clinical import imaging
from referrals.clinical.facts import NEWER_QUESTION, Confirmed, Disease, Facts, Scans, Spine
from referrals.clinical.library import Strength
from referrals.clinical.milestones import Suspicion
from referrals.clinical.neurology import Neurology
from referrals.clinical.presentation import Answer
from tests.unit.clinical.facts import CORD, NO, NOT_KNOWN, PAST, YES, presentations, presented

MSCC, METASTASES, NONE = Suspicion.MSCC, Suspicion.SPINAL_METASTASES, Suspicion.NONE
SIGNS = presented(PAST, "gait")
CALM = presented(PAST, "night")
UNEXAMINED = presented(PAST, "night", unknown=CORD)


UNSCANNED = Scans()


def found(suspicion=MSCC, told=SIGNS, scans=UNSCANNED, **more):
    facts = Facts(suspicion, told, scans=scans, **more)
    return {each.key: each for each in imaging.conclude(facts)}


def applies(key, *args, **more):
    one = found(*args, **more).get(f"imaging.{key}")
    return one.applies if one else NO


@pytest.mark.parametrize(
    ("suspicion", "told", "day", "week"),
    [
        (MSCC, SIGNS, YES, NO),
        (MSCC, CALM, YES, NO),
        (MSCC, UNEXAMINED, YES, NO),
        (METASTASES, CALM, NO, YES),
        (METASTASES, SIGNS, YES, NO),
        (METASTASES, UNEXAMINED, NOT_KNOWN, YES),
        (NONE, SIGNS, YES, NO),
        (NONE, CALM, NO, NO),
    ],
)
def test_mri_is_due_within_a_day_or_within_a_week(suspicion, told, day, week):
    assert applies("mri_24h", suspicion, told) is day
    assert applies("mri_1w", suspicion, told) is week
    no_mri = Scans(mri_contraindicated=YES)
    assert applies("ct_24h", suspicion, told, no_mri) is day
    assert applies("ct_1w", suspicion, told, no_mri) is week
    assert applies("mri_24h", suspicion, told, no_mri) is NO
    assert applies("mri_1w", suspicion, told, no_mri) is NO


def test_signs_seen_on_examination_count_like_signs_that_were_told():
    weak = {"neurology": Neurology(power={"left_leg": 4})}
    assert applies("mri_24h", METASTASES, CALM, **weak) is YES


def test_what_could_still_change_it_is_asked():
    one = found()["imaging.mri_24h"]
    assert one.unknown == ("Is MRI contraindicated?", "Has the whole spine been scanned?")
    known = Scans(mri_contraindicated=NO, whole_spine_done=NO)
    assert found(scans=known)["imaging.mri_24h"].unknown == ()


@pytest.mark.parametrize(
    ("scans", "mri", "ct"),
    [
        (Scans(), YES, NOT_KNOWN),
        (Scans(mri_contraindicated=NO), YES, NO),
        (Scans(mri_contraindicated=YES), NO, YES),
        (Scans(mri_contraindicated=YES, ct_done=YES), NO, NO),
        (Scans(mri_contraindicated=YES, ct_done=NO), NO, YES),
        (Scans(whole_spine_done=YES), NO, NO),
        (Scans(whole_spine_done=NO), YES, NOT_KNOWN),
    ],
)
def test_ct_takes_the_place_of_mri_only_when_it_is_contraindicated(scans, mri, ct):
    assert applies("mri_24h", scans=scans) is mri
    assert applies("ct_24h", scans=scans) is ct
    assert applies("sequences", scans=scans) is mri


@pytest.mark.parametrize("confirmed", [Confirmed.MSCC, Confirmed.SPINAL_METASTASES])
def test_no_scan_is_due_once_imaging_has_shown_what_it_is(confirmed):
    keys = found(told=CALM, confirmed=confirmed)
    due = ("mri_24h", "mri_1w", "ct_24h", "ct_1w", "radiologist", "overnight", "no_transfer")
    assert not {f"imaging.{key}" for key in due} & set(keys)
    assert "imaging.no_xray" in keys


def test_nothing_is_scanned_for_what_is_ruled_out_or_not_suspected():
    assert found(told=CALM, confirmed=Confirmed.RULED_OUT) == {}
    assert found(NONE, CALM) == {}


@pytest.mark.parametrize("confirmed", [Confirmed.SPINAL_METASTASES, Confirmed.RULED_OUT])
@pytest.mark.parametrize("suspicion", Suspicion)
def test_signs_that_may_be_newer_than_the_scan_want_another_within_a_day(suspicion, confirmed):
    done = Scans(whole_spine_done=YES, reported=YES, mri_contraindicated=NO)
    keys = found(suspicion, SIGNS, done, confirmed=confirmed)
    assert keys["imaging.mri_24h"].applies is NOT_KNOWN
    assert keys["imaging.mri_24h"].unknown == (NEWER_QUESTION,)
    assert "imaging.mri_1w" not in keys
    no_mri = found(suspicion, SIGNS, Scans(mri_contraindicated=YES), confirmed=confirmed)
    assert no_mri["imaging.ct_24h"].unknown == (NEWER_QUESTION,)
    assert "imaging.mri_24h" not in no_mri


def test_metastases_known_before_get_no_scan_only_to_look_early_also_without_suspicion():
    known = {"disease": Disease(metastases_known=YES)}
    assert applies("no_surveillance", NONE, presented(PAST), **known) is NOT_KNOWN
    assert applies("no_surveillance", NONE, presented(PAST)) is NO


@pytest.mark.parametrize(
    ("local", "no_transfer", "transfer"), [(YES, YES, NO), (NO, NO, YES), (NOT_KNOWN, YES, NO)]
)
def test_a_transfer_for_mri_is_only_for_when_it_cannot_be_done_locally(
    local, no_transfer, transfer
):
    scans = Scans(local_mri_possible=local)
    assert applies("no_transfer", scans=scans) is no_transfer
    assert applies("transfer", scans=scans) is transfer
    assert applies("transfer", METASTASES, CALM, scans) is NO


@pytest.mark.parametrize(
    ("night", "at_once", "go", "do_not"),
    [
        (YES, YES, YES, NO),
        (YES, NO, NO, YES),
        (YES, NOT_KNOWN, NOT_KNOWN, NO),
        (NO, YES, NO, NO),
        (NO, NO, NO, NO),
        (NOT_KNOWN, NO, NO, NOT_KNOWN),
        (NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NO),
    ],
)
def test_a_scan_at_night_is_only_for_treatment_that_starts_at_once(night, at_once, go, do_not):
    scans = Scans(overnight=night, treatment_at_once=at_once)
    assert applies("overnight", scans=scans) is go
    assert applies("not_overnight", scans=scans) is do_not


@pytest.mark.parametrize(
    ("whole", "ct", "reported", "expected"),
    [
        (YES, NO, NO, YES),
        (NO, YES, NO, YES),
        (YES, NO, YES, NO),
        (NO, NO, NO, NO),
        (YES, NO, NOT_KNOWN, NOT_KNOWN),
        (NOT_KNOWN, NO, NO, NOT_KNOWN),
    ],
)
def test_a_scan_that_was_done_is_reported_urgently(whole, ct, reported, expected):
    scans = Scans(whole_spine_done=whole, ct_done=ct, reported=reported)
    assert applies("report", scans=scans) is expected


KNOWN = {"disease": Disease(metastases_known=YES)}


@pytest.mark.parametrize(
    ("suspicion", "told", "only", "known", "expected"),
    [
        (METASTASES, CALM, YES, YES, YES),
        (METASTASES, CALM, NO, YES, NO),
        (METASTASES, CALM, NOT_KNOWN, YES, NOT_KNOWN),
        (METASTASES, SIGNS, YES, YES, NO),
        (METASTASES, UNEXAMINED, YES, YES, NOT_KNOWN),
        (MSCC, CALM, YES, YES, NO),
        (METASTASES, CALM, YES, NOT_KNOWN, NOT_KNOWN),
    ],
)
def test_nobody_is_scanned_only_to_look_early_for_compression(
    suspicion, told, only, known, expected
):
    scans, disease = Scans(only_to_detect_early=only), Disease(metastases_known=known)
    assert applies("no_surveillance", suspicion, told, scans, disease=disease) is expected
    if expected is YES:
        assert applies("mri_1w", suspicion, told, scans, disease=disease) is NO


def test_metastases_that_a_scan_has_shown_are_known_metastases():
    scans = Scans(only_to_detect_early=YES)
    more = {"confirmed": Confirmed.SPINAL_METASTASES}
    assert applies("no_surveillance", METASTASES, CALM, scans, **more) is YES


AFTER_CT = {"mri_contraindicated": YES, "ct_done": YES, "more_needed_after_ct": YES}


@pytest.mark.parametrize(
    ("changed", "here", "elsewhere", "first"),
    [
        ({"at_spinal_centre": YES}, YES, NO, NO),
        ({"at_spinal_centre": NO}, NO, YES, NO),
        ({}, NOT_KNOWN, NO, NO),
        ({"at_spinal_centre": YES, "ct_done": NO}, NO, NO, YES),
        ({"at_spinal_centre": YES, "ct_done": NOT_KNOWN}, NOT_KNOWN, NO, NOT_KNOWN),
        ({"at_spinal_centre": YES, "more_needed_after_ct": NO}, NO, NO, NO),
        ({"at_spinal_centre": YES, "mri_contraindicated": NO}, NO, NO, NO),
    ],
)
def test_myelography_comes_after_ct_and_only_at_a_spinal_centre(changed, here, elsewhere, first):
    scans = Scans(**(AFTER_CT | changed))
    assert applies("myelography", scans=scans) is here
    assert applies("myelography_elsewhere", scans=scans) is elsewhere
    assert applies("ct_before_myelography", scans=scans) is first


@pytest.mark.parametrize(
    ("confirmed", "planned", "spine", "expected"),
    [
        (Confirmed.MSCC, YES, Spine(), YES),
        (Confirmed.SPINAL_METASTASES, NO, Spine(unstable=YES), YES),
        (Confirmed.MSCC, NO, Spine(immobilised=YES), YES),
        (Confirmed.MSCC, NO, Spine(unstable=NO, immobilised=NO), NO),
        (Confirmed.MSCC, NOT_KNOWN, Spine(), NOT_KNOWN),
        (Confirmed.NOT_KNOWN, YES, Spine(), NOT_KNOWN),
    ],
)
def test_ct_is_reconstructed_to_judge_stability_and_to_plan(confirmed, planned, spine, expected):
    scans = Scans(procedure_planned=planned)
    assert applies("reconstruct", MSCC, SIGNS, scans, confirmed=confirmed, spine=spine) is expected


def test_a_plain_x_ray_is_never_the_scan():
    for suspicion, told in ((MSCC, SIGNS), (METASTASES, CALM)):
        one = found(suspicion, told)["imaging.no_xray"]
        assert (one.applies, one.strength, one.numbers) == (YES, Strength.DO_NOT, ("1.5.9",))


def test_every_recommendation_on_imaging_has_its_rule():
    numbers = {number for rule in imaging.RULES for number in rule.numbers}
    assert numbers == {f"1.5.{last}" for last in range(1, 11)}
    assert all(len(rule.text) <= 160 and rule.text.endswith(".") for rule in imaging.RULES)
    do_not = {rule.key for rule in imaging.RULES if rule.strength is Strength.DO_NOT}
    assert do_not == {
        "imaging.no_transfer",
        "imaging.not_overnight",
        "imaging.no_surveillance",
        "imaging.myelography_elsewhere",
        "imaging.ct_before_myelography",
        "imaging.no_xray",
    }


_URGENCY = {"imaging.mri_24h": 2, "imaging.ct_24h": 2, "imaging.mri_1w": 1, "imaging.ct_1w": 1}


def urgency(keys):
    """2 for a day, 1 for a week, 0 for none; what may apply counts as if it did."""
    return max((_URGENCY.get(key, 0) for key in keys), default=0)


@settings(max_examples=60)
@given(
    presentations(),
    st.sampled_from(CORD),
    st.sampled_from([MSCC, METASTASES]),
    st.sampled_from(Answer),
)
def test_neither_a_cord_sign_nor_an_open_question_makes_a_scan_less_urgent(
    told, sign, suspicion, contraindicated
):
    scans = Scans(mri_contraindicated=contraindicated)
    by_answer = {
        answer: urgency(found(suspicion, told.with_answer(sign, answer), scans))
        for answer in Answer
    }
    assert by_answer[YES] == 2
    assert by_answer[NOT_KNOWN] >= by_answer[NO]
