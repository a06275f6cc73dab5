"""What a specialty is asked and answers; key information; the letter to primary care."""

from datetime import timedelta

import pytest

from mscc import clock
from mscc.web.filters import day, hour
from referrals.domain import intake, opinions
from referrals.domain.milestones import Correction, correct
from tests.factories.people import Place, person
from tests.factories.referrals import command


def now(field):
    return {f"{field}__choice": "now"}


@pytest.fixture
def surgeon(team):
    return person("specialty_contact", team.place, specialty="spinal_surgery")


def ask(team, referral, specialty="spinal_surgery"):
    question = opinions.Question(specialty=specialty, question="Is the spine stable?")
    opinions.ask_opinion(
        referral.pk, question, command=command(team.coordinator, clock.now() - timedelta(minutes=5))
    )
    return referral.opinions.get(specialty=specialty)


def test_asking_about_stability_stops_that_clock_and_asks_only_those_who_can_say(
    coordinator, a_referral, form, page
):
    referral = a_referral(triaged=True)
    form(coordinator, referral, "record").send(
        kind="immobilisation_started", note="", **now("occurred_at")
    )
    asking = form(coordinator, referral, "ask")
    typed = {"question": "Stable?", "about_stability": "on", **now("asked_at")}
    refused = asking.send(specialty="radiology", **typed)
    assert refused.status == 422
    assert "Ask physiotherapy, oncology or spinal surgery about stability" in refused.text
    done = asking.send_on(specialty="physiotherapy", **typed)
    said = page(coordinator, done.url).text
    assert "Expert advice on spinal stability within 24 hours: met" in said
    assert "No contact of this specialty could be paged: ring them." in said


def test_a_specialty_sees_what_it_was_asked_and_opening_it_is_seen(
    team, surgeon, signed_in, coordinator, a_referral, page
):
    referral, other = a_referral(triaged=True), a_referral(triaged=True)
    opinion = ask(team, referral)
    ask(team, other, "oncology")
    browser = signed_in(surgeon)
    listed = page(browser, "/opinions/").text
    assert referral.reference in listed
    assert "Is the spine stable?" in listed
    assert "Not opened yet." in listed
    assert other.reference not in listed
    assert page(browser, f"/referrals/{other.reference}/").status == 404
    question = f"/referrals/{referral.reference}/opinions/{opinion.pk}/"
    assert "not opened yet" in page(coordinator, f"/referrals/{referral.reference}/").text
    assert page(coordinator, question).status == 200
    opinion.refresh_from_db()
    assert opinion.seen_at is None
    assert page(browser, question).status == 200
    opinion.refresh_from_db()
    assert opinion.seen_at is not None


def test_a_specialty_reads_all_that_is_known_and_not_only_what_was_added_last(
    team, surgeon, signed_in, a_referral, page
):
    referral = a_referral(triaged=True)
    for fitness in ({"performance_status": 3}, {"frailty": 6}):
        addition = intake.Addition(sections={"fitness": fitness})
        intake.add_information(
            referral.pk, addition, command=command(team.coordinator, clock.now())
        )
    question = f"/referrals/{referral.reference}/opinions/{ask(team, referral).pk}/"
    shown = page(signed_in(surgeon), question).text
    assert "Performance status 3. Clinical Frailty Scale 6." in shown


def test_a_specialty_answers_and_the_next_one_is_told_who_did(
    team, surgeon, signed_in, a_referral, form, page
):
    referral = a_referral(triaged=True)
    opinion = ask(team, referral)
    browser = signed_in(surgeon)
    shown = page(browser, f"/referrals/{referral.reference}/").html
    assert "Answer for spinal surgery</a>" in shown
    answering = form(browser, referral, f"opinions/{opinion.pk}")
    done = answering.send(answer="Stable.", answered_by=surgeon.name, **now("answered_at"))
    assert (done.status, done.url) == (302, "/opinions/")
    listed = page(browser, "/opinions/").text
    assert "Nothing waits." in listed
    assert f"Answered by {surgeon.name}" in listed
    colleague = person("specialty_contact", team.place, specialty="spinal_surgery")
    again = form(signed_in(colleague), referral, f"opinions/{opinion.pk}").opened
    assert again.status == 409
    assert f"{surgeon.name} has answered this already." in again.text


def test_a_coordinator_types_an_opinion_for_whoever_gave_it(
    team, coordinator, a_referral, form, page
):
    referral = a_referral(triaged=True)
    opinion = ask(team, referral)
    answering = form(coordinator, referral, f"opinions/{opinion.pk}")
    assert answering.send(answer="Operate", answered_by="").status == 422
    done = answering.send_on(answer="Operate", answered_by="Mr Wren", **now("answered_at"))
    assert done.url == f"/referrals/{referral.reference}/"
    shown = page(coordinator, done.url).text
    assert "Mr Wren: Operate" in shown
    assert f"{team.coordinator.name}, for Mr Wren" in shown


@pytest.mark.parametrize("who", ["another specialty", "another place", "nurse"])
def test_only_who_was_asked_may_answer(team, signed_in, a_referral, form, who):
    referral = a_referral(triaged=True)
    opinion = ask(team, referral)
    ask(team, referral, "oncology")
    user, status = {
        "another specialty": lambda: (person("specialty_contact", team.place), 403),
        "another place": lambda: (
            person("specialty_contact", Place.build(), specialty="spinal_surgery"),
            404,
        ),
        "nurse": lambda: (team.nurse, 403),
    }[who]()
    assert form(signed_in(user), referral, f"opinions/{opinion.pk}").opened.status == status


SECTIONS = {
    "person": ({"family_name": "Changed", "allergies": "Latex", "sex": "female"}, "latex"),
    "neurology": (
        {
            "mobility": "cannot_walk",
            "power_left_leg": "2",
            "power_right_leg": "3",
            "examined_by": "Dr E",
            **now("examined_at"),
        },
        "left leg 2, right leg 3",
    ),
    "pain": ({"severity": "7", "site": "Low back", **now("asked_at")}, "pain 7 out of 10"),
    "fitness": ({"performance_status": "2", "frailty": "5"}, "clinical frailty scale 5"),
    "mri-safety": (
        {"contraindicated": "yes", "contraindication": "Pacemaker"},
        "contraindication: pacemaker",
    ),
    "care": ({"dexamethasone": "yes", "dexamethasone_mg": "16"}, "dexamethasone: yes, 16 mg"),
    "cancer": ({"primary_site": "Breast", "stage": "IV"}, "stage: iv"),
    "needs": ({"text": "Lives alone", **now("happened_at")}, "lives alone"),
    "note": ({"text": "Seen by the team", **now("happened_at")}, "seen by the team"),
    "call": ({"text": "Rang the ward", **now("happened_at")}, "rang the ward"),
}


@pytest.mark.parametrize("section", SECTIONS)
def test_key_information_is_added_and_shown(coordinator, a_referral, form, page, section):
    typed, words = SECTIONS[section]
    referral = a_referral(triaged=True)
    if section == "person":
        typed = {**typed, "nhs_number": referral.patient.nhs_number}
    done = form(coordinator, referral, f"add/{section}").send(**typed)
    assert done.status == 302
    assert words in page(coordinator, done.url).text.lower()


def test_an_unknown_section_is_not_there(coordinator, a_referral, form):
    assert form(coordinator, a_referral(), "add/secrets").opened.status == 404


def test_what_does_not_fit_is_asked_about_before_it_is_saved(coordinator, a_referral, form):
    referral = a_referral(triaged=True)
    examining = form(coordinator, referral, "add/neurology")
    typed = {"mobility": "walks_unaided", "power_left_leg": "1", "examined_by": "Dr E"}
    typed |= now("examined_at")
    asked = examining.send(**typed)
    assert asked.status == 422
    assert "the person walks without help, and leg power is 1." in asked.text
    assert examining.send_on(**typed, confirmed="on").status == 302


def test_an_examination_starts_empty_and_what_changes_slowly_does_not(
    coordinator, a_referral, form
):
    referral = a_referral(triaged=True)
    for section in ("neurology", "cancer"):
        form(coordinator, referral, f"add/{section}").send(**SECTIONS[section][0])
    assert 'value="2" selected' not in form(coordinator, referral, "add/neurology").opened.html
    assert 'value="Breast"' in form(coordinator, referral, "add/cancer").opened.html


def test_a_note_as_long_as_a_book_is_refused_and_kept(coordinator, a_referral, form):
    refused = form(coordinator, a_referral(), "add/note").send(
        text="word " * 2001, **now("happened_at")
    )
    assert refused.status == 422
    assert "Note can have up to 10,000 characters. Yours has 10,005." in refused.text
    assert refused.html.count("word word word") > 1


def test_the_letter_says_what_happened_what_was_done_and_whom_to_ring(
    team, coordinator, a_referral, form, page
):
    team.place.alliance.phone = "01632 960200"
    team.place.alliance.save()
    referral = a_referral(treatment_decided=True)
    form(coordinator, referral, "record").send(
        kind="radiotherapy_started", note="8 Gy", **now("occurred_at")
    )
    form(coordinator, referral, "discharge").send(
        lead_name="Jo Lead",
        lead_phone="01632 960177",
        destination="home",
        mobility_at_discharge="walks_with_aid",
        dexamethasone="yes",
        dexamethasone_plan="2 mg less every three days, stop on 1 December",
        follow_up="Oncology clinic in two weeks",
        new_symptoms_contact="Acute oncology, 01632 960300",
        open_items_reason="Rest in the community",
        **now("discharged_at"),
    )
    shown = page(coordinator, f"/referrals/{referral.reference}/letter/")
    assert shown.status == 200
    assert referral.patient.family_name not in shown.title
    for words in (
        referral.patient.family_name.upper(),
        "MRI of the whole spine performed",
        "Radiotherapy , decided",
        "by Dr Example , with oncology.",
        "8 Gy",
        "walks with a stick or frame",
        "2 mg less every three days",
        "Oncology clinic in two weeks",
        "A new bladder or bowel problem",
        "Acute oncology, 01632 960300",
        "01632 960200",
        "Jo Lead, 01632960177",
        "Because: Rest in the community",
    ):
        assert words in shown.text, words


def test_the_letter_has_the_times_as_they_were_corrected(team, coordinator, a_referral, page):
    referral = a_referral(discharged=True)
    at = clock.now()
    for kind, minutes in (("decision_to_treat", 35), ("discharged", 30)):
        wrong = referral.milestones.get(kind=kind)
        correction = Correction(wrong.pk, at - timedelta(minutes=minutes), reason="Wrong time")
        correct(referral.pk, correction, command=command(team.coordinator, at))
    shown = page(coordinator, f"/referrals/{referral.reference}/letter/").text
    for words, minutes in (("Radiotherapy , decided", 35), ("Discharged", 30)):
        there = at - timedelta(minutes=minutes)
        assert f"{words} {day(there)}, {hour(there)}" in shown


def test_there_is_no_letter_before_the_discharge(coordinator, a_referral, page):
    shown = page(coordinator, f"/referrals/{a_referral(triaged=True).reference}/letter/")
    assert shown.status == 409
    assert "There is no discharge on record" in shown.text
