"""What further producers of each form write, and what must be found in it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from html import escape
from typing import Any

import docx
import pytest

from ontherecord.flows.landing.header_names import split_authors
from ontherecord.flows.landing.parse import holds_many, parse, split
from ontherecord.flows.landing.reading import BY_CONTENT
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Delivery, RawFile, Rejected

Make = Callable[[str, str | bytes], RawFile]
TEXT = (
    "The first tram to run in Marsalin since 1957 left the Old Port on Saturday.",
    '"It left on time," said Ada Novello, who drove it. "It will again."',
    "The line has 14 stops and cost 61 million crowns.",
)
HTML = "".join(f"<p>{line}</p>" for line in TEXT)
BODY = "\n".join(TEXT)


def _articles(raw: RawFile) -> list[Delivery | str]:
    """Return the articles of a file as they are loaded; of one that is not, the rule that it breaks."""
    found: list[Delivery | str] = []
    try:
        for part in split(raw, BY_CONTENT) if holds_many(raw, BY_CONTENT) else (raw,):
            if isinstance(part, Rejected):
                found.append(part.failures[0].rule)
                continue
            found.append(parse(part, BY_CONTENT))
    except BadDelivery as error:
        found.append(error.failures[0].rule)
    return found


def _only(raw: RawFile) -> Delivery:
    [article] = _articles(raw)
    assert isinstance(article, Delivery), article
    return article


# Tables


def test_a_record_of_elasticsearch_keeps_its_title_and_its_paper(landed_file: Make) -> None:
    source = {"title": "Tram leaves", "content": BODY, "source": "Marsalin Post"}
    article = _only(landed_file("a.json", json.dumps({"hits": {"hits": [{"_id": "1", "_source": source}]}})))
    assert (article.title, article.outlet, article.body) == ("Tram leaves", "Marsalin Post", BODY)


def test_an_answer_with_one_article_is_that_article_not_its_tags(landed_file: Make) -> None:
    content = {
        "id": "local/tram",
        "webTitle": "Tram leaves",
        "webPublicationDate": "2015-12-20T01:00:00Z",
        "fields": {"headline": "Tram leaves on time", "bodyText": BODY},
        "tags": [
            {"id": "profile/ada", "type": "contributor", "webTitle": "Ada Novello", "webUrl": "https://x"}
        ],
    }
    article = _only(landed_file("a.json", json.dumps({"response": {"status": "ok", "content": content}})))
    assert (article.title, article.body) == ("Tram leaves on time", BODY)


@pytest.mark.parametrize("above", [lambda sites: sites, lambda sites: {"newspapers": sites}])
def test_the_articles_of_all_sites_in_an_object_are_read(
    landed_file: Make, above: Callable[[Any], Any]
) -> None:
    sites = {
        name: {"link": f"https://{name}.example", "articles": [{"title": f"Tram of {name}", "text": BODY}]}
        for name in ("post", "echo")
    }
    titles = [
        a.title for a in _articles(landed_file("a.json", json.dumps(above(sites)))) if isinstance(a, Delivery)
    ]
    assert titles == ["Tram of post", "Tram of echo"]


def test_the_name_of_a_list_of_articles_is_no_paper(landed_file: Make) -> None:
    records = [{"title": "Tram leaves", "text": BODY}]
    assert _only(landed_file("a.json", json.dumps({"articles": records}))).outlet is None
    assert _only(landed_file("a.json", json.dumps({"Marsalin Post": records}))).outlet == "Marsalin Post"


def test_the_blocks_of_arc_xp_are_one_article(landed_file: Make) -> None:
    blocks = [
        {"type": "text", "_id": "1", "content": TEXT[0]},
        {"type": "image", "url": "https://x", "caption": "The tram"},
        {"type": "text", "content": TEXT[1]},
        {"type": "list", "items": [{"type": "text", "content": TEXT[2]}]},
    ]
    story = {"_id": "A1", "type": "story", "headlines": {"basic": "Tram leaves"}, "content_elements": blocks}
    article = _only(landed_file("a.json", json.dumps(story)))
    assert (article.title, article.body) == ("Tram leaves", BODY)


def test_a_json_feed_says_paper_and_language_once_for_all_items(landed_file: Make) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Marsalin Post",
        "language": "en-GB",
        "items": [{"id": "1", "title": "Tram leaves", "content_html": HTML}],
    }
    article = _only(landed_file("a.json", json.dumps(feed)))
    assert (article.title, article.outlet, article.language) == ("Tram leaves", "Marsalin Post", "en")


def _csv(*rows: tuple[str, ...]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()


def test_the_agency_among_the_authors_of_event_registry_is_no_person(landed_file: Make) -> None:
    people = [{"name": "Ada Novello", "isAgency": False}, {"name": "Reuters", "isAgency": True}]
    for authors, names in ((people, ("Ada Novello",)), (people[1:], ())):
        record = {"uri": "7", "title": "Tram leaves", "body": BODY, "authors": authors}
        answer = {"articles": {"results": [record], "totalResults": 1}}
        article = _only(landed_file("a.json", json.dumps(answer)))
        assert (article.authors, article.agency) == (names, "Reuters")


def test_the_summary_beside_an_excerpt_is_newscatchers_text(landed_file: Make) -> None:
    record = {
        "title": "Tram leaves",
        "link": "https://post.example/1",
        "summary": BODY,
        "clean_url": "post.example",
    }
    article = _only(landed_file("a.json", json.dumps({"articles": [{**record, "excerpt": "A tram left."}]})))
    assert (article.body, article.outlet) == (BODY, "post.example")
    assert _articles(landed_file("b.json", json.dumps({"articles": [record]}))) == ["text_missing"]


def test_a_notice_in_the_place_of_a_text_is_no_article(landed_file: Make) -> None:
    record = {"article_id": "1", "title": "Tram leaves", "content": "ONLY AVAILABLE IN PAID PLANS"}
    assert _articles(landed_file("a.json", json.dumps({"results": [record]}))) == ["text_cut_off"]


def test_a_table_whose_first_row_is_an_article_says_that_it_has_no_names(landed_file: Make) -> None:
    row = "N1\tnews\tnewsus\tTram leaves\tA tram left the port.\thttps://post.example/1\t[]\t[]\n"
    assert _articles(landed_file("news.tsv", row * 2)) == ["names_missing"]


# Names of columns in published sets, with what a row of them gives: title, date, outlet and authors.
SETS = {
    "All the News 1": (
        ("", "id", "title", "publication", "author", "date", "year", "month", "url", "content"),
        ("0", "17", "Tram leaves", "Marsalin Post", "Ada Novello", "2016-12-31", "2016.0", "12.0", "", BODY),
        ("Tram leaves", "2016-12-31", "Marsalin Post", ("Ada Novello",)),
    ),
    "All the News 2": (
        ("date", "year", "month", "day", "author", "title", "article", "url", "section", "publication"),
        ("2016-12-09 18:31:00", "2016", "12.0", "9", "Ada Novello", "Tram leaves", BODY, "https://post.example/1",
         "Local", "Marsalin Post"),
        ("Tram leaves", "2016-12-09", "Marsalin Post", ("Ada Novello",)),
    ),
    "CNBC, Guardian and Reuters headlines": (
        ("Headlines", "Time", "Description"),
        ("Tram leaves", " 7:51  PM ET Fri, 17 July 2020", BODY),
        ("Tram leaves", "2020-07-17", None, ()),
    ),
    "News Summary": (
        ("author", "date", "headlines", "read_more", "text", "ctext"),
        ("Ada Novello", "03 Aug 2017,Thursday", "Tram leaves", "https://x.example", "A tram left.", BODY),
        ("Tram leaves", "2017-08-03", None, ("Ada Novello",)),
    ),
    "Getting Real about Fake News": (
        ("author", "published", "title", "text", "language", "site_url", "type", "label"),
        ("Ada Novello", "2016-10-26T21:41:00.000+03:00", "Tram leaves", BODY, "english", "post.example",
         "bias", "Real"),
        ("Tram leaves", "2016-10-26", "post.example", ("Ada Novello",)),
    ),
    "Fake and Real News": (
        ("title", "text", "subject", "date"),
        ("Tram leaves", BODY, "politicsNews", "December 31, 2017 "),
        ("Tram leaves", "2017-12-31", None, ()),
    ),
    "AG News": (
        ("Class Index", "Title", "Description"), ("3", "Tram leaves", BODY), ("Tram leaves", None, None, ()),
    ),
    "Signal 1M": (
        ("id", "content", "title", "media-type", "source", "published"),
        ("f7", BODY, "Tram leaves ", "News", "Marsalin Post", "2015-09-07T10:16:14Z"),
        ("Tram leaves", "2015-09-07", "Marsalin Post", ()),
    ),
    "20 Minuten": (
        ("title", "lead", "article", "summary", "category", "date"),
        ("Tram leaves", "A tram left.", BODY, "A tram.", "local", "2015-12-20"),
        ("Tram leaves", "2015-12-20", None, ()),
    ),
    "RealNews": (
        ("url", "title", "text", "summary", "authors", "publish_date", "domain"),
        ("https://post.example/1", "Tram leaves", BODY, "", "['Ada Novello']", "12-20-2015", "post.example"),
        ("Tram leaves", "2015-12-20", "post.example", ("Ada Novello",)),
    ),
    "Perigon": (
        ("url", "authorsByline", "source.domain", "pubDate", "title", "description", "content", "medium"),
        ("https://post.example/1", "Ada Novello", "post.example", "2015-12-20T01:00:00+00:00", "Tram leaves",
         "A tram left.", BODY, "Article"),
        ("Tram leaves", "2015-12-20", "post.example", ("Ada Novello",)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SETS)
def test_the_columns_of_published_sets_are_known(landed_file: Make, name: str) -> None:
    columns, row, (title, day, outlet, authors) = SETS[name]
    article = _only(landed_file("a.csv", _csv(columns, row)))
    assert (article.title, article.outlet, article.authors) == (title, outlet, authors)
    assert (f"{article.published_at:%Y-%m-%d}" if article.published_at else None, article.body) == (day, BODY)


@pytest.mark.parametrize(
    "columns",
    [
        ("link", "headline", "category", "short_description", "authors", "date"),  # HuffPost
        ("title", "pubDate", "guid", "link", "description"),  # BBC News by RSS
        ("author", "title", "description", "url", "source", "category", "published_at"),  # mediastack
        ("url", "title", "seendate", "domain", "language"),  # GDELT
        ("publish_date", "headline_category", "headline_text"),  # Times of India headlines
        ("web_url", "headline.main", "abstract", "lead_paragraph", "pub_date"),  # New York Times archive
    ],
)
def test_a_set_of_links_or_teasers_has_no_articles(landed_file: Make, columns: tuple[str, ...]) -> None:
    row = tuple("https://post.example/1" if "l" in name[:4] else "Tram" for name in columns)
    assert _articles(landed_file("a.csv", _csv(columns, row))) == ["text_missing"]


@pytest.mark.parametrize(
    ("more", "column", "value"),
    [
        (
            {"link": "https://post.example/1", "source_url": "https://post.example"},
            "url",
            "https://post.example/1",
        ),
        (
            {"mainEntityOfPage": {"@type": "WebPage", "@id": "https://post.example/1"}},
            "url",
            "https://post.example/1",
        ),
        ({"date": "2015-12-20", "dateTimePub": "2015-12-20T01:00:00Z"}, "date_text", "2015-12-20T01:00:00Z"),
        ({"categories": [5, 7]}, "section", None),
        (
            {"author": 3, "_embedded": {"author": [{"id": 3, "name": "Ada Novello"}]}},
            "authors",
            ("Ada Novello",),
        ),
        ({"byline": "an/cb"}, "authors", ()),
    ],
)
def test_what_apis_write_means_our_columns(
    landed_file: Make, more: dict[str, Any], column: str, value: object
) -> None:
    record = {"title": "Tram leaves", "content": BODY, **more}
    assert getattr(_only(landed_file("a.json", json.dumps([record]))), column) == value


def test_a_text_that_gnews_cut_off_is_quarantined(landed_file: Make) -> None:
    raw = landed_file(
        "a.json", json.dumps([{"title": "Tram", "content": f"{TEXT[0]} It le... [1250 chars]"}])
    )
    assert _articles(raw) == ["text_cut_off"]


def test_a_table_without_names_says_so(landed_file: Make) -> None:
    raw = landed_file("a.tsv", f"https://post.example/1\tnull\tTram leaves\t2015-12-20\t{TEXT[0]}\n")
    assert _articles(raw) == ["names_missing"]


# Web pages


def _page(head: str, body: str = f"<article><h1>Tram leaves on time</h1>{HTML}</article>") -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    )


def _data(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_people_and_papers_may_stand_elsewhere_in_json_ld(landed_file: Make) -> None:
    article = {
        "@type": "NewsArticle",
        "headline": "Tram",
        "author": {"@id": "#a"},
        "publisher": {"@id": "#p"},
    }
    person = {"@type": "Person", "@id": "#a", "name": "Ada Novello"}
    paper = {"@type": "Organization", "@id": "#p", "name": "Marsalin Post"}
    found = _only(landed_file("a.html", _page(_data({"@graph": [article, person, paper]}))))
    assert (found.authors, found.outlet) == (("Ada Novello",), "Marsalin Post")
    site = '<meta property="og:site_name" content="Post">'
    unexplained = _only(landed_file("a.html", _page(_data(article) + site)))
    assert (unexplained.authors, unexplained.outlet) == ((), "Post")


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Tram leaves on time - Marsalin Post", "Tram leaves on time"),
        ("MARSALIN POST - Tram leaves on time", "Tram leaves on time"),
        ("Tram leaves - on time | Marsalin Post", "Tram leaves - on time"),
        ("Tram leaves on time", "Tram leaves on time"),
    ],
)
def test_the_headline_in_a_title_is_not_the_papers_name(landed_file: Make, title: str, headline: str) -> None:
    text = HTML + HTML.replace("Marsalin", "Dunmore") + HTML.replace("Marsalin", "Sarn")
    page = f"<html><head><title>{title}</title></head><body><table><td>{text}</td></table></body></html>"
    assert _only(landed_file("a.htm", page)).title == headline


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- saved from url=(0024)https://post.example/tram -->",
        "<!--\n Page saved with SingleFile \n url: https://post.example/tram \n saved date: Sat\n-->",
    ],
)
def test_a_saved_page_says_where_it_is_from(landed_file: Make, comment: str) -> None:
    page = _page('<meta property="og:type" content="article">').replace("<html", f"{comment}\n<html")
    assert _only(landed_file("a.html", page)).url == "https://post.example/tram"


def test_a_page_saved_by_internet_explorer_is_a_page_not_a_mail(landed_file: Make) -> None:
    page = _page('<meta property="og:type" content="article">').replace("=", "=3D")
    content = (
        'From: "Saved by Windows Internet Explorer 11"\r\nSubject: Tram\r\n'
        "Date: Sat, 6 Mar 2021 10:00:00 +0100\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\n'
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        f"Content-Location: https://post.example/tram\r\n\r\n{page}\r\n--b--\r\n"
    )
    article = _only(landed_file("a.mht", content))
    assert (article.form, article.url, article.body) == ("html", "https://post.example/tram", BODY)


def test_byline_and_date_on_lines_of_their_own_are_not_of_the_text(landed_file: Make) -> None:
    text = HTML + HTML.replace("Marsalin", "Dunmore") + HTML.replace("Marsalin", "Sarn")
    body = f"<h1>Tram leaves on time</h1><p>By Ada Novello</p><p>20 December 2015</p>{text}"
    article = _only(landed_file("a.html", f"<html><head></head><body>{body}</body></html>"))
    assert article.authors == ("Ada Novello",)
    assert article.body.startswith(TEXT[0])


# Feeds


def _feed(item: str, above: str = "") -> str:
    spaces = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:wp="http://wordpress.org/export/1.2/"'
    )
    return (
        f'<rss version="2.0" {spaces}><channel><title>Post</title>{above}<item>{item}</item></channel></rss>'
    )


@pytest.mark.parametrize(
    "below",
    [
        '<div class="subscription-widget-wrap"><div class="subscription-widget"><p>Thanks!</p></div></div>',
        '<p class="button-wrapper"><a href="x"><span>Share</span></a></p>',
        '<div class="kg-card kg-button-card"><a href="x">Subscribe now</a></div>',
        '<p>The post <a href="x">Tram leaves</a> appeared first on <a href="x">Post</a>.</p>',
    ],
)
def test_what_blogs_sell_below_a_text_is_not_of_it(landed_file: Make, below: str) -> None:
    item = f"<title>Tram leaves</title><content:encoded><![CDATA[{HTML}{below}]]></content:encoded>"
    assert _only(landed_file("a.rss", _feed(item))).body == BODY


def test_a_wordpress_export_has_posts_as_they_were_written(landed_file: Make) -> None:
    caption = '[caption id="1"]<img src="x"/> The tram[/caption]'
    text = f'<p>{TEXT[0]}</p>\n{caption}\n\n{TEXT[1]}\n\n[gallery ids="1"]\n\n{TEXT[2]}'
    item = (
        f"<title>Tram leaves</title><dc:creator>ada</dc:creator><content:encoded><![CDATA[{text}]]>"
        '</content:encoded><category domain="post_tag">tram</category>'
        '<category domain="category">Local</category>'
        "<wp:status>publish</wp:status><wp:post_type>KIND</wp:post_type>"
    )
    above = (
        "<wp:author><wp:author_login><![CDATA[ada]]></wp:author_login>"
        "<wp:author_display_name><![CDATA[Ada Novello]]></wp:author_display_name></wp:author>"
    )
    article = _only(landed_file("a.xml", _feed(item.replace("KIND", "post"), above)))
    assert (article.authors, article.section, article.body) == (("Ada Novello",), "Local", BODY)
    assert _articles(landed_file("a.xml", _feed(item.replace("KIND", "page"), above))) == ["not_published"]


@pytest.mark.parametrize("name", ["yandex:full-text", "turbo:content", "fulltext", "full-text"])
def test_the_whole_text_in_an_extension_of_rss_is_the_text(landed_file: Make, name: str) -> None:
    spaces = 'xmlns:yandex="http://news.yandex.ru" xmlns:turbo="http://turbo.yandex.ru"'
    item = "<title>Tram leaves</title><description>A tram left.</description>"
    content = (
        f'<rss version="2.0" {spaces}><channel><title>Post</title><item>{item}<{name}>{escape(HTML)}</{name}>'
        "</item></channel></rss>"
    )
    assert _only(landed_file("a.rss", content)).body == BODY


# Mail


def _mail(body: str, subject: str = "Tram leaves", kind: str = "text/plain") -> str:
    return (
        f"From: Ada <a@x.example>\nTo: b@x.example\nSubject: {subject}\n"
        "Date: Mon, 21 Dec 2015 09:00:00 +0000\n"
        f"MIME-Version: 1.0\nContent-Type: {kind}; charset=utf-8\n\n{body}\n"
    )


@pytest.mark.parametrize(
    "above",
    [
        "FYI\n\n---------- Forwarded message ---------\nFrom: Press <p@x.example>\n"
        "Date: Sun, 20 Dec 2015 at 01:00\nSubject: Tram leaves on time\nTo: <a@x.example>\n\n\n",
        "-----Original Message-----\nFrom: Press [mailto:p@x.example]\n"
        "Sent: Sunday, December 20, 2015 1:00 AM\nTo: Ada\nSubject: Tram leaves on time\n\n"
        "FOR IMMEDIATE RELEASE\n\n",
        "Begin forwarded message:\n\nFrom: Press <p@x.example>\nSubject: Tram leaves on time\n"
        "Date: 20 December 2015 at 01:00:00 GMT\nTo: Ada\n\n",
    ],
)
def test_a_forwarded_mail_is_the_one_that_was_forwarded(landed_file: Make, above: str) -> None:
    article = _only(landed_file("a.eml", _mail(above + "\n\n".join(TEXT), "Fwd: Tram leaves on time")))
    assert (article.title, article.body) == ("Tram leaves on time", BODY)
    assert str(article.published_at) == "2015-12-20 01:00:00"
    assert dict(article.headers)["forwarded-date"] == "Mon, 21 Dec 2015 09:00:00 +0000"


def test_a_mail_attached_to_a_note_is_the_article(landed_file: Make) -> None:
    content = (
        "From: a@x\nTo: b@x\nSubject: Fwd\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
        f"see attached\n--b\nContent-Type: message/rfc822\n\n{_mail(chr(10).join(TEXT))}\n--b--\n"
    )
    article = _only(landed_file("a.eml", content))
    assert (article.title, article.body) == ("Tram leaves", BODY)


def test_what_stands_around_a_newsletter_is_not_of_its_text(landed_file: Make) -> None:
    page = (
        f'<div style="display:none">A preview &zwnj;&nbsp;</div><p><a href="x">View in browser</a></p>{HTML}'
        "<p>You are receiving this email because you signed up. "
        '<a href="x">Unsubscribe</a></p><p>1 Quay St</p>'
    )
    assert _only(landed_file("a.eml", _mail(page, kind="text/html"))).body == BODY
    footer = f"{'_' * 47}\nPress mailing list\nPress@lists.example\n"
    assert _only(landed_file("a.eml", _mail("\n\n".join((*TEXT, footer))))).body == BODY


# Wires


def _newsml(content: str, meta: str = "") -> str:
    return (
        '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet><newsItem guid="urn:1" '
        'xml:lang="en">'
        '<itemMeta><itemClass qcode="ninat:text"/><provider literal="reuters.com"/>'
        "<versionCreated>2015-12-20T01:00:00Z</versionCreated></itemMeta>"
        f"<contentMeta>{meta}<headline>Tram leaves on time</headline></contentMeta>"
        f'<contentSet><inlineXML><html xmlns="http://www.w3.org/1999/xhtml">{content}</html></inlineXML>'
        "</contentSet></newsItem></itemSet></newsMessage>"
    )


def test_reuters_indents_the_paragraphs_of_one_element(landed_file: Make) -> None:
    lines = f"    {TEXT[0].replace(' since', f'{chr(10)}since')}\n    {TEXT[1]}\n\n {TEXT[2]}"
    meta = '<infoSource literal="Reuters"/><creator literal="Reuters"/>'
    article = _only(landed_file("a.xml", _newsml(f"<body><p>{lines}</p></body>", meta)))
    assert (article.body, article.authors, article.agency) == (BODY, (), "Reuters")


def test_indented_xml_is_no_indented_text(landed_file: Make) -> None:
    wrapped = (line.replace(" to ", " to\n        ") for line in (TEXT[0], TEXT[2]))
    lines = "".join(f"<p>\n        {line}\n      </p>" for line in wrapped)
    assert _only(landed_file("a.xml", _newsml(f"<body>{lines}</body>"))).body == f"{TEXT[0]}\n{TEXT[2]}"


def test_header_and_boxes_of_dpa_are_not_of_the_text(landed_file: Make) -> None:
    content = (
        "<body><header><time>20.12.2015 01:00</time><ul><li>Trams</li></ul><h1>Tram leaves on "
        "time</h1></header>"
        f'<section><p class="teaser">It left.</p>{HTML}<aside><h3>Info</h3><p>14 stops.</p></aside>'
        f"</section></body>"
    )
    meta = '<by>By Luc Bakke, dpa</by><description role="drol:teaser">It left.</description>'
    article = _only(landed_file("a.xml", _newsml(content, meta)))
    assert (article.body, article.authors) == (BODY, ("Luc Bakke",))


def _newsml_1(status: str = "Usable", content: str = HTML, media: str = "Text") -> str:
    return (
        '<?xml version="1.0" encoding="iso-8859-1"?>\n<NewsML><NewsItem><Identification><NewsIdentifier>'
        "<PublicIdentifier>urn:newsml:post.example:1</PublicIdentifier></NewsIdentifier></Identification>"
        f'<NewsManagement><FirstCreated>20151220T010000Z</FirstCreated><Status FormalName="{status}"/>'
        "</NewsManagement><NewsComponent><NewsLines><HeadLine>Tram leaves on time</HeadLine>"
        "<ByLine>By Luc Bakke</ByLine><DateLine>Marsalin, Dec 20, 2015 (AFP)</DateLine></NewsLines>"
        '<AdministrativeMetadata><Provider><Party FormalName="AFP"/></Provider></AdministrativeMetadata>'
        '<DescriptiveMetadata><Language FormalName="en"/></DescriptiveMetadata><NewsComponent>'
        '<Role FormalName="Caption"/><ContentItem><DataContent><p>The tram.</p></DataContent></ContentItem>'
        f'</NewsComponent><NewsComponent><ContentItem><MediaType FormalName="{media}"/>'
        f"<DataContent>{content}</DataContent></ContentItem></NewsComponent></NewsComponent>"
        f"</NewsItem></NewsML>"
    )


@pytest.mark.parametrize(
    "content",
    [HTML, f"<html><head><title>x</title></head><body>{HTML}</body></html>", "\n\n".join(TEXT)],
)
def test_newsml_1_is_read_whatever_its_content_is(landed_file: Make, content: str) -> None:
    article = _only(landed_file("a.xml", _newsml_1(content=content)))
    assert (article.form, article.title, article.body) == ("newsml-1", "Tram leaves on time", BODY)
    assert (article.authors, article.agency, article.language) == (("Luc Bakke",), "AFP", "en")
    assert (article.dateline, str(article.published_at)) == ("Marsalin", "2015-12-20 01:00:00")


def test_newsml_1_without_a_text_or_withheld_is_no_article(landed_file: Make) -> None:
    assert _articles(landed_file("a.xml", _newsml_1(media="Photo"))) == ["no_article"]
    assert _articles(landed_file("a.xml", _newsml_1("Withheld"))) == ["withdrawn"]
    assert _articles(landed_file("a.xml", "<NewsML></NewsML>")) == ["no_article"]


def test_the_corpus_of_the_new_york_times_has_text_and_byline_once(landed_file: Make) -> None:
    blocks = (("lead_paragraph", "<p>A.</p>"), ("full_text", HTML))
    lead, full = (f'<block class="{name}">{html}</block>' for name, html in blocks)
    article = _only(
        landed_file(
            "a.xml",
            '<nitf><head><meta name="online_sections" content="Local"/>'
            '<pubdata name="Marsalin Post" date.publication="20151220T000000"/></head>'
            "<body><body.head><hedline><hl1>Tram leaves on time</hl1></hedline><byline "
            'class="print_byline">By LUC BAKKE</byline>'
            f'<byline class="normalized_byline">Bakke, Luc</byline></body.head><body.content>{lead}{full}'
            "</body.content></body></nitf>",
        )
    )
    assert (article.body, article.authors) == (BODY, ("LUC BAKKE",))
    assert (article.outlet, article.section) == ("Marsalin Post", "Local")


def test_a_day_in_nitf_is_a_date_and_the_last_line_a_mark(landed_file: Make) -> None:
    content = (
        '<nitf><head><docdata><date.issue norm="20151220"/></docdata></head><body><body.head><hedline>'
        f"<hl1>Tram</hl1></hedline></body.head><body.content>{HTML}<p>ends</p></body.content></body></nitf>"
    )
    article = _only(landed_file("a.xml", content))
    assert (article.body, str(article.published_at)) == (BODY, "2015-12-20 00:00:00")


def test_items_deep_in_an_answer_of_ap_are_read_each(landed_file: Make) -> None:
    item = {"type": "text", "versioncreated": "2015-12-20T01:00:00Z", "headline": "Tram", "body_text": BODY}
    items = [{"meta": {}, "item": {"uri": f"urn:{n}", **item}} for n in (1, 2)]
    found = _articles(landed_file("a.json", json.dumps({"id": "x", "data": {"items": items}})))
    assert [article.body for article in found if isinstance(article, Delivery)] == [BODY, BODY]


# Exports of databases

LINES = "\n\n".join(TEXT)


def test_nexis_labels_headline_and_text_where_segments_were_chosen(landed_file: Make) -> None:
    export = (
        "                    1 of 1 DOCUMENTS\n\n\n   Copyright 2015 Marsalin Interactive Company, "
        "LLC d/b/a\n"
        "             Marsalin Post Digital\n              All Rights Reserved\n\n           "
        "Marsalin Post\n\n"
        "         December 20, 2015 Sunday\n\nSECTION: LOCAL; Pg. 4\n\nLENGTH: 31 words\n\n"
        "HEADLINE: Tram leaves on\n"
        f"time\n\nBYLINE: LUC BAKKE REPORTER\n\nBODY:\n\n{LINES}\n\nhttps://post.example/tram\n\n"
        f"LANGUAGE: ENGLISH\n"
    )
    article = _only(landed_file("a.txt", export))
    assert (article.title, article.outlet, article.body) == ("Tram leaves on time", "Marsalin Post", BODY)
    assert (article.authors, article.url) == (("LUC BAKKE",), "https://post.example/tram")


def _coded(part: str) -> str:
    rows = (
        ("HD", "Tram leaves on time"), ("BY", "By Luc Bakke"), ("WC", "31 words"), ("PD", "20 December 2015"),
        ("SN", "Marsalin Post"), ("LA", "English"), ("LP", TEXT[0]), ("TD", f"{TEXT[1]}{part}{TEXT[2]}"),
        ("NS", "gtran : Trams"), ("AN", "Document MARPOS0020151220ebck0002x"),
    )  # fmt: skip
    if part == r"\par ":
        cells = "".join(
            rf"\trowd\cellx900\cellx9000\pard\intbl {code}\cell \pard\intbl {value}\cell\row"
            for code, value in rows
        )
        return rf"{{\rtf1\ansi {cells}}}"
    return "\n".join(f"{code} {value}" for code, value in rows) + "\n"


@pytest.mark.parametrize(("name", "part"), [("a.txt", "\n\n"), ("a.rtf", r"\par ")])
def test_factiva_with_codes_is_read_as_text_and_as_a_table_of_rtf(
    landed_file: Make, name: str, part: str
) -> None:
    article = _only(landed_file(name, _coded(part)))
    assert (article.title, article.outlet, article.body) == ("Tram leaves on time", "Marsalin Post", BODY)


def test_factiva_names_a_writer_by_his_job_and_newswires_mark_their_end(landed_file: Make) -> None:
    export = (
        "Tram leaves\n\nLuc Bakke, Political Editor\n31 words\n20 December 2015\nMarsalin Post\n"
        "MARPOS\nEnglish\n"
        f"(c) 2015 Marsalin Post\n\n{LINES}\n\n(END) Marsalin Newswires\n\nDecember 20, 2015 10:30 "
        f"ET (15:30 GMT)\n\n"
        "Document MARPOS0020151220ebck0002x\n"
    )
    article = _only(landed_file("a.txt", export))
    assert (article.title, article.authors, article.body) == ("Tram leaves", ("Luc Bakke",), BODY)


def _proquest(number: int, author: str = "Bakke, Luc.") -> str:
    fields = {
        "Author": author,
        "Full text": f"</p><text>{HTML}</text><p>",
        "Publication title": "Marsalin Post; Marsalin",
        "Publication date": "Dec 20, 2015",
        "ProQuest document ID": str(number),
        "Copyright": "Marsalin Post",
    }
    rows = "".join(f"<p><strong>{name}: </strong>{value}</p>" for name, value in fields.items())
    return f'<a name="DocID_{number}"></a><h2>Tram {number}: a story</h2>{rows}<hr/>'


@pytest.mark.parametrize("anchor", [True, False])
def test_each_document_of_a_page_of_proquest_is_an_article(landed_file: Make, anchor: bool) -> None:
    page = f"<html><body>{_proquest(11)}{_proquest(12, 'Anonymous')}</body></html>"
    found = _articles(landed_file("a.html", page if anchor else page.replace('name="DocID_', 'id="')))
    assert [(a.title, a.authors, a.body) for a in found if isinstance(a, Delivery)] == [
        ("Tram 11: a story", ("Luc Bakke",), BODY),
        ("Tram 12: a story", (), BODY),
    ]


def test_the_present_layout_of_proquest_has_headings_in_capitals(landed_file: Make) -> None:
    export = (
        "Tram leaves on time\nBakke, Luc . Marsalin Post ; Marsalin [Marsalin]. 20 Dec 2015: A.1.\n\n"
        f"ProQuest document link\n\nFULL TEXT\n{LINES}\n\nDETAILS\nPublication title: Marsalin "
        f"Post; Marsalin\n"
        "Publication date: Dec 20, 2015\nProQuest document ID: 11\n"
    )
    article = _only(landed_file("a.txt", export))
    assert (article.title, article.authors, article.body) == ("Tram leaves on time", ("Luc Bakke",), BODY)


def test_a_date_of_europresse_in_english_has_weekday_and_time(landed_file: Make) -> None:
    page = (
        '<html><body><span class="DocPublicationName">Marsalin Post</span><br>'
        '<span class="DocHeader"> Local, Sunday, December 20, 2015 - 01:00 UTC +0000 31 words, p. 3</span>'
        f'<p class="titreArticleVisu">Tram leaves on time</p>{HTML}</body></html>'
    )
    article = _only(landed_file("a.html", page))
    assert (article.section, str(article.published_at)) == ("Local", "2015-12-20 01:00:00")


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By TOM BEECH, Associated Press", ["TOM BEECH"]),
        ("Ada Novello, Harrow News Agency", ["Ada Novello"]),
        ("Associated Press", ["Associated Press"]),
        ("NED FLYTE STAFF WRITER", ["NED FLYTE"]),
        ("Ned Writer", ["Ned Writer"]),
    ],
)
def test_an_agency_or_a_job_behind_a_name_is_not_of_it(byline: str, authors: list[str]) -> None:
    assert split_authors(byline) == authors


TDM = """<?xml version="1.0" encoding="UTF-8"?>
<RECORD><DateTimeStamp>2021-07-12T03:27:06Z</DateTimeStamp><GOID>1749999999</GOID><DFS><PubFrosting>
<Title>Marsalin Post</Title><SourceType>Newspapers</SourceType></PubFrosting></DFS><Obj>
{title}<NumericDate>2015-12-20</NumericDate>
<Contributors><Contributor><ContribRole>Author</ContribRole><LastName>Novello</LastName>
<FirstName>Ada</FirstName></Contributor><Contributor><ContribRole>Illustrator</ContribRole>
<LastName>Bakke</LastName></Contributor></Contributors>
<Abstract><AbsText>A tram left.</AbsText></Abstract>
<Language><ISOCode>ENG</ISOCode><RawLang>English</RawLang></Language></Obj>{text}</RECORD>"""
_TDM_TITLE = "<TitleAtt><Title>Tram leaves</Title></TitleAtt>"


@pytest.mark.parametrize("title", [_TDM_TITLE, "<Title>Tram leaves</Title>"])
@pytest.mark.parametrize(
    "text",
    [
        f'<TextInfo><Text HTMLContent="true">{escape(HTML)}</Text></TextInfo>',
        f"<TextInfo><Text>{BODY}</Text></TextInfo>",
        f"<TextInfo><HiddenText>{BODY}</HiddenText></TextInfo>",
    ],
)
def test_a_record_of_tdm_studio_is_an_article(landed_file: Make, title: str, text: str) -> None:
    article = _only(landed_file("1749999999.xml", TDM.format(title=title, text=text)))
    assert (article.form, article.title, article.outlet) == ("proquest-tdm", "Tram leaves", "Marsalin Post")
    assert (article.authors, article.language, article.body) == (("Ada Novello",), "en", BODY)
    assert article.published_at == datetime(2015, 12, 20)


def test_a_record_of_tdm_studio_without_a_text_is_quarantined(landed_file: Make) -> None:
    assert _articles(landed_file("1.xml", TDM.format(title=_TDM_TITLE, text=""))) == ["text_missing"]


# Texts


JSON_FRONT = '{\n  "title": "Tram leaves",\n  "date": "2015-12-20",\n  "author": "Ada Novello"\n}\n\n'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", JSON_FRONT + "\n\n".join(TEXT)),
        ("a.txt", JSON_FRONT.replace("\n", "\r\n") + "\r\n\r\n".join(TEXT)),
        ("a.html", JSON_FRONT + HTML),
        ("a.md", f"---json\n{JSON_FRONT}---\n" + "\n\n".join(TEXT)),
    ],
)
def test_a_text_below_an_object_of_json_is_one_article(landed_file: Make, name: str, content: str) -> None:
    article = _only(landed_file(name, content))
    assert (article.form, article.title, article.authors) == ("front-matter", "Tram leaves", ("Ada Novello",))
    assert (article.published_at, article.body) == (datetime(2015, 12, 20), BODY)


@pytest.mark.parametrize("between", ["\n", "\n\n", ",\n", ""])
def test_objects_of_json_below_each_other_are_a_table(landed_file: Make, between: str) -> None:
    one = json.dumps({"title": "Tram leaves", "text": BODY})
    raw = landed_file("a.json", between.join([one, one]) if between else one)
    assert {article.form for article in _articles(raw) if isinstance(article, Delivery)} <= {"table"}


@pytest.mark.parametrize(
    ("name", "above"),
    [
        (
            "a.txt",
            "Title: Tram leaves\n\nAuthor: Luc Bakke\n\nDate: 20 December 2015\n\nSource: Marsalin "
            "Post\n\nBody: ",
        ),
        (
            "a.txt",
            "Title: Tram leaves\nAuthor: Luc Bakke\nDate: 20 December 2015\nSource: Marsalin Post\nText:\n",
        ),
        (
            "a.txt",
            "Title: Tram leaves\nAuthor: Luc Bakke\nDate: 20 December 2015\nSource: Marsalin Post\n-----\n",
        ),
        ("a.txt", "Tram leaves\nBy Luc Bakke\nMarsalin Post\nDecember 20, 2015\n\n"),
        ("a.txt", "TRAM LEAVES\nLuc Bakke | Marsalin Post | 20 December 2015\n\n"),
        ("a.txt", "Marsalin Post\nSunday, December 20, 2015\n\nTram leaves\n\nby Luc Bakke\n\n"),
        (
            "a.md",
            "---\ntitle: Tram leaves\nauthor: '[[Luc Bakke]]'\ndate: 2015-12-20\nsite_name: "
            "Marsalin Post\n---\n"
            '{{< figure src="x" >}}\n\n',
        ),
    ],
)
def test_headers_of_a_text_are_told_however_they_are_set(landed_file: Make, name: str, above: str) -> None:
    article = _only(landed_file(name, above + LINES))
    assert (article.title or "").casefold() == "tram leaves"
    assert (article.authors, article.outlet, article.body) == (("Luc Bakke",), "Marsalin Post", BODY)
    assert str(article.published_at) == "2015-12-20 00:00:00"


@pytest.mark.parametrize(
    "text",
    [
        "Tram leaves\n\nThe Post Office said on Sunday: more to come.\n\nIt is open.\n",
        "Morning Star\n\nShe rose early. So did he.\n\nThey ran.\n",
        "Tram leaves\n\nTitle fight: Bakke won.\n\nSource: none was named.\n",
    ],
)
def test_lines_of_a_text_are_no_headers(landed_file: Make, text: str) -> None:
    article = _only(landed_file("a.txt", text))
    assert (article.title, article.body) == (text.split("\n")[0], "\n".join(text.split("\n\n")[1:]).strip())
    assert (article.outlet, article.authors) == (None, ())


def test_an_address_below_a_headline_is_not_of_it(landed_file: Make) -> None:
    raw = landed_file("a.txt", f"Tram leaves\nhttps://post.example/tram\n20 December 2015\n\n{LINES}")
    article = _only(raw)
    assert (article.title, article.url, article.body) == ("Tram leaves", "https://post.example/tram", BODY)


def test_whom_to_ask_is_not_the_headline_of_a_release(landed_file: Make) -> None:
    above = "FOR IMMEDIATE RELEASE\nDecember 20, 2015\n\nContact: Luc Bakke\nEmail: l@x.example\n\n"
    article = _only(landed_file("a.txt", f"{above}Tram leaves\n\n{LINES}"))
    assert (article.title, article.body) == ("Tram leaves", BODY)


@pytest.mark.parametrize(
    "content",
    ["+++\ntitle = 'Tram'\ndraft = true\n+++\nText.", "---\ntitle: Tram\npublished: false\n---\nText."],
)
def test_a_draft_is_not_published(landed_file: Make, content: str) -> None:
    assert _articles(landed_file("a.md", content)) == ["not_published"]


def test_signs_of_markdown_are_not_of_its_text(landed_file: Make) -> None:
    text = "It left --- on time.[^1]\n\n{{% notice %}}It did.{{% /notice %}}\n\n[^1]: A note.\n"
    assert _only(landed_file("a.md", f"---\ntitle: Tram\n---\n{text}")).body == "It left — on time.\nIt did."


@pytest.mark.parametrize("author", ["Microsoft Office User", "python-docx", "Windows User"])
def test_a_document_without_an_author_has_none(landed_file: Make, author: str) -> None:
    document = docx.Document()
    for line in ("Tram leaves", "20 December 2015", *TEXT):
        document.add_paragraph(line)
    document.core_properties.author = author
    file = io.BytesIO()
    document.save(file)
    article = _only(landed_file("a.docx", file.getvalue()))
    assert (article.title, article.authors, article.byline) == ("Tram leaves", (), None)


# The Reuters-21578 collection, web archives in WACZ, XML of no form


def _collected(body: str, number: int = 1) -> str:
    return (
        f'<REUTERS TOPICS="YES" LEWISSPLIT="TRAIN" OLDID="5" NEWID="{number}">\n<DATE>26-FEB-1987 '
        f"15:01:01.79</DATE>"
        "<TOPICS><D>tram</D></TOPICS>\n<UNKNOWN>&#5;&#5;C T</UNKNOWN>\n<TEXT>&#2;\n<TITLE>TRAM "
        "LEAVES ON TIME</TITLE>\n"
        f"<DATELINE>    MARSALIN, Feb 26 - </DATELINE>{body}</TEXT>\n</REUTERS>\n"
    )


def test_articles_of_reuters_21578_are_read_from_its_sgml(landed_file: Make) -> None:
    lines = "\n    ".join((TEXT[0].replace(" since", "\nsince"), *TEXT[1:]))
    body = f"<BODY>{lines}\n Reuter\n&#3;</BODY>"
    content = f'<!DOCTYPE lewis SYSTEM "lewis.dtd">\n{_collected(body)}{_collected("", 2)}'
    article, failed = _articles(landed_file("reut2-000.sgm", content))
    assert isinstance(article, Delivery)
    assert (article.title, article.body, article.agency) == ("TRAM LEAVES ON TIME", BODY, "Reuters")
    assert (article.dateline, str(article.published_at)) == ("MARSALIN", "1987-02-26 15:01:00")
    assert failed == "text_missing"
    assert _articles(landed_file("a.sgm", content[: content.index("</REUTERS>")])) == ["no_article"]


def test_a_wacz_is_the_web_archives_in_it(landed_file: Make) -> None:
    page = _page('<meta property="og:type" content="article">').encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
    archive = (
        (
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://post.example/tram\r\n"
            "WARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2015-12-20T01:00:00Z\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(answer)}\r\n\r\n"
        ).encode()
        + answer
        + b"\r\n\r\n"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("archive/data.warc.gz", gzip.compress(archive))
        file.writestr("datapackage.json", "{}")
    article = _only(landed_file("a.wacz", packed.getvalue()))
    assert (article.form, article.url, article.body) == ("warc", "https://post.example/tram", BODY)
    assert _articles(landed_file("a.wacz", packed.getvalue()[:100])) == ["archive_unreadable"]


def test_xml_of_no_form_is_refused_by_its_name(landed_file: Make) -> None:
    raw = landed_file("a.xml", "<RECORD><Title>Tram leaves</Title></RECORD>")
    with pytest.raises(BadDelivery) as error:
        parse(raw, BY_CONTENT)
    [failure] = error.value.failures
    assert (failure.rule, failure.value) == ("no_article", "<RECORD>")
