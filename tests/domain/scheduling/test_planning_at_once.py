"""Two who plan cover at the same moment: real connections, real locks."""

from datetime import timedelta

import pytest

from mscc.events import Actor
from mscc.people.models import Assignment
from referrals.domain.refusals import Invalid
from scheduling.domain import planning
from scheduling.models import Shift
from tests.factories.people import Place, person
from tests.factories.referrals import AT
from tests.factories.together import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.serial]


def test_of_two_turns_for_one_role_that_begin_together_one_is_refused():
    place = Place.build()
    lead = Actor.user(person("service_lead", place))
    starts = AT + timedelta(days=1)

    def planned():
        held = Assignment.objects.get(user=person("coordinator", place))
        ends = starts + timedelta(hours=12)
        return lambda: planning.plan_shift(held, starts, ends, by=lead, at=AT)

    results = at_once(*(planned() for _ in range(4)))

    assert sum(isinstance(each, planning.Planned) for each in results) == 1
    assert sum(isinstance(each, Invalid) for each in results) == 3
    assert Shift.objects.count() == 1
