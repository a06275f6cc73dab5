"""The schema says what the API does: schemathesis sends what it allows and what it forbids."""

import itertools
import re
from datetime import timedelta

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from schemathesis.core.parameters import ParameterLocation

from mscc.events import Actor
from mscc.people import changes
from mscc.wsgi import application
from referrals.domain import opinions
from referrals.models import Referral
from scheduling.domain.sweep import sweep
from scheduling.models import Escalation
from tests.factories.people import ContactPointFactory
from tests.factories.referrals import AT, ReferralFactory, Team, command, refer
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db
STAGES = ("triaged", "mri_booked", "scanned", "treatment_decided", "discharged")
LATER = AT + timedelta(hours=25)


@pytest.fixture(scope="module")
def service(django_db_setup, django_db_blocker):
    """A place with a referral at every stage, seen hours later, with pages under way.

    One for all operations. The application runs inside the test's own transaction, as Django's
    test client does it: what one example has done, the next one of the same operation meets.
    """
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    with django_db_blocker.unblock(), transaction.atomic():
        with pytest.MonkeyPatch.context() as patch:
            team = _team_at_work()
            patch.setattr("mscc.clock.now", lambda: LATER)
            yield team
        transaction.set_rollback(True)
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def _team_at_work():
    team = Team.build()
    ContactPointFactory(user=team.coordinator, channel="pager", address="07700900123")
    on_duty(team.coordinator, team.place, AT)
    refer(team)
    for stage in STAGES:
        ReferralFactory(team=team, **{stage: True})
    for asked in Referral.objects.filter(closed_at=None):
        question = opinions.Question(specialty="oncology", question="What now?")
        opinions.ask_opinion(asked.pk, question, command=command(team.coordinator))
    sweep(LATER)
    return team


@pytest.fixture(scope="module")
def token(service):
    """Of somebody who may do everything a coordinator may."""
    key = changes.new_token(service.coordinator, by=Actor.user(service.coordinator), at=AT)
    return {"Authorization": f"Token {key}"}


@pytest.fixture(scope="module")
def referrals(service):
    """The referrals of the service, each in its turn."""
    return itertools.cycle(Referral.objects.order_by("reference"))


schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(public=True))
schema.app = application
# A body may be right in itself and yet not fit the referral: 422 says so in a sentence.
FITS = schema.config.checks.positive_data_acceptance
FITS.expected_statuses = [*FITS.expected_statuses, "422"]


def made_real(case, referrals):
    """Put what exists where the schema can only say what it looks like."""
    if not case.meta.is_negative_at(ParameterLocation.QUERY):
        # A cursor is ours to write: no text of somebody else's is one.
        case.query.pop("cursor", None)
    if not case.meta.is_negative_at(ParameterLocation.PATH):
        referral = next(referrals)
        known = {
            "reference": referral.reference,
            "milestone_id": referral.milestones.values_list("pk", flat=True).last(),
            "opinion_id": referral.opinions.values_list("pk", flat=True).last(),
            "page_id": Escalation.objects.filter(state="open").values_list("pk", flat=True).last(),
        }
        case.path_parameters |= {
            name: str(known[name]) for name in case.path_parameters if known[name]
        }
    if not case.meta.is_negative_at(ParameterLocation.BODY):
        if isinstance(case.body, dict) and "hospital_id" in case.body:
            case.body["hospital_id"] = next(referrals).hospital_id


@pytest.mark.timeout(600)
@schema.parametrize()
@settings(max_examples=5, suppress_health_check=list(HealthCheck))
def test_the_api_keeps_to_its_schema(case, token, referrals):
    made_real(case, referrals)
    case.call_and_validate(headers=token)


def test_the_schema_is_valid_and_leaves_nothing_to_guess(capsys):
    call_command("spectacular", validate=True, fail_on_warn=True)
    written = capsys.readouterr().out
    assert "openapi: 3" in written
    assert len(re.findall(r"operationId: ", written)) == len(
        set(re.findall(r"operationId: (\w+)", written))
    )
