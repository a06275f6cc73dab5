"""A program with somebody's token, as every test of the API needs it."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from mscc.events import Actor
from mscc.people import changes
from tests.factories.referrals import AT, ReferralFactory, Team

LATER = AT + timedelta(hours=2)


class Program:
    """Speaks JSON with a token; `clean` is every answer's body, or None."""

    def __init__(self, user=None):
        self.client = Client(raise_request_exception=True)
        self.headers = {}
        if user is not None:
            key = changes.new_token(user, by=Actor.user(user), at=AT)
            self.headers = {"Authorization": f"Token {key}"}

    def get(self, path, **headers):
        return self.client.get(f"/api/v1/{path}", headers=self._with(headers))

    def post(self, path, body=None, *, raw=None, content_type="application/json", **headers):
        sent = raw if raw is not None else json.dumps({} if body is None else body)
        return self.client.post(
            f"/api/v1/{path}", sent, content_type=content_type, headers=self._with(headers)
        )

    def _with(self, headers):
        return self.headers | {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
def program():
    return Program


@pytest.fixture
def at(monkeypatch):
    """Set what the clock says: `at(moment)`. It begins at AT."""
    told = [AT]
    monkeypatch.setattr("mscc.clock.now", lambda: told[0])
    return lambda moment: told.__setitem__(0, moment)


@pytest.fixture
def case(program, at):
    """A triaged referral two hours on, its address, and a coordinator's program."""
    team = Team.build()
    referral = ReferralFactory(team=team, triaged=True)
    at(LATER)
    coordinator = program(team.coordinator)

    class Case:
        one = f"referrals/{referral.reference}"
        of, place, senior = referral, team.place, team.senior
        get = staticmethod(coordinator.get)
        user = team.coordinator

        def post(self, address, body, **headers):
            return coordinator.post(f"{self.one}/{address}/", body, **headers)

        def record(self):
            return coordinator.get(f"{self.one}/record/").json()

    return Case()
