"""Wrong bodies: in every form, what is no article is refused or warned of by name, and articles are not."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from html import escape
from pathlib import Path
from typing import NamedTuple

import docx
import pytest

from ontherecord.flows.landing.parse import holds_many, parse, split
from ontherecord.flows.landing.reading import BY_CONTENT
from ontherecord.flows.landing.wrong_body import BODY_RULES, check_body, judge_body
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Delivery, RawFile, Rejected

Make = Callable[[str, str | bytes], RawFile]
TABLE = Path(__file__).parents[2] / "labelled" / "wrong_bodies.jsonl"


class Text(NamedTuple):
    """A body and its headline. `told` is the rule or the warning that it gets; empty if none."""

    becomes: str
    body: str
    told: str = ""
    title: str = "Cat returns"


TEXTS = [Text(**json.loads(line)) for line in TABLE.read_text("utf-8").splitlines()]
REFUSED, WARNED, SOUND = (
    [text for text in TEXTS if text.becomes == what] for what in ("refused", "warned", "sound")
)
WARNINGS = BODY_RULES | {
    "teaser", "headline_only", "caption_only", "headlines_only", "text_twice", "no_paragraphs",
}  # fmt: skip
DAY = "2015-12-20T01:00:00+01:00"
STORY = (
    "The first tram to run in Marsalin since 1957 left the Old Port on Saturday.",
    "“It is here,” said Leila Sarrouf, the mayor, and the band played until the last of the guests had gone.",
)
PAGES = {
    "error_page": ("404 Not Found", "The requested URL was not found on this server."),
    "paywall_notice": ("Subscribe to continue reading.", "Already a subscriber? Log in."),
    "consent_notice": (
        "We use cookies to improve your experience on our website.",
        "By continuing to browse, you agree to our use of cookies.",
    ),
    "robot_check": (
        "Please enable JavaScript to view this page.",
        "Your browser is not supported. Please upgrade to a modern browser.",
    ),
}


def _delivery(parsed: Callable[[str], Delivery], text: Text) -> Delivery:
    return parsed(f"## Title: {text.title}\n## Date: Tuesday, March 10, 2015 - 09:30\n\n{text.body}\n")


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text.body[:40])
def test_what_certainly_is_no_article_is_refused(parsed: Callable[[str], Delivery], text: Text) -> None:
    delivery = _delivery(parsed, text)
    [failure] = check_body(delivery)
    assert (failure.rule, failure.column_name) == (text.told, "body")
    assert text.told in failure.message


@pytest.mark.parametrize("text", WARNED, ids=lambda text: text.body[:40])
def test_what_may_be_an_article_is_warned_of(parsed: Callable[[str], Delivery], text: Text) -> None:
    delivery = _delivery(parsed, text)
    assert check_body(delivery) == ()
    assert WARNINGS & {*delivery.warnings} == {text.told}


@pytest.mark.parametrize("text", SOUND, ids=lambda text: text.body[:40])
def test_an_article_about_such_things_is_neither(parsed: Callable[[str], Delivery], text: Text) -> None:
    delivery = _delivery(parsed, text)
    assert check_body(delivery) == ()
    assert WARNINGS & {*delivery.warnings} == set()


def test_a_setting_has_wrong_bodies_loaded_with_a_warning(landed_file: Make) -> None:
    raw = landed_file("a.txt", _headed(PAGES["error_page"]))
    delivery = parse(raw, replace(BY_CONTENT, wrong_bodies="load"))
    assert check_body(delivery) == ()
    assert "error_page" in delivery.warnings


def test_a_headline_tells_what_is_below_it() -> None:
    assert judge_body("404 Not Found", ["nginx"]).problem == "error_page"
    assert judge_body("Cat returns", ["nginx"]).problem is None
    assert judge_body("Just a moment...", []).problem == "robot_check"


def _headed(lines: tuple[str, ...]) -> str:
    text = "\n".join(lines)
    return f"## Title: Tram leaves\n## Date: Sunday, December 20, 2015 - 01:00\n\n{text}\n"


def _csv(lines: tuple[str, ...]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows([("title", "date", "text"), ("Tram leaves", DAY, "\n".join(lines))])
    return file.getvalue()


def _json(lines: tuple[str, ...]) -> str:
    return json.dumps({"title": "Tram leaves", "date": DAY, "text": "\n".join(lines)})


def _ninjs(lines: tuple[str, ...]) -> str:
    item = {"uri": "urn:post:17", "type": "text", "headline": "Tram leaves", "versioncreated": DAY}
    return json.dumps({**item, "pubstatus": "usable", "body_text": "\n".join(lines)})


def _html(lines: tuple[str, ...]) -> str:
    return (
        '<!doctype html><html><head><title>Tram leaves</title><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="{DAY}"></head><body><article><h1>Tram leaves</h1>'
        f"{_paragraphs(lines)}</article></body></html>"
    )


def _nitf(lines: tuple[str, ...]) -> str:
    return (
        '<?xml version="1.0"?><nitf><head><docdata><date.issue norm="20151220T010000+0100"/></docdata></head>'
        "<body><body.head><hedline><hl1>Tram leaves</hl1></hedline></body.head>"
        f"<body.content>{_paragraphs(lines)}</body.content></body></nitf>"
    )


def _newsml(lines: tuple[str, ...]) -> str:
    return (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:post:17" xml:lang="en">'
        f'<itemMeta><itemClass qcode="ninat:text"/><versionCreated>{DAY}</versionCreated>'
        '<pubStatus qcode="stat:usable"/>'
        f"</itemMeta><contentMeta><contentCreated>{DAY}</contentCreated><headline>Tram leaves</headline>"
        '</contentMeta><contentSet><inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>'
        f"<body>{_paragraphs(lines)}</body></html></inlineXML></contentSet></newsItem>"
    )


def _feed(lines: tuple[str, ...]) -> str:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        "<channel><title>Post</title><item><title>Tram leaves</title><guid>17</guid><pubDate>Sun, 20 Dec "
        "2015 01:00:00 +0100</pubDate>"
        f"<content:encoded><![CDATA[{_paragraphs(lines)}]]></content:encoded></item></channel></rss>"
    )


def _mail(lines: tuple[str, ...]) -> bytes:
    message = EmailMessage()
    message["From"] = "desk@post.example"
    message["Date"] = "Sun, 20 Dec 2015 01:00:00 +0100"
    message["Subject"] = "Tram leaves"
    message["Message-ID"] = "<17@post.example>"
    message.set_content("\n\n".join(lines))
    return message.as_bytes()


def _word(lines: tuple[str, ...]) -> bytes:
    document = docx.Document()
    for line in ("Tram leaves", "December 20, 2015", *lines):
        document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _nexis(lines: tuple[str, ...]) -> str:
    text = "\n\n".join(lines)
    return (
        "Tram leaves\nMarsalin Post\nDecember 20, 2015 Sunday 1:00 AM GMT\n\nCopyright 2015 Marsalin Post "
        f"All Rights Reserved\n\nSection: LOCAL; Pg. 4\nLength: 90 words\nBody\n\n{text}\n\nClassification\n"
        "\nLanguage: ENGLISH\nLoad-Date: December 20, 2015\n\nEnd of Document\n"
    )


def _factiva(lines: tuple[str, ...]) -> str:
    return (
        "HD  Tram leaves\nWC  90 words\nPD  20 December 2015\nSN  Marsalin Post\nSC  MARPOS\nLA  English\n"
        f"LP  {lines[0]}\nTD  {lines[1]}\nAN  Document MARPOS0020151220ebck0002x\n"
    )


def _front_matter(lines: tuple[str, ...]) -> str:
    text = "\n\n".join(lines)
    return f"---\ntitle: Tram leaves\ndate: {DAY}\n---\n\n{text}\n"


def _key_value(lines: tuple[str, ...]) -> str:
    text = "\n\n".join(lines)
    return f"Title: Tram leaves\nDate: December 20, 2015\n\n{text}\n"


def _rtf(lines: tuple[str, ...]) -> str:
    text = "\\par\n".join(("Tram leaves", "December 20, 2015", *lines))
    return f"{{\\rtf1\\ansi {text}\\par}}".replace("“", "\\'93").replace("”", "\\'94")


def _paragraphs(lines: tuple[str, ...]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


FORMS: dict[str, Callable[[tuple[str, ...]], str | bytes]] = {
    "headed.txt": _headed,
    "table.csv": _csv,
    "one.json": _json,
    "lines.jsonl": lambda lines: _json(lines) + "\n",
    "ninjs.json": _ninjs,
    "page.html": _html,
    "nitf.xml": _nitf,
    "newsml.xml": _newsml,
    "feed.xml": _feed,
    "mail.eml": _mail,
    "word.docx": _word,
    "word.rtf": _rtf,
    "nexis.txt": _nexis,
    "factiva.txt": _factiva,
    "front.md": _front_matter,
    "keys.txt": _key_value,
}


def _articles(raw: RawFile) -> list[Delivery | str]:
    """Return the deliveries of a file, and the rules under which its form refuses others."""
    found: list[Delivery | str] = []
    try:
        parts = split(raw, BY_CONTENT) if holds_many(raw, BY_CONTENT) else (raw,)
        found += [p.failures[0].rule if isinstance(p, Rejected) else parse(p, BY_CONTENT) for p in parts]
    except BadDelivery as error:
        found.append(error.failures[0].rule)
    return found


@pytest.mark.parametrize("name", FORMS)
def test_carriage_returns_end_lines_in_every_form(landed_file: Make, name: str) -> None:
    content = FORMS[name](STORY)
    content = content if isinstance(content, bytes) else content.encode()
    if not name.endswith(".docx"):
        content = content.replace(b"\r\n", b"\n").replace(b"\n", b"\r")
    [found] = _articles(landed_file(name, content))
    assert isinstance(found, Delivery)
    assert (found.title, found.body, found.warnings) == ("Tram leaves", "\n".join(STORY), ())


@pytest.mark.parametrize("name", FORMS)
def test_wrong_bodies_are_told_in_every_form(landed_file: Make, name: str) -> None:
    [sound] = _articles(landed_file(name, FORMS[name](STORY)))
    assert isinstance(sound, Delivery)
    assert (sound.title, sound.body) == ("Tram leaves", "\n".join(STORY))
    assert (check_body(sound), WARNINGS & {*sound.warnings}) == ((), set())
    for rule, lines in PAGES.items():
        [found] = _articles(landed_file(name, FORMS[name](lines)))
        # A page of HTML without an article is refused before its text is known.
        assert found == "no_article" if isinstance(found, str) else found.body_problem == rule
    [cut] = _articles(landed_file(name, FORMS[name]((STORY[0], f"{STORY[1][:60]}… [+2411 chars]"))))
    assert cut == "text_cut_off" or (isinstance(cut, Delivery) and cut.body_problem == "text_cut_off")
