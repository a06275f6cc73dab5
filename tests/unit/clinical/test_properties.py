"""What holds for every case, across topics: random cases, drawn from the schema of a case."""

import copy
import json
from datetime import UTC, datetime

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from referrals.clinical import library
from referrals.clinical.assessment import RULES, TOPICS, assess, to_dict, version
from referrals.clinical.case import read_case, schema
from referrals.clinical.library import Strength
from referrals.clinical.milestones import Suspicion
from referrals.clinical.presentation import CORD_ITEMS, Answer
from referrals.clinical.reasoning import LOCAL, SUMMARY
from tests.factories.cases import any_case, strategy

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
CORD = [item.id for item in CORD_ITEMS]
# What must not be missed. What stands together is one escalation, said in several ways: which
# of them applies may depend on an answer, that one of them is said may not.
FIRST_DOSE = {
    "steroids.first_dose",
    "steroids.first_dose_unless_lymphoma",
    "steroids.examine_first",
    "steroids.haematology_first",
    "steroids.first_dose_and_haematology",
    "steroids.haematological",
    "steroids.haematological_with_signs",
    "steroids.haematological_not_shown",
}
WORSE = {"deterioration.neurology", "steroids.increase", "mobilisation.stop_and_reassess"}
NOT_JUDGED = {"deterioration.not_judged"}
LIE_FLAT = {"immobilisation.start"}
SCAN_NOW = {"imaging.mri_24h", "imaging.ct_24h"}
NO_CLOTS = {"thromboprophylaxis.mechanical", "thromboprophylaxis.devices_only"}
ESCALATIONS = (
    WORSE,
    FIRST_DOSE,
    NOT_JUDGED,
    LIE_FLAT,
    SCAN_NOW,
    {"radiotherapy.urgent"},
    {"surgery.as_soon_as_possible"},
    {"surgery.urgency"},
    {"pain.relief"},
    {"pain.refer"},
    NO_CLOTS,
    {"support.contact"},
)
# After a scan that showed no compression, a sign that is found is what brings these back.
AFTER_A_SCAN = (NOT_JUDGED, LIE_FLAT, SCAN_NOW, NO_CLOTS)
# These turn unknown into known without a question of today: what was before, and what a scan
# that nobody has read yet will show.
NOT_TODAY = {"case", "at", "suspicion", "confirmed", "presentation_before", "neurology_before"}


def leaves(of, path=()):
    """Every field of a case that can be not known, with its schema."""
    for name, told in of["properties"].items():
        if name not in NOT_TODAY:
            if name == "findings" or told.get("type") == "object":
                yield from leaves(told, (*path, name))
            elif told.get("type") != "array":
                yield (*path, name), told


LEAVES = list(leaves(schema()))


def at(case, path):
    for name in path:
        case = case.get(name, {})
    return case if case != {} else "not_known"


def told(case, path, value):
    case = copy.deepcopy(case)
    group = case
    for name in path[:-1]:
        group = group.setdefault(name, {})
    group[path[-1]] = value
    return case


def assessed(case):
    return assess(read_case(case).facts, AT)


def keys(found):
    return {each.key for each in found.conclusions}


@given(any_case())
@settings(max_examples=60)
def test_every_case_gets_an_answer_that_is_sound(case):
    found = assessed(case)
    assert found == assessed(json.loads(json.dumps(case)))
    assert [each for each in found.conclusions if found.conclusions.count(each) > 1] == []
    topics = [each.key.partition(".")[0] for each in found.conclusions]
    assert topics == sorted(topics, key=[name_of(each) for each in TOPICS].index)
    for each in found.conclusions:
        rule = RULES[each.key]
        assert each.applies is not Answer.NO
        assert each.strength in Strength
        assert each.text.endswith((".", "?")), each
        assert each.unknown or each.applies is Answer.YES, each
        assert set(rule.numbers) <= set(each.numbers), each
    said = json.loads(json.dumps(to_dict(found)))
    assert [each["key"] for each in said["conclusions"]] == [x.key for x in found.conclusions]


def name_of(topic):
    return topic.__name__.rpartition(".")[2]


@given(any_case())
@settings(max_examples=40)
def test_every_conclusion_names_where_it_comes_from(case):
    found = assessed(case)
    sources = [number for each in found.conclusions for number in each.numbers]
    sources += [number for step in found.triage.what_to_do_now for number in step.numbers]
    for source in (*sources, *found.triage.numbers):
        assert source in library.recommendations() or source.startswith((SUMMARY, LOCAL)), source
    assert all(each.numbers for each in found.conclusions)


def test_a_rule_has_one_name_and_stands_under_its_topic():
    every = [rule for topic in TOPICS for rule in topic.RULES]
    assert len({rule.key for rule in every}) == len(every) == len(RULES)
    for topic in TOPICS:
        assert {rule.key.partition(".")[0] for rule in topic.RULES} == {name_of(topic)}


@given(any_case(), st.sampled_from(CORD), st.sampled_from(["no", "not_known"]))
@settings(max_examples=60)
def test_a_cord_sign_never_lowers_the_urgency(case, sign, before):
    case.pop("suspicion", None)
    path = ("presentation", "findings", sign)
    less, more = (assessed(told(case, path, answer)) for answer in (before, "yes"))
    assert more.triage.urgency >= less.triage.urgency
    assert more.triage.suspicion is Suspicion.MSCC
    if "imaging.mri_24h" in keys(less) and case.get("confirmed", "not_known") == "not_known":
        assert "imaging.mri_24h" in keys(more)


@given(
    any_case(),
    st.sampled_from(["mscc", "spinal_metastases", "none"]),
    st.sampled_from(LEAVES).flatmap(
        lambda leaf: st.tuples(st.just(leaf[0]), strategy(leaf[0][-1], leaf[1]))
    ),
)
@settings(max_examples=250)
def test_what_is_not_known_never_hides_an_escalation(case, suspicion, answer):
    """An answer may end what was only possible. It reveals nothing that nobody had thought of."""
    path, value = answer
    assume(at(case, path) == "not_known" and value != "not_known")
    case["suspicion"] = suspicion
    before, after = assessed(case), assessed(told(case, path, value))
    assume(len(after.questions) <= len(before.questions))
    for escalation in ESCALATIONS:
        if keys(after) & escalation and not is_news(case, path, escalation):
            assert keys(before) & escalation, (escalation, path, value)


def is_news(case, path, escalation):
    """A problem found now that was never asked about before, or after a scan was read, answers
    no open question: it is itself what has to be told."""
    if case.get("confirmed") in ("ruled_out", "spinal_metastases"):
        if escalation in AFTER_A_SCAN:
            return True
    if escalation is NOT_JUDGED:
        return case.get("confirmed", "not_known") != "not_known"
    return escalation is WORSE and path in {("neurology", "bladder"), ("neurology", "bowel")}


@given(any_case())
@settings(max_examples=40)
def test_triage_says_which_open_question_could_raise_it(case):
    """Of all that is not known in the presentation, whatever could raise the urgency is asked."""
    case.pop("suspicion", None)
    found = assessed(case).triage
    for item in CORD_ITEMS:
        path = ("presentation", "findings", item.id)
        if at(case, path) == "not_known":
            worse = assessed(told(case, path, "yes")).triage
            assert worse.urgency <= found.urgency or item.question in found.unknown


def test_the_version_is_a_short_label_that_stays():
    assert version() == version()
    assert len(version()) == 12
    assert int(version(), 16) >= 0
