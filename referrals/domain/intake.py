"""A referral arrives, is taken, and is added to (1.1.6, 1.3.2 to 1.3.6)."""

from datetime import datetime
from typing import Any

from django.db import connection

from mscc.events import Command
from mscc.people.models import Organisation
from referrals.clinical import presentation as box1
from referrals.clinical.milestones import MilestoneKind, Suspicion
from referrals.clinical.presentation import Answer
from referrals.clinical.triage import TriageConclusion, conclude, raises_to_mscc
from referrals.domain import key_information
from referrals.domain.first_facts import care_milestones, first_milestones
from referrals.domain.moments import happened, not_before
from referrals.domain.path import Change, Which, begin, change, save_rows
from referrals.domain.queries.people import open_referrals_of
from referrals.domain.reference import new_reference, new_status_token
from referrals.domain.refusals import Conflict, Invalid
from referrals.domain.sections import section_rows
from referrals.domain.told import Addition, Intake, NewSigns, Person, Referrer
from referrals.domain.worsening import mscc_stands, noticed_in
from referrals.events import (
    InformationAdded,
    NewSignsReported,
    ReferralReceived,
    ReferralTaken,
)
from referrals.models import (
    Note,
    Patient,
    Presentation,
    Referral,
)


class AlreadyOpen(Conflict):
    """The same person has an open referral in the alliance; add to it, or say why not."""

    code = "already_open"

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"This person already has an open referral, {reference}. Add to it, or say why a "
            "second one is needed."
        )
        self.reference = reference


def receive(intake: Intake, *, command: Command) -> Referral:
    """Take in a referral: reference, suspicion, clocks, who is told. Raises Invalid, AlreadyOpen.

    `taken` is set by a coordinator who keys in a call they are having: they have it already.
    """
    conclusion = conclude(intake.presentation, metastases_known=_metastases_known(intake))
    hospital, ward = _places(intake)
    referral = Referral(
        reference=_unused_reference(),
        alliance_id=hospital.alliance_id,
        trust_id=hospital.trust_id,
        hospital=hospital,
        ward=ward,
        place_note=intake.place_note,
        suspicion=conclusion.suspicion.value,
        provisional=as_json(conclusion),
        route=intake.route,
        received_at=intake.received_at or command.at,
        unread_since=None if intake.taken else command.at,
        referred_by_id=command.by.user_id,
        status_token=new_status_token(),
        **_referrer(intake.referrer),
    )

    def act(changing: Change) -> None:
        _refuse_a_second(intake, hospital)
        received_at = _received(intake, changing)
        referral.patient = _patient(intake.person, hospital)
        rows = list(_rows(intake, changing, received_at))
        first_milestones(intake, conclusion, changing, received_at)
        if intake.taken:
            changing.set(taken_by_id=changing.by.user_id, taken_at=received_at)
            changing.record(MilestoneKind.TAKEN, received_at)
        changing.set(missing=key_information.missing_from(referral, rows))
        changing.says(
            ReferralReceived,
            "received the referral",
            suspicion=conclusion.suspicion.value,
            pathway=conclusion.pathway.value,
            numbers=conclusion.numbers,
            route=intake.route,
        )
        referral.patient.save(force_insert=True)
        # The rows refer to the referral, whose foreign key the database checks at commit.
        save_rows(rows)

    return begin(referral, command, intake, act)


def take(referral_id: Which, *, command: Command, taken_at: datetime | None = None) -> Referral:
    """A coordinator has it: the referral is read, and somebody's name is on it (1.3.2).

    `taken_at` is for one that was taken on paper before it could be recorded here.
    """

    def act(changing: Change) -> None:
        changing.only_while_open("Take")
        at = changing.at
        if taken_at is not None:
            at = happened("taken_at", taken_at, changing)
            not_before("taken_at", at, changing.referral.received_at, "the referral was received")
        changing.set(taken_by_id=changing.by.user_id, taken_at=at, unread_since=None)
        changing.record(MilestoneKind.TAKEN, at)
        changing.says(ReferralTaken, "took the referral")

    return change(referral_id, command, "take", taken_at, act)


def _received(intake: Intake, changing: Change) -> datetime:
    """When it was received: now, or when it came by telephone while the system was down."""
    if intake.received_at is None:
        return changing.at
    confirmed = intake.suspected_at_confirmed
    return happened("received_at", intake.received_at, changing, confirmed=confirmed)


def report_new_signs(referral_id: Which, signs: NewSigns, *, command: Command) -> Referral:
    """New findings on an open referral. Cord signs raise it to suspected MSCC (1.3.2, 1.5.2):
    the weekly clock is superseded and the 24-hour one starts when the signs were found; again,
    when a scan before them showed no compression."""
    unknown = [item for item in signs.items if item not in box1.BY_ID]
    if unknown or not signs.items:
        raise Invalid({"items": "Say which signs were found."})

    def act(changing: Change) -> None:
        referral = changing.referral
        if not referral.is_open:
            raise Conflict(
                "This referral is closed. Ring the coordinator, who can reopen it, or refer again."
            )
        found_at = happened("found_at", signs.found_at, changing, confirmed=signs.confirmed)
        before = _latest_presentation(referral)
        after = before
        for item in signs.items:
            after = after.with_answer(item, Answer.YES, found_at)
        raised = not mscc_stands(referral) and (
            raises_to_mscc(before, after) or _has_cord_sign(signs.items)
        )
        save_rows([_presented(after, changing, found_at, signs.text)])
        changing.record(
            MilestoneKind.NEW_SIGNS_REPORTED,
            changing.at,
            signs=list(signs.items),
            found_at=found_at.isoformat(),
            reported_by=signs.reported_by,
        )
        if raised:
            changing.set(suspicion=Suspicion.MSCC.value)
            changing.record(MilestoneKind.MSCC_SUSPECTED, found_at, signs=list(signs.items))
        changing.set(unread_since=changing.at, missing=key_information.missing_now(referral))
        if signs.call_back:
            changing.set(call_back=signs.call_back)
        changing.says(
            NewSignsReported,
            "reported new signs",
            found_at=found_at,
            signs=signs.items,
            raised=raised,
        )

    return change(referral_id, command, "report_new_signs", signs, act)


def add_information(referral_id: Which, addition: Addition, *, command: Command) -> Referral:
    """Complete or update what is known; nothing that was written before is overwritten."""

    def act(changing: Change) -> None:
        referral = changing.referral
        at = changing.at
        if addition.occurred_at is not None:
            at = happened("occurred_at", addition.occurred_at, changing, confirmed=True)
        rows = section_rows(addition.sections, at, changing)
        if addition.note:
            rows.append(
                Note(
                    referral=referral,
                    occurred_at=at,
                    topic=addition.topic,
                    text=addition.note,
                    **changing.stamp(),
                )
            )
        if addition.cancer or addition.answers:
            rows.append(_answered(addition, changing, at))
        save_rows(rows)
        if addition.person:
            _refuse_another_open(addition.person.get("nhs_number"), referral)
            Patient.objects.filter(pk=referral.patient_id).update(**addition.person)
            referral.patient.refresh_from_db()
        if care := addition.sections.get("care"):
            care_milestones(care, changing)
        noticed = noticed_in(rows, changing)
        if noticed:
            changing.set(unread_since=changing.at)
        changing.set(missing=key_information.missing_now(referral))
        changing.says(
            InformationAdded,
            f"added an examination {noticed}" if noticed else "added information",
            headings=_headings(addition),
            worse=bool(noticed),
        )

    return change(referral_id, command, "add_information", addition, act)


def _answered(addition: Addition, changing: Change, at: datetime) -> Presentation:
    before = _latest_presentation(changing.referral)
    stored = before.to_dict()
    stored["cancer"] = addition.cancer or stored["cancer"]
    stored["findings"] |= {item: {"answer": said} for item, said in addition.answers.items()}
    try:
        after = box1.Presentation.from_dict(stored)
    except box1.PresentationError as wrong:
        raise Invalid(wrong.errors) from wrong
    if not mscc_stands(changing.referral) and raises_to_mscc(before, after):
        said = "Report this as a new sign: it makes this more urgent."
        raise Invalid(dict.fromkeys(addition.answers, said))
    return _presented(after, changing, at)


def _presented(
    told: box1.Presentation, changing: Change, at: datetime, narrative: str = ""
) -> Presentation:
    stored = told.to_dict()
    return Presentation(
        referral=changing.referral,
        occurred_at=at,
        cancer=stored["cancer"],
        findings=stored["findings"],
        narrative=narrative,
        **changing.stamp(),
    )


def _refuse_another_open(number: str | None, referral: Referral) -> None:
    """A number that comes later may show that the same person is referred twice."""
    if not number:
        return
    others = open_referrals_of(number, alliance_id=referral.alliance_id).exclude(pk=referral.pk)
    if other := others.first():
        raise Invalid(
            {
                "nhs_number": f"A person of this NHS number has another open referral, "
                f"{other.reference}. Ring the coordinator, who brings the two together."
            }
        )


def _headings(addition: Addition) -> tuple[str, ...]:
    found = [*addition.sections]
    if addition.person:
        found.append("person")
    if addition.cancer or addition.answers:
        found.append("presentation")
    if addition.note:
        found.append(addition.topic)
    return tuple(found)


def as_json(conclusion: TriageConclusion) -> dict[str, Any]:
    """A conclusion as it is frozen on the referral: what was said, why, and from which numbers."""
    return {
        "suspicion": conclusion.suspicion.value,
        "pathway": conclusion.pathway.value,
        "numbers": list(conclusion.numbers),
        "because": list(conclusion.because),
        "unknown": list(conclusion.unknown),
        "steps": [[step.text, list(step.numbers)] for step in conclusion.what_to_do_now],
    }


def _metastases_known(intake: Intake) -> Answer:
    known = intake.sections.get("cancer", {}).get("spinal_metastases_known")
    return Answer(known) if known else Answer.NOT_KNOWN


def _places(intake: Intake) -> tuple[Organisation, Organisation | None]:
    hospital = Organisation.objects.filter(pk=intake.hospital_id, kind="hospital").first()
    if hospital is None:
        raise Invalid({"hospital": "Choose the hospital where the person is."})
    ward = None
    if intake.ward_id is not None:
        ward = Organisation.objects.filter(pk=intake.ward_id, hospital=hospital).first()
        if ward is None:
            raise Invalid({"ward": "Choose a ward of this hospital."})
    return hospital, ward


def _unused_reference() -> str:
    reference = new_reference()
    while Referral.objects.filter(reference=reference).exists():
        reference = new_reference()
    return reference


def _refuse_a_second(intake: Intake, hospital: Organisation) -> None:
    number = intake.person.nhs_number
    if number is None or intake.second_referral_reason:
        return
    with connection.cursor() as cursor:
        # Two wards may send the same person in the same second: one of them is told.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [hospital.alliance_id, number]
        )
    already = open_referrals_of(number, alliance_id=hospital.alliance_id).first()
    if already is not None:
        raise AlreadyOpen(already.reference)


def _referrer(referrer: Referrer) -> dict[str, Any]:
    return {
        "referrer_name": referrer.name,
        "referrer_role": referrer.role,
        "referrer_email": referrer.email,
        "call_back": referrer.call_back,
        "responsible_consultant": referrer.responsible_consultant,
        "consultant_aware": referrer.consultant_aware,
    }


def _patient(person: Person, hospital: Organisation) -> Patient:
    return Patient(
        alliance_id=hospital.alliance_id,
        given_name=person.given_name,
        family_name=person.family_name,
        date_of_birth=person.date_of_birth,
        nhs_number=person.nhs_number,
        nhs_number_absent_reason="" if person.nhs_number else person.nhs_number_absent_reason,
        **person.more,
    )


def _rows(intake: Intake, changing: Change, at: datetime) -> list[Any]:
    common = {"referral": changing.referral, **changing.stamp()}
    rows: list[Any] = [_presented(intake.presentation, changing, at, intake.narrative)]
    rows += section_rows(intake.sections, at, changing)
    if intake.needs:
        rows.append(Note(topic=Note.Topic.NEEDS, text=intake.needs, occurred_at=at, **common))
    if intake.second_referral_reason:
        text = f"A second referral because: {intake.second_referral_reason}"
        rows.append(Note(text=text, occurred_at=at, **common))
    return rows


def _latest_presentation(referral: Referral) -> box1.Presentation:
    row = referral.presentations.order_by("recorded_at").last()
    if row is None:
        return box1.Presentation(box1.CancerStatus.NOT_KNOWN)
    return row.as_facts()


def _has_cord_sign(items: tuple[str, ...]) -> bool:
    return any(box1.BY_ID[item].group is box1.Group.CORD for item in items)
