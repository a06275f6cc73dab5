"""What a command's sender knows: what it asked for, and what was confirmed to it.

One file a sender, appended to with single writes, so that a SIGKILL leaves whole lines.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Asked:
    """One thing asked for; `times` how often, since a sender that was killed asks again."""

    key: str
    verb: str
    about: dict[str, Any]
    confirmed: bool = False
    refused: bool = False
    times: int = 1


class Journal:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)

    def ask(self, key: str, verb: str, **about: Any) -> None:
        """Before it is sent."""
        self._write({"ask": key, "verb": verb, "about": about})

    def confirm(self, key: str, *, refused: bool = False) -> None:
        """After the answer has come."""
        self._write({"refused" if refused else "ok": key})

    def asked(self) -> dict[str, Asked]:
        """All of it, by key."""
        return read(self._path)

    def _write(self, said: dict[str, Any]) -> None:
        os.write(self._file, json.dumps(said).encode() + b"\n")


def read(path: Path) -> dict[str, Asked]:
    """What a journal says, by key, in order."""
    found: dict[str, Asked] = {}
    for said in _lines(path):
        if "ask" in said:
            if said["ask"] in found:
                found[said["ask"]].times += 1
            else:
                found[said["ask"]] = Asked(said["ask"], said["verb"], said["about"])
        elif "ok" in said:
            found[said["ok"]].confirmed = True
        else:
            found[said["refused"]].refused = True
    return found


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text().splitlines():
        yield json.loads(line)
