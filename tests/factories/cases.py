"""Case files nobody wrote: drawn from the schema of a case, by chance or by hypothesis."""

from random import Random
from typing import Any

from hypothesis import strategies as st

from referrals.clinical.case import schema

ONSETS = ("2026-11-01", "2026-11-20T03:15:00+00:00")
LEVELS = ("T10", "L1", "c5", "S2", "O", "T11", "l4", "C7")
MOMENTS = ("2026-11-21T09:30:00Z", "2026-11-01T00:00:00+01:00")
TEXTS: dict[str, tuple[str, ...]] = {
    "onset": ONSETS,
    "level": LEVELS,
    "escc_level": LEVELS,
    "at": MOMENTS,
}
_ANY_TEXT = ("", "T10", "a b")


def any_case() -> st.SearchStrategy[dict[str, Any]]:
    """Any case file at all, most of it left out."""
    return strategy("", schema())


def random_case(chance: Random, share: float = 0.5) -> dict[str, Any]:
    """A case in which each field is there with the probability `share`."""
    drawn: dict[str, Any] = _drawn("", schema(), chance, share)
    return drawn


def strategy(name: str, of: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Any value of one field: its name and its schema."""
    if "anyOf" in of and "type" not in of:
        return st.one_of(*(strategy(name, each) for each in of["anyOf"]))
    if "enum" in of:
        return st.sampled_from([str(each) for each in of["enum"]])
    if of["type"] == "object" and "answer" in of["properties"]:
        return st.fixed_dictionaries({"answer": st.just("yes"), "onset": st.sampled_from(ONSETS)})
    if of["type"] == "object":
        fields = {key: strategy(key, each) for key, each in of["properties"].items()}
        return st.fixed_dictionaries({}, optional=fields)
    if of["type"] == "array":
        return st.lists(strategy(name, of["items"]), max_size=3)
    if of["type"] == "string":
        return st.sampled_from(TEXTS.get(name, _ANY_TEXT))
    step = of.get("multipleOf", 1)
    numbers = st.integers(of["minimum"] // step, of["maximum"] // step).map(lambda n: n * step)
    if of["type"] == "integer":
        return numbers
    return numbers | st.floats(of["minimum"], of["maximum"])


def _drawn(name: str, of: dict[str, Any], chance: Random, share: float) -> Any:
    if "anyOf" in of and "type" not in of:
        return _drawn(name, chance.choice(of["anyOf"]), chance, share)
    if "enum" in of:
        return str(chance.choice(of["enum"]))
    if of["type"] == "object" and "answer" in of["properties"]:
        return {"answer": "yes", "onset": chance.choice(ONSETS)}
    if of["type"] == "object":
        return {
            key: _drawn(key, each, chance, share)
            for key, each in of["properties"].items()
            if chance.random() < share
        }
    if of["type"] == "array":
        return [_drawn(name, of["items"], chance, share) for _ in range(chance.randint(0, 3))]
    if of["type"] == "string":
        return chance.choice(TEXTS.get(name, _ANY_TEXT))
    step = of.get("multipleOf", 1)
    number = chance.randint(of["minimum"] // step, of["maximum"] // step) * step
    return (
        number if of["type"] == "integer" else min(number + chance.choice((0, 0.5)), of["maximum"])
    )
