"""The sheet for the person and their family: whole, plain, and the same in every language."""

import re
import tomllib
from copy import deepcopy
from dataclasses import replace

import pytest

from referrals.clinical.facts import Confirmed, Facts, Scans, Spine, Steroids
from referrals.clinical.leaflet import (
    ENGLISH,
    HERE,
    Sheet,
    conditions,
    language_of,
    languages,
    proposed,
    read_language,
)
from referrals.clinical.library import LibraryError
from referrals.clinical.milestones import Suspicion
from tests.unit.clinical.facts import NO, NOT_KNOWN, PAST, YES, presented

SUSPECTED = Facts(Suspicion.MSCC, presented(PAST, "limb_weakness"))
RAW = tomllib.loads((HERE / "en.toml").read_text())


@pytest.mark.parametrize(
    ("suspicion", "confirmed", "home", "sheet"),
    [
        ("mscc", "not_known", False, Sheet.SUSPECTED_MSCC),
        ("spinal_metastases", "not_known", False, Sheet.SUSPECTED_METASTASES),
        ("none", "not_known", False, Sheet.NO_EVIDENCE),
        ("mscc", "ruled_out", False, Sheet.NO_EVIDENCE),
        ("mscc", "mscc", False, Sheet.FOUND_MSCC),
        ("mscc", "spinal_metastases", False, Sheet.FOUND_METASTASES),
        ("mscc", "mscc", True, Sheet.GOING_HOME),
        ("mscc", "not_known", True, Sheet.GOING_HOME),
        ("mscc", "ruled_out", True, Sheet.NO_EVIDENCE),
        ("none", "not_known", True, Sheet.NO_EVIDENCE),
    ],
)
def test_the_sheet_follows_the_facts(suspicion, confirmed, home, sheet):
    facts = replace(SUSPECTED, suspicion=Suspicion(suspicion), confirmed=Confirmed(confirmed))
    assert proposed(facts, going_home=home) is sheet


@pytest.mark.parametrize("answer", [YES, NO, NOT_KNOWN])
def test_lying_flat_and_the_steroid_are_told_while_they_last(answer):
    facts = replace(
        SUSPECTED,
        spine=Spine(immobilised=answer),
        steroids=Steroids(running=answer),
        scans=Scans(whole_spine_done=YES),
    )
    told = {"lying_flat", "steroid"} if answer is YES else set()
    assert conditions(facts, Sheet.SUSPECTED_MSCC) == told
    assert conditions(facts, Sheet.GOING_HOME) == told - {"lying_flat"}


@pytest.mark.parametrize(
    ("sheet", "done", "told"),
    [
        (Sheet.SUSPECTED_MSCC, NO, True),
        (Sheet.SUSPECTED_METASTASES, NOT_KNOWN, True),
        (Sheet.SUSPECTED_MSCC, YES, False),
        (Sheet.FOUND_MSCC, NO, False),
        (Sheet.NO_EVIDENCE, NO, False),
    ],
)
def test_the_scan_is_told_until_it_is_done(sheet, done, told):
    facts = replace(SUSPECTED, scans=Scans(whole_spine_done=done))
    assert conditions(facts, sheet) == ({"scan"} if told else set())


@pytest.mark.parametrize("sheet", list(Sheet))
@pytest.mark.parametrize("language", list(languages()))
def test_every_sheet_says_what_it_is_about_and_what_to_ring_for(language, sheet):
    keys = [section.key for section in languages()[language].sheet({sheet.value})]
    assert keys[0].startswith(sheet.value.split("_")[0])
    assert {"watch_for", "no_answer", "questions"} < set(keys)
    assert not {"lying_flat", "steroid", "scan"} & set(keys)
    others = {other.value for other in Sheet if other is not sheet}
    assert not others & set(keys)


def test_what_else_applies_is_told_too():
    sections = languages()[ENGLISH].sheet({"suspected_mscc", "lying_flat", "steroid", "scan"})
    assert {"lying_flat", "steroid", "scan"} < {section.key for section in sections}


def test_every_sign_of_cord_compression_is_on_the_sheet():
    """Box 1 of NG234, each in words a family uses."""
    (watch,) = [s for s in languages()[ENGLISH].sections if s.key == "watch_for"]
    said = " ".join(watch.points).lower()
    for words in (
        *(
            "weak",
            "walk",
            "numb",
            "pins and needles",
            "pass water",
            "bowels",
            "band",
            "down an arm",
        ),
        *("gets worse", "cough", "at night", "neck", "when you move"),
    ):
        assert words in said


@pytest.mark.parametrize(
    ("recorded", "key"),
    [("", "en"), ("English", "en"), (" ENGLISH ", "en"), ("Klingon", None), ("Sign", None)],
)
def test_the_language_of_the_record_is_found_or_it_is_said_that_there_is_none(recorded, key):
    assert language_of(recorded, languages()) == key


def changed(**at):
    data = deepcopy(RAW)
    data.update(at)
    return data


def test_another_language_is_another_file_checked_against_english():
    english = languages()[ENGLISH]
    sorbian = changed(code="hsb", name="Hornjoserbsce", names=["Sorbian"], direction="ltr")
    made = read_language(sorbian, like=english)
    assert language_of("sorbian", {"en": english, "hsb": made}) == "hsb"


@pytest.mark.parametrize(
    "broken",
    [
        changed(direction="up"),
        changed(words={}),
        changed(words=RAW["words"] | {"more": "x"}),
        changed(section=RAW["section"][1:]),
        changed(section=[RAW["section"][0] | {"points": ["one more"]}, *RAW["section"][1:]]),
        changed(section=[RAW["section"][0] | {"for": ["always"]}, *RAW["section"][1:]]),
        changed(section=[RAW["section"][0] | {"for": []}, *RAW["section"][1:]]),
        changed(section=[RAW["section"][0] | {"for": ["nobody"]}, *RAW["section"][1:]]),
        {key: value for key, value in RAW.items() if key != "code"},
    ],
)
def test_a_translation_that_leaves_something_out_is_refused(broken):
    with pytest.raises(LibraryError):
        read_language(broken, like=languages()[ENGLISH])


# --- Plain English: the school grade of Flesch and Kincaid; a reader of 9 to 11 is in grade 4 to 6.

VOWELS = re.compile(r"[aeiouy]+")


def syllables(word):
    found = len(VOWELS.findall(word))
    silent = word.endswith("e") and not word.endswith("le") or word.endswith("ed")
    return max(1, found - bool(silent))


def grade(sentences):
    words = [re.findall(r"[a-z']+", sentence.lower()) for sentence in sentences]
    count = sum(map(len, words))
    spoken = sum(syllables(word) for sentence in words for word in sentence)
    return 0.39 * count / len(sentences) + 11.8 * spoken / count - 15.59


def sentences_of(sheet):
    for section in languages()[ENGLISH].sheet({sheet.value, "lying_flat", "steroid", "scan"}):
        for text in (*section.say, *section.points):
            yield from (part for part in re.split(r"(?<=[.?!:])\s+", text) if part)


def test_the_measure_tells_plain_words_from_hard_ones():
    hard = "Multidisciplinary evaluation necessitates radiological characterisation of lesions."
    assert grade([hard]) > 12 > grade(["We help you with your pain."])


@pytest.mark.parametrize("sheet", list(Sheet))
def test_a_child_of_nine_to_eleven_could_read_it(sheet):
    sentences = list(sentences_of(sheet))
    assert grade(sentences) < 5
    long = [text for text in sentences if len(text.split()) > 22]
    assert long == []
