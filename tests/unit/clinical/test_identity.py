from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.clinical.identity import age, check_birth, clean_nhs_number, format_nhs
from referrals.clinical.text import InputError
from referrals.clinical.times import parse_date

TODAY = date(2026, 11, 21)


def refusal(value, **more):
    with pytest.raises(InputError) as wrong:
        clean_nhs_number(value, **more)
    return wrong.value.code, wrong.value.sentence


@pytest.mark.parametrize("value", ["9434765919", "943 476 5919", " 943-476-5919\n", "9449305552"])
def test_a_valid_nhs_number_is_read_however_it_is_spaced(value):
    assert clean_nhs_number(value) in ("9434765919", "9449305552")


def test_nine_digits_are_counted_back_to_the_person():
    assert refusal("943476591") == ("nhs-length", "NHS number must have 10 digits. You entered 9.")
    assert refusal("94347659190")[1].endswith("You entered 11.")


@pytest.mark.parametrize("value", ["9434765918", "9991234560", "4943765919"])
def test_a_number_that_fails_its_check_digit_is_refused(value):
    sentence = "This NHS number is not valid. Check the digits."
    assert refusal(value) == ("nhs-checkdigit", sentence)
    assert refusal(value, allow_test=True) == ("nhs-checkdigit", sentence)


@pytest.mark.parametrize(
    "value",
    [
        "\uff19434765919",
        "943\u200b4765919",
        "943\u00a0476 5919",
        "943\u20134765919",
        "943476591O",
        "+9434765919",
        "943476591\u00b2",
        "943.476.5919",
    ],
)
def test_anything_but_ascii_digits_spaces_and_dashes_is_refused(value):
    assert refusal(value) == ("nhs-digits", "Use digits 0–9 only.")


@pytest.mark.parametrize("value", ["0000000000", "9999999999", "9990000018", "999 000 0026"])
def test_a_test_number_is_refused_in_live_use(value):
    assert refusal(value) == ("nhs-test", "Test NHS numbers are not allowed here.")


def test_a_test_number_is_read_where_test_numbers_are_allowed():
    assert clean_nhs_number("999 000 0018", allow_test=True) == "9990000018"


@pytest.mark.parametrize("digit", "0123456789")
def test_one_digit_ten_times_over_is_nobodys_number(digit):
    assert refusal(digit * 10)[0] in ("nhs-test", "nhs-checkdigit")
    assert refusal(digit * 10, allow_test=True)[0] == "nhs-checkdigit"


@pytest.mark.parametrize("value", ["", "  ", " - "])
def test_no_number_at_all_asks_for_one_or_a_reason(value):
    assert refusal(value)[0] == "nhs-missing"


@given(st.text(max_size=20))
def test_whatever_is_typed_gives_ten_digits_or_a_sentence(value):
    try:
        answer = clean_nhs_number(value)
    except InputError as wrong:
        answer = wrong.sentence
    assert answer.endswith(".") or len(answer) == 10


def test_an_nhs_number_is_shown_in_three_groups():
    assert format_nhs("9434765919") == "943 476 5919"


def birth(day, month, year):
    with pytest.raises(InputError) as wrong:
        check_birth(parse_date(day, month, year), today=TODAY)
    return wrong.value.sentence


def test_a_date_of_birth_is_between_130_years_ago_and_today():
    assert check_birth(parse_date("21", "11", "2026"), today=TODAY) == TODAY
    assert check_birth(parse_date("21", "11", "1896"), today=TODAY) == date(1896, 11, 21)
    range_said = "Date of birth must be between 21 November 1896 and today."
    assert birth("22", "11", "2026") == birth("20", "11", "1896") == range_said


def test_a_leap_day_130_years_ago_is_no_trouble():
    assert check_birth(date(2000, 1, 1), today=date(2028, 2, 29)) == date(2000, 1, 1)


@pytest.mark.parametrize(
    ("given_parts", "sentence"),
    [
        (("31", "02", "2026"), "31 February does not exist."),
        (("31", "4", "1960"), "31 April does not exist."),
        (("29", "2", "1961"), "29 February 1961 does not exist."),
        (("1", "13", "2026"), "Month must be 1–12."),
        (("32", "1", "1960"), "Day must be 1–31."),
        (("0", "1", "1960"), "Day must be 1–31."),
        (("1", "1", "60"), "Enter a 4-digit year."),
        (("1", "1", "0960"), "Enter a 4-digit year."),
        (("", "1", "1960"), "Enter a day, a month and a year."),
        (("1", "Jan", "1960"), "Use digits 0–9 only, for example 27 3 2026."),
        (("\u0661", "1", "1960"), "Use digits 0–9 only, for example 27 3 2026."),
        (("9" * 5000, "1", "1960"), "Day must be 1–31."),
    ],
)
def test_a_date_that_does_not_exist_says_why(given_parts, sentence):
    assert birth(*given_parts) == sentence


def test_age_changes_on_the_birthday():
    assert age(date(1960, 11, 21), TODAY) == 66
    assert age(date(1960, 11, 22), TODAY) == 65


def test_a_leap_day_child_is_a_year_older_on_1_march():
    assert age(date(2000, 2, 29), date(2026, 2, 28)) == 25
    assert age(date(2000, 2, 29), date(2026, 3, 1)) == 26
