"""What can have happened to the steering group and its reports, and what came in and went out."""

from dataclasses import dataclass
from uuid import UUID

from mscc.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SteeringChanged(Event):
    """The group of an alliance was changed. `change` is a short phrase in the past tense
    ("meeting held"); `about` the key of what it was about.
    """

    alliance_id: int
    change: str
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingReminded(Event):
    """The lead was told that a meeting is due; `told` are those who can be reached."""

    alliance_id: int
    due_on: str
    reminder: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportEvent(Event):
    """A step of one version of a report."""

    report_id: UUID
    alliance_id: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPrepared(ReportEvent):
    """`supersedes` is the version it is to replace, when it is a reissue, and `why` says why."""

    first: str
    last: str
    supersedes: UUID | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDrawnAgain(ReportEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCommented(ReportEvent):
    part: str
    place_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSentForReview(ReportEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReturned(ReportEvent):
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportApproved(ReportEvent):
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportIssued(ReportEvent):
    """`told` members have an account and are told; `by_hand` have none."""

    sha256: str
    told: int
    by_hand: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSent(Event):
    """The monthly digest of one person for one place. The address is not kept here."""

    user_id: int
    place_id: int
    month: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortImported(Event):
    """An audit kept elsewhere was read in; `sha256` is of its file."""

    cohort_id: int
    name: str
    file_name: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortRemoved(Event):
    """An imported audit was taken out again, as when its mapping was wrong; `reason` says why."""

    name: str
    sha256: str
    rows: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportMade(Event):
    """Figures or journeys left the product as a file. `reason` is given when it names people;
    months are ISO dates of their first days.
    """

    place_id: int
    what: str  # figures, journeys
    format: str
    identified: bool
    reason: str
    first: str
    last: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureOpened(Event):
    """Somebody looked at the list behind a figure: `rows` references of a place and its months
    (ISO, year and month), all of them or those of one `status`.
    """

    place_id: int
    measure: str
    first: str
    last: str
    status: str
    rows: int
