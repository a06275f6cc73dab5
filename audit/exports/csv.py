"""CSV: UTF-8 with its mark, so that a spreadsheet reads names right; CRLF, as RFC 4180 has it."""

import csv
import io
from typing import BinaryIO

from audit.exports.table import Cell, Table, harmless

LIMIT_ROWS = 20_000  # made while somebody waits: some ten seconds
TYPE, SUFFIX = "text/csv; charset=utf-8", "csv"


def write(table: Table, file: BinaryIO) -> int:
    """Write it; how many rows. What it is about does not fit into a CSV and is left out."""
    out = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(out)
    writer.writerow([column.name for column in table.columns])
    count = 0
    for row in table.rows:
        writer.writerow([_said(cell) for cell in row])
        count += 1
    out.flush()
    out.detach()
    return count


def _said(cell: Cell) -> Cell:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return harmless(cell)
