"""The blank forms for paper, as data: drawn by templates/scheduling/downtime and into the PDF."""

from dataclasses import dataclass

from referrals.clinical.milestones import MilestoneKind
from referrals.clinical.neurology import Mobility
from referrals.clinical.presentation import CORD_ITEMS, PAIN_ITEMS
from referrals.models import MriScan, TreatmentDecision
from referrals.views.words import named


@dataclass(frozen=True, slots=True)
class Line:
    """Words with room to write behind them; `width` of 12 parts of the page."""

    label: str
    width: int = 6


@dataclass(frozen=True, slots=True)
class Ticks:
    """A question with boxes to tick."""

    label: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: `rows` are words in its first column, or so many empty ones."""

    columns: tuple[str, ...]
    rows: tuple[str, ...] = ()
    empty: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """Empty space to write in, `lines` high."""

    label: str
    lines: int = 3


Part = Line | Ticks | Grid | Room


@dataclass(frozen=True, slots=True)
class PaperForm:
    """One form: its key in addresses, what it is for, and its sections; `wide` lies on its side."""

    key: str
    title: str
    use: str
    sections: tuple[tuple[str, tuple[Part, ...]], ...]
    wide: bool = False


_WHEN = "Date and time (write GMT or BST)"
_YES_NO = ("Yes", "No", "Not known")
_PERSON = (
    Line("Family name"),
    Line("Given name"),
    Line("Date of birth", 4),
    Line("NHS number", 4),
    Line("Reference, if there is one", 4),
)

REFERRAL = PaperForm(
    "referral",
    "Referral by telephone",
    "Fill it in while the person rings. A cord sign with a cancer history is an emergency: act "
    "at once and write afterwards.",
    (
        ("The person", (*_PERSON, Line("Hospital and ward"), Line("Responsible consultant"))),
        (
            "Who rings",
            (Line("Name and role"), Line("Call back on"), Line(f"Call taken: {_WHEN}", 12)),
        ),
        (
            "What has been noticed (NG234 box 1)",
            (
                Ticks("Cancer", ("Now or in the past", "Suspected", "None", "Not known")),
                Grid(
                    ("Sign of cord compression", *_YES_NO, "Since"),
                    tuple(item.label for item in CORD_ITEMS),
                ),
                Grid(("Pain", *_YES_NO, "Since"), tuple(item.label for item in PAIN_ITEMS)),
                Ticks("Gets about", tuple(each.label for each in Mobility)),
                Line(f"First suspected: {_WHEN}", 12),
            ),
        ),
        (
            "Now",
            (
                Ticks("MRI contraindicated (pacemaker, implant)", _YES_NO),
                Ticks("Lying flat", _YES_NO),
                Ticks("Dexamethasone given", _YES_NO),
                Line("MRI due: suspected + 24 h (suspected MSCC), or + 7 days (metastases)", 12),
                Line(f"Advice given: {_WHEN}", 8),
                Line("To", 4),
                Room("Advice: pain, stability, immobilisation, dexamethasone, transfer", 2),
                Line("Taken by (name)", 6),
                Line("Signature", 6),
            ),
        ),
    ),
)
LOG = PaperForm(
    "log",
    "Coordinator's log",
    "One line for every call, page and decision, with the true time. It is what is entered "
    "afterwards.",
    (
        (
            "",
            (
                Line("Coordinator (name)"),
                Line("System down since"),
                Grid(
                    ("Date", "Time, GMT or BST", "Who (name, NHS number)", "Rang or was rung, on")
                    + ("What was said, decided or done", "Next, and by when"),
                    empty=14,
                ),
            ),
        ),
    ),
    wide=True,
)
TREATMENT = PaperForm(
    "treatment",
    "Scan, decision and treatment",
    "One for each person. Radiotherapy is due 24 hours after the decision to treat, unless "
    "NG234 1.10.4 excepts the person.",
    (
        ("The person", (*_PERSON, Line("Hospital and ward", 12))),
        (
            "The scan",
            (
                Ticks("What was done", ("MRI, whole spine", "MRI, part", "CT instead of MRI")),
                Line(f"Performed: {_WHEN}", 12),
                Ticks("Report", tuple(label for _, label in MriScan.Outcome.choices)),
                Line("Reported by", 5),
                Line(f"Reported: {_WHEN}", 7),
            ),
        ),
        (
            "The decision",
            (
                Ticks("Plan", tuple(label for _, label in TreatmentDecision.Plan.choices)),
                Line("Decided by", 5),
                Line(f"Decided: {_WHEN}", 7),
                Room("Why, and why no surgery; any exception of 1.10.4 and its reason", 3),
                Line("Radiotherapy due: decided + 24 h", 12),
            ),
        ),
        (
            "What happened",
            (
                Grid(
                    ("What", _WHEN, "By whom"),
                    (
                        "Immobilisation started",
                        "Expert advice on stability sought",
                        "Dexamethasone started (dose)",
                        "Radiotherapy started",
                        "Surgery performed",
                        "Immobilisation ended",
                    ),
                ),
                Room("Anything else", 2),
            ),
        ),
    ),
)
ENTRY_KINDS = (
    MilestoneKind.TAKEN,
    MilestoneKind.ADVICE_GIVEN,
    MilestoneKind.IMMOBILISATION_STARTED,
    MilestoneKind.STABILITY_ADVICE_SOUGHT,
    MilestoneKind.MRI_PERFORMED,
    MilestoneKind.SCAN_REPORTED,
    MilestoneKind.DECISION_TO_TREAT,
    MilestoneKind.RADIOTHERAPY_STARTED,
    MilestoneKind.SURGERY_PERFORMED,
    MilestoneKind.IMMOBILISATION_ENDED,
)
ENTRY = PaperForm(
    "entry",
    "What is to be entered afterwards",
    "Collect what moves a clock, in order of time. When the system is back, enter it on "
    "‘When the system is down’ and tick it off here.",
    (
        (
            "",
            (
                Line("System down from"),
                Line("Until"),
                Grid(
                    ("Reference, or new", "Who (name, NHS number)", "What happened")
                    + ("True date and time", "Who did it", "Entered by, at"),
                    empty=12,
                ),
            ),
        ),
        (
            "What moves a clock",
            (Room("; ".join(named(kind) for kind in ENTRY_KINDS), 0),),
        ),
    ),
    wide=True,
)
FORMS = {form.key: form for form in (REFERRAL, LOG, TREATMENT, ENTRY)}
