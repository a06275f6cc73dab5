"""SINS: the published table, its cuts, and what a component nobody knows does to the total."""

from dataclasses import fields, replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.clinical import stability
from referrals.clinical.facts import Facts
from referrals.clinical.milestones import Suspicion
from referrals.clinical.presentation import Answer
from referrals.clinical.scored import (
    Alignment,
    Bone,
    Collapse,
    Lesion,
    LoadPain,
    Location,
    Posterior,
    Scored,
    level_of,
    location_of,
)
from referrals.clinical.stability import conclude, sins
from referrals.clinical.text import InputError
from tests.unit.clinical.facts import presented

LEVELS = ["", "O", "C1", "C5", "T1", "T6", "T12", "L3", "S1", "S4"]
# Of each component the answers from fewest points to most.
ORDER = {
    "level": ["S3", "T5", "L3", "T11"],
    "pain": [LoadPain.NONE, LoadPain.OCCASIONAL, LoadPain.MECHANICAL],
    "bone": [Bone.BLASTIC, Bone.MIXED, Bone.LYTIC],
    "alignment": [Alignment.NORMAL, Alignment.DEFORMITY, Alignment.TRANSLATION],
    "collapse": [Collapse.NONE, Collapse.INVOLVED, Collapse.UNDER_HALF, Collapse.OVER_HALF],
    "posterior": [Posterior.NONE, Posterior.UNILATERAL, Posterior.BILATERAL],
}
POINTS = {
    "level": [0, 1, 2, 3],
    "pain": [0, 1, 3],
    "bone": [0, 1, 2],
    "alignment": [0, 2, 4],
    "collapse": [0, 1, 2, 3],
    "posterior": [0, 1, 3],
}
OPEN = Lesion()


def any_lesion(unknown=True):
    """Lesions of every kind, `unknown` components and exactly half included or not."""
    more = {"level": LEVELS, "collapse": list(Collapse)} if unknown else {}
    extra = [] if not unknown else ["not_known"]

    def of(name):
        values = more.get(name, ORDER[name])
        kind = type(ORDER[name][0])
        return st.sampled_from([*values, *(kind(e) for e in extra if kind is not str)])

    return st.builds(Lesion, **{name: of(name) for name in ORDER})


def facts_of(*lesions, suspicion=Suspicion.MSCC):
    return Facts(suspicion, presented(), scored=Scored(lesions=lesions))


def lesion_of(total):
    """A lesion without an unknown that comes to `total`."""
    for values in product(*(zip(ORDER[n], POINTS[n], strict=True) for n in ORDER)):
        if sum(points for _, points in values) == total:
            return Lesion(*(value for value, _ in values))
    raise AssertionError(total)


@pytest.mark.parametrize("name", list(ORDER))
def test_every_answer_is_worth_what_the_table_says(name):
    base = lesion_of(0)
    worth = [sins(replace(base, **{name: value})) for value in ORDER[name]]
    assert [(each.low, each.high) for each in worth] == [(p, p) for p in POINTS[name]]


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "stable"),
        (6, "stable"),
        (7, "potentially unstable"),
        (12, "potentially unstable"),
        (13, "unstable"),
        (18, "unstable"),
    ],
)
def test_the_bands_at_their_edges(total, band):
    scored = sins(lesion_of(total))
    assert (scored.number, scored.band, scored.complete) == (str(total), band, True)
    assert scored.questions == ()


@pytest.mark.parametrize(
    ("levels", "location"),
    [
        ("O C1 C2 C7 T1 T2 T11 T12 L1 L5 S1", Location.JUNCTIONAL),
        ("C3 C4 C5 C6 L2 L3 L4", Location.MOBILE),
        ("T3 T4 T5 T6 T7 T8 T9 T10", Location.SEMI_RIGID),
        ("S2 S3 S4 S5", Location.RIGID),
    ],
)
def test_a_level_has_one_location(levels, location):
    assert {location_of(level) for level in levels.split()} == {location}


@pytest.mark.parametrize(
    ("typed", "level"),
    [("t10", "T10"), (" Th 4", "T4"), ("D12", "T12"), ("c02", "C2"), ("occiput", "O"), ("", "")],
)
def test_levels_as_people_write_them(typed, level):
    assert level_of(typed) == level
    assert Lesion(typed).level == level


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("T14", "There is no T14: the thoracic spine is T1 to T12."),
        ("C8", "There is no C8: the cervical spine is C1 to C7."),
        ("L6", "There is no L6: the lumbar spine is L1 to L5."),
        ("S6", "There is no S6: the sacral spine is S1 to S5."),
        ("T0", "There is no T0: the thoracic spine is T1 to T12."),
        ("T9-T10", "never added up"),
        ("T9, L1", "never added up"),
        ("T9 to T11", "never added up"),
        ("chest", "a letter and a number"),
        ("10", "a letter and a number"),
        ("T٣", "a letter and a number"),
    ],
)
def test_a_level_nobody_has_is_refused_with_what_to_do(typed, sentence):
    with pytest.raises(InputError) as refused:
        Lesion(typed)
    assert sentence in refused.value.sentence


def test_exactly_half_is_asked_about_and_never_guessed():
    known = replace(lesion_of(0), level="T5", pain=LoadPain.MECHANICAL)  # 4 without collapse
    half = sins(replace(known, collapse=Collapse.HALF))
    assert (half.low, half.high, half.complete) == (6, 7, False)
    assert half.band == "may be stable or potentially unstable"
    assert half.questions == (
        "Is the collapse more or less than 50%? The table does not say what exactly 50% counts.",
    )


def test_nothing_known_can_be_anything():
    scored = sins(OPEN)
    assert (scored.low, scored.high, len(scored.questions)) == (0, 18, 6)
    assert scored.band == "may be stable, potentially unstable or unstable"


def test_a_missing_answer_that_cannot_change_the_band_is_still_no_total():
    scored = sins(replace(lesion_of(18), bone=Bone.UNKNOWN))
    assert (scored.low, scored.high, scored.complete, scored.band) == (16, 18, False, "unstable")
    assert scored.questions == ("Is the bone lesion lytic, mixed or blastic?",)


@given(any_lesion(), st.sampled_from(list(ORDER)), st.data())
def test_every_component_is_monotone(lesion, name, data):
    less, more = sorted(data.draw(st.tuples(*[st.integers(0, len(ORDER[name]) - 1)] * 2)))
    low = sins(replace(lesion, **{name: ORDER[name][less]}))
    high = sins(replace(lesion, **{name: ORDER[name][more]}))
    assert low.low <= high.low
    assert low.high <= high.high


@given(any_lesion(), any_lesion(unknown=False))
def test_the_range_holds_every_total_that_a_completion_gives(lesion, answers):
    gaps = {
        field.name: getattr(answers, field.name)
        for field in fields(Lesion)
        if getattr(lesion, field.name) in ("", "not_known")
    }
    if lesion.collapse is Collapse.HALF:
        gaps["collapse"] = (
            answers.collapse
            if answers.collapse in (Collapse.OVER_HALF, Collapse.UNDER_HALF)
            else Collapse.OVER_HALF
        )
    scored, completed = sins(lesion), sins(replace(lesion, **gaps))
    assert completed.complete
    assert scored.low <= completed.low <= scored.high
    assert set(completed.bands) <= set(scored.bands)
    assert scored.complete == (not gaps)


def concluded(*lesions):
    return {each.key: each for each in conclude(facts_of(*lesions))}


def test_seven_asks_a_surgeon_and_six_does_not():
    assert "stability.surgical_consultation" not in concluded(lesion_of(6))
    asked = concluded(lesion_of(7))["stability.surgical_consultation"]
    assert asked.applies is Answer.YES
    assert {"1.9.1", "1.4.4"} <= set(asked.numbers)
    assert "potentially unstable" in asked.because[0]


def test_thirteen_is_unstable_and_twelve_is_not():
    assert "stability.unstable" not in concluded(lesion_of(12))
    assert concluded(lesion_of(13))["stability.unstable"].applies is Answer.YES


def test_levels_are_never_added_up():
    """Three lesions of 6 are three stable lesions, not a score of 18."""
    assert set(concluded(*[lesion_of(6)] * 3)) == {"stability.supports"}


def test_what_is_not_known_never_hides_the_surgeon():
    found = concluded(lesion_of(2), OPEN)
    asked = found["stability.surgical_consultation"]
    assert asked.applies is Answer.NOT_KNOWN
    assert "At which level is the lesion?" in asked.unknown
    assert found["stability.incomplete"].unknown == sins(OPEN).questions
    # One that reaches it settles it, whatever the others turn out to be.
    settled = concluded(lesion_of(9), OPEN)["stability.surgical_consultation"]
    assert (settled.applies, settled.unknown) == (Answer.YES, ())


@given(st.lists(any_lesion(), min_size=1, max_size=3))
def test_a_score_never_decides_alone(lesions):
    found = concluded(*lesions)
    assert found["stability.supports"].numbers == ("1.9.3",)
    most = max(sins(each).high for each in lesions)
    assert ("stability.surgical_consultation" in found) == (most >= stability.CONSULT)
    assert ("stability.unstable" in found) == (most >= stability.UNSTABLE)


def test_without_a_lesion_a_score_is_worth_considering_where_it_concerns_anybody():
    assert [each.key for each in conclude(facts_of())] == ["stability.consider"]
    assert conclude(facts_of(suspicion=Suspicion.NONE)) == ()
