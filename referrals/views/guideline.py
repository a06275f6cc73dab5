"""The guideline's recommendations in our words, and where the product acts on each."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from referrals.clinical import library


@require_safe
def guideline(request: HttpRequest) -> HttpResponse:
    """Every recommendation of the library, under its section."""
    entries = library.recommendations().values()
    sections = [(name, list(group)) for name, group in groupby(entries, lambda each: each.section)]
    return render(request, "referrals/guideline.html", {"sections": sections})
