"""Whether one period did better than the one before, told apart from chance.

Two shares are compared by Fisher's exact test, two-sided: called better or worse only when a
difference as large would come about by chance in fewer than 1 of 20 comparisons. Over many
measures some will by chance alone; a report has to say so.
"""

from __future__ import annotations

from enum import StrEnum
from math import erfc, exp, lgamma, sqrt

from audit.measures.measure import Better

LEAST = 10  # with fewer on either side nothing can be said
RARE = 0.05
_MANY = 2000  # from here on both sides together, the normal approximation is as good and quick
_CLOSE = 1 + 1e-7  # tables as likely as the one seen count with it, whatever the last digit


class Word(StrEnum):
    """What is said of a measure beside its figure."""

    BETTER = "better"
    WORSE = "worse"
    DIFFERENT = "different"  # of a measure for which neither way is better
    SAME = "same"
    FEW = "few"


WORDS: dict[Word, str] = {
    Word.BETTER: "Better",
    Word.WORSE: "Worse",
    Word.DIFFERENT: "Different",
    Word.SAME: "No change",
    Word.FEW: "Too few to say",
}


def compared(now: tuple[int, int], before: tuple[int, int], better: Better) -> Word:
    """The word for (met, of) now against (met, of) before.

    ValueError when more are met than there are.
    """
    (met, of), (was_met, was_of) = now, before
    if not (0 <= met <= of and 0 <= was_met <= was_of):
        raise ValueError("More cannot be met than there are.")
    if min(of, was_of) < LEAST:
        return Word.FEW
    if chance(now, before) >= RARE:
        return Word.SAME
    if better is Better.NEITHER:
        return Word.DIFFERENT
    return Word.BETTER if (met / of > was_met / was_of) == (better is Better.MORE) else Word.WORSE


def chance(one: tuple[int, int], other: tuple[int, int]) -> float:
    """How often, 0 to 1, two shares of one kind differ at least as much as these by chance."""
    (a, n), (b, m) = one, other
    met = a + b
    if met in (0, n + m):
        return 1.0
    if n + m > _MANY:
        return _normal(a / n - b / m, met / (n + m), n, m)
    lowest, highest = max(0, met - m), min(met, n)
    weights = [_log_of(k, n, met - k, m) for k in range(lowest, highest + 1)]
    seen = exp(weights[a - lowest] - max(weights)) * _CLOSE
    sizes = [exp(weight - max(weights)) for weight in weights]
    return min(sum(size for size in sizes if size <= seen) / sum(sizes), 1.0)


def _normal(difference: float, share: float, n: int, m: int) -> float:
    spread = sqrt(share * (1 - share) * (1 / n + 1 / m))
    return erfc(abs(difference) / spread / sqrt(2))


def _log_of(k: int, n: int, j: int, m: int) -> float:
    """The logarithm of (n choose k) (m choose j)."""
    return _log_choose(n, k) + _log_choose(m, j)


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
