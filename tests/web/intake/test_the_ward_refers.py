"""From "Refer a person" to what to do now."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referrals.models import CancerHistory, Draft, NeurologicalAssessment, Referral
from scheduling.models import Clock, Notice
from tests.factories.people import person
from tests.factories.referrals import AT, Team, nhs_number, refer
from tests.factories.rota import on_duty
from tests.web.intake.reading import text, token_in

pytestmark = pytest.mark.django_db


def test_cord_signs_and_cancer_are_suspected_mscc_and_the_page_says_what_to_do(ward):
    answer = ward.fill("limb_weakness", "night").send()

    referral = Referral.objects.get()
    assert answer.url == f"/referrals/{referral.reference}/sent/"
    assert (referral.suspicion, referral.referrer_name) == ("mscc", "Alex Ward")
    assert (referral.ward, referral.call_back) == (ward.place.ward, "bleep 4321")
    assert Clock.objects.get(kind="mri_24h").due_at == AT + timedelta(hours=24)
    page = text(ward.browser.get(answer.url))
    assert "Suspected MSCC: this is an emergency" in page
    assert "Immobilise now: flat on the back, log-roll" in page
    assert "NG234 1.3.2" in page
    assert "No coordinator has read it yet." in page
    assert "Still missing: please complete" in page


def test_each_page_says_where_it_stands_and_the_last_one_lists_what_was_said(ward):
    ward.fill("gait", "night", gait__day="19", gait__month="11", gait__year="2026")

    assert "1 of 6: the person" in text(ward.get("person"))
    assert "5 of 6: MRI and care so far" in text(ward.get("done"))
    page = text(ward.get("check"))
    assert "6 of 6: check and send" in page
    assert "Is walking difficult or unsteady? Yes, since 19 November 2026" in page
    assert "How does the person get about now? Walks with a stick or frame" in page


def test_what_was_typed_on_every_page_arrives(ward):
    ward.begin().number()
    ward.person(
        given_name="Robin",
        date_of_birth__day="17",
        date_of_birth__month="5",
        date_of_birth__year="1960",
        sex="female",
        language="Polish",
        interpreter="yes",
        allergies="none",
    )
    ward.referrer(role="Nurse", responsible_consultant="Dr Example", consultant_aware="no")
    ward.noticed(
        "gait",
        primary_site="Breast",
        haematological="no",
        suspected_at__choice="earlier",
        suspected_at__day="21",
        suspected_at__month="11",
        suspected_at__year="2026",
        suspected_at__time="07:30",
    )
    ward.examined(severity="8", site="Mid back", power_left_leg="4", power_right_leg="5")
    ward.post(
        "done",
        contraindicated="yes",
        contraindication="Pacemaker",
        weight_kg="72",
        dexamethasone="yes",
        dexamethasone_mg="16",
        immobilised="yes",
        immobilised_at__day="21",
        immobilised_at__month="11",
        immobilised_at__year="2026",
        immobilised_at__time="08:10",
    )
    ward.send(**ward.ticks())  # weak leg against "no weakness" is asked about

    referral = Referral.objects.get()
    patient = referral.patient
    assert (patient.given_name, patient.date_of_birth) == ("Robin", date(1960, 5, 17))
    assert (patient.language, patient.interpreter_needed) == ("Polish", True)
    assert (referral.referrer_role, referral.consultant_aware) == ("Nurse", False)
    assert referral.milestones.get(kind="mscc_suspected").occurred_at == AT - timedelta(minutes=90)
    assert CancerHistory.objects.get().primary_site == "Breast"
    seen = NeurologicalAssessment.objects.get()
    assert (seen.power_left_leg, seen.power_right_leg, seen.power_left_arm) == (4, 5, None)
    assert referral.painassessments.get().severity == 8
    assert referral.mrisafetys.get().contraindication == "Pacemaker"
    assert referral.initialcares.get().dexamethasone_mg == 16
    assert referral.milestones.filter(kind="immobilisation_started").exists()
    page = text(ward.browser.get(f"/referrals/{referral.reference}/sent/"))
    assert "CT of the whole spine at once" in page
    assert "Continue dexamethasone 16 mg a day" in page


def test_now_means_when_it_was_typed_and_not_when_it_is_sent(ward, at):
    ward.fill("gait")
    at(AT + timedelta(hours=2))
    ward.send()

    arose = Referral.objects.get().milestones.get(kind="mscc_suspected").occurred_at
    assert arose == AT


def test_suspected_cancer_with_cord_signs_goes_to_the_coordinator(ward):
    ward.fill("limb_weakness", cancer="suspected")
    assert "This is an emergency" in text(ward.get("check"))
    ward.send()

    referral = Referral.objects.get()
    assert referral.suspicion == "mscc"
    page = text(ward.browser.get(f"/referrals/{referral.reference}/sent/"))
    assert "NG234 has no recommendation for cord signs without a cancer diagnosis." in page
    assert "Suspected MSCC: this is an emergency" in page


@pytest.mark.parametrize(
    ("yes", "cancer", "suspicion", "sentence"),
    [
        (["night"], "past_or_current", "spinal_metastases", "MSCC coordinator within 24 hours"),
        (["night"], "suspected", "none", "Refer for urgent oncology assessment."),
        ([], "past_or_current", "spinal_metastases", "Find out now:"),
    ],
)
def test_other_answers_lead_where_the_guideline_says(ward, yes, cancer, suspicion, sentence):
    ward.fill(*yes, cancer=cancer).send()

    referral = Referral.objects.get()
    assert referral.suspicion == suspicion
    page = text(ward.browser.get(f"/referrals/{referral.reference}/sent/"))
    assert sentence in page
    assert "this is an emergency" not in page


def test_as_soon_as_a_cord_sign_is_known_every_page_says_whom_to_ring(ward, coordinator):
    on_duty(coordinator.user, ward.place, AT - timedelta(hours=1))
    ward.begin().number()
    ward.person()
    ward.referrer()
    assert "This is an emergency" not in text(ward.get("person"))
    page = ward.get("noticed").content.decode()
    assert "data-mscc-emergency" in page
    ward.noticed("gait")

    for slug in ("examined", "done", "check"):
        page = text(ward.get(slug))
        assert "This is an emergency" in page
        assert f"ring {coordinator.user.name} (MSCC coordinator) now on 01632 960555" in page


def test_the_minimum_can_be_sent_from_the_page_that_completes_it(ward):
    send_now = "Send the minimum now, complete later"
    ward.begin().number()
    ward.person()
    ward.referrer()
    assert send_now not in text(ward.get("noticed"))
    ward.noticed("gait")
    assert send_now in text(ward.get("examined"))

    answer = ward.examined(go="send")
    referral = Referral.objects.get()
    assert answer.url == f"/referrals/{referral.reference}/sent/"
    assert "mri_safety" in referral.missing


def test_what_stops_it_from_being_sent_is_listed_at_once_with_links(ward):
    ward.begin().number()
    ward.person()

    answer = ward.send()
    page = text(answer)
    assert answer.status_code == 422
    assert "Before it can be sent" in page
    assert "Give a number on which you can be called back." in page
    assert "Say how the person gets about now." in page
    assert "Is walking difficult or unsteady?" in page
    assert f'href="{ward.path("referrer")}?check"' in answer.content.decode()
    assert not Referral.objects.exists()


def test_correcting_from_the_last_page_leads_back_to_it(ward):
    ward.fill("gait")
    answer = ward.submit(
        ward.path("referrer") + "?check", go="on", name="Alex Ward", call_back="bleep 99"
    )
    assert answer.url == ward.path("check")


def test_sent_twice_it_is_one_referral(ward):
    ward.fill("gait")
    first, second = ward.send(), ward.browser.get(ward.path("check"))

    assert first.url == second.url
    assert Referral.objects.count() == 1
    # What was typed is in the referral now, and no longer in the draft.
    assert ward.kept.data == {}


def test_a_form_pressed_twice_before_the_first_answer_is_one_referral(ward):
    ward.fill("gait")
    token = token_in(ward.get("check"))
    pressed = {"csrfmiddlewaretoken": token, "go": "send"}
    answers = [ward.browser.post(ward.path("check"), pressed) for _ in range(2)]

    assert len({answer.url for answer in answers}) == 1
    assert Referral.objects.count() == 1
    assert Notice.objects.filter(kind="receipt").count() == 1


def test_a_draft_is_kept_at_every_page_and_can_be_thrown_away(ward):
    ward.begin().number()
    ward.person(family_name="Draftsman")
    assert "Draftsman" in text(ward.browser.get("/refer/"))

    home = ward.browser.get("/refer/").content.decode()
    assert f'href="{ward.path("referrer")}"' in home  # it goes on where it was left
    answer = ward.discard()
    assert answer.url == "/refer/"
    assert not Draft.objects.exists()
    assert ward.get("person").status_code == 404


def test_a_page_that_is_not_finished_is_kept_without_complaint(ward):
    ward.begin().number()
    answer = ward.post("person", go="later", family_name="Halfway", date_of_birth__day="31")

    assert answer.url == "/refer/"
    page = ward.get("person")
    assert 'value="Halfway"' in page.content.decode()
    assert 'value="31"' in page.content.decode()
    assert "There is a problem" not in text(page)


def test_somebody_elses_draft_is_not_there(ward, other_ward):
    ward.begin().number()
    other_ward.draft = ward.draft

    assert other_ward.get("person").status_code == 404
    assert other_ward.get("check").status_code == 404
    token = token_in(other_ward.begin().get("nhs-number"))
    typed = {"csrfmiddlewaretoken": token, "go": "on", "nhs_number": nhs_number()}
    before = ward.kept.data
    answer = other_ward.browser.post(ward.path("nhs-number"), typed)
    assert answer.status_code == 404
    assert ward.kept.data == before


def test_a_draft_nobody_touched_for_a_week_is_forgotten(ward, other_ward, at):
    ward.begin().number()
    at(AT + timedelta(days=7, minutes=1))
    other_ward.begin().number()

    assert [draft.owner for draft in Draft.objects.all()] == [other_ward.user]


def test_a_person_elsewhere_can_be_referred_and_followed(ward, other_ward):
    hospital = other_ward.place.hospital
    ward.begin().number()
    ward.person(where="elsewhere", hospital=str(hospital.pk), place_note="Ward 9")
    ward.referrer()
    ward.noticed("gait")
    answer = ward.examined(go="send")

    referral = Referral.objects.get()
    assert (referral.hospital, referral.ward, referral.place_note) == (hospital, None, "Ward 9")
    assert ward.browser.get(answer.url).status_code == 200


def test_what_is_read_back_shows_state_next_step_and_what_is_missing(ward):
    ward.fill("gait").send()
    referral = Referral.objects.get()

    page = text(ward.browser.get("/refer/"))
    assert referral.reference in page
    assert "Referred, suspected MSCC. Not yet read by a coordinator" in page
    assert "Next: Contact, due Sat 21 Nov, 09:15 GMT (in 15 min)" in page
    assert "things are missing" in page


def test_somebody_who_may_not_refer_is_told_so(signed_in, place):
    browser = signed_in(person("alliance_lead", place))
    assert browser.get("/refer/").status_code == 403
    assert browser.get("/refer/new/").status_code == 403


def test_a_receipt_goes_out_without_a_word_about_the_person(ward):
    number = nhs_number()
    ward.fill("gait", number=number).send()

    receipt = Notice.objects.get(kind="receipt")
    assert receipt.address == ward.user.email
    assert "Example" not in str(receipt.fields)
    assert number not in str(receipt.fields)


def test_somebody_without_a_ward_of_their_own_chooses_the_hospital(coordinator):
    coordinator.begin().number()
    assert "Somewhere else" not in text(coordinator.get("person"))
    assert "Say which hospital the person is in." in text(coordinator.person())
    coordinator.person(hospital=str(coordinator.place.hospital.pk))
    coordinator.referrer()
    coordinator.noticed("gait")
    coordinator.examined(go="send")

    assert Referral.objects.get().hospital == coordinator.place.hospital


def test_the_wards_page_costs_the_same_for_one_referral_and_for_three(
    ward, django_assert_num_queries, place
):
    team = Team.build(place)
    refer(team)
    with CaptureQueriesContext(connection) as first:
        ward.browser.get("/refer/")
    refer(team)
    refer(team)
    with django_assert_num_queries(len(first)):
        ward.browser.get("/refer/")
