"""Every component as it is drawn: what it says, that it escapes, and that anyone can use it.

The style guide is drawn without a database; in the browser its requests are answered from here,
with the content security policy of production.
"""

import re
import shutil
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import RequestFactory
from playwright.sync_api import sync_playwright

from mscc import clock
from mscc.demo import styleguide
from referrals.domain.refusals import IllegalTransition, StaleVersion
from referrals.forms.base import CommandForm
from referrals.forms.fields import NotesField, RadioField, TextField, WhenField
from tests.conftest import BROWSERS

AT = datetime(2026, 11, 24, 8, tzinfo=UTC)
NASTY = "<script>alert('x')</script>\u202e"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.fixture(autouse=True)
def the_time_asks_no_database(monkeypatch):
    monkeypatch.setattr(clock, "_shift", None)


def drawn(source, **context):
    return engines["pages"].env.from_string(source).render(**context)


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def page(query=""):
    request = RequestFactory().get(f"/styleguide/{query}")
    request.user = SimpleNamespace(
        is_authenticated=True, name=f"A. Coordinator {NASTY}", can=lambda permission: True
    )
    request._messages = []
    return styleguide.styleguide(request).content.decode()


SHAPES = {
    "overdue": "Overdue by 1 h 12 min",
    "at_risk": "Due in 2 h 05 min",
    "due": "Due in 19 h",
    "met": "Met, 6 h to spare",
    "missed": "Missed by 3 h 20 min",
    "excepted": "Stopped: MRI contraindicated, CT done",
}


def urgency(severity, **more):
    standing = SimpleNamespace(severity=severity, word=SHAPES[severity], when=AT)
    source = '{% from "components/urgency.html" import urgency %}{{ urgency(standing, **more) }}'
    return drawn(source, standing=standing, more=more)


@pytest.mark.parametrize("severity", SHAPES)
def test_urgency_is_a_word_and_both_times(severity):
    assert words(urgency(severity)) == f"{SHAPES[severity]} Tue 24 Nov, 08:00 GMT"
    assert 'datetime="2026-11-24T08:00:00Z"' in urgency(severity)


def test_what_is_due_leads_the_sentence():
    assert words(urgency("overdue", what="MRI", absolute=False)) == "MRI overdue by 1 h 12 min"


def test_each_urgency_has_a_shape_of_its_own_which_a_screen_reader_does_not_read():
    shapes = {severity: re.search(r"<svg.*?</svg>", urgency(severity))[0] for severity in SHAPES}
    drawings = {re.sub(r"^<svg[^>]*>", "", shape) for shape in shapes.values()}
    assert len(drawings) == len(SHAPES)
    assert all('aria-hidden="true"' in shape for shape in shapes.values())


class Moved(CommandForm):
    who = TextField(label="Who decided?")
    how = RadioField(label="How?", choices=[("phone", "By phone"), ("other", "Otherwise")])
    which = TextField(label="Which way?")
    when = WhenField(label="When?")
    note = NotesField(label="Note", required=False, max_length=500)
    reveals = {"which": ("how", "other")}


def form(data=None):
    return Moved(data, at=AT, version=3)


def form_html(shown):
    source = '{% from "components/form.html" import render_form %}{{ render_form(form, token) }}'
    return drawn(source, form=shown, token="TOKEN")


def test_a_form_is_drawn_with_its_token_version_key_and_one_button():
    shown = form()
    html = form_html(shown)
    assert "TOKEN" in html
    assert 'name="version" value="3"' in html
    assert f'name="key" value="{shown["key"].value()}"' in html
    assert html.count("<button") == 1


def test_every_question_has_a_label_or_a_legend_and_no_id_stands_twice():
    html = form_html(form())
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    controls = re.findall(r'<(?:input|textarea|select)[^>]*?id="([^"]+)"', html)
    hidden = re.findall(r'type="hidden"[^>]*?id="([^"]+)"', html)
    assert set(controls) - set(hidden) <= set(re.findall(r'<label[^>]*for="([^"]+)"', html))


def test_each_mistake_stands_in_the_summary_with_a_way_to_its_field():
    shown = form({"who": "", "how": "other", "which": "", "when-choice": "earlier"})
    assert not shown.is_valid()
    html = form_html(shown)
    summary = html[html.index("nhsuk-error-summary") : html.index("TOKEN")]
    links = dict(re.findall(r'<a href="#([^"]+)"\s*>\s*([^<]+?)\s*</a>', summary))
    assert links == {
        "id_who": "Enter who decided.",
        "id_which": "Enter which way.",
        "id_when": "When: enter the date and the time.",
    }
    assert all(f' id="{target}"' in html for target in links)


def test_what_was_typed_comes_back_and_cannot_run():
    shown = form({"who": NASTY, "how": "phone", "when-choice": "now", "note": NASTY})
    shown.is_valid()
    html = form_html(shown)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 2


def test_a_field_that_appears_under_a_choice_stands_behind_it():
    html = form_html(form())
    behind = html[html.index('id="conditional-id_how-2"') :]
    assert behind.index('name="which"') < behind.index('name="when-choice"')
    assert 'data-mscc-reveals="conditional-id_how-2"' in html


def test_a_conflict_says_who_was_faster_and_keeps_the_text():
    shown = form({"who": "Dr Own", "how": "phone", "when-choice": "now"})
    assert shown.is_valid()
    shown.refuse(StaleVersion("Dr Other", AT, "MRI booked"), version=4)
    html = form_html(shown)
    assert "Dr Other changed this referral at 08:00 on 24 November (MRI booked)" in words(html)
    assert 'value="Dr Own"' in html
    assert 'name="version" value="4"' in html
    assert html.index("Not saved") < html.index("TOKEN")


def test_a_step_that_is_not_possible_now_does_not_ask_to_save_again():
    shown = form({})
    shown.refuse(IllegalTransition("book MRI", "discharged"))
    assert "save it again" not in words(form_html(shown))


def banner(**more):
    patient = SimpleNamespace(**{**vars(styleguide._patient()), **more})
    source = (
        '{% from "components/identity.html" import identity_banner %}'
        '{{ identity_banner(patient, "Hospital A, ward 4C", "K7Q-4F") }}'
    )
    return words(drawn(source, patient=patient))


def test_the_banner_says_who_and_what_must_be_known_of_them():
    said = banner()
    for part in (
        "SURNAME-EXAMPLE, Given",
        "5 March 1965 (",
        "999 000 0018",
        "Hospital A, ward 4C",
        "Penicillin (rash)",
        "Polish, interpreter needed",
        "K7Q-4F",
    ):
        assert part in said


def test_the_banner_says_what_is_not_known():
    said = banner(
        nhs_number=None,
        nhs_number_absent_reason="Not from the United Kingdom",
        allergies="",
        language="",
        interpreter_needed=None,
        date_of_birth=None,
    )
    assert "No NHS number Not from the United Kingdom" in said
    assert "Allergies not recorded" in said
    assert "Language not recorded" in said
    assert "Born not known" in said


def test_a_name_that_can_mislead_is_shown_and_flagged():
    assert "Check the name" not in banner()
    assert "Check the name" in banner(family_name="J\u043ehn")
    assert "Check the name" in banner(given_name="abc\u202e")


def test_a_clock_is_told_in_words_beside_its_track():
    running = SimpleNamespace(
        started_at=AT - timedelta(hours=25),
        at_risk_at=AT - timedelta(hours=7),
        due_at=AT - timedelta(hours=1),
        stopped_at=None,
    )
    standing = SimpleNamespace(severity="overdue", word="Overdue by 1 h", when=running.due_at)
    source = (
        '{% from "components/track.html" import clock_track %}'
        '{{ clock_track(clock, "MRI within 24 hours", standing, at) }}'
    )
    html = drawn(source, clock=running, standing=standing, at=AT)
    said = words(html)
    assert "MRI within 24 hours Overdue by 1 h Started Mon 23 Nov, 07:00 GMT" in said
    assert "Due Tue 24 Nov, 07:00 GMT" in said
    assert "mscc-track__late" in html


def test_the_style_guide_shows_everything_and_runs_nothing_that_was_typed():
    html = page()
    assert "alert(" in html
    assert not re.search(r"<script(?![^>]* src=)", html)
    assert "DEMO DATA" in words(html)


@pytest.mark.parametrize("query", ["", "?wall"])
def test_no_page_has_a_style_or_a_handler_of_its_own(query):
    html = page(query)
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", html)
    assert "<style" not in html


def test_the_wall_names_nobody():
    html = page("?wall")
    assert "O0K-4F" in html
    for name, *_ in styleguide.PEOPLE:
        assert name not in html
    assert "A. Coordinator" not in html


def test_only_the_first_new_referral_has_the_filled_button():
    board = page().split('id="board-list"')[1].split("</ol>")[0]
    buttons = re.findall(r'<button class="([^"]+)"', board)
    assert ["secondary" in classes for classes in buttons] == [False, True]


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        path = next(path for name in BROWSERS if (path := shutil.which(name)))
        opened = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield opened
        opened.close()


@pytest.fixture
def browser_page(browser):
    """A page in a real browser whose every request is answered without a network or a database."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.route("**/*", answer)
    opened.complaints = []
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.on(
        "console",
        lambda message: message.type == "error" and opened.complaints.append(message.text),
    )
    yield opened
    opened.close()


def answer(route):
    asked = urlsplit(route.request.url)
    headers = {"Content-Security-Policy": POLICY}
    if asked.path.startswith("/static/"):
        found = finders.find(asked.path.removeprefix("/static/"))
        assert found, f"{asked.path}: run ./dev once, it builds the third-party assets"
        kinds = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
        kind = kinds[found.rsplit(".", 1)[1]]
        route.fulfill(path=found, content_type=kind, headers=headers)
    else:
        html = page(f"?{asked.query}" if asked.query else "")
        route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)


GUIDE = "http://styleguide.test/styleguide/"


@pytest.mark.journey
@pytest.mark.parametrize(
    ("query", "width"), [("", 1280), ("", 390), ("?wall", 1920), ("?wall", 390)]
)
def test_nothing_stands_in_the_way_of_anybody(browser_page, query, width):
    browser_page.set_viewport_size({"width": width, "height": 900})
    browser_page.goto(GUIDE + query)
    found = Axe().run(browser_page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    assert browser_page.complaints == []


@pytest.mark.journey
@pytest.mark.parametrize("query", ["", "?wall"])
def test_a_page_fits_320_pixels_which_is_400_per_cent_zoom(browser_page, query):
    browser_page.set_viewport_size({"width": 320, "height": 640})
    browser_page.goto(GUIDE + query)
    assert browser_page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.journey
def test_what_can_be_pressed_is_at_least_24_pixels_high(browser_page):
    browser_page.goto(GUIDE)
    small = browser_page.evaluate(
        """() => [...document.querySelectorAll("button, summary, .mscc-header a, .mscc-row__act a, "
            + "label:has(input)")].filter(each => each.offsetParent !== null)
            .filter(each => each.getBoundingClientRect().height < 24)
            .map(each => each.outerHTML)"""
    )
    assert small == []


@pytest.mark.journey
def test_the_emergency_is_said_once_cancer_and_a_cord_sign_are_both_yes(browser_page):
    browser_page.goto(GUIDE)
    browser_page.check("#id_gait")
    assert not browser_page.is_visible("#emergency")
    assert browser_page.is_visible("#id_gait-date-day")
    browser_page.check("#id_cancer")
    assert browser_page.is_visible("#emergency")
    browser_page.check("#id_cancer-3")
    assert not browser_page.is_visible("#emergency")


@pytest.mark.journey
def test_a_form_is_sent_once_and_without_what_was_hidden_again(browser_page):
    browser_page.goto(GUIDE)
    sent = []
    browser_page.on(
        "request", lambda asked: asked.method == "POST" and sent.append(asked.post_data)
    )
    browser_page.check("#id_when-2")
    browser_page.fill("#id_when-time", "09:10")
    browser_page.check("#id_when")
    # Two presses before the first answer: as a tired hand does it.
    with browser_page.expect_navigation():
        browser_page.evaluate(
            """() => { const button = document.querySelector("#first button[type=submit]");
                button.click(); button.click(); }"""
        )
    assert len(sent) == 1
    assert "when-choice=now" in sent[0]
    assert "when-time" not in sent[0]


@pytest.mark.journey
def test_without_script_every_question_can_be_reached(browser):
    plain = browser.new_page(java_script_enabled=False)
    plain.route("**/*", answer)
    plain.goto(GUIDE)
    assert plain.is_visible("#id_gait-date-day")
    assert plain.is_visible("#id_when-time")
    assert plain.is_visible("text=Load again")
    plain.close()


@pytest.mark.journey
def test_the_board_keeps_focus_and_open_rows_when_news_arrives(browser_page):
    browser_page.goto(GUIDE)
    browser_page.click("#s-M2P-9C")
    browser_page.keyboard.press("ArrowDown")
    browser_page.keyboard.press("ArrowUp")
    with browser_page.expect_response(GUIDE, timeout=15_000):
        pass
    browser_page.wait_for_timeout(200)
    assert browser_page.evaluate("document.activeElement.id") == "s-M2P-9C"
    assert browser_page.evaluate("document.querySelector('#r-M2P-9C details').open")
    assert browser_page.inner_text("#board-live").startswith("Live, ")


@pytest.mark.journey
def test_the_board_shouts_when_nothing_arrived_for_a_minute(browser_page):
    browser_page.clock.install(time=AT)
    browser_page.goto(GUIDE)
    browser_page.route(GUIDE, lambda route: route.abort())
    browser_page.clock.run_for(59_000)
    assert not browser_page.is_visible("#board-stale")
    browser_page.clock.run_for(4_000)
    said = browser_page.inner_text("#board-stale")
    assert said.startswith("STALE")
    assert "since 08:00:0" in said
    assert styleguide.NUMBER in said
