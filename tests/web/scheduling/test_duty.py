"""Who is on duty now and next, for everybody; planning turns, for those who may."""

from datetime import UTC, datetime, timedelta

import pytest

from audit.models import Trail
from mscc import clock
from scheduling.models import Shift
from tests.factories.people import AssignmentFactory, Place, person

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    moment = [NOON]
    monkeypatch.setattr(clock, "now", lambda: moment[0])
    return moment


@pytest.fixture
def place():
    return Place.build()


@pytest.fixture
def people(place):
    """A coordinator, a senior clinician and the lead of one alliance."""
    return {
        "coordinator": person("coordinator", place, name="Ada Example", phone="01632 960 123"),
        "senior": person("senior_clinician", place, name="Grace Example", phone="bleep 2412"),
        "lead": person("service_lead", place, name="Lee Example", phone="01632 960 999"),
    }


def on_shift(user, place, hours=(-4, 4), role="coordinator", **fields):
    return Shift.objects.create(
        organisation=place.alliance,
        role=role,
        user=user,
        starts_at=NOON + timedelta(hours=hours[0]),
        ends_at=NOON + timedelta(hours=hours[1]),
        **fields,
    )


def test_a_ward_sees_who_is_on_duty_with_the_number(signed_in, place, people, text_of):
    on_shift(people["coordinator"], place)
    page = signed_in(person("referrer", place)).get("/duty/")
    text = text_of(page)
    assert "MSCC coordinator Ada Example until 16:00 , 01632 960 123" in text
    assert 'href="tel:01632960123"' in page.content.decode()
    assert "Senior clinician Grace Example , bleep 2412" in text
    assert "Put on duty" not in text


def test_falling_back_is_said(signed_in, place, people, text_of):
    text = text_of(signed_in(person("referrer", place)).get("/duty/"))
    assert "Senior clinician, because nobody is on shift as MSCC coordinator" in text


def test_who_comes_next_is_said_and_that_then_somebody_stands_in(signed_in, place, people, text_of):
    on_shift(people["coordinator"], place)
    text = text_of(signed_in(people["lead"]).get("/duty/"))
    assert "Next: Grace Example, from 16:00" in text
    second = person("coordinator", place, name="Next Example", phone="01632 960 777")
    on_shift(second, place, (4, 12))
    text = text_of(signed_in(people["lead"]).get("/duty/"))
    assert "Next: Next Example, from 16:00 , 01632 960 777" in text


def test_nobody_at_all_is_said_loudly(signed_in, place, text_of):
    text = text_of(signed_in(person("referrer", place)).get("/duty/"))
    assert "MSCC coordinator Nobody is named" in text


def test_the_board_says_it_too(signed_in, place, people, text_of):
    on_shift(people["coordinator"], place)
    text = text_of(signed_in(people["senior"]).get("/board/"))
    assert "On duty: Ada Example until 16:00 , 01632 960 123" in text
    assert "Next: Grace Example (senior clinician, no coordinator is on shift) from 16:00" in text


def test_a_coordinator_of_an_alliance_sees_each_trusts_specialty_contacts(
    signed_in, place, people, text_of
):
    surgeon = person(
        "specialty_contact", place, specialty="spinal_surgery", name="Sid Example", phone="77"
    )
    other = Place.build(place.alliance)
    person("specialty_contact", other, specialty="spinal_surgery", name="Ora Example")
    text = text_of(signed_in(people["coordinator"]).get("/duty/"))
    assert f"Spinal surgery Sid Example , {place.trust.name}, 77" in text
    assert f"Ora Example , {other.trust.name}, no number" in text
    # A ward rings its own trust's.
    ward = text_of(signed_in(person("referrer", place)).get("/duty/"))
    assert surgeon.name in ward
    assert "Ora Example" not in ward


def test_nothing_of_another_alliance(signed_in, place, people, text_of):
    on_shift(people["coordinator"], place)
    text = text_of(signed_in(person("referrer")).get("/duty/"))
    assert "Ada Example" not in text


def test_the_override_that_began_last_is_on_duty(signed_in, place, people, text_of):
    on_shift(people["coordinator"], place)
    override = person("coordinator", place, name="Otto Override")
    on_shift(override, place, (-1, 1))
    text = text_of(signed_in(people["lead"]).get("/duty/"))
    assert "MSCC coordinator Otto Override until 13:00" in text
    assert "Next: Ada Example, from 13:00" in text


def planned(user, start="21 18:00", end="22 08:00", **more):
    """What the form sends; days of November 2026."""
    sent = {"who": str(user.assignments.get().pk)}
    for name, said in (("starts_at", start), ("ends_at", end)):
        day, time = said.split()
        boxes = {"day": day, "month": "11", "year": "2026", "time": time, "zone": ""}
        sent |= {f"{name}-{box}": value for box, value in boxes.items()}
    return sent | more


class TestPlanning:
    def test_a_lead_puts_somebody_on_duty(self, signed_in, place, people, submit, text_of):
        browser = signed_in(people["lead"])
        answer = submit(browser, "/duty/", **planned(people["coordinator"]))
        assert answer.status_code == 302
        shift = Shift.objects.get()
        assert (shift.user, shift.role) == (people["coordinator"], "coordinator")
        assert (shift.organisation, shift.starts_at.hour) == (place.alliance, 18)
        text = text_of(browser.get("/duty/"))
        assert "Ada Example is on duty from 18:00 to 08:00 on Sun 22 Nov." in text
        row = Trail.objects.get(action="shift_planned")
        assert row.actor_id == people["lead"].pk
        assert row.details["user_id"] == people["coordinator"].pk

    def test_an_overlap_is_allowed_and_said(self, signed_in, place, people, submit, text_of):
        on_shift(people["coordinator"], place, (4, 10))
        other = person("coordinator", place, name="Otto Override")
        browser = signed_in(people["lead"])
        submit(browser, "/duty/", **planned(other, "21 18:00", "21 20:00"))
        text = text_of(browser.get("/duty/"))
        assert "This overlaps the turn of Ada Example, 16:00 to 22:00." in text
        assert "the one that begins later holds" in text
        assert Shift.objects.count() == 2

    def test_the_hours_are_londons_across_the_clock_change(self, signed_in, people, submit, noon):
        noon[0] = datetime(2027, 3, 20, 12, 0, tzinfo=UTC)
        dates = {
            "starts_at-day": "27",
            "starts_at-month": "3",
            "starts_at-year": "2027",
            "starts_at-time": "20:00",
            "ends_at-day": "28",
            "ends_at-month": "3",
            "ends_at-year": "2027",
            "ends_at-time": "08:00",
        }
        submit(signed_in(people["lead"]), "/duty/", **(planned(people["coordinator"]) | dates))
        shift = Shift.objects.get()
        assert shift.starts_at == datetime(2027, 3, 27, 20, 0, tzinfo=UTC)
        # A night shift of eleven hours: at one the clocks went to two.
        assert shift.ends_at == datetime(2027, 3, 28, 7, 0, tzinfo=UTC)

    def test_the_hour_that_does_not_exist_is_refused(self, signed_in, people, submit, noon):
        noon[0] = datetime(2027, 3, 20, 12, 0, tzinfo=UTC)
        dates = {
            "starts_at-day": "28",
            "starts_at-month": "3",
            "starts_at-year": "2027",
            "starts_at-time": "01:30",
        }
        sent = planned(people["coordinator"]) | dates
        answer = submit(signed_in(people["lead"]), "/duty/", **sent)
        assert answer.status_code == 422
        assert not Shift.objects.exists()

    @pytest.mark.parametrize(
        ("start", "end", "sentence"),
        [
            ("21 18:00", "21 17:00", "The end must be after the start."),
            ("20 08:00", "20 18:00", "This is over already."),
            ("21 18:00", "30 18:00", "A turn is at most 8 days."),
            ("31 18:00", "30 18:00", "31 November does not exist."),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, signed_in, people, submit, text_of, start, end, sentence
    ):
        sent = planned(people["coordinator"], start, end)
        answer = submit(signed_in(people["lead"]), "/duty/", **sent)
        assert answer.status_code == 422
        assert sentence in text_of(answer)
        assert not Shift.objects.exists()

    def test_nobody_is_on_duty_twice_at_once(self, signed_in, place, people, submit, text_of):
        on_shift(people["coordinator"], place, (4, 10))
        answer = submit(signed_in(people["lead"]), "/duty/", **planned(people["coordinator"]))
        assert answer.status_code == 422
        assert "Ada Example is on duty already in that time." in text_of(answer)

    def test_somebody_of_another_alliance_is_no_choice(self, signed_in, people, submit):
        stranger = person("coordinator")
        answer = submit(signed_in(people["lead"]), "/duty/", **planned(stranger))
        assert answer.status_code == 422
        assert not Shift.objects.exists()

    def test_who_may_not_plan_is_refused(self, signed_in, place, people, token_in):
        browser = signed_in(people["coordinator"])
        form = {"csrfmiddlewaretoken": token_in(browser.get("/duty/"))}
        sent = planned(people["coordinator"]) | form
        assert browser.post("/duty/", sent).status_code == 403
        shift = on_shift(people["coordinator"], place)
        assert browser.post(f"/duty/shifts/{shift.pk}/remove/", form).status_code == 403
        assert Shift.objects.count() == 1

    def test_a_turn_is_removed_and_who_stands_in_is_shown(
        self, signed_in, place, people, token_in, text_of
    ):
        shift = on_shift(people["coordinator"], place)
        browser = signed_in(people["lead"])
        form = {"csrfmiddlewaretoken": token_in(browser.get("/duty/"))}
        path = f"/duty/shifts/{shift.pk}/remove/"
        text = text_of(browser.post(path, form, follow=True))
        assert "The turn of Ada Example, 08:00 to 16:00, is removed." in text
        assert "because nobody is on shift as MSCC coordinator" in text
        assert Trail.objects.get(action="shift_removed").details["shift_id"] == str(shift.pk)
        assert browser.post(path, form).status_code == 404

    def test_what_is_over_stays_as_it_was(self, signed_in, place, people, token_in):
        past = on_shift(people["coordinator"], place, (-12, -4))
        browser = signed_in(people["lead"])
        form = {"csrfmiddlewaretoken": token_in(browser.get("/duty/"))}
        assert browser.post(f"/duty/shifts/{past.pk}/remove/", form).status_code == 404
        assert Shift.objects.count() == 1

    def test_a_turn_at_another_alliance_is_not_theirs_to_remove(self, signed_in, people, token_in):
        other = Place.build()
        theirs = on_shift(person("coordinator", other), other)
        browser = signed_in(people["lead"])
        form = {"csrfmiddlewaretoken": token_in(browser.get("/duty/"))}
        assert browser.post(f"/duty/shifts/{theirs.pk}/remove/", form).status_code == 404


def test_the_page_costs_the_same_for_one_place_and_for_three(
    signed_in, place, people, django_assert_num_queries
):
    user = person("referrer", place)
    browser = signed_in(user)
    browser.get("/duty/")
    with django_assert_num_queries(8):
        browser.get("/duty/")
    for _ in range(2):
        organisation = Place.build(place.alliance).ward
        AssignmentFactory(user=user, role="referrer", organisation=organisation)
    with django_assert_num_queries(8):
        browser.get("/duty/")
