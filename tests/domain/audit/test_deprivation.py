"""Public lookups: read whole or not at all, and asked with many postcodes at once."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit.domain import deprivation, lookups
from audit.models import Area, HospitalSite, LookupFile, Postcode
from tests.factories.people import OrganisationFactory, Place

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def load(tmp_path):
    def loading(text, **options):
        file = tmp_path / "lookup.csv"
        file.write_text(text)
        return lookups.load(file, by="Sam Example", at=NOW, **options)

    return loading


def told(loaded):
    return [(each.row, each.column, each.sentence) for each in loaded.problems]


def test_deciles_become_quintiles_one_the_most_deprived(load):
    rows = "".join(f"XA1 {d % 10}AA,{d}\n" for d in range(1, 11))
    assert load(f"Postcode,Index of Multiple Deprivation Decile\n{rows}").rows == 10
    assert deprivation.quintiles([f"xa1{d % 10}aa" for d in range(1, 11)]) == {
        f"xa1{d % 10}aa": (d + 1) // 2 for d in range(1, 11)
    }


@pytest.mark.parametrize(
    ("rank", "quintile"), [(1, 1), (6751, 1), (6752, 2), (13502, 2), (13503, 3), (33755, 5)]
)
def test_a_rank_is_one_of_all_areas_of_england(load, rank, quintile):
    load(f"LSOA code (2021),Index of Multiple Deprivation (IMD) Rank\nE01000001,{rank}\n")
    assert Area.objects.get().quintile == quintile


def test_an_older_index_ranked_fewer_areas(load):
    load("lsoa11,imd rank\nE01000001,6569\nE01000002,6568\n", ranked=32844)
    assert dict(Area.objects.values_list("code", "quintile")) == {"E01000001": 2, "E01000002": 1}


def test_the_index_by_area_and_a_directory_of_postcodes_add_up(load):
    load("LSOA code (2011),IMD Decile\nE01000001,3\n")
    load("pcds,lsoa11,lat,long\nXA1 1AA,E01000001,54.9,0.8\nXA1 1BA,E01000009,99.999999,0.0\n")
    assert deprivation.quintiles(["XA1 1AA", "XA1 1BA", "", "nonsense"]) == {"XA1 1AA": 2}
    assert Postcode.objects.get(pk="XA11BA").latitude is None


def test_a_file_without_a_column_does_not_wipe_what_another_said(load):
    load("postcode,latitude,longitude\nXA1 1AA,54.9,0.8\n")
    load("postcode,imd decile\nXA1 1AA,10\n")
    kept = Postcode.objects.get()
    assert (kept.quintile, kept.latitude, kept.longitude) == (5, 54.9, 0.8)
    load("postcode,imd decile\nXA1 1AA,1\n")
    assert Postcode.objects.get().quintile == 1


def test_no_other_country_has_this_index(load):
    load("pcds,lsoa11,imd\nXA1 1AA,W01000001,5\nXA1 1BA,E01000001,5\n")
    load("lsoa11,imd rank\nW01000001,5\nE01000001,5\n")
    assert deprivation.quintiles(["XA1 1AA", "XA1 1BA"]) == {"XA1 1BA": 1}


def test_every_error_is_told_by_its_row_and_nothing_is_loaded(load):
    loaded = load(
        "Postcode,LSOA code,IMD Decile,Latitude,Longitude\n"
        "XA1 1AA,E01000001,3,54.9,0.8\n"
        "not one,E01000001,3,54.9,0.8\n"
        ",E01000001,3,,\n"
        "XA1 1BA,E0100000,3,,\n"
        "XA1 1DA,E01,11,54.9,\n"
        "XA1 1EA,E01000001,,0,0\n"
        "XA1 1AA,E01000001,3,,\n"
    )
    assert told(loaded) == [
        (3, "postcode", "This is not a postcode."),
        (4, "postcode", "The postcode is missing."),
        (6, "area", "This is not an LSOA code, such as E01012345."),
        (6, "decile", "Must be a whole number from 1 to 10."),
        (6, "latitude", "Latitude and longitude are degrees, such as 50.72 and -3.53."),
        (7, "latitude", "This place does not lie in the United Kingdom."),
    ]
    assert not Postcode.objects.exists()
    assert not LookupFile.objects.exists()


def test_a_postcode_twice_is_a_contradiction(load):
    loaded = load("postcode,imd decile\nXA1 1AA,3\nXA1 1BA,3\nXA11AA,9\n")
    assert told(loaded) == [(4, "postcode", "It is in row 2 already.")]
    assert not Postcode.objects.exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The first row must name a postcode or an LSOA code"),
        ("colour,size\n1,2\n", "The first row must name a postcode or an LSOA code"),
        ("postcode,imd decile\n", "headings and nothing"),
        ("lsoa11,imd decile\nE01000001,\n", "The decile, quintile or rank is missing."),
    ],
)
def test_a_file_that_is_something_else_is_refused_in_a_sentence(load, text, sentence):
    loaded = load(text)
    assert sentence in loaded.problems[0].sentence
    assert loaded.rows == 0


def test_a_file_in_another_code_is_refused(tmp_path):
    file = tmp_path / "lookup.csv"
    file.write_bytes("postcode,imd decile,name\nXA1 1AA,3,Caf\xe9\n".encode("cp1252"))
    loaded = lookups.load(file, by="Sam Example", at=NOW)
    assert "UTF-8" in loaded.problems[0].sentence
    assert not Postcode.objects.exists()


def test_the_distance_from_home_to_hospital_is_known_when_both_are_on_the_map(load):
    near, unknown = Place.build().hospital, Place.build().hospital
    load("pcds,lat,long\nXA1 1AA,54.0,1.0\nXA1 1BA,55.0,1.0\nXA1 1DA,54.0,2.0\n")
    loaded = load(f"Hospital,Postcode\n{near.name.upper()},xa11aa\nElsewhere,XA9 9AA\n")
    assert (loaded.kind, loaded.rows, loaded.without) == ("hospitals", 1, 1)
    asked = [
        ("XA1 1BA", near.pk),
        ("xa1 1da", near.pk),
        ("XA1 1AA", near.pk),
        ("XA1 1BA", unknown.pk),
        ("XA5 5AA", near.pk),
    ]
    # A degree of a great circle is 111.195 km; at 54 degrees north one of longitude 65.359 km.
    found = deprivation.distances(asked)
    assert {key: round(km, 1) for key, km in found.items()} == {
        ("XA1 1BA", near.pk): 111.2,
        ("xa1 1da", near.pk): 65.4,
        ("XA1 1AA", near.pk): 0.0,
    }


def test_two_hospitals_of_one_name_are_not_guessed_between(load):
    for _ in range(2):
        OrganisationFactory(kind="hospital", name="Twin", parent=Place.build().trust)
    assert told(load("hospital,postcode\nTwin,XA1 1AA\n")) == [
        (2, "hospital", "Two hospitals are called so.")
    ]
    assert not HospitalSite.objects.exists()


@pytest.mark.parametrize("count", [1, 40])
def test_many_postcodes_cost_no_more_statements_than_one(load, django_assert_num_queries, count):
    load("postcode,imd decile,lat,long\nXA1 1AA,3,54.9,0.8\n")
    asked = [f"XA{n} 1AA" for n in range(1, count + 1)]
    with django_assert_num_queries(1):
        assert deprivation.quintiles(asked) == {"XA1 1AA": 2}
    with django_assert_num_queries(2):
        assert deprivation.distances((each, 1) for each in asked) == {}
    with django_assert_num_queries(0):
        assert deprivation.quintiles(["", " "]) == {} == deprivation.distances([("", 1)])


def test_the_command_loads_what_ships_and_says_so():
    hospital = OrganisationFactory(
        kind="hospital", name="Northmoor General", parent=Place.build().trust
    )
    out = StringIO()
    call_command("load_deprivation", "--synthetic", stdout=out)
    assert out.getvalue().splitlines() == [
        "synthetic-deprivation.csv: 243 postcodes loaded.",
        "synthetic-hospitals.csv: 1 hospitals loaded, 7 rows held nothing to keep.",
        "Journeys judged before keep their groups until rebuild_journeys.",
    ]
    assert set(deprivation.quintiles(["XA1 1AA", "EX2 4BB"])) == {"XA1 1AA", "EX2 4BB"}
    assert deprivation.distances([("XA1 1AA", hospital.pk)]) == {("XA1 1AA", hospital.pk): 0.0}
    assert list(LookupFile.objects.values_list("kind", "rows").order_by("kind")) == [
        ("hospitals", 1),
        ("postcodes", 243),
    ]


def test_the_command_names_the_file_it_did_not_load(tmp_path):
    file = tmp_path / "imd.csv"
    file.write_text("postcode,imd decile\nXA1 1AA,eleven\n")
    out = StringIO()
    with pytest.raises(CommandError, match=r"^Not loaded: imd\.csv, none\.csv\.$"):
        call_command("load_deprivation", str(file), str(tmp_path / "none.csv"), stdout=out)
    assert out.getvalue().splitlines() == [
        "imd.csv: row 2, decile: Must be a whole number from 1 to 10.",
        "none.csv: cannot be opened: No such file or directory.",
    ]
    with pytest.raises(CommandError, match="Name a file"):
        call_command("load_deprivation")
