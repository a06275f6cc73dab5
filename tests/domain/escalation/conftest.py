"""A team that can be paged, and what was sent to whom."""

from datetime import timedelta

import pytest

from scheduling.models import Escalation, Notice
from tests.factories.people import ContactPointFactory
from tests.factories.referrals import AT, Team
from tests.factories.rota import on_duty


@pytest.fixture
def team() -> Team:
    """A coordinator on duty and a senior clinician with a pager each; a switchboard's address."""
    team = Team.build()
    on_duty(team.coordinator, team.place, AT - timedelta(hours=1), hours=400)
    ContactPointFactory(user=team.coordinator, channel="pager", address="1001")
    ContactPointFactory(user=team.senior, channel="pager", address="2002")
    return team


@pytest.fixture
def switchboard(team):
    """The hospital's own number, where somebody sits at any hour."""
    return ContactPointFactory(
        user=None, organisation=team.place.hospital, channel="pager", address="9000"
    )


@pytest.fixture
def told():
    """`told("breach")`: the addresses told about something, in the order they were told."""

    def read(kind: str) -> list[str]:
        found = Notice.objects.filter(kind=kind).order_by("created_at", "address")
        return list(found.values_list("address", flat=True))

    return read


@pytest.fixture
def climb_of():
    """`climb_of("breach")`: the one climb about something."""
    return lambda about="breach": Escalation.objects.get(about=about)
