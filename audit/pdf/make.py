"""From a report's words to a tagged PDF (PDF/UA-1), on this machine alone: no network is asked."""

import json
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

import typst

_TEMPLATE = Path(__file__).with_name("report.typ")


def pdf(told: Mapping[str, Any], made_at: datetime) -> bytes:
    """The document of these words. The same words and moment give the same bytes.

    Raises typst.TypstError when the template and the words do not fit together.
    """
    made = typst.compile(
        _TEMPLATE,
        root=_TEMPLATE.parent,
        font_paths=[str(resources.files("fontpkg_noto_sans") / "files")],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"told": json.dumps(told)},
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(made, bytes)
    return made
