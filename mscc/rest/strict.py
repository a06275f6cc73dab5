"""JSON read strictly, without a framework: also for `manage.py assess`, which begins sooner so."""

import json
import math
from typing import Any

# More digits than any number of ours has: turning a megabyte of digits into a number is slow.
LONGEST_NUMBER = 18


class NotJson(ValueError):
    """Not JSON, or JSON that says one thing twice; `line` and `column` when they are known."""

    def __init__(self, sentence: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.line, self.column = sentence, line, column


class NotANumber:
    """Stands where a body had NaN, Infinity, 1e999 or a number of too many digits.

    No field accepts it, so that the refusal can say where it stood.
    """

    def __str__(self) -> str:
        return "not a number"


def parse(raw: bytes) -> Any:
    """The value of a JSON text; NotJson says what is wrong and where."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotJson(f"The body is not UTF-8 (byte {error.start + 1}).") from None
    try:
        return json.loads(
            text,
            object_pairs_hook=_each_once,
            parse_constant=lambda _: NotANumber(),
            parse_float=_real,
            parse_int=lambda digits: int(digits) if len(digits) <= LONGEST_NUMBER else NotANumber(),
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        sentence = f"The body is not JSON ({where})."
        raise NotJson(sentence, error.lineno, error.colno) from None
    except RecursionError:
        raise NotJson("The body is nested too deeply.") from None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise NotJson(f"Field '{_shown(name)}' appears twice.")
        found[name] = value
    return found


def _shown(name: str) -> str:
    return name[:60].encode("ascii", "backslashreplace").decode()


def _real(digits: str) -> float | NotANumber:
    number = float(digits)
    return number if math.isfinite(number) else NotANumber()
