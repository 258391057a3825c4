"""Web pages and web archives: articles of them, and pages that have none."""

from __future__ import annotations

import gzip
import quopri
from collections.abc import Callable

import pytest

from ontherecord.flows.landing.forms import html_page, warc
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import RawFile

Make = Callable[[str, str | bytes], RawFile]
PARAGRAPHS = (
    "The first tram to run in Marsalin since 1957 left the Old Port at two minutes past six on Saturday.",
    "“They told me it would never be built,” said Leila Sarrouf, the mayor, who rang the bell. “It is here.”",
    "The line has eleven stops and cost forty million crowns, twelve more than the council had allowed.",
    "About two hundred people had come to the terminus, some with flowers and one with a brass band.",
)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
DATA = """<script type="application/ld+json">{"@graph": [{"@type": "WebSite"},
{"@type": ["NewsArticle"], "headline": "Tram leaves on time", "datePublished": "2015-12-20T01:00:00+01:00",
"author": [{"@type": "Person", "name": "Ada Novello"}, {"name": "Luc Bakke"}], "articleSection": "Local",
"publisher": {"name": "Marsalin Post"}}]}</script>"""
PAGE = f"""<!doctype html><html lang="en-GB"><head><meta charset="utf-8">
<title>Tram leaves on time | Marsalin Post</title><link rel="canonical" href="https://post.example/tram">{DATA}</head><body>
<nav><a href="/">Home</a> <a href="/local">Local</a></nav><div class="cookie">We use cookies.</div>
<article><h1>Tram leaves on time</h1>{BODY}</article><footer>All rights reserved</footer></body></html>"""


def _one(raw: RawFile) -> RawArticle:
    assert html_page.is_form(raw.content, raw.landed.source_path)
    [article] = html_page.read(raw)
    assert isinstance(article, RawArticle)
    return article


def test_a_page_gives_its_text_and_what_its_metadata_say(landed_file: Make) -> None:
    article = _one(landed_file("a.html", PAGE))
    assert article.body.split("\n") == list(PARAGRAPHS)
    assert article.headers == (
        ("title", "Tram leaves on time"),
        ("date", "2015-12-20T01:00:00+01:00"),
        ("author", "Ada Novello"),
        ("author", "Luc Bakke"),
        ("outlet", "Marsalin Post"),
        ("url", "https://post.example/tram"),
        ("section", "Local"),
        ("language", "en-GB"),
    )
    assert article.key == "https://post.example/tram"


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2015-12-20T01:00:00+01:00">',
        '<meta name="pubdate" content="2015-12-20T01:00:00+01:00">',
        '<meta itemprop="datePublished" content="2015-12-20T01:00:00+01:00">',
        '</head><body><time datetime="2015-12-20T01:00:00+01:00">Sunday</time>',
    ],
)
def test_the_date_with_its_time_is_found_where_pages_have_it(landed_file: Make, head: str) -> None:
    page = PAGE.replace(DATA, head)
    assert dict(_one(landed_file("a.html", page)).headers)["date"] == "2015-12-20T01:00:00+01:00"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_page_is_read_in_its_encoding(landed_file: Make, encoding: str) -> None:
    page = PAGE.replace('charset="utf-8"', f'charset="{encoding}"').encode(encoding)
    [article] = html_page.read(landed_file("a.html", page))
    assert PARAGRAPHS[1] in article.body if isinstance(article, RawArticle) else False


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("<html><title>404 Not Found</title><p>The page is not here.</p></html>", "cannot be read"),
        (
            "<html><title>Log in – Marsalin Post</title><p>Give your name and password.</p></html>",
            "cannot be read",
        ),
        ("<html><title>Just a moment...</title><p>Checking your browser.</p></html>", "cannot be read"),
        ("<html><title>Example</title><p>This is for examples only.</p></html>", "words of text"),
        (f"<html><head>{DATA}</head><body>Watch the video.</body></html>", "words of text"),
        ("<html></html>", "0 words"),
        (PAGE.replace(BODY, BODY + "<p>Subscribe to continue reading this story.</p>"), "do not subscribe"),
        (
            "<html><title>Local news</title>"
            + "".join(
                f'<div><a href="/{n}"><h2>Headline {n}</h2></a><p>{PARAGRAPHS[n % 4][:80]}…</p></div>'
                for n in range(8)
            )
            + "</html>",
            "list of articles",
        ),
    ],
    ids=["error", "login", "consent", "few words", "video", "nothing", "paywall", "front"],
)
def test_a_page_without_an_article_is_refused(landed_file: Make, page: str, says: str) -> None:
    with pytest.raises(BadDelivery) as caught:
        list(html_page.read(landed_file("a.html", page)))
    [failure] = caught.value.failures
    assert failure.rule == "no_article"
    assert says in failure.message


def test_an_article_may_be_called_not_found(landed_file: Make) -> None:
    page = PAGE.replace("Tram leaves on time", "Missing tram not found after search")
    long = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS * 4)
    assert _one(landed_file("a.html", page.replace(BODY, long))).body


def test_a_page_saved_as_one_file_is_read(landed_file: Make) -> None:
    part = quopri.encodestring(PAGE.encode()).replace(b"\n", b"\r\n")
    mhtml = (
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://post.example/saved\r\n"
        b"Subject: Tram\r\n"
        b"Date: Sun, 20 Dec 2015 01:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="x"\r\n\r\n--x\r\n'
        b"Content-Type: text/html\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        + part
        + b"\r\n--x\r\nContent-Type: image/png\r\n\r\n"
        b"png\r\n--x--\r\n"
    )
    article = _one(landed_file("a.mhtml", mhtml))
    assert article.key == "https://post.example/saved"
    assert article.body.split("\n") == list(PARAGRAPHS)


@pytest.mark.parametrize(
    ("start", "is_form"),
    [
        (b"<!DOCTYPE html>", True),
        (b"\xef\xbb\xbf\r\n<!-- saved --><html>", True),
        (b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">', True),
        (b"<rss>", False),
        (b"Text about <html>", False),
        (b'<?xml version="1.0"?><nitf>', False),
    ],
)
def test_a_page_is_told_by_its_first_tag(start: bytes, is_form: bool) -> None:
    assert html_page.is_form(start, "a.txt") is is_form


def test_a_missing_package_is_named_with_what_to_install(
    landed_file: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "trafilatura", None)
    with pytest.raises(BadDelivery) as caught:
        list(html_page.read(landed_file("a.html", PAGE)))
    [failure] = caught.value.failures
    assert failure.rule == "extra_missing"
    assert "pip install 'ontherecord[html]'" in failure.message


def _archive(*answers: tuple[str, str, str, str], packed: bool = True) -> bytes:
    """Return a web archive of address, status, type and body of each answer."""
    content = b""
    for url, status, kind, body in answers:
        answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n{body}".encode()
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
            "WARC-Date: 2019-05-01T12:00:00Z\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
        )
        record = head.encode() + answer + b"\r\n\r\n"
        content += gzip.compress(record) if packed else record
    return content


@pytest.mark.parametrize("packed", [True, False])
def test_each_page_of_a_web_archive_is_an_article(landed_file: Make, packed: bool) -> None:
    content = _archive(
        ("https://post.example/x.png", "200 OK", "image/png", "png"),
        ("https://post.example/1", "200 OK", "text/html; charset=utf-8", PAGE),
        ("https://post.example/2", "404 Not Found", "text/html", "<html>No</html>"),
        ("https://post.example/3", "200 OK", "text/html", "<html><title>Empty</title></html>"),
        packed=packed,
    )
    name = "a.warc.gz" if packed else "a.warc"
    assert warc.is_form(content, name)
    page, empty = warc.read(landed_file(name, content))
    assert isinstance(page, RawArticle)
    assert (page.number, page.key, page.body.split("\n")[0]) == (1, "https://post.example/1", PARAGRAPHS[0])
    assert dict(page.headers)["url"] == "https://post.example/1"
    assert isinstance(empty, BadArticle)
    assert (empty.number, empty.key, empty.failure.rule) == (2, "https://post.example/3", "no_article")


def test_a_web_archive_that_is_cut_off_gives_what_it_has(landed_file: Make) -> None:
    content = _archive(
        ("https://post.example/1", "200 OK", "text/html", PAGE),
        ("https://post.example/2", "200 OK", "text/html", PAGE),
    )
    found = list(warc.read(landed_file("a.warc.gz", content[: len(content) * 3 // 4])))
    assert isinstance(found[0], RawArticle)


@pytest.mark.parametrize("content", [b"WARC/1.0\r\n\r\n", b"\x1f\x8b garbage", _archive()])
def test_a_web_archive_without_a_page_is_refused(landed_file: Make, content: bytes) -> None:
    with pytest.raises(BadDelivery):
        list(warc.read(landed_file("a.warc.gz", content)))


LONG = "".join(
    f"<p>{line}</p>"
    for line in (
        "The first tram to run in Marsalin since 1957 left the Old Port on Saturday, and some hundred people "
        "stood at the quay to see it off in the rain.",
        '"It left on time," said Ada Novello, who drove it. "It will again."',
        "The line has 14 stops and cost 61 million crowns, which the city borrowed in 2011 from a bank that "
        "has since been wound up by its owners.",
    )
)


def _headers_of(make: Callable[[str, str | bytes], RawFile], head: str, body: str) -> dict[str, str]:
    page = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"
    [article] = html_page.read(make("a.html", page))
    assert isinstance(article, RawArticle)
    return dict(article.headers)


@pytest.mark.parametrize(
    "publisher",
    [
        '<div itemprop="publisher" itemscope><meta itemprop="name" content="Marsalin Post"></div>',
        '<div itemprop="publisher" itemscope><div itemprop="logo" itemscope>'
        '<meta itemprop="name" content="Logo"></div><div>'
        '<span itemprop="name">Marsalin Post</span></div></div>',
        '<span itemprop="publisher">Marsalin Post</span>',
    ],
)
def test_the_paper_and_the_author_in_microdata_are_read(
    landed_file: Callable[[str, str | bytes], RawFile], publisher: str
) -> None:
    author = '<div itemprop="author" itemscope><meta itemprop="name" content="Ada Novello"></div>'
    body = f'<article itemscope><h1 itemprop="headline">Tram leaves</h1>{author}{publisher}{LONG}</article>'
    headers = _headers_of(landed_file, "<title>Tram leaves</title>", body)
    assert (headers["title"], headers["outlet"], headers["author"]) == (
        "Tram leaves", "Marsalin Post", "Ada Novello",
    )  # fmt: skip


SITE = '<meta property="og:site_name" content="Marsalin Post">'


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        ("<title>Tram leaves - and returns - Marsalin Post</title>", "Tram leaves - and returns",
         "Tram leaves - and returns"),
        ('<meta property="og:title" content="Tram leaves | and returns">', "", "Tram leaves | and returns"),
        ('<meta property="og:title" content="Tram leaves - Marsalin Post">', "Tram leaves", "Tram leaves"),
        (f'<meta property="og:title" content="Tram leaves | Marsalin Post">{SITE}', "", "Tram leaves"),
        (f"<title>Tram leaves - and returns</title>{SITE}", "", "Tram leaves - and returns"),
        ("<title>Tram leaves - and returns</title>", "", "Tram leaves - and returns"),
        (f"<title>Tram leaves - and returns - The Marsalin Post</title>{SITE}", "",
         "Tram leaves - and returns"),
        ("<title>Tram leaves - Marsalin Evening Post and Gazette</title>", "", "Tram leaves"),
        ("<title>Marsalin Post - Tram leaves on time</title>", "", "Tram leaves on time"),
        ("<title>Tram leaves on time - Quayside</title>", "", "Tram leaves on time"),
    ],
)  # fmt: skip
def test_only_the_name_of_the_site_leaves_a_headline(
    landed_file: Callable[[str, str | bytes], RawFile], head: str, heading: str, title: str
) -> None:
    body = f"<article>{f'<h1>{heading}</h1>' if heading else ''}{LONG}</article>"
    assert _headers_of(landed_file, head, body)["title"] == title


def test_a_year_in_the_text_is_not_the_date(landed_file: Callable[[str, str | bytes], RawFile]) -> None:
    assert "date" not in _headers_of(landed_file, "<title>Tram leaves</title>", f"<article>{LONG}</article>")


def test_the_date_of_the_page_in_a_graph_counts_with_its_time(
    landed_file: Callable[[str, str | bytes], RawFile],
) -> None:
    graph = '{"@graph": [{"@type": "WebPage", "datePublished": "2015-12-20T01:00:00Z"}]}'
    head = f'<title>Tram leaves</title><script type="application/ld+json">{graph}</script>'
    assert _headers_of(landed_file, head, f"<article>{LONG}</article>")["date"] == "2015-12-20T01:00:00Z"
