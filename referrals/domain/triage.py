"""The coordinator judges what is suspected and how soon, and advises (1.1.15, 1.1.16)."""

from dataclasses import dataclass
from datetime import datetime

from mscc.events import Command
from referrals.clinical.milestones import MilestoneKind, Suspicion
from referrals.domain.moments import happened
from referrals.domain.path import Change, Which, change, save_rows
from referrals.domain.refusals import Conflict, Invalid
from referrals.events import AdviceGiven, ReferralTriaged
from referrals.models import Advice, Milestone, Referral


@dataclass(frozen=True)
class Triage:
    """`suspicion` as the coordinator judges it; a change from the provisional one has a reason."""

    suspicion: Suspicion
    reason: str = ""
    suspected_at: datetime | None = None


def triage(referral_id: Which, judged: Triage, *, command: Command) -> Referral:
    """Judge a received referral. Triage is also reading and taking it: nobody triages unread."""

    def act(changing: Change) -> None:
        referral = changing.referral
        changing.go("triage")
        before = referral.suspicion
        if referral.taken_by_id is None:
            changing.set(taken_by_id=changing.by.user_id, taken_at=changing.at)
            changing.record(MilestoneKind.TAKEN, changing.at)
        changing.set(unread_since=None)
        changing.record(
            MilestoneKind.TRIAGED,
            changing.at,
            suspicion=judged.suspicion.value,
            before=before,
            reason=judged.reason,
        )
        if judged.suspicion != before:
            _judge_otherwise(judged, changing)
        changing.says(
            ReferralTriaged,
            "triaged the referral",
            suspicion=judged.suspicion.value,
            suspicion_before=before,
        )

    return change(referral_id, command, "triage", judged, act)


def reassess(referral_id: Which, judged: Triage, *, command: Command) -> Referral:
    """Judge again after triage: the suspicion changes, the state does not."""

    def act(changing: Change) -> None:
        referral = changing.referral
        if not referral.is_open or referral.state == "referred":
            raise Conflict("Only a referral that is open and triaged can be judged again.")
        before = referral.suspicion
        if judged.suspicion == before:
            raise Invalid({"suspicion": "This is what is suspected already. Choose what changed."})
        _judge_otherwise(judged, changing)
        changing.says(
            ReferralTriaged,
            "changed what is suspected",
            suspicion=judged.suspicion.value,
            suspicion_before=before,
        )

    return change(referral_id, command, "reassess", judged, act)


def _judge_otherwise(judged: Triage, changing: Change) -> None:
    if not judged.reason.strip():
        raise Invalid({"reason": "Say why this differs from what was suspected before."})
    changing.set(suspicion=judged.suspicion.value)
    if judged.suspicion is Suspicion.MSCC:
        arose = judged.suspected_at or changing.at
        arose = happened("suspected_at", arose, changing, confirmed=True)
        changing.record(MilestoneKind.MSCC_SUSPECTED, arose)
    elif judged.suspicion is Suspicion.SPINAL_METASTASES:
        # Judged down now, but the week counts from when something was first suspected.
        since = judged.suspected_at or _first_suspected(changing.referral) or changing.at
        changing.record(MilestoneKind.METASTASES_SUSPECTED, changing.at, since=since.isoformat())
    else:
        changing.record(MilestoneKind.SUSPICION_ENDED, changing.at, reason=judged.reason)


def _first_suspected(referral: Referral) -> datetime | None:
    kinds = [MilestoneKind.MSCC_SUSPECTED.value, MilestoneKind.METASTASES_SUSPECTED.value]
    standing = Milestone.objects.filter(referral=referral, kind__in=kinds).standing()
    first = standing.order_by("occurred_at").first()
    return first.occurred_at if first else None


@dataclass(frozen=True)
class AdviceDetails:
    """The five topics of 1.1.16, each in words; at least one is advised on."""

    given_to: str
    how: str
    pain: str = ""
    stability: str = ""
    immobilisation: str = ""
    dexamethasone: str = ""
    transfer: str = ""
    read_back: bool = False
    given_at: datetime | None = None


def give_advice(referral_id: Which, advice: AdviceDetails, *, command: Command) -> Referral:
    """Record the initial advice; the ward sees it on its status page at once (1.1.16, 1.3.3)."""

    def act(changing: Change) -> None:
        changing.only_while_open("Give advice")
        given_at = changing.at
        if advice.given_at is not None:
            given_at = happened("given_at", advice.given_at, changing)
        row = Advice(
            referral=changing.referral,
            occurred_at=given_at,
            pain=advice.pain,
            stability=advice.stability,
            immobilisation=advice.immobilisation,
            dexamethasone=advice.dexamethasone,
            transfer=advice.transfer,
            given_to=advice.given_to,
            how=advice.how,
            read_back=advice.read_back,
            **changing.stamp(),
        )
        if not row.topics:
            raise Invalid({"pain": "Write the advice on at least one of the five topics."})
        save_rows([row])
        changing.record(
            MilestoneKind.ADVICE_GIVEN, given_at, how=advice.how, given_to=advice.given_to
        )
        changing.says(
            AdviceGiven,
            "gave advice",
            topics=tuple(topic for topic, _ in row.topics),
            how=advice.how,
        )

    return change(referral_id, command, "give_advice", advice, act)
