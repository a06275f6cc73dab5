"""The twice-yearly report step by step: prepared, reviewed, approved, issued; or issued anew.

Whoever calls has checked that the person may. Two people at once are sorted out by the row's lock;
what cannot be is refused in a sentence.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audit.domain import composing, differences, drawing, sending, steering
from audit.domain.composing import period_of
from audit.events import (
    ReportApproved,
    ReportCommented,
    ReportDrawnAgain,
    ReportEvent,
    ReportIssued,
    ReportPrepared,
    ReportReturned,
    ReportSentForReview,
)
from audit.measures import registry
from audit.measures.period import Period, month_of, shifted
from audit.models import Comment, Report, SteeringGroup
from mscc.events import Actor, publish
from mscc.people.models import Organisation, User
from mscc.people.roles import ROLES, Permission
from referrals.domain.refusals import Conflict, Invalid
from scheduling.timekeeping.cadence import MONTHS, months_on


class StillReading(Conflict):
    """Journeys of an alliance wait to be read again: its figures would be of now only in part."""


PREPARER = Actor.system("report")


def period_due(on: date) -> Period:
    """What a report that is due on a day is about: the six whole months before that day."""
    return Period.ending(shifted(on.replace(day=1), -1), MONTHS)


def prepare(alliance: Organisation, period: Period, *, by: Actor, at: datetime) -> Report:
    """Draw the report of an alliance on a period. Preparing it twice gives the last there is.

    Invalid for a period that is not over: its figures would still change every day.
    """
    if period.last >= month_of(at):
        over = shifted(period.last, 1)
        raise Invalid(
            {"period": f"{period.words} is not over. Prepare it from {over.day} {over:%B %Y} on."}
        )
    last = versions(alliance.pk, period).first()
    if last is not None:
        return last
    report = _new(alliance, period, at)
    with transaction.atomic():
        # The place itself is the lock: two who prepare at once make one report.
        Organisation.objects.select_for_update(of=("self",)).get(pk=alliance.pk)
        last = versions(alliance.pk, period).first()
        return last or _add(report, by=by, at=at)


def versions(alliance_id: int, period: Period) -> Any:
    """The versions of the report on a period, the newest first."""
    rows = Report.objects.filter(alliance_id=alliance_id, first=period.first, last=period.last)
    return rows.order_by("-version")


def prepare_due(at: datetime) -> int:
    """Prepare a report that is due by `next_report_on`; how many, at most one: it may take seconds,
    and the next round takes the next. A missed day, or a missed half year, is caught up: each
    report is of its own period.
    """
    today = steering.today(at)
    waiting = SteeringGroup.objects.filter(next_report_on__lte=today).order_by("next_report_on")
    keys = list(waiting.values_list("pk", flat=True))
    return int(any(_prepare_next(key, today, at) for key in keys))


def _prepare_next(key: int, today: date, at: datetime) -> bool:
    group = SteeringGroup.objects.select_related("alliance").get(pk=key)
    due_on = group.next_report_on
    if due_on > today:
        return False
    try:
        prepare(group.alliance, period_due(due_on), by=PREPARER, at=at)
    except StillReading:
        return False  # its day stands: the next round tries again
    # Only from the day that was dealt with: of two rounds at once one goes on.
    rows = SteeringGroup.objects.filter(pk=key, next_report_on=due_on)
    return bool(rows.update(next_report_on=months_on(due_on, MONTHS)))


def draw_again(report_id: UUID, *, by: Actor, at: datetime) -> Report:
    """Draw a draft's figures anew, with what came in since."""
    drawn = _drawn(Report.objects.select_related("alliance", "supersedes").get(pk=report_id), at)
    with transaction.atomic():
        report = _lock(report_id, Report.State.DRAFT)
        _fill(report, drawn, at)
        report.save()
        _say(ReportDrawnAgain, report, by=by, at=at)
    return report


def comment(
    report_id: UUID, part: str, place: Organisation, words: str, *, by: Actor, at: datetime
) -> None:
    """Write what a place says of a draft; empty words take back what it said."""
    with transaction.atomic():
        report = _lock(report_id, Report.State.DRAFT)
        Comment.objects.create(
            report=report, part=part, place=place, words=words.strip(), by_id=by.user_id, at=at
        )
        _say(ReportCommented, report, by=by, at=at, part=part, place_id=place.pk)


def send_for_review(report_id: UUID, *, by: Actor, at: datetime) -> Report:
    """Say that a draft is finished: from now on neither figures nor words change."""
    with transaction.atomic():
        report = _lock(report_id, Report.State.DRAFT)
        report.state, report.reviewed_by_id, report.returned = Report.State.REVIEW, by.user_id, ""
        report.save()
        _say(ReportSentForReview, report, by=by, at=at)
    return report


def send_back(report_id: UUID, why: str, *, by: Actor, at: datetime) -> Report:
    """Make it a draft again, with the reason."""
    if not why.strip():
        raise Invalid({"why": "Say what is to be changed."})
    with transaction.atomic():
        report = _lock(report_id, Report.State.REVIEW, Report.State.APPROVED)
        report.state, report.returned = Report.State.DRAFT, why.strip()
        report.reviewed_by_id = report.approved_by_id = report.approved_at = None
        report.document, report.sha256 = None, ""
        report.save()
        _say(ReportReturned, report, by=by, at=at, why=report.returned)
    return report


def approve(report_id: UUID, *, by: Actor, at: datetime) -> Report:
    """Approve what is in review. The document is made and hashed here: what was read is issued."""
    with transaction.atomic():
        report = _lock(report_id, Report.State.REVIEW)
        report.state, report.approved_by_id, report.approved_at = (
            Report.State.APPROVED,
            by.user_id,
            at,
        )
        report.document = composing.compose(report, by.name, at)
        report.sha256 = composing.fingerprint(report.document)
        report.save()
        _say(ReportApproved, report, by=by, at=at, sha256=report.sha256)
    return report


def issue(report_id: UUID, *, by: Actor, at: datetime) -> Report:
    """Issue an approved report, for good, and tell the members.

    Conflict when whoever approved it issues it although somebody else could, and when it is not
    what was approved.
    """
    with transaction.atomic():
        report = _lock(report_id, Report.State.APPROVED)
        others = issuers(report.alliance, at).exclude(pk=report.approved_by_id)
        if by.user_id == report.approved_by_id and (second := others.first()) is not None:
            raise Conflict(f"You approved it, so somebody else issues it, such as {second.name}.")
        if composing.fingerprint(report.document) != report.sha256:
            raise Conflict("This is not what was approved. Send it back and approve it anew.")
        report.state, report.issued_by_id, report.issued_at = Report.State.ISSUED, by.user_id, at
        report.save()
        told, by_hand = sending.tell_members(report, at)
        said = {"sha256": report.sha256, "told": told, "by_hand": by_hand}
        _say(ReportIssued, report, by=by, at=at, **said)
    return report


def issuers(alliance: Organisation, at: datetime) -> Any:
    """Who may issue the report of an alliance, by name."""
    keys = [key for key, role in ROLES.items() if Permission.ISSUE_REPORT in role.permissions]
    found = User.objects.none()
    for key in keys:
        found = found | User.objects.holding(key, alliance, at)
    return found.order_by("name", "pk")


def reissue(report_id: UUID, why: str, *, by: Actor, at: datetime) -> Report:
    """Begin a new version of an issued report. The old one stays and says that it was replaced."""
    if not why.strip():
        raise Invalid({"why": "Say why it is issued again: readers will ask."})
    old = Report.objects.select_related("alliance").get(pk=report_id)
    report = _new(old.alliance, period_of(old), at, supersedes=old, why=why.strip())
    with transaction.atomic():
        _lock(report_id, Report.State.ISSUED)
        if Report.objects.filter(supersedes=old).exists():
            raise Conflict("A newer version of this report has been begun. Go on with that one.")
        return _add(report, by=by, at=at)


def _new(
    alliance: Organisation,
    period: Period,
    at: datetime,
    *,
    supersedes: Report | None = None,
    why: str = "",
) -> Report:
    """A version with its figures, not saved. Drawn outside of any lock: it may take seconds."""
    report = Report(
        alliance=alliance,
        first=period.first,
        last=period.last,
        version=supersedes.version + 1 if supersedes is not None else 1,
        supersedes=supersedes,
        why=why,
        prepared_at=at,
    )
    _fill(report, _drawn(report, at), at)
    return report


def _add(report: Report, *, by: Actor, at: datetime) -> Report:
    report.save(force_insert=True)
    said: dict[str, Any] = {"first": str(report.first), "last": str(report.last)}
    _say(
        ReportPrepared,
        report,
        by=by,
        at=at,
        why=report.why,
        supersedes=report.supersedes_id,
        **said,
    )
    return report


def _fill(report: Report, drawn: dict[str, Any], at: datetime) -> None:
    report.figures, report.as_of = drawn, at
    report.definitions = drawn["definitions_hash"]


def _drawn(report: Report, at: datetime) -> dict[str, Any]:
    """The figures of a report's period, and what became of those of the report before.

    StillReading while more journeys wait than are read at once: an issued report stands for good.
    """
    if drawing.waits(report.alliance):
        raise StillReading(
            "Referrals of this alliance changed, or a measure was defined anew, and they are still "
            "being read again. Its figures can be drawn once that is done: try again in some "
            "minutes. Nothing was changed."
        )
    period, earlier = period_of(report), before(report)
    figures = drawing.draw(report.alliance, period, at)
    figures["since"], figures["differences"] = _since(earlier), []
    if earlier is not None:
        said = earlier.figures["measures"]
        found = drawing.cells(report.alliance, period_of(earlier))
        versions_now = {each.key: each.version for each in registry.ALL}
        figures["differences"] = differences.explain(said, found, versions_now)
    last = _issued_on(report.alliance_id, period.before)
    if last is not None:
        differences.keep_steady(figures["measures"], last.figures["measures"])
    if report.supersedes is not None:
        differences.keep_version_steady(figures, report.supersedes.figures)
    return figures


def _issued_on(alliance_id: int, period: Period) -> Report | None:
    """The version that stands of the issued reports on a period."""
    found: Report | None = versions(alliance_id, period).filter(state=Report.State.ISSUED).first()
    return found


def before(report: Report) -> Report | None:
    """The issued report that this one is compared with: the version it replaces, else the last
    one of an earlier period.
    """
    if report.supersedes is not None:
        return report.supersedes
    rows = Report.objects.filter(
        alliance_id=report.alliance_id, state=Report.State.ISSUED, last__lt=report.last
    )
    return rows.order_by("-last", "-version").first()


def _since(earlier: Report | None) -> dict[str, Any] | None:
    if earlier is None:
        return None
    return {
        "period": period_of(earlier).words,
        "version": earlier.version,
        "as_of": earlier.as_of.isoformat(),
        "sha256": earlier.sha256,
    }


def _lock(report_id: UUID, *states: str) -> Report:
    """The row, locked, in one of these states; Conflict says in which it is instead."""
    rows = Report.objects.select_for_update(of=("self",))
    report = rows.select_related("alliance", "supersedes").get(pk=report_id)
    if report.state not in states:
        stands = Report.State(report.state).label.lower()
        raise Conflict(f"This report is {stands}: that is not possible now.")
    return report


def _say(kind: type[ReportEvent], report: Report, *, by: Actor, at: datetime, **more: Any) -> None:
    publish(
        kind(
            by=by,
            at=at,
            report_id=report.pk,
            alliance_id=report.alliance_id,
            version=report.version,
            **more,
        )
    )
