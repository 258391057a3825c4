"""Build README, docs and the pages they link to into a site, by `make site`. docs/README.md orders them."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive
from mermaidx import render
from sphinx.application import Sphinx

ROOT = Path(__file__).parents[1]

project = "On the Record"
copyright = "its contributors; MIT licensed"
html_title = project
extensions = ["myst_parser"]
root_doc = "README"
# Sources lie where GitHub shows them, so that each relative link is good in both places.
include_patterns = [
    "*.md",
    "docs/*.md",
    "bench/README.md",
    "flows/extract/README.md",
    "tests/labelled/README.md",
]
exclude_patterns = [".*", "build", "data", "ontherecord", "var"]
myst_heading_anchors = 6
suppress_warnings = ["misc.highlighting_failure"]  # of `ipython`, a language that GitHub knows
myst_fence_as_directive = ["mermaid"]
html_theme = "sphinx_book_theme"
html_theme_options = {"use_download_button": False, "use_fullscreen_button": False}
html_static_path = ["site.css"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False


class Mermaid(Directive):
    """Draw a diagram while the site is built, so that it shows without a network and without scripts."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the drawing, as SVG within the page."""
        drawing = (
            render("\n".join(self.content), theme="neutral").svg().replace("my-svg", f"diagram-{self.lineno}")
        )
        return [nodes.raw("", f'<div class="diagram">{drawing}</div>', format="html")]


def add_navigation(app: Sphinx, page: str, source: list[str]) -> None:
    """Give the first page what Sphinx makes the navigation of: the sections of docs/README.md."""
    if page == root_doc:
        source[0] += "\n```{toctree}\n:hidden:\n\nOn the Record <self>\nAll pages <docs/README>\n```\n"
        for section in (ROOT / "docs" / "README.md").read_text("utf-8").split("\n## ")[1:]:
            links = re.findall(r"^- \[(.*?)\]\((.*?)\.md\)", section, re.MULTILINE)
            pages = "\n".join(f"{title} <{posixpath.normpath(f'docs/{link}')}>" for title, link in links)
            source[0] += f"\n```{{toctree}}\n:hidden:\n:caption: {section.splitlines()[0]}\n\n{pages}\n```\n"


def add_front_door(app: Sphinx, failure: Exception | None) -> None:
    """Let a browser that opens the folder find the first page."""
    (Path(app.outdir) / "index.html").write_text(
        f'<meta http-equiv="refresh" content="0; url={root_doc}.html">'
    )


def setup(app: Sphinx) -> None:
    """Register the above with Sphinx."""
    app.add_directive("mermaid", Mermaid)
    app.connect("source-read", add_navigation)
    app.connect("build-finished", add_front_door)
