from dataclasses import replace

import pytest

from referrals.clinical import steroids
from referrals.clinical.facts import (
    Confirmed,
    Disease,
    Haematology,
    Pain,
    Steroids,
    Treatment,
)
from tests.unit.clinical.dexamethasone import (
    NO_SIGNS,
    RUNNING,
    SOLID,
    UNEXAMINED,
    WAITING,
    WORSE,
    applies,
    concluded,
    facts,
    text_of,
)
from tests.unit.clinical.facts import NO, NOT_KNOWN, YES


def test_a_running_course_goes_on_at_full_dose_until_treatment():
    found = concluded(steroids=RUNNING, treatment=WAITING)
    assert applies(found) == ["continue_daily", "watch"]


@pytest.mark.parametrize(
    ("dose", "asked"), [(8, True), (15.9, True), (16, False), (16.5, True), (20, True)]
)
def test_another_dose_than_sixteen_while_waiting_is_asked_about(dose, asked):
    running = replace(RUNNING, daily_mg=dose)
    text = text_of(concluded(steroids=running, treatment=WAITING), "continue_daily")
    assert (": ask " in text) is asked


def test_a_taper_planned_before_any_treatment_is_asked_about():
    planned = replace(RUNNING, planned_taper=YES)
    found = concluded(steroids=planned, treatment=WAITING)
    assert text_of(found, "continue_daily").startswith("A taper is planned")


@pytest.mark.parametrize("done", ["surgery_performed", "radiotherapy_started"])
def test_treatment_turns_continuing_into_a_taper(done):
    found = concluded(steroids=RUNNING, treatment=replace(WAITING, **{done: YES}))
    assert applies(found) == ["taper", "watch"]
    assert "5 to 7 days" in text_of(found, "taper")
    assert found[0].numbers == ("1.8.1", "summary: corticosteroids")


def test_a_planned_taper_is_followed_and_a_haematological_one_is_agreed():
    after = replace(WAITING, surgery_performed=YES)
    planned = replace(RUNNING, planned_taper=YES)
    assert "follow the planned taper" in text_of(
        concluded(steroids=planned, treatment=after), "taper"
    )
    confirmed = Disease(haematology=Haematology.CONFIRMED)
    found = concluded(steroids=RUNNING, treatment=after, disease=confirmed)
    assert "haematology team" in text_of(found, "taper")


def test_treatment_nobody_recorded_leaves_the_taper_open():
    found = concluded(steroids=RUNNING)
    assert "taper" in applies(found, NOT_KNOWN)
    assert text_of(found, "taper").startswith(
        "If surgery is done or radiotherapy has started: plan"
    )
    planned = concluded(steroids=replace(RUNNING, planned_taper=YES))
    assert "taper" in applies(planned, NOT_KNOWN)
    assert text_of(planned, "taper").startswith("If surgery is done")
    nobody_knows = concluded(treatment=replace(WAITING, surgery_performed=YES))
    assert text_of(nobody_knows, "taper").startswith("If dexamethasone is taken")


def test_worse_neurology_at_any_time_means_more_for_a_while():
    for treatment in (WAITING, replace(WAITING, radiotherapy_started=YES), Treatment()):
        found = concluded(steroids=RUNNING, treatment=treatment, **WORSE)
        assert "increase" in applies(found)
        assert "Power of the left leg fell from 5 to 4." in found[0].because
        assert "advises a higher dose of dexamethasone for a time" in found[0].text
    (line,) = [each for each in concluded(**WORSE) if each.key == "steroids.increase"]
    assert "If dexamethasone is taken, the summary advises" in line.text
    after_the_stop = replace(RUNNING, running=NO)
    found = concluded(steroids=after_the_stop, treatment=WAITING, **WORSE)
    assert "giving it again" in text_of(found, "increase")


@pytest.mark.parametrize("planned", [YES, NO])
def test_a_taper_waits_while_neurology_is_worse(planned):
    after = replace(WAITING, radiotherapy_started=YES)
    course = replace(RUNNING, planned_taper=planned)
    said = text_of(concluded(steroids=course, treatment=after, **WORSE), "taper")
    assert said == "Neurology is worse: the taper waits for a senior clinician's advice."
    untold = text_of(concluded(steroids=course, treatment=Treatment(), **WORSE), "taper")
    assert untold.startswith("If surgery is done")
    assert "the taper waits" in untold


def test_worse_neurology_without_treatment_to_follow_is_thought_about_again():
    decided = replace(WAITING, conservative=YES)
    found = concluded(steroids=RUNNING, treatment=decided, **WORSE)
    assert "think about" in text_of(found, "increase")


def test_worse_neurology_of_somebody_who_never_had_it_means_the_first_dose():
    found = concluded(steroids=Steroids(given=NO), **WORSE)
    assert applies(found)[0] == "first_dose"
    assert "increase" not in applies(found)


def test_ruled_out_means_stop_and_nothing_else():
    stopped = concluded(NO_SIGNS, steroids=RUNNING, confirmed=Confirmed.RULED_OUT)
    assert applies(stopped) == ["stop_ruled_out"]
    assert concluded(NO_SIGNS, steroids=Steroids(given=NO), confirmed=Confirmed.RULED_OUT) == ()
    assert (
        concluded(NO_SIGNS, steroids=replace(RUNNING, running=NO), confirmed=Confirmed.RULED_OUT)
        == ()
    )
    (asked,) = concluded(NO_SIGNS, confirmed=Confirmed.RULED_OUT)
    assert (asked.applies, asked.unknown) == (NOT_KNOWN, ("Has dexamethasone been given?",))


def test_one_that_runs_without_signs_is_questioned_but_not_after_treatment():
    pain = Pain(severity=2)
    found = concluded(NO_SIGNS, steroids=RUNNING, treatment=WAITING, pain=pain)
    assert "whether to stop" in text_of(found, "not_routine")
    after = replace(WAITING, radiotherapy_started=YES)
    found = concluded(NO_SIGNS, steroids=RUNNING, treatment=after, pain=pain)
    assert applies(found) == ["taper", "watch"]


def test_no_other_treatment_means_down_and_out_unless_symptoms_return():
    none_left = replace(SOLID, other_treatment=NO)
    found = concluded(steroids=RUNNING, treatment=WAITING, disease=none_left)
    assert applies(found) == ["no_other_treatment", "watch"]
    returned = replace(RUNNING, worse_on_reduction=YES)
    found = concluded(steroids=returned, treatment=WAITING, disease=none_left)
    assert applies(found) == ["symptoms_return", "watch"]


def test_neither_surgery_nor_radiotherapy_means_reduce_and_stop():
    decided = replace(WAITING, conservative=YES)
    other = replace(SOLID, other_treatment=YES)
    found = concluded(steroids=RUNNING, treatment=decided, disease=other)
    assert applies(found) == ["without_treatment", "watch"]


@pytest.mark.parametrize(
    ("given", "running", "taken"),
    [
        (YES, NOT_KNOWN, YES),
        (YES, YES, YES),
        (YES, NO, NO),
        (NO, NOT_KNOWN, NO),
        (NOT_KNOWN, NOT_KNOWN, NOT_KNOWN),
        (NOT_KNOWN, YES, YES),
        (NOT_KNOWN, NO, NO),
    ],
)
def test_what_was_given_is_taken_until_somebody_says_that_it_stopped(given, running, taken):
    told = facts(steroids=Steroids(given=given, running=running))
    assert steroids.taking(told).answer is taken


@pytest.mark.parametrize(
    ("dose", "running", "taken"),
    [(16, NOT_KNOWN, YES), (0, NOT_KNOWN, NOT_KNOWN), (16, NO, NO), (16, YES, YES)],
)
def test_a_daily_dose_on_record_is_taken_unless_it_was_stopped(dose, running, taken):
    told = facts(steroids=Steroids(running=running, daily_mg=dose))
    assert steroids.taking(told).answer is taken


def test_what_runs_while_nobody_examined_goes_on_if_there_are_signs():
    found = concluded(UNEXAMINED, steroids=RUNNING, treatment=WAITING)
    assert "continue_daily" in applies(found, NOT_KNOWN)
    assert text_of(found, "continue_daily").startswith("If there is any neurological sign")


def test_what_is_watched_says_what_was_done_already():
    protected = replace(RUNNING, stomach_protection=YES)
    assert "continue the proton pump" in text_of(concluded(steroids=protected), "watch")
    checked = replace(RUNNING, glucose_monitored=YES)
    assert "go on checking glucose" in text_of(concluded(steroids=checked), "watch")


def test_signs_that_may_be_newer_than_the_scan_make_the_stop_a_question():
    (asked,) = concluded(steroids=RUNNING, confirmed=Confirmed.RULED_OUT)
    assert (asked.key, asked.applies) == ("steroids.stop_ruled_out", NOT_KNOWN)
    assert asked.unknown == ("Are the signs newer than the scan?",)
