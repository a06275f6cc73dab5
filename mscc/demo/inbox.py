"""The demo's post room: a mail server, a pager gateway and a gateway for text messages that keep
what arrives, to be read.

They listen on this machine alone and deliver to nobody.
"""

import asyncio
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import connection

from mscc.demo import arrivals, texting

HOST = "127.0.0.1"


def store(channel: str, address: str, subject: str, body: str) -> None:
    """Keep a message, on whichever thread it arrived."""
    try:
        arrivals.keep(channel, address, subject, body)
    finally:
        connection.close()


class Mail:
    """What aiosmtpd calls when a message is complete."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        parsed = message_from_bytes(bytes(envelope.content or b""), policy=policy.default)
        part = parsed.get_body(("plain",))
        text = part.get_content() if part else ""
        for address in envelope.rcpt_tos:
            await asyncio.to_thread(store, "email", address, str(parsed["Subject"] or ""), text)
        return "250 OK"


async def pager(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One SNPP conversation, level 1 (RFC 1861): PAGE, MESS, SEND, QUIT."""
    address = text = ""
    answer = "220 Demo pager gateway"
    while True:
        writer.write(f"{answer}\r\n".encode())
        await writer.drain()
        line = (await reader.readline()).decode(errors="replace").strip()
        verb, _, rest = line.partition(" ")
        match verb.upper():
            case "PAGE":
                address, answer = rest, "250 Pager ID accepted"
            case "MESS":
                text, answer = rest, "250 Message OK"
            case "SEND" if address and text:
                await asyncio.to_thread(store, "pager", address, "", text)
                address, text, answer = "", "", "250 Page sent"
            case "SEND":
                answer = "503 Page and message come first"
            case "QUIT" | "":
                break
            case _:
                answer = "500 Unknown command"
    writer.write(b"221 Goodbye\r\n")
    writer.close()


async def listen() -> None:
    """Serve all three until cancelled."""
    mail = Controller(Mail(), hostname=HOST, port=settings.DEMO_SMTP_PORT)
    mail.start()
    try:
        snpp = await asyncio.start_server(pager, HOST, settings.DEMO_SNPP_PORT)
        texts = await asyncio.start_server(
            lambda reader, writer: texting.text_message(reader, writer, store),
            HOST,
            settings.DEMO_SMS_PORT,
        )
        async with snpp, texts:
            await asyncio.gather(snpp.serve_forever(), texts.serve_forever())
    finally:
        mail.stop()
