"""Storm control: who would be paged about many climbs at once is told so once, with the list.

Each climb keeps its own state and goes on climbing; only the page is shared. What a person does,
such as sending a referral, always rings by itself: only the sweep holds pages back. A red flag is
held back only when more than `MOST` of them ring the same person in the very same sweep.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from mscc.rows import insert_all
from scheduling.domain.rota import Reached
from scheduling.models import Digest, DigestLine, Escalation, Notice
from scheduling.notify import outbox

MOST = 5
WINDOW = timedelta(minutes=1)
LIST = "/notices/climbs/"
NOBODY = "nobody could be reached"
_RECENT = """
SELECT recipient_id, count(DISTINCT escalation_id) FROM scheduling_notice
WHERE created_at > %(since)s AND created_at <= %(at)s AND recipient_id = ANY(%(users)s)
  AND escalation_id IS NOT NULL AND kind <> 'digest'
GROUP BY recipient_id
UNION ALL
SELECT digest.user_id, count(DISTINCT line.escalation_id) FROM scheduling_digest AS digest
JOIN scheduling_digestline AS line ON line.digest_id = digest.id
WHERE digest.user_id = ANY(%(users)s) AND digest.send_at > %(since)s AND line.told_at > %(since)s
GROUP BY digest.user_id
"""
# Every page of a digest has failed: its climbs that stand where it found them are due at once,
# unless another page of the same rung is still on its way. On the last rung they begin again when
# their time comes, or a page would be tried every two seconds.
_DUE_NOW = """
UPDATE scheduling_escalation AS e SET
    next_at = CASE WHEN e.rung + 1 < jsonb_array_length(e.ladder -> 'rungs')
        THEN least(e.next_at, %(at)s) ELSE e.next_at END,
    last_error = %(nobody)s
FROM scheduling_digestline AS line
WHERE line.digest_id = %(digest)s AND line.escalation_id = e.id AND e.state = 'open'
  AND e.rung = line.rung AND e.round = line.round
  AND NOT EXISTS (
    SELECT FROM scheduling_notice AS n
    WHERE n.escalation_id = e.id AND n.reroute_at IS NULL
      AND n.state IN ('sent', 'pending', 'leased')
      AND n.dedupe_key LIKE e.id || ':' || e.round || ':' || e.rung || ':%%')
"""


@dataclass(frozen=True, slots=True)
class Held:
    """One way of telling one person of one climb, before it is known whether it rings by itself."""

    climb: Escalation
    reached: Reached
    red_flag: bool


@dataclass
class Crowd:
    """How many climbs each person was paged about in this sweep, and in the minute before it."""

    at: datetime
    here: Counter[int] = field(default_factory=Counter)
    red: Counter[int] = field(default_factory=Counter)
    before: dict[int, int] = field(default_factory=dict)

    def copy(self) -> "Crowd":
        """To be counted on in a batch that may fail."""
        return Crowd(self.at, self.here.copy(), self.red.copy(), self.before)

    def hold_back(self, pages: Sequence[Held]) -> list[Held]:
        """Count these pages, and pick those that a digest tells instead."""
        climbs = {(p.reached.user_id, p.climb.pk, p.red_flag) for p in pages if p.reached.user_id}
        self._look({user_id for user_id, _, _ in climbs if user_id is not None})
        for user_id, _, red_flag in climbs:
            if user_id is not None:
                self.here[user_id] += 1
                self.red[user_id] += red_flag
        return [page for page in pages if self._too_many(page)]

    def _too_many(self, page: Held) -> bool:
        user_id = page.reached.user_id
        if user_id is None:
            return False
        if page.red_flag:
            return self.red[user_id] > MOST
        return self.here[user_id] + self.before[user_id] > MOST

    def _look(self, user_ids: set[int]) -> None:
        unknown = user_ids - self.before.keys()
        if not unknown:
            return
        self.before.update(dict.fromkeys(unknown, 0))
        given = {"at": self.at, "since": self.at - WINDOW, "users": sorted(unknown)}
        with connection.cursor() as cursor:
            cursor.execute(_RECENT, given)
            for user_id, climbs in cursor.fetchall():
                self.before[user_id] += climbs


def tell(held: Iterable[Held], at: datetime) -> None:
    """Put these pages into each person's digest, in the caller's transaction."""
    by_person: dict[int, list[Held]] = {}
    for page in held:
        if page.reached.user_id is not None:
            by_person.setdefault(page.reached.user_id, []).append(page)
    for user_id, pages in sorted(by_person.items()):
        _tell(user_id, pages, at)


def _tell(user_id: int, pages: Sequence[Held], at: datetime) -> None:
    digest = _open(user_id, at)
    insert_all(
        [
            DigestLine(digest=digest, escalation_id=pk, rung=rung, round=round_, told_at=at)
            for pk, rung, round_ in dict.fromkeys(
                (page.climb.pk, page.climb.rung, page.climb.round) for page in pages
            )
        ],
        ignore_conflicts=True,
    )
    count = min(digest.lines.values("escalation_id").distinct().count(), 9999)
    ways = {page.reached.channel: page.reached for page in pages}
    outbox.post(
        [
            outbox.NewNotice(
                kind="digest",
                channel=way.channel,
                address=way.address,
                recipient_id=user_id,
                recipient_name=way.name,
                dedupe_key=f"digest:{digest.pk}:{way.channel}",
                fields={"count": count, "link": LIST},
                # So that it is found by an index, and is never given up.
                escalation_id=digest.pk,
            )
            for way in ways.values()
        ],
        at,
    )
    waiting = _notices(digest.pk).filter(state="pending")
    waiting.update(fields={"count": count, "link": LIST}, next_attempt_at=digest.send_at)


def _open(user_id: int, at: datetime) -> Digest:
    """The person's digest that has not gone out yet, else a new one, at most one a minute.

    One transaction at a time writes a person's digests.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('digest'), %s)", [user_id])
    latest = Digest.objects.filter(user_id=user_id, send_at__gt=at - WINDOW).first()
    if latest is None:
        return Digest.objects.create(user_id=user_id, send_at=at)
    states = set(_notices(latest.pk).select_for_update().values_list("state", "attempts"))
    if states and states <= {("pending", 0)}:
        return latest
    return Digest.objects.create(user_id=user_id, send_at=latest.send_at + WINDOW)


def _notices(digest_id: UUID) -> QuerySet[Notice]:
    return Notice.objects.filter(escalation_id=digest_id, kind="digest")


def of_notice(notice: Notice) -> UUID | None:
    """The digest a notice belongs to."""
    return notice.escalation_id if notice.kind == "digest" else None


def climbs_of(digest_id: UUID) -> list[UUID]:
    """The climbs a digest told of."""
    lines = DigestLine.objects.filter(digest_id=digest_id).order_by("pk")
    return list(dict.fromkeys(lines.values_list("escalation_id", flat=True)))


def on_its_way(climb: Escalation) -> bool:
    """Whether a digest that was not lost tells of the rung a climb stands on."""
    lines = DigestLine.objects.filter(escalation=climb, rung=climb.rung, round=climb.round)
    return any(_alive(digest_id) for digest_id in set(lines.values_list("digest_id", flat=True)))


def _alive(digest_id: UUID) -> bool:
    states = ("sent", "pending", "leased")
    return _notices(digest_id).filter(state__in=states, reroute_at=None).exists()


def go_on_if_unreached(digest_id: UUID, at: datetime) -> None:
    """If no page of a digest gets through, its climbs are due now: the sweep goes on with them."""
    if _alive(digest_id):
        return
    with connection.cursor() as cursor:
        cursor.execute(_DUE_NOW, {"digest": digest_id, "at": at, "nobody": NOBODY})


def stand_down(escalation_ids: Iterable[UUID], reference: str, at: datetime) -> None:
    """Those who were told of these climbs by a digest that went out are told that they are over."""
    lines = DigestLine.objects.filter(escalation_id__in=list(escalation_ids)).select_related(
        "escalation"
    )
    posts = []
    for line in lines:
        for sent in _notices(line.digest_id).filter(state="sent"):
            who = f"{sent.recipient_id}:{sent.channel}"
            posts.append(
                outbox.NewNotice(
                    kind="stood_down",
                    channel=sent.channel,
                    address=sent.address,
                    recipient_id=sent.recipient_id,
                    recipient_name=sent.recipient_name,
                    dedupe_key=f"{line.escalation_id}:over:{who}",
                    fields={"reference": reference},
                    referral_id=line.escalation.referral_id,
                )
            )
    outbox.post({post.dedupe_key: post for post in posts}.values(), at)
