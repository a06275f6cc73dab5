"""What is not known hides nothing, and what is worse is never less urgent (1.10.4, 1.11.3)."""

from dataclasses import fields, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.clinical import radiotherapy, surgery
from referrals.clinical.facts import SEVERE_PAIN, Confirmed
from referrals.clinical.milestones import Suspicion
from tests.unit.clinical.facts import NOT_KNOWN, YES
from tests.unit.clinical.treating import any_facts


def found(facts, rule):
    concluded = (*radiotherapy.conclude(facts), *surgery.conclude(facts))
    return next((each for each in concluded if each.key == rule.key), None)


def applies(facts, rule):
    hit = found(facts, rule)
    return hit.applies if hit else None


def pain_against_itself(facts):
    """Severe pain on record as controlled: without the number the exception would hold."""
    pain = facts.pain
    return pain.controlled is YES and pain.severity is not None and pain.severity >= SEVERE_PAIN


GROUPS = ("disease", "pain", "spine", "treatment")


@settings(max_examples=150)
@given(any_facts(st.sampled_from([Confirmed.MSCC, Confirmed.NOT_KNOWN])), st.data())
def test_what_is_not_known_never_hides_urgent_radiotherapy(facts, data):
    if found(facts, radiotherapy.URGENT) is None:
        return
    group = data.draw(st.sampled_from(GROUPS))
    held = getattr(facts, group)
    name = data.draw(st.sampled_from([each.name for each in fields(held)]))
    unknown = getattr(type(held)(), name)
    if name == "severity" and pain_against_itself(facts):
        return
    less = replace(facts, **{group: replace(held, **{name: unknown})})
    assert found(less, radiotherapy.URGENT) is not None


RANK = {None: 0, NOT_KNOWN: 1, YES: 2}


URGENT = (radiotherapy.URGENT, surgery.SOON, surgery.STABILISE)


@settings(max_examples=200)
@given(any_facts(st.sampled_from([Confirmed.SPINAL_METASTASES, Confirmed.NOT_KNOWN])))
def test_finding_mscc_never_makes_treatment_less_urgent(facts):
    with_mscc = replace(facts, confirmed=Confirmed.MSCC, suspicion=Suspicion.MSCC)
    for rule in URGENT:
        assert RANK[applies(with_mscc, rule)] >= RANK[applies(facts, rule)]


@settings(max_examples=150)
@given(any_facts(st.sampled_from(Confirmed)))
def test_urgent_radiotherapy_is_never_both_offered_and_excepted(facts):
    keys = {each.key for each in radiotherapy.conclude(facts)}
    assert not {radiotherapy.URGENT.key, radiotherapy.EXCEPTED.key} <= keys


@settings(max_examples=150)
@given(any_facts(st.sampled_from(Confirmed)))
def test_what_may_apply_says_what_to_find_out_and_nothing_is_said_twice(facts):
    concluded = (*radiotherapy.conclude(facts), *surgery.conclude(facts))
    assert len({each.key for each in concluded}) == len(concluded)
    for each in concluded:
        assert each.applies is YES or each.unknown
