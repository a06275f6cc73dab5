"""The demo's steering group: formed a while ago, met once with a report, to meet again soon.

The report of its last half year is due: the first round of the timetable prepares it.
"""

from datetime import date, datetime, timedelta

from audit.domain import pathways, reports, steering
from audit.models import Meeting, Member, Report, SteeringGroup, Voice
from mscc.demo.people import ALLIANCE
from mscc.events import Actor
from mscc.people.models import Organisation, User
from scheduling.timekeeping.cadence import MONTHS, months_on

# Nobody speaks for primary care, so that the page has something to say.
MEMBERS: tuple[tuple[str, str, tuple[Voice, ...], str], ...] = (
    ("alliance", "Prof Owen Strand", (Voice.ALLIANCE,), ""),
    ("lead", "Ruth Calder", (Voice.SERVICE, Voice.SECONDARY), "Northmoor"),
    ("senior", "Dr Helena Marsh", (Voice.TERTIARY,), "Clinical oncology"),
    ("", "Winifred Hale", (Voice.LIVED_EXPERIENCE,), ""),
    ("", "Marcus Adeyemi", (Voice.LIVED_EXPERIENCE,), "As a carer"),
    ("", "Joyce Tilling", (Voice.COMMUNITY,), "Community nursing"),
    ("", "Dr Ivor Penn", (Voice.TUMOUR_GROUP,), "Prostate cancer group"),
)
MINUTES = """The report was gone through. Nights and weekends are where scans come late.
Agreed: the pathway for suspected MSCC in its second version, with the scan at night only where
treatment could begin at once.
Two actions, below."""


def keep(people: dict[str, User], now: datetime) -> None:
    """Make the group and its past, each step at the time at which it would have been taken."""
    alliance = Organisation.objects.get(name=ALLIANCE)
    today = steering.today(now)
    first = months_on(today.replace(day=1), -MONTHS)
    formed, met = months_on(first, -4), now - timedelta(days=150)
    by = Actor.user(people["alliance"])
    begun = now - timedelta(days=(today - formed).days)
    group = steering.form(alliance, formed, first, by=by, at=begun)
    members = _members(group, people, formed, by, begun)
    report = _issued(group, by, met - timedelta(days=10))
    meeting = _met(group, members, report, by, met)
    _pathway(group, meeting, by, met)
    _actions(group, members, meeting, by, met, today)


def _members(
    group: SteeringGroup, people: dict[str, User], on: date, by: Actor, at: datetime
) -> list[Member]:
    return [
        steering.join(
            group,
            name,
            voices,
            of=of,
            user_id=people[key].pk if key else None,
            chairs=key == "alliance",
            on=on,
            by=by,
            at=at,
        )
        for key, name, voices, of in MEMBERS
    ]


def _issued(group: SteeringGroup, by: Actor, at: datetime) -> Report:
    period = reports.period_due(group.next_report_on)
    report = reports.prepare(group.alliance, period, by=reports.PREPARER, at=at)
    reports.send_for_review(report.pk, by=by, at=at)
    reports.approve(report.pk, by=by, at=at)
    steering.plan_report(group, months_on(group.next_report_on, MONTHS), by=by, at=at)
    return reports.issue(report.pk, by=by, at=at)


def _met(
    group: SteeringGroup, members: list[Member], report: Report, by: Actor, at: datetime
) -> Meeting:
    meeting = steering.plan(group, at, "Northmoor, seminar room 2", by=by, at=at)
    there = {member.pk: "present" for member in members[:-1]} | {members[-1].pk: "apologies"}
    later = at + timedelta(hours=2)
    return steering.hold(
        meeting.pk, 0, there=there, minutes=MINUTES, report=report, by=by, at=later
    )


def _pathway(group: SteeringGroup, meeting: Meeting, by: Actor, at: datetime) -> None:
    document = pathways.start(group, "Suspected MSCC: from first sign to scan", by=by, at=at)
    where = "Alliance library, shelf MSCC 1"
    pathways.write(document.pk, "The first version.", where, by=by, at=at)
    second = pathways.write(document.pk, "When to scan at night.", where, by=by, at=at)
    pathways.agree(second, meeting, by=by, at=at)
    second.refresh_from_db()
    for to in ("Northmoor Example Trust", "Vale Example Trust"):
        pathways.give(second, to, steering.today(at), by=by, at=at)


def _actions(
    group: SteeringGroup,
    members: list[Member],
    meeting: Meeting,
    by: Actor,
    at: datetime,
    today: date,
) -> None:
    done = steering.undertake(
        group,
        "Ask radiology for a slot on Sunday mornings",
        members[1],
        today - timedelta(days=60),
        meeting=meeting,
        by=by,
        at=at,
    )
    done_on = today - timedelta(days=70)
    later = at + timedelta(days=80)
    steering.finish(done, "Granted at Northmoor from next month", done_on, by=by, at=later)
    steering.undertake(
        group,
        "Find somebody from primary care for the group",
        members[0],
        today - timedelta(days=14),
        meeting=meeting,
        by=by,
        at=at,
    )
