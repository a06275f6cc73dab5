"""The sweep has stopped: whoever looks is told, with what to do; and then it works again."""

from datetime import timedelta

import pytest

from mscc import clock
from scheduling.domain import auditor, watch
from scheduling.domain.rounds import dispatch_round, sweep_round
from scheduling.models import Heartbeat
from scheduling.views.announced import ANNOUNCED
from tests.factories.people import person
from tests.factories.referrals import ReferralFactory

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(240),
    pytest.mark.django_db(transaction=True),
]


def all_works():
    """One round of everything, as the processes do it."""
    sweep_round(clock.now)
    dispatch_round(clock.now)
    watch.beat("guardian", clock.now())
    auditor.keep(auditor.audit(clock.now()))


@pytest.fixture(name="watch")
def nobody_works_by_itself(transactional_db, gateways):
    """Instead of the workers of other journeys: only what the story says is done."""
    ANNOUNCED.forget()
    yield
    ANNOUNCED.forget()


def test_the_sweep_has_stopped_and_the_service_page_says_what_to_do(someone, team):
    # Given a service where all works, and a service lead who looks
    ReferralFactory(team=team, triaged=True, at=clock.now() - timedelta(hours=2))
    lead = someone("lead").opens("/service/").signs_in(person("service_lead", team.place))
    coordinator = someone("coordinator").opens("/board/").signs_in(team.coordinator)
    all_works()
    lead.opens("/service/").sees("Yes.", "Targets are being watched", "Last found nothing wrong")

    # When the sweep stops, a target passes, and the auditor looks
    long_ago = clock.now() - timedelta(minutes=5)
    Heartbeat.objects.filter(component="sweep").update(progress_at=long_ago, beat_at=long_ago)
    ReferralFactory(team=team, triaged=True, at=clock.now() - timedelta(hours=25))
    auditor.keep(auditor.audit(clock.now()))

    # Then the page says so first, what is wrong, and what to do
    lead.opens("/service/").sees(
        "No. Do not rely on pages now.",
        "passed more than a minute ago and nobody was told",
        "1 part of the system is silent",
        "Restart the worker and the guardian",
        "Silent.",
    )
    # And so does the board, to whoever works from it
    coordinator.opens("/board/").sees("Nobody is watching targets now", "What is wrong")
    coordinator.opens("/service/").sees("No. Do not rely on pages now.")

    # When it works again, the page and the board say so
    all_works()
    lead.opens("/service/").sees("Yes.", "Targets are being watched")
    coordinator.opens("/board/").sees("All checked at")

    # And downtime that is announced stands on the coordinator's page, with the reason
    lead.opens("/service/")
    tomorrow = clock.local(clock.now() + timedelta(days=1))
    for field, hour in (("starts_at", "22:00"), ("ends_at", "23:00")):
        for box, value in (
            ("day", tomorrow.day),
            ("month", tomorrow.month),
            ("year", tomorrow.year),
            ("time", hour),
        ):
            lead.page.fill(f"[name={field}-{box}]", str(value))
    lead.page.fill("[name=reason]", "A new version of the database")
    lead.presses("Announce").sees("The downtime is announced", "Call it off")
    coordinator.opens("/board/").sees("Planned downtime", "A new version of the database")
