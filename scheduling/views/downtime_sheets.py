"""The downtime pack in words, and drawn as one HTML file and one PDF; asked for by name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.template.loader import render_to_string

from mscc import clock
from mscc.people.models import Specialty
from mscc.people.places import OrganisationRef
from mscc.people.roles import ROLES
from mscc.web.filters import age, day, local, nhs
from referrals.clinical.bundle import label_of
from referrals.clinical.library import target
from referrals.domain.queries.person import standing_scans
from referrals.models import MriScan, Opinion
from scheduling.domain.downtime_pack import GOOD_FOR
from scheduling.domain.queries import downtime
from scheduling.domain.queries.downtime import OpenOne, WhoAnswers
from scheduling.models import Escalation
from scheduling.timekeeping.standing import of_due, standing
from scheduling.views import downtime_pdf, on_duty, words
from scheduling.views.downtime_forms import FORMS, PaperForm

_SOON = timedelta(hours=2)
# The file carries its own style: nothing of it is fetched.
_CSS = settings.BASE_DIR / "mscc" / "static" / "mscc" / "paper.css"


@dataclass(frozen=True, slots=True)
class Timed:
    """Something with a due time: how it stands at the moment of the pack, and when it is due."""

    severity: str
    what: str
    word: str
    when: str


@dataclass(frozen=True, slots=True)
class Person:
    """One open referral on paper."""

    reference: str
    new: bool
    name: str
    born: str
    nhs: str
    place: str
    suspicion: str
    state: str
    call_back: str
    consultant: str
    holder: str
    timed: tuple[Timed, ...]
    ended: tuple[str, ...]
    outstanding: tuple[str, ...]
    pages: tuple[str, ...]
    opinions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ring:
    """Whom to ring: what for, who, and the number; `note` says until when or where."""

    what: str
    who: str
    number: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything the pack says, in words; as of `at`, not to be used after `until`."""

    alliance: str
    at: str
    until: str
    until_at: datetime
    demo: bool
    people: tuple[Person, ...]
    answers: tuple[Ring, ...]
    rota: tuple[Ring, ...]
    lines: tuple[Ring, ...]
    forms: tuple[PaperForm, ...]


def drawn(alliance: OrganisationRef, at: datetime) -> dict[str, bytes]:
    """The pack of an alliance at a moment as {"html": ..., "pdf": ...}; not encrypted."""
    pack = pack_of(alliance, at)
    context = {
        "pack": pack,
        "css": _CSS.read_text(),
        "until_ms": int(pack.until_at.timestamp() * 1000),
    }
    html = render_to_string("scheduling/downtime/pack.html", context)
    return {"html": html.encode(), "pdf": downtime_pdf.pdf_of(pack)}


def pack_of(alliance: OrganisationRef, at: datetime) -> Pack:
    """What is so at a moment, in words."""
    who = downtime.who_answers(alliance, at)
    return Pack(
        alliance.name,
        with_year(at),
        with_year(at + GOOD_FOR),
        at + GOOD_FOR,
        settings.DEMO,
        tuple(_person(each, at) for each in downtime.open_ones(alliance, at)),
        tuple(_answers(who, at)),
        tuple(_rota(who)),
        tuple(Ring(each.get_kind_display(), each.name, each.phone) for each in who.lines),
        tuple(FORMS.values()),
    )


def with_year(at: datetime) -> str:
    """ "Sat 21 Nov 2026, 15:45 GMT": paper is read when nobody remembers which year it was."""
    shown = clock.local(at)
    return f"{shown:%a} {shown.day} {shown:%b %Y}, {shown:%H:%M %Z}"


def _person(one: OpenOne, at: datetime) -> Person:
    referral, patient = one.referral, one.referral.patient
    running = [each for each in one.clocks if each.state == "running"]
    ended = [each for each in one.clocks if each.state != "running"]
    return Person(
        referral.reference,
        referral.unread_since is not None,
        f"{patient.family_name.upper()}, {patient.given_name}".rstrip(", "),
        f"{day(patient.date_of_birth)} ({age(patient.date_of_birth, at.date())}), "
        f"{patient.get_sex_display().lower()}",
        nhs(patient.nhs_number),
        referral.place,
        words.suspicion(referral.suspicion, referral.confirmed),
        words.state(referral.state),
        _caller(one),
        referral.responsible_consultant,
        referral.taken_by.name if referral.taken_by else "",
        tuple(
            Timed(how.severity.value, words.what_is_due(each.kind), how.word, local(each.due_at))
            for each in sorted(running, key=lambda clock_: clock_.due_at)
            for how in (standing(each, at),)
        ),
        tuple(f"{words.what_is_due(each.kind)}: {standing(each, at).word}" for each in ended),
        tuple(_outstanding(one, at)),
        tuple(_page(each) for each in one.climbs),
        tuple(_opinion(each, at) for each in one.opinions),
    )


def _caller(one: OpenOne) -> str:
    referral = one.referral
    who = ", ".join(part for part in (referral.referrer_name, referral.referrer_role) if part)
    return f"{referral.call_back} ({who})" if who else referral.call_back


def _outstanding(one: OpenOne, at: datetime) -> Iterator[str]:
    referral = one.referral
    if not any(each.state == "running" for each in one.clocks):
        yield words.awaited(referral.state, referral.confirmed)
    yield from _scans(standing_scans(one.scans))
    for work in one.care:
        stands = of_due(work.due_at, at, _SOON)
        yield f"{label_of(work.key)}: {stands.word.lower()} ({local(work.due_at)})"
    if missing := words.missing(referral.missing):
        yield f"Key information: {missing} missing"


def _scans(scans: list[MriScan]) -> Iterator[str]:
    for scan in scans:
        where = f" at {scan.place.name}" if scan.place else ""
        if scan.reported_at:
            outcome = dict(MriScan.Outcome.choices).get(scan.outcome, "")
            yield f"Scan reported {local(scan.reported_at)}: {outcome}"
        elif scan.performed_at:
            yield f"Scan performed {local(scan.performed_at)}{where}, no report yet"
        elif scan.slot_at:
            yield f"Scan booked for {local(scan.slot_at)}{where}"


def _page(climb: Escalation) -> str:
    about = climb.get_about_display()
    if climb.clock:
        about += f", {target(climb.clock.kind).short_name}"
    if climb.state == Escalation.State.ACKNOWLEDGED and climb.acknowledged_by:
        again = f", rings again {local(climb.look_again_at)}" if climb.look_again_at else ""
        return f"{about}: {climb.acknowledged_by.name} has it{again}"
    return f"{about}: paged since {local(climb.opened_at)}, nobody has answered"


def _opinion(opinion: Opinion, at: datetime) -> str:
    about = f"{opinion.get_specialty_display()}, asked {local(opinion.occurred_at)}"
    if opinion.asked_of:
        about += f" of {opinion.asked_of}"
    if opinion.answered_at:
        by = opinion.answered_by or "answered"
        return f"{about}. {by}, {local(opinion.answered_at)}: {opinion.answer}"
    due = f", {of_due(opinion.due_at, at, _SOON).word.lower()}" if opinion.due_at else ""
    return f"{about}: not answered yet{due}. {opinion.question}"


def _answers(who: WhoAnswers, at: datetime) -> Iterator[Ring]:
    """Who is on duty at the moment of the pack; a gap is said."""
    for role in who.now.roles:
        line = on_duty.role_line(role, at)
        note = ". ".join(part for part in (line["note"], _next(line)) if part)
        yield Ring(line["role"], line["name"] or "NOBODY IS NAMED", line["phone"], note)
    for contact in who.now.contacts:
        yield Ring(contact.specialty, contact.turn.name, contact.turn.phone, contact.where)
    for held in who.holders:
        if held.role == "service_lead":
            where = held.organisation.name
            yield Ring(ROLES[held.role].label, held.user.name, held.user.phone, where)


def _next(line: dict[str, str]) -> str:
    if not line["next"]:
        return ""
    number = f", {line['next_phone']}" if line["next_phone"] else ""
    return f"Next: {line['next']}{number}"


def _rota(who: WhoAnswers) -> Iterator[Ring]:
    for shift in who.shifts:
        role = ROLES[shift.role].label
        if shift.specialty:
            role = f"{role}, {Specialty(shift.specialty).label.lower()}"
        span = f"{local(shift.starts_at)} to {local(shift.ends_at)}"
        yield Ring(f"{role}, {shift.organisation.name}", shift.user.name, shift.user.phone, span)
    on = {(shift.role, shift.user_id) for shift in who.shifts}
    for held in who.holders:
        if (held.role, held.user_id) not in on and held.role != "service_lead":
            note = "holds the role, no shift in these 48 hours"
            what = f"{ROLES[held.role].label}, {held.organisation.name}"
            yield Ring(what, held.user.name, held.user.phone, note)
