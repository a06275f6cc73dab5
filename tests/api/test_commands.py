"""The pathway by program: the same rules as the screens, said in JSON."""

from datetime import timedelta

import pytest

from audit.models import Trail
from referrals.models import Milestone, MriScan, Opinion, Patient, Referral
from scheduling.models import Clock
from tests.factories.people import Place, person
from tests.factories.referrals import AT, METASTASES, ReferralFactory, Team, nhs_number, refer

pytestmark = pytest.mark.django_db


def intake_for(team, **more):
    return {
        "hospital_id": team.place.hospital.pk,
        "ward_id": team.place.ward.pk,
        "person": {"given_name": "Robin", "family_name": "Example", "nhs_number": nhs_number()},
        "referrer": {"name": "Alex Ward", "call_back": "01632 960123"},
        "presentation": {
            "cancer": "past_or_current",
            "findings": {"limb_weakness": {"answer": "yes", "onset": "2026-11-20"}},
        },
    } | more


def moment(**later):
    return (AT + timedelta(**later)).isoformat()


def test_a_ward_refers_and_the_coordinator_takes_the_person_to_discharge(program, at):
    team = Team.build()
    ward, coordinator = program(team.nurse), program(team.coordinator)

    received = ward.post("referrals/", intake_for(team))
    assert received.status_code == 201, received.content
    assert received.headers["ETag"] == '"1"'
    one = f"referrals/{received.json()['reference']}"
    told = program(team.nurse).get(f"{one}/").json()
    assert (told["suspicion"], told["provisional"]["numbers"][:1]) == ("mscc", ["1.3.2"])

    def done(address, body, **later):
        at(AT + timedelta(**later))
        answer = coordinator.post(f"{one}/{address}/", body)
        assert answer.status_code == 200, answer.content
        return answer.json()

    done("take", None, minutes=2)
    advice = {"given_to": "Alex Ward", "how": "phone", "pain": "Paracetamol.", "read_back": True}
    done("advice", advice, minutes=5)
    assert done("triage", {"suspicion": "mscc"}, minutes=10)["state"] == "triaged"
    asked = {"specialty": "oncology", "question": "Stable?", "about_stability": True}
    done("opinions", asked, minutes=15)
    opinion = Opinion.objects.get()
    answer = {"answer": "Nurse flat.", "answered_by": "Dr Example"}
    done(f"opinions/{opinion.pk}/answer", answer, minutes=20)
    slot = {"slot_at": moment(hours=3), "hospital_id": team.place.hospital.pk}
    assert done("book-mri", slot, minutes=30)["state"] == "mri_booked"
    done("scan", {"performed_at": moment(hours=3), "whole_spine": True}, hours=4)
    report = {"reported_at": moment(hours=5), "outcome": "mscc", "reported_by": "Dr Example"}
    done("report", report, hours=5)
    decision = {
        "plan": "radiotherapy",
        "decided_by": "Dr Example",
        "decided_at": moment(hours=6),
        "consulted": ["oncology"],
    }
    assert done("decide-treatment", decision, hours=6)["state"] == "treatment_decided"
    begun = {"kind": "radiotherapy_started", "occurred_at": moment(hours=8), "note": "8 Gy"}
    done("milestones", begun, hours=8)
    assert Clock.objects.get(kind="rt_24h").state == "met"
    leaving = {"lead_name": "Jo", "destination": "home", "discharged_at": moment(hours=30)}
    left = done("discharge", leaving | {"open_items_reason": "Family doctor."}, hours=30)
    assert left["state"] == "discharged"


def test_new_signs_from_the_ward_raise_the_referral_and_start_the_24_hours(program, at):
    team = Team.build()
    referral = refer(team, METASTASES)
    at(AT + timedelta(hours=30))

    answer = program(team.nurse).post(
        f"referrals/{referral.reference}/new-signs/",
        {"items": ["gait"], "found_at": moment(hours=29)},
    )

    assert answer.status_code == 200, answer.content
    mri = Clock.objects.get(referral=referral, kind="mri_24h")
    assert mri.due_at == AT + timedelta(hours=53)


def test_information_completes_what_was_missing_and_keeps_what_was_said(program, at):
    team = Team.build()
    referral = refer(team)
    body = {
        "sections": {"cancer": {"primary_site": "Breast"}, "care": {"dexamethasone_mg": 16}},
        "person": {"allergies": "Penicillin", "date_of_birth": "1961-02-03"},
        "note": "Daughter is on her way.",
    }

    answer = program(team.nurse).post(f"referrals/{referral.reference}/information/", body)

    assert answer.status_code == 200, answer.content
    record = program(team.nurse).get(f"referrals/{referral.reference}/record/").json()
    assert [row["primary_site"] for row in record["cancer"]] == ["Breast"]
    assert record["notes"][0]["text"] == "Daughter is on her way."
    assert Patient.objects.get(pk=referral.patient_id).allergies == "Penicillin"


def test_a_fact_is_corrected_and_the_wrong_one_stays_on_record(program, at):
    team = Team.build()
    referral = ReferralFactory(team=team, scanned=True)
    wrong = Milestone.objects.get(referral=referral, kind="mri_performed")
    at(AT + timedelta(hours=27))
    coordinator = program(team.coordinator)

    answer = coordinator.post(
        f"referrals/{referral.reference}/milestones/{wrong.pk}/correct/",
        {"occurred_at": moment(hours=26), "reason": "Read from the wrong line."},
    )

    assert answer.status_code == 200, answer.content
    facts = coordinator.get(f"referrals/{referral.reference}/milestones/").json()["results"]
    kept = [fact for fact in facts if fact["kind"] == "mri_performed"]
    assert [fact["supersedes"] for fact in kept] == [None, str(wrong.pk)]
    assert Clock.objects.get(referral=referral, kind="mri_24h").state == "missed"


def test_the_time_at_which_something_was_pressed_is_not_corrected(program, at):
    team = Team.build()
    referral = ReferralFactory(team=team, triaged=True)
    taken = Milestone.objects.get(referral=referral, kind="taken")
    at(AT + timedelta(hours=1))

    answer = program(team.coordinator).post(
        f"referrals/{referral.reference}/milestones/{taken.pk}/correct/",
        {"occurred_at": moment(hours=0), "reason": "It was sooner."},
    )

    assert answer.status_code == 409
    assert "This time is not corrected" in answer.json()["detail"]
    assert Milestone.objects.filter(referral=referral, kind="taken").count() == 1


@pytest.mark.parametrize(
    ("address", "body", "state"),
    [
        ("redirect", {"to": "Oncology", "advice": "Ring them today."}, "redirected"),
        ("withdraw", {"reason": "Made in error."}, "withdrawn"),
    ],
)
def test_a_referral_is_ended_and_taken_up_again(address, body, state, program, at):
    team = Team.build()
    referral = ReferralFactory(team=team, triaged=True)
    coordinator, one = program(team.coordinator), f"referrals/{referral.reference}"

    assert coordinator.post(f"{one}/{address}/", body).json()["state"] == state
    again = coordinator.post(f"{one}/reopen/", {"reason": "It was not."})
    assert again.json()["state"] == "triaged"


def test_a_judgement_is_changed_with_its_reason(program, at):
    team = Team.build()
    referral = ReferralFactory(team=team, triaged=True)
    coordinator, one = program(team.coordinator), f"referrals/{referral.reference}"

    bare = coordinator.post(f"{one}/reassess/", {"suspicion": "none"})
    assert bare.status_code == 422
    assert bare.json()["errors"][0]["pointer"] == "/reason"
    judged = {"suspicion": "none", "reason": "Nothing on examination."}
    assert coordinator.post(f"{one}/reassess/", judged).status_code == 200


def test_the_same_key_gets_the_first_answer_and_says_so(program, at):
    team = Team.build()
    referral = ReferralFactory(team=team, triaged=True)
    coordinator, address = program(team.coordinator), f"referrals/{referral.reference}/book-mri/"
    slot = {"slot_at": moment(hours=3), "hospital_id": team.place.hospital.pk}

    first = coordinator.post(address, slot, Idempotency_Key="slot-1")
    at(AT + timedelta(minutes=1))
    again = coordinator.post(address, slot, Idempotency_Key="slot-1")

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert MriScan.objects.count() == 1


def test_a_referral_sent_again_with_its_key_is_received_once(program, at):
    team = Team.build()
    ward, body = program(team.nurse), intake_for(team)

    first = ward.post("referrals/", body, Idempotency_Key="sent-1")
    again = ward.post("referrals/", body, Idempotency_Key="sent-1")

    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Referral.objects.count() == 1


def test_a_repetition_that_no_longer_fits_still_gets_the_first_answer(program, at):
    team = Team.build()
    referral = ReferralFactory(team=team, triaged=True)
    coordinator, one = program(team.coordinator), f"referrals/{referral.reference}"
    judged = {"suspicion": "none", "reason": "Nothing on examination."}

    first = coordinator.post(f"{one}/reassess/", judged, Idempotency_Key="k")
    again = coordinator.post(f"{one}/reassess/", judged, Idempotency_Key="k")

    assert (again.status_code, again.json()) == (200, first.json())


def test_a_key_that_was_used_for_something_else_is_refused(program, at):
    team = Team.build()
    one, other = refer(team), refer(team)
    coordinator = program(team.coordinator)
    coordinator.post(f"referrals/{one.reference}/take/", Idempotency_Key="k")

    answer = coordinator.post(f"referrals/{other.reference}/take/", Idempotency_Key="k")

    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency_key_reused"
    assert answer.json()["detail"].startswith("This key was used for a different request.")
    other.refresh_from_db()
    assert other.taken_by is None


def test_somebody_elses_key_is_not_mine(program, at):
    team = Team.build()
    referral = refer(team)
    program(team.coordinator).post(f"referrals/{referral.reference}/take/", Idempotency_Key="k")

    answer = program(team.senior).post(f"referrals/{referral.reference}/take/", Idempotency_Key="k")

    assert answer.status_code == 200
    assert "Idempotent-Replayed" not in answer.headers


def test_who_acts_on_an_old_version_is_told_who_changed_what(program, at):
    team = Team.build()
    referral = refer(team)
    one = f"referrals/{referral.reference}"
    seen = program(team.senior).get(f"{one}/").headers["ETag"]
    program(team.coordinator).post(f"{one}/take/")

    answer = program(team.senior).post(f"{one}/take/", If_Match=seen)

    assert answer.status_code == 409
    assert answer.json()["code"] == "stale_version"
    assert team.coordinator.name in answer.json()["detail"]
    assert "took the referral" in answer.json()["detail"]
    referral.refresh_from_db()
    assert referral.taken_by == team.coordinator


def test_the_version_that_was_answered_is_the_one_to_go_on_from(program, at):
    team = Team.build()
    referral = refer(team)
    coordinator, one = program(team.coordinator), f"referrals/{referral.reference}"

    taken = coordinator.post(f"{one}/take/", If_Match=coordinator.get(f"{one}/").headers["ETag"])
    answer = coordinator.post(
        f"{one}/triage/", {"suspicion": "mscc"}, If_Match=taken.headers["ETag"]
    )

    assert answer.status_code == 200


@pytest.mark.parametrize("wrong", ["", 'W/"3"', '"x"', '"٣"', '"99999999999"'])
def test_an_if_match_that_is_no_version_is_refused(wrong, program, at):
    team = Team.build()
    referral = refer(team)
    answer = program(team.coordinator).post(
        f"referrals/{referral.reference}/take/", If_Match=wrong.encode().decode("latin-1")
    )
    assert answer.status_code == 400
    assert "ETag" in answer.json()["detail"]


@pytest.mark.parametrize("wrong", ["", "two words", "x" * 81])
def test_a_key_that_cannot_be_kept_is_refused(wrong, program, at):
    team = Team.build()
    referral = refer(team)
    answer = program(team.coordinator).post(
        f"referrals/{referral.reference}/take/", Idempotency_Key=wrong
    )
    assert answer.status_code == 400
    assert "1 to 80" in answer.json()["detail"]


def test_a_step_that_is_not_possible_now_says_what_is(program, at):
    team = Team.build()
    referral = ReferralFactory(team=team, triaged=True)

    answer = program(team.coordinator).post(
        f"referrals/{referral.reference}/triage/", {"suspicion": "mscc"}
    )

    assert answer.status_code == 409
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "illegal_transition"
    assert problem["type"] == "urn:mscc:problem:illegal_transition"
    assert problem["allowed"] == [
        "book_mri",
        "decide_treatment",
        "discharge",
        "redirect",
        "withdraw",
    ]


@pytest.mark.parametrize("address", ["take", "advice", "opinions", "scan"])
def test_a_closed_referral_is_not_worked_on(address, program, at):
    team = Team.build()
    referral = ReferralFactory(team=team, discharged=True)
    at(AT + timedelta(hours=1))
    bodies = {
        "advice": {"given_to": "Alex", "how": "phone", "pain": "x"},
        "opinions": {"specialty": "oncology", "question": "Still there?"},
        "scan": {"performed_at": moment(minutes=1), "whole_spine": True},
    }

    answer = program(team.coordinator).post(
        f"referrals/{referral.reference}/{address}/", bodies.get(address)
    )

    assert answer.status_code == 409, answer.content
    assert answer.json()["allowed"] == ["reopen"]


def test_a_person_with_an_open_referral_is_named_and_not_referred_twice(program, at):
    team = Team.build()
    ward, body = program(team.nurse), intake_for(team)
    first = ward.post("referrals/", body).json()["reference"]

    again = ward.post("referrals/", body)
    assert again.status_code == 409
    assert first in again.json()["detail"]
    reason = {"second_referral_reason": "Another tumour, another team."}
    assert ward.post("referrals/", body | reason).status_code == 201


def test_a_specialty_answers_what_it_was_asked_and_nothing_else(program, at):
    team = Team.build()
    referral = ReferralFactory(team=team, triaged=True)
    one = f"referrals/{referral.reference}"
    coordinator = program(team.coordinator)
    for specialty in ("oncology", "spinal_surgery"):
        coordinator.post(f"{one}/opinions/", {"specialty": specialty, "question": "What now?"})
    oncologist = program(person("specialty_contact", team.place, "oncology"))
    own = Opinion.objects.get(specialty="oncology")
    other = Opinion.objects.get(specialty="spinal_surgery")
    answer = {"answer": "Radiotherapy.", "answered_by": "Dr Example"}

    assert oncologist.post(f"{one}/opinions/{own.pk}/answer/", answer).status_code == 200
    assert oncologist.post(f"{one}/opinions/{other.pk}/answer/", answer).status_code == 403
    assert coordinator.post(f"{one}/opinions/{other.pk}/answer/", answer).status_code == 200


def test_what_was_done_by_program_is_on_the_trail_under_the_persons_name(program, at):
    team = Team.build()
    referral = refer(team)

    program(team.coordinator).post(f"referrals/{referral.reference}/take/")

    line = Trail.objects.get(action="referral_taken")
    assert (line.actor, line.referral) == (team.coordinator, referral)


def test_a_place_of_another_alliance_cannot_be_referred_to(program, at):
    team, elsewhere = Team.build(), Place.build()
    body = intake_for(team, hospital_id=elsewhere.hospital.pk, ward_id=None)

    answer = program(team.nurse).post("referrals/", body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/hospital_id"
    assert not Referral.objects.exists()
