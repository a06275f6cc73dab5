from mscc.people.models.assignment import Assignment, AssignmentNow, Specialty
from mscc.people.models.contact import Channel, ContactPoint
from mscc.people.models.held import HeldSubmission
from mscc.people.models.organisation import Organisation
from mscc.people.models.session import Session
from mscc.people.models.token import ApiToken
from mscc.people.models.user import User

__all__ = [
    "ApiToken",
    "Assignment",
    "AssignmentNow",
    "Channel",
    "ContactPoint",
    "HeldSubmission",
    "Organisation",
    "Session",
    "Specialty",
    "User",
]
