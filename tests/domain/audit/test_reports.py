"""The twice-yearly report: drawn once, changed by nobody, explained afterwards."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from audit.domain import (
    composing,
    differences,
    drawing,
    reminders,
    report_words,
    reports,
    steering,
)
from audit.measures import registry
from audit.measures.period import Period
from audit.measures.verdict import Status
from audit.models import Comment, Report, ReportSent, SteeringGroup, Trail
from mscc import clock
from mscc.events import Actor
from referrals.domain.refusals import Conflict, Invalid
from scheduling.notify.models import Notice
from tests.factories.people import Place, UserFactory, person
from tests.factories.reports import journeys_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
HALF = Period(date(2026, 4, 1), date(2026, 9, 1))
KEY = "qs56_3"
BY = Actor.system("test")


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def place():
    return Place.build()


@pytest.fixture
def lead(place):
    return person("alliance_lead", place.alliance)


def ready(place):
    """A report with something in it."""
    journeys_of(place, date(2026, 5, 1), KEY, {Status.MET: 12, Status.NOT_MET: 6}, seconds=9000)
    journeys_of(place, date(2025, 11, 1), KEY, {Status.MET: 6, Status.NOT_MET: 14})
    return reports.prepare(place.alliance, HALF, by=BY, at=AT)


def of(report, key=KEY):
    return next(each for each in report.figures["measures"] if each["key"] == key)


def issued(report, approver, issuer=None, at=AT):
    reports.send_for_review(report.pk, by=Actor.user(approver), at=at)
    reports.approve(report.pk, by=Actor.user(approver), at=at)
    return reports.issue(report.pk, by=Actor.user(issuer or approver), at=at)


def test_a_report_says_how_many_met_it_now_and_before_and_whether_that_is_chance(place):
    report = ready(place)
    found = of(report)
    assert (found["now"]["met"], found["now"]["of"]) == (12, 18)
    assert (found["before"]["met"], found["before"]["of"]) == (6, 20)
    assert found["change"] == "better"
    assert report.figures["referrals"] == 18
    assert len(report.figures["measures"]) == len(registry.ALL)


def test_a_figure_of_one_to_four_people_is_nowhere_in_the_report(place):
    journeys_of(
        place, date(2026, 5, 1), KEY, {Status.MET: 20, Status.NOT_MET: 3, Status.MISSING: 2}
    )
    found = of(reports.prepare(place.alliance, HALF, by=BY, at=AT))
    assert found["now"]["met"] is None
    assert found["now"]["missing"] is None
    assert found["now"]["share"] is None
    assert found["change"] == "few"
    assert all(row["cell"]["met"] in (0, None) for row in found["hospitals"] + found["months"])
    for cut in found["groups"]:
        assert all(row["cell"]["met"] is None for row in cut["rows"])


def test_preparing_twice_gives_the_same_report(place):
    first = ready(place)
    again = reports.prepare(place.alliance, HALF, by=BY, at=AT + timedelta(days=3))
    assert again.pk == first.pk
    assert Report.objects.count() == 1


def test_a_period_that_is_not_over_is_refused_with_the_day_from_which_it_can_be_prepared(place):
    running = Period(date(2026, 5, 1), date(2026, 10, 1))
    with pytest.raises(Invalid) as refused:
        reports.prepare(place.alliance, running, by=BY, at=AT)
    assert refused.value.sentence == (
        "May to October 2026 is not over. Prepare it from 1 November 2026 on."
    )
    future = Period(date(2027, 4, 1), date(2027, 9, 1))
    with pytest.raises(Invalid):
        reports.prepare(place.alliance, future, by=BY, at=AT)


def test_a_month_ends_in_local_time(place):
    # 23:30 UTC on 30 September is October already in London.
    at = datetime(2026, 9, 30, 23, 30, tzinfo=UTC)
    assert reports.prepare(place.alliance, HALF, by=BY, at=at).last == date(2026, 9, 1)
    with pytest.raises(Invalid):
        reports.prepare(Place.build().alliance, HALF, by=BY, at=at - timedelta(hours=1))


def test_a_period_without_a_referral_says_so_and_every_measure_says_nobody(place):
    report = reports.prepare(place.alliance, HALF, by=BY, at=AT)
    told = report_words.told(composing.compose(report))
    assert told["nothing"]
    assert told["referrals"] == (
        "No referral was received from April to September 2026, so there is nothing to measure. "
        "If there were referrals, they were not recorded here."
    )
    rows = [each for section in told["sections"] for each in section["measures"]]
    assert {row["n"] for row in rows} == {report_words.NOBODY}
    assert {row["share"] for row in rows} == {"–"}


def test_nobody_with_data_is_not_the_same_as_nobody(place):
    journeys_of(place, date(2026, 5, 1), KEY, {Status.MISSING: 7})
    cell = of(reports.prepare(place.alliance, HALF, by=BY, at=AT))["now"]
    assert report_words.figure(cell) == "Nobody with data"
    assert report_words.percent(cell["worst"]) == "0%"


@pytest.mark.parametrize(
    ("share", "words"),
    [(None, "–"), (0.0, "0%"), (1.0, "100%"), (0.999, "over 99%"), (0.001, "under 1%")],
)
def test_a_share_is_never_rounded_to_all_or_none(share, words):
    assert report_words.percent(share) == words


def test_the_round_prepares_what_is_due_and_catches_up_what_was_missed(place):
    group = steering.form(place.alliance, date(2026, 1, 1), date(2026, 4, 10), by=BY, at=AT)
    late = datetime(2026, 10, 12, 9, tzinfo=UTC)
    assert reports.prepare_due(datetime(2026, 4, 9, 9, tzinfo=UTC)) == 0
    assert [reports.prepare_due(late) for _ in range(3)] == [1, 1, 0]
    found = Report.objects.order_by("first").values_list("first", "last")
    assert list(found) == [
        (date(2025, 10, 1), date(2026, 3, 1)),
        (date(2026, 4, 1), date(2026, 9, 1)),
    ]
    group.refresh_from_db()
    assert group.next_report_on == date(2027, 4, 10)


def test_what_is_in_review_is_not_changed_until_it_is_sent_back(place, lead):
    report, by = ready(place), Actor.user(lead)
    reports.send_for_review(report.pk, by=by, at=AT)
    with pytest.raises(Conflict):
        reports.comment(report.pk, "service", place.alliance, "Late.", by=by, at=AT)
    with pytest.raises(Conflict):
        reports.draw_again(report.pk, by=by, at=AT)
    with pytest.raises(Invalid):
        reports.send_back(report.pk, "  ", by=by, at=AT)
    again = reports.send_back(report.pk, "Say more of May.", by=by, at=AT)
    assert (again.state, again.returned) == ("draft", "Say more of May.")
    reports.comment(report.pk, "service", place.alliance, "Short of staff.", by=by, at=AT)
    reports.comment(report.pk, "service", place.alliance, "Short of people.", by=by, at=AT)
    said = composing.comments(again)
    assert [each["words"] for each in said] == ["Short of people."]
    assert Comment.objects.count() == 2


def test_a_draft_is_neither_approved_nor_issued_without_review(place, lead):
    report, by = ready(place), Actor.user(lead)
    with pytest.raises(Conflict):
        reports.approve(report.pk, by=by, at=AT)
    with pytest.raises(Conflict):
        reports.issue(report.pk, by=by, at=AT)


def test_whoever_approved_does_not_issue_while_somebody_else_could(place, lead):
    report, other = ready(place), person("alliance_lead", place.alliance)
    with pytest.raises(Conflict) as refused:
        issued(report, lead)
    assert other.name in refused.value.sentence
    report = reports.issue(report.pk, by=Actor.user(other), at=AT)
    assert (report.approved_by, report.issued_by_id) == (lead, other.pk)


def test_a_lead_who_is_alone_issues_what_they_approved(place, lead):
    person("alliance_lead", Place.build().alliance)  # of another alliance: nobody to ask
    assert issued(ready(place), lead).state == "issued"


def test_what_was_approved_is_what_is_issued(place, lead):
    report, by = ready(place), Actor.user(lead)
    reports.send_for_review(report.pk, by=by, at=AT)
    approved = reports.approve(report.pk, by=by, at=AT)
    assert approved.sha256 == composing.fingerprint(approved.document)
    tampered = approved.document | {"referrals": 99}
    Report.objects.filter(pk=report.pk).update(document=tampered)
    with pytest.raises(Conflict):
        reports.issue(report.pk, by=by, at=AT)


def test_nobody_changes_an_issued_report_not_even_in_the_database(place, lead):
    report = issued(ready(place), lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(why="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_report SET figures = '{}'")


def test_figures_stand_after_issue_whatever_comes_in_later(place, lead):
    report = issued(ready(place), lead)
    journeys_of(place, date(2026, 6, 1), KEY, {Status.MET: 50})
    report.refresh_from_db()
    assert of(report)["now"]["of"] == 18
    assert report.document["sections"][0]["measures"][0]["key"]
    assert composing.fingerprint(report.document) == report.sha256


def test_a_reissue_is_a_new_version_that_says_why_and_replaces_nothing_silently(place, lead):
    old, by = issued(ready(place), lead), Actor.user(lead)
    with pytest.raises(Invalid):
        reports.reissue(old.pk, " ", by=by, at=AT)
    journeys_of(place, date(2026, 6, 1), KEY, {Status.MET: 20})
    new = reports.reissue(old.pk, "Twenty forms came late.", by=by, at=AT)
    assert (new.version, new.state, new.supersedes_id) == (2, "draft", old.pk)
    with pytest.raises(Conflict):
        reports.reissue(old.pk, "Again.", by=by, at=AT)
    told = report_words.told(composing.compose(new))
    assert told["version"] == "Version 2, replaces version 1: Twenty forms came late."
    assert told["differences"] == [
        f"{registry.by_key(KEY).name}: late data made 67% (12 of 18) into 84% (32 of 38)."
    ]
    old.refresh_from_db()
    assert old.state == "issued"
    assert of(old)["now"]["of"] == 18


def test_a_few_late_people_are_told_without_their_numbers(place, lead):
    first = reports.prepare(place.alliance, HALF.before, by=BY, at=AT)
    journeys_of(place, date(2025, 11, 1), KEY, {Status.MET: 6, Status.NOT_MET: 14})
    first = reports.draw_again(first.pk, by=BY, at=AT)
    issued(first, lead)
    journeys_of(place, date(2025, 12, 1), KEY, {Status.MET: 2})
    second = reports.prepare(place.alliance, HALF, by=BY, at=AT)
    told = report_words.told(composing.compose(second))
    name = registry.by_key(KEY).name
    assert told["differences"] == [f"{name}: late data changed it by fewer than 5 people."]
    # Printed beside what was issued, 8 of 22 would say what those two had.
    assert (of(second)["before"]["met"], of(second)["before"]["of"]) == (6, 20)


def test_a_definition_that_changed_is_told_from_late_data(place, lead):
    first = reports.prepare(place.alliance, HALF.before, by=BY, at=AT)
    changed = next(each for each in first.figures["measures"] if each["key"] == KEY)
    changed["version"] = 0
    gone = dict(changed, key="withdrawn_one", name="One of before")
    first.figures["measures"].append(gone)
    first.figures["measures"] = [
        m for m in first.figures["measures"] if m["number"] != 1 or m == changed
    ]
    first.save()
    issued(first, lead)
    second = reports.prepare(place.alliance, HALF, by=BY, at=AT)
    kinds = {each["key"]: each["kind"] for each in second.figures["differences"]}
    assert kinds[KEY] == "definition"
    assert kinds["withdrawn_one"] == "withdrawn"
    said = " ".join(report_words.told(composing.compose(second))["differences"])
    assert "its definition changed (version 0 to" in said
    assert "One of before: no longer measured" in said


def test_the_first_report_has_none_to_be_compared_with(place):
    told = report_words.told(composing.compose(ready(place)))
    assert told["since"].startswith("This is the first report")
    assert told["differences"] == []


def test_members_are_told_with_a_link_and_those_without_an_account_by_hand(place, lead):
    group = steering.form(place.alliance, date(2026, 1, 1), date(2026, 10, 1), by=BY, at=AT)
    reader = UserFactory(email="reader@example.nhs.uk")
    for name, user in (("Ada", reader.pk), ("Ben", None)):
        steering.join(group, name, ["primary"], user_id=user, on=date(2026, 1, 1), by=BY, at=AT)
    left = UserFactory()
    gone = steering.join(
        group, "Cy", ["primary"], user_id=left.pk, on=date(2026, 1, 1), by=BY, at=AT
    )
    steering.leave(gone, date(2026, 9, 1), by=BY, at=AT)
    report = issued(ready(place), lead)
    notice = Notice.objects.get(kind="report")
    assert (notice.address, notice.channel) == ("reader@example.nhs.uk", "email")
    assert notice.fields == {"link": f"/reports/{report.pk}/"}
    sent = ReportSent.objects.order_by("member__name").values_list("member__name", "by_email")
    assert list(sent) == [("Ada", True), ("Ben", False)]


def test_every_step_is_on_the_trail_with_who_took_it(place, lead):
    report = issued(ready(place), lead)
    rows = Trail.objects.filter(action__startswith="report_").order_by("pk")
    assert [row.action for row in rows] == [
        "report_prepared",
        "report_sent_for_review",
        "report_approved",
        "report_issued",
    ]
    assert rows[3].actor == lead
    assert rows[3].details["sha256"] == report.sha256


def test_the_lead_is_reminded_once_and_not_when_a_meeting_is_planned(place, lead):
    group = steering.form(place.alliance, date(2026, 5, 1), date(2027, 4, 1), by=BY, at=AT)
    # Due on 1 November: within six weeks.
    assert reminders.remind(AT) == 1
    assert reminders.remind(AT) == 0
    notice = Notice.objects.get(kind="meeting")
    assert notice.recipient_id == lead.pk
    assert notice.fields["what"] == "steering"
    assert notice.fields["link"] == "/steering/"
    assert Trail.objects.get(action="meeting_reminded").details["told"] == [lead.name]
    steering.plan(group, datetime(2026, 10, 30, 9, tzinfo=UTC), by=BY, at=AT)
    assert reminders.remind(datetime(2026, 10, 20, 9, tzinfo=UTC)) == 0
    # It was not held: the day after the due day it is late.
    assert reminders.remind(datetime(2026, 11, 2, 9, tzinfo=UTC)) == 1
    assert SteeringGroup.objects.get().reminded == "late"


def test_a_drawn_report_is_plain_json_that_reads_back_as_it_was(place):
    report = ready(place)
    assert report.figures["schema"] == drawing.SCHEMA
    read = Report.objects.get(pk=report.pk)
    assert composing.fingerprint(composing.compose(read)) == composing.fingerprint(
        composing.compose(report)
    )


def cell_of(met, of, missing=0):
    share = met / of if of else None
    return {
        "met": met,
        "of": of,
        "missing": missing,
        "excluded": 0,
        "running": 0,
        "share": share,
        "worst": share,
        "completeness": 1.0,
    }


def test_what_a_few_people_changed_is_printed_as_it_was_issued():
    then = cell_of(10, 20)
    assert differences.steady(then, cell_of(11, 22)) == then
    assert differences.steady(then, cell_of(10, 20)) == cell_of(10, 20)


def test_what_many_changed_is_printed_anew_but_for_a_number_that_a_few_changed():
    then = cell_of(10, 20)
    assert differences.steady(then, cell_of(30, 60)) == cell_of(30, 60)
    # 40 more people, all but two of them not in time: who those two are is not to be told.
    printed = differences.steady(then, cell_of(12, 60))
    assert (printed["met"], printed["share"], printed["of"]) == (None, None, 60)
    # 40 more, all but two in time.
    assert differences.steady(then, cell_of(48, 60))["met"] is None
    assert differences.steady(then, cell_of(30, 60, 3))["missing"] is None


def test_the_service_as_a_whole_says_how_long_people_lived(place):
    days = [(20, True)] * 6 + [(200, False)] * 5
    for followed_days, died in days:
        said = {str(registry.by_key("confirmed").number): {"label": "mscc"}}
        given = {"details": said, "confirmed": "mscc", "followed_days": followed_days}
        journeys_of(place, date(2026, 5, 1), "confirmed", {Status.MET: 1}, died=died, **given)
    told = report_words.told(composing.compose(reports.prepare(place.alliance, HALF, by=BY, at=AT)))
    assert told["service"] == [
        "No turn is on the alliance's own rota as coordinator, so cover is not measured here "
        "(NG234 1.1.7).",
        "New cases of MSCC that imaging confirmed: 11.",
        "Survival: of 11 followed up, half lived 20 days or longer.",
    ]
