"""Mail, feeds and PDF."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from types import ModuleType

import pypdf
import pytest

from ontherecord.flows.landing.forms import feed, mail, pdf
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import RawFile

Make = Callable[[str, str | bytes], RawFile]
TEXT = "The first tram to run in Marsalin since 1957 left the Old Port on Saturday."
MORE = "“It is here,” said Leila Sarrouf, the mayor."


def _read(form: ModuleType, raw: RawFile) -> list[RawArticle | BadArticle]:
    assert form.is_form(raw.content, raw.landed.source_path)
    return list(form.read(raw))


def _message(text: str, html: str | None = None, number: int = 1) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Press office <press@harbour.example>"
    message["To"] = "desk@post.example"
    message["Date"] = "Sun, 20 Dec 2015 01:00:00 +0100"
    message["Subject"] = "Tram leaves on time – at last"
    message["Message-ID"] = f"<{number}@harbour.example>"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def test_a_message_is_an_article_with_its_subject_as_headline(landed_file: Make) -> None:
    message = _message(f"{TEXT}\n\n{MORE}\n\n-- \nPress office, Tel. 17\n", f"<p>{TEXT}</p>")
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="tram.pdf")
    [article] = _read(mail, landed_file("a.eml", message.as_bytes()))
    assert isinstance(article, RawArticle)
    assert article.headers[:2] == (
        ("subject", "Tram leaves on time – at last"),
        ("date", "Sun, 20 Dec 2015 01:00:00 +0100"),
    )
    assert ("attachment", "tram.pdf") in article.headers
    assert (article.key, article.body) == ("1@harbour.example", f"{TEXT}\n{MORE}")


def test_a_message_in_html_alone_is_read(landed_file: Make) -> None:
    message = _message("x")
    message.set_content(f"<html><style>p {{}}</style><p>{TEXT}</p><p>{MORE}</p></html>", subtype="html")
    [article] = _read(mail, landed_file("a.eml", message.as_bytes()))
    assert isinstance(article, RawArticle)
    assert article.body == f"{TEXT}\n{MORE}"


def test_an_mbox_has_many_messages(landed_file: Make) -> None:
    messages = [_message(f"{TEXT}\n\nFrom here on.\n", number=n).as_bytes() for n in (1, 2, 3)]
    box = b"".join(
        b"From press@harbour Sun Dec 20 01:00:00 2015\n" + m.replace(b"\nFrom here", b"\n>From here") + b"\n"
        for m in messages
    )
    found = _read(mail, landed_file("a.mbox", box))
    assert [a.key for a in found] == ["1@harbour.example", "2@harbour.example", "3@harbour.example"]
    assert isinstance(found[0], RawArticle)
    assert found[0].body == f"{TEXT}\nFrom here on."


@pytest.mark.parametrize(
    ("head", "body", "wanted"),
    [
        ('Content-Type: text/plain; charset="iso-8859-1"', "Café so".encode("latin-1"), "Café so"),
        ('Content-Type: text/plain; charset="no-such"', "Café".encode(), "Café"),
        ('Content-Type: text/plain; charset="utf-8"', "Café so".encode("latin-1"), "Café so"),
        ("Content-Type: text/plain", "Café".encode(), "Café"),
        ("Content-Type: text/plain\nContent-Transfer-Encoding: base64", b"not base64 !!!", None),
        ("Content-Type: multipart/mixed; boundary=x", b"--x\n\n--y", None),
        ("Content-Type: message/rfc822", b"Content-Type: message/rfc822\n\n" * 200, None),
        ("Content-Type: ;;;=?=", b"Hello there", None),
    ],
)
def test_odd_messages_are_read_or_told(landed_file: Make, head: str, body: bytes, wanted: str | None) -> None:
    raw = landed_file(
        "a.eml", f"From: a@b.example\nTo: c@d.example\nSubject: Tram\n{head}\n\n".encode() + body
    )
    [article] = _read(mail, raw)
    if wanted is not None:
        assert isinstance(article, RawArticle)
        assert article.body == wanted


@pytest.mark.parametrize(
    ("text", "is_form"),
    [
        ("From: a@b.example\nTo: c@d.example\nSubject: x\n\ntext", True),
        ("Received: by x\nReturn-Path: <a@b>\nFrom: a@b.example\n\ntext", True),
        ("From a@b Sun Dec 20 01:00:00 2015\nSubject: x\n\ntext", True),
        ("Title: Tram\nDate: 2015-12-20\nFrom: Marsalin\n\ntext", False),
        ("From 2015 on\nthere were trams: many.\n", False),
        ("Subject: Tram\nDate: 2015-12-20\n\ntext", False),
    ],
)
def test_mail_is_told_by_its_headers(text: str, is_form: bool) -> None:
    assert mail.is_form(text.encode(), "a.txt") is is_form


RSS = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Marsalin Post</title><language>en-gb</language>
<item><title>Tram &amp;amp; bus</title><link>https://post.example/1</link><guid isPermaLink="false">p1</guid>
<dc:creator>Ada Novello</dc:creator><category>Local</category><category>Trams</category>
<pubDate>Sun, 20 Dec 2015 01:00:00 +0100</pubDate><description>The first tram…</description>
<content:encoded><![CDATA[<p>{TEXT}</p><p>{MORE}</p>]]></content:encoded></item>
<item><title>Teaser</title><link>https://post.example/2</link>
<description>{TEXT} Read more</description></item>
<item><title>Long</title><link>https://post.example/3</link>
<description>{(TEXT + " ") * 10}</description></item>
</channel></rss>"""


def test_items_of_a_feed_with_full_text_are_articles_and_teasers_are_told(landed_file: Make) -> None:
    full, teaser, long = _read(feed, landed_file("a.xml", RSS))
    assert isinstance(full, RawArticle)
    assert full.headers == (
        ("title", "Tram & bus"),
        ("pubDate", "Sun, 20 Dec 2015 01:00:00 +0100"),
        ("author", "Ada Novello"),
        ("source.title", "Marsalin Post"),
        ("link", "https://post.example/1"),
        ("category", "Local"),
        ("tag", "Trams"),
        ("language", "en-gb"),
        ("guid", "p1"),
    )
    assert (full.key, full.body) == ("p1", f"{TEXT}\n{MORE}")
    assert isinstance(teaser, BadArticle)
    assert (teaser.key, teaser.failure.rule) == ("https://post.example/2", "text_cut_off")
    assert isinstance(long, RawArticle)


def test_atom_is_read(landed_file: Make) -> None:
    atom = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Marsalin Post</title><entry>
    <title>Tram leaves on time</title><id>tag:post.example,2015:1</id><link href="https://post.example/1"/>
    <published>2015-12-20T01:00:00+01:00</published><author><name>Ada Novello</name></author>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{TEXT}</p><p>{MORE}</p></div></content></entry></feed>"""
    [article] = _read(feed, landed_file("a.xml", atom))
    assert isinstance(article, RawArticle)
    assert (article.key, article.body) == ("tag:post.example,2015:1", f"{TEXT}\n{MORE}")
    assert dict(article.headers)["pubDate"] == "2015-12-20T01:00:00+01:00"


def test_drafts_and_attachments_of_a_wordpress_export_are_told(landed_file: Make) -> None:
    items = "".join(
        f"<item><title>{status}</title><guid>{status}</guid><content:encoded><![CDATA[<p>{TEXT}</p>]]></content:encoded>"
        f"<wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type></item>"
        for status, kind in (("publish", "post"), ("draft", "post"), ("inherit", "attachment"))
    )
    rss = (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        f'xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>P</title>{items}</channel></rss>'
    )
    found = _read(feed, landed_file("a.xml", rss))
    assert [a.failure.rule if isinstance(a, BadArticle) else a.body for a in found] == [
        TEXT,
        "not_published",
        "not_published",
    ]


@pytest.mark.parametrize(
    ("xml", "rule"),
    [
        (
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://post.example/1</loc></url></urlset>',
            "no_article",
        ),
        ("<rss><channel><title>Empty</title></channel></rss>", "no_article"),
        ("<rss", "feed_unreadable"),
        (
            '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>',
            "feed_unreadable",
        ),
    ],
)
def test_a_feed_without_items_is_refused(landed_file: Make, xml: str, rule: str) -> None:
    with pytest.raises(BadDelivery) as caught:
        list(feed.read(landed_file("a.xml", xml)))
    assert caught.value.failures[0].rule == rule
    assert "root:" not in repr(caught.value.failures)


def test_entities_of_a_feed_do_not_unfold(landed_file: Make) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    xml = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{laughs}]>' + RSS.partition("?>")[2].replace(
        "Tram &amp;amp; bus", "&l9;"
    )
    try:
        found = list(feed.read(landed_file("a.xml", xml)))
    except BadDelivery:
        return
    assert len(repr(found)) < 20_000


def _pdf(*lines: tuple[int, str]) -> bytes:
    """Return a PDF of one page, from the size and text of each line."""
    text = "".join(f"/F1 {size} Tf ({line}) Tj 0 -{size + 4} Td " for size, line in lines)
    stream = f"BT 50 800 Td {text}ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 850] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    content, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(content)
    content += b"xref\n0 5\n0000000000 65535 f \n" + table
    return content + b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


def test_a_pdf_gives_headline_lines_about_it_and_paragraphs(landed_file: Make) -> None:
    content = _pdf(
        (20, "Tram leaves on time,"),
        (20, "to general surprise"),
        (9, "The Marsalin Post, 20 December 2015"),
        (9, "By Ada Novello"),
        (9, "The first tram to run in Marsalin since 1957 left the Old Port on Sat-"),
        (9, "urday."),
        (9, "It was the most punctual minute in the history of this city, and"),
        (9, "nobody had expected it."),
        (9, "1"),
    )
    [article] = _read(pdf, landed_file("a.pdf", content))
    assert isinstance(article, RawArticle)
    assert article.headers == (
        ("title", "Tram leaves on time, to general surprise"),
        ("date", "20 December 2015"),
        ("outlet", "The Marsalin Post"),
        ("byline", "By Ada Novello"),
    )
    assert (
        article.body
        == f"{TEXT}\nIt was the most punctual minute in the history of this city, and nobody had expected it."
    )


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (_pdf((9, "Short")), "no_article"),
        (b"%PDF-1.7 and no more", "pdf_unreadable"),
        (_pdf((9, "x" * 200))[:-300], None),
        (
            b"%PDF-1.4\n1 0 obj << /Pages 1 0 R /Kids [1 0 R] >> endobj trailer << /Root 1 0 R >>",
            None,
        ),
    ],
)
def test_a_pdf_that_cannot_be_read_is_refused(landed_file: Make, content: bytes, rule: str | None) -> None:
    if rule is None:  # pypdf may find what there is, or give up
        with suppress(BadDelivery):
            assert list(pdf.read(landed_file("a.pdf", content)))
        return
    with pytest.raises(BadDelivery) as caught:
        list(pdf.read(landed_file("a.pdf", content)))
    assert caught.value.failures[0].rule == rule


def _joined(*pages: bytes, **properties: str) -> bytes:
    writer = pypdf.PdfWriter()
    for page in pages:
        writer.append(io.BytesIO(page))
    writer.add_metadata({f"/{name}": value for name, value in properties.items()})
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def test_a_release_of_two_pages_is_read_without_its_margins(landed_file: Make) -> None:
    first = _pdf(
        (9, "Harbour of Marsalin, page 1 of 2"),
        (9, "PRESS RELEASE"),
        (9, "20 December 2015"),
        (20, "Tram leaves on time"),
        (9, "The first tram to run in Marsalin since 1957 left the Old Port on Saturday, and a"),
        (9, "crowd of some hundred people stood at the quay to see it off in the rain that had"),
        (9, "fallen since the"),
    )
    second = _pdf(
        (9, "Harbour of Marsalin, page 2 of 2"),
        (9, "early dawn."),
        (9, "It was the most punctual minute in the history of this city, and nobody had seen it."),
        (9, "ENDS"),
        (9, "Notes to editors"),
        (9, "The Harbour was founded in 1801."),
    )
    content = _joined(first, second, Author="(anonymous)", Title="untitled", CreationDate="D:20140102030405Z")
    [article] = _read(pdf, landed_file("a.pdf", content))
    assert isinstance(article, RawArticle)
    assert article.headers == (
        ("title", "Tram leaves on time"),
        ("date", "20 December 2015"),
        ("document created", "2014-01-02T03:04:05+00:00"),
    )
    assert article.body.endswith(
        "since the early dawn.\n"
        "It was the most punctual minute in the history of this city, and nobody had seen it."
    )
    assert article.repairs == ("furniture_removed",)
    assert "page" not in article.body
