"""The person's page: what is due, what can be done, what happened, what is known, and for whom."""

import re
from datetime import timedelta

import pytest

from audit.models import Trail
from mscc import clock
from referrals.domain import imaging, intake, milestones
from referrals.domain.milestones import Correction
from tests.factories.people import person
from tests.factories.referrals import command, refer
from tests.factories.rota import on_duty


def path(referral, more=""):
    return f"/referrals/{referral.reference}/{more}"


def note(team, referral, text, topic="note"):
    addition = intake.Addition(note=text, topic=topic)
    asking = command(team.coordinator, clock.now())
    return intake.add_information(referral.pk, addition, command=asking)


def test_who_it_is_about_what_is_due_and_whom_to_ring(team, coordinator, a_referral, page):
    on_duty(team.coordinator, team.place, clock.now() - timedelta(hours=1))
    referral = a_referral(triaged=True)
    shown = page(coordinator, path(referral)).text
    for words in (
        referral.patient.family_name.upper(),
        "17 May 1960",
        "MRI within 24 hours NG234 1.5.2 Due in 22 h 59 min",
        "01632 960123",
        f"On duty now {team.coordinator.name}, MSCC coordinator",
        "Triaged · Suspected MSCC",
    ):
        assert words in shown


def test_only_what_can_be_done_is_offered_and_the_next_step_is_the_one_button(
    coordinator, a_referral, page
):
    first = page(coordinator, path(a_referral()))
    assert first.html.count("nhsuk-button") == 1
    assert "Take this referral</button>" in first.html
    triaged = page(coordinator, path(a_referral(triaged=True)))
    assert re.search(r'class="nhsuk-button"[^>]*>Give advice</a>', triaged.html)
    assert "Triage</a>" not in triaged.html
    assert "Take up again" not in triaged.text
    closed = page(coordinator, path(a_referral(discharged=True)))
    assert 'class="nhsuk-button"' not in closed.html
    assert "Take up again" in closed.text
    assert "Book the MRI" not in closed.text


def test_a_nurse_can_add_and_nothing_else(team, signed_in, a_referral, page):
    shown = page(signed_in(team.nurse), path(a_referral(triaged=True)))
    assert "Add a note or a call" in shown.text
    for words in ("Give advice", "Book the MRI", "Withdraw", "Correct"):
        assert words not in shown.text


def test_a_lead_can_read_and_do_nothing(team, signed_in, a_referral, page):
    shown = page(signed_in(person("service_lead", team.place)), path(a_referral(triaged=True)))
    assert "Nothing for you to do here now." in shown.text
    assert f"{path(a_referral())}add/" not in shown.html


def test_everything_that_happened_is_on_one_line_of_time(team, coordinator, a_referral, page):
    referral = a_referral(treatment_decided=True)
    note(team, referral, "Rang the ward: lying flat.", "call")
    page(coordinator, path(referral))
    shown = page(coordinator, path(referral)).text
    newest_first = [
        "Looked at this page",
        "Rang the ward: lying flat.",
        "Decision to treat: radiotherapy",
        "MRI of the whole spine performed",
        "MRI booked",
        "Triaged: suspected MSCC",
        "Referral received",
    ]
    places = [shown.index(words, shown.index("What happened")) for words in newest_first]
    assert places == sorted(places)
    assert "Receipt: to Alex Ward by email" in shown


@pytest.mark.parametrize(
    ("show", "there", "not_there"),
    [
        ("clinical", "Triaged: suspected MSCC", "Rang the ward"),
        ("call", "Rang the ward", "Triaged: suspected MSCC"),
        ("page", "Receipt: to Alex Ward", "Rang the ward"),
        ("look", "Looked at this page", "Receipt: to Alex Ward"),
        ("nonsense", "Rang the ward", "no such filter"),
    ],
)
def test_the_timeline_can_be_narrowed_without_script(
    team, coordinator, a_referral, page, show, there, not_there
):
    referral = a_referral(triaged=True)
    note(team, referral, "Rang the ward", "call")
    page(coordinator, path(referral))
    shown = page(coordinator, path(referral, f"?show={show}")).text
    happened = shown[shown.index("What happened") : shown.index("People involved")]
    assert there in happened
    assert not_there not in happened


def test_what_was_corrected_stays_struck_with_the_reason(team, coordinator, a_referral, page):
    referral = a_referral(scanned=True)
    wrong = referral.milestones.get(kind="mri_performed")
    at = clock.now()
    correction = Correction(wrong.pk, at - timedelta(minutes=10), reason="Read the wrong line")
    milestones.correct(referral.pk, correction, command=command(team.coordinator, at))
    shown = page(coordinator, path(referral))
    assert shown.html.count('data-struck="true"') == 1
    assert "(corrected: Read the wrong line )" in shown.text
    right = referral.milestones.standing().get(kind="mri_performed")
    assert f"correct/{right.pk}/" in shown.html
    assert f"correct/{wrong.pk}/" not in shown.html


def test_what_is_added_later_does_not_hide_what_was_known_before(
    team, coordinator, a_referral, page
):
    referral = a_referral(triaged=True)
    for sections in (
        {"fitness": {"performance_status": 2}, "cancer": {"primary_site": "Breast"}},
        {"fitness": {"frailty": 5}, "cancer": {"stage": "IV"}},
        {"mri_safety": {"contraindicated": "yes", "contraindication": "Pacemaker"}},
        {"mri_safety": {"can_lie_flat": "no"}},
    ):
        intake.add_information(
            referral.pk,
            intake.Addition(sections=sections),
            command=command(team.coordinator, clock.now()),
        )

    def known():
        shown = page(coordinator, path(referral)).text
        return shown[shown.rindex("Key information") :]

    for words in (
        "Performance status 2.",
        "Clinical Frailty Scale 5.",
        "Primary: Breast.",
        "Stage: IV.",
        "Contraindication: Pacemaker.",
        "Can lie flat: no.",
    ):
        assert words in known()

    corrected = intake.Addition(sections={"mri_safety": {"contraindicated": "no"}})
    intake.add_information(referral.pk, corrected, command=command(team.coordinator, clock.now()))
    assert "MRI is contraindicated: no." in known()
    assert "Pacemaker" not in known()


def test_a_slot_that_was_moved_is_no_scan_that_waits(team, coordinator, a_referral, page):
    referral = a_referral(mri_booked=True)
    now = clock.now()
    for hours in (3, 5):
        booking = imaging.MriBooking(
            now + timedelta(hours=hours), team.place.hospital.pk, overnight_reason="At once."
        )
        imaging.book_mri(referral.pk, booking, command=command(team.coordinator, now))
        now += timedelta(minutes=1)
    shown = page(coordinator, path(referral)).text
    assert shown.count("MRI booked for") == 2  # above, and among the investigations

    scan = imaging.ScanPerformed(performed_at=now)
    imaging.record_scan(referral.pk, scan, command=command(team.coordinator, now))
    shown = page(coordinator, path(referral)).text
    assert "MRI booked for" not in shown
    assert "not reported." in shown


def test_key_information_has_its_headings_and_what_is_missing_leads_to_where_it_is_added(
    coordinator, a_referral, page
):
    referral = a_referral(triaged=True)
    shown = page(coordinator, path(referral))
    for heading in (
        "Clinical presentation",
        "Neurological assessment",
        "Performance status",
        "Frailty",
        "Investigations and imaging",
        "Cancer and its stage",
        "Needs, preferences and circumstances",
    ):
        assert f"<h3>{heading}</h3>" in shown.html
    for words, section in (
        ("Grade the power of both legs, 0 to 5.", "add/neurology/"),
        ("Record performance status (WHO 0 to 4).", "add/fitness/"),
        ("Ask whether anything rules out MRI.", "add/mri-safety/"),
        ("Record the stage of the cancer.", "add/cancer/"),
        ("Complete the questions about back pain.", "complete/"),
    ):
        assert f'<a href="{path(referral, section)}">{words}</a>' in shown.html


def test_what_somebody_typed_is_shown_as_text(team, coordinator, a_referral, page):
    referral = a_referral(triaged=True)
    note(team, referral, '<script>alert("x")</script>')
    shown = page(coordinator, path(referral))
    assert "<script>alert" not in shown.html
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;" in shown.html


def test_every_look_is_on_the_trail(team, coordinator, a_referral):
    referral = a_referral(discharged=True)
    for more in ("", "print/", "letter/", "add/note/"):
        assert coordinator.get(path(referral, more)).status_code == 200
    looks = Trail.objects.filter(action="record_read", referral=referral).order_by("id")
    assert [(look.actor, look.details["how"]) for look in looks] == [
        (team.coordinator, how) for how in ("screen", "print", "letter", "screen")
    ]


def test_nothing_of_it_is_kept_by_a_browser(coordinator, a_referral):
    for more in ("", "print/", "triage/"):
        answer = coordinator.get(path(a_referral(), more))
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_long_history_costs_no_more_statements(team, coordinator, a_referral):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def statements(referral):
        coordinator.get(path(referral))
        with CaptureQueriesContext(connection) as asked:
            coordinator.get(path(referral))
        # A session is stamped now and then: only questions count.
        return len([each for each in asked if (each["sql"] or "").startswith("SELECT")])

    short = a_referral(treatment_decided=True)
    long = a_referral(treatment_decided=True)
    nurse = person("coordinator", team.place)
    for number in range(12):
        at = clock.now()
        sections = {"neurology": {"mobility": "cannot_walk", "power_left_leg": number % 6}}
        addition = intake.Addition(sections=sections, note=f"Call {number}", topic="call")
        intake.add_information(long.pk, addition, command=command(nurse, at))
        happening = milestones.Happening(
            milestones.MilestoneKind.IMMOBILISATION_STARTED, at, {"note": str(number)}
        )
        milestones.record_milestone(long.pk, happening, command=command(team.senior, at))
    assert statements(long) == statements(short)


def test_titles_and_addresses_carry_the_reference_and_nothing_of_the_person(
    coordinator, a_referral, page
):
    referral = a_referral(discharged=True)
    patient = referral.patient
    secrets = (patient.family_name, patient.given_name, patient.nhs_number, "1960")
    steps = ["", "print/", "letter/", "add/person/", "add/note/", "report/", "record/", "reopen/"]
    for more in steps:
        shown = page(coordinator, path(referral, more))
        assert referral.reference in shown.title, more
        addresses = re.findall(r'(?:href|action)="([^"]*)"', shown.html)
        for secret in secrets:
            assert secret not in shown.title
            assert not [address for address in addresses if secret in address]


def test_small_letters_lead_to_the_same_page(coordinator, a_referral, page):
    referral = a_referral()
    assert page(coordinator, path(referral).lower().replace("referrals", "referrals")).status == 200


def test_a_ward_that_referred_somebody_who_lies_elsewhere_may_add_to_it(
    team, signed_in, form, page
):
    from tests.factories.people import Place

    other = Place.build(team.place.alliance)
    hospital = {"hospital_id": other.hospital.pk, "ward_id": other.ward.pk}
    referral = refer(team, at=clock.now(), **hospital)
    nurse = signed_in(team.nurse)
    assert "Add a note or a call" in page(nurse, path(referral)).text
    done = form(nurse, referral, "add/note").send(text="He fell", happened_at__choice="now")
    assert done.status == 302
