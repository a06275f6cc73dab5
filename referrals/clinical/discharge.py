"""What is still open when somebody goes home: shown before discharge, and kept with it.

Only the named lead is a condition (1.1.24). Everything else may be left open with a reason,
because a record must not keep a person in hospital.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from referrals.clinical.presentation import Answer


@dataclass(frozen=True, slots=True)
class Leaving:
    """The facts discharge turns on. Unknown is a value: what nobody recorded is open.

    `ruled_out`: neither spinal metastases nor MSCC, after imaging. `dexamethasone`: a course is
    running. `radiotherapy_owed`: the 24-hour target of 1.10.4 is running. `waiting_opinions`
    names specialties; `missing` are sentences of key information (1.1.15).
    """

    lead_name: str = ""
    died: bool = False
    ruled_out: bool = False
    dexamethasone: Answer = Answer.NOT_KNOWN
    dexamethasone_plan: str = ""
    stomach_protection: Answer = Answer.NOT_KNOWN
    glucose_checked: Answer = Answer.NOT_KNOWN
    care_plan: Answer = Answer.NOT_KNOWN
    new_symptoms_contact: str = ""
    carers_trained: Answer = Answer.NOT_KNOWN
    follow_up: str = ""
    scan_waiting: bool = False
    report_waiting: bool = False
    radiotherapy_owed: bool = False
    waiting_opinions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One thing left open. `required`: discharge cannot be recorded without it."""

    id: str
    sentence: str
    numbers: tuple[str, ...]
    required: bool = False


def still_open(leaving: Leaving) -> tuple[OpenItem, ...]:
    """What is still open, most urgent first (1.1.15, 1.1.17, 1.1.24, 1.1.26, 1.2.4, 1.8.1, 1.8.2).

    After a death only the record itself can still be open.
    """
    return tuple(_open(leaving))


def _open(leaving: Leaving) -> Iterator[OpenItem]:
    if not leaving.lead_name.strip():
        yield OpenItem(
            "lead", "Name the person who leads the discharge planning.", ("1.1.24",), required=True
        )
    if not leaving.died:
        yield from _treatment(leaving)
        yield from _dexamethasone(leaving)
        yield from _support(leaving)
    if leaving.missing:
        yield OpenItem(
            "key_information",
            f"Key information is incomplete: {' '.join(leaving.missing)}",
            ("1.1.15",),
        )


def _treatment(leaving: Leaving) -> Iterator[OpenItem]:
    if leaving.radiotherapy_owed:
        yield OpenItem(
            "radiotherapy", "Urgent radiotherapy was decided on and has not started.", ("1.10.4",)
        )
    if leaving.scan_waiting:
        yield OpenItem(
            "scan", "The scan of the whole spine has not been performed.", ("1.5.2", "1.5.3")
        )
    if leaving.report_waiting:
        yield OpenItem("report", "A scan has not been reported.", ("1.5.1",))
    if leaving.waiting_opinions:
        yield OpenItem(
            "opinions",
            f"No answer yet from: {', '.join(leaving.waiting_opinions)}.",
            ("1.1.10",),
        )


def _dexamethasone(leaving: Leaving) -> Iterator[OpenItem]:
    planned = bool(leaving.dexamethasone_plan.strip())
    if leaving.dexamethasone is Answer.NOT_KNOWN and not planned:
        yield OpenItem(
            "dexamethasone",
            "Find out whether dexamethasone is still being taken.",
            ("1.8.1", "1.8.2"),
        )
    if leaving.dexamethasone is not Answer.YES:
        return
    if leaving.ruled_out:
        yield OpenItem(
            "dexamethasone",
            "Stop the dexamethasone: spinal metastases and MSCC are ruled out.",
            ("1.8.2",),
        )
        return
    if not planned:
        yield OpenItem(
            "dexamethasone",
            "Dexamethasone is running with no plan: say how it is reduced and when it stops.",
            ("1.8.1",),
        )
    if leaving.stomach_protection is not Answer.YES:
        yield OpenItem(
            "stomach_protection", "Offer a proton pump inhibitor with the steroid.", ("1.8.8",)
        )
    if leaving.glucose_checked is not Answer.YES:
        yield OpenItem("glucose", "Arrange blood glucose checks with the steroid.", ("1.8.8",))


def _support(leaving: Leaving) -> Iterator[OpenItem]:
    if not leaving.new_symptoms_contact.strip():
        yield OpenItem(
            "information",
            "Tell the person and their family whom to ring about new or worse symptoms.",
            ("1.2.4",),
        )
    if leaving.ruled_out:
        return
    if leaving.care_plan is not Answer.YES:
        yield OpenItem("care_plan", "There is no personalised care plan yet.", ("1.1.17",))
    if leaving.carers_trained is not Answer.YES:
        yield OpenItem(
            "carers", "Support and train family and carers before discharge.", ("1.1.26",)
        )
    if not leaving.follow_up.strip():
        yield OpenItem(
            "follow_up", "Say who follows up, and tell primary care.", ("1.1.15", "1.1.24")
        )
