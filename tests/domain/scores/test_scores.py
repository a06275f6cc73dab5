"""Keeping a score: what is written, what is refused, what is asked about."""

from datetime import timedelta

import pytest

from audit.models import Trail
from mscc import clock
from referrals.clinical.neurology import Mobility
from referrals.clinical.presentation import Answer
from referrals.clinical.scored import Frankel, LoadPain
from referrals.clinical.tools import Tool
from referrals.domain import closing, scores
from referrals.domain.queries.facts import facts_of
from referrals.domain.queries.person import story
from referrals.domain.queries.scores import latest_scores, prefill
from referrals.domain.refusals import IllegalTransition, Invalid, NeedsConfirmation
from referrals.domain.scores import ScoreDetails
from referrals.models import CancerHistory, Fitness, NeurologicalAssessment, PainAssessment
from tests.factories.referrals import ReferralFactory, Team, command

SIX = {
    "pain": "mechanical",
    "bone": "lytic",
    "alignment": "normal",
    "collapse": "none",
    "posterior": "none",
}
ASSESSED = {"assessed_by": "Dr Spine", "clinical_assessment": "Well, pain on standing, CT seen."}


@pytest.fixture
def team(db):
    return Team.build()


@pytest.fixture
def referral(team):
    return ReferralFactory(team=team, triaged=True, at=clock.now() - timedelta(hours=2))


@pytest.fixture
def keep(team, referral):
    """`keep(Tool.SINS, SIX, level="T10")`: that score, recorded now."""

    def record(tool, answers, **more):
        given = ScoreDetails(tool=tool, answers=answers, **{**ASSESSED, **more})
        return scores.record_score(
            referral.pk, given, command=command(team.coordinator, clock.now())
        )

    return record


def examined(referral, **found):
    at = clock.now() - timedelta(hours=1)
    NeurologicalAssessment.objects.create(
        referral=referral, occurred_at=at, recorded_at=at, **found
    )


def test_a_score_is_kept_with_its_inputs_its_table_and_who_assessed(keep, referral):
    version = referral.version
    keep(Tool.SINS, SIX, level="d12")
    score = referral.scores.get()
    assert (score.tool, score.level, score.low, score.high) == ("sins", "T12", 8, 8)
    assert score.inputs == SIX
    assert score.result == "SINS 8 of 18: potentially unstable"
    assert score.table_version == "SINS 2010, table 1"
    assert score.assessed_by == "Dr Spine"
    assert score.clinical_assessment == ASSESSED["clinical_assessment"]
    referral.refresh_from_db()
    assert referral.version == version + 1
    assert referral.care_stale
    row = Trail.objects.get(action="score_recorded")
    assert row.details["tool"] == "sins"
    assert row.details["complete"] is True


def test_an_incomplete_score_is_kept_as_a_range(keep, referral):
    keep(Tool.SINS, SIX | {"collapse": "half"}, level="T5")
    score = referral.scores.get()
    assert (score.low, score.high) == (8, 9)
    latest = latest_scores(story(referral))[0]
    assert not latest.complete
    assert ("Collapse of the vertebral body", "Exactly 50% (2 or 3 points, to be settled)") in (
        latest.lines
    )


@pytest.mark.parametrize(
    ("tool", "given", "field", "sentence"),
    [
        (Tool.SINS, {"level": "T14"}, "level", "There is no T14"),
        (Tool.SINS, {"level": "T9-T10"}, "level", "never added up"),
        (Tool.SINS, {"answers": {"pain": "2"}}, "pain", "one of the answers"),
        (Tool.SINS, {"answers": {"mood": "good"}}, "mood", "one of the answers"),
        (Tool.SINS, {"answers": {}}, "pain", "at least one question"),
        (Tool.SINS, {"assessed_by": " "}, "assessed_by", "Name the clinician"),
        (Tool.SINS, {"clinical_assessment": " "}, "clinical_assessment", "1.9.3"),
        (Tool.TOKUHASHI, {"level": "T9", "answers": {"organs": "none"}}, "level", "has no level"),
        (Tool.FRAILTY, {"answers": {"frailty": "10"}}, "frailty", "one of the answers"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(keep, referral, tool, given, field, sentence):
    with pytest.raises(Invalid) as refused:
        keep(tool, given.pop("answers", SIX), **given)
    assert sentence in refused.value.errors[field]
    assert not referral.scores.exists()


def test_a_scale_that_only_describes_needs_no_clinical_assessment(keep, referral):
    keep(Tool.FRANKEL, {"frankel": "D"}, clinical_assessment="")
    assert referral.scores.get().result == "Frankel D"


def test_what_does_not_fit_the_last_examination_is_asked_about(keep, referral):
    examined(referral, mobility=Mobility.UNAIDED.value)
    with pytest.raises(NeedsConfirmation) as asked:
        keep(Tool.FRANKEL, {"frankel": "A"})
    assert "Check Frankel A" in asked.value.errors["frankel"]
    assert not referral.scores.exists()
    keep(Tool.FRANKEL, {"frankel": "A"}, confirmed=True)
    assert referral.scores.get().result == "Frankel A"


def test_the_examination_of_that_time_counts_and_not_a_later_one(keep, referral):
    examined(referral, mobility=Mobility.UNAIDED.value)
    before = clock.now() - timedelta(minutes=90)
    keep(Tool.FRANKEL, {"frankel": "A"}, assessed_at=before)
    assert referral.scores.get().occurred_at == before


def test_a_score_of_tomorrow_is_refused(keep):
    with pytest.raises(Invalid):
        keep(Tool.SINS, SIX, assessed_at=clock.now() + timedelta(hours=1))


def test_nothing_is_scored_once_the_referral_is_closed(team, keep, referral):
    asking = command(team.coordinator, clock.now())
    closing.withdraw(referral.pk, closing.Withdrawal("Error"), command=asking)
    with pytest.raises(IllegalTransition):
        keep(Tool.SINS, SIX)


def test_performance_and_frailty_are_key_information_too(keep, referral):
    keep(Tool.PERFORMANCE, {"performance_status": "2", "karnofsky": "60"})
    keep(Tool.FRAILTY, {"frailty": "5", "before_illness": "yes"})
    keep(Tool.FRAILTY, {"frailty": "7", "before_illness": "not_known"})
    read = story(referral)
    assert read.facts["fitness.performance_status"] == 2
    assert read.facts["fitness.frailty"] == 5  # only as it was before the illness
    keep(Tool.PERFORMANCE, {"karnofsky": "60"})
    assert len(story(referral).fitness) == 2


def test_each_level_has_its_own_latest_and_keeps_the_earlier_ones(keep, referral):
    keep(Tool.FRANKEL, {"frankel": "D"})
    keep(Tool.SINS, SIX, level="T5")
    keep(Tool.SINS, SIX, level="L3")
    keep(Tool.SINS, SIX | {"bone": "blastic"}, level="T5")
    latest = latest_scores(story(referral))
    assert [each.title for each in latest] == ["SINS at T5", "SINS at L3", "Frankel grade"]
    assert [(each.score.low, len(each.earlier)) for each in latest[:2]] == [(4, 1), (7, 0)]
    assert latest[0].earlier[0].low == 6
    assert [each.words for each in latest[1:]] == [
        "SINS 7 of 18: potentially unstable (at L3)",
        "Frankel D",
    ]


def test_scores_are_facts_for_the_rules(keep, referral):
    keep(Tool.SINS, SIX, level="T5")
    keep(Tool.TOKUHASHI, {"organs": "none", "frankel": "D", "performance_status": "3"})
    keep(Tool.FRANKEL, {"frankel": "C"})
    keep(Tool.TOKUHASHI, {"vertebral": "2"})
    keep(Tool.AIS, {"normal": "no", "sacral": "yes"})
    keep(Tool.AIS, {"normal": "no"})
    keep(Tool.ESCC, {"escc": "2"}, level="T8")
    scored = facts_of(story(referral), clock.now()).scored
    assert [(each.level, each.pain) for each in scored.lesions] == [("T5", LoadPain.MECHANICAL)]
    assert (scored.organs, scored.vertebral) == ("none", "2")
    assert scored.frankel is Frankel.C
    assert scored.performance_status == 3
    assert scored.sacral_exam.sacral is Answer.NOT_KNOWN  # the later examination replaces it
    assert (scored.escc, scored.escc_level) == ("2", "T8")


def test_what_the_record_knows_is_filled_in_and_said(referral, keep):
    at = clock.now()
    common = {"referral": referral, "occurred_at": at, "recorded_at": at}
    CancerHistory.objects.create(
        primary="prostate", primary_site="Prostate, Gleason 9", other_metastases="liver", **common
    )
    Fitness.objects.create(performance_status=1, frailty=4, **common)
    PainAssessment.objects.create(on_movement="yes", **common)
    keep(Tool.FRANKEL, {"frankel": "D"})
    read = story(referral)
    found = prefill(read, Tool.TOKUHASHI)
    values = {name: value for name, (value, _) in found.items() if value}
    assert values == {"primary": "prostate", "performance_status": "1", "frankel": "D"}
    # A free text is shown beside the question and never read as an answer.
    assert found["organs"] == ("", "The record says: liver.")
    assert prefill(read, Tool.SINS)["pain"][0] == "mechanical"
    assert prefill(read, Tool.FRAILTY)["frailty"][0] == "4"
    assert prefill(read, Tool.ESCC) == {}


@pytest.mark.parametrize(
    ("site", "filled"), [("Prostate", "prostate"), ("lung.", "lung"), ("Non-small cell lung", "")]
)
def test_a_primary_in_words_is_filled_in_only_when_it_is_the_tables_own_word(
    referral, site, filled
):
    at = clock.now()
    CancerHistory.objects.create(
        referral=referral, occurred_at=at, recorded_at=at, primary_site=site
    )
    assert prefill(story(referral), Tool.TOKUHASHI)["primary"][0] == filled


def test_pain_that_does_not_get_worse_on_movement_is_not_filled_in(referral):
    at = clock.now()
    PainAssessment.objects.create(
        referral=referral, occurred_at=at, recorded_at=at, on_movement="no"
    )
    assert prefill(story(referral), Tool.SINS) == {}
