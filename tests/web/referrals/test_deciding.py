"""What whoever decides is shown, what a decision rests on, and which claims are asked about."""

from datetime import timedelta

import pytest

from mscc import clock
from referrals.clinical import radiotherapy, surgery
from referrals.domain import intake, opinions, treatment
from referrals.domain.told import Addition
from referrals.models import Score
from tests.factories.people import AssignmentFactory, person
from tests.factories.referrals import command

NOW = {"decided_at__choice": "now"}
RADIOTHERAPY = {
    "plan": "radiotherapy",
    "decided_by": "Dr Example",
    "consulted": ["oncology"],
    "radiotherapy_exception": "offered",
    **NOW,
}


@pytest.fixture
def scanned(a_referral):
    """A person in whom the scan has shown MSCC."""
    return a_referral(scanned=True, at=clock.now() - timedelta(hours=3))


def tell(team, referral, **sections):
    intake.add_information(
        referral.pk,
        Addition(sections=sections),
        command=command(team.coordinator, clock.now() - timedelta(minutes=20)),
    )


def confirm_mscc(referral):
    referral.confirmed = "mscc"
    referral.save()


def test_the_options_are_listed_with_their_numbers_their_facts_and_what_is_open(
    team, coordinator, scanned, form
):
    confirm_mscc(scanned)
    tell(team, scanned, considerations={"surgery_suitable": "no"}, cancer={"outlook": "good"})
    shown = form(coordinator, scanned, "decide").opened
    assert radiotherapy.URGENT.text in shown.text
    assert "Surgery does not suit the person." in shown.text
    assert "/guideline/#r-1-10-4" in shown.html
    assert surgery.DECOMPRESSION.text not in shown.text
    assert "Does the disease need a large treatment field?" in shown.text
    assert f"/referrals/{scanned.reference}/add/considerations/" in shown.html


def test_what_would_not_wait_is_never_folded_away(coordinator, scanned, form):
    confirm_mscc(scanned)
    html = form(coordinator, scanned, "decide").opened.html
    assert "Urgent, if it applies" in html
    assert "surgery does not suit: offer urgent radiotherapy" in html
    assert html.index("offer urgent radiotherapy") < html.index("<details")
    assert "What is still to find out" in html


def test_a_decision_keeps_what_it_rests_on_and_the_timeline_says_so(
    team, coordinator, scanned, form, page
):
    confirm_mscc(scanned)
    question = opinions.Question(specialty="oncology", question="One fraction?")
    at = clock.now() - timedelta(minutes=30)
    opinions.ask_opinion(scanned.pk, question, command=command(team.coordinator, at))
    asked = scanned.opinions.get()
    given = opinions.Answer(asked.pk, "One fraction of 8 Gy.", "Dr Noor")
    opinions.answer_opinion(scanned.pk, given, command=command(team.coordinator, at))
    score = Score.objects.create(
        referral=scanned,
        occurred_at=at,
        recorded_at=at,
        tool="sins",
        level="T10",
        low=9,
        high=9,
        result="SINS 9 of 18: potentially unstable",
        table_version="example",
        assessed_by="Dr Noor",
    )
    deciding = form(coordinator, scanned, "decide")
    assert "One fraction of 8 Gy." in deciding.opened.text
    assert "SINS 9 of 18" in deciding.opened.text
    sent = deciding.send(opinions=[str(asked.pk)], scores=[str(score.pk)], **RADIOTHERAPY)
    assert sent.status == 302
    decision = scanned.treatmentdecisions.get()
    assert (decision.opinions, decision.scores) == ([asked.pk], [score.pk])
    assert surgery.DECOMPRESSION.key in decision.options
    said = page(coordinator, sent.url).text
    assert "It rests on the opinion of Dr Noor (oncology" in said
    assert "SINS 9 of 18: potentially unstable" in said
    listed = said.partition("NG234 listed then: ")[2]
    assert surgery.DECOMPRESSION.text in listed


def test_what_is_not_of_this_person_carries_no_decision(team, coordinator, scanned, a_referral):
    other = a_referral(triaged=True)
    question = opinions.Question(specialty="oncology", question="One fraction?")
    at = clock.now() - timedelta(minutes=30)
    opinions.ask_opinion(other.pk, question, command=command(team.coordinator, at))
    decision = treatment.Decision(
        plan="radiotherapy",
        decided_by="Dr Example",
        decided_at=at,
        consulted=("oncology",),
        opinions=(other.opinions.get().pk,),
    )
    with pytest.raises(treatment.Invalid) as refused:
        treatment.decide_treatment(
            scanned.pk, decision, command=command(team.coordinator, clock.now())
        )
    assert list(refused.value.errors) == ["opinions"]


def excepted(kind, **more):
    return RADIOTHERAPY | {
        "plan": "supportive",
        "radiotherapy_exception": kind,
        "exception_reason": "Example.",
        **more,
    }


def test_a_poor_prognosis_against_the_record_is_asked_about_and_can_be_confirmed(
    team, coordinator, scanned, form
):
    confirm_mscc(scanned)
    tell(team, scanned, cancer={"outlook": "good"})
    deciding = form(coordinator, scanned, "decide")
    asked = deciding.send(**excepted("poor_prognosis"))
    assert asked.status == 422
    assert "On record: the overall prognosis is judged good." in asked.text
    done = deciding.send_on(confirmed="on", **excepted("poor_prognosis"))
    assert done.status == 302
    assert scanned.treatmentdecisions.get().radiotherapy_exception == "poor_prognosis"


def test_paralysis_of_thirteen_days_on_record_is_asked_about(team, coordinator, scanned, form):
    confirm_mscc(scanned)
    since = clock.local(clock.now()).date() - timedelta(days=13)
    tell(
        team,
        scanned,
        neurology={"complete_paralysis": "yes", "power_left_leg": 0, "power_right_leg": 0},
        considerations={"paralysed_since": since, "pain_controlled": "no"},
    )
    claimed = clock.local(clock.now()).date() - timedelta(days=20)
    typed = excepted(
        "paralysis_pain_controlled",
        paralysed_since__day=claimed.day,
        paralysed_since__month=claimed.month,
        paralysed_since__year=claimed.year,
        pain_controlled="yes",
    )
    asked = form(coordinator, scanned, "decide").send(**typed)
    assert asked.status == 422
    assert "13 days, which is not yet 2 weeks" in asked.text
    assert "On record: the pain is not well controlled." in asked.text


def test_time_since_paralysis_alone_against_surgery_is_asked_about(coordinator, scanned, form):
    confirm_mscc(scanned)
    deciding = form(coordinator, scanned, "decide")
    asked = deciding.send(against_surgery=["time_since_paralysis"], **RADIOTHERAPY)
    assert asked.status == 422
    assert "must not be (1.11.5)" in asked.text
    done = deciding.send_on(
        against_surgery=["time_since_paralysis", "general_health"], **RADIOTHERAPY
    )
    assert done.status == 302
    kept = scanned.treatmentdecisions.get().surgery_considered
    assert "Reasons against:" in kept
    assert "time since paralysis" in kept


# The facts the choice turns on.


def days(name, day):
    return {f"{name}__day": day.day, f"{name}__month": day.month, f"{name}__year": day.year}


def test_what_the_choice_turns_on_is_recorded_and_shown(coordinator, scanned, form, page):
    filled = form(coordinator, scanned, "add/considerations")
    done = filled.send(surgery_suitable="yes", oligometastases="no", fertility_matters="yes")
    assert done.status == 302
    row = scanned.considerationss.get()
    assert (row.surgery_suitable, row.oligometastases) == ("yes", "no")
    assert row.large_field == "not_known"
    said = page(coordinator, done.url).text
    assert "Surgery suits the person. 4 or more metastases in the body." in said
    again = form(coordinator, scanned, "add/considerations")
    assert again.send(unstable="yes", surgery_suitable="yes").status == 302


def test_an_empty_page_and_days_to_come_are_refused(coordinator, scanned, form):
    filled = form(coordinator, scanned, "add/considerations")
    assert "Answer at least one question." in filled.send().text
    tomorrow = clock.local(clock.now()).date() + timedelta(days=1)
    refused = filled.send(**days("paralysed_since", tomorrow))
    assert "This day has not come yet." in refused.text


def test_what_cannot_both_be_true_is_asked_about(coordinator, scanned, form):
    filled = form(coordinator, scanned, "add/considerations")
    typed = {"unstable": "yes", "stability_likely": "yes"}
    asked = filled.send(**typed)
    assert asked.status == 422
    assert "unstable, and to be likely to be stable" in asked.text
    assert filled.send_on(confirmed="on", **typed).status == 302


def test_a_ward_is_not_asked_what_the_specialists_judge(team, scanned, signed_in, page):
    nurse = signed_in(team.nurse)
    assert page(nurse, f"/referrals/{scanned.reference}/add/considerations/").status in (403, 404)


def test_the_primary_and_the_outlook_are_kept_beside_what_was_written(
    coordinator, scanned, form, page
):
    done = form(coordinator, scanned, "add/cancer").send(
        primary_site="Left breast", primary="breast", outlook="poor"
    )
    row = scanned.cancerhistorys.get(primary_site="Left breast")
    assert (row.primary, row.outlook) == ("breast", "poor")
    said = page(coordinator, done.url).text
    assert "Kind of primary: Breast." in said
    assert "Prognosis judged: poor." in said


# By when a specialty answers.


@pytest.fixture
def surgeon(team):
    return person("specialty_contact", team.place, specialty="spinal_surgery")


def ask(coordinator, referral, form, **typed):
    given = {"specialty": "spinal_surgery", "question": "Stabilise?", "asked_at__choice": "now"}
    return form(coordinator, referral, "ask").send(**(given | typed))


def test_the_answer_is_asked_for_within_the_hours_that_were_chosen(coordinator, scanned, form):
    assert ask(coordinator, scanned, form, within="14400").status == 302
    opinion = scanned.opinions.get()
    assert opinion.due_at - opinion.occurred_at == timedelta(hours=4)


def test_the_page_proposes_an_hour_for_mscc_and_says_whose_numbers_they_are(
    coordinator, scanned, form
):
    shown = form(coordinator, scanned, "ask").opened
    assert "NG234 gives no time: these are the service's own." in shown.text.replace("&#39;", "'")
    assert 'value="3600" checked' in shown.html


def test_another_time_is_typed_and_must_lie_after_the_question(coordinator, scanned, form, boxes):
    due = clock.now() + timedelta(hours=30)
    typed = boxes("due_at", due) | {"within": "other"}
    assert ask(coordinator, scanned, form, **typed).status == 302
    assert abs(scanned.opinions.get().due_at - due) < timedelta(minutes=1)
    typed = boxes("due_at", clock.now() - timedelta(hours=2)) | {"within": "other"}
    assert "before the question was asked" in ask(coordinator, scanned, form, **typed).text
    assert "Enter the date and the time." in ask(coordinator, scanned, form, within="other").text


def test_an_overdue_question_says_so_on_every_page_and_comes_first(
    team, surgeon, coordinator, signed_in, a_referral, page
):
    at = clock.now()
    late, later = a_referral(triaged=True), a_referral(triaged=True)
    for referral, due in ((later, at + timedelta(hours=5)), (late, at - timedelta(minutes=90))):
        question = opinions.Question("spinal_surgery", "Stabilise?", due_at=due)
        opinions.ask_opinion(
            referral.pk, question, command=command(team.coordinator, at - timedelta(hours=2))
        )
    listed = page(signed_in(surgeon), "/opinions/").text
    assert listed.index(late.reference) < listed.index(later.reference)
    assert "Answer overdue by 1 h 30 min" in listed
    assert "Answer due in 4 h 59 min" in listed or "Answer due in 5 h" in listed
    shown = page(coordinator, f"/referrals/{late.reference}/")
    assert "Answer overdue by 1 h 30 min" in shown.text
    assert "mscc-symbol--overdue" in shown.html


def test_a_contact_who_has_the_board_finds_what_they_were_asked(team, surgeon, signed_in, page):
    assert "/opinions/" not in page(signed_in(team.coordinator), "/duty/").html
    assert page(signed_in(surgeon), "/duty/").html.count("Asked of me") == 1
    both = person("coordinator", team.place)
    AssignmentFactory(
        user=both,
        role="specialty_contact",
        organisation=team.place.hospital,
        specialty="spinal_surgery",
    )
    assert '<a href="/opinions/">Asked of me</a>' in page(signed_in(both), "/duty/").html


def test_a_day_of_paralysis_is_kept(coordinator, scanned, form):
    since = clock.local(clock.now()).date() - timedelta(days=5)
    done = form(coordinator, scanned, "add/considerations").send(**days("paralysed_since", since))
    assert done.status == 302
    assert scanned.considerationss.get().paralysed_since == since
