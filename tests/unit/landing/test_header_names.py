"""Header names: synonyms, the user's columns, and what is left."""

from __future__ import annotations

from importlib.resources import files

import pytest

from ontherecord.flows.landing.header_names import (
    HeaderNames,
    is_known,
    split_authors,
    text_missing,
)

NAMES = HeaderNames()


def test_the_names_of_a_producer_mean_our_columns_and_the_rest_is_kept() -> None:
    headers = NAMES.interpret(
        [
            ("webTitle", "Tram leaves on time"),
            ("webPublicationDate", "2015-12-20T01:00:00Z"),
            ("webUrl", "https://post.example/tram"),
            ("sectionName", "Local"),
            ("fields.byline", "Ada Novello and Luc Bakke"),
            ("fields.lang", "en"),
            ("fields.publication", "Marsalin Post"),
            ("pillarId", "pillar/news"),
        ]
    )
    assert (headers.title, headers.date) == ("Tram leaves on time", "2015-12-20T01:00:00Z")
    assert (headers.outlet, headers.url) == ("Marsalin Post", "https://post.example/tram")
    assert (headers.section, headers.language) == ("Local", "en")
    assert headers.authors == ("Ada Novello", "Luc Bakke")
    assert headers.byline == "Ada Novello and Luc Bakke"
    assert headers.rest == (("pillarId", "pillar/news"),)


@pytest.mark.parametrize(
    "name", ["Publication date", "publication_date", "publication-date", "PublicationDate"]
)
def test_case_spaces_and_hyphens_do_not_count(name: str) -> None:
    assert NAMES.interpret([(name, "2015-12-20")]).date == "2015-12-20"


def test_levels_that_only_wrap_an_article_do_not_count() -> None:
    assert NAMES.interpret([("_source.article.headline", "Tram leaves")]).title == "Tram leaves"
    assert NAMES.interpret([("sponsor.headline", "Buy trams")]).title is None


def test_the_first_name_of_the_list_with_a_value_counts() -> None:
    headers = NAMES.interpret([("date", "2015-12-21"), ("date_publish", ""), ("published", "2015-12-20")])
    assert headers.date == "2015-12-20"
    assert headers.rest == (("date", "2015-12-21"), ("date_publish", ""))


@pytest.mark.parametrize(
    ("source", "outlet", "url"),
    [
        ("Marsalin Post", "Marsalin Post", None),
        ("https://post.example/tram", None, "https://post.example/tram"),
        ("post.example", "post.example", None),
    ],
)
def test_a_source_is_a_paper_or_an_address(source: str, outlet: str | None, url: str | None) -> None:
    headers = NAMES.interpret([("source", source)])
    assert (headers.outlet, headers.url) == (outlet, url)


def test_an_uri_that_is_no_address_is_no_link() -> None:
    headers = NAMES.interpret([("uri", "urn:newsml:post:1"), ("url", "tram.html")])
    assert headers.url is None
    assert len(headers.rest) == 2


def test_what_the_list_cannot_know_the_user_says() -> None:
    names = HeaderNames({"title": "Kopf", "outlet": "Herkunft", "text": "Langtext"})
    headers = names.interpret([("Kopf", "Tram leaves"), ("title", "7"), ("Herkunft", "Marsalin Post")])
    assert (headers.title, headers.outlet) == ("Tram leaves", "Marsalin Post")
    assert headers.rest == (("title", "7"),)
    assert names.text_names(["Kopf", "text", "Langtext"]) == ["Langtext"]


def test_a_column_taken_for_one_thing_is_not_another_too() -> None:
    headers = HeaderNames({"outlet": "author"}).interpret([("author", "Marsalin Post"), ("title", "Tram")])
    assert (headers.outlet, headers.authors) == ("Marsalin Post", ())


def test_a_column_that_we_do_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="it may have text, key, title"):
        HeaderNames({"headline": "Kopf"})


def test_two_values_under_one_name_are_a_conflict() -> None:
    headers = NAMES.interpret(
        [("title", "Tram leaves"), ("title", "Tram stays"), ("author", "A B"), ("author", "C D")]
    )
    assert headers.title == "Tram leaves"
    assert headers.conflicts == (("title", ("Tram leaves", "Tram stays")),)
    assert headers.authors == ("A B", "C D")


def test_a_language_is_a_code_and_its_name_is_kept() -> None:
    headers = NAMES.interpret([("Language of publication", "English")])
    assert headers.language == "en"
    assert headers.rest == (("Language of publication", "English"),)
    assert NAMES.interpret([("language", "none")]).language is None


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By Ada Novello and Luc Bakke, Staff Reporters", ["Ada Novello", "Luc Bakke"]),
        ("By ADA NOVELLO", ["ADA NOVELLO"]),
        ("Ada Novello, Luc Bakke and Zoë d'Emilio", ["Ada Novello", "Luc Bakke", "Zoë d'Emilio"]),
        ("Ada Novello; Luc Bakke", ["Ada Novello", "Luc Bakke"]),
        ("Ada Novello, Political Editor, and Luc Bakke", ["Ada Novello", "Luc Bakke"]),
        ("Ada Novello in Marsalin", ["Ada Novello"]),
        ("Tom Coghlan, Kabul", ["Tom Coghlan"]),
        ("Bakke, Luc", ["Luc Bakke"]),
        ("['Ada Novello', 'Luc Bakke']", ["Ada Novello", "Luc Bakke"]),
        ('["Ada Novello"]', ["Ada Novello"]),
        ("[]", []),
        ("['']", []),
        ("Reuters", ["Reuters"]),
        ("ada@post.example (Ada Novello)", ["Ada Novello"]),
        ("Byron Andrews", ["Byron Andrews"]),
        ("", []),
        ("[" * 10_000 + "]", ["[" * 10_000 + "]"]),
    ],
)
def test_a_byline_is_split_into_names(byline: str, authors: list[str]) -> None:
    assert split_authors(byline) == authors


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        (["id", "title", "content"], ["content"]),
        (["text", "maintext"], ["maintext", "text"]),
        (["fields.body", "fields.bodyText"], ["fields.bodyText", "fields.body"]),
        (["Titel", "Text"], ["Text"]),
        (["title", "description"], ["description"]),
        (["title", "description", "url"], []),
        (["abstract", "snippet", "lead_paragraph"], []),
        ([], []),
    ],
)
def test_the_text_of_a_table_is_found_by_name_and_a_teaser_is_none(
    columns: list[str], text: list[str]
) -> None:
    assert NAMES.text_names(columns) == text


@pytest.mark.parametrize(
    ("headers", "key"),
    [
        ([("url", "https://post.example/1"), ("id", "17")], "17"),
        ([("id", ""), ("url", "https://post.example/1")], "https://post.example/1"),
        ([("filename", "1.txt"), ("url", "https://post.example/1")], "https://post.example/1"),
        ([("filename", "1.txt")], "1.txt"),
        ([("title", "Tram")], None),
    ],
)
def test_an_id_or_a_link_is_the_key(headers: list[tuple[str, str]], key: str | None) -> None:
    assert NAMES.key([pair for pair in headers if pair[1]]) == key
    assert HeaderNames({"key": "title"}).key([("id", "1"), ("title", "Tram")]) == "Tram"


def test_what_is_missing_is_said_with_the_columns_and_the_line_to_write() -> None:
    message = text_missing(["id", "title", "url"])
    assert "id, title, url" in message
    assert '`[columns]`, and below it `text = "NAME"`' in message


def test_every_name_is_there_once_per_column_and_has_its_source() -> None:
    assert is_known("headline")
    assert not is_known("lorem")
    text = (files("ontherecord.flows.landing") / "data" / "header_names.txt").read_text("utf-8")
    rows = [
        [field.strip() for field in line.split("|")] for line in text.splitlines() if line and line[0] != "#"
    ]
    assert all(len(row) == 3 and all(row) for row in rows)
    assert len({(column, name.lower()) for column, name, _ in rows}) == len(rows)
