"""The docs build into a site without a warning, with all pages in its navigation, to be read offline."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


def _build(source: Path, out: Path) -> subprocess.CompletedProcess[str]:
    """Build as `make site` does: warnings are errors."""
    builder = Path(sys.executable).with_name("sphinx-build")
    options = ["-q", "-W", "--keep-going", "-c", "docs", "-d", out.with_suffix(".cache")]
    return subprocess.run([builder, *options, ".", out], cwd=source, capture_output=True, text=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "out"
    done = _build(ROOT, out)
    assert done.returncode == 0, done.stderr
    return out


def test_each_page_of_docs_is_in_the_navigation_once(site: Path) -> None:
    first = (site / "README.html").read_text("utf-8")
    navigation = first.partition('id="pst-primary-sidebar"')[2].partition("<main")[0]
    found = re.findall(r'href="(docs/[\w-]+)\.html"', navigation)
    assert sorted(found) == sorted(f"docs/{page.stem}" for page in (ROOT / "docs").glob("*.md"))
    captions = re.findall(r'caption-text">([^<]+)<', navigation)
    assert captions == ["Tutorial", "How-to guides", "Reference", "Explanation"]


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        text = page.read_text("utf-8")
        loaded = re.findall(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=\"([^\"]+)\"", text)
        assert [url for url in loaded if re.match(r"(?:https?:)?//", url)] == [], page
    for style in (site / "_static").rglob("*.css"):
        assert not re.search(r"(?:@import|url\()\s*['\"]?(?:https?:)?//", style.read_text("utf-8")), style


def test_diagrams_are_drawn(site: Path) -> None:
    for page in (ROOT / "docs").glob("*.md"):
        wanted = page.read_text("utf-8").count("```mermaid\n")
        text = (site / "docs" / f"{page.stem}.html").read_text("utf-8")
        assert text.count('<div class="diagram"><svg') == wanted, page


@pytest.mark.skipif(not CHROMIUM, reason="needs Chromium")
def test_no_page_is_wider_than_a_phone(site: Path) -> None:
    from playwright.sync_api import sync_playwright

    wide = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = browser.new_context(viewport={"width": 390, "height": 844}, offline=True).new_page()
        for file in sorted({*site.rglob("README.html"), *(site / "docs").glob("*.html")}):
            tab.goto(file.as_uri(), wait_until="domcontentloaded")
            if tab.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wide.append(file.relative_to(site).as_posix())
        browser.close()
    assert wide == []


def test_dead_links_stop_the_build(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "docs").mkdir(parents=True)
    for name in ("conf.py", "site.css"):
        shutil.copy(ROOT / "docs" / name, source / "docs")
    (source / "README.md").write_text("# One\n\n[page](docs/gone.md) [heading](docs/two.md#gone)\n")
    (source / "docs" / "README.md").write_text("# All\n\n## Reference\n\n- [Two](two.md)\n")
    (source / "docs" / "two.md").write_text("# Two\n\n[good](../README.md#one) [heading](#nowhere)\n")
    done = _build(source, tmp_path / "out")
    assert done.returncode == 1
    for target in ("docs/gone.md", "'gone'", "nowhere"):
        assert target in done.stderr
    assert done.stderr.count("xref_missing") == 3
