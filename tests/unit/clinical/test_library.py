import importlib

import pytest

from referrals.clinical import bundle, catalogue, library
from referrals.clinical.library import (
    LibraryError,
    Section,
    Strength,
    check_whole,
    read_recommendations,
    read_targets,
    said,
    seconds,
)
from referrals.clinical.milestones import MilestoneKind
from referrals.clinical.treatment import UrgentRadiotherapy

ROW = {
    "key": "mri_24h",
    "name": "MRI within 24 hours",
    "short_name": "MRI",
    "within": "PT24H",
    "at_risk_after": "PT12H",
    "severity": "emergency",
    "starts": ["mscc_suspected"],
    "stops": ["mri_performed"],
    "source": ["1.5.2"],
    "note": "",
}


def test_a_day_is_86400_seconds_and_a_week_168_hours():
    assert seconds("PT24H") == seconds("P1D") == 86_400
    assert seconds("P7D") == 168 * 3_600
    assert seconds("PT15M") == 900
    assert seconds("P1DT2H3M4S") == 93_784


@pytest.mark.parametrize("wrong", ["", "P", "PT", "24H", "P1M", "PT1.5H", "P-1D", "PT24H "])
def test_a_duration_without_a_fixed_length_is_refused(wrong):
    with pytest.raises(LibraryError):
        seconds(wrong)


def test_the_timed_targets_are_those_of_the_guideline():
    assert {each.key: (each.within_s, sorted(each.starts)) for each in library.targets()} == {
        "contact_now": (900, ["new_signs_reported", "received"]),
        "advice_24h": (86_400, ["received"]),
        "mri_24h": (86_400, ["mscc_suspected"]),
        "mri_1wk": (604_800, ["metastases_suspected"]),
        "report_urgent": (14_400, ["ct_performed", "mri_incomplete", "mri_performed"]),
        "stability_24h": (86_400, ["immobilisation_started"]),
        "rt_24h": (86_400, ["decision_to_treat"]),
    }


def test_booking_an_mri_stops_no_clock():
    assert not [each for each in library.targets() if MilestoneKind.MRI_BOOKED in each.stops]


def test_an_incomplete_mri_does_not_stop_an_mri_clock():
    for key in ("mri_24h", "mri_1wk"):
        assert library.target(key).stops == {"mri_performed", "ct_performed"}


def test_only_a_decision_that_urgent_radiotherapy_is_indicated_starts_its_clock():
    target = library.target("rt_24h")
    assert target.starts_when == {"urgent_radiotherapy": UrgentRadiotherapy.INDICATED}
    assert target.excepted_when == {"urgent_radiotherapy": UrgentRadiotherapy.EXCEPTED}


def test_getting_up_again_ends_the_wait_for_stability_advice():
    assert library.target("stability_24h").excepts == {"immobilisation_ended"}


def test_targets_can_be_kept_in_a_set():
    assert len(set(library.targets())) == 7


def test_every_target_says_which_start_it_counts_from():
    for each in library.targets():
        assert "counts" in each.note or "from" in each.note
        assert each.name
        assert each.short_name


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"source": ["9.9.9"]}, "no recommendation"),
        ({"source": []}, "no recommendation"),
        ({"starts": ["mri_dreamed_of"]}, "mri_dreamed_of"),
        ({"stops": ["mscc_suspected"]}, "others that stop it"),
        ({"stops": []}, "others that stop it"),
        ({"excepts": ["mri_performed"]}, "others that stop it"),
        ({"at_risk_after": "PT24H"}, "at risk"),
        ({"severity": "whenever"}, "severity"),
        ({"for": ["lumbago"]}, "lumbago"),
        ({"within": "P1M"}, "duration"),
    ],
)
def test_a_target_that_contradicts_itself_stops_the_load(change, sentence):
    with pytest.raises(LibraryError, match=sentence):
        read_targets([{**ROW, **change}], ["1.5.2"])


def test_a_target_cannot_be_there_twice():
    with pytest.raises(LibraryError, match="twice"):
        read_targets([ROW, ROW], ["1.5.2"])


def test_a_target_without_a_field_names_itself():
    with pytest.raises(LibraryError, match="Target mri_24h"):
        read_targets([{key: value for key, value in ROW.items() if key != "note"}], ["1.5.2"])


GIVEN = {
    "number": "1.5.9",
    "section": "Imaging",
    "strength": "do_not",
    "for_whom": "Anyone",
    "wording": "No X-ray.",
    "year": 2023,
    "acts": ["rule:advice.advice_for"],
}


def test_a_recommendation_is_read_with_its_strength():
    each = read_recommendations([GIVEN])["1.5.9"]
    assert each.strength.label == "Do not"


def test_what_no_software_can_do_says_why():
    (each,) = read_recommendations([{**GIVEN, "acts": [], "practice": "Because."}]).values()
    assert each.practice == "Because."


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"strength": "perhaps"}, "perhaps"),
        ({"acts": []}, "or a reason why there is none"),
        ({"practice": "And no software."}, "or a reason why there is none"),
        ({"acts": ["advice.advice_for"]}, "points nowhere"),
        ({"acts": ["hope:advice"]}, "points nowhere"),
        ({"acts": ["rule:"]}, "points nowhere"),
        ({"acts": ["rule:a.b", "rule:a.b"]}, "twice"),
        ({"year": 2019}, "no year of the guideline"),
        ({"section": ""}, "needs a section"),
        ({"for_whom": ""}, "somebody"),
        ({"wording": ""}, "words"),
    ],
)
def test_a_recommendation_that_says_too_little_stops_the_load(change, sentence):
    with pytest.raises(LibraryError, match=sentence) as refused:
        read_recommendations([{**GIVEN, **change}])
    assert "1.5.9" in str(refused.value)


def test_a_recommendation_without_a_field_names_itself():
    with pytest.raises(LibraryError, match=r"1\.5\.9.*wording"):
        read_recommendations([{key: each for key, each in GIVEN.items() if key != "wording"}])


TWO = [Section("1.1", "First", 2), Section("1.2", "Second", 1)]


def rows(*pairs):
    return read_recommendations(
        {**GIVEN, "number": number, "section": section} for number, section in pairs
    )


WHOLE = [("1.1.1", "First"), ("1.1.2", "First"), ("1.2.1", "Second")]


def test_a_library_is_whole_when_every_number_is_there_in_order():
    assert check_whole(rows(*WHOLE), TWO) is None


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [
        (WHOLE[:2], r"1\.2\.1 is missing"),
        (WHOLE[1:], r"1\.1\.1 is missing or out of its place; 1\.1\.2"),
        ([WHOLE[1], WHOLE[0], WHOLE[2]], "out of its place"),
        ([*WHOLE, ("1.2.2", "Second")], r"1\.2\.2 is in no section"),
        ([*WHOLE[:2], ("1.2.1", "First")], "belongs to 'Second'"),
    ],
)
def test_a_library_with_a_hole_stops_the_load(pairs, sentence):
    with pytest.raises(LibraryError, match=sentence):
        check_whole(rows(*pairs), TWO)


def test_a_recommendation_cannot_be_there_twice():
    with pytest.raises(LibraryError, match="twice"):
        read_recommendations([GIVEN, GIVEN])


def test_a_number_that_is_not_in_the_library_is_an_error_and_not_a_blank():
    with pytest.raises(LibraryError, match=r"1\.99\.1"):
        library.recommendation("1.99.1")
    with pytest.raises(LibraryError, match="steering"):
        library.target("steering")


def test_every_clock_is_pointed_at_by_the_recommendations_it_comes_from():
    for target in library.targets():
        assert any(
            f"clock:{target.key}" in library.recommendation(number).acts for number in target.source
        )


# How many recommendations each section of NG234 has.
GUIDELINE = {
    "1.1": 28,
    "1.2": 13,
    "1.3": 6,
    "1.4": 4,
    "1.5": 10,
    "1.6": 6,
    "1.7": 15,
    "1.8": 8,
    "1.9": 3,
    "1.10": 10,
    "1.11": 9,
    "1.12": 5,
}


def test_every_number_of_the_guideline_is_there_in_its_order():
    wanted = [f"{part}.{last}" for part, most in GUIDELINE.items() for last in range(1, most + 1)]
    assert list(library.recommendations()) == wanted
    assert len(wanted) == 117


def test_three_recommendations_were_kept_from_2008():
    old = [number for number, each in library.recommendations().items() if each.label == "2008"]
    assert old == ["1.7.12", "1.7.13", "1.7.14"]


def test_what_the_guideline_forbids_is_said_as_forbidden():
    forbidden = {
        number
        for number, each in library.recommendations().items()
        if each.strength is Strength.DO_NOT
    }
    assert forbidden == {"1.5.6", "1.5.9", "1.7.14", "1.8.7", "1.11.5"}


def test_no_more_than_fifteen_are_left_to_practice_and_each_says_why():
    left = [each for each in library.entries().values() if each.practice]
    assert len(left) <= 15
    assert all(len(each.practice.split()) >= 8 for each in left)


def test_other_sources_say_whose_they_are():
    assert library.recommendation("summary: taper").label == "September 2023"
    assert library.recommendation("local: not known is not no").label.startswith("Ours")


def heading(entry):
    """What a rule may also name for a statement of the summary."""
    return f"summary: {entry.part.lower()}"


def names(sources, entry):
    return entry.number in sources or (
        entry.number.startswith("summary: ") and heading(entry) in sources
    )


RULES = catalogue.rules()


def test_the_rules_are_found():
    assert len(RULES) > 100
    assert RULES["steroids.first_dose"].numbers == ("1.8.1",)


def test_two_rules_cannot_share_a_key(monkeypatch):
    first = RULES["steroids.first_dose"]
    other = type(first)(first.key, "Another.", first.strength, first.numbers)
    twice = [type("module", (), {"RULES": (each,)}) for each in (first, other)]
    monkeypatch.setattr(catalogue, "modules", lambda: iter(twice))
    with pytest.raises(LibraryError, match="Two rules"):
        catalogue.rules.__wrapped__()


@pytest.mark.parametrize("key", RULES)
def test_every_rule_names_sources_that_are_in_the_library(key):
    assert RULES[key].numbers
    assert set(RULES[key].numbers) <= library.sources()


@pytest.mark.parametrize("key", RULES)
def test_every_rule_is_pointed_at_by_each_source_it_names(key):
    pointing = [each for each in library.entries().values() if f"rule:{key}" in each.acts]
    found = {number for each in pointing for number in (each.number, heading(each))}
    assert set(RULES[key].numbers) <= found


def test_no_recommendation_points_at_a_rule_or_an_item_that_does_not_name_it():
    for each in library.entries().values():
        for pointer in each.acts:
            kind, _, name = pointer.partition(":")
            if kind == "rule" and name in RULES:
                assert names(RULES[name].numbers, each), f"{each.number}: {pointer}"
            if kind == "item":
                assert names(bundle.item(name).numbers, each), f"{each.number}: {pointer}"


def test_every_rule_a_recommendation_points_at_exists():
    for each in library.entries().values():
        for pointer in each.acts:
            kind, _, place = pointer.partition(":")
            if kind == "rule" and place not in RULES:
                module, _, function = place.partition(".")
                found = importlib.import_module(f"referrals.clinical.{module}")
                assert callable(getattr(found, function)), pointer


@pytest.mark.parametrize("item", bundle.all_items(), ids=lambda item: item.key)
def test_every_item_of_the_care_bundle_is_pointed_at_by_each_source_it_names(item):
    assert item.numbers
    for number in item.numbers:
        assert any(
            f"item:{item.key}" in each.acts
            for each in library.entries().values()
            if names((number,), each)
        ), number


def written(module):
    """The sources other than numbers of NG234 that stand in a module's constants."""
    for value in vars(module).values():
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str) and text.partition(": ")[0] in library.ELSEWHERE:
                if text.partition(": ")[2]:
                    yield text


def test_every_source_that_a_module_writes_down_is_in_the_library():
    found = {text for module in catalogue.modules() for text in written(module)}
    assert len(found) > 5
    assert found <= library.sources()


def test_each_source_has_a_place_of_its_own_on_the_page():
    anchors = {said(source).anchor for source in library.sources()}
    assert len(anchors) == len(library.sources())
    assert said("1.8.1").anchor == "r-1-8-1"
    assert said("summary: taper").anchor == "r-summary-taper"
