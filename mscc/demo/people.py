"""The demo's alliance: three trusts, eight hospitals, and the people who work there.

Every name is made up; no real trust, hospital or person is meant.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from mscc import clock
from mscc.events import Actor
from mscc.people.models import Assignment, Channel, ContactPoint, Organisation, Specialty, User
from scheduling.domain import gaps, patterns, planning, swaps
from scheduling.models import Shift
from scheduling.timekeeping.pattern import Line, Pattern

PASSPHRASE = "demo bridge lantern seven"
ALLIANCE = "Example Cancer Alliance"
HOSPITALS = {
    "Northmoor Example Trust": ("Northmoor General", "St Wilfrid's", "Harrow Cross"),
    "Estuary Example Trust": ("Estuary Royal", "Saltmarsh Community", "Pellbrook"),
    "Vale Example Trust": ("Vale Infirmary", "Oakhanger"),
}
WARDS = ("Emergency department", "Acute medical unit", "Ward 4C", "Ward 9")


@dataclass(frozen=True)
class Someone:
    """A demo person who can sign in. `place` is an organisation's name."""

    email: str
    name: str
    title: str
    role: str
    place: str
    pager: str = ""
    mobile: str = ""
    phone: str = ""
    specialty: str = ""


PEOPLE = (
    Someone("nurse@demo.example", "Asha Penhale", "Staff nurse", "referrer", "Ward 4C"),
    Someone("doctor@demo.example", "Tom Ilves", "Registrar", "referrer", "Acute medical unit"),
    Someone("other.nurse@demo.example", "Grace Adeyo", "Staff nurse", "referrer", "Vale Infirmary"),
    Someone(
        "coordinator@demo.example",
        "Marian Holt",
        "MSCC coordinator",
        "coordinator",
        ALLIANCE,
        pager="1201",
        mobile="07700900201",
        phone="01632 960201",
    ),
    Someone(
        "night@demo.example",
        "Idris Vane",
        "MSCC coordinator",
        "coordinator",
        ALLIANCE,
        pager="1202",
        phone="01632 960202",
    ),
    Someone(
        "relief@demo.example",
        "Tess Amory",
        "MSCC coordinator, relief",
        "coordinator",
        ALLIANCE,
        phone="01632 960203",
    ),
    Someone(
        "vale.coordinator@demo.example",
        "Bea Lindqvist",
        "MSCC coordinator, Vale only",
        "coordinator",
        "Vale Example Trust",
    ),
    Someone(
        "registrar@demo.example",
        "Dr Yusuf Tarn",
        "On-call oncology registrar",
        "designated_clinician",
        ALLIANCE,
        pager="1310",
        phone="01632 960310",
    ),
    Someone(
        "senior@demo.example",
        "Dr Helena Marsh",
        "Consultant clinical oncologist",
        "senior_clinician",
        ALLIANCE,
        pager="1400",
        mobile="07700900400",
        phone="01632 960400",
    ),
    Someone(
        "surgeon@demo.example",
        "Mr Piotr Wren",
        "Spinal surgeon on call",
        "specialty_contact",
        "Northmoor Example Trust",
        pager="1501",
        specialty=Specialty.SPINAL_SURGERY,
    ),
    Someone(
        "oncologist@demo.example",
        "Dr Nell Okoro",
        "Clinical oncologist on call",
        "specialty_contact",
        ALLIANCE,
        pager="1502",
        specialty=Specialty.ONCOLOGY,
    ),
    Someone(
        "physio@demo.example",
        "Sam Brandreth",
        "Specialist physiotherapist",
        "specialty_contact",
        ALLIANCE,
        pager="1503",
        specialty=Specialty.PHYSIOTHERAPY,
    ),
    Someone("lead@demo.example", "Ruth Calder", "Service lead", "service_lead", ALLIANCE),
    Someone(
        "alliance@demo.example", "Prof Owen Strand", "Alliance lead", "alliance_lead", ALLIANCE
    ),
    Someone("admin@demo.example", "Kit Farrow", "Administrator", "administrator", ALLIANCE),
)


def settle(at: datetime) -> dict[str, User]:
    """Make the places, the people and six weeks of duty; people by their email before the @."""
    places = _places()
    since = at - timedelta(days=400)
    # One hash for all: fifteen times Argon2 would be seconds of a newcomer's first minute.
    password = _hashed()
    made: dict[str, User] = {}
    for someone in PEOPLE:
        user = User.objects.create(
            email=someone.email,
            name=someone.name,
            job_title=someone.title,
            phone=someone.phone,
            password=password,
            date_joined=since,
        )
        Assignment.objects.create(
            user=user,
            role=someone.role,
            organisation=places[someone.place],
            specialty=someone.specialty or None,
            starts_at=since,
        )
        _reach(user, someone, since)
        made[someone.email.split("@")[0]] = user
    _duty(made, places[ALLIANCE], at)
    return made


def _places() -> dict[str, Organisation]:
    """Every place by name; a ward's short name is the first hospital's."""
    kind = Organisation.Kind
    places = {
        ALLIANCE: Organisation.objects.create(
            kind=kind.ALLIANCE, name=ALLIANCE, phone="01632 960200"
        )
    }
    for trust, hospitals in HOSPITALS.items():
        places[trust] = Organisation.objects.create(
            kind=kind.TRUST, name=trust, parent=places[ALLIANCE]
        )
        for hospital in hospitals:
            places[hospital] = Organisation.objects.create(
                kind=kind.HOSPITAL, name=hospital, parent=places[trust]
            )
            for ward in WARDS:
                made = Organisation.objects.create(
                    kind=kind.WARD, name=ward, parent=places[hospital]
                )
                places.setdefault(ward, made)
    return places


def _hashed() -> str:
    someone = User(email="nobody@demo.example")
    someone.set_password(PASSPHRASE)
    return someone.password


def _reach(user: User, someone: Someone, since: datetime) -> None:
    points = [(Channel.EMAIL, someone.email)]
    if someone.pager:
        points.append((Channel.PAGER, someone.pager))
    if someone.mobile:
        points.append((Channel.SMS, someone.mobile))
    for channel, address in points:
        ContactPoint.objects.create(user=user, channel=channel, address=address, proven_at=since)


def _duty(people: dict[str, User], alliance: Organisation, at: datetime) -> None:
    """Day and night by a pattern, from two weeks ago for six weeks; with what goes wrong on a
    rota: one night ahead has nobody, and a colleague has not said yet whether they take a turn."""
    today, since = clock.local(at).date(), at - timedelta(days=14)
    lead, every_day = Actor.user(people["lead"]), frozenset(range(7))
    lines = (
        Line(every_day, time(7, 30), time(20), 0),
        Line(every_day, time(20), time(7, 30), 1),
    )
    workers = (people["coordinator"].pk, people["night"].pk)
    # Nobody moves: the stories are told by whoever works by day and by night.
    days = Pattern(lines, workers, since.date(), today + timedelta(days=27), weeks_each=0)
    patterns.plan(days, alliance, "coordinator", "", by=lead, at=since)
    coming = Shift.objects.filter(starts_at__gt=at + timedelta(days=3)).order_by("starts_at")
    missing = coming.filter(user=people["night"])[0]
    planning.remove_shift(missing, by=lead, at=at)
    turn = coming.filter(user=people["coordinator"])[2]
    relief = Assignment.objects.get(user=people["relief"])
    swaps.ask(turn, relief, by=Actor.user(people["coordinator"]), at=at)
    gaps.gap_round(at)


def sign_ins() -> str:
    """Who can sign in and as what, as `./dev run` prints it."""
    width = max(len(someone.email) for someone in PEOPLE)
    rows = [f"  {someone.email:<{width}}  {someone.title}" for someone in PEOPLE]
    return "\n".join(["Sign in as", *rows, f"with the passphrase: {PASSPHRASE}"])
