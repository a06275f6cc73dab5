import re
from pathlib import Path

import pytest

from mscc.runtime import assets
from mscc.runtime.places import ROOT, Trouble


def test_the_pages_stylesheet_and_script_ask_no_other_host(tmp_path):
    assert assets.build(target=tmp_path / "assets")
    css = (tmp_path / "assets/nhsuk/nhsuk-frontend.min.css").read_text()
    script = (tmp_path / "assets/nhsuk/nhsuk-frontend.min.js").read_text()
    assert "sourceMappingURL" not in css + script
    assert "@font-face" not in css
    named = re.findall(r"url\(([^)]*)\)", css)
    assert named
    for image in named:
        assert (tmp_path / "assets/nhsuk" / image).is_file(), image


def test_only_what_a_page_loads_is_taken(tmp_path):
    assets.build(target=tmp_path / "assets")
    files = [path for path in (tmp_path / "assets").rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".css", ".js", ".svg", ".png"}
    assert not [path for path in files if path.suffix in (".map", ".scss", ".njk")]
    assert sum(path.stat().st_size for path in files) < 500_000


def test_building_again_does_nothing_and_a_half_built_folder_is_replaced(tmp_path):
    target = tmp_path / "assets"
    (target / "nhsuk").mkdir(parents=True)
    (target / "nhsuk" / "left-over").touch()
    assert assets.build(target=target)
    assert not (target / "nhsuk" / "left-over").exists()
    assert not assets.build(target=target)


def test_without_node_modules_the_sentence_says_what_to_run(tmp_path):
    with pytest.raises(Trouble, match=r"run \./dev"):
        assets.build(package=tmp_path / "nowhere", target=tmp_path / "assets")


def test_a_new_outside_address_in_a_later_version_is_noticed():
    with pytest.raises(Trouble, match="https://cdn.example"):
        assets.own_host_only("a{background:url(https://cdn.example/x.svg)}")


def test_third_party_code_is_not_committed():
    assert "/var/" in (ROOT / ".gitignore").read_text()
    assert "/node_modules/" in (ROOT / ".gitignore").read_text()
    assert not list(Path(ROOT / "mscc" / "static").rglob("nhsuk-frontend*"))
