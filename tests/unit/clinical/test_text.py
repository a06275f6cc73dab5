import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.clinical.phone import (
    CALL_BACK_SENTENCE,
    clean_call_back,
)
from referrals.clinical.text import InputError, clean_text, misleading


def refusal(value, *args, **more):
    with pytest.raises(InputError) as wrong:
        clean_text(value, *args, **more)
    return wrong.value.sentence


def test_text_that_is_too_long_says_how_long_it_is():
    assert refusal("a" * 1_048_576, what="Notes") == (
        "Notes can have up to 10,000 characters. Yours has 1,048,576."
    )
    assert clean_text("a" * 10_000) == "a" * 10_000


def test_text_that_grows_when_composed_is_measured_as_it_is_stored():
    assert "can have up to 10 characters" in refusal("\ufb2c" * 10, 10)


@pytest.mark.parametrize("bad", ["\x00", "\ud800", "\x07", "\x1b", "\x9f"])
def test_a_character_that_cannot_be_stored_is_named_by_its_position(bad):
    sentence = "Text has characters that cannot be stored (position 17)."
    assert refusal("sixteen letters." + bad) == sentence
    assert refusal("sixteen letters." + bad, lines=True) == sentence


@pytest.mark.parametrize("line", ["a\nb", "a\rb", "a\r\nBcc: b", "a\u2028b", "a\x85b", "a\x0bb"])
def test_a_line_break_in_a_name_is_refused(line):
    assert refusal(line) == "Line breaks are not allowed here."


def test_notes_keep_their_lines_in_one_way_of_writing():
    assert clean_text(" one\r\ntwo\rthree\n\tfour\n", lines=True) == "one\ntwo\nthree\n\tfour"


def test_markup_is_kept_as_it_was_typed():
    assert clean_text("<script>alert(1)</script> & 5 < 6") == "<script>alert(1)</script> & 5 < 6"


def test_a_pasted_tab_in_a_name_becomes_a_space():
    assert clean_text("Anne\tMarie") == "Anne Marie"


def test_accents_are_stored_in_one_way_so_that_a_search_finds_them():
    assert clean_text("Jose\u0301") == "Jos\u00e9"


@given(st.text(max_size=60), st.booleans())
def test_what_is_stored_can_be_stored_and_cleaning_again_changes_nothing(value, lines):
    try:
        clean = clean_text(value, 60, lines=lines)
    except InputError:
        return
    assert "\x00" not in clean
    clean.encode()  # raises for half a surrogate pair
    assert lines or "\n" not in clean
    assert clean_text(clean, 60, lines=lines) == clean


@pytest.mark.parametrize(
    "name",
    ["\u202eevil", "Ann\u200bMarie", "P\u0430ul", "\u2066x\u2069", "\u0391lice"],
)
def test_a_name_that_may_not_be_what_it_looks_like_is_flagged(name):
    assert len(misleading(name)) == 1
    assert clean_text(name) == name


@pytest.mark.parametrize(
    "name", ["José", "Łukasz", "Анна", "Αλέξης", "O'Neill", "李雷", "Анна Smith"]
)
def test_a_genuine_name_is_not_flagged(name):
    assert misleading(name) == ()


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("020 7946 0123", "02079460123"),
        ("0161 496 0123 ext 2231", "01614960123 ext 2231"),
        ("0161 496 0123, bleep 4321", "01614960123 bleep 4321"),
        ("0161 496 0123x12", "01614960123 ext 12"),
        ("Bleep 4321", "bleep 4321"),
        ("bleep: 4321", "bleep 4321"),
        ("Extension 2231", "ext 2231"),
        ("pager 12345", "pager 12345"),
        ("4321", "4321"),
        ("0800 123 4567", "08001234567"),
        ("07700 900123", "07700900123"),
        ("+44 161 496 0123", "01614960123"),
    ],
)
def test_a_ward_can_be_called_back_by_telephone_bleep_or_extension(value, stored):
    assert clean_call_back(value) == stored
    assert clean_call_back(stored) == stored


@pytest.mark.parametrize(
    "value",
    [
        "",
        "999",
        "ask for Jo",
        "0909 879 0000",
        "+1 202 555 0123",
        "0161 496",
        "bleep",
        "1" * 50_000,
    ],
)
def test_a_number_nobody_answers_is_refused_as_a_call_back(value):
    with pytest.raises(InputError) as wrong:
        clean_call_back(value)
    assert wrong.value.sentence == CALL_BACK_SENTENCE
