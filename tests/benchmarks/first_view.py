"""P1: how many bytes a coordinator's first view of the board takes."""

import gzip
import re
from collections.abc import Iterator

from tests.benchmarks.database import World
from tests.benchmarks.measuring import Figure, Spread
from tests.benchmarks.web import PRODUCT, Browser, serving, signed_in

_FILES = re.compile(rb'(?:src|href|data-nhsuk)="(/static/[^"]+)"')


def p1(world: World, rounds: int) -> Iterator[Figure]:
    """Bytes do not drift: one look is enough. Its floor is nothing, so none is shown.

    The page itself is compressed as a proxy in front would; the other files are as served.
    """
    with serving(PRODUCT) as server:
        browser = Browser(server.port, {"Cookie": signed_in(world.coordinators[0])})
        page = browser.get("/board/").body
        files = {}
        for path in dict.fromkeys(found.decode() for found in _FILES.findall(page)):
            got = browser.get(path, Accept_Encoding="gzip")
            if got.status != 200:
                raise RuntimeError(f"{path} answered {got.status}")
            files[path] = len(got.body)
    html = len(gzip.compress(page, 6))
    script = sum(size for path, size in files.items() if path.endswith(".js"))
    for what, size, aim in (
        (f"the board's first view, all {1 + len(files)} files", html + sum(files.values()), 120),
        ("its script", script, 30),
        ("its HTML", html, 10),
    ):
        measured = Spread.of([size / 1000])
        yield Figure("P1", what, "", f"{size:,} bytes", measured, "kB gzipped", aim)
