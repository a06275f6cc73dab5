"""Whether targets are being watched: who last did a round of the work, and what is waiting."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max

from scheduling.domain import auditor, deadman, downtime_windows
from scheduling.domain.auditor import Standing
from scheduling.domain.due import Backlog, left
from scheduling.domain.invariants import COMPONENTS
from scheduling.domain.watch import SILENCE
from scheduling.models import Heartbeat, PlannedDowntime, RoundRun, Watching


@dataclass(frozen=True, slots=True)
class Switch:
    """The dead-man switch outside: whether there is one, and whether it can be told."""

    is_set_up: bool
    told_at: datetime | None = None
    tried_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """How the watching goes at a moment.

    `progress`: the last finished round of each component; `by`: the kinds of process that finished
    one lately, e.g. guardian and worker; `builds`: the releases they are of.
    """

    at: datetime
    progress: dict[str, datetime | None]
    by: dict[str, tuple[str, ...]]
    builds: tuple[str, ...]
    deadlines: Backlog
    climbs: Backlog
    notices: Backlog
    audit: Standing
    switch: Switch
    mail_error: str = ""
    slow: dict[str, RoundRun] = field(default_factory=dict)
    downtime: tuple[PlannedDowntime, ...] = ()

    def silent(self, component: str) -> bool:
        """Whether nobody has finished a round of this work lately."""
        last = self.progress[component]
        return last is None or self.at - last > SILENCE

    @property
    def watched(self) -> bool:
        """Whether deadlines are looked at and pages go out."""
        late = any(each.late(self.at) for each in (self.deadlines, self.climbs, self.notices))
        return not (self.silent("sweep") or self.silent("dispatch") or late or self.audit.findings)


def health(at: datetime) -> Health:
    """How the watching goes; nine small statements."""
    last = dict(
        Heartbeat.objects.filter(component__in=COMPONENTS)
        .values_list("component")
        .annotate(last=Max("progress_at"))
    )
    lately = Heartbeat.objects.filter(
        component__in=COMPONENTS, progress_at__gte=at - SILENCE
    ).values_list("component", "process", "build")
    by: dict[str, set[str]] = {component: set() for component in COMPONENTS}
    builds = set()
    for component, process, build in lately:
        by[component].add(process or "somebody")
        builds.add(build or "unnamed")
    row = Watching.objects.first()
    return Health(
        at,
        {component: last.get(component) for component in COMPONENTS},
        {component: tuple(sorted(names)) for component, names in by.items()},
        tuple(sorted(builds)),
        left(at, "deadlines"),
        left(at, "climbs"),
        left(at, "notices"),
        auditor.standing(row),
        _switch(row),
        row.mail_error if row else "",
        {run.name: run for run in RoundRun.objects.all()},
        tuple(downtime_windows.ahead(at)),
    )


def _switch(row: Watching | None) -> Switch:
    if row is None or not deadman.is_set_up():
        return Switch(deadman.is_set_up())
    return Switch(True, row.switch_told_at, row.switch_tried_at, row.switch_error)
