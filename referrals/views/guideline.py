"""The guideline's recommendations in our words, and where the product acts on each."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from referrals.clinical import assessment, library
from referrals.clinical.library import Recommendation, Strength
from referrals.views.guideline_places import Place, place

MOST_WORDS = 200  # more than anybody types; the rest of a longer search is not looked at
_NUMBER = re.compile(r"1(\.\d+){1,2}")
# What stands after the guideline's own sections, with the value a filter has for it.
_AFTER = {"summary": "Management summary", "local": "Rules of this product"}


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry of the library with its places in words; `words` is all of it in small letters."""

    entry: Recommendation
    section: str
    places: tuple[Place, ...]
    words: str

    def fits(self, term: str) -> bool:
        """Whether a word or number was meant by `term`: "1.8" is all of 1.8, and not 1.80."""
        if _NUMBER.fullmatch(term):
            return f"{self.entry.number}.".startswith(f"{term}.")
        return term in self.words


@require_safe
def guideline(request: HttpRequest) -> HttpResponse:
    """Every entry of the library that fits what was asked for, under its section."""
    asked = request.GET.get("q", "")[:MOST_WORDS].strip()
    section, strength = request.GET.get("section", ""), request.GET.get("strength", "")
    found = list(_found(asked, section, strength))
    context = {
        "q": asked,
        "section": section,
        "strength": strength,
        "sections": _sections(),
        "strengths": [(each.value, each.label) for each in Strength],
        "groups": _grouped(found),
        "count": len(found),
        "everything": len(found) == len(_shown()),
        "numbered": sum(not each.entry.number.startswith(_OTHER) for each in _shown()),
        "practice": sum(bool(each.entry.practice) for each in _shown()),
        "version": assessment.version(),
    }
    return render(request, "referrals/guideline.html", context)


_OTHER = tuple(f"{kind}: " for kind in _AFTER)


def _found(asked: str, section: str, strength: str) -> Iterator[Shown]:
    terms = [term for term in asked.lower().split() if term != "ng234"]
    for each in _shown():
        if section and section != each.section:
            continue
        if strength and strength != each.entry.strength:
            continue
        if all(each.fits(term.strip(",;")) for term in terms):
            yield each


def _grouped(found: Iterable[Shown]) -> list[tuple[str, str, list[tuple[str, str, list[Shown]]]]]:
    """Sections with their value, name and parts; a part has a heading, an anchor and entries."""
    names = dict(_sections())
    return [
        (section, names[section], list(_parts(list(entries))))
        for section, entries in groupby(found, lambda each: each.section)
    ]


def _parts(entries: list[Shown]) -> Iterator[tuple[str, str, list[Shown]]]:
    for part, some in groupby(entries, lambda each: each.entry.part):
        inside = list(some)
        heading = f"summary: {part.lower()}"
        named = heading in library.sources() and heading not in library.entries()
        yield part, library.said(heading).anchor if named else "", inside


@cache
def _sections() -> tuple[tuple[str, str], ...]:
    """Each section's value in a filter, and its name."""
    own = [(each.number, f"{each.number} {each.name}") for each in library.sections()]
    return (*own, *_AFTER.items())


@cache
def _shown() -> tuple[Shown, ...]:
    return tuple(_show(each) for each in library.entries().values())


def _show(entry: Recommendation) -> Shown:
    kind = entry.number.partition(": ")[0]
    places = tuple(place(pointer) for pointer in entry.acts)
    said = [entry.number, entry.section, entry.part, entry.strength.label, entry.for_whom]
    said += [entry.wording, entry.remains, entry.practice and f"Practice {entry.practice}"]
    said += [text for each in places for text in (each.kind, each.name, each.says)]
    section = kind if kind in _AFTER else entry.number.rpartition(".")[0]
    return Shown(entry, section, places, " ".join(said).lower())
