"""What the person's page shows of the trail; asked by name through `mscc.web.panels`."""

from uuid import UUID

from audit.domain.queries import person


def looks(referral_id: UUID) -> list[person.Line]:
    """Who looked, and which pages reached nobody, as lines of the timeline."""
    return person.lines_of(referral_id)
