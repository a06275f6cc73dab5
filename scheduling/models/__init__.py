"""Clocks, who climbs after whom, who is on duty, and what was sent."""

from scheduling.models.clock import Clock, ClockStep
from scheduling.models.escalation import Escalation
from scheduling.models.heartbeat import Heartbeat
from scheduling.models.rota import Shift
from scheduling.models.work import DueWork
from scheduling.notify.models import Notice, NoticeAttempt

__all__ = [
    "Clock",
    "ClockStep",
    "DueWork",
    "Escalation",
    "Heartbeat",
    "Notice",
    "NoticeAttempt",
    "Shift",
]
