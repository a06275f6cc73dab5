"""What happened, for ever; and how well, as often as it is asked."""

from audit.models.cell import Cell
from audit.models.cohort import Cohort, CohortRow
from audit.models.deprivation import Area, HospitalSite, LookupFile, Postcode
from audit.models.journey import Journey, JourneyChanged
from audit.models.report import Comment, Digest, Report, ReportSent
from audit.models.steering import (
    Action,
    Attendance,
    Dissemination,
    DocumentVersion,
    Meeting,
    Member,
    PathwayDocument,
    SteeringGroup,
    Voice,
)
from audit.models.trail import Trail

__all__ = [
    "Action",
    "Area",
    "Attendance",
    "Cell",
    "Cohort",
    "CohortRow",
    "Comment",
    "Digest",
    "Dissemination",
    "DocumentVersion",
    "HospitalSite",
    "Journey",
    "JourneyChanged",
    "LookupFile",
    "Meeting",
    "Member",
    "PathwayDocument",
    "Postcode",
    "Report",
    "ReportSent",
    "SteeringGroup",
    "Trail",
    "Voice",
]
