"""Written care pathways: versions, where each was agreed, who was given it (1.1.2, 1.1.3)."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit.events import SteeringChanged
from audit.models import Dissemination, DocumentVersion, Meeting, PathwayDocument, SteeringGroup
from mscc.events import Actor, publish
from referrals.domain.refusals import Invalid


def start(group: SteeringGroup, title: str, *, by: Actor, at: datetime) -> PathwayDocument:
    """Begin to keep a document; it has no version yet."""
    with transaction.atomic():
        made = PathwayDocument.objects.create(group=group, title=title)
        _say(group, "document started", str(made.pk), by=by, at=at)
    return made


def write(
    document_id: UUID,
    changes: str,
    kept_at: str,
    *,
    review_on: date | None = None,
    by: Actor,
    at: datetime,
) -> DocumentVersion:
    """Add the next version: what it changes and where it is kept. Not agreed yet."""
    with transaction.atomic():
        document = PathwayDocument.objects.select_for_update(of=("self",)).get(pk=document_id)
        last = document.versions.first()
        made = DocumentVersion.objects.create(
            document=document,
            number=last.number + 1 if last else 1,
            changes=changes,
            kept_at=kept_at,
            written_at=at,
            written_by_id=by.user_id,
            review_on=review_on,
        )
        _say(
            document.group, "document version written", f"{document.pk} {made.number}", by=by, at=at
        )
    return made


def agree(version: DocumentVersion, meeting: Meeting, *, by: Actor, at: datetime) -> None:
    """A meeting agreed a version. Invalid for a meeting that was not held, or of another group."""
    if meeting.state != Meeting.State.HELD or meeting.group_id != version.document.group_id:
        raise Invalid({"meeting": "Choose a meeting of this group that was held."})
    with transaction.atomic():
        DocumentVersion.objects.filter(pk=version.pk).update(agreed_at=meeting)
        _say(
            version.document.group,
            "document version agreed",
            f"{version.document_id} {version.number}",
            by=by,
            at=at,
        )


def give(version: DocumentVersion, to: str, on: date, *, by: Actor, at: datetime) -> Dissemination:
    """A service was given a version. Invalid for one that nobody agreed to."""
    if version.agreed_at_id is None:
        raise Invalid({"to": "Only a version that the group agreed to is passed on."})
    with transaction.atomic():
        made = Dissemination.objects.create(version=version, to=to, on=on, by_id=by.user_id)
        about = f"{version.document_id} {version.number}"
        _say(version.document.group, "document passed on", about, by=by, at=at)
    return made


def standing_version(document: PathwayDocument) -> DocumentVersion | None:
    """The newest version that was agreed; None while there is none."""
    return next((each for each in document.versions.all() if each.agreed_at_id), None)


def _say(group: SteeringGroup, change: str, about: str, *, by: Actor, at: datetime) -> None:
    publish(
        SteeringChanged(by=by, at=at, alliance_id=group.alliance_id, change=change, about=about)
    )
