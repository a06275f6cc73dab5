"""Journeys as rows: one referral, or one row of an imported audit, with every verdict on it.

Without a reason there is nothing in a row that names a person or a day: a month, an age band, the
classes of the inequality cuts. Only those who may see rows at all are given any.
"""

from collections.abc import Iterable, Iterator

from audit.exports.table import Cell, Column, Holds
from audit.measures import registry
from audit.measures.groups import CUTS
from audit.measures.measure import Measure, Shape
from audit.measures.verdict import Status
from audit.models import Journey
from mscc import clock
from referrals.clinical.identity import age

_STATUSES = tuple(status.name.lower() for status in Status)
_WORDS = {status.value: status.name.lower() for status in Status}
# The NHS Data Dictionary's values of PERSON STATED GENDER CODE.
_GENDER = {"male": "1", "female": "2", "other": "9", "not_known": "X"}

IDENTIFYING: tuple[Column, ...] = (
    Column("local_reference", "our reference of the referral", identifies=True),
    Column("nhs_number", "NHS number", nhs="COSD: NHS NUMBER", identifies=True),
    Column("received_at", "when it was received, local time with its offset", identifies=True),
    Column("age", "whole years when referred", Holds.WHOLE, identifies=True),
)
PLAIN: tuple[Column, ...] = (
    Column("row", "number within this file; means nothing outside of it", Holds.WHOLE),
    Column("imported_from", "name of the imported audit; empty for live referrals"),
    Column("alliance", "cancer alliance"),
    Column("trust", "trust of the hospital that referred"),
    Column("hospital", "hospital that referred"),
    Column(
        "organisation_site_identifier",
        "ODS code of that hospital",
        nhs="NHS Data Dictionary: ORGANISATION SITE IDENTIFIER",
    ),
    Column("month_received", "year and month in which it was received, as 2026-04"),
    Column("suspected", "what is suspected", choices=("mscc", "spinal_metastases", "none")),
    Column(
        "diagnosis",
        "what it was; empty when unknown",
        choices=("mscc", "spinal_metastases", "ruled_out"),
    ),
    Column(
        "neurological_deficit",
        "neurological symptoms or signs at any time",
        choices=("yes", "no", "not_known"),
    ),
    Column(
        "person_stated_gender_code",
        "1 male, 2 female, 9 other, X not known",
        nhs="COSD: PERSON STATED GENDER CODE",
        choices=("1", "2", "9", "X"),
    ),
    *(
        Column(
            f"{cut.key}_{'band' if cut.key in ('age', 'distance') else 'group'}",
            f"{cut.label}. {cut.note}".rstrip(" ."),
            choices=tuple(cut.classes),
        )
        for cut in CUTS.values()
        if cut.key not in ("sex", "hospital")
    ),
    Column(
        "days_followed", "days from referral to death, or to when last known alive", Holds.WHOLE
    ),
    Column("died", "whether death is on record", Holds.YES_NO),
)
TELL_WHEN = ("hour", "weekday")
_CUTS = tuple(key for key in CUTS if key not in ("sex", "hospital"))


def of_measure(measure: Measure) -> tuple[Column, ...]:
    """The columns of one measure: its verdict, why, and what was measured."""
    columns = [
        Column(measure.key, f"{measure.name}: the verdict", choices=_STATUSES),
        Column(f"{measure.key}_why", f"{measure.name}: why not met, missing or excluded"),
    ]
    if measure.shape is Shape.TIMED:
        words = f"{measure.name}: elapsed seconds"
        columns.append(Column(f"{measure.key}_seconds", words, Holds.WHOLE))
    if measure.shape is Shape.CLASSES:
        columns.append(Column(f"{measure.key}_class", f"{measure.name}: the class"))
    return tuple(columns)


def _told(identified: bool) -> tuple[Measure, ...]:
    """With the month, day of the week and hour come close to a day: not without a reason."""
    return tuple(each for each in registry.ALL if identified or each.key not in TELL_WHEN)


def columns(*, identified: bool) -> tuple[Column, ...]:
    """What a file of journeys holds, in order."""
    measured = (column for measure in _told(identified) for column in of_measure(measure))
    return (*(IDENTIFYING if identified else ()), *PLAIN, *measured)


def rows(journeys: Iterable[Journey], *, identified: bool) -> Iterator[tuple[Cell, ...]]:
    """The cells of each journey, as `columns` names them."""
    measures = _told(identified)
    for number, journey in enumerate(journeys, start=1):
        known = _identifying(journey) if identified else ()
        yield (*known, number, *_plain(journey), *_measured(journey, measures))


def _identifying(journey: Journey) -> tuple[Cell, ...]:
    received = clock.local(journey.received_at)
    said = received.isoformat(timespec="seconds")
    if journey.referral is None:
        # An imported audit kept nobody's number.
        kept = getattr(journey, "cohort_row", None)
        return "", "", said, kept.facts.get("age") if kept else None
    patient = journey.referral.patient
    born = patient.date_of_birth
    years = None if born is None else age(born, received.date())
    return journey.referral.reference, patient.nhs_number or "", said, years


def _plain(journey: Journey) -> tuple[Cell, ...]:
    kept = getattr(journey, "cohort_row", None) if journey.imported else None
    return (
        kept.cohort.name if kept else "",
        journey.alliance.name,
        journey.trust.name,
        journey.hospital.name,
        journey.hospital.code,
        f"{journey.month:%Y-%m}",
        journey.suspicion,
        journey.confirmed,
        journey.deficit,
        _GENDER.get(journey.groups.get("sex", ""), "X"),
        *(journey.groups.get(cut, "not_known") for cut in _CUTS),
        journey.followed_days,
        journey.died,
    )


def _measured(journey: Journey, measures: Iterable[Measure]) -> Iterator[Cell]:
    for measure in measures:
        number = measure.number
        # A measure that is newer than the journey's last reading has no verdict yet.
        judged = number < len(journey.verdicts)
        said = journey.details.get(str(number), {})
        yield _WORDS.get(journey.verdicts[number], "") if judged else ""
        yield said.get("reason") or said.get("flag") or ""
        if measure.shape is Shape.TIMED:
            yield journey.seconds[number] if judged else None
        if measure.shape is Shape.CLASSES:
            yield said.get("label", "")
