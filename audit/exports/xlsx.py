"""XLSX: the table, what it is about, and its columns explained; written row by row."""

from typing import Any, BinaryIO

import xlsxwriter

from audit.exports.table import Cell, Table, harmless

LIMIT_ROWS = 5_000  # slower than the others, and nobody scrolls through more
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIX = "xlsx"
_OPTIONS = {
    "constant_memory": True,
    # A text stays a text, whatever it begins with.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


def write(table: Table, file: BinaryIO) -> int:
    """Write it; how many rows."""
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(table.name.capitalize())
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(table.columns) - 1, 16)
        count = _fill(sheet, [column.name for column in table.columns], table.rows, bold)
        sheet.autofilter(0, 0, count, len(table.columns) - 1)
        about = book.add_worksheet("About")
        about.set_column(0, 1, 40)
        _fill(about, ["About this file", ""], table.about.items(), bold)
        columns = book.add_worksheet("Columns")
        columns.set_column(0, 3, 40)
        _fill(columns, ["Column", "Holds", "Means", "NHS item"], _columns(table), bold)
    return count


def _columns(table: Table) -> list[tuple[Cell, ...]]:
    return [(each.name, each.holds.value, each.help, each.nhs) for each in table.columns]


def _fill(sheet: Any, heads: list[str], rows: Any, bold: Any) -> int:
    sheet.write_row(0, 0, heads, bold)
    count = 0
    for count, row in enumerate(rows, start=1):
        for at, cell in enumerate(row):
            _cell(sheet, count, at, harmless(cell))
    return count


def _cell(sheet: Any, row: int, at: int, cell: Cell) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, at, cell)
    elif isinstance(cell, str):
        sheet.write_string(row, at, cell)
    else:
        sheet.write_number(row, at, cell)
