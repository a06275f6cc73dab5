"""Where the product acts on a recommendation, in words, with a link where there is a page.

A pointer of the library ("clock:mri_24h") is looked up in the code it names. `place` raises
LibraryError when there is nothing of that name, so that a pointer cannot outlive its code.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from inspect import getdoc

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.urls import NoReverseMatch, get_resolver, reverse

from mscc.people.roles import ROLES
from referrals.clinical import bundle, library
from referrals.clinical.catalogue import rules
from referrals.clinical.library import LibraryError
from referrals.forms.information import FORMS
from referrals.forms.intake import BY_SLUG
from referrals.views.actions import ACTIONS


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the product: `kind` and `name` as a person reads them, `says` what it says or
    does there, `href` a page that can be opened without choosing a referral, or empty."""

    kind: str
    name: str
    says: str = ""
    href: str = ""


# Pages by the name of their address. Those of one referral have no link here.
SCREENS: Mapping[str, str] = {
    "board": "Board",
    "duty": "On duty",
    "notices": "Notices",
    "opinions": "Asked of me",
    "refer": "Refer",
    "referral": "The person's page, with its timeline and trail",
    "referral-correct": "Correct what was recorded",
    "referral-follow-up": "Follow-up after discharge",
    "reports": "Reports to the steering group",
    "status": "The ward's status page",
    "steering": "Steering group",
}
LETTERS: Mapping[str, tuple[str, str]] = {
    "discharge_summary": ("Discharge summary for primary care", "referral-letter"),
    "information": ("Information for the person and family, to print", "referral-information"),
    "care_plan": ("Care plan, to print", "referral-care-plan-print"),
    "record": ("The record, to print", "referral-print"),
}
# What a service sets for itself: the words, and where it is kept.
SETTINGS: Mapping[str, tuple[str, str]] = {
    "cover": ("Who is on duty from when to when", "scheduling.Shift.role"),
    "phone": ("The service's own telephone number", "people.Organisation.phone"),
}


@cache
def place(pointer: str) -> Place:
    """The place a pointer names; LibraryError when there is none."""
    kind, _, name = pointer.partition(":")
    try:
        return _FINDERS[kind](name)
    except (KeyError, AttributeError, ImportError, NoReverseMatch, FieldDoesNotExist) as wrong:
        raise LibraryError(f"{pointer} leads nowhere: {wrong!r}") from wrong


def _rule(name: str) -> Place:
    if name in rules():
        return Place("Rule", name, rules()[name].text)
    module, _, function = name.partition(".")
    found = getattr(import_module(f"referrals.clinical.{module}"), function)
    said = (getdoc(found) or "").split("\n\n")[0]
    return Place("Rule", name, said.replace("\n", " ").replace("`", ""))


def _item(name: str) -> Place:
    item = bundle.item(name)
    return Place("Care bundle", item.label, item.text)


def _clock(name: str) -> Place:
    return Place("Clock", library.target(name).name)


def _form(name: str) -> Place:
    where, _, which = name.partition("/")
    if where == "refer":
        return Place("Form", BY_SLUG[which].title, "Asked when a person is referred.")
    if where == "add":
        return Place("Form", FORMS[which].heading, "Added to the record at any time.")
    raise KeyError(name)


def _screen(name: str) -> Place:
    return Place("Page", SCREENS[name], href=_address(name))


def _action(name: str) -> Place:
    return Place("On the person's page", ACTIONS[name].text, ACTIONS[name].why)


def _role(name: str) -> Place:
    return Place("Role", ROLES[name].label, ROLES[name].description)


def _letter(name: str) -> Place:
    words, route = LETTERS[name]
    _address(route)
    return Place("Letter", words)


def _setting(name: str) -> Place:
    words, kept = SETTINGS[name]
    model, _, column = kept.rpartition(".")
    try:
        apps.get_model(model)._meta.get_field(column)
    except LookupError as wrong:
        raise KeyError(kept) from wrong
    return Place("Setting", words)


def _address(name: str) -> str:
    """The path of a page that belongs to nobody; empty for a page of one referral."""
    if name not in get_resolver().reverse_dict:
        raise KeyError(name)
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


_FINDERS: Mapping[str, Callable[[str], Place]] = {
    "rule": _rule,
    "item": _item,
    "clock": _clock,
    "form": _form,
    "screen": _screen,
    "action": _action,
    "role": _role,
    "letter": _letter,
    "setting": _setting,
}
