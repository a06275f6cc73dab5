"""Care that is due, on the board and as a list to work through."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referrals.domain import opinions
from referrals.models import CareEntry, Opinion, Referral
from scheduling.domain import work
from scheduling.domain.queries import due_work
from scheduling.models import DueWork
from tests.factories.people import Place, person
from tests.factories.referrals import AT, ReferralFactory, Team, command, refer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
STEROIDS = {"care": {"dexamethasone": "yes", "immobilised": "yes", "analgesia": "Morphine"}}


@pytest.fixture
def late(noon):
    """Six hours after AT, with the care of every referral worked out."""

    def now(hours=6):
        noon[0] = AT + timedelta(hours=hours)
        work.catch_up(noon[0])
        return noon[0]

    return now


def test_a_row_says_which_care_is_due_next_under_its_clock(signed_in, text_of, late):
    team = Team.build()
    refer(team, sections=STEROIDS)
    late()
    text = text_of(signed_in(team.coordinator).get("/board/"))

    # Due at the same time as whom to ring: what safety turns on comes first.
    assert "Care: blood glucose overdue by 2 h" in text
    assert "1 person with care overdue" in text


def test_an_opinion_that_is_late_goes_before_other_care_on_the_board_and_in_the_list(
    signed_in, text_of, late
):
    team = Team.build()
    referral = refer(team, sections=STEROIDS)
    asked = opinions.Question("oncology", "When?", due_at=AT + timedelta(hours=5, minutes=30))
    when = AT + timedelta(hours=1)
    opinions.ask_opinion(referral.pk, asked, command=command(team.coordinator, when))
    browser = signed_in(team.coordinator)

    def shown():
        return [text_of(browser.get(address)) for address in ("/board/", "/board/due/")]

    # While it is in time, what is overdue goes before it.
    late(5)
    board, listed = shown()
    assert "Care: blood glucose overdue by 1 h" in board
    assert listed.index("Whom to ring overdue") < listed.index("Opinion: ")

    late(6)
    board, listed = shown()
    assert "Care: opinion overdue by 30 min" in board
    assert listed.index("Opinion: ") < listed.index("Stomach protection")
    assert listed.index("Stomach protection") < listed.index("Whom to ring overdue")
    assert listed.index("Whom to ring overdue") < listed.index("Pain plan due in")


def test_the_figure_counts_people_and_leads_to_the_list(signed_in, text_of, late):
    team = Team.build()
    refer(team, sections=STEROIDS)
    ReferralFactory(team=team, triaged=True)
    ReferralFactory(team=team, discharged=True)
    late()
    page = signed_in(team.coordinator).get("/board/")

    assert "2 people with care overdue" in text_of(page)
    assert 'href="/board/due/"' in page.content.decode()


def test_a_poll_sees_that_care_was_worked_out_though_nothing_else_changed(
    poll, signed_in, text_of, late
):
    team = Team.build()
    referral = refer(team, sections=STEROIDS)
    late()
    browser = signed_in(team.coordinator)
    first = poll(browser)
    rows = DueWork.objects.filter(referral=referral, due_at__lt=AT + timedelta(hours=6))
    for key in rows.values_list("key", flat=True):
        given = {"item": key, "status": "given", "occurred_at": AT, "recorded_at": AT}
        CareEntry.objects.create(referral=referral, **given)
    Referral.objects.filter(pk=referral.pk).update(care_stale=True)
    late()

    again = poll(browser)
    assert again.headers["ETag"] != first.headers["ETag"]
    assert "0 people with care overdue" in text_of(again)


def test_the_wall_says_how_many_and_nothing_of_anybody(signed_in, text_of, late):
    team = Team.build()
    refer(team, sections=STEROIDS)
    late()
    page = signed_in(team.coordinator).get("/board/wall/")

    assert "1 person with care overdue" in text_of(page)
    assert "blood glucose" not in text_of(page)
    assert "/board/due/" not in page.content.decode()


def test_the_list_has_what_is_overdue_first_with_the_link_that_does_it(signed_in, late):
    team = Team.build()
    referral = refer(team, sections=STEROIDS)
    late()
    html = signed_in(team.coordinator).get("/board/due/").content.decode()

    times = [
        DueWork.objects.get(referral=referral, key=key).due_at
        for key in ("stomach_protection", "pain_plan")
    ]
    assert times == sorted(times)
    assert html.index("Stomach protection (PPI) overdue by 2 h") < html.index("Pain plan due in")
    assert f"/referrals/{referral.reference}/care/#item-stomach_protection" in html
    assert f"/referrals/{referral.reference}/pain-plan/" in html
    # Due in three days: not yet on the list.
    assert "Personalised care plan" not in html


def test_an_opinion_says_which_specialty_and_leads_to_its_answer(signed_in, text_of, late):
    team = Team.build()
    referral = ReferralFactory(team=team, triaged=True)
    asked = opinions.Question("oncology", "When?", due_at=AT + timedelta(hours=3))
    when = AT + timedelta(hours=1)
    opinions.ask_opinion(referral.pk, asked, command=command(team.coordinator, when))
    late()
    page = signed_in(team.coordinator).get("/board/due/?kind=Opinions")

    assert "Opinion: " in text_of(page)
    assert "overdue by 3 h" in text_of(page)
    opinion = Opinion.objects.get()
    assert f"/referrals/{referral.reference}/opinions/{opinion.pk}/" in page.content.decode()
    assert "Pain plan" not in text_of(page).split("Show everything")[1]


def test_follow_up_of_somebody_who_left_is_on_the_list_a_week_ahead(signed_in, text_of, late):
    team = Team.build()
    referral = ReferralFactory(team=team, discharged=True)
    browser = signed_in(team.coordinator)
    late(22 * 24)
    assert referral.reference not in text_of(browser.get("/board/due/"))

    late(26 * 24)
    browser = signed_in(team.coordinator)
    page = browser.get("/board/due/")
    assert "Follow-up at 30 days due in" in text_of(page)
    assert "Discharged from" in text_of(page)
    assert f"/referrals/{referral.reference}/follow-up/30/" in page.content.decode()


@pytest.mark.parametrize(
    "address", ["?kind=Tea", "?overdue=2", "?page=0", "?page=two", "?page=1001"]
)
def test_an_address_that_no_page_leads_to_is_refused(signed_in, address):
    team = Team.build()
    assert signed_in(team.coordinator).get(f"/board/due/{address}").status_code == 400


def test_nobody_sees_the_work_of_another_trust(signed_in, late):
    mine, theirs = Team.build(), Team.build()
    other = refer(theirs, sections=STEROIDS)
    elsewhere = person("coordinator", Place.build(theirs.place.alliance).trust)
    late()

    for stranger in (mine.coordinator, elsewhere):
        assert other.reference not in signed_in(stranger).get("/board/due/").content.decode()
    assert signed_in(theirs.nurse).get("/board/due/").status_code == 403


def test_the_list_is_paged_and_costs_the_same_however_long_it_is(signed_in, late, monkeypatch):
    team = Team.build()
    refer(team, sections=STEROIDS)
    late()
    browser = signed_in(team.coordinator)

    def statements():
        with CaptureQueriesContext(connection) as asked:
            page = browser.get("/board/due/")
        return len(asked), page.content.decode()

    few, html = statements()
    assert "Next page" not in html
    for _ in range(3):
        refer(team, sections=STEROIDS)
    late()
    monkeypatch.setattr(due_work, "PAGE", 10)
    many, html = statements()
    assert (few, "Next page" in html) == (many, True)
    first = browser.get("/board/due/?overdue=1&page=2")
    assert "overdue=1" in first.content.decode()
