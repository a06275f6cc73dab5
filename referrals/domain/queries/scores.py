"""The scores of one person: which hold, which came before, and what they say as facts."""

from dataclasses import dataclass, fields, replace
from typing import Any

from referrals.clinical.facts import Primary
from referrals.clinical.scored import Scored
from referrals.clinical.tool_questions import read_back
from referrals.clinical.tools import Tool, read, told
from referrals.domain.queries.person import Story
from referrals.models import Score


@dataclass(frozen=True)
class LatestScore:
    """The score of a tool (and level) that holds, and the earlier ones of the same, newest first.

    `score.pk` is what a decision keeps when it rests on this score.
    """

    score: Score
    earlier: tuple[Score, ...] = ()

    @property
    def tool(self) -> Tool:
        return Tool(self.score.tool)

    @property
    def title(self) -> str:
        """ "SINS at T10", "Revised Tokuhashi"."""
        return titled(self.tool, self.score.level)

    @property
    def words(self) -> str:
        """What it came to, and where: "SINS 9 of 18: potentially unstable (at T10)"."""
        where = f" (at {self.score.level})" if self.score.level else ""
        return f"{self.score.result}{where}"

    @property
    def complete(self) -> bool:
        """Whether it has one result; otherwise there is more to find out."""
        return read(self.tool, self.score.level, self.score.inputs).complete

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Questions and answers as they were given."""
        return lines_of(self.score)


def latest_scores(story: Story) -> list[LatestScore]:
    """The score that holds for each tool and level, in the order of the tools, then of time.

    Nothing here asks the database.
    """
    by_what: dict[tuple[str, str], list[Score]] = {}
    for score in story.scores:
        by_what.setdefault((score.tool, score.level), []).append(score)
    order = list(Tool)
    held = sorted(by_what.values(), key=lambda rows: order.index(Tool(rows[-1].tool)))
    return [LatestScore(rows[-1], tuple(reversed(rows[:-1]))) for rows in held]


def titled(tool: Tool, level: str) -> str:
    """The tool, and the level where it has one."""
    if not tool.of_a_level:
        return tool.label
    return f"{tool.label} at {level}" if level else f"{tool.label}, level not known"


def lines_of(score: Score) -> list[tuple[str, str]]:
    """A stored score's questions and answers."""
    return list(read_back(Tool(score.tool), score.level, score.inputs))


def scored_of(story: Story) -> Scored:
    """What the scores on record say as facts. Performance status is read from the key information
    first: this tool writes it there, and so does the ward."""
    scored = Scored(
        lesions=tuple(
            lesion
            for held in latest_scores(story)
            if held.tool is Tool.SINS
            for lesion in _told(held.score).lesions
        )
    )
    for score in story.scores:
        if score.tool != Tool.SINS:
            scored = replace(scored, **_known(_told(score), _WHOLE.get(Tool(score.tool), ())))
    if (status := story.facts.get("fitness.performance_status")) is not None:
        scored = replace(scored, performance_status=status)
    if scored.frailty is None and (frailty := story.facts.get("fitness.frailty")):
        scored = replace(scored, frailty=frailty)
    return scored


# What belongs together: a later one replaces an earlier one whole.
_WHOLE = {
    Tool.AIS: ("sacral_exam",),
    Tool.ESCC: ("escc", "escc_level"),
    Tool.FRAILTY: ("frailty", "frailty_before"),
}
_NOTHING = Scored()


def _told(score: Score) -> Scored:
    return told(Tool(score.tool), score.level, score.inputs)


def _known(told: Scored, whole: tuple[str, ...]) -> dict[str, Any]:
    """What this score knows; an unknown alone never replaces what an earlier one knew."""
    values = {each.name: getattr(told, each.name) for each in fields(Scored)}
    return {
        name: value
        for name, value in values.items()
        if name in whole or value != getattr(_NOTHING, name)
    }


def prefill(story: Story, tool: Tool) -> dict[str, tuple[str, str]]:
    """What the record knows of a tool's questions: the answer (empty when it only has words
    about it), and the sentence that says so beside the question."""
    known, scored = story.facts, scored_of(story)
    found: dict[str, tuple[str, str]] = {}

    def filled(name: str, value: object) -> None:
        if value not in (None, "", "not_known") and name not in found:
            found[name] = (str(value), "Filled in from the record: check it.")

    def said(name: str, text: object) -> None:
        if text and name not in found:
            found[name] = ("", f"The record says: {text}.")

    if tool is Tool.SINS and known.get("pain.on_movement") == "yes":
        found["pain"] = ("mechanical", "The record says that movement makes the pain worse.")
    if tool in (Tool.TOKUHASHI, Tool.PERFORMANCE):
        filled("performance_status", scored.performance_status)
        filled("karnofsky", scored.karnofsky)
    if tool is Tool.TOKUHASHI:
        filled("primary", known.get("cancer.primary"))
        filled("primary", _named(known.get("cancer.primary_site")))
        filled("frankel", scored.frankel)
        said("primary", known.get("cancer.primary_site"))
        said("extraspinal", known.get("cancer.other_metastases"))
        said("organs", known.get("cancer.other_metastases"))
    if tool is Tool.FRAILTY:
        filled("frailty", scored.frailty)
    return found


def _named(site: object) -> str:
    """The primary that free text names in exactly a word of the table; empty for anything more."""
    word = str(site or "").strip().rstrip(".").lower()
    return word if word in _SITES else ""


_SITES = {each.value for each in Primary} - {Primary.OTHER, Primary.UNIDENTIFIED, Primary.NOT_KNOWN}


def score_line(score: Score) -> str:
    """A score in a line of the timeline: what it came to, whose it is, and its table."""
    return f"{score.result}. Assessed by {score.assessed_by}. {score.table_version}."
