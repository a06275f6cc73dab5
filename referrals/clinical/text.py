"""Text people type: what cannot be stored is refused with a sentence, what misleads is flagged.

Text is kept as it was typed (only composed to NFC and trimmed); every page escapes it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

NOTE_LIMIT = 10_000

_LINE_BREAKS = frozenset("\n\r\v\f\x85\u2028\u2029")
# Characters that reorder what a reader sees: a name could be made to read as another.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_LOOKALIKE = ("LATIN", "CYRILLIC", "GREEK")


class InputError(ValueError):
    """Something typed that cannot be right: `code` names the rule, `sentence` says what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def clean_text(
    value: str, limit: int = NOTE_LIMIT, *, lines: bool = False, what: str = "This"
) -> str:
    """The text as it is stored, or InputError. `limit` counts characters, not bytes.

    Line breaks are allowed only with `lines`: a name with one could forge a second header or
    message. `what` begins the sentence about length, as in "Notes can have up to ...".
    """
    _check_length(value, limit, what)
    if not lines and any(character in _LINE_BREAKS for character in value.strip("\r\n")):
        raise InputError("text-lines", "Line breaks are not allowed here.")
    for position, character in enumerate(value, start=1):
        if _cannot_be_stored(character):
            raise InputError(
                "text-characters",
                f"Text has characters that cannot be stored (position {position}).",
            )
    plain = value.replace("\r\n", "\n").replace("\r", "\n")
    if not lines:
        plain = plain.replace("\t", " ")
    composed = unicodedata.normalize("NFC", plain).strip()
    # A few scripts grow when composed, and a column does not.
    _check_length(composed, limit, what)
    return composed


def misleading(value: str) -> tuple[str, ...]:
    """Why a name may not be what it looks like; empty when nothing speaks for that.

    Such a name is stored and shown isolated, with this flag beside it: it may well be genuine.
    """
    return tuple(_suspicions(value))


def _suspicions(value: str) -> Iterator[str]:
    if any(character in _BIDI for character in value):
        yield "It has characters that change the direction of writing."
    if any(character in _INVISIBLE for character in value):
        yield "It has characters that cannot be seen."
    if any(len(_alphabets(word)) > 1 for word in value.split()):
        yield "One word mixes letters of different alphabets."


def _alphabets(word: str) -> set[str]:
    names = (unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter.isalpha())
    return {name for name in names if name in _LOOKALIKE}


def _check_length(value: str, limit: int, what: str) -> None:
    if len(value) > limit:
        raise InputError(
            "text-length",
            f"{what} can have up to {limit:,} characters. Yours has {len(value):,}.",
        )


def _cannot_be_stored(character: str) -> bool:
    if character in "\n\r\t":
        return False
    # Cc: NUL and the other control characters. Cs: half of a surrogate pair.
    return unicodedata.category(character) in ("Cc", "Cs")
