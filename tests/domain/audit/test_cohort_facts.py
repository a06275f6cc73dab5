"""What a kept row of an audit tells, and what the measures make of it."""

from datetime import UTC, datetime

import pytest

from audit.domain import cohort_facts
from audit.measures import registry
from audit.measures.followed import followed
from audit.measures.journey import Care, Decision, Dose
from audit.measures.verdict import Status
from referrals.clinical.milestones import MilestoneKind
from referrals.clinical.presentation import Answer
from tests.factories.people import OrganisationFactory, Place

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def hospital():
    return OrganisationFactory(kind="hospital", parent=Place.build().trust)


def test_a_kept_row_tells_its_journey(hospital):
    said = {
        "received_at": "2024-03-02T10:00:00+00:00",
        "suspected_at": "2024-03-02T09:00:00+00:00",
        "suspicion": "mscc",
        "confirmed": "mscc",
        "deficit_at_referral": True,
        "taken_at": "2024-03-02T10:05:00+00:00",
        "mri_at": "2024-03-03T09:00:00+00:00",
        "mri_whole_spine": True,
        "decided_at": "2024-03-03T12:00:00+00:00",
        "plan": "radiotherapy",
        "radiotherapy_at": "2024-03-04T12:00:01+00:00",
        "dexamethasone_at": "2024-03-02T11:00:00+00:00",
        "dexamethasone_mg": 16.0,
        "glucose": True,
        "vte_assessment": False,
        "mobility_at_referral": "walks_with_aid",
        "mobility_30": "cannot_walk",
        "died_on": "2024-05-20",
        "closed_at": "2024-03-10T12:00:00+00:00",
        "age": 71,
        "deprivation": 2,
    }
    facts = cohort_facts.journey(said, hospital, "old-audit", NOW)
    assert (facts.imported, facts.route, facts.hospital) == (True, "old-audit", hospital.pk)
    assert (facts.alliance, facts.trust) == (hospital.alliance_id, hospital.trust_id)
    assert (facts.deficit, facts.deficit_at_referral) == (Answer.YES, Answer.YES)
    assert [fact.kind for fact in facts.milestones] == [
        MilestoneKind.MSCC_SUSPECTED,
        MilestoneKind.RECEIVED,
        MilestoneKind.TAKEN,
        MilestoneKind.DEXAMETHASONE_STARTED,
        MilestoneKind.MRI_PERFORMED,
        MilestoneKind.DECISION_TO_TREAT,
        MilestoneKind.RADIOTHERAPY_STARTED,
        MilestoneKind.DISCHARGED,
    ]
    # Exactly 24 hours is within; a second more is not.
    assert {clock.kind: str(clock.state) for clock in facts.clocks} == {
        "contact_now": "met",
        "mri_24h": "met",
        "rt_24h": "missed",
        "report_urgent": "missed",
    }
    at = datetime(2024, 3, 3, 12, tzinfo=UTC)
    assert facts.decisions == (Decision(at, "radiotherapy"),)
    assert facts.doses == (Dose("start", datetime(2024, 3, 2, 11, tzinfo=UTC), 16.0),)
    assert facts.care == {
        "glucose": Care("given", facts.received_at),
        "vte_assessment": Care("not_given", facts.received_at),
    }
    assert facts.scans[0].outcome == "mscc"
    assert (facts.person.age, facts.person.deprivation, facts.person.sex) == (71, 2, "not_known")
    # Alive at 30 days, for they died on day 71; dead at 90.
    assert [(each.day, each.alive, each.mobility) for each in facts.later] == [
        (30, Answer.YES, "cannot_walk"),
        (90, Answer.NO, ""),
    ]


def test_a_journey_nobody_closed_is_over_all_the_same(hospital):
    said = {"received_at": "2024-03-02T10:00:00+00:00", "suspicion": "mscc"}
    facts = cohort_facts.journey(said, hospital, "old-audit", NOW)
    assert facts.closed_at == NOW
    assert facts.deficit is Answer.NOT_KNOWN
    assert facts.later == ()
    assert facts.scans == ()


def test_a_ct_counts_only_where_mri_was_contraindicated(hospital):
    said = {
        "received_at": "2024-03-02T10:00:00+00:00",
        "suspicion": "mscc",
        "ct_at": "2024-03-02T12:00:00+00:00",
    }
    plain = cohort_facts.journey(said, hospital, "x", NOW)
    assert MilestoneKind.CT_PERFORMED not in [fact.kind for fact in plain.milestones]
    unable = cohort_facts.journey(said | {"mri_contraindicated": True}, hospital, "x", NOW)
    assert MilestoneKind.CT_PERFORMED in [fact.kind for fact in unable.milestones]
    assert unable.scans[0].contraindicated


def test_a_lumbar_scan_is_no_whole_spine(hospital):
    said = {
        "received_at": "2024-03-02T10:00:00+00:00",
        "suspicion": "mscc",
        "mri_at": "2024-03-02T12:00:00+00:00",
        "mri_whole_spine": False,
    }
    facts = cohort_facts.journey(said, hospital, "x", NOW)
    assert facts.first(MilestoneKind.MRI_PERFORMED) is None
    assert facts.scans[0].whole_spine is False


def test_a_no_is_a_failure_and_a_blank_is_missing(hospital):
    said = {"received_at": "2024-03-02T10:00:00+00:00", "suspicion": "mscc"}
    number = registry.by_key("glucose").number
    verdicts = {}
    for name, more in (("yes", {"glucose": True}), ("no", {"glucose": False}), ("blank", {})):
        steroid = {"dexamethasone_at": "2024-03-02T11:00:00+00:00"}
        facts = cohort_facts.journey(said | steroid | more, hospital, "x", NOW)
        verdicts[name] = registry.judge_all(facts)[number].status
    assert verdicts == {"yes": Status.MET, "no": Status.NOT_MET, "blank": Status.MISSING}


def test_without_a_time_of_suspicion_its_clock_has_no_start(hospital):
    said = {
        "received_at": "2024-03-02T10:00:00+00:00",
        "suspicion": "mscc",
        "deficit_at_referral": True,
        "mri_at": "2024-03-02T11:00:00+00:00",
        "mri_whole_spine": True,
    }
    facts = cohort_facts.journey(said, hospital, "old-audit", NOW)
    measure = registry.by_key("qs56_3")
    assert registry.judge_all(facts)[measure.number].status is Status.MISSING


def test_who_left_on_a_day_nobody_wrote_down_was_not_followed_until_today(hospital):
    said = {
        "received_at": "2024-03-02T10:00:00+00:00",
        "suspicion": "mscc",
        "confirmed": "mscc",
        "destination": "home",
    }
    assert followed(cohort_facts.journey(said, hospital, "x", NOW)) == (None, False)
    dead = said | {"destination": "died"}
    assert followed(cohort_facts.journey(dead, hospital, "x", NOW)) == (None, False)
    # 2 to 20 March are 18 days, 2 to 10 March 8.
    dated = cohort_facts.journey(dead | {"died_on": "2024-03-20"}, hospital, "x", NOW)
    assert followed(dated) == (18, True)
    closed = said | {"closed_at": "2024-03-10T12:00:00+00:00"}
    assert followed(cohort_facts.journey(closed, hospital, "x", NOW)) == (8, False)


def test_suspected_when_it_was_received_its_contact_is_judged(hospital):
    said = {
        "received_at": "2024-03-02T10:00:00+00:00",
        "suspected_at": "2024-03-02T10:00:00+00:00",
        "taken_at": "2024-03-02T10:15:01+00:00",
        "suspicion": "mscc",
    }
    facts = cohort_facts.journey(said, hospital, "x", NOW)
    assert [fact.kind for fact in facts.milestones[:2]] == [
        MilestoneKind.MSCC_SUSPECTED,
        MilestoneKind.RECEIVED,
    ]
    contact = registry.by_key("target_contact_now").judge(facts)
    assert (contact.status, contact.seconds) == (Status.NOT_MET, 901)
    for key in ("target_mri_24h", "mri_24h_suspicion"):
        assert registry.by_key(key).judge(facts).status is Status.MISSING, key
