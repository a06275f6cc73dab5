"""Facts of treatment, drawn and changed; used by the tests of radiotherapy and surgery."""

from dataclasses import fields, replace

from hypothesis import strategies as st

from referrals.clinical.facts import (
    Disease,
    Facts,
    Haematology,
    Pain,
    Primary,
    Prognosis,
    Spine,
    Treatment,
)
from referrals.clinical.milestones import Suspicion
from referrals.clinical.neurology import Mobility, Neurology
from tests.unit.clinical.facts import NO, NOT_KNOWN, PAST, YES, presented


def with_treatment(facts, **values):
    return replace(facts, treatment=replace(facts.treatment, **values))


def any_group(group, **fixed):
    """Any facts of one group, most of them answers."""
    special = {
        "severity": st.one_of(st.none(), st.integers(0, 10)),
        "paralysed_days": st.one_of(st.none(), st.integers(0, 40)),
        "months_since_radiotherapy": st.one_of(st.none(), st.integers(0, 9)),
        "metastases": st.one_of(st.none(), st.integers(1, 6)),
        "primary": st.sampled_from(Primary),
        "haematology": st.sampled_from(Haematology),
        "prognosis": st.sampled_from(Prognosis),
    }
    answer = st.sampled_from([YES, NO, NOT_KNOWN])
    values = {each.name: special.get(each.name, answer) for each in fields(group)}
    return st.builds(group, **(values | fixed))


def any_facts(confirmed):
    return st.builds(
        Facts,
        st.sampled_from([Suspicion.MSCC, Suspicion.SPINAL_METASTASES]),
        st.just(presented(PAST)),
        confirmed,
        neurology=st.builds(
            Neurology,
            complete_paralysis=st.sampled_from([YES, NO, NOT_KNOWN]),
            mobility=st.sampled_from(Mobility),
        ),
        disease=any_group(Disease),
        pain=any_group(Pain),
        spine=any_group(Spine),
        treatment=any_group(Treatment),
    )
