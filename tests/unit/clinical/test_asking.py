"""The service's own numbers for how soon an opinion is needed."""

from datetime import UTC, datetime, timedelta

import pytest

from referrals.clinical.asking import (
    LONGEST,
    answer_due,
    answer_times,
    due_error,
    how_it_stands,
    read_answer_times,
)
from referrals.clinical.library import LibraryError
from referrals.clinical.milestones import Suspicion

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
GOOD = {
    "choices": ["PT1H", "PT24H"],
    "within": {"mscc": "PT1H", "spinal_metastases": "PT24H", "none": "PT24H"},
}


@pytest.mark.parametrize(
    ("condition", "hours"),
    [(Suspicion.MSCC, 1), (Suspicion.SPINAL_METASTASES, 24), (Suspicion.NONE, 24)],
)
def test_mscc_is_answered_within_the_hour_and_metastases_within_a_day(condition, hours):
    assert answer_due(AT, condition) == AT + timedelta(hours=hours)


def test_what_is_proposed_can_be_chosen_and_nothing_is_chosen_twice():
    times = answer_times()
    assert set(times.within.values()) <= set(times.choices)
    assert list(times.choices) == sorted(set(times.choices))


@pytest.mark.parametrize(
    "wrong",
    [
        {"choices": []},
        {"choices": ["PT24H", "PT1H"]},
        {"choices": ["PT1H", "PT1H", "PT24H"]},
        {"choices": ["PT0S", "PT1H", "PT24H"]},
        {"choices": ["PT1H", "PT24H", "P32D"]},
        {"choices": ["PT24H"]},
        {"within": {"mscc": "PT1H", "none": "PT24H"}},
    ],
)
def test_numbers_that_do_not_fit_together_are_refused(wrong):
    assert read_answer_times(GOOD).choices == (timedelta(hours=1), timedelta(hours=24))
    with pytest.raises(LibraryError):
        read_answer_times(GOOD | wrong)


def test_a_time_for_an_answer_lies_after_the_question_and_within_a_month():
    second = timedelta(seconds=1)
    assert "before the question" in due_error(AT, AT)
    assert due_error(AT, AT + second) == ""
    assert due_error(AT, AT + LONGEST) == ""
    assert "more than a month" in due_error(AT, AT + LONGEST + second)


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("minutes", "severity", "word"),
    [
        (0, "due", "Due in 1 h"),
        (44, "due", "Due in 16 minutes"),
        (45, "at_risk", "Due in 15 minutes"),
        (60, "at_risk", "Due in 0 minutes"),
        (61, "overdue", "Overdue by 1 minute"),
    ],
)
def test_a_question_stands_out_before_it_is_late(minutes, severity, word):
    stands = how_it_stands(AT, AT + HOUR, None, AT + timedelta(minutes=minutes))
    assert (stands.severity, stands.word, stands.when) == (severity, word, AT + HOUR)


def test_an_answer_was_in_time_or_late():
    in_time = how_it_stands(AT, AT + HOUR, AT + HOUR, AT + 5 * HOUR)
    assert (in_time.severity, in_time.word, in_time.when) == ("met", "Answered in time", AT + HOUR)
    late = how_it_stands(AT, AT + HOUR, AT + 3 * HOUR, AT + 5 * HOUR)
    expected = ("missed", "Answered 2 h late", AT + 3 * HOUR)
    assert (late.severity, late.word, late.when) == expected


def test_what_is_late_by_seconds_is_not_said_to_be_late_by_nothing():
    second = timedelta(seconds=1)
    answered = how_it_stands(AT, AT + HOUR, AT + HOUR + second, AT + 5 * HOUR)
    assert answered.word == "Answered less than a minute late"
    assert how_it_stands(AT, AT + HOUR, None, AT + HOUR + second).word == (
        "Overdue by less than a minute"
    )
