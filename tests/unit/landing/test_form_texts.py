"""Texts: front matter, key: value headers, headline then text, Markdown."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

from ontherecord.flows.landing.forms import front_matter, headline_text, key_value
from ontherecord.flows.landing.forms.markdown import read_markdown
from ontherecord.flows.landing.forms.raw_article import RawArticle
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import RawFile

Make = Callable[[str, str | bytes], RawFile]
TEXT = "The first tram to run in Marsalin since 1957 left the Old Port on Saturday."


def _one(form: ModuleType, raw: RawFile) -> RawArticle:
    assert form.is_form(raw.content, raw.landed.source_path)
    [article] = form.read(raw)
    assert isinstance(article, RawArticle)
    return article


def test_yaml_is_read_as_it_is_written(landed_file: Make) -> None:
    article = _one(
        front_matter,
        landed_file(
            "a.md",
            "---\ntitle: 'Tram: on time'\ndate: 2015-12-20 01:00:00 -4\nauthors:\n- Ada Novello\n"
            "- Luc Bakke\ndraft: no\nextra:\n  desk: Local\nurl: https://post.example/tram\n---\n" + TEXT,
        ),
    )
    assert article.headers == (
        ("title", "Tram: on time"),
        ("date", "2015-12-20 01:00:00 -4"),
        ("authors", '["Ada Novello", "Luc Bakke"]'),
        ("draft", "no"),
        ("extra.desk", "Local"),
        ("url", "https://post.example/tram"),
    )
    assert (article.key, article.body, article.repairs) == ("https://post.example/tram", TEXT, ())


def test_toml_is_read(landed_file: Make) -> None:
    article = _one(
        front_matter,
        landed_file(
            "a.md",
            f'+++\r\ntitle = "Tram"\r\ndate = 2015-12-20T01:00:00+01:00\r\n+++\r\n{TEXT}',
        ),
    )
    assert dict(article.headers) == {"title": "Tram", "date": "2015-12-20 01:00:00+01:00"}
    assert article.body == TEXT


def test_a_colon_too_many_is_repaired(landed_file: Make) -> None:
    article = _one(
        front_matter, landed_file("a.md", f"---\ntitle: Tram: on time\ndate: 2015-12-20\n---\n{TEXT}")
    )
    assert article.headers == (("title", "Tram: on time"), ("date", "2015-12-20"))
    assert article.repairs == ("front_matter_repaired",)


def test_a_post_may_have_its_date_in_its_name(landed_file: Make) -> None:
    article = _one(front_matter, landed_file("2015-12-20-tram.md", f"---\ntitle: Tram\n---\n{TEXT}"))
    assert dict(article.headers)["date"] == "2015-12-20"
    assert article.repairs == ("date_from_name",)


@pytest.mark.parametrize(
    "block",
    [
        "---\ntitle: Tram\nno end\n",
        "+++\ntitle = \n+++\n",
        "---\ntitle:\n  - [[[\n---\n",
    ],
)
def test_front_matter_that_cannot_be_read_is_refused(landed_file: Make, block: str) -> None:
    with pytest.raises(BadDelivery) as caught:
        list(front_matter.read(landed_file("a.md", block + "")))
    assert caught.value.failures[0].rule == "front_matter_unreadable"


def test_aliases_of_yaml_do_not_unfold(landed_file: Make) -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12))
    article = _one(
        front_matter, landed_file("a.md", f"---\ntitle: Tram\nl0: &l0 [lol]\n{levels}\n---\n{TEXT}")
    )
    assert dict(article.headers)["title"] == "Tram"
    assert article.repairs == ("front_matter_repaired",)


def test_objects_of_yaml_are_not_made(landed_file: Make) -> None:
    text = f"---\ntitle: !!python/object/apply:os.system ['exit 1']\nauthor: Ada Novello\n---\n{TEXT}"
    article = _one(front_matter, landed_file("a.md", text))
    assert ("author", "Ada Novello") in article.headers


@pytest.mark.parametrize(
    ("start", "is_form"),
    [
        ("---\ntitle: A\n---\n", True),
        ("\ufeff---\r\n# a comment\r\ntitle: A\r\n---\r\n", True),
        ('+++\ntitle = "A"\n+++\n', True),
        ("---\nA dash, then a text\n", False),
        ("--- a rule ---\ntitle: A", False),
        ("title: A\n---\n", False),
    ],
)
def test_front_matter_is_told_by_its_fence_and_first_name(start: str, is_form: bool) -> None:
    assert front_matter.is_form(start.encode(), "a.md") is is_form


def test_markdown_is_read_without_its_signs() -> None:
    text = (
        "# Heading\n\nA *first* line that is\nwrapped, with a [link](https://x.example/a_(b)),\n"
        "a [second][1] and\n![a picture](x.png) code `x`.\n\nUnder\n=====\n\n"
        "> He said **so** twice.\n\n- one\n- two\n\n"
        "Write to <press@post.example>; 2 * 3 * 4 and snake_case_name stay.\n\n```\ncode\n```\n\n"
        "{% include tram.html %}\n<!-- a comment -->\n[1]: https://x.example\n"
    )
    assert read_markdown(text) == [
        "Heading",
        "A first line that is wrapped, with a link, a second and code x.",
        "Under",
        "He said so twice.",
        "one",
        "two",
        "Write to press@post.example; 2 * 3 * 4 and snake_case_name stay.",
    ]


def test_headers_of_a_name_a_colon_and_a_value_are_read(landed_file: Make) -> None:
    article = _one(
        key_value,
        landed_file(
            "a.txt",
            "Title: Tram leaves on time\nSource: Marsalin Post\nDate: 20 December 2015, 01:00\n"
            f"Note:\n  a long\n  note\n\n{TEXT}\n\nBy the way: more.\n",
        ),
    )
    assert article.headers == (
        ("Title", "Tram leaves on time"),
        ("Source", "Marsalin Post"),
        ("Date", "20 December 2015, 01:00"),
        ("Note", "a long note"),
    )
    assert article.body == f"{TEXT}\nBy the way: more."


@pytest.mark.parametrize(
    "text",
    [
        "Tram leaves: mayor rang the bell\n\nThe first tram: it left.\n",
        "Title: Tram\n\nOne known name is not enough.\n",
        "Mayor: I rang it.\nDriver: I drove it.\n\nAn interview.\n",
        "Date: now\nThe text begins at once\n",
    ],
)
def test_other_lines_with_colons_are_no_headers(text: str) -> None:
    assert not key_value.is_form(text.encode(), "a.txt")


@pytest.mark.parametrize(
    ("about", "headers"),
    [
        ("", ()),
        ("By Ada Novello\n20 December 2015\n", (("byline", "By Ada Novello"), ("date", "20 December 2015"))),
        ("20 December 2015 | By Ada Novello\n", (("date", "20 December 2015"), ("byline", "By Ada Novello"))),
        (
            "The Marsalin Post, December 20, 2015\n",
            (("date", "December 20, 2015"), ("outlet", "The Marsalin Post")),
        ),
        ("Vantry, 20 December 2015\n", (("date", "20 December 2015"), ("dateline", "Vantry"))),
    ],
)
def test_what_stands_between_headline_and_text_is_read(
    landed_file: Make, about: str, headers: tuple[tuple[str, str], ...]
) -> None:
    article = _one(
        headline_text, landed_file("a.txt", f"Tram leaves on time\n{about}\n{TEXT}\nSo it does.\n")
    )
    assert article.headers == (("title", "Tram leaves on time"), *headers)
    assert article.body == f"{TEXT}\nSo it does."


def test_a_headline_may_be_wrapped_too(landed_file: Make) -> None:
    raw = landed_file("a.txt", f"Tram leaves on time,\nto general surprise\nBy Ada Novello\n\n{TEXT}\n")
    article = _one(headline_text, raw)
    assert article.headers[0] == ("title", "Tram leaves on time, to general surprise")


def test_wrapped_lines_are_joined_and_lines_that_are_paragraphs_are_not(landed_file: Make) -> None:
    wrapped = (
        "Tram leaves on time\n\nThe first tram to run in Marsalin since\n"
        "1957 left the Old Port on Saturday. It\nwas on time.\n\nSo it was.\n"
    )
    assert _one(headline_text, landed_file("a.txt", wrapped)).body == f"{TEXT} It was on time.\nSo it was."
    lines = f"Tram leaves on time\n{TEXT}\nIt was on time.\nSo it was.\n"
    assert _one(headline_text, landed_file("a.txt", lines)).body == f"{TEXT}\nIt was on time.\nSo it was."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "A text begins with a sentence.\n\nAnd goes on.\n"),
        ("a.txt", "One line only"),
        ("a.txt", "<html>\n<body>"),
        ("a.log", "A headline\n\nA text.\n"),
        ("a.txt", "a" * 300 + "\n\nA text."),
        ("a.txt", "## Title: Tram\n\nA text."),
    ],
)
def test_other_texts_have_no_headline(name: str, text: str) -> None:
    assert not headline_text.is_form(text.encode(), name)


def test_a_press_release_has_its_headline_below_the_line_that_says_so(landed_file: Make) -> None:
    text = f"FOR IMMEDIATE RELEASE\nDecember 20, 2015\n\nTram leaves on time\n\n{TEXT}\nSo it does.\n"
    article = _one(headline_text, landed_file("a.txt", text))
    assert article.headers == (("title", "Tram leaves on time"), ("date", "December 20, 2015"))
    assert article.body == f"{TEXT}\nSo it does."
