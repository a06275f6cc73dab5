"""`python -m tests.faults.seed SECONDS`: a referral whose scan falls due then; prints its clock.

A process of its own, as a web process is: its bells ring at whatever broker there is.
"""

import sys
import time
from datetime import timedelta

import django


def main(seconds: float) -> None:
    django.setup()
    from mscc import clock
    from scheduling.models import Clock
    from tests.factories.people import ContactPointFactory, UserFactory
    from tests.factories.referrals import ReferralFactory
    from tests.faults import world

    # Every seed is a Python of its own and would count from nought again.
    for factory in (UserFactory, ContactPointFactory):
        factory.reset_sequence(time.monotonic_ns() // 1000, force=True)
    team = world.build()
    # Triage comes five minutes after the referral, as the factory has it.
    began, at = time.monotonic(), clock.now() + timedelta(seconds=seconds)
    referral = ReferralFactory(team=team, triaged=True, at=at - timedelta(hours=24))
    took = time.monotonic() - began
    made = Clock.objects.get(referral=referral, kind="mri_24h", state="running")
    sys.stdout.write(f"{made.pk} {made.due_at.isoformat()} {took}\n")


if __name__ == "__main__":
    main(float(sys.argv[1]))
