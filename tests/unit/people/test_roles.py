"""Who may do what, cell by cell: changing a role means changing this table knowingly."""

import pytest

from mscc.people.models import Specialty
from mscc.people.roles import ROLES, Permission

# One column a role, in this order; "x" where the role may.
COLUMNS = (
    "referrer",
    "coordinator",
    "designated_clinician",
    "senior_clinician",
    "specialty_contact",
    "service_lead",
    "alliance_lead",
    "administrator",
)
MATRIX = {
    "refer":            "x x x x . . . .",
    "refer_for_others": ". x x . . . . .",
    "add_information":  "x x x x . . . .",
    "see_referrals":    "x x x x . x . .",
    "see_asked":        ". . . . x . . .",
    "see_board":        ". x x x . x . .",
    "act_on_referrals": ". x x x . . . .",
    "record":           ". x x x . . . .",
    "decide_treatment": ". x x x . . . .",
    "answer_opinion":   ". . . . x . . .",
    "acknowledge":      ". x x x x x . .",
    "hand_over":        ". x x . . . . .",
    "plan_cover":       ". . . . . x . .",
    "see_figures":      ". . . . . x x .",
    "write_report":     ". . . . . x x .",
    "issue_report":     ". . . . . . x .",
    "see_trail":        ". . . . . x . .",
    "manage_people":    ". . . . . . . x",
}  # fmt: skip
CELLS = [
    (role, permission, cell == "x")
    for permission, row in MATRIX.items()
    for role, cell in zip(COLUMNS, row.split(), strict=True)
]


def test_the_table_speaks_of_every_role_and_every_permission():
    assert tuple(ROLES) == COLUMNS
    assert set(MATRIX) == {permission.value for permission in Permission}


@pytest.mark.parametrize(("role", "permission", "may"), CELLS)
def test_each_role_may_exactly_what_the_table_says(role, permission, may):
    assert (Permission(permission) in ROLES[role].permissions) is may


@pytest.mark.parametrize("role", ROLES.values(), ids=lambda role: role.key)
def test_each_role_says_in_plain_words_what_it_is(role):
    assert role.description.endswith(".")
    assert len(role.description.split()) <= 20
    assert role.at


def test_each_permission_can_be_read_after_you_can():
    sentences = [permission.sentence for permission in Permission]
    assert len(set(sentences)) == len(sentences)
    assert all(sentence[0].islower() for sentence in sentences)


def test_the_specialties_are_those_of_the_guideline():
    assert [specialty.label for specialty in Specialty] == [
        "Acute oncology",
        "Haematology",
        "Histopathology",
        "Oncology",
        "Palliative care",
        "Physiotherapy",
        "Radiology",
        "Spinal surgery",
    ]
