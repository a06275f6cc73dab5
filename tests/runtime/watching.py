"""Looking at processes from outside."""

import time
from collections.abc import Callable
from pathlib import Path


def eventually(question: Callable[[], object], within: float = 10.0) -> bool:
    """Whether the answer becomes true in time."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        if question():
            return True
        time.sleep(0.02)
    return False


def is_alive(pid: int) -> bool:
    """False for a zombie too: it runs nothing any more."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"
