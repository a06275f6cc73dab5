"""Statements that are always the same, kept ready: the short way for what every change writes.

The ORM builds each statement anew and PostgreSQL plans it anew, which on the one path of every
change cost more than the change itself. Here a statement is built once a process and planned once
a connection. Everything else is better off with the ORM.
"""

import json
from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django.db.models import AutoField, Field, JSONField, Model

_Row = TypeVar("_Row", bound=Model)


def prepared() -> CursorWrapper:
    """A cursor that leaves the values to PostgreSQL: a statement seen often is planned once.

    A value whose type cannot be told from where it stands needs a cast in the statement.
    """
    line = connections[DEFAULT_DB_ALIAS]
    line.close_if_health_check_failed()
    line.ensure_connection()
    return line._prepare_cursor(ServerBindingCursor(line.connection))


def lock(model: type[_Row], key: object) -> _Row:
    """The row with this key, locked until the transaction ends; raises the model's DoesNotExist."""
    fields = model._meta.concrete_fields
    with prepared() as cursor:
        cursor.execute(_lock(model), [key])
        found = cursor.fetchone()
    if found is None:
        raise model.DoesNotExist  # type: ignore[attr-defined]
    values = list(found)
    for at, read in _readers(model):
        values[at] = read(values[at], None, connections[DEFAULT_DB_ALIAS])
    return model.from_db(DEFAULT_DB_ALIAS, [field.attname for field in fields], values)


def insert(rows: Sequence[Model], beside: Model | None = None) -> None:
    """Insert new rows of one model in one statement; nothing is read back.

    `beside` is a row of another model that goes in with them, in the same statement. Keys are the
    rows' own (uuid) or the database's; signals are not sent, as there are none.
    """
    if not rows:
        return
    statement, values = _insert(type(rows[0]), len(rows)), _values(rows)
    if beside is not None:
        statement = f"WITH beside AS ({_insert(type(beside), 1)}) {statement}"
        values = _values([beside]) + values
    with prepared() as cursor:
        cursor.execute(statement, values)
    for row in rows if beside is None else [*rows, beside]:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def insert_all(rows: Sequence[Model], *, ignore_conflicts: bool = False) -> None:
    """Insert many rows of one model, in their order, by a statement that is the same however many.

    As `insert`; JSON columns hold what JSON can say by itself.
    """
    if not rows:
        return
    columns = _readied(type(rows[0]))
    told = [{name: ready(row) for name, ready in columns} for row in rows]
    conflict = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    with prepared() as cursor:
        # One value, written by the C of `json`: as arrays or one by one they cost far more.
        cursor.execute(_insert_all(type(rows[0])) + conflict, [json.dumps(told, default=str)])
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def update(row: Model, names: Sequence[str]) -> None:
    """Write these fields of a locked row; raises its DoesNotExist when it is not there any more."""
    model, line = type(row), connections[DEFAULT_DB_ALIAS]
    fields = _named(model, tuple(names))
    values = [field.get_db_prep_save(getattr(row, field.attname), line) for field in fields]
    with prepared() as cursor:
        cursor.execute(_update(model, tuple(names)), [*values, row.pk])
        if cursor.rowcount != 1:
            raise model.DoesNotExist  # type: ignore[attr-defined]


def _values(rows: Sequence[Model]) -> list[Any]:
    line = connections[DEFAULT_DB_ALIAS]
    return [
        field.get_db_prep_save(getattr(row, field.attname), line)
        for row in rows
        for field in _columns(type(row))
    ]


@cache
def _lock(model: type[Model]) -> str:
    names = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    key = model._meta.pk.column
    return f'SELECT {names} FROM "{model._meta.db_table}" WHERE "{key}" = %s FOR UPDATE'


@cache
def _readers(model: type[Model]) -> tuple[tuple[int, Callable[..., Any]], ...]:
    """The columns that come otherwise than Python wants them, such as JSON."""
    return tuple(
        (at, field.from_db_value)
        for at, field in enumerate(model._meta.concrete_fields)
        if hasattr(field, "from_db_value")
    )


@cache
def _columns(model: type[Model]) -> "tuple[Field[Any, Any], ...]":
    fields = model._meta.concrete_fields
    return tuple(field for field in fields if not isinstance(field, AutoField))


@cache
def _named(model: type[Model], names: tuple[str, ...]) -> "tuple[Field[Any, Any], ...]":
    return tuple(model._meta.get_field(name) for name in names)


@cache
def _insert(model: type[Model], count: int) -> str:
    names = ", ".join(f'"{field.column}"' for field in _columns(model))
    row = f"({', '.join(['%s'] * len(_columns(model)))})"
    return f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES {", ".join([row] * count)}'


@cache
def _readied(model: type[Model]) -> tuple[tuple[str, Callable[[Model], Any]], ...]:
    """For each column how its value is got ready to be told as JSON."""
    return tuple((field.column, _ready(field)) for field in _columns(model))


def _ready(field: "Field[Any, Any]") -> Callable[[Model], Any]:
    if isinstance(field, JSONField):
        return attrgetter(field.attname)
    name, line = field.attname, connections[DEFAULT_DB_ALIAS]
    return lambda row: field.get_db_prep_save(getattr(row, name), line)


@cache
def _insert_all(model: type[Model]) -> str:
    line, fields = connections[DEFAULT_DB_ALIAS], _columns(model)
    names = ", ".join(f'"{field.column}"' for field in fields)
    # Not varchar(n): a cast to it would cut what is too long instead of refusing it.
    kinds = {field.column: field.db_type(line) or "text" for field in fields}
    record = ", ".join(f'"{n}" {"text" if "char" in k else k}' for n, k in kinds.items())
    return (
        f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {names} '
        f"FROM ROWS FROM (jsonb_to_recordset(%s::jsonb) AS ({record})) WITH ORDINALITY "
        "ORDER BY ordinality"
    )


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> str:
    given = ", ".join(f'"{field.column}" = %s' for field in _named(model, names))
    return f'UPDATE "{model._meta.db_table}" SET {given} WHERE "{model._meta.pk.column}" = %s'
