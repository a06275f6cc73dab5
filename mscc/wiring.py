"""What follows from what: every event and its handlers, in order, on one page.

The trail is written first, so that a cause stands before its consequences. A handler runs in the
transaction of the change itself; if it fails, nothing happened.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from audit import events as audited
from audit.domain import cohorts, journeys, reminders, trail
from audit.views import panels as of_audit
from mscc import events
from mscc.people.events import PersonChanged, PlaceChanged
from mscc.web import panels
from referrals import events as referral
from scheduling import events as target
from scheduling.domain import clocks, telling, timetable, work
from scheduling.domain.timetable import CHORES, MINUTE, Round
from scheduling.views import downtime_sheets
from scheduling.views import panels as of_scheduling


def ring(event: referral.ReferralEvent) -> None:
    """What nobody should wait for in the change itself: bells for after the commit."""
    work.ring(event)
    journeys.ring(event)


HANDLERS: dict[type[events.Event], Sequence[events.Handler]] = {
    referral.ReferralReceived: (trail.record_change, clocks.keep, ring, telling.of_arrival),
    referral.ReferralTaken: (trail.record_change, clocks.keep, ring, telling.of_taking),
    referral.ReferralTriaged: (trail.record_change, clocks.keep, ring, telling.of_triage),
    referral.NewSignsReported: (trail.record_change, clocks.keep, ring, telling.of_new_signs),
    referral.AdviceGiven: (trail.record_change, clocks.keep, ring),
    referral.InformationAdded: (trail.record_change, clocks.keep, telling.of_information, ring),
    referral.CareRecorded: (trail.record_change, clocks.keep, ring),
    referral.DexamethasoneRecorded: (trail.record_change, clocks.keep, ring),
    referral.ScoreRecorded: (trail.record_change, clocks.keep, ring),
    referral.CarePlanMade: (trail.record_change, clocks.keep, ring),
    referral.SittingRecorded: (trail.record_change, clocks.keep, ring),
    referral.PainPlanRecorded: (trail.record_change, clocks.keep, ring),
    referral.DischargePlanned: (trail.record_change, clocks.keep, ring),
    referral.FollowedUp: (trail.record_change, clocks.keep, ring),
    referral.MriBooked: (trail.record_change, clocks.keep, ring),
    referral.MilestoneRecorded: (trail.record_change, clocks.keep, ring),
    referral.MilestoneCorrected: (trail.record_change, clocks.keep, ring),
    referral.OpinionAsked: (trail.record_change, clocks.keep, ring, telling.of_question),
    referral.OpinionAnswered: (trail.record_change, clocks.keep, ring, telling.of_answer),
    referral.TreatmentDecided: (trail.record_change, clocks.keep, ring),
    referral.ReferralDischarged: (trail.record_change, clocks.keep, ring, telling.of_closing),
    referral.ReferralRedirected: (trail.record_change, clocks.keep, ring, telling.of_closing),
    referral.ReferralWithdrawn: (trail.record_change, clocks.keep, ring, telling.of_closing),
    referral.ReferralReopened: (trail.record_change, clocks.keep, ring),
    referral.RecordRead: (trail.record,),
    referral.AccessRefused: (trail.record,),
    target.TargetAtRisk: (trail.record,),
    target.TargetBreached: (trail.record,),
    target.PeoplePaged: (trail.record,),
    target.PageAcknowledged: (trail.record,),
    target.PageHandedOn: (trail.record,),
    target.PageRangAgain: (trail.record,),
    target.LadderChanged: (trail.record,),
    target.BreachExplained: (trail.record_change, journeys.ring),
    target.ShiftPlanned: (trail.record,),
    target.ShiftRemoved: (trail.record,),
    target.ShiftShortened: (trail.record,),
    target.PatternPlanned: (trail.record,),
    target.PatternEnded: (trail.record,),
    target.SwapAsked: (trail.record,),
    target.SwapAccepted: (trail.record,),
    target.SwapDeclined: (trail.record,),
    target.SwapWithdrawn: (trail.record,),
    target.SwapLapsed: (trail.record,),
    target.SwapChased: (trail.record,),
    target.SwapToldToLead: (trail.record,),
    target.CoverGapFound: (trail.record,),
    target.CoverGapTold: (trail.record,),
    target.CoverGapClosed: (trail.record,),
    target.CalendarLinkMade: (trail.record,),
    target.HandoverWritten: (trail.record,),
    target.HandoverOffered: (trail.record,),
    target.HandoverRead: (trail.record,),
    target.HandoverAccepted: (trail.record,),
    target.HandoverUnaccepted: (trail.record,),
    target.HandoverLapsed: (trail.record,),
    target.ContactProven: (trail.record,),
    target.DutyUnconfirmed: (trail.record,),
    target.TestPagesSent: (trail.record,),
    target.DowntimePackWritten: (trail.record,),
    target.DowntimeAnnounced: (trail.record,),
    target.DowntimeEnded: (trail.record,),
    audited.SteeringChanged: (trail.record,),
    audited.MeetingReminded: (trail.record,),
    audited.ReportPrepared: (trail.record,),
    audited.ReportDrawnAgain: (trail.record,),
    audited.ReportCommented: (trail.record,),
    audited.ReportSentForReview: (trail.record,),
    audited.ReportReturned: (trail.record,),
    audited.ReportApproved: (trail.record,),
    audited.ReportIssued: (trail.record,),
    audited.DigestSent: (trail.record,),
    audited.CohortImported: (trail.record,),
    audited.CohortRemoved: (trail.record,),
    audited.ExportMade: (trail.record,),
    audited.FigureOpened: (trail.record,),
    PersonChanged: (trail.record,),
    PlaceChanged: (trail.record,),
}

# What can deal with many facts at once, as a sweep brings them.
TOGETHER: dict[events.Handler, events.Together] = {trail.record: trail.record_all}


def _journeys(now: Callable[[], datetime]) -> int:
    return journeys.catch_up(now()) + cohorts.judge_again(now())


def _steering(now: Callable[[], datetime]) -> int:
    return reminders.steering_round(now())


# What is done by the timetable besides what scheduling knows.
ROUNDS: tuple[Round, ...] = (
    Round("journeys", "Bringing figures up to date", MINUTE, _journeys, CHORES),
    Round("steering", "Preparing reports, digests and reminders", MINUTE, _steering, CHORES),
)

# What the pages of one app show of another.
PANELS: dict[str, panels.Panel] = {
    "clocks": of_scheduling.clocks,
    "judged": of_scheduling.judged,
    "moved": of_scheduling.moved,
    "preview": of_scheduling.preview,
    "told": of_scheduling.told,
    "pages": of_scheduling.pages,
    "breaches": of_scheduling.breaches,
    "ringing": of_scheduling.ringing,
    "on_duty": of_scheduling.on_duty,
    "on_now_and_next": of_scheduling.on_now_and_next,
    "downtime_pack": downtime_sheets.drawn,
    "looks": of_audit.looks,
}


def install() -> None:
    """Put all of it in force; called once, when the apps are ready."""
    events.install(HANDLERS, TOGETHER)
    timetable.install(ROUNDS)
    panels.install(PANELS)
