"""The care bundle: what applies to a person now, what became of it, and what is still to be done.

The items are data (bundle.toml), to whom they apply is `bundle_applies`. A moment is something
that happened at a time; an item is due so long after the first of its moments. What was recorded
last of an item holds, until it is due again.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from referrals.clinical.bundle_applies import APPLIES
from referrals.clinical.discharge import FOLLOW_UP_DAYS
from referrals.clinical.facts import Facts
from referrals.clinical.follow_up import due_on
from referrals.clinical.library import LibraryError, seconds
from referrals.clinical.presentation import Answer
from referrals.clinical.reasoning import Known
from referrals.clinical.times import parse_local

# What a key of due work begins with when it is no item of the bundle.
OPINION, COURSE, FOLLOW_UP = "opinion.", "course.", "follow_up."


class Status(StrEnum):
    """What became of an item; the same values as `models.CareEntry.Status`."""

    GIVEN = "given"
    DECLINED = "declined"
    NOT_APPLICABLE = "not_applicable"
    CONTRAINDICATED = "contraindicated"


class Moment(StrEnum):
    """What a due time can count from. `found` is the diagnosis, `signs` the latest new ones."""

    REFERRED = "referred"
    SUSPECTED = "suspected"
    SIGNS = "signs"
    FOUND = "found"
    PAIN = "pain"
    PAIN_CHANGED = "pain_changed"
    STEROIDS = "steroids"
    RADIOTHERAPY = "radiotherapy"
    DECIDED = "decided"
    OPERATED = "operated"
    NEEDS_CHANGED = "needs_changed"
    END_OF_LIFE = "end_of_life"


Moments = Mapping[Moment, datetime]


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the bundle, as bundle.toml says it. Times are elapsed seconds, all of them local
    rules; `action` is the page that records it better than the list does."""

    key: str
    group: str
    label: str
    text: str
    numbers: tuple[str, ...]
    within_s: int
    counts_from: tuple[Moment, ...]
    note: str
    again_s: int | None = None
    renewed_by: tuple[Moment, ...] = ()
    reconsidered_by: tuple[Moment, ...] = ()
    ask: bool = False
    safety: bool = False
    action: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What was recorded of an item: with the bundle, or by a step of the pathway that amounts to
    it. `by` is whoever recorded it."""

    item: str
    status: Status
    at: datetime
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class BundleItem:
    """An item for one person. `status`, `reason`, `at` and `by` are of the latest entry, if any;
    `due_at` is when it is (again) due, None when nothing is to be done."""

    item: Item
    applies: Answer
    because: tuple[str, ...]
    unknown: tuple[str, ...]
    entry: Entry | None
    due_at: datetime | None

    @property
    def key(self) -> str:
        return self.item.key

    @property
    def label(self) -> str:
        return self.item.label

    @property
    def numbers(self) -> tuple[str, ...]:
        return self.item.numbers

    @property
    def status(self) -> Status | None:
        return self.entry.status if self.entry else None

    @property
    def reason(self) -> str:
        return self.entry.reason if self.entry else ""

    @property
    def at(self) -> datetime | None:
        return self.entry.at if self.entry else None


@dataclass(frozen=True, slots=True)
class Work:
    """One thing that is still to be done, by when; the row of `scheduling.DueWork`."""

    key: str
    due_at: datetime


def label_of(key: str) -> str:
    """A key of due work in words: "Stomach protection (PPI)", "Follow-up at 30 days"."""
    if key.startswith(OPINION):
        return "Opinion"
    if key.startswith(COURSE):
        return "Dexamethasone course"
    if key.startswith(FOLLOW_UP):
        return f"Follow-up at {key.removeprefix(FOLLOW_UP)} days"
    return item(key).label


@dataclass(frozen=True, slots=True)
class Left:
    """A discharge: the London day on which follow-up counts, and which days were asked already."""

    on: date
    followed: frozenset[int] = frozenset()
    died: bool = False


@cache
def all_items() -> tuple[Item, ...]:
    """Every item, in the order of bundle.toml; LibraryError when the file contradicts itself."""
    text = (Path(__file__).parent / "bundle.toml").read_text(encoding="utf-8")
    return read_items(tomllib.loads(text)["item"])


def item(key: str) -> Item:
    """One item by its key; LibraryError when there is none."""
    try:
        return _by_key()[key]
    except KeyError:
        raise LibraryError(f"There is no item {key!r} in the care bundle.") from None


@cache
def _by_key() -> Mapping[str, Item]:
    return {each.key: each for each in all_items()}


@cache
def safety_keys() -> list[str]:
    """The keys of the items that safety turns on: overdue, they come before other care."""
    return [each.key for each in all_items() if each.safety]


def read_items(rows: Iterable[Mapping[str, Any]]) -> tuple[Item, ...]:
    """Check and freeze the rows of bundle.toml."""
    found: dict[str, Item] = {}
    for row in rows:
        try:
            each = _item(row)
        except (KeyError, ValueError) as wrong:
            raise LibraryError(f"Item {row.get('key', '?')}: {wrong!r}") from wrong
        if each.key in found or each.key not in APPLIES:
            raise LibraryError(f"Item {each.key}: there twice, or nobody it applies to.")
        if each.counts_from[-1] is not Moment.REFERRED or not each.numbers:
            raise LibraryError(f"Item {each.key}: it needs a source, and counts from `referred`.")
        found[each.key] = each
    return tuple(found.values())


def _item(row: Mapping[str, Any]) -> Item:
    return Item(
        key=row["key"],
        group=row["group"],
        label=row["label"],
        text=row["text"],
        numbers=tuple(row["numbers"]),
        within_s=seconds(row["within"]),
        counts_from=tuple(map(Moment, row["counts_from"])),
        note=row["note"],
        again_s=seconds(row["again"]) if "again" in row else None,
        renewed_by=tuple(map(Moment, row.get("renewed_by", ()))),
        reconsidered_by=tuple(map(Moment, row.get("reconsidered_by", ()))),
        ask=row.get("ask", False),
        safety=row.get("safety", False),
        action=row.get("action", ""),
    )


def items(facts: Facts, entries: Iterable[Entry], moments: Moments) -> tuple[BundleItem, ...]:
    """The whole bundle for one person; `moments` has at least when the person was referred."""
    latest: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda each: each.at):
        latest[entry.item] = entry
    judged: dict[Callable[[Facts], Known], Known] = {}
    made = []
    for each in all_items():
        rule = APPLIES[each.key]
        if rule not in judged:
            judged[rule] = rule(facts)
        known, last = judged[rule], latest.get(each.key)
        made.append(
            BundleItem(
                item=each,
                applies=known.answer,
                because=tuple(dict.fromkeys(known.because)),
                unknown=tuple(dict.fromkeys(known.unknown)),
                entry=last,
                due_at=_due(each, known.answer, last, moments),
            )
        )
    return tuple(made)


def _due(each: Item, applies: Answer, last: Entry | None, moments: Moments) -> datetime | None:
    if applies is Answer.NO or (applies is Answer.NOT_KNOWN and not each.ask):
        return None
    within = timedelta(seconds=each.within_s)
    if last is None:
        return next(moments[m] for m in each.counts_from if m in moments) + within
    given = last.status is Status.GIVEN
    over = each.renewed_by if given else each.renewed_by + each.reconsidered_by
    again = [moments[m] + within for m in over if m in moments and moments[m] > last.at]
    if given and each.again_s is not None:
        again.append(last.at + timedelta(seconds=each.again_s))
    return min(again, default=None)


def outstanding(
    bundle: Sequence[BundleItem],
    *,
    is_open: bool,
    questions: Mapping[str, datetime],
    reminders: Mapping[str, datetime],
    left: Left | None = None,
) -> tuple[Work, ...]:
    """What is still to be done for a person, the next first.

    `questions` are opinions that were not answered: their id and when the answer is due;
    `reminders` are those of a course of dexamethasone. Of somebody whose referral is closed only
    the follow-up is left, and nothing after death.
    """
    return tuple(sorted(_work(bundle, is_open, questions, reminders, left), key=_order))


def _work(
    bundle: Sequence[BundleItem],
    is_open: bool,
    questions: Mapping[str, datetime],
    reminders: Mapping[str, datetime],
    left: Left | None,
) -> Iterator[Work]:
    if is_open:
        for each in bundle:
            if each.due_at is not None:
                yield Work(each.key, each.due_at)
        for question, due_at in questions.items():
            yield Work(f"{OPINION}{question}", due_at)
        for key, due_at in reminders.items():
            yield Work(f"{COURSE}{key}", due_at)
    elif left is not None and not left.died:
        for day in FOLLOW_UP_DAYS:
            if day not in left.followed:
                # The whole of that day is in time; it is overdue from the next midnight on.
                until = due_on(left.on, day) + timedelta(days=1)
                yield Work(f"{FOLLOW_UP}{day}", parse_local(until, time(0)))


def _order(work: Work) -> tuple[datetime, str]:
    return (work.due_at, work.key)


@dataclass(frozen=True, slots=True)
class Question:
    """Something recorded that does not fit what is known: `item` is what it was said of."""

    item: str
    sentence: str


def contradictions(facts: Facts, told: Mapping[str, Status]) -> tuple[Question, ...]:
    """What was said of these items that does not fit; a question each, never a refusal."""
    return tuple(_contradictions(facts, told))


def _contradictions(facts: Facts, told: Mapping[str, Status]) -> Iterator[Question]:
    for key, status in told.items():
        each, known = item(key), APPLIES[key](facts)
        if status is Status.GIVEN:
            yield from _given(each, facts, known)
        elif key == "dexamethasone" and facts.steroids.running is Answer.YES:
            yield Question(
                key,
                "Check dexamethasone: a course is running. If it ended, record that it was "
                "stopped; if this is right all the same, confirm it.",
            )
        elif status is Status.NOT_APPLICABLE and each.safety and known.answer is Answer.YES:
            why = " ".join(known.because)
            yield Question(
                key, f"Check {_lower(each.label)}: it seems to apply. {why} If not, confirm it."
            )


def _given(each: Item, facts: Facts, known: Known) -> Iterator[Question]:
    """At most one question: the weightiest reason why "given" does not fit."""
    said = f"Check {_lower(each.label)}: "
    if why := _against(each.key, facts):
        yield Question(each.key, f"{said}{why}, and you said given. If that changed, confirm it.")
    elif why := _unrecorded(each.key, facts):
        yield Question(each.key, f"{said}{why}; if this is right all the same, confirm it.")
    elif known.answer is Answer.NO and not each.safety:
        # More safety than is asked for is no slip; other care may be meant for somebody else.
        why = " ".join(("it does not seem to apply.", *known.because))
        yield Question(each.key, f"{said}{why} If it was given all the same, confirm it.")
    elif open_ := _unsure(each.key, facts, known):
        why = " ".join(("it is not known whether it applies.", *open_))
        yield Question(each.key, f"{said}{why} If it was given, confirm it.")


def _against(key: str, facts: Facts) -> str:
    """What is on record against it; empty when nothing is."""
    now = facts.care
    if key == "stockings" and now.stockings_contraindicated is Answer.YES:
        return "stockings were recorded as contraindicated"
    if key == "anticoagulant" and now.anticoagulation_safe is Answer.NO:
        return "anticoagulation was judged not to be safe"
    if key == "bereavement_support" and now.end_of_life is Answer.NO:
        return "the person was not approaching the end of life"
    return ""


def _unrecorded(key: str, facts: Facts) -> str:
    """What a page of its own should hold and does not; empty when it does, or there is none."""
    if key == "dexamethasone" and facts.steroids.given is not Answer.YES:
        return "no course is on record. Record it there, so that the taper is reminded of"
    if key == "pain_plan" and facts.pain.reviewed_since_change is Answer.NOT_KNOWN:
        return "no pain plan is on record. Record it there, so that its review is reminded of"
    if key == "care_plan" and facts.care.care_plan is not Answer.YES:
        return "no care plan is on record. Record it there, so that others can read it"
    if key == "discharge_planning" and facts.care.discharge_lead is not Answer.YES:
        return "no lead is on record. Record the plan there, so that others know who leads it"
    return ""


def _unsure(key: str, facts: Facts, known: Known) -> tuple[str, ...]:
    """What should be known before this is said of somebody, as questions."""
    if key not in ("anticoagulant", "end_of_life_care", "bereavement_support"):
        return ()
    asked = known.unknown if known.answer is Answer.NOT_KNOWN else ()
    if key == "anticoagulant" and facts.care.anticoagulation_safe is Answer.NOT_KNOWN:
        asked = (*asked, "Is anticoagulation safe, with the risk of bleeding?")
    return asked


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]
