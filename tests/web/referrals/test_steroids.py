"""A course of dexamethasone: recorded entry by entry, and shown on the person's page."""

from datetime import timedelta

import pytest

from mscc import clock
from referrals.clinical.milestones import MilestoneKind
from referrals.domain import intake
from referrals.domain.told import Addition
from referrals.models import DexamethasoneEntry, Milestone
from tests.factories.referrals import command

NOW = {"happened_at__choice": "now"}


def day(days):
    return f"{clock.local(clock.now() + timedelta(days=days)):%d/%m/%Y}"


def taper(*steps):
    """The rows of the form: (days from now, mg)."""
    rows = {}
    for row, (days, dose) in enumerate(steps):
        rows |= {f"taper__day__{row}": day(days), f"taper__mg__{row}": str(dose)}
    return rows


@pytest.fixture
def referral(a_referral):
    return a_referral(triaged=True)


@pytest.fixture
def record(coordinator, referral, form):
    """`record(kind="stop", reason="Done")`: what the page answers."""

    def send(**typed):
        return form(coordinator, referral, "dexamethasone").send(**NOW | typed)

    return send


@pytest.fixture
def shown(coordinator, referral, page):
    return lambda: page(coordinator, f"/referrals/{referral.reference}/").text


def test_a_start_a_taper_and_a_stop_are_recorded_and_shown(record, shown):
    assert "None recorded." in shown()
    assert record(kind="start", start_mg="16", route="By mouth").status == 302
    assert record(kind="plan", confirmed="on", **taper((1, 8), (5, 0))).status == 302
    said = shown()
    assert "Now: 16 mg a day since" in said
    assert "Reduce dexamethasone to 8 mg a day, as planned for" in said
    assert "Dexamethasone: taper planned" in said
    assert record(kind="stop", reason="Sugar is high").status == 302
    said = shown()
    assert "Now: Stopped" in said
    assert "Dexamethasone stopped" in said
    assert "Stopped. Sugar is high" in said


def test_a_taper_is_proposed_from_the_present_dose_and_begins_tomorrow(
    record, coordinator, referral, form
):
    record(kind="start", start_mg="12 mg")
    html = form(coordinator, referral, "dexamethasone").opened.html
    found = [html.split(f'name="taper-mg-{row}" value="')[1].split('"')[0] for row in range(5)]
    assert found == ["6", "3", "1.5", "0", ""]
    assert f'name="taper-day-0" value="{day(1)}"' in html


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": "start"}, "Enter the dose of a whole day in mg"),
        ({"kind": "start", "start_mg": "a lot"}, "Enter milligrams a day, for example 16 or 1.5."),
        ({"kind": "stop"}, "Say why, in a few words."),
        ({"kind": "plan"}, "Enter at least one day and its dose."),
        ({"kind": "plan", "taper__day__0": "1/12/2026"}, "Step 1: enter the day and the dose."),
        (
            {"kind": "plan", "taper__day__1": "tomorrow", "taper__mg__1": "8"},
            "Step 2: Enter a day such as 24/11/2026.",
        ),
        (
            {"kind": "plan", "taper__day__0": "31/11/2026", "taper__mg__0": "8"},
            "Step 1: 31 November does not exist.",
        ),
        ({"kind": ""}, "Choose what happened."),
    ],
)
def test_what_cannot_be_right_is_refused_with_a_sentence(record, typed, sentence):
    refused = record(**typed)
    assert refused.status == 422
    assert sentence in refused.text
    assert not DexamethasoneEntry.objects.exists()


def test_what_does_not_fit_is_asked_about_and_kept_once_confirmed(coordinator, referral, form):
    page = form(coordinator, referral, "dexamethasone")
    typed = {"kind": "change", "change_mg": "60", "reason": "Worse", **NOW}
    asked = page.send(**typed)
    assert asked.status == 422
    assert "nothing was being taken then" in asked.text
    assert "60 mg a day is very high" in asked.text
    assert page.send_on(**typed, confirmed="on").status == 302
    assert DexamethasoneEntry.objects.get().daily_mg == 60


def test_a_taper_that_goes_up_is_asked_about_beside_its_rows(record):
    record(kind="start", start_mg="16")
    asked = record(kind="plan", **taper((1, 4), (3, 8), (5, 0)))
    assert asked.status == 422
    assert "the dose does not go down" in asked.text
    assert 'name="taper-mg-1" value="8"' in " ".join(asked.html.split())


def test_what_the_ward_said_is_shown_and_proposed_as_the_start(
    coordinator, referral, team, form, shown
):
    given = clock.now() - timedelta(hours=5)
    care = {"dexamethasone": "yes", "dexamethasone_mg": 8, "dexamethasone_at": given}
    intake.add_information(
        referral.pk,
        Addition(sections={"care": care}),
        command=command(team.coordinator, clock.now()),
    )
    said = shown()
    assert "Given, as the ward told: 8 mg" in said
    assert "Record it as the start" in said
    page = form(coordinator, referral, "dexamethasone")
    assert 'name="start_mg" type="text" value="8"' in page.opened.html
    there = clock.local(given)
    typed = {
        "happened_at__choice": "earlier",
        "happened_at__day": there.day,
        "happened_at__month": there.month,
        "happened_at__year": there.year,
        "happened_at__time": f"{there:%H:%M}",
    }
    assert page.send(kind="start", start_mg="8", reason="Told by the ward.", **typed).status == 302
    assert "as the ward told" not in shown()


def test_somebody_else_may_have_decided(record):
    record(kind="start", start_mg="16", decided_by="Dr Sam Example")
    assert DexamethasoneEntry.objects.get().on_behalf_of == "Dr Sam Example"


def test_a_start_that_never_happened_is_taken_back_from_the_message(
    record, coordinator, page, form, shown
):
    done = record(kind="start", start_mg="16")
    said = page(coordinator, done.url)
    assert "Dexamethasone started: 16 mg a day" in said.text
    assert "Undo by correcting it" in said.text
    path = said.html.split('class="nhsuk-notification-banner__link" href="')[1].split('"')[0]
    correcting = type("Referral", (), {"reference": path.split("/")[2]})
    step = "/".join(path.strip("/").split("/")[2:])
    correction = form(coordinator, correcting, step)
    correction.send(what="never", reason="Another person's chart")
    correction.send_on(what="never", reason="Another person's chart")
    assert "None recorded." in shown()


def test_a_taper_before_any_treatment_is_asked_about(record, referral):
    record(kind="start", start_mg="16")
    asked = record(kind="plan", **taper((1, 8), (5, 0)))
    assert asked.status == 422
    assert "no treatment has begun on record" in asked.text
    at, kind = clock.now(), MilestoneKind.RADIOTHERAPY_STARTED.value
    Milestone.objects.create(
        referral=referral, kind=kind, occurred_at=at, recorded_at=at, told=100_000
    )
    assert record(kind="plan", **taper((1, 8), (5, 0))).status == 302


def test_a_taper_entered_wrongly_is_taken_back_and_entered_again(
    record, coordinator, referral, page, form, shown
):
    record(kind="start", start_mg="16")
    record(kind="plan", confirmed="on", **taper((1, 8), (5, 0)))
    wrong = DexamethasoneEntry.objects.get(kind="plan")
    step = f"dexamethasone/{wrong.pk}/take-back"
    assert (
        f"/referrals/{referral.reference}/{step}/"
        in page(coordinator, f"/referrals/{referral.reference}/").html
    )
    back = form(coordinator, referral, step)
    assert "Say what was wrong with it." in back.send(then="again").text
    done = back.send(then="again", reason="Days of another person")
    assert done.status == 302
    again = page(coordinator, done.url).html
    assert f'name="taper-day-0" value="{day(1)}"' in again
    assert 'name="taper-mg-0" value="8"' in " ".join(again.split())
    said = shown()
    assert "taken back: Days of another person" in said
    assert "Reduce dexamethasone to 8 mg" not in said
    second = form(coordinator, referral, step).opened
    assert (second.status, "taken back already" in second.text) == (409, True)


def test_a_change_of_dose_that_never_happened_leaves_the_dose_before(
    record, form, referral, coordinator, shown
):
    record(kind="start", start_mg="16")
    record(kind="change", change_mg="8", reason="Sugar is high")
    wrong = DexamethasoneEntry.objects.get(kind="change")
    back = form(coordinator, referral, f"dexamethasone/{wrong.pk}/take-back")
    assert back.send(then="never", reason="Another person").status == 302
    assert "Now: 16 mg a day since" in shown()
