"""What every measure must say of itself, and that one journey is judged by all."""

import re
from dataclasses import replace

import pytest

from audit.measures import registry
from audit.measures.measure import Shape
from audit.measures.verdict import Status, Verdict
from tests.unit.measures.told import mri, suspected


def test_no_number_and_no_key_is_given_twice():
    assert len({each.number for each in registry.ALL}) == len(registry.ALL)
    assert len({each.key for each in registry.ALL}) == len(registry.ALL)
    assert min(each.number for each in registry.ALL) == 1


@pytest.mark.parametrize("measure", registry.ALL, ids=lambda each: each.key)
def test_a_measure_says_what_it_counts_and_from_when(measure):
    assert measure.section in registry.SECTIONS
    for words in (measure.name, measure.numerator, measure.denominator, measure.source):
        assert words.strip()
    if measure.shape is Shape.TIMED:
        assert measure.clock.startswith(("From ", "Between "))
    if measure.target_s is not None:
        assert measure.shape is Shape.TIMED
    assert re.match(r"NICE QS56 statement|NG234 1\.|Local|Management summary", measure.source)


def test_all_verdicts_are_at_the_place_of_their_number():
    journey = suspected(mri(5))
    said = registry.judge_all(journey)
    assert all(isinstance(each, Verdict) for each in said)
    for measure in registry.ALL:
        assert said[measure.number] == measure.judge(journey)
    assert said[0].status is Status.NOT_APPLICABLE
    assert len(said) == max(each.number for each in registry.ALL) + 1


def test_the_definitions_have_a_hash_that_changes_with_what_one_measure_counts(monkeypatch):
    hashed = registry.definitions.__wrapped__
    now = hashed()
    assert re.fullmatch("[0-9a-f]{16}", now)
    assert now == registry.definitions()
    first, *others = registry.ALL
    changes = ({"version": first.version + 1}, {"target_s": 1}, {"key": "another"})
    for change in changes:
        monkeypatch.setattr(registry, "ALL", (replace(first, **change), *others))
        assert hashed() != now, change
    # Words are not what is counted: mending them judges nothing anew.
    monkeypatch.setattr(registry, "ALL", (replace(first, note="Otherwise said."), *others))
    assert hashed() == now


def test_a_number_whose_measure_was_withdrawn_says_nothing_of_anybody():
    said = registry.judge_all(suspected())
    assert registry._tell(len(said) + 1).tell(None).status is Status.NOT_APPLICABLE
