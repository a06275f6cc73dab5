"""The formats a file can have: nothing that a spreadsheet would run, and nothing lost."""

import csv as reader
import io
import subprocess
import sys
import zipfile
from xml.etree import ElementTree

import pytest
from pyarrow import parquet as arrow

from audit.exports import csv, parquet, xlsx
from audit.exports.table import Column, Holds, Table, harmless

COLUMNS = (
    Column("words", "what somebody wrote", nhs="COSD: NOTHING"),
    Column("count", "how many", Holds.WHOLE),
    Column("share", "of one", Holds.NUMBER),
    Column("died", "yes or no", Holds.YES_NO),
)
ROWS = (("=1+1", 7, 0.5, True), ("Zoë, “quoted”", -3, None, False), ("", None, -0.25, None))
NASTY = ("=cmd()", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "\0x", " =1", "  @x")


def table(rows=ROWS):
    return Table("figures", COLUMNS, iter(rows), {"What": "Figures of =Example"})


def written(made, rows=ROWS):
    file = io.BytesIO()
    assert made.write(table(rows), file) == len(rows)
    return file


@pytest.mark.parametrize("cell", NASTY)
def test_a_text_that_would_be_run_is_set_behind_an_apostrophe(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "plain", "a=b", "1-2", -1, -0.5, 0, None, True])
def test_what_is_harmless_stays_as_it_is(cell):
    assert harmless(cell) is cell


def test_csv_is_read_back_as_it_was_meant():
    text = written(csv).getvalue().decode("utf-8-sig")
    assert written(csv).getvalue().startswith(b"\xef\xbb\xbf")
    assert list(reader.reader(io.StringIO(text, newline=""))) == [
        ["words", "count", "share", "died"],
        ["'=1+1", "7", "0.5", "yes"],
        ["Zoë, “quoted”", "-3", "", "no"],
        ["", "", "-0.25", ""],
    ]


@pytest.mark.parametrize("cell", NASTY)
def test_no_cell_of_a_csv_begins_like_a_formula(cell):
    text = written(csv, [(cell, 1, 1.0, True)]).getvalue().decode("utf-8-sig")
    read = list(reader.reader(io.StringIO(text, newline="")))[1][0]
    assert read[0] == "'"


def sheet_of(file, name="sheet1"):
    """Every cell of a sheet as (reference, type, formula, text), read without a library."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(file) as book:
        root = ElementTree.fromstring(book.read(f"xl/worksheets/{name}.xml"))
    return {
        cell.get("r"): (
            cell.get("t", "n"),
            cell.find(f"{space}f") is not None,
            "".join(cell.itertext()),
        )
        for cell in root.iter(f"{space}c")
    }


def test_xlsx_holds_texts_as_texts_and_numbers_as_numbers():
    cells = sheet_of(written(xlsx))
    assert cells["A2"] == ("inlineStr", False, "'=1+1")
    assert cells["B2"] == ("n", False, "7")
    assert cells["D2"] == ("b", False, "1")
    assert cells["A3"][2] == "Zoë, “quoted”"
    assert "C3" not in cells
    assert not any(formula for _, formula, _ in cells.values())


def test_xlsx_says_what_it_is_about_and_what_its_columns_mean():
    file = written(xlsx)
    about, columns = sheet_of(file, "sheet2"), sheet_of(file, "sheet3")
    assert about["B2"][2] == "Figures of =Example"
    assert [columns[f"{letter}2"][2] for letter in "ABCD"] == [
        "words",
        "text",
        "what somebody wrote",
        "COSD: NOTHING",
    ]


def test_parquet_keeps_types_missing_values_and_what_it_is_about():
    found = arrow.read_table(written(parquet))
    assert [str(field.type) for field in found.schema] == ["string", "int64", "double", "bool"]
    # No spreadsheet runs a Parquet file: the text is as it was written.
    assert found.to_pylist() == [
        {"words": "=1+1", "count": 7, "share": 0.5, "died": True},
        {"words": "Zoë, “quoted”", "count": -3, "share": None, "died": False},
        {"words": None, "count": None, "share": -0.25, "died": None},
    ]
    assert found.schema.metadata[b"What"] == b"Figures of =Example"
    assert found.schema.field("words").metadata[b"nhs_item"] == b"COSD: NOTHING"


@pytest.mark.parametrize("made", [csv, xlsx, parquet])
def test_an_empty_table_is_a_file_with_headings(made):
    assert written(made, ()).getvalue()


def test_parquet_is_written_group_by_group():
    many = [(str(n), n, 0.0, True) for n in range(5_001)]
    found = arrow.ParquetFile(written(parquet, many))
    assert (found.metadata.num_row_groups, found.metadata.num_rows) == (2, 5_001)


def test_pyarrow_is_loaded_only_when_a_file_is_written():
    code = "import sys, audit.exports.parquet; print('pyarrow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
