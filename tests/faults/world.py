"""Who there is in a run, and what is poisoned in it."""

import gc
import random
from datetime import timedelta

from django.db import transaction

from mscc import celery, clock
from mscc.events import Actor
from referrals.domain import closing
from scheduling.domain import escalation, sweep, watch, work
from scheduling.domain.rounds import move_on
from scheduling.models import Escalation, Notice
from scheduling.notify import messages
from scheduling.notify.transports import transport_for
from tests.factories.people import ContactPointFactory
from tests.factories.referrals import ReferralFactory, Team, command
from tests.factories.rota import on_duty
from tests.faults import reading


def build() -> Team:
    """A coordinator on duty for good and a senior clinician, both reached by email."""
    team = Team.build()
    on_duty(team.coordinator, team.place, clock.now() - timedelta(days=1), hours=24 * 400)
    for who in (team.coordinator, team.senior):
        ContactPointFactory(user=who)
    return team


def poison(dice: random.Random) -> None:
    """A climb whose ladder cannot be read, and a page that lacks what it must say.

    What may not be said at all the database does not take.
    """
    climbs = list(Escalation.objects.filter(state="open").order_by("pk")[:50])
    if climbs:
        Escalation.objects.filter(pk=dice.choice(climbs).pk).update(ladder={"key": "broken"})
    pages = list(Notice.objects.filter(state="pending").order_by("pk")[:50])
    if pages:
        Notice.objects.filter(pk=dice.choice(pages).pk).update(fields={})


def warm(team: Team) -> None:
    """Do everything once and take it back, so that a fork finds it loaded, built and planned."""
    with transaction.atomic():
        at = clock.now()
        referral = ReferralFactory(team=team, triaged=True, at=at - timedelta(hours=25))
        sweep.sweep(at)
        climb = Escalation.objects.filter(referral=referral, state="open").first()
        if climb is not None:
            escalation.acknowledge(climb.pk, by=Actor.user(team.coordinator), at=at)
        work.catch_up(at)
        watch.beat("sweep", at)
        move_on(at)
        ending = closing.Withdrawal("A made-up person.")
        closing.withdraw(referral.pk, ending, command=command(team.coordinator, at))
        for notice in Notice.objects.filter(channel="email")[:1]:
            messages.render(notice)
        transaction.set_rollback(True)
    transport_for("email").close()
    celery.ring("scheduling.tasks.dispatch_notices")
    reading.is_quiet(clock.now())
    gc.collect()
    gc.freeze()
