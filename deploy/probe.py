"""Is this container doing its work? `probe.py web`, `probe.py worker`, `probe.py guardian`.

Exit code 0 when it is. It asks for proof of work, not for signs of life: a page that reaches its
database, or a round that this very container finished lately. Loads no Django, so that asking
every half minute costs next to nothing.
"""

import os
import socket
import sys
import urllib.request

import psycopg

LATELY_S = 60
PORT = 8000
# What each process puts its name to when it has finished a round.
ROUNDS = {"worker": ["sweep", "dispatch"], "guardian": ["guardian"]}
FINISHED = """
    SELECT count(*) FROM scheduling_heartbeat
    WHERE component = ANY(%s) AND instance LIKE %s
      AND progress_at > now() - make_interval(secs => %s)
"""


def page_is_ready(port: int) -> bool:
    """Whether the web process reaches a database that has every migration."""
    host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/readyz", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def finished_a_round(components: list[str]) -> bool:
    """Whether a process of this container has finished a round within the last minute."""
    url = os.environ["DATABASE_URL"]
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            row = connection.execute(
                FINISHED, (components, f"{socket.gethostname()}:%", LATELY_S)
            ).fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


def main(process: str, port: int = PORT) -> bool:
    return page_is_ready(port) if process == "web" else finished_a_round(ROUNDS[process])


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1], int((sys.argv[2:] or [PORT])[0])) else 1)
