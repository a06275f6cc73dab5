"""One referral's chart while it is made up: its rows, in memory, and who wrote them when."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model

from mscc.demo.synthetic.pace import Pace
from mscc.demo.synthetic.rows import make
from referrals.clinical.milestones import MilestoneKind
from referrals.models import Milestone

_M = TypeVar("_M", bound=Model)
_VALID = (0x4 << 76) | (0x8 << 60)  # version and variant of a random UUID


def key_of(cohort: int, nth: int, row: int) -> UUID:
    """The key of a row (from 1; the referral is the first) of the `nth` referral of a cohort."""
    return UUID(int=(cohort << 96) | _VALID | (nth << 16) | row)


class Chart:
    """`add` and `fact` write at the moment and under the name of the step that was begun last.

    Keys are a number of the cohort, of the referral in it, and of the row: they go in at the end
    of every index, and the same seed makes the same.
    """

    def __init__(self, cohort: int, nth: int, pace: Pace) -> None:
        self.pace, self.rng = pace, pace.rng
        self._of, self._keys = (cohort, nth), 0
        self.rows: dict[type[Model], list[Any]] = {}
        self.referral_id = self.key()
        self.steps, self._facts = 0, 0
        self.written_at = datetime.min.replace(tzinfo=UTC)
        self._writer: int | None = None
        self.last_change = ""

    def key(self) -> UUID:
        """The next key of this chart."""
        self._keys += 1
        return key_of(*self._of, self._keys)

    def step(self, at: datetime, words: str, *, writer: int | None = None) -> None:
        """Somebody writes now: whatever happened at `at` is on record a few minutes later."""
        self.steps += 1
        self._facts = 0
        later = timedelta(seconds=self.rng.randrange(20, 900))
        self.written_at = max(at + later, self.written_at + timedelta(seconds=1))
        self._writer = self.pace.on_duty(self.written_at) if writer is None else writer
        self.last_change = words

    def add(self, model: type[_M], occurred_at: datetime, **values: Any) -> _M:
        """A row of what is on record."""
        row = make(
            model,
            id=self.key(),
            referral_id=self.referral_id,
            occurred_at=occurred_at,
            recorded_at=self.written_at,
            recorded_by_id=self._writer,
            **values,
        )
        self.rows.setdefault(model, []).append(row)
        return row

    def fact(self, kind: MilestoneKind, occurred_at: datetime, **details: Any) -> None:
        """A milestone."""
        self.add(
            Milestone,
            occurred_at,
            kind=kind.value,
            told=self.steps * 100 + self._facts,
            details=details,
        )
        self._facts += 1
