"""The one path on which a referral changes.

Lock, version check, transition, save, milestones, event (which moves the clocks, writes the
first notices and the trail) and the answer kept for a repetition: all in one transaction, so
that either everything happened or nothing did. Lock order everywhere: referral, clock, step,
escalation, notice.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django_fsm import can_proceed

from mscc.events import Actor, Command, publish
from mscc.failpoints import reach
from mscc.rows import insert, lock, update
from referrals.clinical.milestones import MilestoneKind
from referrals.domain.refusals import (
    IllegalTransition,
    KeyReused,
    Refused,
    Repeated,
    StaleVersion,
)
from referrals.events import ReferralEvent
from referrals.models import AnsweredCommand, Milestone, Referral
from referrals.states import VERBS

# A referral by its id, or a queryset of exactly the one that the caller may see: then looking it
# up, checking who may, and locking it are one statement.
Which = UUID | QuerySet[Referral]
_Result = TypeVar("_Result")


@dataclass
class Change:
    """A referral that is locked and being changed, with what will be written at the end."""

    referral: Referral
    command: Command
    milestones: list[Milestone] = field(default_factory=list)
    _dirty: set[str] = field(default_factory=set)
    _event: Callable[..., ReferralEvent] | None = None
    _says: dict[str, Any] = field(default_factory=dict)
    label: str = ""

    @property
    def by(self) -> Actor:
        return self.command.by

    @property
    def at(self) -> datetime:
        return self.command.at

    def go(self, verb: str, *args: Any) -> None:
        """Take an edge of the machine, or raise IllegalTransition with what is allowed."""
        step = getattr(self.referral, verb)
        if not can_proceed(step):
            raise IllegalTransition(VERBS[verb].label, self.referral.state)
        step(*args)
        self._dirty.add("state")

    def only_while_open(self, what: str) -> None:
        """Refuse what makes no sense once the referral is closed: taking it, asking about it."""
        if not self.referral.is_open:
            raise IllegalTransition(what, self.referral.state)

    def set(self, **values: Any) -> None:
        """Set columns of the referral, saved with the rest."""
        for name, value in values.items():
            setattr(self.referral, name, value)
        self._dirty |= set(values)

    def record(
        self,
        kind: MilestoneKind,
        occurred_at: datetime,
        *,
        corrects: Milestone | None = None,
        reason: str = "",
        retracts: bool = False,
        **details: Any,
    ) -> Milestone:
        """Add a milestone; `details` must be JSON as they stand."""
        milestone = Milestone(
            referral=self.referral,
            kind=kind.value,
            occurred_at=occurred_at,
            supersedes=corrects,
            reason=reason,
            retracts=retracts,
            details=details,
            process=self.by.process,
            told=corrects.told if corrects else self._next_told(),
            **self.stamp(),
        )
        self.milestones.append(milestone)
        return milestone

    def _next_told(self) -> int:
        # Versions count the changes of a referral, so this counts its facts without a query.
        version = self.referral.version + (0 if self.referral._state.adding else 1)
        return version * 100 + len(self.milestones)

    def stamp(self) -> dict[str, Any]:
        """Who recorded it and when, for every append-only row of this change."""
        return {
            "recorded_at": self.at,
            "recorded_by_id": self.by.user_id,
            "on_behalf_of": self.by.on_behalf_of,
        }

    def says(self, event: type[ReferralEvent], label: str, **values: Any) -> None:
        """Name the fact this change amounts to; `label` is what a colleague reads of it."""
        self._event, self._says, self.label = event, values, label

    def write(self, asked: str, *, new: bool = False) -> dict[str, Any]:
        """Write everything, tell it, and return the answer."""
        referral, command = self.referral, self.command
        assert self._event is not None  # a change that says nothing is a mistake in the caller
        # What care is due is worked out after the change (scheduling.domain.work).
        self.set(
            changed_at=self.at, changed_by=self.by.name, last_change=self.label, care_stale=True
        )
        if new:
            referral.save(force_insert=True)
        else:
            self.set(version=referral.version + 1)
            # Under its lock, so the state it came from needs no second look.
            update(referral, sorted(self._dirty))
            referral._update_initial_state()
        insert(self.milestones)
        publish(
            self._event(
                by=self.by,
                at=self.at,
                key=command.key,
                referral_id=referral.pk,
                reference=referral.reference,
                version=referral.version,
                milestones=tuple(m.kind for m in self.milestones),
                **self._says,
            )
        )
        answer = answer_of(referral)
        _keep(answer, command, asked)
        return answer


def answer_of(referral: Referral) -> dict[str, Any]:
    """What a command answers, and answers again when it is repeated."""
    return {
        "referral": str(referral.pk),
        "reference": referral.reference,
        "state": referral.state,
        "version": referral.version,
    }


def change(
    which: Which, command: Command, verb: str, details: Any, act: Callable[[Change], None]
) -> Referral:
    """Carry out `act` on a locked referral; returns the referral as it then stands.

    Raises Referral.DoesNotExist, Conflict when it no longer fits, Repeated when the same key took
    place before, and whatever `act` raises; in each case nothing is written.
    """
    asked = ""

    def write() -> Referral:
        nonlocal asked
        if isinstance(which, UUID):
            referral = lock(Referral, which)
        else:
            referral = which.select_for_update(of=("self",)).get()
        asked = fingerprint(verb, referral.pk, details)
        if command.version is not None and command.version != referral.version:
            raise StaleVersion(referral.changed_by, referral.changed_at, referral.last_change)
        changing = Change(referral, command)
        act(changing)
        changing.write(asked)
        return referral

    return _once(command, lambda: asked, write)


def begin(
    referral: Referral, command: Command, details: Any, act: Callable[[Change], None]
) -> Referral:
    """The same for a referral that is received now and has no row yet."""
    asked = fingerprint("receive", "", details)

    def write() -> Referral:
        changing = Change(referral, command)
        act(changing)
        changing.write(asked, new=True)
        return referral

    return _once(command, lambda: asked, write)


def once(
    command: Command, verb: str, about: object, act: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Carry out `act` on something that is not a referral, such as a page, and keep its answer.

    Raises Repeated, KeyReused, and whatever `act` raises; then nothing is written.
    """
    asked = fingerprint(verb, about, None)

    def write() -> dict[str, Any]:
        answer = act()
        _keep(answer, command, asked)
        return answer

    return _once(command, lambda: asked, write)


def _keep(answer: dict[str, Any], command: Command, asked: str) -> None:
    if command.key and command.by.user_id is not None:
        kept = AnsweredCommand(
            actor_id=command.by.user_id,
            key=command.key,
            fingerprint=asked,
            answer=answer,
            answered_at=command.at,
        )
        insert([kept])


def _once(command: Command, asked: Callable[[], str], write: Callable[[], _Result]) -> _Result:
    """Run `write` in one transaction; a repetition of an answered command raises Repeated.

    The key is looked up only when something stood in the way: the usual command costs nothing.
    """
    try:
        with transaction.atomic():
            result = write()
            reach("t1.before_commit")
        reach("t1.after_commit")
        return result
    except Refused:
        # What took place once may be refused the second time because it took place.
        _raise_if_repeated(command, asked())
        raise
    except IntegrityError as error:
        if "answered_command_once" not in str(error):
            raise
        _raise_if_repeated(command, asked())
        raise


def _raise_if_repeated(command: Command, asked: str) -> None:
    if not command.key or command.by.user_id is None:
        return
    first = AnsweredCommand.objects.filter(actor_id=command.by.user_id, key=command.key).first()
    if first is None:
        return
    if first.fingerprint != asked:
        raise KeyReused from None
    raise Repeated(first.answer) from None


def fingerprint(verb: str, which: object, details: Any) -> str:
    """A digest of what was asked, to tell a repetition from a different request."""
    body = asdict(details) if hasattr(details, "__dataclass_fields__") else details
    return hashlib.sha256(repr((verb, which, body)).encode()).hexdigest()


def save_rows(rows: Iterable[Any]) -> None:
    """Insert the append-only rows of a change, one statement a kind."""
    by_kind: dict[type, list[Any]] = {}
    for row in rows:
        by_kind.setdefault(type(row), []).append(row)
    for some in by_kind.values():
        insert(some)
