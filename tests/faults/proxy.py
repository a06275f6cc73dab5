"""A wire that can be cut: a TCP proxy in a process of its own, between the product and a server."""

import asyncio
import contextlib
import os
import signal
import socket
import struct

from tests.faults.servers import die_with_parent


class Proxy:
    """`hang` holds back every byte, `reset` breaks every connection, `pass_on` is a good wire."""

    def __init__(self, to_port: int) -> None:
        self._to = to_port
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listening.getsockname()[1]
        self._pid = 0

    def __enter__(self) -> "Proxy":
        self._pid = os.fork()
        if self._pid == 0:
            try:
                die_with_parent()
                asyncio.run(self._serve())
            finally:
                os._exit(0)
        self._listening.close()
        return self

    def __exit__(self, *_error: object) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)

    def hang(self) -> None:
        os.kill(self._pid, signal.SIGUSR1)

    def reset(self) -> None:
        """Every connection there is now; new ones are taken."""
        os.kill(self._pid, signal.SIGUSR2)

    def pass_on(self) -> None:
        os.kill(self._pid, signal.SIGHUP)

    async def _serve(self) -> None:
        self._open = asyncio.Event()
        self._open.set()
        self._lines: set[asyncio.StreamWriter] = set()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGUSR1, self._open.clear)
        loop.add_signal_handler(signal.SIGUSR2, self._break)
        loop.add_signal_handler(signal.SIGHUP, self._open.set)
        server = await asyncio.start_server(self._join, sock=self._listening)
        await server.serve_forever()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            self._abort(writer)
            return
        ends = {writer, far_writer}
        self._lines |= ends
        await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        self._lines -= ends

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                await self._open.wait()
                writer.write(data)
                await writer.drain()
        with contextlib.suppress(OSError):
            writer.close()

    def _break(self) -> None:
        for writer in self._lines:
            self._abort(writer)

    def _abort(self, writer: asyncio.StreamWriter) -> None:
        """RST instead of FIN: whoever waits for an answer learns at once that none will come."""
        line = writer.get_extra_info("socket")
        with contextlib.suppress(OSError):
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
