"""Third-party CSS and script for the pages, taken from node_modules into `var/assets`.

Only what a page loads is taken, about 470 kB, and nothing in it points outside this host.
"""

import hashlib
import re
import shutil
import sys
from pathlib import Path

from mscc.runtime.places import ROOT, Trouble

PACKAGE = ROOT / "node_modules" / "nhsuk-frontend" / "dist" / "nhsuk"
TARGET = ROOT / "var" / "assets"
FONT_FACE = re.compile(r"@font-face\s*{[^}]*}")
SOURCE_MAP = re.compile(r"\n?(/\*|//)# sourceMappingURL=.*")


def build(package: Path = PACKAGE, target: Path = TARGET) -> bool:
    """Write `<target>/nhsuk/`: stylesheet, script, images. False when it was up to date."""
    stamp = _stamp()
    done = target / ".built"
    if done.exists() and done.read_text() == stamp:
        return False
    if not package.is_dir():
        raise Trouble("node_modules is missing: run ./dev, or npm ci where there is no ./dev.")
    making = target.with_name(target.name + ".new")
    shutil.rmtree(making, ignore_errors=True)
    shutil.copytree(package / "assets", making / "nhsuk")
    css = (package / "nhsuk-frontend.min.css").read_text()
    (making / "nhsuk" / "nhsuk-frontend.min.css").write_text(own_host_only(css))
    script = (package / "nhsuk-frontend.min.js").read_text()
    (making / "nhsuk" / "nhsuk-frontend.min.js").write_text(SOURCE_MAP.sub("", script))
    (making / ".built").write_text(stamp)
    shutil.rmtree(target, ignore_errors=True)
    making.rename(target)
    return True


def own_host_only(css: str) -> str:
    """The stylesheet without outside fonts and source maps, its images beside it.

    A manifest storage fails on a source map that is not there; a strict content policy refuses
    the fonts, so a page would only ask for them in vain.
    """
    css = FONT_FACE.sub(lambda face: "" if "https://" in face[0] else face[0], css)
    css = SOURCE_MAP.sub("", css).replace("url(/assets/", "url(")
    if outside := re.search(r"url\(['\"]?(https?:)?//[^)]*\)", css):
        raise Trouble(f"nhsuk-frontend loads {outside[0]}: teach mscc/runtime/assets.py about it.")
    return css


def _stamp() -> str:
    parts = [ROOT / "package-lock.json", Path(__file__)]
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


if __name__ == "__main__":
    try:
        build()
    except Trouble as trouble:
        sys.exit(str(trouble))
