"""A report to take along: PDF, CSV and JSON of the same figures as the page."""

import csv
import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from audit.domain import composing
from audit.domain.queries import seats
from audit.exports.table import harmless
from audit.measures.change import WORDS, Word
from audit.measures.measure import Shape
from audit.models import Report
from audit.pdf.make import pdf
from audit.views.reports import document_of, told_of
from audit.views.seated import found_or_404, my_seats
from mscc import clock

_COLUMNS = (
    "measure",
    "number",
    "version",
    "name",
    "cut",
    "group",
    "met",
    "of",
    "missing",
    "excluded",
    "running",
    "share",
    "worst_case",
    "change",
    "in_class",
)
_NUMBERS = ("met", "of", "missing", "excluded", "running", "share", "worst")


def _found(request: HttpRequest, report_id: UUID) -> Report:
    return found_or_404(seats.report(my_seats(request, clock.now()), report_id))[1]


def _file(report: Report, content: bytes, kind: str, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    draft = "" if report.state == Report.State.ISSUED else "-not-issued"
    name = f"mscc-report-{report.first:%Y-%m}-{report.last:%Y-%m}-v{report.version}{draft}"
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


@require_GET
def as_pdf(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The report as a tagged PDF."""
    report = _found(request, report_id)
    made = pdf(told_of(report), report.issued_at or report.as_of)
    return _file(report, made, "application/pdf", "pdf")


@require_GET
def as_json(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The document itself, in the very bytes that were hashed."""
    report = _found(request, report_id)
    content = composing.canonical(document_of(report))
    return _file(report, content, "application/json", "json")


@require_GET
def as_csv(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The figures, a line each; an empty number is one that is not shown."""
    report = _found(request, report_id)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    writer.writerows(_lines(document_of(report)))
    # The mark at the beginning tells spreadsheets that it is UTF-8.
    return _file(report, text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", "csv")


def _lines(document: composing.Document) -> Iterator[list[str]]:
    for section in document["sections"]:
        for each in section["measures"]:
            yield _line(each, "period", "now", each["now"], WORDS[Word(each["change"])])
            yield _line(each, "period", "before", each["before"])
            for one in each["now"].get("classes", ()):
                yield _class(each, one)
            for cut in ({"cut": "hospital", "rows": each["hospitals"]}, *each["groups"]):
                for row in cut["rows"]:
                    yield _line(each, cut["cut"], row["name"], row["cell"])
            for row in each["months"]:
                yield _line(each, "month", row["name"], row["cell"])


def _line(
    each: dict[str, Any], cut: str, group: str, cell: dict[str, Any], change: str = ""
) -> list[str]:
    # Of measures that count classes no share is told, nor in reports that hold one.
    left = ("share", "worst") if each["shape"] == Shape.CLASSES else ()
    numbers = [_number(None if name in left else cell[name]) for name in _NUMBERS]
    return [*_about(each, cut, group), *numbers, change, ""]


def _class(each: dict[str, Any], one: dict[str, Any]) -> list[str]:
    """How many are in one class; with nothing in the other columns, so that they add up."""
    empty = [""] * (len(_NUMBERS) + 1)
    return [*_about(each, "class", one["name"]), *empty, _number(one["n"])]


def _about(each: dict[str, Any], cut: str, group: str) -> list[str]:
    about = [each["key"], str(each["number"]), str(each["version"]), each["name"], cut, group]
    return [str(harmless(text)) for text in about]


def _number(value: float | None) -> str:
    return "" if value is None else str(value)
