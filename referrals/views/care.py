"""The care bundle: recorded on one page, shown as a card, told in the timeline."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from mscc.events import Command
from mscc.people.models import User
from mscc.web.filters import duration
from referrals.clinical import bundle
from referrals.clinical.bundle import BundleItem, Entry, Item
from referrals.clinical.presentation import Answer
from referrals.domain import care
from referrals.domain.care import BEREAVEMENT
from referrals.domain.queries.bundle import bundle_of, entries_of
from referrals.domain.queries.person import Story
from referrals.domain.refusals import Conflict
from referrals.forms.care import CareForm
from referrals.models import CareEntry, Referral
from referrals.views.actions import ACTIONS
from referrals.views.command import CommandView

# Said to be due soon from here on; overdue is what the word says.
SOON = timedelta(hours=2)
_STATUSES = dict(CareEntry.Status.choices)
# Pages that record an item better than the list does: by `Item.action`, the address and its name.
_ELSEWHERE = {
    "steroids": ("referral-steroids", (), "Record dexamethasone"),
    "add-pain": ("referral-add", ("pain",), "Record an assessment of pain"),
    "pain-plan": ("referral-pain-plan", (), "Plan or review pain relief"),
    "information": ("referral-information", (), "Print the information sheet"),
    "care-plan": ("referral-care-plan", (), "Make the care plan"),
    "discharge-plan": ("referral-discharge-plan", (), "Plan the discharge"),
}


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due, as components/urgency.html says it."""

    severity: str
    word: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One item as the page and the card show it; `history` is newest first."""

    found: BundleItem
    due: Due | None
    history: tuple[Entry, ...]
    href: str
    link: str

    @property
    def item(self) -> Item:
        return self.found.item

    @property
    def latest(self) -> Entry | None:
        return self.found.entry

    @property
    def status_word(self) -> str:
        return said(self.found.entry) if self.found.entry else ""


class RecordCare(CommandView):
    name = "care"
    form_class = CareForm
    template = "referrals/care.html"

    def carry_out(self, form: CareForm, command: Command) -> Referral:
        return care.record_care(self.which(), form.details(), command=command)

    def said(self, form: CareForm) -> str:
        told = form.details().told
        words = (f"{bundle.label_of(each.item)}: {_STATUSES[each.status].lower()}" for each in told)
        return f"Care recorded. {'. '.join(words)}."

    def refusal(self) -> Conflict | None:
        return None if self.story.died_at else super().refusal()

    def more(self, form: CareForm) -> dict[str, Any]:
        parts = parted(lines(self.story, self.at))
        if self.story.died_at:
            kept = [line for _, _, part in parts for line in part if line.item.key == BEREAVEMENT]
            parts = [("now", "For the family", kept)]
        return {
            "parts": [
                (key, heading, [(line, *_fields(form, line)) for line in part])
                for key, heading, part in parts
            ],
        }


def _fields(form: CareForm, line: Line) -> tuple[Any, Any]:
    return form[f"{line.item.key}_status"], form[f"{line.item.key}_reason"]


def lines(read: Story, at: datetime) -> list[Line]:
    """Every item of the bundle: what is overdue first, then as the bundle has them."""
    entries = sorted(entries_of(read), key=lambda each: each.at, reverse=True)
    made = []
    for found in bundle_of(read, at):
        href, link = elsewhere(found.item, read.referral.reference)
        history = tuple(each for each in entries if each.item == found.key)
        made.append(Line(found, due(found.due_at, at), history, href, link))
    return sorted(made, key=lambda line: line.due is None or line.due.severity != "overdue")


def parted(found: Iterable[Line]) -> list[tuple[str, str, list[Line]]]:
    """Key, heading and lines: what applies, what may apply, what does not."""
    parts: dict[str, list[Line]] = {"now": [], "open": [], "not": []}
    for line in found:
        if line.found.applies is Answer.YES or line.due is not None:
            parts["now"].append(line)
        else:
            parts["not" if line.found.applies is Answer.NO else "open"].append(line)
    headings = {
        "now": "What applies now",
        "open": "What may apply: something is not known",
        "not": "What does not apply now",
    }
    return [(key, headings[key], part) for key, part in parts.items()]


def due(due_at: datetime | None, at: datetime) -> Due | None:
    """When something is due in a word and a severity; None when nothing is to be done."""
    if due_at is None:
        return None
    if due_at < at:
        return Due("overdue", f"Overdue by {duration(at - due_at)}", due_at)
    severity = "at_risk" if due_at - at < SOON else "due"
    return Due(severity, f"Due in {duration(due_at - at)}", due_at)


def said(entry: Entry) -> str:
    """ "Offered and declined" """
    return _STATUSES[entry.status.value]


def elsewhere(item: Item, reference: str) -> tuple[str, str]:
    """The page that records this item better than the list, and what its link says."""
    if item.action not in _ELSEWHERE:
        return "", ""
    route, args, text = _ELSEWHERE[item.action]
    return reverse(route, args=[reference, *args]), text


def work_action(key: str) -> str:
    """The name of the command that does a piece of due work; see `actions.ACTIONS`."""
    if key.startswith(bundle.COURSE):
        return "steroids"
    if key.startswith(bundle.FOLLOW_UP):
        return "follow-up"
    action = "" if key.startswith(bundle.OPINION) else bundle.item(key).action
    return action if action in ACTIONS else "care"


def work_href(key: str, reference: str) -> str:
    """The page on which a piece of due work is done."""
    if key.startswith(bundle.OPINION):
        return reverse("referral-answer", args=[reference, key.removeprefix(bundle.OPINION)])
    if key.startswith(bundle.FOLLOW_UP):
        return reverse("referral-follow-up", args=[reference, key.removeprefix(bundle.FOLLOW_UP)])
    name = work_action(key)
    page = reverse(f"referral-{name}", args=[reference])
    return f"{page}#item-{key}" if name == "care" else page


def card(read: Story, user: User, at: datetime) -> dict[str, Any]:
    """What the person's page shows: what is to be done, what was done, how much may apply."""
    action, referral = ACTIONS["care"], read.referral
    found = lines(read, at) if referral.is_open else []
    waiting = sorted((line for line in found if line.due), key=_by_due)
    may = action.open_to(user, referral)
    return {
        "waiting": waiting,
        "overdue": sum(line.due.severity == "overdue" for line in waiting if line.due),
        "settled": _settled(found, waiting),
        "open": [line for line in found if line.found.applies is Answer.NOT_KNOWN and not line.due],
        "closed": not referral.is_open,
        "href": reverse("referral-care", args=[referral.reference]) if may else "",
        "bereavement": _bereavement(read, action.allowed(user, referral), at),
    }


def _bereavement(read: Story, may_record: bool, at: datetime) -> dict[str, Any] | None:
    """Support for the family after a death: due until it is recorded; None for the living."""
    if read.died_at is None:
        return None
    item = bundle.item(BEREAVEMENT)
    entries = [each for each in entries_of(read) if each.item == BEREAVEMENT]
    page = reverse("referral-care", args=[read.referral.reference])
    return {
        "label": item.label,
        "text": item.text,
        "numbers": item.numbers,
        "entry": max(entries, key=lambda each: each.at, default=None),
        "due": due(read.died_at + timedelta(seconds=item.within_s), at),
        "href": f"{page}#item-{BEREAVEMENT}" if may_record else "",
    }


def _by_due(line: Line) -> datetime:
    assert line.due is not None
    return line.due.when


def _settled(found: Sequence[Line], waiting: Sequence[Line]) -> list[Line]:
    return [line for line in found if line.latest is not None and line not in waiting]


def of_timeline(read: Story) -> Iterable[tuple[CareEntry, str, str]]:
    """Each entry with what it is called and what was said of it, for the timeline."""
    for row in read.care_entries:
        yield row, f"{bundle.label_of(row.item)}: {row.get_status_display().lower()}", row.reason
