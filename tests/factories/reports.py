"""Reports that were never drawn from figures, for tests that only need there to be one."""

from datetime import UTC, date, datetime

from audit.models import Report
from mscc.people.models import Organisation, User
from tests.factories.people import UserFactory

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
