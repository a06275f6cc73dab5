"""A made-up story told of other people as well, weeks and minutes earlier or later.

Living one costs milliseconds, most of them for judging it. Told again with every moment moved by
the same, all intervals are the same, and so is every verdict, unless an hour, a change of the
clocks or a leap year comes in between: then it is not told so. The database does it, from the rows
of the first telling.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import product
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import DateField, DateTimeField, Field, Model, UUIDField

from audit.measures.followed import GRACE
from audit.models import Journey
from mscc import clock
from mscc.demo.synthetic.rows import copy
from referrals.clinical.identity import age
from referrals.models import DexamethasoneEntry, Discharge, FollowUp, Milestone, Patient, Referral
from scheduling.models import DueWork

Rows = Mapping[type[Model], Sequence[Any]]

# Whole weeks, nearest first: a season at the most. Where these are too few, some minutes as well.
_DAYS = sorted((7 * week for week in range(-13, 14)), key=abs)
_MINUTES = (0, 4, -4, 9, -9, 13, -13)
# After the discharge: when time alone changes what is said of a follow-up.
_OVER = [timedelta(days=day) + GRACE for day in (30, 90)]
_KEPT = (Journey, "as_of")  # when it was judged is no moment of the story
_BY_DAYS = "a.days * interval '24 hours'"  # what is due is due at midnight
_BY = f"{_BY_DAYS} + a.minutes * interval '1 minute'"
# What holds moments or keys besides the columns made for them.
_SPECIAL = {
    (Journey, "month"): f"""date_trunc('month',
        (t.received_at + {_BY}) AT TIME ZONE 'Europe/London')::date""",
    (Referral, "status_token"): """'synthetic-' || left(encode(
        sha256(uuid_send((a.prefix || '0001')::uuid)), 'hex'), 32)""",  # nobody was given it
    (DueWork, "due_at"): f"t.due_at + {_BY_DAYS}",
    (Referral, "care_due_at"): f"t.care_due_at + {_BY_DAYS}",
    (Milestone, "details"): f"""CASE
        WHEN t.details ? 'slot_at' THEN jsonb_set(t.details, '{{slot_at}}', to_jsonb(to_char(
            (t.details->>'slot_at')::timestamptz AT TIME ZONE 'UTC' + {_BY},
            'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')))
        WHEN t.details ? 'opinion' THEN jsonb_set(t.details, '{{opinion}}', to_jsonb(
            a.prefix || right(t.details->>'opinion', 4)))
        ELSE t.details END""",
    (DexamethasoneEntry, "taper"): """(
        SELECT coalesce(jsonb_agg(each || jsonb_build_object('on', (each->>'on')::date + a.days)
            ORDER BY nth), '[]')
        FROM jsonb_array_elements(t.taper) WITH ORDINALITY AS e (each, nth))""",
}
# What each of those that a story is told of has alone, beside the keys.
_OWN = {
    (model, name): f"a.{name}"
    for model, names in {
        Referral: ("reference",),
        Patient: ("nhs_number", "nhs_number_absent_reason", "given_name", "family_name"),
    }.items()
    for name in names
}


@dataclass(frozen=True, slots=True)
class Telling:
    """A story told of a referral: whose it was first, and by how much it is moved."""

    story: UUID
    referral: UUID
    days: int
    minutes: int
    own: tuple[str | None, ...]  # in the order of _OWN

    @classmethod
    def first(cls, rows: Rows) -> "Telling":
        """Of whom it was lived by."""
        (patient,), (referral,) = rows[Patient], rows[Referral]
        held = {Patient: patient, Referral: referral}
        own = tuple(getattr(held[model], name) for model, name in _OWN)
        return cls(referral.pk, referral.pk, 0, 0, own)

    def again(self, referral: UUID, days: int, minutes: int, **own: str | None) -> "Telling":
        """Of another referral, whose `reference`, number and name these are."""
        return Telling(self.story, referral, days, minutes, tuple(own[name] for _, name in _OWN))


def fitting(rows: Rows, since: date, at: datetime) -> Iterator[tuple[int, int]]:
    """By how many days and minutes the story can be moved, so that nothing but its times is
    otherwise when all is judged as of `at`; not before the day `since`."""
    room = at - max(each for each in _moments(rows) if each <= at)
    ended = rows.get(Discharge, ())
    over = [row.occurred_at + each for row in ended for each in _OVER]
    referral, due = rows[Referral][0], [row.due_at for row in rows[DueWork]]
    # Days are counted between its coming, its end, and the follow-ups.
    counted = [referral.closed_at, *(row.occurred_at for row in (*ended, *rows.get(FollowUp, ())))]
    for minutes, days in product(_MINUTES, _DAYS):
        whole = timedelta(days=days)
        by = whole + timedelta(minutes=minutes)
        if (
            by
            and by < room
            and _day(referral.received_at + by) >= since
            and _hour(referral.received_at + by) == _hour(referral.received_at) + whole
            and all((each <= at) == (each + by <= at) for each in over)
            and all(_hour(each + whole) == _hour(each) + whole for each in due)
            and all(_day(each + by) == _day(each) + whole for each in counted)
            and _as_old(rows, whole)
        ):
            yield days, minutes


def tell(rows: Rows, tellings: Iterable[Telling]) -> None:
    """Write the rows of these stories once for each telling, the first one among them.

    Those that others point at come first in `rows`.
    """
    waiting = [model._meta.db_table for model in rows]
    own = ", ".join(f"{name} text" for _, name in _OWN)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE telling (story text, prefix text, days int, minutes int, {own})"
        )
        with cursor.copy("COPY telling FROM STDIN") as out:
            for each in tellings:
                keys = _prefix(each.story), _prefix(each.referral)
                out.write_row([*keys, each.days, each.minutes, *each.own])
        for table in waiting:
            cursor.execute(f'CREATE TEMP TABLE "told_{table}" (LIKE "{table}")')
        copy(rows, into="told_{}")
        for model in rows:
            cursor.execute(_statement(model))
        cursor.execute("DROP TABLE telling, " + ", ".join(f'"told_{each}"' for each in waiting))


def _prefix(referral: UUID) -> str:
    """What the keys of all rows of a referral begin with."""
    return str(referral)[:-4]


def _as_old(rows: Rows, by: timedelta) -> bool:
    """Whether the person is as old, also where leap years lie otherwise."""
    born = rows[Patient][0].date_of_birth
    on = clock.local(rows[Referral][0].received_at).date()
    return age(born, on) == age(born + by, on + by)


def _moments(rows: Rows) -> Iterable[datetime]:
    for model, of_model in rows.items():
        names = [name for name in _columns(model) if (model, name) != _KEPT]
        for row in of_model:
            values = row.__dict__
            for name in names:
                if values[name] is not None:
                    yield values[name]


def _hour(moment: datetime) -> datetime:
    """The hour that a clock on the wall shows."""
    return clock.local(moment).replace(tzinfo=None, minute=0, second=0, microsecond=0)


def _day(moment: datetime) -> date:
    return clock.local(moment).date()


@cache
def _columns(model: type[Model]) -> tuple[str, ...]:
    """Those of moments."""
    fields = model._meta.concrete_fields
    return tuple(each.attname for each in fields if isinstance(each, DateTimeField))


@cache
def _statement(model: type[Model]) -> str:
    fields = model._meta.concrete_fields
    names = ", ".join(f'"{each.column}"' for each in fields)
    values = ", ".join(_value(model, each) for each in fields)
    table, key = model._meta.db_table, _value(model, model._meta.pk)
    return f"""INSERT INTO "{table}" ({names}) SELECT {values}
        FROM "told_{table}" AS t JOIN telling AS a ON a.story = left(t.id::text, -4)
        ORDER BY {key}"""  # so that rows go in at the end of every index


def _value(model: type[Model], field: "Field[Any, Any]") -> str:
    column = f't."{field.column}"'
    if said := (_SPECIAL | _OWN).get((model, field.attname)):
        return said
    if (model, field.attname) == _KEPT:
        return column
    if isinstance(field, DateTimeField):
        return f"{column} + {_BY}"
    if isinstance(field, DateField):
        return f"{column} + a.days"
    if isinstance(getattr(field, "target_field", field), UUIDField):
        return f"(a.prefix || right({column}::text, 4))::uuid"
    return column
