import importlib

import pytest

from referrals.clinical import library
from referrals.clinical.library import LibraryError, read_recommendations, read_targets, seconds
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


@pytest.mark.parametrize("change", [{"strength": "perhaps"}, {"acts": []}])
def test_a_recommendation_that_says_too_little_stops_the_load(change):
    with pytest.raises(LibraryError, match=r"1\.5\.9"):
        read_recommendations([{**GIVEN, **change}])


def test_a_recommendation_cannot_be_there_twice():
    with pytest.raises(LibraryError, match="twice"):
        read_recommendations([GIVEN, GIVEN])


def test_a_number_that_is_not_in_the_library_is_an_error_and_not_a_blank():
    with pytest.raises(LibraryError, match=r"1\.99\.1"):
        library.recommendation("1.99.1")
    with pytest.raises(LibraryError, match="steering"):
        library.target("steering")


def test_every_rule_a_recommendation_points_at_exists():
    for each in library.recommendations().values():
        for pointer in each.acts:
            kind, _, place = pointer.partition(":")
            if kind == "rule":
                module, _, function = place.partition(".")
                found = importlib.import_module(f"referrals.clinical.{module}")
                assert callable(getattr(found, function)), pointer


def test_every_clock_is_pointed_at_by_the_recommendations_it_comes_from():
    for target in library.targets():
        assert any(
            f"clock:{target.key}" in library.recommendation(number).acts for number in target.source
        )


def test_the_library_has_every_recommendation_this_product_acts_on():
    wanted = {
        "1.1": (6, 9, 15, 16, 17, 18, 19, 21, 24),
        "1.2": (4,),
        "1.3": (1, 2, 3, 4, 5, 6),
        "1.4": (1, 2, 3, 4),
        "1.5": (1, 2, 3, 4, 5, 6, 7, 9),
        "1.8": (1, 2, 5, 6, 7, 8),
        "1.10": (4, 5),
        "1.11": (3,),
    }
    numbers = {f"{section}.{last}" for section, lasts in wanted.items() for last in lasts}
    assert numbers <= set(library.recommendations())


def test_recommendations_are_in_the_order_of_the_guideline():
    numbers = list(library.recommendations())
    assert numbers == sorted(numbers, key=lambda number: [int(n) for n in number.split(".")])
