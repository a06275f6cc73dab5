"""Pages of the report: who may do what, and the same figures in every format."""

import csv
import hashlib
import io
import json
from datetime import UTC, date, datetime
from unittest.mock import patch

import pytest

from audit.domain import journeys, reports, steering
from audit.measures import registry
from audit.measures.measure import Shape
from audit.measures.period import Period
from audit.measures.verdict import Status
from audit.models import Journey, Report
from mscc import clock
from mscc.events import Actor
from tests.factories.people import Place, UserFactory, person
from tests.factories.reports import journeys_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
HALF = Period(date(2026, 4, 1), date(2026, 9, 1))
BY = Actor.system("test")


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def lead(place):
    return person("alliance_lead", place.alliance)


@pytest.fixture
def report(place):
    journeys_of(place, date(2026, 5, 1), "qs56_3", {Status.MET: 12, Status.NOT_MET: 6})
    return reports.prepare(place.alliance, HALF, by=BY, at=AT)


def issue(report, lead):
    reports.send_for_review(report.pk, by=Actor.user(lead), at=AT)
    reports.approve(report.pk, by=Actor.user(lead), at=AT)
    return reports.issue(report.pk, by=Actor.user(lead), at=AT)


def page(client, user, path, **more):
    client.force_login(user)
    return client.get(path, **more)


def address(report, ending=""):
    return f"/reports/{report.pk}/{ending}"


def test_a_stranger_sees_neither_the_list_nor_the_report(client, report):
    for role in ("coordinator", "referrer", "administrator"):
        user = person(role, Place.build())
        assert page(client, user, "/reports/").status_code == 403
        assert page(client, user, "/steering/").status_code == 403
        assert page(client, user, address(report)).status_code == 403


def test_the_lead_of_another_alliance_does_not_find_it(client, report):
    other = person("alliance_lead", Place.build().alliance)
    for ending in ("", "report.pdf", "report.csv", "report.json", "say/service/", "reissue/"):
        assert page(client, other, address(report, ending)).status_code == 404
    assert client.post(address(report, "step/review/")).status_code == 404
    assert page(client, other, f"/reports/?alliance={report.alliance_id}").status_code == 404


def test_a_member_reads_issued_reports_only_and_changes_nothing(client, place, lead, report):
    group = steering.form(place.alliance, date(2026, 1, 1), date(2027, 1, 1), by=BY, at=AT)
    member = UserFactory()
    steering.join(
        group, "Ada", ["lived_experience"], user_id=member.pk, on=date(2026, 1, 1), by=BY, at=AT
    )
    assert page(client, member, address(report)).status_code == 404
    assert "There is no report yet" in page(client, member, "/reports/").content.decode()
    issue(report, lead)
    found = page(client, member, address(report)).content.decode()
    assert "67%" in found
    assert "What can be done now" not in found
    assert client.get("/steering/").status_code == 200
    assert client.get("/reports/prepare/").status_code == 403
    assert client.post(address(report, "reissue/"), {"why": "x"}).status_code == 403
    assert client.get("/steering/members/new/").status_code == 403


def test_a_service_lead_comments_for_their_place_and_does_not_approve(client, place, report):
    service = person("service_lead", place.hospital)
    text = page(client, service, address(report)).content.decode()
    assert "Write what your service says" in text
    assert "Write what the group is to decide" not in text
    given = client.post(address(report, "say/service/"), {"words": "The scanner was away in May."})
    assert given.status_code == 302
    text = client.get(address(report)).content.decode()
    assert "The scanner was away in May." in text
    assert place.hospital.name in text
    assert client.get(address(report, "say/decide/")).status_code == 403
    for verb in ("draw", "review"):
        assert f"step/{verb}/" not in text
    for verb in ("draw", "review", "approve", "issue"):
        assert client.post(address(report, f"step/{verb}/")).status_code == 403
    assert client.post(address(report, "return/"), {"why": "x"}).status_code == 403
    assert "Prepare a report now" not in client.get("/reports/").content.decode()
    for asked in (client.get, client.post):
        assert asked("/reports/prepare/", {"period": "2025-10-01"}).status_code == 403
    assert Report.objects.count() == 1


def test_a_service_lead_of_the_whole_alliance_sends_its_report_for_review(client, place, report):
    service = person("service_lead", place.alliance)
    assert "Prepare a report now" in page(client, service, "/reports/").content.decode()
    assert client.get("/reports/prepare/").status_code == 200
    assert "step/review/" in page(client, service, address(report)).content.decode()
    assert client.post(address(report, "step/draw/")).status_code == 302
    assert client.post(address(report, "step/review/")).status_code == 302
    report.refresh_from_db()
    assert report.state == "review"
    assert client.post(address(report, "step/approve/")).status_code == 403


def test_a_report_is_not_prepared_while_its_journeys_are_still_read(client, lead, place):
    journeys_of(place, date(2026, 5, 1), "qs56_3", {Status.MET: 12})
    Journey.objects.update(definitions="of before")
    client.force_login(lead)
    with patch.object(journeys, "ASKED", 5):
        answer = client.post("/reports/prepare/", {"period": "2026-04-01"})
    assert answer.status_code == 409
    assert "they are still being read again" in answer.content.decode()
    assert not Report.objects.exists()


def test_what_is_not_possible_now_is_said_and_changes_nothing(client, lead, report):
    client.force_login(lead)
    said = client.post(address(report, "step/issue/"), follow=True).content.decode()
    assert "This report is draft: that is not possible now." in said
    assert client.post(address(report, "step/nonsense/")).status_code == 404
    report.refresh_from_db()
    assert report.state == "draft"


def test_a_running_period_is_refused_on_the_page_with_the_day(client, lead, place):
    client.force_login(lead)
    answer = client.post("/reports/prepare/", {"period": "2026-05-01"})
    assert answer.status_code == 422
    assert "May to October 2026 is not over. Prepare it from 1 November" in answer.content.decode()
    assert client.post("/reports/prepare/", {"period": "2031-05-01"}).status_code == 422
    made = client.post("/reports/prepare/", {"period": "2026-04-01"})
    assert made.status_code == 302
    assert Report.objects.get().last == date(2026, 9, 1)


def test_every_format_says_the_same_figures(client, lead, report):
    report = issue(report, lead)
    html = page(client, lead, address(report)).content.decode()
    assert "67%" in html
    assert "12 of 18" in html
    content = client.get(address(report, "report.json")).content
    assert hashlib.sha256(content).hexdigest() == report.sha256
    assert report.sha256 in html
    measures = [m for s in json.loads(content)["sections"] for m in s["measures"]]
    found = next(m for m in measures if m["key"] == "qs56_3")
    assert (found["now"]["met"], found["now"]["of"]) == (12, 18)
    text = client.get(address(report, "report.csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    row = next(r for r in rows if (r["measure"], r["group"]) == ("qs56_3", "now"))
    assert (row["met"], row["of"], float(row["share"])) == ("12", "18", 12 / 18)
    pdf = client.get(address(report, "report.pdf"))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    assert b"/MarkInfo" in pdf.content
    assert 'filename="mscc-report-2026-04-2026-09-v1.pdf"' in pdf["Content-Disposition"]


def test_the_csv_gives_classes_a_line_each_and_no_share(client, lead, place):
    measure = next(each for each in registry.ALL if each.shape is Shape.CLASSES)
    for label, n in (("breast", 12), ("lung", 6), ("other", 2)):
        given = {"details": {str(measure.number): {"label": label}}}
        journeys_of(place, date(2026, 5, 1), measure.key, {Status.MET: n}, **given)
    report = reports.prepare(place.alliance, HALF, by=BY, at=AT)
    text = page(client, lead, address(report, "report.csv")).content.decode("utf-8-sig")
    rows = [r for r in csv.DictReader(io.StringIO(text)) if r["measure"] == measure.key]
    whole = next(r for r in rows if r["group"] == "now")
    assert (whole["of"], whole["share"], whole["worst_case"]) == ("20", "", "")
    assert {r["share"] + r["worst_case"] for r in rows} == {""}
    told = {r["group"]: r["in_class"] for r in rows if r["cut"] == "class"}
    # The two others are held back, and the next larger with them.
    assert told == {"breast": "12", "lung": "", "other": ""}
    html = client.get(address(report)).content.decode()
    assert "100%" not in html
    assert client.get(address(report, "report.pdf")).content.startswith(b"%PDF-")


def test_a_draft_says_everywhere_that_it_is_not_issued(client, lead, report):
    text = page(client, lead, address(report)).content.decode()
    assert "Draft: not issued. Do not pass it on." in text
    pdf = client.get(address(report, "report.pdf"))
    assert "-not-issued.pdf" in pdf["Content-Disposition"]


def test_the_old_version_says_that_it_was_replaced_once_the_new_one_is_issued(client, lead, report):
    old = issue(report, lead)
    client.force_login(lead)
    client.post(address(old, "reissue/"), {"why": "Late forms."})
    new = Report.objects.get(version=2)
    assert "Replaced by" not in client.get(address(old)).content.decode()
    issue(new, lead)
    assert "Replaced by version 2: Late forms." in client.get(address(old)).content.decode()
    text = client.get(address(new)).content.decode()
    assert "Version 2, replaces version 1: Late forms." in text


def test_a_place_that_begins_like_a_formula_is_no_formula_in_the_csv(client, lead, place):
    place.hospital.name = "=HYPERLINK(1)"
    place.hospital.save()
    journeys_of(place, date(2026, 5, 1), "qs56_3", {Status.MET: 12, Status.NOT_MET: 6})
    report = reports.prepare(place.alliance, HALF, by=BY, at=AT)
    text = page(client, lead, address(report, "report.csv")).content.decode()
    assert "'=HYPERLINK(1)" in text
    assert ",=HYPERLINK" not in text
