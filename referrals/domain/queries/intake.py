"""What the ward sees of its own referrals, and what the advice to it turns on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from mscc.people.models import Organisation, User
from mscc.people.places import OrganisationRef
from mscc.people.roles import Permission
from referrals.clinical.advice import Situation, haematology
from referrals.clinical.key_information import Facts
from referrals.clinical.milestones import Suspicion
from referrals.clinical.neurology import LIMBS, Mobility, Neurology
from referrals.clinical.presentation import Answer, CancerStatus, Presentation
from referrals.domain.key_information import everything, facts
from referrals.domain.queries.visible import referrals_visible_to
from referrals.models import Referral


@dataclass(frozen=True, slots=True)
class OpenElsewhere:
    """As much of somebody's open referral as anyone who may refer that person is told."""

    id: object
    reference: str
    hospital: str
    received_at: datetime


def open_referrals_for(user: User, nhs_number: str) -> list[OpenElsewhere]:
    """The open referrals of one person in the alliances where `user` may refer, newest first.

    Reference, hospital and time only: the user may be a stranger to every one of them.
    """
    if not nhs_number:
        return []
    alliances = {place.alliance_id for place in user.places(Permission.REFER)}
    rows = (
        Referral.objects.filter(
            patient__nhs_number=nhs_number,
            patient__alliance_id__in=alliances,
            closed_at__isnull=True,
        )
        .order_by("-received_at")
        .values_list("pk", "reference", "hospital__name", "received_at")
    )
    return [OpenElsewhere(*row) for row in rows]


def referred_by_ward(user: User, limit: int = 50) -> list[Referral]:
    """What this person's ward referred, open ones first and of those the next due first.

    Somebody who works from the board sees here only what they keyed in themselves.
    """
    visible = referrals_visible_to(user)
    if user.can(Permission.SEE_BOARD):
        visible = visible.filter(referred_by=user)
    rows = visible.select_related("patient", "hospital", "ward")
    order = (F("closed_at").desc(nulls_first=True), F("next_due_at").asc(nulls_last=True))
    return list(rows.order_by(*order, "-received_at")[:limit])


def own_places(user: User) -> list[Organisation]:
    """The wards and hospitals where this person refers from, with their hospital."""
    ids = [p.id for p in user.places(Permission.REFER) if p.kind in ("ward", "hospital")]
    rows = Organisation.objects.filter(pk__in=ids).select_related("hospital", "parent")
    return sorted(rows, key=lambda place: ids.index(place.pk))


def hospitals_for(user: User) -> list[Organisation]:
    """Every hospital of the alliances where this person may refer, by name."""
    alliances = {place.alliance_id for place in user.places(Permission.REFER)}
    return list(
        Organisation.objects.filter(kind="hospital", alliance_id__in=alliances).order_by("name")
    )


def may_add_to(user: User) -> QuerySet[Referral]:
    """The referrals this person may add information and new signs to."""
    allowed = Q(referred_by=user)
    for place in user.places(Permission.ADD_INFORMATION):
        allowed |= Q(**place.condition())
    return referrals_visible_to(user).filter(allowed)


def situation_of(referral: Referral, ring: str = "") -> Situation:
    """The facts the first advice turns on, as they stand on record (1.1.16)."""
    known = facts(referral, everything(referral))
    told = referral.presentations.order_by("recorded_at").last()
    presentation = told.as_facts() if told else Presentation(CancerStatus.NOT_KNOWN)

    def answer(name: str) -> Answer:
        return Answer(str(known.get(name) or Answer.NOT_KNOWN.value))

    severity = known.get("pain.severity")
    return Situation(
        suspicion=Suspicion(referral.suspicion),
        presentation=presentation,
        neurology=_neurology(known, answer),
        metastases_known=answer("cancer.spinal_metastases_known"),
        haematology=haematology(presentation.cancer, answer("cancer.haematological")),
        pain_severity=severity if isinstance(severity, int) else None,
        pain_on_movement=answer("pain.on_movement"),
        dexamethasone_given=answer("care.dexamethasone"),
        mri_contraindicated=answer("mri_safety.contraindicated"),
        ring=ring,
    )


def _neurology(known: Facts, answer: Callable[[str], Answer]) -> Neurology:
    graded = {limb: known.get(f"neurology.power_{limb}") for limb in LIMBS}
    return Neurology(
        mobility=Mobility(str(known.get("neurology.mobility") or Mobility.NOT_KNOWN.value)),
        power={limb: grade for limb, grade in graded.items() if isinstance(grade, int)},
        bladder=answer("neurology.bladder_problem"),
        bowel=answer("neurology.bowel_problem"),
        sensation=answer("neurology.sensation_loss"),
        complete_paralysis=answer("neurology.complete_paralysis"),
    )


def home_place(user: User) -> OrganisationRef | None:
    """Where this person refers from, to ask who is on duty there."""
    places = user.places(Permission.REFER)
    return places[0] if places else None
