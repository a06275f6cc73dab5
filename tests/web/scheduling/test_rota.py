"""The rota on screen: 14 days, patterns, overrides, swaps, files and calendars."""

import io
from datetime import UTC, datetime, timedelta

import pytest

from audit.models import Trail
from mscc import clock
from mscc.events import Actor
from mscc.people.models import Assignment
from scheduling.domain import rota_ical, swaps
from scheduling.domain.gaps import gap_round
from scheduling.models import RotaPattern, Shift, SwapRequest
from tests.factories.people import Place, person
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db
NOON = datetime(2027, 3, 22, 12, 0, tzinfo=UTC)  # a Monday; the clocks change on the 28th
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    moment = [NOON]
    monkeypatch.setattr(clock, "now", lambda: moment[0])
    return moment


@pytest.fixture
def place():
    place = Place.build()
    place.alliance.name = "Example Alliance"
    place.alliance.save()
    return place


@pytest.fixture
def people(place):
    return {
        "ada": person("coordinator", place, name="Ada Example", phone="01632 960 123"),
        "bob": person("coordinator", place, name="Bob Example"),
        "senior": person("senior_clinician", place, name="Grace Example"),
        "lead": person("service_lead", place, name="Lee Example"),
    }


def held(user):
    return Assignment.objects.get(user=user)


def pattern(people, **more):
    """What the form sends: day and night, a week, two people who change places."""
    sent = {"weeks_each": "1", "person_0": people["ada"].pk, "person_1": people["bob"].pk}
    for name, (day, month) in {"first_day": (23, 3), "last_day": (5, 4)}.items():
        sent |= {f"{name}-day": day, f"{name}-month": month, f"{name}-year": 2027}
    for n, (starts, ends) in enumerate((("08:00", "20:00"), ("20:00", "08:00"))):
        sent |= {f"days_{n}": list("0123456"), f"starts_{n}": starts, f"ends_{n}": ends}
        sent[f"who_{n}"] = n
    sent |= {f"who_{n}": n for n in (2, 3)}
    return sent | more


@pytest.fixture
def new_pattern(place):
    return f"/duty/patterns/new/?for=coordinator::{place.alliance.pk}"


class TestRota:
    def test_a_day_shows_turns_and_gaps_in_words_and_who_answers(
        self, signed_in, place, people, text_of
    ):
        on_duty(people["ada"], place, NOON - 4 * HOUR)
        text = text_of(signed_in(person("referrer", place)).get("/duty/"))
        assert "Nobody on shift 20:00 to 00:00 Grace Example answers, as senior clinician" in text
        assert "14 days have a time with nobody on shift." in text
        assert "08:00 to 20:00 Ada Example" in text

    def test_both_nights_the_clocks_change_say_gmt_and_bst_and_the_real_length(
        self, signed_in, place, people, text_of, noon
    ):
        for evening, said, length, change in (
            (
                datetime(2027, 3, 27, 20, 0, tzinfo=UTC),
                "20:00 GMT to 08:00 BST",
                "11 h: the clocks go forward",
                "Clocks go forward at 01:00 GMT",
            ),
            (
                datetime(2027, 10, 30, 19, 0, tzinfo=UTC),
                "20:00 BST to 08:00 GMT",
                "13 h: the clocks go back",
                "Clocks go back at 02:00 BST",
            ),
        ):
            noon[0] = evening - 3 * DAY
            on_duty(people["ada"], place, evening, 11 if evening.month == 3 else 13)
            text = text_of(signed_in(people["lead"]).get("/duty/"))
            assert f"{said} , change this turn Ada Example" in text
            assert length in text
            assert change in text

    def test_who_is_on_until_when_says_which_clock_when_it_changes(
        self, signed_in, place, people, text_of, noon
    ):
        noon[0] = datetime(2027, 3, 27, 22, 0, tzinfo=UTC)
        on_duty(people["ada"], place, noon[0] - 2 * HOUR, 11)
        text = text_of(signed_in(person("referrer", place)).get("/duty/"))
        assert "Ada Example until 08:00 BST on Sun 28 Mar" in text

    def test_a_lead_sees_the_gaps_that_were_found(self, signed_in, place, people, text_of):
        on_duty(people["ada"], place, NOON - DAY, 48)
        gap_round(NOON)
        text = text_of(signed_in(people["lead"]).get("/duty/"))
        assert (
            "MSCC coordinator , Example Alliance, Tue 23 Mar, 12:00 GMT to 13:00 BST on Mon 5 Apr"
            in text
        )
        assert "Service lead told 24 hours before" in text

    def test_only_who_plans_sees_the_tools_and_links(self, signed_in, place, people):
        shift = on_duty(people["ada"], place, NOON + DAY)
        page = f"/duty/turns/{shift.pk}/"
        for path in ("/duty/patterns/", "/duty/import/", "/duty/export.csv"):
            assert signed_in(people["bob"]).get(path).status_code == 403
            assert signed_in(people["lead"]).get(path).status_code == 200
        assert page not in signed_in(people["bob"]).get("/duty/").content.decode()
        assert page in signed_in(people["ada"]).get("/duty/").content.decode()
        assert signed_in(people["bob"]).get(page).status_code == 404
        assert signed_in(person("service_lead")).get(page).status_code == 404

    def test_a_specialty_whose_rota_has_a_hole_says_who_stands_in(
        self, signed_in, place, people, text_of
    ):
        surgeon = person("specialty_contact", place, specialty="spinal_surgery", name="Sid Example")
        shift = on_duty(surgeon, place, NOON + DAY, 12, "specialty_contact")
        Shift.objects.filter(pk=shift.pk).update(
            specialty="spinal_surgery", organisation=held(surgeon).organisation
        )
        text = text_of(signed_in(people["ada"]).get("/duty/"))
        assert "Nobody is on shift now" in text
        assignment = held(surgeon)
        assignment.ends_at = NOON - HOUR
        assignment.save()
        text = text_of(signed_in(people["ada"]).get("/duty/"))
        assert "Senior clinician, because nobody is on shift" in text


class TestPatterns:
    def test_looked_at_first_and_then_written(
        self, signed_in, people, submit, text_of, new_pattern
    ):
        browser = signed_in(people["lead"])
        looked = submit(browser, new_pattern, **pattern(people), do="look")
        assert looked.status_code == 200
        assert "This would put 28 turns on the rota" in text_of(looked)
        assert "Sat 27 Mar, 20:00 GMT to 08:00 BST Bob Example (11 h" in text_of(looked)
        assert not Shift.objects.exists()
        answer = submit(browser, new_pattern, **pattern(people), do="write")
        assert answer.status_code == 302
        assert Shift.objects.count() == 28
        text = text_of(browser.get("/duty/patterns/"))
        assert "Every day 20:00 to 08:00, first worked by person 2" in text

    def test_a_pattern_ends_and_its_coming_turns_go(
        self, signed_in, people, submit, token_in, text_of, new_pattern
    ):
        browser = signed_in(people["lead"])
        submit(browser, new_pattern, **pattern(people), do="write")
        form = {"csrfmiddlewaretoken": token_in(browser.get("/duty/patterns/"))}
        path = f"/duty/patterns/{RotaPattern.objects.get().pk}/end/"
        text = text_of(browser.post(path, form, follow=True))
        assert "28 coming turns are off the rota" in text
        assert not Shift.objects.exists()

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"starts_0": "25:00"}, "Enter a time on the 24-hour clock"),
            ({"starts_0": ""}, "Enter a time, for example 08:00."),
            ({"days_0": []}, "Choose the days of this turn."),
            ({"person_0": "", "person_1": ""}, "Choose at least one person."),
            ({"person_1": ""}, "would be on duty twice"),
            ({"last_day-year": 2026}, "must not be before the first"),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_box(
        self, signed_in, people, submit, text_of, new_pattern, wrong, sentence
    ):
        sent = pattern(people) | wrong
        if "person_1" in wrong and "person_0" not in wrong:
            sent |= {"days_2": ["0"], "starts_2": "09:00", "ends_2": "10:00", "who_2": 0}
        answer = submit(signed_in(people["lead"]), new_pattern, **sent, do="write")
        assert answer.status_code == 422
        assert sentence in text_of(answer)
        assert not Shift.objects.exists()


class TestChanging:
    def test_a_lead_puts_somebody_there_instead(self, signed_in, place, people, submit, text_of):
        shift = on_duty(people["ada"], place, NOON + DAY)
        browser = signed_in(people["lead"])
        sent = {"do": "override", "instead-who": held(people["bob"]).pk, "instead-note": "Ill"}
        for name, hour in (("starts_at", "12:00"), ("ends_at", "18:00")):
            boxes = {"day": 23, "month": 3, "year": 2027, "time": hour, "zone": ""}
            sent |= {f"instead-{name}-{box}": value for box, value in boxes.items()}
        answer = submit(browser, f"/duty/turns/{shift.pk}/", **sent)
        assert answer.status_code == 302
        text = text_of(browser.get("/duty/"))
        assert "12:00 to 18:00 , change this turn Bob Example Instead of somebody" in text
        # Ada's own turn went from 12:00 to 00:00: what is left of it follows.
        assert "18:00 to 00:00 , change this turn Ada Example" in text

    def test_a_colleague_is_asked_and_takes_the_turn(
        self, signed_in, place, people, submit, token_in, text_of
    ):
        shift = on_duty(people["ada"], place, NOON + 3 * DAY)
        browser = signed_in(people["ada"])
        sent = {"do": "swap", "swap-asked": held(people["bob"]).pk}
        assert submit(browser, f"/duty/turns/{shift.pk}/", **sent).status_code == 302
        assert "Asked to swap, no answer yet" in text_of(browser.get("/duty/"))
        asked = signed_in(people["bob"])
        page = asked.get("/duty/")
        assert "Ada Example asks you to take a turn" in text_of(page)
        path = f"/duty/swaps/{SwapRequest.objects.get().pk}/"
        form = {"csrfmiddlewaretoken": token_in(page), "answer": "accept"}
        text = text_of(asked.post(path, form, follow=True))
        assert "is yours now" in text
        shift.refresh_from_db()
        assert shift.user == people["bob"]

    def test_only_the_asked_one_answers(self, signed_in, place, people, token_in):
        shift = on_duty(people["ada"], place, NOON + 3 * DAY)
        swap = swaps.ask(shift, held(people["bob"]), by=Actor.user(people["ada"]), at=NOON)
        path = f"/duty/swaps/{swap.pk}/"
        for who, status in (("ada", 403), ("lead", 403), ("senior", 404)):
            browser = signed_in(people[who])
            form = {"csrfmiddlewaretoken": token_in(browser.get("/duty/")), "answer": "accept"}
            assert browser.post(path, form).status_code == status
        shift.refresh_from_db()
        assert shift.user == people["ada"]

    def test_nobody_but_a_planner_overrides(self, signed_in, place, people, submit):
        shift = on_duty(people["ada"], place, NOON + DAY)
        answer = submit(signed_in(people["ada"]), f"/duty/turns/{shift.pk}/", do="override")
        assert answer.status_code == 403


HEADS = "place,role,specialty,email,starts,ends"


class TestFiles:
    def send(self, browser, token_in, text, encoding="utf-8"):
        page = browser.get("/duty/import/")
        file = io.BytesIO(text if isinstance(text, bytes) else text.encode(encoding))
        file.name = "rota.csv"
        form = {"csrfmiddlewaretoken": token_in(page), "file": file}
        return browser.post("/duty/import/", form)

    def row(self, user, starts, ends, place="Example Alliance", role="coordinator"):
        return f"{place},{role},,{user.email},{starts},{ends}"

    @pytest.mark.parametrize("how", ["utf-8", "utf-8-sig", "cp1252", "semicolons"])
    def test_a_file_is_shown_and_then_imported_whole(
        self, signed_in, people, token_in, text_of, how
    ):
        text = "\r\n".join(
            [
                HEADS,
                self.row(people["ada"], "2027-03-27 20:00", "2027-03-28 08:00"),
                self.row(people["bob"], "2027-03-28 08:00", "2027-03-28T20:00+01:00"),
            ]
        )
        if how == "semicolons":
            text, how = text.replace(",", ";"), "utf-8"
        browser = signed_in(people["lead"])
        shown = self.send(browser, token_in, text, how)
        assert shown.status_code == 200
        assert "20:00 GMT to 08:00 BST Ada Example" in text_of(shown)
        assert not Shift.objects.exists()
        again = shown.content.decode().split('name="again" value="')[1].split('"')[0]
        form = {"csrfmiddlewaretoken": token_in(shown), "again": again}
        assert browser.post("/duty/import/", form).status_code == 302
        first, second = Shift.objects.order_by("starts_at")
        assert (first.ends_at, second.starts_at) == (datetime(2027, 3, 28, 7, tzinfo=UTC),) * 2
        assert Trail.objects.filter(action="shift_planned").count() == 2
        # The same file again stands against itself, and changes nothing.
        assert browser.post("/duty/import/", form).status_code == 422
        assert Shift.objects.count() == 2

    def test_every_error_by_its_row_and_nothing_in_part(
        self, signed_in, people, place, token_in, text_of
    ):
        on_duty(people["bob"], place, NOON + 10 * DAY, 12)
        ada, bob = people["ada"], people["bob"]
        text = "\n".join(
            [
                HEADS,
                self.row(ada, "2027-03-23 08:00", "2027-03-23 20:00"),
                self.row(bob, "2027-03-23 19:00", "2027-03-24 08:00"),
                self.row(ada, "2027-03-28 01:30", "2027-03-28 08:00"),
                self.row(ada, "2027-10-31 01:30", "2027-10-31 08:00"),
                self.row(ada, "2027-03-25 08:00", "2027-03-25 07:00"),
                self.row(ada, "tomorrow", "2027-03-25 07:00", place="Nowhere", role="king"),
                self.row(people["senior"], "2027-03-26 08:00", "2027-03-26 20:00"),
                self.row(ada, "2027-04-01 14:00", "2027-04-01 16:00"),
            ]
        )
        answer = self.send(signed_in(people["lead"]), token_in, text)
        assert answer.status_code == 422
        said = text_of(answer)
        for words in (
            "Row 3, starts: Overlaps row 2: two people for one role.",
            "Row 4, starts: 01:30 did not exist on 28 March 2027",
            "Row 5, starts: 01:30 happened twice",
            "Row 6, ends: The end must be after the start.",
            "Row 7, place: You plan no cover at a place of this name.",
            "Row 7, role: Must be one of",
            "Row 7, starts: Write it as 2027-03-27 20:00",
            "Row 8, email: Nobody with this address is MSCC coordinator at Example Alliance.",
            "Row 9, starts: Overlaps the plan, Bob Example 1 Apr 13:00: two people for one role.",
        ):
            assert words in said
        assert Shift.objects.count() == 1

    @pytest.mark.parametrize(
        ("raw", "sentence"),
        [
            (b"", "The file is empty."),
            (b"PK\x03\x04\0\0", "This is not a CSV file."),
            (b"name,when\nAda,now", "missing: place, role, specialty, email, starts, ends"),
            (HEADS.encode(), "headings, but no turn"),
            (b"a" * 300_001, "larger than 300 kB"),
        ],
    )
    def test_what_is_no_rota_is_refused(self, signed_in, people, token_in, text_of, raw, sentence):
        answer = self.send(signed_in(people["lead"]), token_in, raw)
        assert answer.status_code == 422
        assert sentence in text_of(answer)

    def test_the_export_can_be_read_in_again_and_starts_no_formula(
        self, signed_in, place, people, token_in
    ):
        people["ada"].name = "=cmd()"
        people["ada"].save()
        shift = on_duty(people["ada"], place, datetime(2027, 10, 31, 0, 30, tzinfo=UTC), 8)
        browser = signed_in(people["lead"])
        written = browser.get("/duty/export.csv").content
        assert b"2027-10-31 01:30+01:00" in written
        assert b"'=cmd()" in written
        shift.delete()
        assert self.send(browser, token_in, written).status_code == 200


class TestCalendar:
    def test_a_link_shows_its_persons_turns_until_it_is_renewed(
        self, signed_in, place, people, token_in, client
    ):
        on_duty(people["ada"], place, datetime(2027, 3, 27, 20, 0, tzinfo=UTC), 11)
        on_duty(people["bob"], place, NOON)
        browser = signed_in(people["ada"])

        def link():
            form = {"csrfmiddlewaretoken": token_in(browser.get("/duty/calendar/"))}
            page = browser.post("/duty/calendar/renew/", form).content.decode()
            return page.split("<code>")[1].split("</code>")[0].removeprefix("http://testserver")

        first = link()
        answer = client.get(first)
        assert answer["Content-Type"].startswith("text/calendar")
        text = answer.content.decode()
        assert text.count("BEGIN:VEVENT") == 1
        assert "DTSTART:20270327T200000Z\r\nDTEND:20270328T070000Z" in text
        assert "SUMMARY:On duty: MSCC coordinator" in text
        assert link() != first
        assert client.get(first).status_code == 404
        # The secret itself is nowhere: neither in a row nor on the trail.
        secret = first.split("/")[-1].removesuffix(".ics")
        assert secret not in str(list(Trail.objects.values("details")))

    def test_who_may_not_sign_in_any_more_has_no_calendar(
        self, signed_in, people, token_in, client
    ):
        token = rota_ical.renew(people["ada"], by=Actor.user(people["ada"]), at=NOON)
        assert client.get(f"/duty/calendar/{token}.ics").status_code == 200
        people["ada"].is_active = False
        people["ada"].save()
        assert client.get(f"/duty/calendar/{token}.ics").status_code == 404

    def test_long_lines_are_folded_and_commas_escaped(self, place, people):
        place.alliance.name = "Ä, " * 40
        shift = on_duty(people["ada"], place, NOON)
        shift.organisation = place.alliance
        text = rota_ical.written([shift], NOON)
        lines = text.split("\r\n")
        assert max(len(line.encode()) for line in lines) <= 75
        assert "Ä\\, Ä" in text.replace("\r\n ", "")
