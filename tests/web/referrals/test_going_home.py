"""The care plan, the plan of the discharge, and follow-up, on screen."""

from datetime import timedelta

import pytest

from audit.models import Trail
from mscc import clock
from mscc.web.filters import day
from referrals.clinical.discharge import ARRANGEMENTS, PARTIES
from referrals.domain import discharge
from referrals.domain.imaging import ScanReport, record_report
from referrals.models import CarePlan, DischargeStep, FollowUp
from tests.factories.referrals import command

NOW = {"made_at__choice": "now"}
PLAN = {
    "matters_most": "To sit in the garden",
    "preferences": "Her son decides with her",
    "advisers": ["mdt", "pharmacist"],
    "advice": "Radiotherapy first",
    "plan": "One fraction, then home with support",
    "agreed": "yes",
    "senior_clinician": "Dr Helena Marsh",
    **NOW,
}
REACHED = {
    "reached": "yes",
    "told_by": "her daughter",
    "alive": "yes",
    "mobility": "walks_with_aid",
    "continence": "catheter",
    "pain": "3",
    "place_of_care": "home",
    "followed_at__choice": "now",
}


@pytest.fixture
def discharged(a_referral):
    """Discharged 31 days ago."""
    return a_referral(discharged=True, at=clock.now() - timedelta(days=31, hours=1))


# --- The care plan


def test_a_care_plan_is_made_shown_and_printed(coordinator, a_referral, form, page):
    referral = a_referral(triaged=True)
    assert "There is none yet." in page(coordinator, f"/referrals/{referral.reference}/").text
    review = {"review_on__day": "1", "review_on__month": "6", "review_on__year": "2099"}
    done = form(coordinator, referral, "care-plan").send(**PLAN, **review)
    assert done.status == 302
    shown = page(coordinator, done.url).text
    for words in (
        "Care plan saved as version 1. Review on 1 June 2099.",
        "To sit in the garden",
        "The multidisciplinary team; A pharmacist",
        "Made by Dr Helena Marsh",
        "Personalised care plan made",
    ):
        assert words in shown
    printed = page(coordinator, f"/referrals/{referral.reference}/care-plan/print/")
    assert printed.status == 200
    assert "One fraction, then home with support" in printed.text
    assert referral.patient.family_name not in printed.title


def test_a_new_version_begins_with_the_old_words_and_keeps_them(
    coordinator, a_referral, form, page
):
    referral = a_referral(triaged=True)
    form(coordinator, referral, "care-plan").send(**PLAN)
    again = form(coordinator, referral, "care-plan")
    assert "This becomes version 2." in again.opened.text
    assert "To sit in the garden</textarea>" in again.opened.html
    done = again.send(**PLAN | {"plan": "Home with hospice at home"})
    said = page(coordinator, done.url).text
    assert "Care plan saved as version 2." in said
    assert "The earlier version stays on record." in said
    printed = page(coordinator, f"/referrals/{referral.reference}/care-plan/print/").text
    new, old = printed.index("Home with hospice at home"), printed.index("One fraction, then home")
    assert new < printed.index("no longer in force") < old
    assert CarePlan.objects.filter(referral=referral).count() == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"plan": ""}, "Write the plan."),
        ({"senior_clinician": ""}, "Name the senior clinician whose plan this is"),
        ({"matters_most": "", "preferences": ""}, "Write what matters most to the person"),
        ({"agreed": "no"}, "Say why the plan is not agreed with the person."),
        ({"agreed": ""}, "Choose one."),
    ],
)
def test_what_a_plan_cannot_do_without_is_asked_for(
    coordinator, a_referral, form, change, sentence
):
    referral = a_referral(triaged=True)
    refused = form(coordinator, referral, "care-plan").send(**PLAN | change)
    assert refused.status == 422
    assert sentence in refused.text
    assert not CarePlan.objects.exists()


def test_a_review_that_is_past_is_asked_about_and_then_taken(coordinator, a_referral, form, page):
    referral = a_referral(triaged=True)
    making = form(coordinator, referral, "care-plan")
    past = {"review_on__day": "1", "review_on__month": "2", "review_on__year": "2024"}
    asked = making.send(**PLAN, **past)
    assert asked.status == 422
    assert "1 February 2024 has passed." in asked.text
    done = making.send_on(**PLAN, **past, confirmed="on")
    assert done.status == 302
    assert "Review was due on 1 February 2024." in page(coordinator, done.url).text


def test_there_is_nothing_to_print_before_there_is_a_plan(coordinator, a_referral, page):
    referral = a_referral(triaged=True)
    shown = page(coordinator, f"/referrals/{referral.reference}/care-plan/print/")
    assert (shown.status, "There is no care plan" in shown.text) == (409, True)


def test_a_review_today_is_not_past(coordinator, a_referral, form):
    today = clock.local(clock.now()).date()
    typed = {
        "review_on__day": str(today.day),
        "review_on__month": str(today.month),
        "review_on__year": str(today.year),
    }
    referral = a_referral(triaged=True)
    assert form(coordinator, referral, "care-plan").send(**PLAN, **typed).status == 302


# --- The plan of the discharge

LEAD = {"lead_name": "Ola Finch", "lead_role": "Ward sister", "lead_phone": "01632 960177"}


def test_a_discharge_plan_begins_with_its_lead(coordinator, a_referral, form):
    referral = a_referral(triaged=True)
    refused = form(coordinator, referral, "discharge-plan").send(equipment="yes")
    assert refused.status == 422
    assert "Name the person who leads the discharge planning." in refused.text
    assert not DischargeStep.objects.exists()


def test_steps_are_done_one_by_one_and_every_entry_is_kept(coordinator, a_referral, form, page):
    referral = a_referral(triaged=True)
    planning = form(coordinator, referral, "discharge-plan")
    done = planning.send(**LEAD, involved=["person", "pharmacist"], equipment_note="Hospital bed")
    assert done.status == 302
    shown = page(coordinator, done.url).text
    assert f"{len(ARRANGEMENTS)} of {len(ARRANGEMENTS)} not yet done." in shown
    assert "Ola Finch, Ward sister, 01632" in shown
    assert "Not brought in yet Family and carers" in shown
    assert "Not yet: Equipment is at home: Hospital bed" in shown
    again = form(coordinator, referral, "discharge-plan")
    assert 'value="Ola Finch"' in again.opened.html
    carried = {"involved": ["person", "pharmacist"], **LEAD}
    done = again.send(**carried, equipment="yes", equipment_note="Hospital bed")
    assert "Done: Equipment is at home" in page(coordinator, done.url).text
    kept = DischargeStep.objects.filter(referral=referral, step="equipment")
    assert sorted(kept.values_list("done", flat=True)) == [False, True]
    assert DischargeStep.objects.filter(referral=referral, step="lead").count() == 1
    assert Trail.objects.filter(action="discharge_planned").count() == 2


def test_saving_the_same_again_says_that_nothing_changed(coordinator, a_referral, form):
    referral = a_referral(triaged=True)
    form(coordinator, referral, "discharge-plan").send(**LEAD)
    same = form(coordinator, referral, "discharge-plan").send(**LEAD)
    assert same.status == 422
    assert "Nothing here differs from the plan as it stands." in same.text


def test_whom_they_ring_is_written_down_with_its_tick(coordinator, a_referral, form):
    referral = a_referral(triaged=True)
    planning = form(coordinator, referral, "discharge-plan")
    refused = planning.send(**LEAD, contact="yes")
    assert "Write whom they ring, and on which number." in refused.text
    assert planning.send_on(**LEAD, contact="yes", contact_note="01632 960200").status == 302


def everything():
    done = {step.key: "yes" for step in ARRANGEMENTS}
    notes = {f"{step.key}_note": f"{step.key} noted" for step in ARRANGEMENTS}
    return LEAD | done | notes | {"involved": [party.key for party in PARTIES]}


def test_the_discharge_takes_from_its_plan_and_the_letter_says_it(
    coordinator, a_referral, form, page
):
    referral = a_referral(treatment_decided=True)
    form(coordinator, referral, "care-plan").send(**PLAN)
    form(coordinator, referral, "discharge-plan").send(**everything())
    leaving = form(coordinator, referral, "discharge")
    for value in ("Ola Finch", "01632960177", "contact noted"):
        assert f'value="{value}"' in leaving.opened.html
    assert "equipment noted" in leaving.opened.html
    assert "There is no personalised care plan" not in leaving.opened.text
    assert "Is there a personalised care plan?" not in leaving.opened.text
    done = leaving.send(
        destination="home",
        discharged_at__choice="now",
        **LEAD,
        dexamethasone="no",
        carers_trained="yes",
        equipment_and_support="Bed",
        follow_up="Oncology",
        new_symptoms_contact="MSCC line, 01632 960200",
        open_items_reason="Key information",
    )
    assert done.status == 302
    letter = page(coordinator, f"/referrals/{referral.reference}/letter/").text
    today = clock.local(clock.now()).date()
    for words in (
        "One fraction, then home with support",
        "To sit in the garden",
        "Bed",
        "MSCC line, 01632 960200",
        "medicines noted",
        f"30 days: {day(today + timedelta(days=30))}",
        f"90 days: {day(today + timedelta(days=90))}",
    ):
        assert words in letter


# --- Follow-up


def test_follow_up_is_recorded_once_and_corrected_openly(coordinator, discharged, form, page):
    before = page(coordinator, f"/referrals/{discharged.reference}/").text
    assert "Follow-up at 30 days" in before
    assert "Was due on" in before
    done = form(coordinator, discharged, "follow-up/30").send(**REACHED)
    assert done.status == 302
    shown = page(coordinator, done.url).text
    for words in ("Walks with a stick or frame.", "Pain 3 out of 10.", "Told by her daughter."):
        assert words in shown
    again = form(coordinator, discharged, "follow-up/30")
    assert "Recorded already" in again.opened.text
    refused = again.send(**REACHED | {"pain": "6"})
    assert refused.status == 422
    done = again.send_on(**REACHED | {"pain": "6", "correction": "Misheard"})
    shown = page(coordinator, done.url).text
    assert shown.index("Pain 6 out of 10.") < shown.index("Before it was corrected:")
    assert FollowUp.objects.filter(referral=discharged, day=30).count() == 2
    (stands,) = discharged.milestones.standing().filter(kind="followed_up")
    assert (stands.details["day"], stands.reason) == (30, "Misheard")
    discharged.refresh_from_db()
    assert discharged.state == "discharged"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"alive": "no"}, "the person has died, and you also said: walks with a stick or frame"),
        ({"reached": "no"}, "nobody was reached, and you also said"),
        ({"alive": "not_known"}, "it is not known whether the person is alive"),
    ],
)
def test_answers_that_do_not_fit_are_asked_about(coordinator, discharged, form, change, words):
    asking = form(coordinator, discharged, "follow-up/30")
    asked = asking.send(**REACHED | change)
    assert asked.status == 422
    assert words in asked.text
    assert asking.send_on(**REACHED | change, confirmed="on").status == 302


@pytest.mark.parametrize(
    ("days", "status", "words"),
    [(-40, 422, "the person was discharged after that"), (1, 422, "This day has not come yet.")],
)
def test_the_day_of_a_death_lies_between_discharge_and_today(
    coordinator, discharged, form, days, status, words
):
    died = clock.local(clock.now()).date() + timedelta(days=days)
    asking = form(coordinator, discharged, "follow-up/30")
    typed = {
        "reached": "yes",
        "told_by": "the GP",
        "alive": "no",
        "died_on__day": str(died.day),
        "died_on__month": str(died.month),
        "died_on__year": str(died.year),
        "followed_at__choice": "now",
    }
    refused = asking.send(**typed)
    assert (refused.status, words in refused.text) == (status, True)
    again = asking.send_on(**typed, confirmed="on").status
    assert again == (302 if days < 0 else 422)


def test_after_a_death_nobody_is_asked_again(coordinator, discharged, form, page):
    assert "Follow-up at 90 days" in page(coordinator, f"/referrals/{discharged.reference}/").text
    died = {"reached": "yes", "told_by": "the GP", "alive": "no", "followed_at__choice": "now"}
    done = form(coordinator, discharged, "follow-up/30").send(**died)
    shown = page(coordinator, done.url).text
    assert "The person has died." in shown
    assert "Follow-up at 90 days" not in shown


def test_ninety_days_are_not_thirty(coordinator, discharged, form, page):
    asked = form(coordinator, discharged, "follow-up/90").send(**REACHED)
    assert asked.status == 422
    assert "Check the day: follow-up at 90 days is due on" in asked.text
    assert page(coordinator, f"/referrals/{discharged.reference}/follow-up/31/").status == 404


@pytest.mark.parametrize("change", [{"told_by": ""}, {"reached": ""}, {"alive": ""}])
def test_who_was_asked_and_what_they_said_is_needed(coordinator, discharged, form, change):
    assert form(coordinator, discharged, "follow-up/30").send(**REACHED | change).status == 422
    assert not FollowUp.objects.exists()


def test_there_is_no_follow_up_of_somebody_who_is_still_here(coordinator, a_referral, form):
    opened = form(coordinator, a_referral(triaged=True), "follow-up/30").opened
    assert opened.status == 409
    assert "not possible now" in opened.text


def test_nobody_is_asked_in_whom_it_was_ruled_out(team, coordinator, a_referral, page):
    at = clock.now() - timedelta(days=40)
    referral = a_referral(scanned=True, at=at)
    read = at + timedelta(hours=1)
    report = ScanReport(outcome="ruled_out", reported_at=read, reported_by="Dr R", report="Normal")
    record_report(referral.pk, report, command=command(team.coordinator, read))
    left = read + timedelta(hours=1)
    leaving = discharge.Leaving(
        lead_name="Jo", destination="home", discharged_at=left, open_items_reason="Tried"
    )
    discharge.discharge(referral.pk, leaving, command=command(team.coordinator, left))
    shown = page(coordinator, f"/referrals/{referral.reference}/").text
    assert "Follow-up at 30 days" not in shown
    letter = page(coordinator, f"/referrals/{referral.reference}/letter/").text
    assert "no further follow-up by us" in letter
