"""Markdown of a run: everything that comes from a file is shown as it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ontherecord.flows.pipeline.results import Comparison, QuoteChange, RunResult
from ontherecord.flows.sanitize import escape_markdown
from ontherecord.warehouse.runs import RunCounts, RunHighlights


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", r"a\|b"),
        ("[here](http://x)", r"\[here\](http\://x)"),
        ("see HTTPS://a.b, www.c.d: me@e.f", r"see HTTPS\://a.b, www\.c.d: me\@e.f"),
        ("&lt;b&gt;", r"\&lt;b\&gt;"),
        ("<script>", r"\<script\>"),
        ("`code` *b* _i_", r"\`code\` \*b\* \_i\_"),
        ("two\nlines", r"two\\x0alines"),
        ("back\\slash", r"back\\slash"),
        ("plain, isn't it?", "plain, isn't it?"),
    ],
)
def test_markup_of_a_file_is_text(text: str, shown: str) -> None:
    assert escape_markdown(text) == shown


def test_a_report_tells_counts_news_and_pages() -> None:
    report = RunResult("r1", Path("in"), counts=RunCounts(loaded_count=1200, quarantined_count=3))
    report.batch_seconds = [1.25, 9.5]
    report.highlights = RunHighlights(((date(2015, 12, 17), "Port | opens"),), (("Ida Brandt", 1500),))
    report.data_docs = Path("docs/index.html")
    report.pages["Report"] = Path("report.html")
    lines = report.markdown().splitlines()
    assert "| 1,203 | 1,200 | 0 | 0 | 3 | 0 | 0 | 0 |" in lines
    assert "Run `r1`, 0.0 s, slowest batch 9.5 s." in lines
    assert r"- 2015-12-17: Port \| opens" in lines
    assert "- Ida Brandt: 1,500" in lines
    assert {"Data Docs: `docs/index.html`", "Report: `report.html`"} <= set(lines)


def test_a_comparison_shows_examples_a_row_each() -> None:
    comparison = Comparison("2+model", loaded_count=9, article_count=2, changed_count=1)
    comparison.speaker_changed.add(QuoteChange("a.txt", "We | go", None, "Ida Brandt"))
    text = comparison.markdown()
    assert "| 2 | 1 | 0 | 0 | 0 | 0 | 1 |" in text
    assert r"| speaker changed | a.txt | We \| go |  | Ida Brandt |" in text
    assert "Nothing was changed" in text
