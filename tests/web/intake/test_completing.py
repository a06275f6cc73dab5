"""The ward adds what was missing when it was sent."""

from datetime import date, timedelta

import pytest

from referrals.clinical.presentation import Answer
from referrals.domain import intake
from referrals.models import Note, Referral
from scheduling.models import Escalation
from tests.factories.people import person
from tests.factories.referrals import (
    AT,
    METASTASES,
    MSCC,
    Team,
    command,
    intake_for,
    nhs_number,
    refer,
)
from tests.web.intake.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(place, ward):
    made = Team.build(place)
    made.nurse = ward.user
    return made


def path_of(referral):
    return f"/referrals/{referral.reference}/complete/"


def test_only_what_is_missing_is_asked(ward, team):
    referral = refer(team, MSCC, AT - timedelta(hours=1))
    page = text(ward.browser.get(path_of(referral)))

    assert "How bad is the pain, from 0 to 10?" in page
    assert "Performance status now (WHO)" in page
    assert "Is walking difficult or unsteady?" not in page  # answered with no
    assert "NHS number Enter" not in page


def test_what_was_added_is_no_longer_missing(ward, team):
    referral = refer(team, MSCC, AT - timedelta(hours=1))
    answer = ward.submit(
        path_of(referral),
        severity="7",
        performance_status="2",
        frailty="4",
        power_left_leg="3",
        power_right_leg="4",
        examined_at__choice="now",
        contraindicated="no",
        primary_site="Lung",
        language="English",
        needs="Hears badly on the left",
    )
    assert answer.url == f"/referrals/{referral.reference}/sent/"
    page = text(ward.browser.get(answer.url))
    assert f"Recorded on {referral.reference}." in page
    missing = set(Referral.objects.get().missing)
    settled = {"pain_severity", "performance_status", "frailty", "power", "mri_safety", "primary"}
    assert missing.isdisjoint(settled | {"language", "needs"})
    assert "sphincters" in missing
    assert Note.objects.get(topic="needs").text == "Hears badly on the left"


def test_nothing_filled_in_is_said_and_nothing_recorded(ward, team):
    referral = refer(team, MSCC, AT - timedelta(hours=1))
    answer = ward.submit(path_of(referral), examined_at__choice="now")
    assert answer.status_code == 422
    assert "Nothing has been filled in yet. Add what you know." in text(answer)
    assert Referral.objects.get().version == 1


def test_a_sign_that_is_now_known_to_be_there_pages_the_coordinator(ward, team):
    presentation = METASTASES.with_answer("gait", Answer.NOT_KNOWN)
    presentation = presentation.with_answer("sensory", Answer.NOT_KNOWN)
    referral = refer(team, presentation, AT - timedelta(hours=1))
    answer = ward.submit(path_of(referral), gait="yes", sensory="no", severity="5")

    referral.refresh_from_db()
    assert referral.suspicion == "mscc"
    assert {"gait", "sensory", "pain_severity"}.isdisjoint(referral.missing)
    assert Escalation.objects.filter(about="new_signs", state="open").exists()
    page = text(ward.browser.get(answer.url))
    assert "You found a sign that was not there before." in page
    known = referral.presentations.order_by("recorded_at").last().as_facts()
    assert (known.answer("gait"), known.answer("sensory")) == (Answer.YES, Answer.NO)


def test_the_number_found_later_makes_the_identity_certain(ward, team):
    nobody = intake.Person("", "Unknown Male", nhs_number_absent_reason="Unconscious")
    referral = refer(team, MSCC, AT - timedelta(hours=1), person=nobody)
    number = nhs_number()
    born = {f"date_of_birth__{box}": v for box, v in zip(("day", "month", "year"), "119", strict=1)}
    born["date_of_birth__year"] = "1950"
    ward.submit(path_of(referral), nhs_number=number, **born)

    patient = Referral.objects.get().patient
    assert (patient.nhs_number, patient.nhs_number_absent_reason) == (number, "")
    assert patient.date_of_birth == date(1950, 1, 1)


def test_a_number_that_shows_the_person_is_referred_twice_is_for_the_coordinator(ward, team):
    number = nhs_number()
    known = intake_for(team.place).person
    first = refer(team, MSCC, AT, person=type(known)("R", "Example", nhs_number=number))
    nobody = intake.Person("", "Unknown Male", nhs_number_absent_reason="Unconscious")
    second = refer(team, MSCC, AT, person=nobody)
    answer = ward.submit(path_of(second), nhs_number=number)

    assert answer.status_code == 422
    assert (
        f"A person of this NHS number has another open referral, {first.reference}. "
        "Ring the coordinator, who brings the two together." in text(answer)
    )


def test_who_was_slower_is_told_and_what_was_typed_stays(ward, team):
    referral = refer(team, MSCC, AT - timedelta(hours=1))
    path = path_of(referral)
    from tests.web.intake.reading import token_in

    page = ward.browser.get(path)
    addition = intake.Addition(note="Meanwhile")
    intake.add_information(referral.pk, addition, command=command(team.coordinator))
    typed = {"csrfmiddlewaretoken": token_in(page), "version": "1", "stage": "T2 N1"}
    answer = ward.browser.post(path, typed)

    assert answer.status_code == 409
    assert f"{team.coordinator.name} changed this referral at 09:00" in text(answer)
    assert 'value="T2 N1"' in answer.content.decode()


def test_an_answer_that_makes_it_more_urgent_is_only_taken_as_a_new_sign(team):
    referral = refer(team, METASTASES.with_answer("gait", Answer.NOT_KNOWN))
    with pytest.raises(intake.Invalid, match="Report this as a new sign"):
        intake.add_information(
            referral.pk, intake.Addition(answers={"gait": "yes"}), command=command(team.nurse)
        )


def test_nobody_elses(ward, other_ward, signed_in, team):
    referral = refer(team, MSCC)
    assert other_ward.browser.get(path_of(referral)).status_code == 404
    reader = signed_in(person("service_lead", team.place))
    assert reader.get(path_of(referral)).status_code == 403
