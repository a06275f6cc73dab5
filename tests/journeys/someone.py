"""Somebody at a browser, told apart by what they came to do.

The verbs are those of a story: opens, presses, types, chooses, answers, sees. Every `sees` waits
for the page, keeps a picture of it and checks it for accessibility.
"""

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect

from mscc.people.models import User
from tests.factories.people import PASSWORD

PICTURES = Path(__file__).parents[2] / "var" / "screenshots"
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
Words = str | re.Pattern[str]
# Two browsers and two servers share two cores: a page that comes late is not a page that is wrong.
expect.set_options(timeout=20_000)
# What somebody who cannot see is told about the control that has the focus.
UNDER_THE_KEYBOARD = """() => {
    const here = document.activeElement;
    const around = here.closest("fieldset")?.querySelector("legend");
    const labels = [...(here.labels || [])].map((label) => label.innerText);
    return [around?.innerText, ...labels, here.innerText].join(" ");
}"""


def starting(words: str) -> re.Pattern[str]:
    """A label that begins with these words."""
    return re.compile(rf"^\s*{re.escape(words)}")


class Someone:
    """A person and the one page they look at.

    `sizes` are what their pictures are taken at; the last is the one they work at. `script` says
    whether their browser runs any.
    """

    def __init__(
        self,
        context: BrowserContext,
        address: str,
        story: str,
        *,
        sizes: tuple[dict[str, int], ...] = (PHONE, DESKTOP),
        script: bool = True,
    ) -> None:
        self.page: Page = context.new_page()
        self.address, self.story = address, story
        self.sizes, self.script = sizes, script
        self.complaints: list[str] = []
        self.pictures = 0
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)

    def _listen(self, message: object) -> None:
        # A refused form is a 4xx on purpose; the browser writes that down as an error, too.
        text = getattr(message, "text", "")
        if getattr(message, "type", "") == "error" and "Failed to load resource" not in text:
            self.complaints.append(text)

    # What they do.

    def opens(self, path: str) -> "Someone":
        """An address of the product, or a whole one that was sent to them."""
        self.page.goto(path if path.startswith("http") else f"{self.address}{path}")
        return self

    def signs_in(self, user: User) -> "Someone":
        """By the real page: the one in front of them, if that is it."""
        if "/accounts/login/" not in self.page.url:
            self.opens("/accounts/login/")
        self.types("Email address", user.email).types("Password", PASSWORD)
        return self.presses("Sign in")

    def presses(self, name: Words) -> "Someone":
        """A button or a link, by all that it says, or by a pattern of it."""
        whole = isinstance(name, str)
        button = self.page.get_by_role("button", name=name, exact=whole)
        button.or_(self.page.get_by_role("link", name=name, exact=whole)).first.click()
        self.page.wait_for_load_state()
        return self

    def keys(self, *names: str) -> "Someone":
        """Keys of the keyboard, one after the other."""
        for name in names:
            self.page.keyboard.press(name)
        return self

    def tabs_to(self, words: str) -> "Someone":
        """By the Tab key alone, to the control with these words in its label or its question."""
        for _ in range(120):
            self.page.keyboard.press("Tab")
            if words in self.page.evaluate(UNDER_THE_KEYBOARD):
                return self
        raise AssertionError(f"Tab never comes to {words!r}")

    def writes(self, text: str) -> "Someone":
        """On the keyboard, where the focus is."""
        self.page.keyboard.type(text)
        return self

    def types(self, label: Words, text: str) -> "Someone":
        """Into the field of this label; of several, the first that can be seen."""
        found = self.page.get_by_label(label, exact=isinstance(label, str))
        found.locator("visible=true").first.fill(text)
        return self

    def types_date(self, question: Words, *parts: object) -> "Someone":
        """Day, month and year into the boxes of a question, and a time if there is a fourth."""
        group = self._group(question)
        for label, part in zip(("Day", "Month", "Year", "Time"), parts, strict=False):
            box = group.get_by_label(starting(label)).locator("visible=true").first
            box.fill(str(part))
        return self

    def answers(self, question: Words, *answers: Words) -> "Someone":
        """Radio buttons or checkboxes of a group, by the words of its question."""
        for answer in answers:
            choice = self._group(question).get_by_label(answer, exact=isinstance(answer, str))
            choice.first.check()
        return self

    def picks(self, label: Words, option: str) -> "Someone":
        """One of a list."""
        found = self.page.get_by_label(label, exact=isinstance(label, str))
        found.first.select_option(label=option)
        return self

    def unfolds(self, words: Words) -> "Someone":
        """What is folded away under these words."""
        self.page.locator("summary", has_text=words).locator("visible=true").first.click()
        return self

    def tells(self, item: str, became: str, reason: str = "") -> "Someone":
        """What became of an item of the care bundle."""
        about = self.page.get_by_role("region", name=item, exact=True)
        about.get_by_label(became, exact=True).check()
        about.get_by_label("Reason, or a remark").fill(reason)
        return self

    def _group(self, question: Words) -> Locator:
        return self.page.get_by_role("group", name=question).first

    def ticks(self, label: Words) -> "Someone":
        """A checkbox that stands alone."""
        self.page.get_by_label(label).first.check()
        return self

    # What they see.

    def sees(self, *words: Words) -> "Someone":
        """These words are on the page, the page is accessible, and it is worth a picture."""
        self.reads(*words)
        first = words[0] if words else "page"
        self.picture(first.pattern if isinstance(first, re.Pattern) else first)
        return self.can_use_it()

    def reads(self, *words: Words) -> "Someone":
        """These words are on the page, soon: a board needs its moment to hear of them."""
        for each in words:
            expect(self.page.locator("body")).to_contain_text(each, use_inner_text=True)
        return self

    def can_use_it(self) -> "Someone":
        """Nothing that axe knows to be a barrier, and nothing that the browser complained of."""
        assert self.complaints == []
        if self.script:
            found = Axe().run(self.page)
            assert found.violations_count == 0, found.generate_report()
        return self

    def does_not_see(self, *words: Words) -> "Someone":
        """None of these words is anywhere on the page."""
        for each in words:
            expect(self.page.locator("body")).not_to_contain_text(each, use_inner_text=True)
        return self

    def finds_typed(self, label: Words, text: str) -> "Someone":
        """A field still holds what was typed into it."""
        found = self.page.get_by_label(label, exact=isinstance(label, str))
        expect(found.first).to_have_value(text)
        return self

    def has_focus_on(self, selector: str) -> "Someone":
        """What the keyboard acts on now."""
        expect(self.page.locator(selector).first).to_be_focused()
        return self

    def fits(self, width: int) -> "Someone":
        """Nothing runs out of the page at this width: 320 is a desktop at 400% zoom."""
        self.page.set_viewport_size({"width": width, "height": 640})
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{self.page.url} is {wide} wide at {width}"
        return self

    def picture(self, name: str) -> None:
        """At each of their sizes, numbered in the order of the story."""
        self.pictures += 1
        PICTURES.mkdir(parents=True, exist_ok=True)
        unnumbered = re.sub(r"\b[0-9A-Z]{3}-[0-9A-Z]{2}\b", "", name)
        said = re.sub(r"[^a-z0-9]+", "-", unnumbered.lower()).strip("-")[:40]
        for size in self.sizes:
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            self.page.evaluate("window.scrollTo(0, 0)")
            file = f"{self.story}-{self.pictures:02}-{said}-{size['width']}.png"
            self.page.screenshot(path=PICTURES / file, full_page=True)

    @property
    def html(self) -> str:
        """Everything the server and the scripts made of the page, hidden parts and title too."""
        return self.page.content()
