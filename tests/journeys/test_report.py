"""The twice-yearly report from draft to issue, and the group it is for."""

import pypdfium2
import pytest

from audit.measures.period import Period, month_of, shifted
from audit.measures.verdict import Status
from audit.models import Report
from mscc import clock
from tests.factories.people import ContactPointFactory, Place, UserFactory, person
from tests.factories.reports import journeys_of
from tests.journeys.someone import PICTURES, Someone

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def half() -> Period:
    """The six months before this one."""
    return Period.ending(shifted(month_of(clock.now()), -1), 6)


@pytest.fixture
def place(team, half) -> Place:
    """A hospital that did better this half year than the one before."""
    now = {Status.MET: 30, Status.NOT_MET: 8}
    journeys_of(team.place, half.last, "qs56_3", now, seconds=9000)
    before = {Status.MET: 12, Status.NOT_MET: 20}
    journeys_of(team.place, half.before.last, "qs56_3", before, seconds=90_000)
    return team.place


def printed(lead: Someone, path: str) -> str:
    """The words of a PDF as somebody downloads it; its first pages are kept as pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with pypdfium2.PdfDocument(
        lead.page.context.request.get(f"{lead.address}{path}").body()
    ) as document:
        for number in range(min(3, len(document))):
            document[number].render(scale=1).to_pil().save(PICTURES / f"report-{number + 1}.png")
        return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


def test_a_report_is_led_from_draft_to_issue_and_taken_along(someone, place, half, gateways):
    # Given an alliance lead who forms the steering group with one member who signs in here
    user = person("alliance_lead", place, name="Ada Lead")
    reader = UserFactory(name="Rhea Reader")
    ContactPointFactory(user=reader, address="rhea@example.nhs.uk")
    lead: Someone = someone("lead")
    lead.opens("/steering/").signs_in(user)
    lead.sees("keeps no steering group here yet")
    lead.presses("Form the group").presses("Form the group")
    lead.sees("The steering group is formed", "Nobody speaks for: Tertiary care")
    lead.presses("Add a member").types("Name", "Rhea Reader")
    lead.answers("Whom they speak for", "People with lived experience")
    lead.types("Address they sign in with here", reader.email).presses("Add")
    lead.reads("Rhea Reader sits on the group").fits(320)

    # When they prepare the report of the last half year
    lead.presses("All reports").presses("Prepare a report now")
    lead.picks("About which months", half.words).presses("Prepare it")
    lead.sees("Draft: not issued", "79% (30 of 38), was 38% (12 of 32)", "Better")
    lead.fits(320)

    # And the service says what it thinks of it
    service: Someone = someone("service")
    report = Report.objects.get()
    service.opens(f"/reports/{report.pk}/").signs_in(person("service_lead", place.hospital))
    service.presses("Write what your service says")
    service.types("In your own words", "A second scanner since spring.").presses("Save")
    service.sees("It is written down and stands in the report", "A second scanner since spring.")
    service.does_not_see("Send for review", "Approve")

    # Then the lead reviews, approves and issues it
    lead.opens(f"/reports/{report.pk}/").presses("Send for review")
    lead.reads("The report is in review").presses("Approve").reads("It can be issued")
    lead.presses("Issue").sees("The report is issued", "Issued", "by Ada Lead")
    lead.does_not_see("not issued")
    report.refresh_from_db()
    assert report.sha256 in lead.html

    # And takes it along: the same words and figures on paper
    words = printed(lead, f"/reports/{report.pk}/report.pdf")
    for each in ("Example Alliance", half.words, "30 of 38", "A second scanner", "by Ada Lead"):
        assert each in words
    assert "not issued" not in words

    # The member is told by email, with a link and no figure, and reads it there
    rhea: Someone = someone("member")
    lead.page.wait_for_timeout(3000)
    (letter,) = gateways.letters_to("rhea@example.nhs.uk")
    assert f"/reports/{report.pk}/" in letter
    assert "%" not in letter
    rhea.opens(f"/reports/{report.pk}/").signs_in(reader)
    rhea.sees("30 of 38", "A second scanner since spring.")
    rhea.does_not_see("What can be done now")

    # What is wrong with it is mended by a new version that says why
    lead.presses("Issue it again with a reason").types("Why", "A ward's forms came late.")
    lead.presses("Begin the new version")
    lead.sees("Version 2, replaces version 1: A ward's forms came late.")
    rhea.opens(f"/reports/{report.pk}/").reads("30 of 38").does_not_see("Replaced by")


def test_a_coordinator_has_no_part_in_reports(someone, team):
    coordinator: Someone = someone("coordinator")
    coordinator.opens("/board/").signs_in(team.coordinator)
    assert 'href="/steering/"' not in coordinator.html
    for page in ("/steering/", "/reports/", "/reports/prepare/"):
        coordinator.opens(page).reads("You are not allowed to do this")
