"""Citation: the line, the paragraph and the BibTeX entry of an archive; CITATION.cff and its fellows."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import yaml

from ontherecord.flows.citation import AUTHOR, YEAR, bibtex, in_one_line, paragraph
from ontherecord.warehouse.about import About, Method

ROOT = Path(__file__).parents[2]
FIRST, LAST = date(2015, 12, 17), date(2016, 3, 24)
METHOD = Method("6", "en_core_web_x", "3.8.0", "0123456789abcdef", "2.0.0", "{}", 40, FIRST, LAST)
OLD = replace(
    METHOD, rules_version="2", confidence_sha256=None, read_by="1.0.0", settings=None, article_count=6
)
ABOUT = About(
    version="2.0.0",
    schema_number=16,
    published_at=datetime(2026, 11, 30, 23, 59),
    run_id="20261130T225900-aabbccdd",
    article_count=46,
    first_on=FIRST,
    last_on=LAST,
    quote_count=1213,
    alias_count=0,
    correction_count=0,
    methods=(replace(METHOD, article_count=46),),
)


def test_line_has_version_rules_model_articles_and_day() -> None:
    assert in_one_line(ABOUT) == (
        "On the Record 2.0.0, rules 6, en_core_web_x 3.8.0; "
        "46 articles from 17 December 2015 to 24 March 2016; published on 30 November 2026"
    )
    assert in_one_line(replace(ABOUT, methods=(METHOD, OLD))) == (
        "On the Record 2.0.0, rules 6, en_core_web_x 3.8.0 in 40 articles and rules 2, en_core_web_x 3.8.0 "
        "in 6 articles; 46 articles from 17 December 2015 to 24 March 2016; published on 30 November 2026"
    )


def test_same_extractor_with_other_settings_is_told_once() -> None:
    other = replace(METHOD, settings='{"date_first": "day"}', article_count=6)
    both = replace(ABOUT, methods=(METHOD, other))
    assert in_one_line(both) == in_one_line(ABOUT)
    assert paragraph(both) == (
        f"{paragraph(ABOUT)} " + '6 articles were read with the settings date_first = "day".'
    )


def test_archive_of_one_day_and_archive_of_nothing() -> None:
    assert "; 1 article of 24 March 2016; " in in_one_line(replace(ABOUT, article_count=1, first_on=LAST))
    nothing = replace(ABOUT, article_count=0, quote_count=0, first_on=None, last_on=None, methods=())
    assert in_one_line(nothing) == "On the Record 2.0.0; 0 articles; published on 30 November 2026"
    assert "Record 2.0.0. The archive has 0 articles and 0 quotes, as of" in paragraph(nothing)
    assert "note " not in bibtex(nothing)


def test_paragraph_is_for_a_methods_section() -> None:
    assert paragraph(ABOUT) == (
        "Quotes and their speakers were found with On the Record 2.0.0 (extraction rules 6, spaCy model "
        "en_core_web_x 3.8.0). The archive has 46 articles from 17 December 2015 to 24 March 2016 and 1,213 "
        "quotes, as of 30 November 2026 (run 20261130T225900-aabbccdd). The confidence of a quote is the "
        "chance, measured on labelled articles, that its words and speaker are right (table 0123456789ab)."
    )
    mixed = paragraph(replace(ABOUT, methods=(METHOD, OLD), alias_count=1, correction_count=3))
    assert "The settings with which 6 articles were read are not recorded." in mixed
    assert mixed.endswith(
        "Names and quotes were put right by hand (1 line of aliases.csv and 3 lines of corrections.csv)."
    )


def test_bibtex_is_an_entry_that_latex_can_set() -> None:
    assert bibtex(ABOUT).split("\n") == [
        "@software{ontherecord,",
        "  author  = {{On the Record contributors}},",
        "  title   = {On the Record: who said what about whom in news articles},",
        "  version = {2.0.0},",
        "  year    = {2026},",
        r"  note    = {Extraction rules 6, spaCy model en\_core\_web\_x 3.8.0},",
        "}",
    ]


def test_citation_file_agrees_with_project_and_licence() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for name in ("version", "license", "keywords"):
        assert cited[name] == project[name], name
    assert {"cff-version", "message", "title", "authors"} <= cited.keys()  # what the schema requires
    assert (cited["cff-version"], cited["title"], cited["type"]) == ("1.2.0", "On the Record", "software")
    assert cited["authors"] == [{"name": AUTHOR}]
    assert f"Copyright (c) {YEAR} {AUTHOR}" in (ROOT / "LICENSE").read_text("utf-8")
