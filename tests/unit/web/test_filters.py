from datetime import UTC, date, datetime, timedelta

import pytest

from mscc import clock
from mscc.web import filters

AUTUMN = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_november_2026(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 21, 8, tzinfo=UTC))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (4, "4 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (72 * 60, "1 h 12 min"),
        (125 * 60, "2 h 05 min"),
        (19 * 3600, "19 h"),
        (47 * 3600, "47 h"),
        (48 * 3600, "2 days"),
        (52 * 3600, "2 days 4 h"),
        (-72 * 60, "1 h 12 min"),
    ],
)
def test_a_duration_reads_as_clinicians_say_it(seconds, said):
    assert filters.duration(seconds) == said
    assert filters.duration(timedelta(seconds=seconds)) == said


def test_a_time_is_shown_in_london_with_its_zone():
    assert filters.local(datetime(2026, 7, 1, 8, tzinfo=UTC)).endswith("1 Jul, 09:00 BST")
    assert filters.local(datetime(2026, 11, 24, 8, tzinfo=UTC)) == "Tue 24 Nov, 08:00 GMT"


def test_the_two_half_past_ones_of_the_october_change_are_told_apart():
    first, second = filters.local(AUTUMN), filters.local(AUTUMN + timedelta(hours=1))
    assert first == "Sun 25 Oct, 01:30 BST"
    assert second == "Sun 25 Oct, 01:30 GMT"


def test_a_time_of_another_year_says_which():
    assert filters.local(datetime(2019, 1, 2, 8, tzinfo=UTC)) == "Wed 2 Jan 2019, 08:00 GMT"


def test_a_time_without_an_offset_is_not_guessed():
    with pytest.raises(ValueError, match="offset"):
        filters.local(datetime(2026, 7, 1, 8))  # noqa: DTZ001


def test_a_day_is_the_day_in_london():
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert filters.day(late) == "2 July 2026"
    assert filters.day(date(1961, 3, 5)) == "5 March 1961"
    assert filters.day(None) == "not known"


def test_ago_says_which_side_of_now():
    at = AUTUMN
    assert filters.ago(at - timedelta(seconds=4), at) == "4 s ago"
    assert filters.ago(at + timedelta(minutes=125), at) == "in 2 h 05 min"
    assert filters.ago(None, at) == "never"


def test_someone_born_on_29_february_is_a_year_older_on_1_march():
    born = date(1964, 2, 29)
    assert filters.age(born, date(2026, 2, 28)) == "61"
    assert filters.age(born, date(2026, 3, 1)) == "62"


def test_a_baby_is_told_in_months_and_an_unknown_age_is_said():
    assert filters.age(date(2026, 1, 31), date(2026, 3, 1)) == "1 month"
    assert filters.age(date(2025, 12, 1), date(2026, 3, 1)) == "3 months"
    assert filters.age(None) == "age not known"


@pytest.mark.parametrize(
    ("number", "shown"),
    [("9990000018", "999 000 0018"), ("", "No NHS number"), (None, "No NHS number"), ("12", "12")],
)
def test_an_nhs_number_is_shown_in_three_three_four(number, shown):
    assert filters.nhs(number) == shown


def test_what_somebody_typed_is_escaped_and_kept_from_turning_the_line():
    shown = filters.isolate("\u202eevil<b> \u05d0")
    assert shown == "<bdi>evil&lt;b&gt; \u05d0</bdi>"


@pytest.mark.parametrize(
    ("number", "dialled"),
    [
        ("01632 960 123", "01632960123"),
        ("+44 (0)1632 960123", "+441632960123"),
        ("bleep 2412", ""),
        ("2412", ""),
        (None, ""),
    ],
)
def test_only_a_telephone_number_can_be_dialled(number, dialled):
    assert filters.telephone(number) == dialled


def test_one_referral_is_not_one_referrals():
    assert filters.plural(1, "referral") == "1 referral"
    assert filters.plural(3, "referral") == "3 referrals"
    assert filters.plural(1200, "person", "people") == "1,200 people"


def test_items_stand_under_their_london_day_in_the_order_they_came():
    before, after = (
        datetime(2026, 7, 1, 22, 30, tzinfo=UTC),
        datetime(2026, 7, 1, 23, 30, tzinfo=UTC),
    )
    groups = filters.groupby_day([{"at": after}, {"at": before}])
    assert [(group.day, group.entries) for group in groups] == [
        (date(2026, 7, 2), [{"at": after}]),
        (date(2026, 7, 1), [{"at": before}]),
    ]
