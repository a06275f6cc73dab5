"""What a report leaves out: shares that say nothing, and numbers that tell of a few people."""

from datetime import UTC, date, datetime, timedelta

import pytest

from audit.domain import composing, differences, drawing, report_words, reports
from audit.measures import registry
from audit.measures.measure import Shape
from audit.measures.period import Period
from audit.measures.tally import Tally, Times
from audit.measures.verdict import Status
from mscc import clock
from mscc.events import Actor
from scheduling.models import Shift
from tests.factories.people import Place, person
from tests.factories.reports import journeys_of

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
HALF = Period(date(2026, 4, 1), date(2026, 9, 1))
KEY = "qs56_3"
BY = Actor.system("test")
CLASSES = next(each for each in registry.ALL if each.shape is Shape.CLASSES)
TIMED = next(each for each in registry.ALL if each.shape is Shape.TIMED)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def place():
    return Place.build()


def of(report, key):
    return next(each for each in report.figures["measures"] if each["key"] == key)


def told_of(report):
    return report_words.told(composing.compose(report))


def row(told, name):
    rows = [each for section in told["sections"] for each in section["measures"]]
    return next(each for each in rows if each["name"] == name)


def classes(place, **people):
    for label, n in people.items():
        details = {str(CLASSES.number): {"label": label}}
        journeys_of(place, date(2026, 5, 1), CLASSES.key, {Status.MET: n}, details=details)


@pytest.mark.django_db
def test_people_counted_by_class_have_a_number_and_no_share(place):
    classes(place, breast=12, lung=6)
    report = reports.prepare(place.alliance, HALF, by=BY, at=AT)
    found = of(report, CLASSES.key)
    for cell in (found["now"], found["hospitals"][0]["cell"]):
        assert (cell["of"], cell["share"], cell["worst"]) == (18, None, None)
    told = row(told_of(report), CLASSES.name)
    assert (told["share"], told["worst"], told["bar"], told["n"]) == ("–", "–", None, "18")
    assert told["classes"] == [{"name": "Breast", "n": "12"}, {"name": "Lung", "n": "6"}]
    hospital = told["hospitals"][0]
    assert (hospital["share"], hospital["bar"], hospital["n"]) == ("–", None, "18")


@pytest.mark.django_db
def test_a_report_of_the_first_schema_is_read_without_its_share_of_classes(place):
    classes(place, breast=12, lung=6)
    report = reports.prepare(place.alliance, HALF, by=BY, at=AT)
    found = of(report, CLASSES.key)
    for cell in (found["now"], found["hospitals"][0]["cell"]):
        cell |= {"share": 1.0, "worst": 1.0}
    told = row(told_of(report), CLASSES.name)
    assert (told["share"], told["worst"], told["bar"]) == ("–", "–", None)
    assert told["hospitals"][0]["bar"] is None


def timed(n):
    cell = drawing.cell(Tally(met=n, times=Times({3: n})), TIMED)
    return cell["median_s"], cell["p90_s"]


def test_a_centile_is_shown_with_five_people_on_either_side_of_it():
    assert timed(9) == (None, None)
    assert timed(10) == (3600, None)  # the upper edge of the fourth quarter of an hour
    assert timed(49) == (3600, None)
    assert timed(50) == (3600, 3600)


@pytest.mark.django_db
def test_a_median_is_told_without_a_ninetieth_centile(place):
    months = (place, date(2026, 5, 1), TIMED.key, {Status.MET: 10})
    journeys_of(*months, seconds=3000)
    told = row(told_of(reports.prepare(place.alliance, HALF, by=BY, at=AT)), TIMED.name)
    assert told["times"].startswith("Half within 1 h")
    assert "nine of ten" not in told["times"]


@pytest.mark.django_db
def test_incidents_are_not_told_where_those_that_were_none_are_few(place):
    for n, incident in ((20, True), (2, False)):
        details = {"0": [["unheard_of", "", incident]]}
        journeys_of(place, date(2026, 5, 1), KEY, {Status.NOT_MET: n}, details=details)
    (breach,) = reports.prepare(place.alliance, HALF, by=BY, at=AT).figures["breaches"]
    assert (breach["n"], breach["incidents"]) == (22, None)


@pytest.mark.django_db
def test_cover_is_told_as_planned_and_not_at_all_without_a_turn(place):
    report = reports.prepare(place.alliance, HALF, by=BY, at=AT)
    assert told_of(report)["service"][0] == (
        "No turn is on the alliance's own rota as coordinator, so cover is not measured here "
        "(NG234 1.1.7)."
    )
    begins = datetime(2026, 3, 31, tzinfo=UTC)
    Shift.objects.create(
        organisation=place.alliance,
        role="coordinator",
        user=person("coordinator", place.alliance),
        starts_at=begins,
        ends_at=begins + timedelta(days=200),
    )
    report = reports.draw_again(report.pk, by=BY, at=AT)
    assert told_of(report)["service"][0] == (
        "By the rota as it was planned, somebody was on duty as coordinator for 100% of the time; "
        "nobody was missing at any time (NG234 1.1.7)."
    )


def issued(report, lead):
    by = Actor.user(lead)
    reports.send_for_review(report.pk, by=by, at=AT)
    reports.approve(report.pk, by=by, at=AT)
    return reports.issue(report.pk, by=by, at=AT)


def split(place, month, met, not_met):
    given = {Status.MET: met, Status.NOT_MET: not_met}
    journeys_of(place, month, KEY, {status: n for status, n in given.items() if n})


def numbers(cell):
    return cell["met"], cell["of"]


@pytest.mark.django_db
def test_a_new_version_does_not_tell_what_two_late_people_had(place):
    lead = person("alliance_lead", place.alliance)
    split(place, date(2026, 5, 1), 12, 6)
    old = issued(reports.prepare(place.alliance, HALF, by=BY, at=AT), lead)
    split(place, date(2026, 6, 1), 2, 0)
    new = reports.reissue(old.pk, "Two forms came late.", by=BY, at=AT)
    found = of(new, KEY)
    assert numbers(found["now"]) == (12, 18)
    assert [numbers(row["cell"]) for row in found["hospitals"]] == [(12, 18)]
    assert found["months"] == of(old, KEY)["months"]
    assert found["groups"] == of(old, KEY)["groups"]
    assert new.figures["referrals"] == 18
    told = told_of(new)
    assert report_words.AS_ISSUED in row(told, registry.by_key(KEY).name)["note"]
    assert told["differences"] == [
        f"{registry.by_key(KEY).name}: late data changed it by fewer than 5 people."
    ]
    # Drawn again it stays so.
    assert numbers(of(reports.draw_again(new.pk, by=BY, at=AT), KEY)["now"]) == (12, 18)


@pytest.mark.django_db
def test_a_new_version_tells_of_many_late_people(place):
    lead = person("alliance_lead", place.alliance)
    split(place, date(2026, 5, 1), 12, 6)
    old = issued(reports.prepare(place.alliance, HALF, by=BY, at=AT), lead)
    split(place, date(2026, 5, 1), 20, 10)
    found = of(reports.reissue(old.pk, "Many forms came late.", by=BY, at=AT), KEY)
    assert numbers(found["now"]) == (32, 48)
    assert [numbers(row["cell"]) for row in found["hospitals"]] == [(32, 48)]
    assert not found["as_issued"]


@pytest.mark.django_db
def test_the_months_before_stay_steady_in_a_new_version_too(place):
    lead = person("alliance_lead", place.alliance)
    split(place, date(2025, 11, 1), 6, 14)
    issued(reports.prepare(place.alliance, HALF.before, by=BY, at=AT), lead)
    split(place, date(2026, 5, 1), 12, 6)
    old = issued(reports.prepare(place.alliance, HALF, by=BY, at=AT), lead)
    split(place, date(2025, 12, 1), 2, 0)
    new = reports.reissue(old.pk, "Late forms.", by=BY, at=AT)
    assert numbers(of(new, KEY)["before"]) == (6, 20)
    assert new.figures["referrals_before"] == 20


def parted(of, **parts):
    counts = {"of": of, "met": of, "missing": 0, "excluded": 0, "running": 0}
    named = [{"name": name, "n": n} for name, n in parts.items()]
    return counts | {"share": None, "worst": None, "completeness": 1.0, "classes": named}


def test_a_class_that_one_person_changed_is_not_told_beside_the_old_one():
    then = parted(30, breast=20, lung=10)
    # Nobody came, and one was corrected: as it was issued.
    corrected = differences.steady(then, parted(30, breast=19, lung=11))
    assert corrected["classes"] == then["classes"]
    # Twenty came, one of them with lung cancer.
    late = differences.steady(then, parted(50, breast=39, lung=11))
    assert late["of"] == 50
    assert [one["n"] for one in late["classes"]] == [None, None]
    many = parted(50, breast=30, lung=20)
    assert differences.steady(then, many) == many


def test_a_definition_that_counts_a_few_otherwise_does_not_tell_what_they_had():
    counts = {"missing": 0, "excluded": 0, "running": 0, "share": None}
    then, few, many = ({"of": n, "met": n} | counts for n in (20, 22, 30))
    said = [{"key": "one", "name": "One", "version": 1, "now": then}]

    def told(now):
        return differences.explain(said, {"one": now}, {"one": 2})[0]

    assert (told(few)["then"], told(few)["now"]) == (None, None)
    assert (told(many)["then"]["of"], told(many)["now"]["of"]) == (20, 30)
    words = report_words._difference(told(few), {"sections": []})
    assert words.endswith("changed (version 1 to 2) for fewer than 5 people.")


def test_missed_targets_that_two_people_changed_are_told_as_they_were_issued():
    def figures(n):
        reasons = [{"why": "No scanner", "n": n}]
        breaches = [{"name": "MRI", "n": n, "incidents": 0, "reasons": reasons}]
        service = {"new_cases": n, "followed": n, "median_days": 10 * n}
        counts = {"referrals": n, "referrals_before": n}
        return counts | {"measures": [], "breaches": breaches, "service": service}

    old, few, many = figures(20), figures(22), figures(30)
    differences.keep_version_steady(few, old)
    assert few == old
    differences.keep_version_steady(many, old)
    assert many == figures(30)


def table(*rows):
    """Hospitals with so many people, all of whom met it; None is not shown."""
    named = zip("ABC", rows, strict=False)
    counts = ("missing", "excluded", "running")
    nobody = dict.fromkeys(counts, 0)
    return [{"name": name, "cell": {"of": n, "met": n} | nobody} for name, n in named]


def keeps(then, now):
    """Whether the table is printed as it was issued; of each, the total and the rows."""

    def measure(whole, *rows):
        cell = table(whole)[0]["cell"] | {"share": None, "worst": None, "completeness": None}
        both = {"now": cell, "before": cell, "hospitals": table(*rows), "months": [], "groups": []}
        return both | {"key": "one", "version": 1, "better": "more"}

    rest = {"referrals": 0, "referrals_before": 0, "breaches": []}
    rest["service"] = {"new_cases": 0, "followed": 0, "median_days": None}
    figures = {"measures": [measure(*now)]} | rest
    differences.keep_version_steady(figures, {"measures": [measure(*then)]} | rest)
    (found,) = figures["measures"]
    assert found["hospitals"] == table(*(then if found["as_issued"] else now)[1:])
    return found["as_issued"]


def test_a_table_stands_as_issued_where_a_few_could_be_worked_out():
    assert keeps((40, 20, 20), (62, 40, 22))  # the second by two
    assert keeps((40, 20, 20), (42, 10, 32))  # the rows by many, all together by two
    # Two that are not shown came from 8 to 10 together, as the total tells.
    assert keeps((40, 32, None, None), (60, 50, None, None))
    assert keeps((30, 10, 20, 0), (33, None, 20, None))


def test_a_table_is_printed_anew_where_many_came_though_not_all_is_shown():
    assert not keeps((40, 20, 20), (80, 40, 40))
    assert not keeps((0, 0, 0, 0), (137, 90, None, None))
    assert not keeps((40, 32, None, None), (60, 40, None, None))
