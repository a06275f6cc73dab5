"""Telling a rung, of one climb or of many at once: who covers it, one page a way, one event.

A rung that reaches nobody is skipped at once, once round the ladder at most; when none reaches
anybody the switchboard of the place is told, at every try, for as long as nobody answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import connection

from mscc.celery import ring_on_commit
from mscc.events import Actor, publish, publish_all
from mscc.rows import insert_all
from referrals.models import Referral
from scheduling.domain import digests
from scheduling.domain.digests import NOBODY, Crowd, Held
from scheduling.domain.reaching import Reaching
from scheduling.domain.rota import Reached
from scheduling.events import PeoplePaged
from scheduling.models import Escalation
from scheduling.notify import outbox
from scheduling.timekeeping import ladder as ladders
from scheduling.timekeeping.ladder import SWITCHBOARD, Ladder, Place

SWEEPER = Actor.system("sweeper")
ONLY_SWITCHBOARD = "only the switchboard could be told"
_SAVE = """
UPDATE scheduling_escalation AS e
SET state = 'open', rung = new.rung, round = new.round, next_at = new.next_at, ended_at = NULL,
    look_again_at = NULL, last_error = new.last_error
FROM unnest(%s::uuid[], %s::smallint[], %s::smallint[], %s::timestamptz[], %s::text[])
    AS new (id, rung, round, next_at, last_error)
WHERE e.id = new.id
"""
_RED_FLAGS = ("breach", "new_signs", "new_referral")


@dataclass(slots=True)
class Ring:
    """A climb that tells somebody now, from `place` on."""

    climb: Escalation
    referral: Referral
    ladder: Ladder
    place: Place
    said: list[tuple[Place, list[Reached]]] = field(default_factory=list)

    @property
    def told(self) -> list[Reached]:
        """Who is told, on the rung it came to."""
        return self.said[-1][1] if self.said else []


def begin(climb: Escalation, referral: Referral, ladder: Ladder, at: datetime) -> Ring:
    """The first rung of a new climb."""
    return Ring(climb, referral, ladder, ladders.begin(ladder, at))


def go_on(climb: Escalation, referral: Referral, at: datetime) -> Ring:
    """The next rung, or the first again after the last."""
    ladder = Ladder.from_dict(climb.ladder)
    return Ring(climb, referral, ladder, ladders.climb(ladder, climb.rung, climb.round, at))


def again(climb: Escalation, referral: Referral, at: datetime) -> Ring:
    """The first rung, in a new round."""
    ladder = Ladder.from_dict(climb.ladder)
    place = ladders.begin(ladder, at)
    return Ring(climb, referral, ladder, replace(place, round=climb.round + 1))


def ring(
    rings: Sequence[Ring],
    at: datetime,
    by: Actor = SWEEPER,
    crowd: Crowd | None = None,
    reaching: Reaching | None = None,
) -> None:
    """Tell people of these climbs, in the caller's transaction, with their referrals locked.

    `crowd`: what the sweep counts, so that many pages to one person become one digest.
    `reaching`: what it has looked up already, at the same moment.
    """
    if not rings:
        return
    reaching = reaching or Reaching(at)
    for each in rings:
        _find(each, reaching, at)
    _save([each.climb for each in rings])
    pages = [
        Held(each.climb, reached, _red_flag(each))
        for each in rings
        for reached in each.told
        if reached.user_id is not None
    ]
    held = crowd.hold_back(pages) if crowd else []
    together = {(page.climb.pk, page.reached) for page in held}
    outbox.post(
        [
            _notice(each, reached)
            for each in rings
            for reached in each.told
            if (each.climb.pk, reached) not in together
        ],
        at,
    )
    if held:
        digests.tell(held, at)
    publish_all(
        _event(
            each,
            place,
            tuple(_words(reached, (each.climb.pk, reached) in together) for reached in told),
            at,
            by,
        )
        for each in rings
        for place, told in each.said
    )
    ring_on_commit("scheduling.tasks.dispatch_notices")


def _find(each: Ring, reaching: Reaching, at: datetime) -> None:
    """Climb to the first rung that reaches somebody; the climb stands there then."""
    climb, ladder, place = each.climb, each.ladder, each.place
    for _ in ladder.rungs:
        rung = ladder.rungs[place.rung]
        people = reaching.people(rung, each.referral)
        told = people + (reaching.switchboard(each.referral) if SWITCHBOARD in rung.roles else [])
        climb.rung, climb.round, climb.next_at = place.rung, place.round, place.next_at
        climb.last_error = "" if people else ONLY_SWITCHBOARD if told else NOBODY
        each.said.append((place, told))
        if told:
            return
        place = replace(ladders.climb(ladder, place.rung, place.round, at), next_at=place.next_at)
    if last_resort := reaching.switchboard(each.referral):
        each.said.append((each.said[-1][0], last_resort))
        climb.last_error = ONLY_SWITCHBOARD


def _save(climbs: Sequence[Escalation]) -> None:
    known = [climb for climb in climbs if not climb._state.adding]
    # What is just made stands already where it should.
    insert_all([climb for climb in climbs if climb._state.adding])
    if not known:
        return
    rows = [(c.pk, c.rung, c.round, c.next_at, c.last_error) for c in known]
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, [list(column) for column in zip(*rows, strict=True)])
    for climb in known:
        climb.state = Escalation.State.OPEN
        climb.ended_at = climb.look_again_at = None


def _red_flag(each: Ring) -> bool:
    return each.climb.about in _RED_FLAGS and each.referral.suspicion == "mscc"


def _notice(each: Ring, reached: Reached) -> outbox.NewNotice:
    climb = each.climb
    return outbox.NewNotice(
        kind="last_resort" if reached.user_id is None else climb.about,
        channel=reached.channel,
        address=reached.address,
        recipient_id=reached.user_id,
        recipient_name=reached.name,
        dedupe_key=f"{climb.pk}:{climb.round}:{climb.rung}:{reached.key}",
        fields=_fields(each),
        referral_id=climb.referral_id,
        escalation_id=climb.pk,
        priority=0 if _red_flag(each) else None,
    )


def _fields(each: Ring) -> dict[str, object]:
    climb = each.climb
    return {
        "reference": each.referral.reference,
        "what": climb.clock.kind if climb.clock else "",
        "due": climb.due_at,
        "call_back": each.referral.call_back,
        "repeat": climb.round if climb.round > 1 else None,
    }


def _words(reached: Reached, together: bool) -> str:
    return f"{reached.name} by {reached.channel}" + (" in a digest" if together else "")


def _event(each: Ring, place: Place, told: tuple[str, ...], at: datetime, by: Actor) -> PeoplePaged:
    return PeoplePaged(
        by=by,
        at=at,
        referral_id=each.referral.pk,
        reference=each.referral.reference,
        escalation_id=each.climb.pk,
        about=each.climb.about,
        rung=place.rung,
        round=place.round,
        told=told,
    )


def last_resort(climb: Escalation, referral: Referral, at: datetime) -> bool:
    """Nothing of the last rung gets through: the switchboard is told as well; False if it has no
    number that works. The climb stays where it is and begins again when its time comes."""
    ring_ = Ring(climb, referral, Ladder.from_dict(climb.ladder), Place(0, 1, at))
    told = list(Reaching(at).switchboard(referral))
    posted = outbox.post([_notice(ring_, reached) for reached in told], at)
    climb.last_error = ONLY_SWITCHBOARD if posted else NOBODY
    climb.save(update_fields=["last_error"])
    if posted:
        place = Place(climb.rung, climb.round, climb.next_at or at)
        words = tuple(_words(reached, False) for reached in told)
        publish(_event(ring_, place, words, at, SWEEPER))
        ring_on_commit("scheduling.tasks.dispatch_notices")
    return bool(posted)
