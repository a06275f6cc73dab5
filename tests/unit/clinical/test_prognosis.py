"""The revised Tokuhashi score: its table, its cuts, and what is left open."""

from dataclasses import fields, replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.clinical.facts import Disease, Facts, Haematology, Primary
from referrals.clinical.library import LibraryError
from referrals.clinical.milestones import Suspicion
from referrals.clinical.prognosis import TABLE, Tokuhashi, answers_of, conclude, tokuhashi
from referrals.clinical.scored import KARNOFSKY, Extraspinal, Frankel, Organs, Scored, Vertebral
from referrals.clinical.scores import read
from tests.unit.clinical.facts import presented

ORDER = {
    "karnofsky": [30, 60, 90],
    "extraspinal": [Extraspinal.MANY, Extraspinal.FEW, Extraspinal.NONE],
    "vertebral": [Vertebral.MANY, Vertebral.TWO, Vertebral.ONE],
    "organs": [Organs.UNREMOVABLE, Organs.REMOVABLE, Organs.NONE],
    "primary": [
        Primary.LUNG,
        Primary.LIVER,
        Primary.OTHER,
        Primary.KIDNEY,
        Primary.RECTUM,
        Primary.BREAST,
    ],
    "palsy": [Frankel.A, Frankel.C, Frankel.E],
}
PRIMARIES = {
    0: "lung osteosarcoma stomach bladder oesophagus pancreas",
    1: "liver gallbladder unidentified",
    2: "other lymphoma myeloma",
    3: "kidney uterus",
    4: "rectum",
    5: "thyroid breast prostate carcinoid",
}


def asked_for(total):
    """Six answers that come to `total`."""
    for points in product(*(range(len(values)) for values in ORDER.values())):
        if sum(points) == total:
            return Tokuhashi(**{n: ORDER[n][p] for n, p in zip(ORDER, points, strict=True)})
    raise AssertionError(total)


NOTHING = asked_for(0)
anything = st.builds(
    Tokuhashi,
    karnofsky=st.none() | st.sampled_from(KARNOFSKY),
    performance_status=st.none() | st.integers(0, 4),
    extraspinal=st.sampled_from(Extraspinal),
    vertebral=st.sampled_from(Vertebral),
    organs=st.sampled_from(Organs),
    primary=st.sampled_from(Primary),
    palsy=st.sampled_from(Frankel),
)
whole = st.builds(Tokuhashi, **{name: st.sampled_from(values) for name, values in ORDER.items()})


def total_of(**answers):
    scored = tokuhashi(replace(NOTHING, **answers))
    return scored.low, scored.high


@pytest.mark.parametrize("name", list(ORDER))
def test_every_answer_is_worth_what_the_table_says(name):
    found = [total_of(**{name: value}) for value in ORDER[name]]
    assert found == [(points, points) for points in range(len(ORDER[name]))]


@pytest.mark.parametrize(("points", "names"), PRIMARIES.items())
def test_every_primary(points, names):
    for name in names.split():
        assert total_of(primary=Primary(name)) == (points, points), name


def test_no_primary_is_forgotten():
    listed = {Primary(name) for names in PRIMARIES.values() for name in names.split()}
    assert listed == set(Primary) - {Primary.NOT_KNOWN}
    assert total_of(primary=Primary.NOT_KNOWN) == (0, 5)


@pytest.mark.parametrize(
    ("karnofsky", "points"),
    [(10, 0), (40, 0), (50, 1), (70, 1), (80, 2), (100, 2)],
)
def test_karnofsky_at_its_edges(karnofsky, points):
    assert total_of(karnofsky=karnofsky) == (points, points)


@pytest.mark.parametrize(
    ("status", "points"), [(0, (2, 2)), (1, (1, 2)), (2, (1, 1)), (3, (0, 0)), (4, (0, 0))]
)
def test_performance_status_stands_for_karnofsky_and_one_leaves_a_point_open(status, points):
    assert total_of(karnofsky=None, performance_status=status) == points


def test_performance_status_one_asks_for_karnofsky():
    scored = tokuhashi(replace(NOTHING, karnofsky=None, performance_status=1))
    assert scored.questions == ("Is Karnofsky 70 or 80? Performance status 1 can be either.",)


def test_karnofsky_itself_goes_before_what_performance_status_suggests():
    assert total_of(karnofsky=30, performance_status=0) == (0, 0)


@pytest.mark.parametrize(("grade", "points"), [("A", 0), ("B", 0), ("C", 1), ("D", 1), ("E", 2)])
def test_frankel(grade, points):
    assert total_of(palsy=Frankel(grade)) == (points, points)


@pytest.mark.parametrize(
    ("count", "outside", "vertebrae"),
    [(0, 2, None), (1, 1, 2), (2, 1, 1), (3, 0, 0), (4, 0, 0)],
)
def test_counts_of_metastases_at_their_edges(count, outside, vertebrae):
    assert total_of(extraspinal=Extraspinal.of(count)) == (outside, outside)
    if vertebrae is not None:
        assert total_of(vertebral=Vertebral.of(count)) == (vertebrae, vertebrae)


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "under 6 months"),
        (8, "under 6 months"),
        (9, "at least 6 months"),
        (11, "at least 6 months"),
        (12, "at least 1 year"),
        (15, "at least 1 year"),
    ],
)
def test_the_bands_at_their_edges(total, band):
    scored = tokuhashi(asked_for(total))
    assert (scored.number, scored.band, scored.complete) == (str(total), band, True)


def test_a_range_over_a_cut_says_that_it_may_be_either():
    scored = tokuhashi(replace(asked_for(8), karnofsky=None, performance_status=1))
    assert (scored.low, scored.high) == (9, 10)
    low = replace(NOTHING, karnofsky=None, performance_status=1, primary=Primary.PROSTATE)
    scored = tokuhashi(replace(low, palsy=Frankel.E))
    assert (scored.low, scored.high) == (8, 9)
    assert scored.band == "may be under 6 months or at least 6 months"


@given(anything, st.sampled_from(list(ORDER)), st.data())
def test_every_component_is_monotone(asked, name, data):
    less, more = sorted(data.draw(st.tuples(*[st.integers(0, len(ORDER[name]) - 1)] * 2)))
    low = tokuhashi(replace(asked, **{name: ORDER[name][less]}))
    high = tokuhashi(replace(asked, **{name: ORDER[name][more]}))
    assert low.low <= high.low
    assert low.high <= high.high


@given(anything, whole)
def test_the_range_holds_every_total_that_a_completion_gives(asked, answers):
    gaps = {
        field.name: getattr(answers, field.name)
        for field in fields(Tokuhashi)
        if getattr(asked, field.name) == "not_known"
    }
    if asked.karnofsky is None:
        # Karnofsky asked for afterwards, as performance status allows.
        allowed = {None: KARNOFSKY, 0: (90, 100), 1: (70, 80), 2: (50, 60), 3: (30, 40)}
        choices = allowed.get(asked.performance_status, (10, 20))
        gaps["karnofsky"] = choices[answers.karnofsky % len(choices)]
    scored, completed = tokuhashi(asked), tokuhashi(replace(asked, **gaps))
    assert completed.complete
    assert scored.low <= completed.low <= scored.high
    assert set(completed.bands) <= set(scored.bands)


def facts_of(primary=Primary.PROSTATE, suspicion=Suspicion.MSCC, **scored):
    return Facts(suspicion, presented(), disease=Disease(primary), scored=Scored(**scored))


def concluded(**given):
    return {each.key: each for each in conclude(facts_of(**given))}


def test_the_estimate_names_its_total_its_open_questions_and_never_stands_alone():
    found = concluded(vertebral=Vertebral.ONE, karnofsky=70)
    assert set(found) == {"prognosis.estimate", "prognosis.supports"}
    assert "Revised Tokuhashi is 8 to 14 of 15" in found["prognosis.estimate"].text
    assert len(found["prognosis.estimate"].unknown) == 3
    assert found["prognosis.supports"].numbers == ("1.9.3",)
    assert "63%" in found["prognosis.supports"].text


@pytest.mark.parametrize("primary", [Primary.LYMPHOMA, Primary.MYELOMA])
def test_blood_cancers_are_not_in_the_table_and_that_is_said(primary):
    assert "prognosis.haematological" in concluded(primary=primary, organs=Organs.NONE)
    assert "prognosis.haematological" not in concluded(organs=Organs.NONE)


@pytest.mark.parametrize(
    ("haematology", "flagged"),
    [
        (Haematology.CONFIRMED, True),
        (Haematology.SUSPECTED, True),
        (Haematology.NO, False),
        (Haematology.NOT_KNOWN, False),
    ],
)
def test_a_blood_cancer_is_flagged_whichever_answer_says_so(haematology, flagged):
    facts = replace(
        facts_of(organs=Organs.NONE), disease=Disease(Primary.OTHER, haematology=haematology)
    )
    assert ("prognosis.haematological" in {each.key for each in conclude(facts)}) is flagged


def test_before_anything_is_counted_a_score_is_worth_considering():
    assert list(concluded(karnofsky=50)) == ["prognosis.consider"]
    assert conclude(facts_of(suspicion=Suspicion.NONE)) == ()


def test_a_table_that_contradicts_itself_does_not_load():
    def data(**wrong):
        options = [{"value": "a", "points": 0, "words": "A"}, {"value": "b", **wrong_option}]
        component = {"key": "c", "label": "C", "question": "C?", "options": options}
        band = {"low": 0, "high": 2, "key": "all", "words": "all"}
        return {
            "name": "N",
            "short_name": "N",
            "version": "1",
            "source": "here",
            "most": 2,
            "bands": [band],
            "components": [component],
        } | wrong

    wrong_option = {"points": 2, "words": "B"}
    assert read("fine", data()).most == 2
    gap = [{"low": 0, "high": 0, "key": "z", "words": "z"}] * 2
    for wrong in ({"most": 3}, {"bands": gap}):
        with pytest.raises(LibraryError):
            read("wrong", data(**wrong))
    wrong_option = {"value": "a", "points": 2, "words": "B"}
    with pytest.raises(LibraryError, match="twice"):
        read("wrong", data())


def test_what_is_stored_names_the_tables_answers():
    stored = answers_of(asked_for(15))
    assert set(stored) == {each.key for each in TABLE.components}
    assert all(stored[each.key] in each.options for each in TABLE.components)
