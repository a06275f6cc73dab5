"""Planning turns that repeat: looked at first, then written, with what stands against it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from mscc import clock
from mscc.events import Actor, publish
from mscc.people.models import Assignment, Organisation, User
from referrals.domain.refusals import Invalid
from scheduling.domain.planning import hold_plan
from scheduling.events import PatternEnded, PatternPlanned
from scheduling.models import RotaPattern, Shift
from scheduling.timekeeping.pattern import Line, Pattern, PatternTurn, expand

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A turn of a pattern that cannot be written, and the turn on the plan that is in its way."""

    turn: PatternTurn
    other: Shift
    same_person: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What writing a pattern would do. Turns in conflict are left out when it is written."""

    turns: list[PatternTurn]
    conflicts: list[Conflict]
    names: dict[int, str]


def preview(
    pattern: Pattern, place: Organisation, role: str, specialty: str, at: datetime
) -> Preview:
    """The turns a pattern would add from `at` on, and those that something stands against.

    Raises Invalid when it cannot be right: nobody in it, one who does not hold the role there,
    a turn of no length, the same person twice at once.
    """
    _check(pattern, at)
    names = _holders(pattern, place, role, specialty, at)
    turns = [turn for turn in expand(pattern) if turn.ends_at > at]
    if not turns:
        raise Invalid({"lines": "This pattern has no turn that is still to come."})
    _nobody_twice(turns, names)
    free: list[PatternTurn] = []
    conflicts: list[Conflict] = []
    others = _others(turns, place, role, specialty)
    for turn in turns:
        against = _against(turn, others, role, specialty)
        if against is None:
            free.append(turn)
        else:
            conflicts.append(Conflict(turn, against, against.user_id == turn.user_id))
    return Preview(free, conflicts, names)


def plan(
    pattern: Pattern, place: Organisation, role: str, specialty: str, *, by: Actor, at: datetime
) -> tuple[RotaPattern, Preview]:
    """Write a pattern and every turn of it that nothing stands against. Raises Invalid."""
    with transaction.atomic():
        hold_plan([place.pk])
        found = preview(pattern, place, role, specialty, at)
        if not found.turns:
            raise Invalid({"lines": "Every turn of this pattern is taken already."})
        row = RotaPattern.objects.create(
            organisation=place,
            role=role,
            specialty=specialty,
            lines=[line_as_json(line) for line in pattern.lines],
            people=list(pattern.people),
            weeks_each=pattern.weeks_each,
            first_day=pattern.first,
            last_day=pattern.last,
            made_by_id=by.user_id,
            made_at=at,
        )
        Shift.objects.bulk_create(
            Shift(
                organisation=place,
                role=role,
                specialty=specialty,
                user_id=turn.user_id,
                starts_at=turn.starts_at,
                ends_at=turn.ends_at,
                kind=Shift.Kind.PATTERN,
                pattern=row,
            )
            for turn in found.turns
        )
        publish(PatternPlanned(by=by, at=at, **_said(row, len(found.turns))))
    return row, found


def end(row: RotaPattern, *, by: Actor, at: datetime) -> int:
    """End a pattern: its turns that have not begun go, but not those that were swapped.

    How many went; 0 and nothing said when it was ended already.
    """
    with transaction.atomic():
        locked = RotaPattern.objects.select_for_update().filter(pk=row.pk, ended_at=None).first()
        if locked is None:
            return 0
        locked.ended_at = at
        locked.save(update_fields=["ended_at"])
        coming = Shift.objects.filter(pattern=locked, kind=Shift.Kind.PATTERN, starts_at__gt=at)
        turns = coming.count()
        coming.delete()
        publish(PatternEnded(by=by, at=at, **_said(locked, turns)))
    return turns


def line_as_json(line: Line) -> dict[str, Any]:
    """A line as `RotaPattern.lines` keeps it."""
    return {
        "days": sorted(line.days),
        "starts": f"{line.starts:%H:%M}",
        "ends": f"{line.ends:%H:%M}",
        "who": line.place_in_order,
    }


def line_of(said: dict[str, Any]) -> Line:
    """The line that was kept."""
    starts, ends = time.fromisoformat(said["starts"]), time.fromisoformat(said["ends"])
    return Line(frozenset(said["days"]), starts, ends, said["who"])


def _check(pattern: Pattern, at: datetime) -> None:
    if not pattern.people:
        raise Invalid({"people": "Choose at least one person."})
    if not pattern.lines:
        raise Invalid({"lines": "Say on which days and from when to when for at least one turn."})
    if pattern.last < pattern.first:
        raise Invalid({"last_day": "The last day must not be before the first."})
    if pattern.last - pattern.first > LONGEST or pattern.last - _today(at) > LONGEST:
        raise Invalid({"last_day": "A pattern is for at most a year. Check the year."})
    if pattern.last < _today(at):
        raise Invalid({"last_day": "This is over already. Plan days that are still to come."})


def _today(at: datetime) -> date:
    return clock.local(at).date()


def _holders(
    pattern: Pattern, place: Organisation, role: str, specialty: str, at: datetime
) -> dict[int, str]:
    held = Assignment.objects.current(at).filter(
        user_id__in=pattern.people,
        user__is_active=True,
        role=role,
        organisation=place,
        specialty=specialty or None,
    )
    names = dict(held.values_list("user_id", "user__name"))
    strangers = User.objects.filter(pk__in=set(pattern.people) - set(names))
    if missing := sorted(strangers.values_list("name", flat=True)):
        raise Invalid({"people": f"{', '.join(missing)} does not hold this role at {place.name}."})
    return names


def _nobody_twice(turns: list[PatternTurn], names: dict[int, str]) -> None:
    last: dict[int, PatternTurn] = {}
    for turn in turns:
        before = last.get(turn.user_id)
        if before is not None and turn.starts_at < before.ends_at:
            when = clock.local(turn.starts_at)
            raise Invalid(
                {
                    "people": f"{names[turn.user_id]} would be on duty twice at {when:%H:%M} on "
                    f"{when.day} {when:%B %Y}. Choose more people, or another order."
                }
            )
        last[turn.user_id] = turn


def _others(
    turns: list[PatternTurn], place: Organisation, role: str, specialty: str
) -> list[Shift]:
    """What is planned in that time: of the same role there, or of one of these people there."""
    during = Shift.objects.counting().filter(
        organisation=place,
        starts_at__lt=max(turn.ends_at for turn in turns),
        ends_at__gt=turns[0].starts_at,
    )
    people = {turn.user_id for turn in turns}
    mine = during.filter(role=role, specialty=specialty) | during.filter(user_id__in=people)
    return list(mine.select_related("user").order_by("starts_at"))


def _against(turn: PatternTurn, others: list[Shift], role: str, specialty: str) -> Shift | None:
    for other in others:
        if other.starts_at < turn.ends_at and turn.starts_at < other.ends_at:
            if other.user_id == turn.user_id or (other.role, other.specialty) == (role, specialty):
                return other
    return None


def _said(row: RotaPattern, turns: int) -> dict[str, Any]:
    return {
        "pattern_id": row.pk,
        "role": row.role,
        "organisation_id": row.organisation_id,
        "first_day": row.first_day.isoformat(),
        "last_day": row.last_day.isoformat(),
        "turns": turns,
    }
