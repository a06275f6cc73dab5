"""The options the guideline lists for one person, arranged for whoever decides.

Nothing is added here: each entry is a conclusion of radiotherapy, surgery, steroids or pain, with
its strength, its numbers, the facts behind it and what is still open. The page shows what is
offered, what is considered, what hangs on something nobody knows yet, and what is advised against.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from referrals.clinical import pain, radiotherapy, steroids, surgery
from referrals.clinical.facts import Facts
from referrals.clinical.library import Strength
from referrals.clinical.presentation import Answer
from referrals.clinical.reasoning import Conclusion, Rule

# Of pain relief, only what depends on the primary tumour belongs to a decision on treatment.
_BONES = frozenset(
    rule.key
    for rule in (
        pain.BISPHOSPHONATES,
        pain.BISPHOSPHONATES_PROSTATE,
        pain.NO_BISPHOSPHONATES,
        pain.NOT_TO_PREVENT,
        pain.DENOSUMAB,
        pain.NO_DENOSUMAB,
    )
)
# An exception is no warning to bear in mind: it is why something is not offered.
_AGAINST = frozenset({radiotherapy.EXCEPTED.key})
# What is done as soon as possible, or within hours.
_PRESSING = frozenset({radiotherapy.URGENT.key, surgery.SOON.key, surgery.STABILISE.key})

RULES: Mapping[str, Rule] = {rule.key: rule for rule in (*radiotherapy.RULES, *surgery.RULES)}


@dataclass(frozen=True, slots=True)
class Options:
    """Each conclusion in exactly one place, in the guideline's order within it.

    `pressing` and `depends` may apply, once their `unknown` is answered; what is pressing would
    not wait, so it is never folded away. `mind` is to be done or borne in mind whatever is
    chosen; `medicines` go with any treatment.
    """

    offered: tuple[Conclusion, ...]
    considered: tuple[Conclusion, ...]
    pressing: tuple[Conclusion, ...]
    depends: tuple[Conclusion, ...]
    against: tuple[Conclusion, ...]
    mind: tuple[Conclusion, ...]
    medicines: tuple[Conclusion, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The rules listed without a doubt: what a decision is recorded with."""
        return tuple(each.key for each in (*self.offered, *self.considered, *self.against))

    @property
    def unknown(self) -> tuple[str, ...]:
        """Every question whose answer could change the treatments listed, once each."""
        first = (*self.pressing, *self.offered, *self.considered, *self.against)
        return tuple(
            dict.fromkeys(q for each in (*first, *self.mind, *self.depends) for q in each.unknown)
        )


def options_for(facts: Facts) -> Options:
    """What the guideline lists for this person (1.10, 1.11, with 1.7.12 to 1.7.15 and 1.8)."""
    placed: dict[str, list[Conclusion]] = {}
    for each in (*radiotherapy.conclude(facts), *surgery.conclude(facts)):
        placed.setdefault(_place(each), []).append(each)
    bones = (each for each in pain.conclude(facts) if each.key in _BONES)
    return Options(
        **{name: tuple(placed.get(name, ())) for name in _PLACES},
        medicines=_known((*steroids.conclude(facts), *bones)),
    )


_PLACES = ("offered", "considered", "pressing", "depends", "against", "mind")
_BY_STRENGTH = {
    Strength.OFFER: "offered",
    Strength.CONSIDER: "considered",
    Strength.DO_NOT: "against",
    Strength.ENSURE: "mind",
    Strength.BE_AWARE: "mind",
}


def _place(each: Conclusion) -> str:
    if each.applies is Answer.NOT_KNOWN:
        return "pressing" if each.key in _PRESSING else "depends"
    return "against" if each.key in _AGAINST else _BY_STRENGTH[each.strength]


def _known(found: Iterable[Conclusion]) -> tuple[Conclusion, ...]:
    return tuple(each for each in found if each.applies is Answer.YES)


def in_words(keys: Iterable[str]) -> tuple[str, ...]:
    """Rules by their keys as a record says them later; a key of another version is left out."""
    return tuple(RULES[key].text for key in keys if key in RULES)
