"""A table on its way out: its columns described once, for every format and for the dictionary."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

Cell = str | int | float | bool | None
# What a spreadsheet would take for a formula or a command (ASVS 1.2.10).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


class Holds(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    YES_NO = "yes or no"


@dataclass(frozen=True, slots=True)
class Column:
    """`name` heads it in every format; `nhs` is the item of COSD or of the NHS Data Dictionary that
    it stands for; `choices` are all that its cells may say. `identifies`: only with a reason.
    """

    name: str
    help: str
    holds: Holds = Holds.TEXT
    nhs: str = ""
    choices: tuple[str, ...] = ()
    identifies: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` can be read once. `about` says where it comes from, by heading, in every format that
    has room for it beside the table.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[tuple[Cell, ...]]
    about: Mapping[str, str]


def harmless(cell: Cell) -> Cell:
    """The cell, with a text that a spreadsheet would run set behind an apostrophe."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA):
        return f"'{cell}"
    return cell
