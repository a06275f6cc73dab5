"""What is made of what people type, and of decisions: a line each, for somebody to approve.

`python -m tests.factories.said` writes these, too.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from pathlib import Path
from typing import Any

from referrals.clinical import identity, phone, scanning, scored, times, treatment
from referrals.clinical.milestones import Suspicion
from referrals.clinical.presentation import Answer
from referrals.clinical.text import InputError

APPROVED = Path(__file__).parents[1] / "unit/clinical/approved/typed.txt"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 21)
DATES = (
    ("27", "3", "2026"),
    ("", "3", "2026"),
    ("a", "3", "2026"),
    ("1", "1", "26"),
    ("1", "1", "0999"),
    ("1", "13", "2026"),
    ("1", "0", "2026"),
    ("1", "12", "2026"),
    ("31", "1", "2026"),
    ("32", "1", "2026"),
    ("0", "1", "2026"),
    ("29", "2", "2026"),
    ("29", "2", "2028"),
    ("31", "4", "2026"),
    ("11111", "1", "2026"),
)
TIMES = ("9:30", "0930", "09.30", "24:00", "23:59", "9", "9:60", "half past", " 1:05 ")
WALL = (
    (date(2027, 3, 28), time(1, 30), None),
    (date(2027, 10, 31), time(1, 30), None),
    (date(2027, 10, 31), time(1, 30), times.Fold.BST),
    (date(2027, 10, 31), time(1, 30), times.Fold.GMT),
    (date(2027, 7, 1), time(12, 0), None),
    (date(2027, 1, 1), time(12, 0), None),
)
INSTANTS = (
    "2027-03-28T01:30:00Z",
    "2027-03-28T01:30:00",
    "2027-03-28",
    "now",
    "0001-01-01T00:00:00+12:00",
)
SPANS = (-5, 0, 59, 60, 120, 3599, 3600, 3660, 7200, 259_199, 259_200, 700_000)
PHONES = (
    "020 7946 0123",
    "+44 20 7946 0123",
    "0044 (0)20 7946 0123",
    "+1 212 555 0100",
    "020 7946 0123 ext 12",
    "020 7946 0123 x 12",
    "02079460123 bleep 345",
    "bleep 4321",
    "blp 4321",
    "pager 4321",
    "ext 77",
    "4321",
    "09011 123456",
    "07700 900123",
    "07000 900123",
    "0800 123 4567",
    "12",
    "abc",
    "",
    "0" * 41,
)
NHS = (
    "943 476 5919",
    "943-476-5918",
    "94347659",
    "",
    "999 000 0018",
    "0000000000",
    "943 476 591O",
    "X434765919",
)
LEVELS = ("t10", "Th 10", "D10", "C0", "O", "", "T10-T11", "T13", "S6", "L0", "X1", "c 7", "L5")
BORN = (date(1896, 11, 20), date(1896, 11, 21), TODAY, date(2026, 11, 22))


def typed() -> str:
    """One line for each thing typed: what it is read as, or what is said about it."""
    return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    for boxes in DATES:
        yield _made(times.parse_date, *boxes)
    for values in WALL:
        yield _made(times.parse_local, *values)
    for ahead in (119, 120, 121, 9000):
        yield _made(times.refuse_future, NOW + timedelta(seconds=ahead), NOW)
    for ago in (7 * 86_400, 7 * 86_400 + 1):
        yield _made(times.long_ago, NOW - timedelta(seconds=ago), NOW)
    for ago in (899, 900, 4500):
        yield _made(times.overdue_warning, NOW - timedelta(seconds=ago), 900, NOW)
    for span in SPANS:
        yield _made(times.said_span, timedelta(seconds=span))
    for born in BORN:
        yield _made(_born, born)
    for number in NHS:
        yield _made(_or_a_test_number, number)
    each_of: tuple[tuple[Callable[..., Any], tuple[str, ...]], ...] = (
        (times.parse_time, TIMES),
        (times.parse_instant, INSTANTS),
        (phone.clean_call_back, PHONES),
        (identity.clean_nhs_number, NHS),
        (scored.level_of, LEVELS),
    )
    for function, texts in each_of:
        for text in texts:
            yield _made(function, text)
    yield from _scans()
    yield from _decisions()


def _born(day: date) -> date:
    return identity.check_birth(day, today=TODAY)


def _or_a_test_number(text: str) -> str:
    return identity.clean_nhs_number(text, allow_test=True)


def _scans() -> Iterator[str]:
    hours = (timedelta(hours=3), timedelta(hours=12))
    for ahead, due, transfer, reason in product(hours, (None, *hours), (True, False), ("", "said")):
        booking = scanning.Booking(
            NOW + ahead, None if due is None else NOW + due, transfer, reason, reason, reason
        )
        for need in scanning.booking_needs(booking):
            numbers = " ".join(need.numbers)
            yield f"booking {ahead} {due} {transfer}: {need.field} {numbers}: {need.sentence}"
    for modality, whole, reason in product(scanning.Modality, Answer, ("", "a pacemaker")):
        judged = scanning.stops_mri_clock(scanning.Scan(modality, whole, reason))
        yield f"scan {modality} {whole} {reason}: {judged}"


def _decisions() -> Iterator[str]:
    for condition, surgery, exception, reason, days, controlled, against in product(
        (Suspicion.MSCC, Suspicion.SPINAL_METASTASES),
        (True, False),
        (None, *treatment.RadiotherapyException),
        ("", "said"),
        (None, 13, 14),
        (Answer.YES, Answer.NOT_KNOWN),
        ((), (treatment.AgainstSurgery.TIME_SINCE_PARALYSIS,), tuple(treatment.AgainstSurgery)),
    ):
        decision = treatment.Decision(
            condition,
            surgery,
            exception,
            reason,
            None if days is None else timedelta(days=days),
            controlled,
            against,
        )
        wrong = {
            **treatment.exception_errors(decision),
            **treatment.only_time_since_paralysis(decision),
        }
        facts = f"{condition} {surgery} {exception} {reason} {days} {controlled} {len(against)}"
        yield f"decision {facts}: {treatment.urgent_radiotherapy(decision)} {wrong}"


def _made(function: Callable[..., Any], *given: Any) -> str:
    what = f"{function.__name__} {' '.join(map(str, given))!r}"
    try:
        return f"{what}: {function(*given)!r}"
    except InputError as error:
        return f"{what}: [{error.code}] {error.sentence}"
