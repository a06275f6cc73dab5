"""Clocks, who climbs after whom, who is on duty, and what was sent."""

from scheduling.models.breach import BreachRecord
from scheduling.models.clock import Clock, ClockStep
from scheduling.models.digest import Digest, DigestLine
from scheduling.models.downtime import PackPlace
from scheduling.models.escalation import Escalation, PageAnswer
from scheduling.models.going_on import DutyStart, TestPage, TestRound
from scheduling.models.handover import Handover
from scheduling.models.heartbeat import Heartbeat
from scheduling.models.ladder import EscalationLadder
from scheduling.models.rota import CoverGap, RotaFeed, RotaPattern, Shift, SwapRequest
from scheduling.models.watching import PlannedDowntime, RoundRun, Watching
from scheduling.models.work import DueWork
from scheduling.notify.models import InboundMessage, Notice, NoticeAttempt, PushSubscription

__all__ = [
    "BreachRecord",
    "Clock",
    "ClockStep",
    "CoverGap",
    "Digest",
    "DigestLine",
    "DueWork",
    "Escalation",
    "DutyStart",
    "EscalationLadder",
    "Handover",
    "Heartbeat",
    "InboundMessage",
    "Notice",
    "NoticeAttempt",
    "PackPlace",
    "PageAnswer",
    "PushSubscription",
    "PlannedDowntime",
    "RotaFeed",
    "RotaPattern",
    "RoundRun",
    "Shift",
    "SwapRequest",
    "TestPage",
    "TestRound",
    "Watching",
]
