"""How a command says what is wrong with a file, and who runs it."""

import getpass
from collections.abc import Iterable, Iterator

from scheduling.domain.rota_csv import Problem


def lines(problems: Iterable[Problem], more: int = 0) -> Iterator[str]:
    """One line a problem, by row and column."""
    for problem in problems:
        where = [f"row {problem.row}"] if problem.row else []
        where += [problem.column] if problem.column else []
        yield f"{', '.join(where)}: {problem.sentence}" if where else problem.sentence
    if more:
        yield f"... and {more} more."


def whoever() -> str:
    """The name by which the machine knows who runs this."""
    try:
        return getpass.getuser()[:120]
    except (KeyError, OSError):  # a container's bare number
        return "the command line"
