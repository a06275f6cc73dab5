"""Every rule of the pure core by its key, wherever its module is.

The library's page and its tests ask for rules by name; the rules themselves know nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType

from referrals import clinical
from referrals.clinical.library import LibraryError
from referrals.clinical.reasoning import Rule


def modules() -> Iterator[ModuleType]:
    """The modules of the pure core, in the order of their names."""
    for each in iter_modules(clinical.__path__):
        yield import_module(f"{clinical.__name__}.{each.name}")


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule that a module lists in its `RULES`; LibraryError when two share a key."""
    found: dict[str, Rule] = {}
    for module in modules():
        listed = getattr(module, "RULES", ())
        for rule in listed if isinstance(listed, tuple) else ():
            if found.setdefault(rule.key, rule) is not rule:
                raise LibraryError(f"Two rules are called {rule.key}.")
    return MappingProxyType(found)
