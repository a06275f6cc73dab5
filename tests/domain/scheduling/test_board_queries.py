"""The board's statements: whose rows, in which order, and along which index."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mscc.people.roles import ROLES, Permission
from referrals.domain.queries.visible import referrals_visible_to
from scheduling.domain.queries import board
from scheduling.domain.queries.board import PAGE, Filters
from scheduling.domain.queries.pages import page_of_notices
from tests.domain.scheduling.crowd import crowd
from tests.factories.people import AssignmentFactory, person
from tests.factories.referrals import AT, METASTASES, ReferralFactory, Team, refer

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(hours=1)


def shown(user, number=1, filters=Filters()):  # noqa: B008  (frozen)
    open_ones = board.open_at(board.board_places(user))
    seen = board.overview(open_ones, filters, NOW)
    return board.page_of(open_ones, filters, NOW, number, seen)


def test_whoever_sees_the_board_may_read_all_that_is_on_it():
    for role in ROLES.values():
        if Permission.SEE_BOARD in role.permissions:
            assert Permission.SEE_REFERRALS in role.permissions
    team, stranger = Team.build(), Team.build()
    user = person("coordinator", team.place)
    AssignmentFactory(user=user, role="referrer", organisation=stranger.place.ward)
    refer(team)
    refer(stranger)
    on_it = {row.id for row in shown(user)}
    assert on_it < {referral.pk for referral in referrals_visible_to(user)}
    assert len(on_it) == 1


def test_no_place_no_board():
    user = person("alliance_lead")
    assert board.board_places(user) == []
    assert board.overview(board.open_at([]), Filters(), NOW).open == 0
    assert shown(user) == []


def test_the_pages_together_are_the_whole_board_each_row_once_and_in_order():
    team = Team.build()
    model = ReferralFactory(team=team, triaged=True)
    crowd(model, 2 * PAGE + 7)
    for _ in range(4):
        refer(team, METASTASES)
    open_ones = board.open_at(board.board_places(team.coordinator))
    seen = board.overview(open_ones, Filters(), NOW)
    assert (seen.open, seen.matching, seen.unread, seen.pages) == (112, 112, 4, 3)
    pages = [shown(team.coordinator, number) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 12]
    rows = [row for page in pages for row in page]
    assert len({row.id for row in rows}) == 112
    assert [row.unread_since is not None for row in rows] == [True] * 4 + [False] * 108
    due = [row.next_due_at for row in rows[4:]]
    assert due == sorted(due)


def test_more_unread_ones_than_fit_on_a_page_go_on_on_the_next():
    team = Team.build()
    for _ in range(3):
        refer(team)
    ReferralFactory(team=team, triaged=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(board, "PAGE", 2)
        pages = [shown(team.coordinator, number) for number in (1, 2, 3)]
    assert [[row.unread_since is not None for row in page] for page in pages] == [
        [True, True],
        [True, False],
        [],
    ]


def test_a_filter_leaves_the_figures_and_changes_what_matches():
    team = Team.build()
    ReferralFactory(team=team, triaged=True, at=AT - timedelta(hours=30))
    ReferralFactory(team=team, mri_booked=True)
    open_ones = board.open_at(board.board_places(team.coordinator))
    seen = board.overview(open_ones, Filters(overdue=True), NOW)
    assert (seen.open, seen.overdue, seen.matching) == (2, 1, 1)


@pytest.mark.parametrize("kind", ["alliance", "trust", "hospital"])
def test_a_page_reads_the_rows_it_shows_along_the_index_of_open_deadlines(kind):
    team = Team.build()
    other = Team.build()
    for each in (team, other):
        model = ReferralFactory(team=each, triaged=True)
        crowd(model, 800)
        crowd(model, 2000, closed=True)
    user = person("coordinator", getattr(team.place, kind))
    with CaptureQueriesContext(connection) as asked:
        assert len(shown(user)) == PAGE
    plan = plan_of(asked.captured_queries[-1]["sql"])
    scan = next(node for node in nodes(plan) if node.get("Relation Name") == "referrals_referral")
    assert scan["Node Type"] == "Index Scan"
    assert scan["Index Name"] in ("referral_board", "referral_board_trust")
    # What is read is what is shown, and not what is open.
    assert scan["Actual Rows"] <= PAGE + 1
    assert not any(node["Node Type"] == "Seq Scan" for node in nodes(plan) if is_big(node))


def test_looking_for_unread_ones_does_not_read_what_is_open():
    team = Team.build()
    model = ReferralFactory(team=team, triaged=True)
    crowd(model, 1500)
    refer(team)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE referrals_referral")
    with CaptureQueriesContext(connection) as asked:
        rows = shown(team.coordinator)
    assert rows[0].unread_since is not None
    plan = plan_of(asked.captured_queries[-1]["sql"])
    used = {node.get("Index Name") for node in nodes(plan)}
    assert "referral_unread" in used
    read = [n["Actual Rows"] for n in nodes(plan) if n.get("Relation Name") == "referrals_referral"]
    assert sum(read) <= PAGE + 1


def test_the_statements_are_as_many_for_two_as_for_two_thousand():
    team = Team.build()
    model = ReferralFactory(team=team, triaged=True)
    team.coordinator.assignments_now  # noqa: B018  (read once a request, whatever is drawn)

    def draw():
        with CaptureQueriesContext(connection) as asked:
            found = shown(team.coordinator)
            board.details_of([row.id for row in found], NOW)
        return len(asked), len(found)

    assert draw() == (3, 1)
    crowd(model, 2000)
    assert draw() == (3, PAGE)


def test_a_name_is_looked_for_along_its_index():
    team = Team.build()
    crowd(ReferralFactory(team=team, triaged=True), 3000)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM referrals_patient"
            " WHERE upper(family_name::text) LIKE upper('Zz%')"
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "patient_name_search" in plan


def test_the_latest_notices_are_read_without_sorting_all_there_ever_were():
    team = Team.build()
    model = ReferralFactory(team=team, triaged=True)
    crowd(model, 1500)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO scheduling_notice (id, dedupe_key, kind, channel, recipient_name, address,
                fields, referral_id, priority, state, attempts, next_attempt_at, provider_ref,
                last_error, created_at)
            SELECT gen_random_uuid(), id::text || n, 'receipt', 'email', '', 'a@example.nhs.uk',
                '{}', id, 5, 'pending', 0, received_at, '', '', received_at + n * interval '1 s'
            FROM referrals_referral CROSS JOIN generate_series(1, 3) AS n
            """
        )
        cursor.execute("ANALYZE scheduling_notice")
    with CaptureQueriesContext(connection) as asked:
        found, more = page_of_notices(team.coordinator, "", 1)
    assert (len(found), more) == (50, True)
    sql = next(
        q["sql"] for q in asked.captured_queries if '"scheduling_notice"."state"' in q["sql"]
    )
    used = {node.get("Index Name") for node in nodes(plan_of(sql))}
    assert "notice_latest" in used


def plan_of(sql):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}".replace("%", "%%"), [])
        found = cursor.fetchone()[0]
    return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


def nodes(plan):
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def is_big(node):
    return node.get("Relation Name") in ("referrals_referral", "referrals_patient")
