"""The words that go out: fixed templates, filled with the allowed fields and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from mscc import clock
from scheduling.notify import fields
from scheduling.notify.models import Channel, Kind, Notice

SHORT_LIMIT = 160  # characters of one pager or text message
_SHORT = (Channel.PAGER, Channel.SMS)


class Unrenderable(Exception):
    """The row holds something that may not be said, or lacks what must be."""


@dataclass(frozen=True, slots=True)
class Wording:
    short: str  # at most 24 characters, before the reference
    subject: str
    sentence: str
    due_word: str = "due"
    refers: bool = True  # it is about a referral, so it needs a reference
    acknowledge: bool = False  # it carries a one-time link


@dataclass(frozen=True, slots=True)
class Message:
    """What a transport is given. `facts` are the same things for a machine to read."""

    subject: str
    body: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
    poison: str = ""


WORDINGS: Mapping[str, Wording] = {
    Kind.NEW_REFERRAL: Wording(
        "MSCC NEW REFERRAL",
        "MSCC new referral",
        "A new referral is waiting for a coordinator.",
        acknowledge=True,
    ),
    Kind.AT_RISK: Wording(
        "MSCC AT RISK", "MSCC target at risk", "A target is about to be missed.", acknowledge=True
    ),
    Kind.BREACH: Wording(
        "MSCC TARGET MISSED",
        "MSCC target missed",
        "A target has been missed.",
        due_word="was due",
        acknowledge=True,
    ),
    Kind.RECEIPT: Wording(
        "MSCC RECEIVED",
        "MSCC referral received",
        "Your referral has reached the MSCC coordinators. If the person gets worse, ring at once.",
    ),
    Kind.OPINION_ASKED: Wording(
        "MSCC OPINION ASKED", "MSCC opinion asked", "Your opinion has been asked for."
    ),
    Kind.OPINION_ANSWERED: Wording(
        "MSCC OPINION GIVEN", "MSCC opinion given", "An opinion you asked for has been given."
    ),
    Kind.NEW_SIGNS: Wording(
        "MSCC NEW SIGNS",
        "MSCC new signs reported",
        "New signs have been reported on an open referral.",
        acknowledge=True,
    ),
    Kind.OPINION: Wording(
        "MSCC OPINION OVERDUE",
        "MSCC opinion not answered",
        "An opinion that was asked for has not been given in time.",
        due_word="was due",
        acknowledge=True,
    ),
    Kind.STOOD_DOWN: Wording(
        "MSCC STOOD DOWN", "MSCC stood down", "This has been dealt with. Nothing more is needed."
    ),
    Kind.DIGEST: Wording(
        "MSCC TARGETS MISSED",
        "MSCC: several targets missed",
        "Several targets have been missed or are about to be. The list is behind the link.",
        refers=False,
        acknowledge=True,
    ),
    Kind.LAST_RESORT: Wording(
        "MSCC NOBODY ANSWERS",
        "MSCC: nobody answers",
        "Nobody of the MSCC service answers a page. Ring the person on duty until one does.",
        acknowledge=True,
    ),
    Kind.WATCH: Wording(
        "MSCC NOT WATCHED",
        "MSCC: targets may not be watched",
        "The MSCC system may not be watching its targets. Look at its service page.",
        refers=False,
    ),
    Kind.PACK: Wording(
        "MSCC PACK NOT WRITTEN",
        "MSCC: the downtime pack is not being written",
        "The copy of the board for when the system is down is not written. Look at the service "
        "page.",
        refers=False,
    ),
    Kind.COVER_GAP: Wording(
        "MSCC NOBODY ON DUTY",
        "MSCC: nobody is on duty",
        "A time has nobody on duty. Put somebody on the rota.",
        due_word="from",
        refers=False,
    ),
    Kind.SWAP: Wording(
        "MSCC SHIFT SWAP",
        "MSCC: a shift to swap",
        "Somebody asks you to take a shift, or has answered you.",
        due_word="from",
        refers=False,
    ),
    Kind.HANDOVER: Wording(
        "MSCC HANDOVER",
        "MSCC handover",
        "A handover waits to be accepted.",
        refers=False,
    ),
    Kind.TEST: Wording(
        "MSCC TEST",
        "MSCC test message",
        "This is a test. Acknowledge it to show that it arrived.",
        refers=False,
        acknowledge=True,
    ),
    Kind.MEETING: Wording(
        "MSCC STEERING GROUP",
        "MSCC: the steering group is to meet",
        "The steering group meets at least twice a year, and no meeting is planned in time.",
        refers=False,
    ),
    Kind.REPORT: Wording(
        "MSCC REPORT ISSUED",
        "MSCC: a report has been issued",
        "A report on the MSCC service has been issued to the members of the steering group.",
        refers=False,
    ),
    Kind.UNPROVEN: Wording(
        "MSCC PAGE NOT CONFIRMED",
        "MSCC: a test page was not confirmed",
        "Somebody on duty has not confirmed that a test page reached them. Ring them.",
        due_word="on duty from",
        refers=False,
    ),
}


def render(notice: Notice) -> Message:
    """The message of a notice for its channel. Never fails: at worst it is the minimal text."""
    try:
        return _render(notice)
    except Exception as error:
        # Whatever is wrong with the row, somebody has to look at the board now.
        return minimal(notice, poison=type(error).__name__)


def minimal(notice: Notice, poison: str) -> Message:
    """The fixed text for a notice that cannot be rendered."""
    reference = notice.fields.get("reference") if isinstance(notice.fields, dict) else None
    known = fields.is_reference(reference)
    body = "MSCC alert, open board" + (f", ref {reference}" if known else "")
    facts: dict[str, str | int] = {"reference": str(reference)} if known else {}
    if notice.attempts > 1:
        # It may have arrived before, as any other; of rounds the row says nothing we could trust.
        body += f". RPT {notice.attempts}"
        facts["repeat"] = notice.attempts
    return Message("MSCC alert", body, facts, poison)


def _render(notice: Notice) -> Message:
    said, refused = fields.clean(notice.fields)
    if refused:
        raise Unrenderable("refused: " + ", ".join(refused))
    wording = WORDINGS[notice.kind]
    if wording.refers and "reference" not in said:
        raise Unrenderable("no reference")
    facts = _facts(notice, wording, said)
    if notice.channel in _SHORT:
        return Message(wording.subject, _short(wording, facts), facts)
    reference = f" {facts['reference']}" if "reference" in facts else ""
    return Message(wording.subject + reference, _long(wording, facts), facts)


def _facts(notice: Notice, wording: Wording, said: Mapping[str, str | int]) -> dict[str, str | int]:
    facts: dict[str, str | int] = {
        key: said[key] for key in ("reference", "call_back") if key in said
    }
    if "what" in said:
        facts["what"] = fields.WHAT[str(said["what"])]
    if "due" in said:
        facts["due"] = str(said["due"])
        facts["due_local"] = local_words(datetime.fromisoformat(str(said["due"])))
    if wording.acknowledge and notice.ack_token:
        facts["link"] = f"{settings.PUBLIC_URL}/notices/ack/{notice.ack_token}/"
    elif "link" in said:
        facts["link"] = f"{settings.PUBLIC_URL}{said['link']}"
    if "count" in said:
        facts["count"] = said["count"]
    if notice.reply_code and notice.channel in settings.NOTIFY.get("REPLIES", ()):
        facts["reply"] = notice.reply_code
    # The round of the escalation, and every further attempt at this same notice.
    facts["repeat"] = int(said.get("repeat", 1)) + max(notice.attempts, 1) - 1
    return facts


def local_words(moment: datetime) -> str:
    """A moment on a London clock, saying GMT or BST: twice a year the hour alone is not enough."""
    return f"{clock.local(moment):%H:%M %Z %a %d %b}"


def _short(wording: Wording, facts: Mapping[str, str | int]) -> str:
    text = wording.short
    if "reference" in facts:
        text += f" {facts['reference']}"
    about = [str(facts["what"])] if "what" in facts else []
    if "due_local" in facts:
        about.append(f"{wording.due_word} {facts['due_local']}")
    if "count" in facts:
        about.append(f"{facts['count']} of them")
    if about:
        text += f": {', '.join(about)}"
    if "call_back" in facts:
        text += f". Ring {facts['call_back']}"
    if int(facts["repeat"]) > 1:
        text += f". RPT {facts['repeat']}"
    if "reply" in facts:
        text += _how_to_answer(str(facts["reply"]), SHORT_LIMIT - len(text))
    if len(text) > SHORT_LIMIT:
        raise Unrenderable("too long")
    return text


def _how_to_answer(code: str, room: int) -> str:
    """What to answer with, in as many words as there is room for."""
    forms = (f". Reply {code} to acknowledge", f". Reply {code}")
    return next((words for words in forms if len(words) <= room), "")


def _long(wording: Wording, facts: Mapping[str, str | int]) -> str:
    lines = [wording.sentence, ""]
    labels = (
        ("Reference", "reference"),
        ("What", "what"),
        ("How many", "count"),
        ("Ring", "call_back"),
    )
    lines += [f"{label}: {facts[key]}" for label, key in labels if key in facts]
    if "due_local" in facts:
        lines.append(f"{wording.due_word.capitalize()}: {facts['due_local']}")
    if "link" in facts:
        word = "Acknowledge" if wording.acknowledge else "Follow it here"
        lines += ["", f"{word}: {facts['link']}"]
    if int(facts["repeat"]) > 1:
        lines += ["", f"RPT {facts['repeat']}: this may have reached you before."]
    lines += ["", "Messages never say who the person is. Sign in to see the referral."]
    return "\n".join(lines) + "\n"
