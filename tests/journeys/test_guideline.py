"""The guideline at work, from the first advice to the question how somebody is a month later."""

import re
from datetime import timedelta

import pytest

from mscc import clock
from mscc.people.models import Specialty
from referrals.domain import imaging
from referrals.models import CareEntry, FollowUp, TreatmentDecision
from tests.factories.people import ContactPointFactory, person
from tests.factories.referrals import ReferralFactory, command
from tests.journeys.someone import starting
from tests.journeys.test_coordinator import boxes

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(420),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def surgeon_user(team):
    """Spinal surgery can be asked, and has an address."""
    found = person("specialty_contact", team.place, Specialty.SPINAL_SURGERY, name="Mr Sunil Bone")
    ContactPointFactory(user=found, address=found.email)
    return found


def found_mscc(team, hours=4):
    """Somebody whose scan has shown compression of the cord at T8."""
    at = clock.now() - timedelta(hours=hours)
    referral = ReferralFactory(team=team, scanned=True, at=at)
    report = imaging.ScanReport(
        reported_at=at + timedelta(minutes=40),
        outcome="mscc",
        reported_by="Dr Ray Scan",
        report="Metastasis of T8, lytic, 60% collapse, compression of the cord.",
    )
    by = command(team.coordinator, at + timedelta(minutes=40))
    return imaging.record_report(referral.pk, report, command=by)


def score_sins(someone, collapse):
    """SINS of T8, with what the scan showed of the collapse."""
    someone.types("Level", "T8").answers("Pain", starting("Mechanical"))
    someone.answers("Bone lesion", starting("Lytic")).answers("Alignment", starting("Normal"))
    someone.answers("Collapse", starting(collapse)).answers("Facet", starting("On one side"))
    someone.types("Clinical assessment", "Frail, severe pain on standing, T8 collapsed.")
    return someone.types("Who assessed?", "Mr Sunil Bone")


def test_advice_and_care_by_the_guideline(someone, team):
    referral = found_mscc(team)
    page = f"/referrals/{referral.reference}/"

    # Given a ward nurse who follows the referral, and a coordinator who has the ward on the phone
    nurse = someone("nurse", phone=True).opens(f"{page}sent/")
    nurse.signs_in(team.nurse).does_not_see("Advice from the coordinator")
    coordinator = someone().opens(f"{page}advise/").signs_in(team.coordinator)
    coordinator.sees("Immobilisation and handling", "Dexamethasone", "Referral and transfer")

    # When the advice is edited, given on the telephone and read back
    coordinator.types("Pain", "Paracetamol and morphine as charted. Ring me if that fails.")
    coordinator.answers("How?", "By phone").ticks("They read it back to me")
    coordinator.presses("Record the advice as given").sees("Advice to Alex Ward recorded")

    # Then the ward sees its words at once
    nurse.opens(nurse.page.url).sees("Advice from the coordinator", "Ring me if that fails.")
    nurse.reads("read back", "Cora Nator")

    # When the care that was given, declined and ruled out is told in one go
    coordinator.presses("Record care").sees("What applies now", "What may apply")
    coordinator.tells("Immobilisation", "Given").tells("Risk of blood clots and bleeding", "Given")
    coordinator.tells("Thigh-length stockings", "Contraindicated")
    coordinator.tells("Holistic needs assessment", "Offered and declined").presses("Save")
    coordinator.sees("There is a problem", "Thigh-length stockings")
    coordinator.tells("Thigh-length stockings", "Contraindicated", "Bleeding ulcer.")
    coordinator.tells("Holistic needs assessment", "Offered and declined", "Not today, tired.")
    coordinator.presses("Save").sees("Care recorded", "Holistic needs assessment: offered")
    assert CareEntry.objects.filter(referral=referral).count() == 4

    # When dexamethasone was started an hour ago, and its taper is planned
    now = clock.now()
    coordinator.presses("Record dexamethasone").sees("The course so far", "None recorded")
    coordinator.answers("What happened?", "It was started").types("Dose a day in mg", "16")
    coordinator.answers("How is it given?", "By mouth").answers("When was it?", "Earlier")
    coordinator.types_date("When was it?", *boxes(now - timedelta(hours=1))).presses("Save")
    coordinator.sees("Dexamethasone started: 16 mg a day").presses("Record dexamethasone")
    coordinator.answers("What happened?", "A taper is planned").sees("The taper", "16 mg a day")
    coordinator.types("Step 2: milligrams a day", "six").presses("Save")
    coordinator.sees("There is a problem", "Step 2: Enter milligrams a day")
    coordinator.types("Step 2: milligrams a day", "6").presses("Save")
    coordinator.sees("There is a problem", "no treatment has begun on record")
    coordinator.ticks("I have checked this, and it is right").presses("Save")
    coordinator.sees("Taper of dexamethasone planned")

    # Then the board says which care is due next, and lists all of it
    coordinator.opens("/board/").sees(referral.reference, "Care: pain relief overdue")
    coordinator.opens("/board/due/").sees("Care that is due", "Pain assessment")
    coordinator.does_not_see("Dexamethasone, first dose", "Thigh-length stockings")


def test_scores_opinion_plan_and_decision(someone, team, surgeon_user):
    referral = found_mscc(team)
    page = f"/referrals/{referral.reference}/"
    coordinator = someone().opens(f"{page}scores/sins/").signs_in(team.coordinator)

    # Given a collapse of exactly half, then SINS has no total and asks about it
    coordinator.sees("SINS", "never decides alone")
    score_sins(coordinator, "Exactly 50%").presses("Work it out")
    coordinator.sees("not saved yet", "There is no total yet")
    coordinator.presses("Save this score").sees("Saved as incomplete", "Incomplete.")

    # When it is known to be more, then it has one, and the range stays on record
    coordinator.presses(starting("Score again")).answers("Collapse", starting("More than 50%"))
    score_sins(coordinator, "More than 50%").presses("Work it out").sees("not saved yet")
    coordinator.presses("Save this score").sees("1 earlier score kept")

    # When the prognosis is scored
    coordinator.opens(f"{page}scores/tokuhashi/")
    coordinator.picks(
        "General condition: Karnofsky", "60: Needs help now and then, mostly cares for self"
    )
    coordinator.answers("Bone metastases outside", "1 or 2 (1 point)")
    coordinator.answers("Vertebrae with", "2 (1 point)").answers("major organs", "None (2 points)")
    coordinator.answers("Palsy", starting("D:"))
    coordinator.types("Clinical assessment", "Breast cancer, slow. Liver and lungs are clear.")
    coordinator.types("Who assessed?", "Dr Onc Ology").presses("Work it out")
    coordinator.sees("not saved yet", "Primary tumour").picks("Primary tumour", "Breast (5 points)")
    # A changed answer is worked out and shown again before anything is saved.
    coordinator.presses("Save this score").sees("not saved yet", "11 of 15")
    coordinator.presses("Save this score").sees("Tokuhashi", "11 of 15")

    # When spinal surgery is asked, with a time by which the answer is needed
    coordinator.presses("Ask for an opinion").answers("Which specialty?", "Spinal surgery")
    coordinator.types("What do you want to know?", "Fix T8 before radiotherapy?")
    coordinator.answers("How soon is the answer needed?", "Within 1 hour")
    coordinator.sees("How soon is the answer needed?").presses("Ask").sees(
        "Spinal surgery was asked"
    )
    coordinator.sees("Waiting for an opinion", "Answer", "not opened yet")
    surgeon = someone("surgeon", phone=True).opens("/opinions/").signs_in(surgeon_user)
    surgeon.sees("Fix T8 before radiotherapy?").presses(referral.reference)
    surgeon.types("Opinion", "No: radiotherapy, then a brace. Ask again if pain persists.")
    surgeon.presses("Save the opinion").sees("The opinion of spinal surgery is recorded")

    # When a senior clinician makes the plan with the person
    senior = someone("senior").opens(f"{page}care-plan/").signs_in(team.senior)
    senior.types("What matters most to the person?", "To be at her daughter's wedding in May.")
    senior.types("The plan", "Radiotherapy today. Brace. Physiotherapy daily.")
    senior.answers("Is it agreed with the person?", "Yes")
    senior.answers("Whose advice", "The multidisciplinary team")
    senior.types("Which senior clinician made it?", "Dr Sena Iyer").sees("The plan")
    senior.presses("Save the care plan").sees("Care plan saved as version 1", "wedding in May")
    senior.presses("Print the care plan").sees("wedding in May", "Dr Sena Iyer")

    # When they decide, they see the options, the opinion and the scores, and say what counted
    senior.opens(f"{page}decide/").sees("Options the guideline lists", "then a brace", "11 of 15")
    senior.answers("What is the plan?", "Radiotherapy").types("Who decided?", "Dr Sena Iyer")
    senior.answers("Who was consulted?", "Spinal surgery", starting("Oncology"))
    senior.answers("Which opinions does it rest on?", starting("The opinion of Mr Sunil Bone"))
    senior.answers("Which scores does it rest on?", starting("SINS"), starting("Revised"))
    senior.answers("Is urgent radiotherapy offered?", "Yes, or the plan is surgery")
    senior.presses("Record the decision").sees("Decision to treat recorded", "It rests on")
    decision = TreatmentDecision.objects.get(referral=referral)
    assert len(decision.opinions) == 1
    assert len(decision.scores) == 2
    assert decision.options

    # When radiotherapy starts, and sitting up brings pain, the stop cannot be overlooked
    senior.presses("Record what happened").answers("What happened?", "Radiotherapy started")
    senior.presses("Save").presses("Record a step of sitting up").sees("Which step?")
    senior.answers("Which step?", "Head of the bed raised 60 degrees")
    senior.types("Lying: upper (systolic)", "120").types("Upright: upper (systolic)", "118")
    senior.types("Pain before the step", "3").types("Pain during or after the step", "8")
    senior.answers("Is the neurology worse", "No").presses("Record this step")
    senior.sees("There is a problem", "nobody has recorded that the spine is likely to be stable")
    senior.ticks("I have checked this, and it is right").presses("Record this step")
    senior.sees("Stop and reassess the stability of the spine", "This stays here until")


def test_going_home_and_a_month_later(someone, team):
    at = clock.now() - timedelta(hours=5)
    referral = ReferralFactory(team=team, treatment_decided=True, at=at)
    left = clock.now() - timedelta(days=31)
    gone = ReferralFactory(team=team, discharged=True, at=left)
    page = f"/referrals/{referral.reference}/"

    # Given a discharge that is planned with a named lead, who is on the sheet for the person
    coordinator = someone().opens(f"{page}discharge-plan/").signs_in(team.coordinator)
    coordinator.sees("Who leads the discharge planning?", "What is arranged")
    coordinator.types("Who leads the discharge planning?", "Sister Lea Ding")
    coordinator.types("Their number", "01632 960777")
    coordinator.answers("Who has been brought in?", "The person", "A pharmacist")
    coordinator.answers("Equipment is at home", "Done, or not needed")
    coordinator.types("Equipment is at home: note", "Bed and hoist on Monday.")
    coordinator.presses("Save the plan").sees(
        "The discharge plan is saved", "Bed and hoist on Monday."
    )
    coordinator.presses("Information for the person and family").sees("Who to ring")
    coordinator.presses("Going home").sees("Sister Lea Ding", "01632960777")
    coordinator.presses("Large print").sees("Sister Lea Ding").page.emulate_media(media="print")
    coordinator.sees("Sister Lea Ding").does_not_see("EXAMPLE", "Large print", "Sign out")
    assert coordinator.page.pdf(format="A4").count(b"/Type /Page\n") < 6
    coordinator.page.emulate_media(media="screen")

    # When they go home, the letter says what was planned, and the board has no more to do today
    coordinator.opens(f"{page}discharge/").sees("Still open").answers(
        "Where does the person go?", "Home"
    )
    coordinator.types("Why are these left open?", "The care home arranges them.")
    coordinator.presses("Discharge").sees("Follow-up at 30 days", "Due on")
    coordinator.presses("Letter to primary care").sees("Discharge summary", "Sister Lea Ding")
    coordinator.opens("/board/due/")
    coordinator.does_not_see(f"Follow-up at 30 days, {referral.reference}")

    # Given somebody else, who went home a month ago, then they are on the list
    coordinator.opens("/board/due/").sees(gone.reference, "Follow-up at 30 days", "Discharged from")
    coordinator.presses(re.compile(f"Follow-up at 30 days, {gone.reference}"))
    coordinator.sees("Was somebody reached?", "Is the person alive?")
    coordinator.answers("Was somebody reached?", "Yes").types("Who told you?", "His wife")
    coordinator.answers("Is the person alive?", "Yes")
    coordinator.answers("How does the person get about?", starting("Walks with"))
    coordinator.answers("Bladder and bowel", "Urinary catheter")
    coordinator.answers("Where is the person cared for?", "At home").presses("Save")

    # Then it is off the list until the next one
    coordinator.sees("Follow-up at 30 days recorded", "Urinary catheter", "Follow-up at 90 days")
    coordinator.opens("/board/due/").sees("Nothing due.")
    assert FollowUp.objects.get(referral=gone).day == 30
