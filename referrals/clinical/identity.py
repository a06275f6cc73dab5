"""Who the person is: NHS number, date of birth, age.

A wrong number here means another person's record, so nothing is guessed: only ASCII spaces and
dashes are taken out, and what cannot be a number is refused with a sentence.
"""

from __future__ import annotations

from datetime import date

from nhs_number.validate import is_valid

from referrals.clinical.text import InputError
from referrals.clinical.times import said_day

OLDEST_YEARS = 130


def clean_nhs_number(value: str, *, allow_test: bool = False) -> str:
    """The ten digits of a valid NHS number, or InputError.

    Checks the modulus 11 digit. Numbers from 999 are reserved for testing and pass only with
    `allow_test`; one digit ten times over passes the check and is never anybody's.
    """
    digits = value.strip(" \t\r\n").replace(" ", "").replace("-", "")
    if not digits:
        raise InputError("nhs-missing", "Enter an NHS number, or say why there is none.")
    # str.isdigit would let full-width and superscript digits through.
    if any(character not in "0123456789" for character in digits):
        raise InputError("nhs-digits", "Use digits 0–9 only.")
    if len(digits) != 10:
        raise InputError(
            "nhs-length", f"NHS number must have 10 digits. You entered {len(digits)}."
        )
    same = len(set(digits)) == 1
    if not is_valid(digits) or (same and allow_test):
        raise InputError("nhs-checkdigit", "This NHS number is not valid. Check the digits.")
    if not allow_test and (same or digits.startswith("999")):
        raise InputError("nhs-test", "Test NHS numbers are not allowed here.")
    return digits


def format_nhs(number: str) -> str:
    """An NHS number as people read it aloud: 943 476 5919."""
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def check_birth(born: date, *, today: date) -> date:
    """The date itself when somebody alive today can have been born on it, or InputError."""
    # A leap day 130 years ago may not have existed; the day before it did.
    oldest = date(today.year - OLDEST_YEARS, today.month, min(today.day, 28))
    if not oldest <= born <= today:
        raise InputError(
            "dob-range", f"Date of birth must be between {said_day(oldest)} and today."
        )
    return born


def age(born: date, on: date) -> int:
    """Whole years; who was born on 29 February is a year older on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
