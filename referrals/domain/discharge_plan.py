"""Planning a discharge from the day of admission on (1.1.24 to 1.1.28, 1.12.3).

A named lead first; then who has been brought in and what is arranged, each entry kept. The latest
entry of a step holds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mscc.events import Command
from referrals.clinical.discharge import (
    ARRANGEMENTS,
    INVOLVED,
    LEAD,
    PARTIES,
    STEP,
    Step,
    not_brought_in,
)
from referrals.domain.path import Change, Which, change, save_rows
from referrals.domain.refusals import Invalid
from referrals.events import DischargePlanned
from referrals.models import DischargeStep, Referral


@dataclass(frozen=True)
class Arranged:
    """What became of one step; `note` says how, or what is missing."""

    done: bool
    note: str = ""


@dataclass(frozen=True)
class Planned:
    """Everything the form of the plan holds. `arranged` is by key of ARRANGEMENTS."""

    lead_name: str
    lead_role: str = ""
    lead_phone: str = ""
    involved: tuple[str, ...] = ()
    involved_note: str = ""
    arranged: dict[str, Arranged] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """A discharge plan as it stands: the latest row of each step."""

    latest: dict[str, DischargeStep]

    def note(self, step: str) -> str:
        """What was last written for a step; empty when nothing was."""
        return self.latest[step].note if step in self.latest else ""

    def done(self, step: str) -> bool:
        return step in self.latest and self.latest[step].done

    @property
    def lead_name(self) -> str:
        return self.note("lead")

    @property
    def involved(self) -> tuple[str, ...]:
        """Keys of PARTIES."""
        row = self.latest.get(INVOLVED.key)
        return tuple(row.involved) if row else ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Who has not been brought in yet, in words."""
        return not_brought_in(self.involved)

    @property
    def waiting(self) -> list[Step]:
        """The arrangements that are not done."""
        return [step for step in ARRANGEMENTS if not self.done(step.key)]

    @property
    def complete(self) -> bool:
        return bool(self.lead_name) and not self.missing and not self.waiting


def plan_of(rows: Iterable[DischargeStep]) -> Plan:
    """The plan these rows amount to, from old to new."""
    return Plan({row.step: row for row in rows})


def plan_discharge(referral_id: Which, planned: Planned, *, command: Command) -> Referral:
    """Record what has changed in the plan; raises Invalid without a lead, or with nothing new."""

    def act(changing: Change) -> None:
        changing.only_while_open("Plan the discharge")
        if errors := _errors(planned):
            raise Invalid(errors)
        before = plan_of(changing.referral.dischargesteps.order_by("occurred_at", "recorded_at"))
        rows = [row for row in _rows(planned, changing) if _is_new(row, before)]
        if not rows:
            raise Invalid({"nothing": "Nothing here differs from the plan as it stands."})
        save_rows(rows)
        changing.says(
            DischargePlanned, "planned the discharge", steps=tuple(row.step for row in rows)
        )

    return change(referral_id, command, "plan_discharge", planned, act)


def _errors(planned: Planned) -> dict[str, str]:
    errors = {}
    if not planned.lead_name.strip():
        errors["lead_name"] = LEAD.text
    if set(planned.involved) - {party.key for party in PARTIES}:
        errors["involved"] = "Choose from the list."
    if planned.arranged.keys() - {step.key for step in ARRANGEMENTS}:
        errors["arranged"] = "There is no such step."
    contact = planned.arranged.get("contact")
    if contact is not None and contact.done and not contact.note.strip():
        errors["contact_note"] = "Write whom they ring, and on which number."
    return errors


def _rows(planned: Planned, changing: Change) -> Iterator[DischargeStep]:
    for key in ("lead_name", "lead_role", "lead_phone"):
        step = STEP[key.removesuffix("_name")]
        note = getattr(planned, key)
        yield _row(changing, step.key, done=bool(note), note=note)
    everyone = not not_brought_in(planned.involved)
    yield _row(
        changing,
        INVOLVED.key,
        done=everyone,
        note=planned.involved_note,
        involved=list(planned.involved),
    )
    for key, arranged in planned.arranged.items():
        yield _row(changing, key, done=arranged.done, note=arranged.note)


def _row(changing: Change, step: str, **values: object) -> DischargeStep:
    return DischargeStep(
        referral=changing.referral,
        occurred_at=changing.at,
        step=step,
        **values,
        **changing.stamp(),
    )


def _is_new(row: DischargeStep, before: Plan) -> bool:
    was = before.latest.get(row.step)
    if was is None:
        return row.done or bool(row.note) or bool(row.involved)
    return (row.done, row.note, row.involved) != (was.done, was.note, was.involved)
