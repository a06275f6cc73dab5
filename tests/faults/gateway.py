"""A mail server that writes down what it takes before it says so, and is not always kind.

In a process of its own: it must outlive whoever is killed, and no thread may stand in the way of a
fork. Its record is one line of JSON for each letter.
"""

import asyncio
import json
import os
import random
import re
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.faults.history import Delivery
from tests.faults.servers import die_with_parent

_ID = re.compile(rb"^Message-ID: <([0-9a-f-]{36})@", re.MULTILINE | re.IGNORECASE)
_REPEAT = re.compile(rb"RPT (\d+)")


@dataclass
class Moods:
    """How often, of one letter, it is out of temper; a hundredth each unless told otherwise."""

    busy: float = 0.01  # 450 to the recipient
    lost: float = 0.01  # takes the letter, then hangs up without an answer
    slow: float = 0.01  # answers after half a second


class Gateway:
    """Use as a context manager: it listens from the start and is gone at the end."""

    def __init__(self, record: Path, moods: Moods | None = None, seed: int = 0) -> None:
        self.record, self.moods, self._seed = record, moods or Moods(), seed
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listening.getsockname()[1]
        self.pid = 0

    def __enter__(self) -> "Gateway":
        record = os.open(self.record, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        self.pid = os.fork()
        if self.pid == 0:
            try:
                die_with_parent()
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                asyncio.run(self._serve(record))
            finally:
                os._exit(0)
        os.close(record)
        self._listening.close()
        return self

    def __exit__(self, *_error: object) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def deliveries(self) -> Iterator[Delivery]:
        """What arrived so far, in order."""
        for line in self.record.read_text().splitlines():
            said = json.loads(line)
            yield Delivery(said["id"], said["repeat"], said["at"], said["confirmed"])

    async def _serve(self, record: int) -> None:
        dice = random.Random(self._seed)

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await _Session(reader, writer, self.moods, dice, record).talk()
            except (OSError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(talk, sock=self._listening)
        await server.serve_forever()


class _Session:
    """One connection; as many letters as the client likes."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        moods: Moods,
        dice: random.Random,
        record: int,
    ) -> None:
        self._reader, self._writer = reader, writer
        self._moods, self._dice, self._record = moods, dice, record

    async def talk(self) -> None:
        self._say("220 here")
        while line := await self._reader.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self._say("354 go on")
                letter = await self._reader.readuntil(b"\r\n.\r\n")
                if not await self._take(letter):
                    return
            elif word == b"RCPT" and self._dice.random() < self._moods.busy:
                self._say("450 4.2.1 busy")
            elif word == b"QUIT":
                self._say("221 goodbye")
                return
            else:
                self._say("250 fine")
            await self._writer.drain()

    async def _take(self, letter: bytes) -> bool:
        """Write it down, then answer; False when it hangs up instead."""
        lost = self._dice.random() < self._moods.lost
        found, repeat = _ID.search(letter), _REPEAT.search(letter)
        said = {
            "id": found.group(1).decode() if found else "none",
            "repeat": int(repeat.group(1)) if repeat else 1,
            "at": time.monotonic(),
            "confirmed": not lost,
        }
        os.write(self._record, json.dumps(said).encode() + b"\n")
        if lost:
            return False
        if self._dice.random() < self._moods.slow:
            await asyncio.sleep(0.5)
        self._say("250 2.0.0 Ok: queued as 4XkR2t")
        return True

    def _say(self, text: str) -> None:
        self._writer.write(text.encode() + b"\r\n")
