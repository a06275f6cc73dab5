"""Which ladder is climbed: an alliance's own as it was when the clock started, else the product's.

One number says it all: every change an alliance makes to any of its ladders is its next version,
and a clock keeps the version that was in force when it started ("v12"; "v0" is the product's own).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction

from mscc.events import Actor, publish
from mscc.people.models import Organisation
from referrals.domain.refusals import Conflict, Invalid
from referrals.models import Referral
from scheduling.events import LadderChanged
from scheduling.models import Clock, EscalationLadder
from scheduling.timekeeping import ladder as ladders
from scheduling.timekeeping.ladder import Ladder

_FROZEN = re.compile(r"v(\d{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The ladders of some alliances at a moment, latest version first: one statement for many."""

    at: datetime
    rows: dict[int, list[EscalationLadder]] = field(default_factory=dict)

    @classmethod
    def of(cls, alliance_ids: Iterable[int], at: datetime) -> "Shelf":
        """Read what these alliances have made their own."""
        rows: dict[int, list[EscalationLadder]] = {}
        found = EscalationLadder.objects.filter(
            organisation_id__in=set(alliance_ids), in_force_from__lte=at
        )
        for row in found.order_by("-version"):
            rows.setdefault(row.organisation_id, []).append(row)
        return cls(at, rows)

    def pick(self, referral: Referral, about: str, clock: Clock | None = None) -> Ladder:
        """The ladder of a climb; a clock's is the one that was in force when it started."""
        version = frozen(clock.ladder) if clock else None
        return self.choose(
            referral.alliance_id, about, referral.suspicion, clock.kind if clock else "", version
        )

    def choose(
        self, alliance_id: int, about: str, suspicion: str, target: str, version: int | None = None
    ) -> Ladder:
        """The latest row that fits, the one that says most about it first; else the default."""
        fitting = [
            row
            for row in self.rows.get(alliance_id, [])
            if row.about == about
            and row.target in ("", target)
            and row.suspicion in ("", suspicion)
            and (version is None or row.version <= version)
        ]
        if not fitting:
            return ladders.default(about, suspicion)
        most = max((row.target != "", row.suspicion != "") for row in fitting)
        best = next(r for r in fitting if (r.target != "", r.suspicion != "") == most)
        return as_ladder(best)


def frozen(kept: str) -> int:
    """The version a clock keeps; what an older release wrote stands for the product's own."""
    found = _FROZEN.fullmatch(kept)
    return int(found[1]) if found else 0


def as_ladder(row: EscalationLadder) -> Ladder:
    """A row as the value that is climbed."""
    said = [each for each in (row.about, row.suspicion, row.target) if each]
    return Ladder("/".join(said), ladders.rungs_from(row.rungs), row.repeat_s, row.version)


def version_of(organisation_id: int) -> int:
    """The latest version of an alliance's ladders, 0 when it has changed none."""
    latest = EscalationLadder.objects.filter(organisation_id=organisation_id).first()
    return latest.version if latest else 0


def history(
    organisation_id: int, about: str, suspicion: str, target: str
) -> list[EscalationLadder]:
    """Every version of one ladder, the latest first."""
    rows = EscalationLadder.objects.filter(
        organisation_id=organisation_id, about=about, suspicion=suspicion, target=target
    )
    return list(rows.select_related("made_by"))


def change(
    alliance: Organisation,
    ladder: Ladder,
    *,
    about: str,
    suspicion: str = "",
    target: str = "",
    seen: int,
    by: Actor,
    at: datetime,
) -> EscalationLadder:
    """Put a new version in force for clocks that start and climbs that begin from now on.

    `seen` is the alliance's version that whoever changes it was looking at. The caller has checked
    who may, and that it reaches somebody. Raises Invalid and Conflict.
    """
    if wrong := ladders.problems(ladder):
        raise Invalid({"rungs": " ".join(wrong)})
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=alliance.pk)
        if version_of(alliance.pk) != seen:
            raise Conflict("Somebody has changed the ladders meanwhile. Look at theirs first.")
        row = EscalationLadder.objects.create(
            organisation=alliance,
            about=about,
            suspicion=suspicion,
            target=target,
            version=seen + 1,
            rungs=ladder.as_dict()["rungs"],
            repeat_s=ladder.repeat_s,
            made_by_id=by.user_id,
            made_at=at,
            in_force_from=at,
        )
        publish(
            LadderChanged(
                by=by,
                at=at,
                organisation_id=alliance.pk,
                about=about,
                suspicion=suspicion,
                target=target,
                version=row.version,
                rungs=tuple(_said(replace(ladder, version=row.version))),
            )
        )
    return row


def _said(ladder: Ladder) -> Iterable[str]:
    for rung in ladder.rungs:
        yield f"{', '.join(rung.roles)} by {', '.join(rung.channels)}, {rung.wait_s} s"
