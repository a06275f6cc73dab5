"""A receiver of webhooks that stamps what it gets and does nothing else, in its own process."""

import asyncio
import contextlib
import mmap
import os
import signal
import socket
import struct
import time
from uuid import UUID

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
_ROW = struct.Struct("16sd")
MOST = 200_000


class Sink:
    """`arrived()`: (id, time.monotonic()) of each POST, in order, by its Idempotency-Key."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listening.getsockname()[1]
        self._page = mmap.mmap(-1, 8 + MOST * _ROW.size)

    def __enter__(self) -> "Sink":
        self._pid = os.fork()
        if self._pid == 0:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            with contextlib.suppress(BaseException):
                asyncio.run(self._serve())
            os._exit(0)
        self._listening.close()
        return self

    def __exit__(self, *_error: object) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def count(self) -> int:
        found: int = struct.unpack_from("q", self._page)[0]
        return found

    def arrived(self, since: int = 0) -> list[tuple[UUID, float]]:
        rows = (_ROW.unpack_from(self._page, 8 + n * _ROW.size) for n in range(since, self.count))
        return [(UUID(bytes=id_), at) for id_, at in rows]

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._talk, sock=self._listening)
        await server.serve_forever()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                await reader.readexactly(int(_header(head, b"content-length") or 0))
                n = self.count
                key = UUID(_header(head, b"idempotency-key").decode()).bytes
                _ROW.pack_into(self._page, 8 + n * _ROW.size, key, time.monotonic())
                struct.pack_into("q", self._page, 0, n + 1)
                writer.write(_ANSWER)
        writer.close()


def _header(head: bytes, name: bytes) -> bytes:
    found = head.partition(b"\r\n" + name + b":")[2]
    return found.partition(b"\r\n")[0].strip()
