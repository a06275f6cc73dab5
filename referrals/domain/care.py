"""What became of items of the care bundle: given, declined, not applicable, contraindicated.

Several in one command. Each entry is kept; the latest of an item holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mscc.events import Command
from referrals.clinical import bundle
from referrals.clinical.bundle import Status
from referrals.clinical.library import LibraryError
from referrals.domain.moments import happened
from referrals.domain.path import Change, Which, change, save_rows
from referrals.domain.queries.facts import facts_of
from referrals.domain.queries.person import story
from referrals.domain.refusals import Invalid, NeedsConfirmation
from referrals.events import CareRecorded
from referrals.models import CareEntry, Referral

# What is still owed once the person has died: to the family (1.2.11).
BEREAVEMENT = "bereavement_support"


@dataclass(frozen=True)
class Told:
    """What became of one item. `status` is one of CareEntry.Status; all but given need a reason."""

    item: str
    status: str
    reason: str = ""


@dataclass(frozen=True)
class CareGiven:
    """What was done at one time; without `given_at` it is the moment it is recorded."""

    told: tuple[Told, ...]
    given_at: datetime | None = None
    confirmed: bool = False


def record_care(referral_id: Which, care: CareGiven, *, command: Command) -> Referral:
    """Record what became of these items.

    Raises Invalid with `<item>_status` or `<item>_reason`, IllegalTransition on a closed referral
    (after a death, for anything but bereavement support), NeedsConfirmation for
    what does not fit with what is on record.
    """

    def act(changing: Change) -> None:
        died = _about_bereavement(care.told) and story(changing.referral).died_at is not None
        if not died:
            changing.only_while_open("Record care")
        _check(care.told)
        at = changing.at
        if care.given_at is not None:
            at = happened("given_at", care.given_at, changing, confirmed=care.confirmed)
        if not care.confirmed and not died:
            _ask(care.told, changing)
        save_rows(_rows(care.told, at, changing))
        changing.says(
            CareRecorded,
            "recorded care",
            items=tuple(each.item for each in care.told),
            statuses=tuple(each.status for each in care.told),
        )

    return change(referral_id, command, "record_care", care, act)


def _about_bereavement(told: Iterable[Told]) -> bool:
    return all(each.item == BEREAVEMENT for each in told)


def _check(told: Iterable[Told]) -> None:
    errors: dict[str, str] = {}
    seen: set[str] = set()
    for each in told:
        if sentence := _wrong(each, seen):
            errors[f"{each.item}_status"] = sentence
        elif each.status != Status.GIVEN and not each.reason.strip():
            errors[f"{each.item}_reason"] = f"{bundle.label_of(each.item)}: say why."
        seen.add(each.item)
    if not seen:
        raise Invalid({"told": "Say what became of at least one item."})
    if errors:
        raise Invalid(errors)


def _wrong(each: Told, seen: set[str]) -> str:
    try:
        label = bundle.item(each.item).label
    except LibraryError:
        return "There is no such item in the care bundle."
    if each.status not in list(Status):
        return f"{label}: choose what became of it."
    return f"{label} is there twice. Say it once." if each.item in seen else ""


def _ask(told: Iterable[Told], changing: Change) -> None:
    """What does not fit is asked about; most of what is recorded raises no question."""
    facts = facts_of(story(changing.referral), changing.at)
    said = {each.item: Status(each.status) for each in told}
    if odd := bundle.contradictions(facts, said):
        raise NeedsConfirmation({f"{each.item}_status": each.sentence for each in odd})


def _rows(told: Iterable[Told], at: datetime, changing: Change) -> list[CareEntry]:
    return [
        CareEntry(
            referral=changing.referral,
            occurred_at=at,
            item=each.item,
            status=each.status,
            # What was given needs no reason; one that was typed all the same is kept.
            reason=each.reason.strip(),
            **changing.stamp(),
        )
        for each in told
    ]
