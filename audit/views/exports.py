"""Figures and journeys taken out of the product as a file; that they were is on the trail first."""

import tempfile
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from audit.domain import exporting
from audit.export_forms import FIGURES, IDENTIFIED, ExportForm
from audit.exports import csv, lines, parquet, rows, xlsx
from audit.exports.table import Table
from audit.measures import registry
from audit.views.asked import Asked, asked_of
from audit.views.export_lines import lines as lines_of
from audit.views.figures import picker
from mscc import clock

_FORMATS = {each.SUFFIX: each for each in (csv, xlsx, parquet)}


@reauthentication_required
def _by_the_person_themselves(request: HttpRequest) -> None:
    """Whoever has not just given their password is asked: a screen left open gives no names."""


@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """The page asks what, how and why; posting it answers with the file."""
    asked, at = asked_of(request), clock.now()
    may_rows = exporting.may_take_journeys(request.user, asked.place)
    sent = request.POST if request.method == "POST" and not asked.problem else None
    form = ExportForm(sent, at=at, rows=may_rows)
    if sent is not None and form.is_valid():
        if form.cleaned_data["what"] == IDENTIFIED:
            _by_the_person_themselves(request)
        answer = _file(asked, form, may_rows)
        if answer is not None:
            return answer
    context = {**picker(asked), "asked": asked, "form": form, "path": request.path}
    status = 400 if asked.problem else form.status
    return render(request, "audit/exports/export.html", context, status=status)


def _file(asked: Asked, form: ExportForm, may_rows: bool) -> FileResponse | None:
    """The file; None, with an error on the form, when there are too many rows for its format."""
    what, made = form.cleaned_data["what"], _FORMATS[form.cleaned_data["format"]]
    if what != FIGURES and not may_rows:
        raise PermissionDenied
    reason = form.cleaned_data["reason"].strip() if what == IDENTIFIED else ""
    if what == FIGURES:
        about = _about(asked, "Figures", "")
        table = Table("figures", lines.COLUMNS, lines.rows(lines_of(asked)), about)
    else:
        found = exporting.journeys_of(
            asked.place, asked.period, identified=bool(reason), include_imported=asked.imported
        )
        if (count := found.count()) > made.LIMIT_ROWS:
            too_many = f"These are {count:,} journeys; {made.SUFFIX.upper()} takes at most "
            form.add_error("format", f"{too_many}{made.LIMIT_ROWS:,}. Choose a shorter period.")
            form.status = 422
            return None
        table = Table(
            "journeys",
            rows.columns(identified=bool(reason)),
            rows.rows(found.iterator(chunk_size=1000), identified=bool(reason)),
            _about(asked, "Journeys", reason),
        )
    return _handed_out(asked, table, made, reason, form)


def _handed_out(
    asked: Asked, table: Table, made: Any, reason: str, form: ExportForm
) -> FileResponse:
    # Unlinked as soon as it is open: nothing of it stays on the disk.
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    written = made.write(table, file)
    exporting.record(
        file,
        place=asked.place,
        period=asked.period,
        what=table.name,
        suffix=made.SUFFIX,
        reason=reason,
        rows=written,
        by=asked.user,
        at=form.at,
    )
    span = f"{asked.period.first:%Y-%m}-to-{asked.period.last:%Y-%m}"
    name = f"mscc-{table.name}-{'identified-' if reason else ''}{span}.{made.SUFFIX}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=made.TYPE)


def _about(asked: Asked, what: str, reason: str) -> dict[str, str]:
    found = {
        "What": f"{what} of {asked.place.name}, {asked.period.words}",
        "Referrals": "received in these months, in local time",
        "Imported audits": "counted, too" if asked.imported else "left out",
        "Made on": f"{clock.local(clock.now()):%Y-%m-%d %H:%M}",
        "Made by": asked.user.name,
        "Definitions": registry.definitions(),
        "Dictionary": "docs/audit-data-dictionary.md of the product",
    }
    if reason:
        found["Identifies people, because"] = reason
    return found
