"""Reports that were never drawn from figures, and journeys for those that are."""

from datetime import UTC, date, datetime
from itertools import count
from uuid import uuid4

from audit.domain import journeys
from audit.measures import registry
from audit.measures.verdict import Status
from audit.models import Journey, JourneyChanged, Report
from mscc.people.models import Organisation, User
from referrals.models import Referral
from tests.factories.people import Place, UserFactory
from tests.factories.referrals import ReferralFactory, Team

AT = datetime(2026, 5, 1, 9, tzinfo=UTC)


def issued_report(alliance: Organisation, by: User | None = None, **fields: object) -> Report:
    """An issued report of an alliance, October to March unless other months are given."""
    by = by or UserFactory()
    given = {
        "first": date(2025, 10, 1),
        "last": date(2026, 3, 1),
        "state": "issued",
        "prepared_at": AT,
        "as_of": AT,
        "definitions": "0" * 16,
        "figures": {},
        "document": {},
        "sha256": "0" * 64,
        "approved_by": by,
        "approved_at": AT,
        "issued_by": by,
        "issued_at": AT,
    }
    return Report.objects.create(alliance=alliance, **(given | fields))


def journeys_of(
    place: Place, month: date, key: str, given: dict[Status, int], **fields: object
) -> None:
    """So many journeys of a hospital in a month, with these verdicts on one measure; everything
    else is not applicable. Rows as a rebuild would write them, each of a referral of its own."""
    number, seconds = registry.by_key(key).number, fields.pop("seconds", None)
    size = max(each.number for each in registry.ALL) + 1
    model = ReferralFactory(team=Team.build(place))
    rows = []
    for status in [status for status, n in given.items() for _ in range(n)]:
        verdicts, times = [Status.NOT_APPLICABLE.value] * size, [None] * size
        verdicts[number], times[number] = status.value, seconds
        values = {
            "suspicion": "mscc",
            "deficit": "yes",
            "groups": {"sex": "female"},
            "details": {},
        }
        rows.append(
            Journey(
                referral=_another(model),
                alliance=place.alliance,
                trust=place.trust,
                hospital=place.hospital,
                received_at=datetime(month.year, month.month, 10, 9, tzinfo=UTC),
                month=month,
                verdicts=verdicts,
                seconds=times,
                as_of=AT,
                definitions=registry.definitions(),
                **(values | fields),
            )
        )
    JourneyChanged.objects.all().delete()
    journeys.save(rows)


_SERIAL = count(1)


def _another(model: Referral) -> Referral:
    """A copy of a referral, only to be pointed at."""
    copied, n = Referral.objects.get(pk=model.pk), next(_SERIAL)
    copied.pk, copied.status_token = uuid4(), f"copy-{n}"
    copied.reference = f"{n // 100:03d}-{n % 100:02d}"
    copied._state.adding = True
    Referral.objects.bulk_create([copied])
    return copied
