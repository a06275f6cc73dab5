"""The components as people meet them: by keyboard, by screen reader, zoomed in, without script.

Every request of the browser is answered from here, with production's content security policy.
"""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders

from mscc.demo import styleguide
from tests.web.style_guide import page

AT = datetime(2026, 11, 24, 8, tzinfo=UTC)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.fixture
def browser_page(chromium):
    """A page in a real browser whose every request is answered without a network or a database."""
    opened = chromium.new_page(viewport={"width": 1280, "height": 900})
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
def test_without_script_every_question_can_be_reached(chromium):
    plain = chromium.new_page(java_script_enabled=False)
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
