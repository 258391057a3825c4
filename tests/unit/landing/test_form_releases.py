"""Press releases and mail: what stands below a text, what a message answers, two articles in a document."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime

import docx
import pytest

from ontherecord.expectations.validate import HeaderSuite
from ontherecord.flows.landing.forms.release_end import without_notes
from ontherecord.flows.landing.parse import parse, parse_all
from ontherecord.flows.landing.reading import BY_CONTENT
from ontherecord.warehouse.records import RawFile

Make = Callable[[str, str | bytes], RawFile]
TEXT = (
    "The first tram to run in Marsalin since 1957 left the Old Port on Saturday, and some hundred people "
    "stood at the quay to see it off in the rain.",
    '"It left on time," said Ada Novello, who drove it. "It will again."',
    "The line has 14 stops and cost 61 million crowns.",
)
BODY = "\n".join(TEXT)


@pytest.mark.parametrize(
    "below",
    [
        ("ENDS",),
        ("-Ends-", "Notes to editors", "1. The Harbour was founded in 1801."),
        ("- 30 -", "About the Harbour", "The Harbour is old."),
        ("###", "Contact: Leila Sarrouf, press@harbour.example"),
        ("# # #", "About Marsalin Harbour"),
        ("Notes to Editors:", "The Harbour was founded in 1801."),
        ("Media contact:", "Leila Sarrouf", "Harbour press office", "+1 555 010 0100"),
        ("Contact: Leila Sarrouf, +1 555 010 0100",),
        ("For more information, please contact Leila Sarrouf on +1 555 010 0100.",),
        ("___", "Associated Press writer Luc Bakke contributed to this report."),
        (
            "___",
            "Luc Bakke reported from Tamruz.",
            "___",
            "Follow the AP on social media at https://ap.example",
        ),
    ],
)
def test_what_stands_below_a_release_is_not_of_it(below: tuple[str, ...]) -> None:
    assert without_notes([*TEXT, *below]) == (list(TEXT), ("furniture_removed",))


@pytest.mark.parametrize(
    "paragraphs",
    [
        [*TEXT, "___", "HOW IT BEGAN", TEXT[2]],
        [*TEXT, "###", TEXT[2], TEXT[1]],
        ["ENDS", *TEXT],
        [TEXT[2], "Contact: Leila Sarrouf, +1 555 010 0100", *TEXT],
        [
            *TEXT,
            "Contact: the word was on every lip.",
            "It was said that nobody had seen it before.",
        ],
        [*TEXT, "For more information the city has no money, the mayor said."],
        [*TEXT, "The week ends on a Sunday."],
        [*TEXT, "Notes to editors were what he wrote all his life, he said."],
    ],
)
def test_what_only_looks_like_an_end_stays(paragraphs: list[str]) -> None:
    assert without_notes(paragraphs) == (paragraphs, ())


def _mail(body: str, subject: str = "Tram leaves") -> str:
    return (
        "From: Press office <press@harbour.example>\nTo: desk@post.example\nMIME-Version: 1.0\n"
        f"Date: Sun, 20 Dec 2015 01:00:00 +0100\nSubject: {subject}\n\n{body}\n"
    )


TEXT_OF_MAIL = "\n\n".join(TEXT)
WROTE = "On Sat, 19 Dec 2015 at 10:00, Luc Bakke{}<luc@post.example> wrote:\n"


@pytest.mark.parametrize(
    ("body", "subject"),
    [
        (f"{TEXT_OF_MAIL}\n\n{WROTE.format(' ')}> Could you send it?\n> Luc", "Re: Tram leaves"),
        (f"{TEXT_OF_MAIL}\n\n{WROTE.format(chr(10))}\n> Could you send it?\n>\n> Luc", "Re: Tram leaves"),
        (f"{WROTE.format(' ')}> Could you send it?\n\n{TEXT_OF_MAIL}", "Re: Tram leaves"),
        (
            f"{TEXT_OF_MAIL}\n\n-----Original Message-----\nFrom: Luc\nSent: Saturday\n\nSend it?",
            "Re: Tram",
        ),
        (f"Thanks.\n\n{WROTE.format(' ')}" + "\n>\n".join(f"> {line}" for line in TEXT), "Re: Tram leaves"),
        (f"{TEXT_OF_MAIL}\n\n###\n\nMedia contact: press@harbour.example", "Tram leaves"),
        (f"{TEXT_OF_MAIL}\n\nYou are receiving this because you signed up.\n\nUnsubscribe", "Tram leaves"),
    ],
)
def test_a_message_is_its_own_text_with_a_warning_of_what_was_left_out(
    landed_file: Make, body: str, subject: str
) -> None:
    article = parse(landed_file("a.eml", _mail(body, subject)), BY_CONTENT)
    assert (article.body, article.warnings) == (BODY, ("furniture_removed",))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("\n>\n".join(f"> {line}" for line in TEXT), BODY),
        (f"{TEXT[0]}\n\n> {TEXT[1]}\n\n{TEXT[2]}", BODY),
        (
            f"{TEXT[0]}\n\nOn Sunday the mayor wrote:\n\n{TEXT[1]}",
            f"{TEXT[0]}\nOn Sunday the mayor wrote:\n{TEXT[1]}",
        ),
    ],
)
def test_a_passage_that_is_quoted_in_a_message_stays(landed_file: Make, body: str, expected: str) -> None:
    article = parse(landed_file("a.eml", _mail(body)), BY_CONTENT)
    assert (article.body, article.warnings) == (expected, ())


def test_what_a_message_in_html_answers_is_left_out(landed_file: Make) -> None:
    page = "".join(f"<p>{line}</p>" for line in TEXT)
    quote = f"<div>{WROTE.format(' ').replace('<', '&lt;')}</div><blockquote>Could you send it?</blockquote>"
    raw = _mail(page + quote, "Re: Tram").replace("\nSubject", "\nContent-Type: text/html\nSubject")
    article = parse(landed_file("a.eml", raw), BY_CONTENT)
    assert (article.body, article.warnings) == (BODY, ("furniture_removed",))


@pytest.mark.parametrize(
    ("name", "above"),
    [
        ("a.txt", "Tram leaves\n20 December 2015\n\n"),
        ("a.txt", "Title: Tram leaves\nSource: Marsalin Post\nDate: 20 December 2015\n\n"),
        ("a.md", "---\ntitle: Tram leaves\ndate: 2015-12-20\n---\n"),
    ],
)
def test_a_release_in_plain_text_ends_at_its_mark(landed_file: Make, name: str, above: str) -> None:
    raw = landed_file(name, f"{above}{TEXT_OF_MAIL}\n\nENDS\n\nNotes to editors\n\nThe Harbour is old.\n")
    article = parse(raw, BY_CONTENT)
    assert (article.body, article.title) == (BODY, "Tram leaves")
    assert "furniture_removed" in article.warnings


def _docx(*paragraphs: tuple[str, str], created: datetime | None = None) -> bytes:
    document = docx.Document()
    document.core_properties.author = "Ada Novello"
    if created:
        document.core_properties.created = created
    for style, text in paragraphs:
        document.add_paragraph(text, style=style)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _normal(*texts: str) -> Sequence[tuple[str, str]]:
    return [("Normal", text) for text in texts]


@pytest.mark.parametrize("style", ["Title", "Heading 1"])
def test_each_title_in_a_document_begins_an_article(landed_file: Make, style: str) -> None:
    content = _docx(
        (style, "Tram leaves"), *_normal("20 December 2015", *TEXT),
        (style, "Ferry sails"), *_normal("21 December 2015", TEXT[1]),
    )  # fmt: skip
    found = list(parse_all(landed_file("a.docx", content), BY_CONTENT))
    assert [(a.title, a.published_at, a.body) for a in found] == [
        ("Tram leaves", datetime(2015, 12, 20), BODY),
        ("Ferry sails", datetime(2015, 12, 21), TEXT[1]),
    ]


@pytest.mark.parametrize(
    "styles", [("Title", "Heading 1"), ("Heading 1", "Heading 1"), ("Heading 1", "Heading 2")]
)
def test_headings_within_an_article_begin_none(landed_file: Make, styles: tuple[str, str]) -> None:
    content = _docx(
        (styles[0], "Tram leaves"), *_normal("20 December 2015", TEXT[0]),
        (styles[1], "How it began"), *_normal(TEXT[1]), (styles[1], "What it cost"), *_normal(TEXT[2]),
    )  # fmt: skip
    [article] = parse_all(landed_file("a.docx", content), BY_CONTENT)
    assert article.body == "\n".join([TEXT[0], "How it began", TEXT[1], "What it cost", TEXT[2]])


def test_the_day_on_which_a_document_was_made_is_named_and_not_taken(landed_file: Make) -> None:
    content = _docx(("Title", "Tram leaves"), *_normal(*TEXT), created=datetime(2014, 1, 2))
    article = parse(landed_file("a.docx", content), BY_CONTENT)
    assert article.date_text is None
    assert dict(article.headers)["document created"].startswith("2014-01-02")
    [verdict] = HeaderSuite().validate([article])
    [failure] = [failure for failure in verdict.failures if failure.rule == "date_missing"]
    assert (failure.rule, failure.value) == ("date_missing", "none; the document was created 2014-01-02")
