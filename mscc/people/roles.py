"""Who may do what: a class for each role, in words a new colleague would understand.

The matrix of roles and permissions is written here and nowhere else; who may *see* which
referral is decided in the queryset, from the places these permissions hold at.
"""

from enum import StrEnum
from typing import ClassVar


class Permission(StrEnum):
    """The names of what people may do."""

    REFER = "refer"
    REFER_FOR_OTHERS = "refer_for_others"
    ADD_INFORMATION = "add_information"
    SEE_REFERRALS = "see_referrals"
    SEE_ASKED = "see_asked"
    SEE_BOARD = "see_board"
    ACT_ON_REFERRALS = "act_on_referrals"
    RECORD = "record"
    DECIDE_TREATMENT = "decide_treatment"
    ANSWER_OPINION = "answer_opinion"
    ACKNOWLEDGE = "acknowledge"
    HAND_OVER = "hand_over"
    PLAN_COVER = "plan_cover"
    SEE_FIGURES = "see_figures"
    WRITE_REPORT = "write_report"
    ISSUE_REPORT = "issue_report"
    SEE_TRAIL = "see_trail"
    MANAGE_PEOPLE = "manage_people"

    @property
    def sentence(self) -> str:
        """What it lets a person do, to be read after "You can"."""
        return _SENTENCES[self]


_SENTENCES: dict[Permission, str] = {
    Permission.REFER: "refer a person with suspected MSCC or spinal metastases",
    Permission.REFER_FOR_OTHERS: "key in a referral that somebody rings through",
    Permission.ADD_INFORMATION: "add information and new signs to a referral",
    Permission.SEE_REFERRALS: "read referrals made at your places",
    Permission.SEE_ASKED: "read referrals you were asked about",
    Permission.SEE_BOARD: "see the board of what is due next",
    Permission.ACT_ON_REFERRALS: "take, triage, redirect and discharge referrals",
    Permission.RECORD: "record what happened, and correct it",
    Permission.DECIDE_TREATMENT: "record a decision to treat and who made it",
    Permission.ANSWER_OPINION: "answer a request for your specialty's opinion",
    Permission.ACKNOWLEDGE: "acknowledge a page and take it on",
    Permission.HAND_OVER: "hand over to the next coordinator",
    Permission.PLAN_COVER: "plan who is on duty",
    Permission.SEE_FIGURES: "see figures about the service, without names",
    Permission.WRITE_REPORT: "comment on the twice-yearly report, and prepare it for an alliance",
    Permission.ISSUE_REPORT: "approve and issue that report, and keep the steering group",
    Permission.SEE_TRAIL: "see who did and who read what",
    Permission.MANAGE_PEOPLE: "add people and change their roles",
}


class Role:
    """A role: its key in the database, what people call it, and what it may do."""

    key: ClassVar[str]
    label: ClassVar[str]
    description: ClassVar[str]
    permissions: ClassVar[frozenset[Permission]]
    at: ClassVar[tuple[str, ...]]  # kinds of organisation it may be held at
    of_a_specialty: ClassVar[bool] = False


class Referrer(Role):
    key = "referrer"
    label = "Referrer"
    description = "Refers people from a ward or department and follows what their ward referred."
    permissions = frozenset(
        {Permission.REFER, Permission.ADD_INFORMATION, Permission.SEE_REFERRALS}
    )
    at = ("ward", "hospital", "trust")


_CLINICAL = frozenset(
    {
        Permission.REFER,
        Permission.ADD_INFORMATION,
        Permission.SEE_REFERRALS,
        Permission.SEE_BOARD,
        Permission.ACT_ON_REFERRALS,
        Permission.RECORD,
        Permission.DECIDE_TREATMENT,
        Permission.ACKNOWLEDGE,
    }
)


class Coordinator(Role):
    key = "coordinator"
    label = "MSCC coordinator"
    description = "Takes every call day and night, and keeps each referral moving to discharge."
    permissions = _CLINICAL | {Permission.REFER_FOR_OTHERS, Permission.HAND_OVER}
    at = ("alliance", "trust", "hospital")


class DesignatedClinician(Role):
    key = "designated_clinician"
    label = "Designated clinician"
    description = "Does the coordinator's work while no coordinator is on duty."
    permissions = _CLINICAL | {Permission.REFER_FOR_OTHERS, Permission.HAND_OVER}
    at = ("alliance", "trust", "hospital")


class SeniorClinician(Role):
    key = "senior_clinician"
    label = "Senior clinician"
    description = "Advises the coordinator at any hour and is paged when a target is missed."
    permissions = _CLINICAL
    at = ("alliance", "trust", "hospital")


class SpecialtyContact(Role):
    key = "specialty_contact"
    label = "Specialty contact"
    description = "Gives a specialty's opinion on the people they were asked about."
    permissions = frozenset(
        {Permission.SEE_ASKED, Permission.ANSWER_OPINION, Permission.ACKNOWLEDGE}
    )
    at = ("alliance", "trust", "hospital")
    of_a_specialty = True


class ServiceLead(Role):
    key = "service_lead"
    label = "Service lead"
    description = "Runs the service: plans cover, reads its referrals, its figures and its trail."
    permissions = frozenset(
        {
            Permission.SEE_REFERRALS,
            Permission.SEE_BOARD,
            Permission.ACKNOWLEDGE,
            Permission.PLAN_COVER,
            Permission.SEE_FIGURES,
            Permission.WRITE_REPORT,
            Permission.SEE_TRAIL,
        }
    )
    at = ("alliance", "trust", "hospital")


class AllianceLead(Role):
    key = "alliance_lead"
    label = "Alliance lead"
    description = "Follows how the whole alliance does, never by name; convenes the steering group."
    permissions = frozenset(
        {Permission.SEE_FIGURES, Permission.WRITE_REPORT, Permission.ISSUE_REPORT}
    )
    at = ("alliance",)


class Administrator(Role):
    key = "administrator"
    label = "Administrator"
    description = "Adds people, gives and takes away roles. Sees no referral."
    permissions = frozenset({Permission.MANAGE_PEOPLE})
    at = ("alliance",)


ROLES: dict[str, type[Role]] = {
    role.key: role
    for role in (
        Referrer,
        Coordinator,
        DesignatedClinician,
        SeniorClinician,
        SpecialtyContact,
        ServiceLead,
        AllianceLead,
        Administrator,
    )
}

ROLE_CHOICES: list[tuple[str, str]] = [(role.key, role.label) for role in ROLES.values()]
