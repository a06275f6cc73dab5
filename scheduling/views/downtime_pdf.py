"""The downtime pack for paper: A4, black and white, every page with its own time."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, TableBordersLayout, TextMode, XPos, YPos
from fpdf.fonts import FontFace

from scheduling.views.downtime_forms import Grid, Line, PaperForm, Part, Room, Ticks

if TYPE_CHECKING:
    from scheduling.views.downtime_sheets import Pack, Person, Ring

_NEXT = {"new_x": XPos.LMARGIN, "new_y": YPos.NEXT}
_GREY, _RULE, _LEADING = 225, 6.5, 0.5
# Words, never shape alone: the print may be a third copy.
_MARKS = {"overdue": "OVERDUE", "at_risk": "AT RISK", "due": "due"}


@cache
def _font() -> str:
    """A font that writes every name: Latin with all its marks, Greek and Cyrillic."""
    folder = resources.files("fontpkg_noto_sans") / "files"
    return str(folder / "NotoSans[wdth,wght].ttf")


class Paper(FPDF):
    """A4, on its side unless said; the two lines of `head` stand large on every page."""

    def __init__(self, head: str, foot: str) -> None:
        super().__init__("landscape", "mm", "A4")
        self.head, self.foot = head, foot
        self.set_margins(12, 10, 12)
        self.set_auto_page_break(True, 15)
        self.add_font("sans", "", _font())
        self.set_font("sans", size=9.5)
        self.set_lang("en-GB")
        self.add_page()

    def header(self) -> None:
        """When it was so, and until when it may be used; on every page."""
        first, _, second = self.head.partition("\n")
        self.bold(first, 17, 8)
        self.bold(second, 11, 6)
        self.set_line_width(0.5)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
        self.set_line_width(0.2)
        self.ln(2)

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("sans", size=8)
        half = self.epw / 2
        self.cell(half, 5, self.foot)
        self.cell(half, 5, f"Page {self.page_no()} of {{nb}}", align="R")

    def bold(self, text: str, size: float, height: float) -> None:
        """A line in bold: the one weight of the font, drawn with its outline."""
        with self.local_context(text_mode=TextMode.FILL_STROKE, line_width=size * 0.012):
            self.set_font("sans", size=size)
            self.multi_cell(0, height, text, align="L", **_NEXT)
        self.set_font("sans", size=9.5)

    def words(self, text: str, size: float = 9.5) -> None:
        """A paragraph."""
        self.set_font("sans", size=size)
        self.multi_cell(0, size * _LEADING, text, align="L", **_NEXT)
        self.set_font("sans", size=9.5)

    def height_of(self, text: str, size: float) -> float:
        """How many millimetres a paragraph of this takes."""
        self.set_font("sans", size=size)
        taken = self.multi_cell(
            0, size * _LEADING, text, align="L", dry_run=True, output=MethodReturnValue.HEIGHT
        )
        self.set_font("sans", size=9.5)
        return float(taken)

    def rows(
        self, head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float]
    ) -> None:
        """A table whose heading is repeated on each page."""
        self.set_font("sans", size=9)
        plain = FontFace(emphasis="", fill_color=_GREY)
        with self.table(
            col_widths=tuple(widths),
            line_height=4.8,
            text_align="LEFT",
            headings_style=plain,
            borders_layout=TableBordersLayout.ALL,
            padding=0.6,
        ) as table:
            table.row(head)
            for row in rows:
                table.row(row)
        self.ln(2)


def pdf_of(pack: "Pack") -> bytes:
    """The pack as a PDF."""
    demo = "   DEMO DATA, not real people" if pack.demo else ""
    head = f"MSCC downtime pack: as of {pack.at}\nDo not use after {pack.until}{demo}"
    foot = f"{pack.alliance}. Confidential: about patients. Destroy it when the system is back."
    paper = Paper(head, foot)
    paper.set_title("MSCC downtime pack")
    _begin(paper, pack)
    for heading, rings in (
        (f"On duty at {pack.at}, and whom to ring", pack.answers),
        ("Rota of the next 48 hours", pack.rota),
        ("Numbers of places", pack.lines),
    ):
        paper.bold(heading, 12, 7)
        _rings(paper, rings)
    paper.add_page()
    paper.bold(f"Open referrals: {len(pack.people)}", 12, 7)
    for person in pack.people:
        _person(paper, person)
    for form in pack.forms:
        paper.add_page("landscape" if form.wide else "portrait")
        _form(paper, form)
    return bytes(paper.output())


def _begin(paper: Paper, pack: "Pack") -> None:
    paper.bold("What this is", 12, 7)
    paper.words(
        f"A copy of the board of {pack.alliance} for when the system is down. It was so at "
        f"{pack.at}; nothing after that is on it. Ring whoever has each referral and ask what has "
        "changed. Nobody is paged by the system meanwhile: watch the due times below yourself, "
        "and ring the next person when nobody answers within 5 minutes. Write everything on the "
        "forms at the end, with the true times; it is entered when the system is back.",
    )
    paper.ln(2)


def _rings(paper: Paper, rings: Sequence["Ring"]) -> None:
    if not rings:
        paper.words("None is on record. Ring the switchboard.")
        paper.ln(2)
        return
    rows = [(each.what, each.who, each.number or "no number", each.note) for each in rings]
    paper.rows(("What for", "Who", "Number", ""), rows, (32, 20, 15, 33))


def _person(paper: Paper, person: "Person") -> None:
    lines = list(_said(person))
    height = sum(paper.height_of(text, size) for text, size, _ in lines)
    # A person on two pages is a person whose second half is lost. Longer than a page is.
    if paper.will_page_break(height + 4):
        paper.add_page()
    paper.line(paper.l_margin, paper.get_y(), paper.w - paper.r_margin, paper.get_y())
    paper.ln(1)
    for text, size, bold in lines:
        if bold:
            paper.bold(text, size, size * _LEADING)
        else:
            paper.words(text, size)
    paper.ln(1.5)


def _said(person: "Person") -> Iterator[tuple[str, float, bool]]:
    """The lines of one person: text, size, bold."""
    new = "NEW, not yet read. " if person.new else ""
    yield f"{new}{person.reference}   {person.name}   NHS {person.nhs}", 11, True
    yield f"Born {person.born}. {person.place}. {person.suspicion}; {person.state}.", 9.5, False
    consultant = f" Consultant {person.consultant}." if person.consultant else ""
    holder = person.holder or "NOBODY"
    yield f"Call back {person.call_back}.{consultant} Who has it: {holder}.", 9.5, False
    for each in person.timed:
        mark = _MARKS.get(each.severity, each.severity)
        word = f"{each.word[:1].lower()}{each.word[1:]}"
        yield f"[{mark}] {each.what}: due {each.when} ({word})", 9.5, True
    for heading, lines in (
        ("Outstanding", person.outstanding),
        ("Pages", person.pages),
        ("Opinions", person.opinions),
        ("Done", person.ended),
    ):
        if lines:
            yield f"{heading}: {'; '.join(lines)}", 9, False
    yield "Since then: " + "." * 190, 9, False


def _form(paper: Paper, form: PaperForm) -> None:
    paper.bold(form.title, 14, 8)
    paper.words(form.use)
    for heading, parts in form.sections:
        paper.ln(1)
        if heading:
            paper.bold(heading, 11, 6)
        _parts(paper, parts)


def _parts(paper: Paper, parts: Sequence[Part]) -> None:
    used = 0
    for part in parts:
        if isinstance(part, Line):
            if used and used + part.width > 12:
                paper.ln(_RULE)
                used = 0
            _line(paper, part)
            used += part.width
            continue
        if used:
            paper.ln(_RULE)
            used = 0
        if isinstance(part, Ticks):
            paper.words(f"{part.label}:   " + "    ".join(f"[   ] {one}" for one in part.choices))
            paper.ln(1)
        elif isinstance(part, Grid):
            _grid(paper, part)
        else:
            _room(paper, part)
    if used:
        paper.ln(_RULE)


def _line(paper: Paper, part: Line) -> None:
    width = paper.epw * part.width / 12
    taken = paper.get_string_width(part.label) + 3
    paper.cell(taken, _RULE, part.label)
    x, y = paper.get_x(), paper.get_y() + _RULE - 1.2
    paper.line(x, y, x + max(5.0, width - taken - 4), y)
    paper.set_x(x + width - taken)


def _grid(paper: Paper, part: Grid) -> None:
    first = 3.0 if part.rows else 1.3
    narrow = [0.7 if column in ("Yes", "No", "Not known") else 2.0 for column in part.columns[1:]]
    blank = [""] * (len(part.columns) - 1)
    rows = [[row, *blank] for row in part.rows] or [["\n", *blank]] * part.empty
    paper.rows(part.columns, rows, [first, *narrow])


def _room(paper: Paper, part: Room) -> None:
    paper.words(f"{part.label}:" if part.lines else part.label)
    for _ in range(part.lines):
        paper.ln(_RULE)
        paper.line(paper.l_margin, paper.get_y(), paper.w - paper.r_margin, paper.get_y())
    paper.ln(2)
