"""Figures: many journeys added up by measure, month, place and group, with nothing dropped."""

from datetime import UTC, date, datetime, timedelta

import pytest

from audit.domain import figures, journeys
from audit.measures import registry
from audit.measures.period import Period
from audit.measures.tally import Tally, tally
from audit.measures.verdict import Status, Verdict
from audit.models import Journey
from mscc import clock
from referrals.clinical.milestones import MilestoneKind
from referrals.domain import milestones
from referrals.models import Referral
from tests.factories.people import Place
from tests.factories.referrals import AT, METASTASES, ReferralFactory, Team, command, refer

pytestmark = pytest.mark.django_db
MRI = registry.by_key("qs56_3")
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 1))
HALF_YEAR = Period(date(2026, 6, 1), date(2026, 11, 1))
LATER = AT + timedelta(hours=30)


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: LATER)
    return LATER


def alliance(team):
    return team.place.alliance


def _all():
    return list(Referral.objects.values_list("pk", flat=True))


def journey(place, month, status, **more):
    """A row as a rebuild would write it, with one verdict."""
    verdicts, seconds = [0] * (MRI.number + 1), [None] * (MRI.number + 1)
    verdicts[MRI.number], seconds[MRI.number] = status, more.pop("seconds", None)
    values = {
        "suspicion": "mscc",
        "deficit": "yes",
        "groups": {"sex": "female"},
        "received_at": datetime(month.year, month.month, 10, 9, tzinfo=UTC),
        "details": {},
        "imported": True,
    } | more
    row = Journey(
        alliance=place.alliance,
        trust=place.trust,
        hospital=place.hospital,
        month=month,
        verdicts=verdicts,
        seconds=seconds,
        as_of=AT,
        definitions=registry.definitions(),
        **values,
    )
    journeys.save([row])
    return row


def test_a_figure_counts_what_was_just_recorded(now):
    team = Team.build()
    ReferralFactory(team=team, scanned=True)
    journeys.rebuild(_all(), now)
    found = figures.totals(registry.ALL, alliance(team), NOVEMBER)
    assert found[MRI.number].met == 1
    assert set(found) == {each.number for each in registry.ALL}


def test_every_verdict_is_in_the_tally_and_equals_adding_them_up_one_by_one():
    place, other = Place.build(), Place.build()
    november = NOVEMBER.first
    given = [
        Verdict(Status.MET, seconds=900),
        Verdict(Status.MET, seconds=901),
        Verdict(Status.NOT_MET, "no_slot", seconds=90_000),
        Verdict(Status.NOT_MET),
        Verdict(Status.EXCLUDED, "ct_instead"),
        Verdict(Status.MISSING, "no_time", flag="negative_interval"),
        Verdict(Status.RUNNING),
        Verdict(Status.NOT_APPLICABLE),
        Verdict(Status.MET, label="a"),
    ]
    for each in given:
        said = {"reason": each.reason, "flag": each.flag, "label": each.label}
        said = {key: value for key, value in said.items() if value}
        details = {str(MRI.number): said} if said else {}
        journey(place, november, each.status, seconds=each.seconds, details=details)
    journey(other, november, Status.MET)  # a stranger's
    journey(place, date(2026, 10, 1), Status.MET)  # another month's
    found = figures.totals([MRI], place.hospital, NOVEMBER, include_imported=True)
    assert found[MRI.number] == tally(given)
    assert figures.totals([MRI], place.hospital, NOVEMBER)[MRI.number] == Tally()


def test_every_month_of_a_period_is_there_and_a_period_without_data_is_empty():
    place = Place.build()
    journey(place, date(2026, 8, 1), Status.MET)
    found = figures.monthly(MRI, place.alliance, HALF_YEAR, include_imported=True)
    assert [month.month for month in found] == [6, 7, 8, 9, 10, 11]
    assert [each.met for each in found.values()] == [0, 0, 1, 0, 0, 0]
    ahead = Period(date(2030, 1, 1), date(2030, 2, 1))
    assert all(each == Tally() for each in figures.monthly(MRI, place.alliance, ahead).values())
    assert figures.by_group(MRI, place.alliance, ahead, "age") == {}
    assert figures.survival(place.alliance, ahead) == []


def test_places_are_compared_also_those_without_any_and_strangers_never():
    place = Place.build()
    second = Place.build(place.alliance)
    stranger = Place.build()
    for status in (Status.MET, Status.NOT_MET):
        journey(place, NOVEMBER.first, status)
    journey(stranger, NOVEMBER.first, Status.MET)
    found = figures.by_place(MRI, place.alliance, NOVEMBER, "hospital", include_imported=True)
    assert {each.pk: tally.of for each, tally in found.items()} == {
        place.hospital.pk: 2,
        second.hospital.pk: 0,
    }
    trusts = figures.by_place(MRI, place.alliance, NOVEMBER, "trust", include_imported=True)
    assert {each.pk: tally.of for each, tally in trusts.items()} == {
        place.trust.pk: 2,
        second.trust.pk: 0,
    }
    with pytest.raises(ValueError, match="trust or by hospital"):
        figures.by_place(MRI, place.alliance, NOVEMBER, "ward")


@pytest.mark.parametrize("level", ["alliance", "trust", "hospital"])
def test_groups_and_splits_divide_the_whole_at_every_level(level):
    place = Place.build()
    at = getattr(place, level)
    journey(place, NOVEMBER.first, Status.MET, groups={"sex": "female"}, deficit="yes")
    journey(place, NOVEMBER.first, Status.NOT_MET, groups={"sex": "male"}, deficit="no", seconds=5)
    journey(place, NOVEMBER.first, Status.MET, groups={}, suspicion="spinal_metastases")
    asked = {"include_imported": True}
    groups = figures.by_group(MRI, at, NOVEMBER, "sex", **asked)
    assert {key: (each.met, each.not_met) for key, each in groups.items()} == {
        "": (1, 0),
        "female": (1, 0),
        "male": (0, 1),
    }
    deficits = figures.split(MRI, at, NOVEMBER, "deficit", **asked)
    assert {key: each.of for key, each in deficits.items()} == {"no": 1, "yes": 2}
    assert deficits["no"].times.n == 1
    assert set(figures.split(MRI, at, NOVEMBER, "suspicion", **asked)) == {
        "mscc",
        "spinal_metastases",
    }
    for by in ("hour", "weekday"):
        (only,) = figures.split(MRI, at, NOVEMBER, by, **asked).items()
        assert only[0] == {"hour": "9", "weekday": "2"}[by]
        assert only[1].of == 3
    with pytest.raises(ValueError, match="split by"):
        figures.split(MRI, at, NOVEMBER, "name")


def test_the_hour_is_local_on_both_sides_of_a_clock_change():
    place = Place.build()
    summer = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)  # 23:30 in London, Saturday
    winter = datetime(2026, 10, 25, 23, 30, tzinfo=UTC)  # 23:30 in London, Sunday
    for received in (summer, winter):
        journey(place, date(2026, 10, 1), Status.MET, received_at=received)
    october = Period(date(2026, 10, 1), date(2026, 10, 1))
    asked = {"include_imported": True}
    hours = figures.split(MRI, place.hospital, october, "hour", **asked)
    assert {key: each.of for key, each in hours.items()} == {"23": 2}
    days = figures.split(MRI, place.hospital, october, "weekday", **asked)
    assert list(days) == ["6", "7"]


def test_behind_a_figure_are_its_journeys_and_no_others():
    place, stranger = Place.build(), Place.build()
    met = journey(place, NOVEMBER.first, Status.MET)
    late = journey(place, NOVEMBER.first, Status.NOT_MET)
    journey(place, NOVEMBER.first, Status.NOT_APPLICABLE)
    journey(stranger, NOVEMBER.first, Status.MET)
    asked = {"include_imported": True}
    assert set(figures.behind(MRI, place.trust, NOVEMBER, **asked)) == {met, late}
    assert list(figures.behind(MRI, place.trust, NOVEMBER, Status.NOT_MET, **asked)) == [late]
    assert not figures.behind(MRI, place.trust, NOVEMBER)


def test_a_missed_target_is_counted_before_anybody_says_why(now):
    team = Team.build()
    refer(team)
    journeys.rebuild(_all(), now)
    found = figures.breaches(alliance(team), NOVEMBER)
    assert found["mri_24h"] == {"": figures.Breaches(1, 0)}


def test_completeness_is_by_hospital_and_month_and_says_nothing_where_nobody_is_eligible():
    place = Place.build()
    empty = Place.build(place.alliance)
    for status in (Status.MET, Status.MISSING, Status.NOT_APPLICABLE):
        journey(place, NOVEMBER.first, status)
    journey(empty, NOVEMBER.first, Status.NOT_APPLICABLE)
    found = figures.completeness([MRI], place.alliance, HALF_YEAR, include_imported=True)
    assert found == {MRI.number: {place.hospital: {NOVEMBER.first: figures.Completeness(1, 2)}}}


def test_survival_counts_the_followed_by_day():
    place = Place.build()
    sick = {"confirmed": "mscc"}
    for days, died in ((3, True), (3, True), (30, False), (None, False)):
        journey(place, NOVEMBER.first, Status.MET, followed_days=days, died=died, **sick)
    # Somebody in whom it was ruled out says nothing of living with it.
    journey(place, NOVEMBER.first, Status.MET, followed_days=9, confirmed="ruled_out")
    found = figures.survival(place.alliance, NOVEMBER, include_imported=True)
    assert found == [(3, True, 2), (30, False, 1)]


def test_a_ward_has_no_figures():
    with pytest.raises(ValueError, match="alliance, a trust or a hospital"):
        figures.totals([MRI], Place.build().ward, NOVEMBER)


def test_a_figure_follows_a_correction(now):
    team = Team.build()
    referral = ReferralFactory(team=team, presentation=METASTASES, scanned=True)
    week = registry.by_key("qs56_2a")
    journeys.rebuild(_all(), now)
    assert figures.totals([week], alliance(team), NOVEMBER)[week.number].met == 1
    scan = referral.milestones.standing().get(kind=MilestoneKind.MRI_PERFORMED)
    back = milestones.Correction(scan.pk, None, "Another person's scan", confirmed=True)
    milestones.correct(referral.pk, back, command=command(team.coordinator, LATER))
    journeys.rebuild(_all(), now)
    assert figures.totals([week], alliance(team), NOVEMBER)[week.number].met == 0


def test_shares_by_month_are_those_of_the_tallies():
    place = Place.build()
    months = list(HALF_YEAR)
    given = [(months[0], Status.MET), (months[0], Status.NOT_MET), (months[0], Status.MISSING)]
    for month, status in [*given, (months[3], Status.MET)]:
        journey(place, month, status)
    found = figures.shares([MRI], place.alliance, HALF_YEAR, include_imported=True)
    assert found == {MRI.number: {months[0]: (1, 1), months[3]: (1, 0)}}
    assert figures.shares([MRI], place.alliance, HALF_YEAR) == {MRI.number: {}}
