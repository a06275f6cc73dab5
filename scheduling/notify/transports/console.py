"""Writes messages to the log of a developer's machine."""

import sys
from typing import TextIO

from scheduling.notify.messages import Message
from scheduling.notify.models import Channel, Notice
from scheduling.notify.transports.base import Sent, Transport


class ConsoleTransport(Transport):
    channel = Channel.CONSOLE

    def __init__(self, stream: TextIO | None = None) -> None:
        super().__init__()
        self._stream = stream or sys.stdout

    def send(self, notice: Notice, message: Message) -> Sent:
        """One write, so that two threads cannot mix their lines."""
        self._stream.write(f"--- {message.subject}\n{message.body.rstrip()}\n---\n")
        self._stream.flush()
        return Sent()
