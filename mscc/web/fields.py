"""From a Django form field to the NHS component that draws it, as parameters for its macro.

A widget may carry `component` (which macro) and `nhs` (extra parameters such as a width);
Django's own widgets are recognised by class, so a form from a library looks the same.
"""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

# The order matters: the first class that fits decides (PasswordInput is an Input too).
BY_WIDGET: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, "hidden"),
    (forms.PasswordInput, "password"),
    (forms.Textarea, "textarea"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "checkbox"),
    (forms.FileInput, "file"),
    (forms.TextInput, "input"),
)
# Attributes of a widget which the text components take as parameters of their own.
PASSED_ON = ("autocomplete", "inputmode", "autocapitalize", "placeholder")


def component(bound: BoundField) -> str:
    """The name of the component that draws a field.

    Raises LookupError for a widget nobody has given a component: better on a developer's
    screen than as a bare control on a ward.
    """
    widget = bound.field.widget
    if named := getattr(widget, "component", ""):
        return named
    for kind, name in BY_WIDGET:
        if isinstance(widget, kind):
            return name
    raise LookupError(f"no component draws {type(widget).__name__} of field {bound.name}")


def parameters(bound: BoundField) -> dict[str, Any]:
    """What every component of a field needs: name, id, label, hint, value and error."""
    widget = bound.field.widget
    attrs = {**widget.attrs, **bound.build_widget_attrs({}, widget)}
    # The summary and the sentence beside the field say what is missing; a browser's own
    # bubble would hide both, in another voice.
    attrs.pop("required", None)
    attrs.pop("aria-describedby", None)
    value = bound.value()
    params: dict[str, Any] = {
        "id": bound.auto_id,
        "idPrefix": bound.auto_id,
        "name": bound.html_name,
        "value": "" if value is None else str(value),
        "attributes": {
            key: item for key, item in attrs.items() if key not in (*PASSED_ON, "maxlength", "rows")
        },
        **{key: attrs[key] for key in PASSED_ON if key in attrs},
    }
    if error := error_of(bound):
        params["errorMessage"] = {"text": error}
    if bound.help_text:
        # Only what a form put together as safe HTML is shown as HTML.
        kind = "html" if hasattr(bound.help_text, "__html__") else "text"
        params["hint"] = {kind: str(bound.help_text)}
    if isinstance(widget, forms.NumberInput):
        params["inputmode"] = "numeric"
    elif isinstance(widget, forms.EmailInput):
        params["type"] = "email"
    elif isinstance(widget, forms.Textarea):
        params["rows"] = widget.attrs.get("rows", 5)
        params["maxlength"] = getattr(bound.field, "max_length", None)
    return params | getattr(widget, "nhs", {})


def options(bound: BoundField) -> list[dict[str, Any]]:
    """The choices of a radio, checkbox or select field, with the ones already chosen marked.

    A choice's hint comes from the widget's `hints` ({value: sentence}); a word that stands
    before a choice, such as "or", from its `dividers` ({value: word}); an attribute that a
    script looks for from its `marks` ({value: attribute}).
    """
    widget = bound.field.widget
    chosen = bound.value()
    several = chosen if isinstance(chosen, list | tuple | set) else [chosen]
    taken = {str(value) for value in several if value is not None}
    hints: dict[str, str] = getattr(widget, "hints", {})
    dividers: dict[str, str] = getattr(widget, "dividers", {})
    marks: dict[str, str] = getattr(widget, "marks", {})
    mark = "selected" if isinstance(widget, forms.Select) else "checked"
    items: list[dict[str, Any]] = []
    for value, text in bound.field.choices:
        if word := dividers.get(str(value)):
            items.append({"divider": word})
        item: dict[str, Any] = {"value": str(value), "text": str(text), mark: str(value) in taken}
        if hint := hints.get(str(value)):
            item["hint"] = {"text": hint}
        if mark_of := marks.get(str(value)):
            item["attributes"] = {mark_of: ""}
        items.append(item)
    return items


def revealed(bound: BoundField, value: str) -> list[BoundField]:
    """The fields under one choice, from the form's `reveals` {child: (field, value)}."""
    reveals: dict[str, tuple[str, str]] = getattr(bound.form, "reveals", {})
    return [bound.form[child] for child, where in reveals.items() if where == (bound.name, value)]


def sections(form: forms.BaseForm) -> Iterator[tuple[str, list[BoundField]]]:
    """The visible fields in their groups: the form's `sections` [(heading, [names])], or one group.

    A field that appears under a choice of another is drawn there and not here; a field in no
    section is drawn last, never lost.
    """
    inside = set(getattr(form, "reveals", {}))
    left = [name for name in form.fields if name not in inside and not form[name].is_hidden]
    for heading, names in getattr(form, "sections", ()):
        yield heading, [form[name] for name in names if name in left]
        left = [name for name in left if name not in names]
    if left:
        yield "", [form[name] for name in left]


def error_of(bound: BoundField) -> str:
    """A field's errors as one sentence or more; empty when it is fine."""
    return " ".join(str(error) for error in bound.errors)


def target(bound: BoundField) -> str:
    """The id of the control an error link must lead to, which for a group is its first one."""
    return getattr(bound.field.widget, "first_id", "{id}").format(id=bound.auto_id)


def errors(form: forms.BaseForm) -> list[dict[str, str]]:
    """The lines of the error summary: what concerns the whole form first, then field by field."""
    lines = [{"text": str(error)} for error in form.non_field_errors()]
    for bound in form:
        if text := error_of(bound):
            lines.append({"text": text} if bound.is_hidden else link(bound, text))
    return lines


def link(bound: BoundField, text: str) -> dict[str, str]:
    """A line of the error summary that leads to its field, and names it if it does not itself."""
    label = str(bound.label).rstrip("?.:")
    # "Thigh-length stockings: say why." says already what it is about, better than its label does.
    named = label.casefold() in text.casefold() or ": " in text.partition(".")[0]
    if not named:
        text = (
            f"{label}: {text[:1].lower()}{text[1:]}" if text[1:2].islower() else f"{label}: {text}"
        )
    return {"text": text, "href": f"#{target(bound)}"}


GLOBALS = {
    "field_component": component,
    "field_parameters": parameters,
    "field_options": options,
    "field_revealed": revealed,
    "form_sections": sections,
    "form_errors": errors,
}
