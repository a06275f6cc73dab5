"""Numbers on which somebody can be reached: UK telephones, pagers, bleeps and extensions."""

from __future__ import annotations

import re

from referrals.clinical.text import InputError

CALL_BACK_SENTENCE = (
    "Enter a UK phone number, a bleep or an extension, e.g. 020 7946 0123 or bleep 4321."
)

_WORD = r"(?P<kind>bleeper|bleep|pager|extension|extn|ext|x)"
_INSIDE = re.compile(rf"{_WORD}[ .:#-]*(?P<inside>[0-9]{{2,6}})|(?P<plain>[0-9]{{4,6}})", re.I)
_WITH_INSIDE = re.compile(
    rf"(?P<number>[+0-9 ().-]+?)[ ,;]*{_WORD}[ .:#-]*(?P<inside>[0-9]{{2,6}})", re.I
)


def clean_call_back(value: str) -> str:
    """A number on which a ward answers: UK telephone, bleep or extension; else InputError.

    Returned in one way of writing: "02079460123", "02079460123 ext 12", "bleep 4321",
    "4321" (inside the hospital).
    """
    text = value.strip()
    # Longer than any number with an extension: nothing to try a pattern on.
    if len(text) > 40:
        raise InputError("phone", CALL_BACK_SENTENCE)
    if inside := _INSIDE.fullmatch(text):
        return inside["plain"] or f"{_kind(inside['kind'])} {inside['inside']}"
    extra = ""
    if match := _WITH_INSIDE.fullmatch(text):
        text, extra = match["number"], f" {_kind(match['kind'])} {match['inside']}"
    digits = _national(text)
    if digits is None or not _is_uk(digits):
        raise InputError("phone", CALL_BACK_SENTENCE)
    return digits + extra


def _is_uk(digits: str) -> bool:
    """Landlines, mobiles, 03 and freephone; not 09 (premium), 070 (personal), 04, 05, 06."""
    return bool(re.fullmatch(r"(0[123][0-9]{8,9}|07[1-9][0-9]{8}|080[0-9]{7,8})", digits))


def _national(value: str) -> str | None:
    """Digits from the leading 0, whatever way the number was written; None for a foreign one."""
    if not re.fullmatch(r"\+?[0-9 ().-]+", value.strip()):
        return None
    digits = re.sub(r"[^0-9+]", "", value.replace("(0)", ""))
    for prefix in ("+44", "0044"):
        if digits.startswith(prefix):
            return "0" + digits.removeprefix(prefix).removeprefix("0")
    return None if digits.startswith(("+", "00")) else digits


def _kind(word: str) -> str:
    if word.lower() == "pager":
        return "pager"
    return "bleep" if word.lower().startswith("b") else "ext"
