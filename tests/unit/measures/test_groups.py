"""The groups of 1.1.13: everybody is in one class of each, also when nobody knows which."""

import pytest

from audit.measures.groups import CUTS, classes, ethnic_group
from audit.measures.journey import Person


def test_whoever_is_not_known_is_counted_as_that():
    nobody = classes(Person(), 7)
    assert nobody.pop("hospital") == "7"
    assert set(nobody.values()) == {"not_known"}
    assert set(nobody) | {"hospital"} == set(CUTS)


@pytest.mark.parametrize(
    ("age", "group"),
    [
        (0, "under_50"),
        (49, "under_50"),
        (50, "50_59"),
        (69, "60_69"),
        (70, "70_79"),
        (80, "80_up"),
        (104, "80_up"),
        (-1, "not_known"),
    ],
)
def test_ages_fall_in_bands(age, group):
    assert classes(Person(age=age), 1)["age"] == group


@pytest.mark.parametrize(
    ("km", "group"),
    [(0.0, "under_10"), (9.99, "under_10"), (10.0, "10_25"), (25.0, "25_50"), (400.0, "50_up")],
)
def test_distances_fall_in_bands(km, group):
    assert classes(Person(distance_km=km), 1)["distance"] == group


@pytest.mark.parametrize(
    ("said", "group"),
    [
        ("White British", "white"),
        ("A", "white"),
        ("Caucasian", "white"),
        ("White Irish", "white"),
        ("Asian or Asian British - Indian", "asian"),
        ("Chinese", "asian"),
        ("R", "asian"),
        ("H1", "asian"),
        ("Black African", "black"),
        ("Any other Black background", "black"),
        ("Mixed: White and Asian", "mixed"),
        ("White and Black Caribbean", "mixed"),
        ("Arab", "other"),
        ("Any other ethnic group", "other"),
        ("Not stated", "not_known"),
        ("Z", "not_known"),
        ("British", "not_known"),
        ("", "not_known"),
    ],
)
def test_ethnicity_is_read_into_the_groups_of_the_census(said, group):
    assert ethnic_group(said) == group
    assert group in CUTS["ethnicity"].classes


@pytest.mark.parametrize(
    ("person", "group"),
    [
        (Person(language="English"), "english"),
        (Person(language="Polish"), "other"),
        (Person(language="Polish", interpreter_needed=True), "interpreter"),
        (Person(interpreter_needed=True), "interpreter"),
        (Person(interpreter_needed=False), "not_known"),
    ],
)
def test_an_interpreter_matters_more_than_the_language(person, group):
    assert classes(person, 1)["language"] == group


@pytest.mark.parametrize(
    ("fifth", "group"), [(1, "1"), (5, "5"), (0, "not_known"), (6, "not_known")]
)
def test_deprivation_is_a_fifth(fifth, group):
    assert classes(Person(deprivation=fifth), 1)["deprivation"] == group


def test_every_class_has_words():
    said = classes(Person(40, "female", "White", 1, "English", None, 3.0), "St Elsewhere")
    for key, group in said.items():
        assert key == "hospital" or CUTS[key].classes[group]
    assert classes(Person(sex="x"), 1)["sex"] == "not_known"
