"""Keeping the steering group: members, meetings, what was undertaken (1.1.2, 1.1.4).

Whoever calls has checked that the person may; what cannot be is refused in a sentence.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit.events import SteeringChanged
from audit.models import Action, Attendance, Meeting, Member, Report, SteeringGroup, Voice
from mscc import clock
from mscc.events import Actor, publish
from mscc.people.models import Organisation
from referrals.domain.refusals import Conflict, Invalid
from scheduling.timekeeping.cadence import Cadence, cadence

# Whom 1.1.4 wants to be on every group.
WANTED = (
    Voice.LIVED_EXPERIENCE,
    Voice.PRIMARY,
    Voice.COMMUNITY,
    Voice.SECONDARY,
    Voice.TERTIARY,
    Voice.SERVICE,
)
USUAL_AGENDA = (
    "Apologies, and the minutes of the last meeting",
    "Actions from the last meeting",
    "Treatment outcomes: the report (NG234 1.1.2)",
    "Inequalities, and what to do about them (1.1.13)",
    "Incidents and missed targets, with their reasons (1.1.12)",
    "Care pathways: what is to be changed (1.1.2)",
    "Any other business, and the next meeting",
)


@dataclass(frozen=True, slots=True)
class Lacking:
    """What 1.1.4 asks for and the group has not: voices, and links to the tumour groups."""

    voices: tuple[Voice, ...]
    tumour_groups: bool

    @property
    def nothing(self) -> bool:
        """Whether everybody is there."""
        return not self.voices and not self.tumour_groups


def today(at: datetime) -> date:
    """The day in London: meetings and reports are due by the day."""
    return clock.local(at).date()


def form(
    alliance: Organisation, formed_on: date, next_report_on: date, *, by: Actor, at: datetime
) -> SteeringGroup:
    """Begin the group of an alliance. Beginning it twice gives the one there is."""
    if alliance.kind != "alliance":
        raise Invalid({"alliance": "A steering group belongs to an alliance."})
    if formed_on > today(at):
        raise Invalid({"formed_on": "That day has not come yet."})
    with transaction.atomic():
        given = {"formed_on": formed_on, "next_report_on": next_report_on}
        group, made = SteeringGroup.objects.get_or_create(alliance=alliance, defaults=given)
        if made:
            _say(group, "group formed", by=by, at=at)
    return group


def plan_report(group: SteeringGroup, on: date, *, by: Actor, at: datetime) -> None:
    """Say from which day on the next report is prepared."""
    with transaction.atomic():
        SteeringGroup.objects.filter(pk=group.pk).update(next_report_on=on)
        _say(group, "next report planned", str(on), by=by, at=at)


def sitting(group: SteeringGroup, on: date) -> list[Member]:
    """Who sits on the group on a day, by name."""
    rows = group.members.filter(joined_on__lte=on).exclude(left_on__lte=on)
    return list(rows.select_related("user"))


def lacking(members: Iterable[Member]) -> Lacking:
    """What 1.1.4 asks for and these members do not give."""
    heard = {voice for member in members for voice in member.voices}
    missing = tuple(voice for voice in WANTED if voice not in heard)
    return Lacking(missing, Voice.TUMOUR_GROUP not in heard)


def join(
    group: SteeringGroup,
    name: str,
    voices: Sequence[str],
    *,
    of: str = "",
    user_id: int | None = None,
    chairs: bool = False,
    on: date,
    by: Actor,
    at: datetime,
) -> Member:
    """Put somebody on the group. Invalid when that account sits on it already."""
    if not voices:
        raise Invalid({"voices": "Say whom they speak for."})
    with transaction.atomic():
        SteeringGroup.objects.select_for_update().get(pk=group.pk)
        if user_id is not None and group.members.filter(user_id=user_id, left_on=None).exists():
            raise Invalid({"user": "This person sits on the group already."})
        member = Member.objects.create(
            group=group,
            name=name,
            voices=list(voices),
            of=of,
            user_id=user_id,
            chairs=chairs,
            joined_on=on,
        )
        _say(group, "member joined", str(member.pk), by=by, at=at)
    return member


def leave(member: Member, on: date, *, by: Actor, at: datetime) -> None:
    """Take somebody off the group from a day on; what they did stays."""
    if on < member.joined_on:
        raise Invalid({"on": "That is before they joined."})
    with transaction.atomic():
        Member.objects.filter(pk=member.pk, left_on=None).update(left_on=on)
        _say(member.group, "member left", str(member.pk), by=by, at=at)


def standing(group: SteeringGroup, on: date) -> Cadence:
    """Where the clock of the meetings stands. Held without a report is not held for 1.1.2."""
    rows = list(group.meetings.values_list("state", "starts_at", "report_id"))
    held = [
        clock.local(starts).date()
        for state, starts, report in rows
        if state == Meeting.State.HELD and report is not None
    ]
    planned = [clock.local(s).date() for state, s, _ in rows if state == Meeting.State.PLANNED]
    return cadence(group.formed_on, held, planned, on)


def plan(
    group: SteeringGroup,
    starts_at: datetime,
    where: str = "",
    agenda: str = "",
    *,
    by: Actor,
    at: datetime,
) -> Meeting:
    """Plan a meeting, with the usual agenda unless another is given. It may have been held
    already: a group that begins with this product has a past.
    """
    with transaction.atomic():
        meeting = Meeting.objects.create(
            group=group,
            starts_at=starts_at,
            where=where,
            agenda=agenda.strip() or "\n".join(USUAL_AGENDA),
        )
        _say(group, "meeting planned", str(meeting.pk), by=by, at=at)
    return meeting


def change(
    meeting_id: UUID,
    seen: int,
    *,
    starts_at: datetime,
    where: str,
    agenda: str,
    by: Actor,
    at: datetime,
) -> Meeting:
    """Move a planned meeting or change its agenda."""
    with transaction.atomic():
        meeting = _lock(meeting_id, seen)
        if meeting.state != Meeting.State.PLANNED:
            raise Conflict("This meeting is no longer planned.")
        meeting.starts_at, meeting.where, meeting.agenda = starts_at, where, agenda
        _save(meeting, "meeting changed", by=by, at=at)
    return meeting


def call_off(meeting_id: UUID, seen: int, *, by: Actor, at: datetime) -> Meeting:
    """Call a planned meeting off."""
    with transaction.atomic():
        meeting = _lock(meeting_id, seen)
        if meeting.state != Meeting.State.PLANNED:
            raise Conflict("This meeting is no longer planned.")
        meeting.state = Meeting.State.CALLED_OFF
        _save(meeting, "meeting called off", by=by, at=at)
    return meeting


def hold(
    meeting_id: UUID,
    seen: int,
    *,
    there: Mapping[int, str],
    minutes: str,
    report: Report | None,
    by: Actor,
    at: datetime,
) -> Meeting:
    """Write down that a meeting was held: who was `there` (member and kind of attendance), its
    minutes, and which report its outcomes were taken from. Agreed minutes are not changed.
    """
    with transaction.atomic():
        meeting = _lock(meeting_id, seen)
        if meeting.state == Meeting.State.CALLED_OFF:
            raise Conflict("This meeting was called off.")
        if meeting.starts_at > at:
            raise Invalid({"minutes": "This meeting has not begun yet."})
        if meeting.minutes_agreed_at is not None:
            raise Conflict("Its minutes were agreed: what is to be mended belongs into the next.")
        if report is not None and report.state != Report.State.ISSUED:
            raise Invalid({"report": "Only an issued report can have been shown."})
        meeting.state, meeting.minutes, meeting.report = Meeting.State.HELD, minutes, report
        Attendance.objects.filter(meeting=meeting).delete()
        Attendance.objects.bulk_create(
            [Attendance(meeting=meeting, member_id=m, kind=kind) for m, kind in there.items()]
        )
        _save(meeting, "meeting held", by=by, at=at)
    return meeting


def agree_minutes(meeting_id: UUID, seen: int, *, by: Actor, at: datetime) -> Meeting:
    """The minutes were agreed; from now on they stand."""
    with transaction.atomic():
        meeting = _lock(meeting_id, seen)
        if not meeting.minutes:
            raise Conflict("There are no minutes to agree.")
        meeting.minutes_agreed_at = at
        _save(meeting, "minutes agreed", by=by, at=at)
    return meeting


def undertake(
    group: SteeringGroup,
    what: str,
    owner: Member,
    due_on: date,
    *,
    meeting: Meeting | None = None,
    by: Actor,
    at: datetime,
) -> Action:
    """Somebody of the group undertakes something by a day."""
    if owner.group_id != group.pk:
        raise Invalid({"owner": "Choose a member of this group."})
    with transaction.atomic():
        made = Action.objects.create(
            group=group, meeting=meeting, what=what, owner=owner, due_on=due_on
        )
        _say(group, "action undertaken", str(made.pk), by=by, at=at)
    return made


def finish(action: Action, outcome: str, on: date, *, by: Actor, at: datetime) -> None:
    """Say what became of an action. Finishing it again corrects what was said."""
    if on > today(at):
        raise Invalid({"on": "That day has not come yet."})
    if not outcome.strip():
        raise Invalid({"outcome": "Say what became of it."})
    with transaction.atomic():
        Action.objects.filter(pk=action.pk).update(done_on=on, outcome=outcome.strip())
        _say(action.group, "action finished", str(action.pk), by=by, at=at)


def _lock(meeting_id: UUID, seen: int) -> Meeting:
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting_id)
    if meeting.version != seen:
        raise Conflict("Somebody else changed this meeting meanwhile. Look, then save again.")
    return meeting


def _save(meeting: Meeting, change: str, *, by: Actor, at: datetime) -> None:
    meeting.version += 1
    meeting.save()
    _say(meeting.group, change, str(meeting.pk), by=by, at=at)


def _say(group: SteeringGroup, change: str, about: str = "", *, by: Actor, at: datetime) -> None:
    publish(
        SteeringChanged(by=by, at=at, alliance_id=group.alliance_id, change=change, about=about)
    )
