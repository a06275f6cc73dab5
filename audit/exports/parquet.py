"""Parquet: typed columns, missing values that stay missing, and what it is about in its schema.

pyarrow is imported where a file is written: it is large, and most processes never write one. No
spreadsheet runs what stands in a Parquet file, so texts are as they are.
"""

from itertools import islice
from typing import Any, BinaryIO

from audit.exports.table import Cell, Column, Holds, Table

LIMIT_ROWS = 20_000  # made while somebody waits: some ten seconds
TYPE, SUFFIX = "application/vnd.apache.parquet", "parquet"
_A_GROUP = 5_000  # rows written together


def write(table: Table, file: BinaryIO) -> int:
    """Write it; how many rows."""
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema(
        [_field(pyarrow, column) for column in table.columns], metadata=dict(table.about)
    )
    rows, count = iter(table.rows), 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while group := list(islice(rows, _A_GROUP)):
            columns = [[_known(cell) for cell in column] for column in zip(*group, strict=True)]
            arrays = [
                pyarrow.array(column, type=field.type)
                for column, field in zip(columns, schema, strict=True)
            ]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
            count += len(group)
    return count


def _known(cell: Cell) -> Cell:
    """An empty text is nothing known, as everywhere else."""
    return None if cell == "" else cell


def _field(pyarrow: Any, column: Column) -> Any:
    kinds = {
        Holds.TEXT: pyarrow.string(),
        Holds.WHOLE: pyarrow.int64(),
        Holds.NUMBER: pyarrow.float64(),
        Holds.YES_NO: pyarrow.bool_(),
    }
    said = {"description": column.help} | ({"nhs_item": column.nhs} if column.nhs else {})
    return pyarrow.field(column.name, kinds[column.holds], metadata=said)
