"""Fractionation as clinicians write it: "8 Gy single", "20 Gy/5", "30Gy in 10 fractions"."""

from __future__ import annotations

import re
from functools import lru_cache

_DOSE = re.compile(r"(\d+(?:\.\d+)?)\s*gy\b|\bgy\s*(\d+(?:\.\d+)?)")
_ONE = re.compile(r"\bsingle\b|\bone fraction\b|\bone[- ]off\b")
_COUNT = re.compile(r"(?:/|\bin|\bx|×|\*)\s*(\d+)|(\d+)\s*(?:#|f\b|fr\b|fractions?\b|x\b|×)")


@lru_cache(maxsize=4096)
def read(words: str) -> tuple[int | None, float | None]:
    """How many fractions, and how many gray altogether; None for what the words do not say."""
    said = words.lower()
    dose = _DOSE.search(said)
    gray = float(dose[1] or dose[2]) if dose else None
    count = _COUNT.search(said)
    if count:
        number = int(count[1] or count[2])
        return (number or None), gray
    return (1 if _ONE.search(said) else None), gray
