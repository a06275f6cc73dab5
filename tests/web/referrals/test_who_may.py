"""Who may do what, on which referral, in which state: read from the list the page is drawn from."""

import pytest

from audit.models import Trail
from mscc import clock
from mscc.people.roles import ROLES, Permission
from referrals.domain import closing, opinions
from referrals.states import State
from referrals.views.actions import ACTIONS, address
from tests.factories.people import Place, person
from tests.factories.referrals import Team, command


def in_state(state, team, a_referral):
    stages = {
        State.REFERRED: {},
        State.TRIAGED: {"triaged": True},
        State.MRI_BOOKED: {"scanned": True},
        State.TREATMENT_DECIDED: {"treatment_decided": True},
        State.DISCHARGED: {"discharged": True},
        State.REDIRECTED: {"triaged": True},
        State.WITHDRAWN: {"triaged": True},
    }
    referral = a_referral(**stages[state])
    asking = command(team.coordinator, clock.now())
    if referral.is_open:
        question = opinions.Question(specialty="oncology", question="What do you think?")
        referral = opinions.ask_opinion(referral.pk, question, command=asking)
    if state is State.REDIRECTED:
        referral = closing.redirect(
            referral.pk, closing.Redirection("Oncology", "Ring"), command=asking
        )
    elif state is State.WITHDRAWN:
        referral = closing.withdraw(referral.pk, closing.Withdrawal("Error"), command=asking)
    assert referral.state == state
    return referral


def expected(action, role, referral):
    """From the role's permissions and the action's states alone."""
    permissions = ROLES[role].permissions
    asked = Permission.SEE_ASKED in permissions and referral.opinions.exists()
    if Permission.SEE_REFERRALS not in permissions and not asked:
        return 404
    if action.permission not in permissions:
        return 403
    return 200 if referral.state in action.states else 409


@pytest.mark.parametrize("state", list(State))
def test_a_commands_page_opens_for_those_who_may_when_it_can_be(team, a_referral, client, state):
    referral = in_state(state, team, a_referral)
    # Taken and scanned: what else a command asks for is tested with the command.
    others = [action for action in ACTIONS.values() if action.name not in ("take", "report")]
    found, wanted = {}, {}
    for role in ROLES:
        if role == "designated_clinician":
            continue  # the coordinator's permissions, one by one: compared below
        client.force_login(person(role, team.place))
        for action in others:
            key = (role, action.name)
            found[key] = client.get(address(action, referral)).status_code
            wanted[key] = expected(action, role, referral)
    assert found == wanted


def test_the_matrix_in_words():
    may = {
        role: {name for name, action in ACTIONS.items() if action.permission in held.permissions}
        for role, held in ROLES.items()
    }
    everything = set(ACTIONS)
    assert may == {
        "referrer": {"add"},
        "coordinator": everything,
        "designated_clinician": everything,
        "senior_clinician": everything,
        "specialty_contact": set(),
        "service_lead": set(),
        "alliance_lead": set(),
        "administrator": set(),
    }


def test_sending_what_one_may_not_changes_nothing(team, a_referral, signed_in, form):
    referral = a_referral(triaged=True)
    nurse = signed_in(team.nurse)
    token = form(nurse, referral, "add/note").opened.hidden()["csrfmiddlewaretoken"]
    for action in ACTIONS.values():
        if action.name != "add":
            answer = nurse.post(address(action, referral), {"csrfmiddlewaretoken": token})
            assert answer.status_code == 403, action.name
    version = referral.version
    referral.refresh_from_db()
    assert referral.version == version


@pytest.mark.parametrize("how", ["get", "post"])
def test_somebody_of_another_trust_is_told_it_does_not_exist_and_that_is_on_the_trail(
    team, a_referral, client, how
):
    referral = a_referral(triaged=True)
    stranger = person("referrer", Place.build(team.place.alliance))
    client.force_login(stranger)
    pages = ["", "print/", "letter/", "add/note/", "discharge/", "scan/"]
    for page in pages:
        path = f"/referrals/{referral.reference}/{page}"
        answer = getattr(client, how)(path)
        if how == "post" and page in ("", "print/", "letter/"):
            assert answer.status_code == 405
            continue
        assert answer.status_code == 404
        assert referral.patient.family_name not in answer.content.decode()
        refused = Trail.objects.filter(action="access_refused").latest("id")
        assert (refused.actor, refused.details) == (
            stranger,
            {"reference": referral.reference, "path": path},
        )


def test_what_does_not_exist_is_answered_in_the_same_way(team, a_referral, client):
    client.force_login(person("coordinator", Place.build()))
    referral = a_referral()
    there = client.get(f"/referrals/{referral.reference}/")
    nowhere = client.get("/referrals/AAA-AA/")
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert Trail.objects.filter(action="access_refused").count() == 2


def test_a_coordinator_of_another_alliance_is_a_stranger(team, a_referral, signed_in, page):
    elsewhere = Team.build()
    referral = a_referral()
    browser = signed_in(elsewhere.coordinator)
    assert page(browser, f"/referrals/{referral.reference}/").status == 404
