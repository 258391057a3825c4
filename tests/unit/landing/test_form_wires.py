"""Wires: ninjs, NewsML-G2, NITF and trafilatura's XML, and XML that is made to harm."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from ontherecord.flows.landing.forms import newsml_g2, ninjs, nitf, trafilatura_xml
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import RawFile

Make = Callable[[str, str | bytes], RawFile]
TEXT = "The first tram to run in Marsalin since 1957 left the Old Port on Saturday."
MORE = "“It is here,” said Leila Sarrouf, the mayor."

NITF = f"""<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "../dtd/nitf-3-2.dtd"><nitf><head><title>Tram</title>
<docdata><doc-id id-string="post.17"/><date.issue norm="20151220T010000+0100"/>
<key-list><keyword key="trams"/></key-list></docdata>
<pubdata name="Marsalin Post" position.section="Local" ex-ref="https://post.example/tram"/></head>
<body><body.head><hedline><hl1>Tram leaves on time</hl1><hl2>Nobody expected it</hl2></hedline>
<note><body.content><p>To editors: no text.</p></body.content></note>
<byline>By <person>Ada Novello</person> <byttl>Staff Reporter</byttl></byline><dateline>MARSALIN
<story.date norm="20151220T010000+0100">20151220T010000+0100</story.date></dateline>
</body.head><body.content><media><media-caption>The tram.</media-caption></media>
<p>The first <em>tram</em> to run in
Marsalin since 1957 left the <org>Old Port</org> on Saturday.</p><block><hl2>Mayor</hl2><p>{MORE}</p></block>
<table><tr><td>No table</td></tr></table></body.content></body></nitf>"""
ITEM = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:post:17" xml:lang="en">
<itemMeta><itemClass qcode="ninat:{kind}"/><provider literal="Marsalin News Agency"/>
<versionCreated>2015-12-21T01:00:00+01:00</versionCreated><pubStatus qcode="stat:{status}"/></itemMeta>
<contentMeta><contentCreated>2015-12-20T01:00:00+01:00</contentCreated>
<creator><name>Ada Novello</name></creator>
<located><name>Marsalin</name></located><headline role="hld:subHeadline">Nobody expected it</headline>
<headline>Tram leaves on time</headline></contentMeta><contentSet>{content}</contentSet></newsItem>"""


def _one(form: ModuleType, raw: RawFile) -> RawArticle | BadArticle:
    assert form.is_form(raw.content, raw.landed.source_path)
    [article] = form.read(raw)
    assert isinstance(article, RawArticle | BadArticle)
    return article


def test_nitf_gives_headers_and_paragraphs_without_notes_media_and_tables(landed_file: Make) -> None:
    article = _one(nitf, landed_file("a.xml", NITF))
    assert isinstance(article, RawArticle)
    assert article.headers == (
        ("hl1", "Tram leaves on time"),
        ("date.issue", "20151220T010000+0100"),
        ("byline", "Ada Novello"),
        ("dateline", "MARSALIN"),
        ("publication", "Marsalin Post"),
        ("section", "Local"),
        ("url", "https://post.example/tram"),
        ("doc-id", "post.17"),
        ("hl2", "Nobody expected it"),
        ("keyword", "trams"),
    )
    assert (article.key, article.body) == ("post.17", f"{TEXT}\nMayor\n{MORE}")


def test_nitf_that_is_withdrawn_is_refused(landed_file: Make) -> None:
    with pytest.raises(BadDelivery) as caught:
        list(
            nitf.read(
                landed_file("a.xml", NITF.replace("<docdata>", '<docdata management-status="canceled">'))
            )
        )
    assert caught.value.failures[0].rule == "withdrawn"


@pytest.mark.parametrize(
    "content",
    [
        f'<inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><head><title>No</title></head><body><p>{TEXT}</p>'
        f"<p>{MORE}</p></body></html></inlineXML>",
        f"<inlineXML><nitf><body><body.content><p>{TEXT}</p><p>{MORE}</p></body.content></body></nitf></inlineXML>",
        f'<inlineData contenttype="text/plain">{TEXT}\n\n{MORE}</inlineData>',
        '<inlineData contenttype="text/html">&lt;p&gt;'
        f"{TEXT}&lt;/p&gt;&lt;p&gt;{MORE}&lt;/p&gt;</inlineData>",
        '<remoteContent href="a.jpg"/><inlineData contenttype="text/plain"><![CDATA[<p>\n'
        f"   {TEXT}\n   {MORE}</p>]]></inlineData>",
    ],
    ids=["xhtml", "nitf", "plain", "html as data", "indented html"],
)
def test_newsml_is_read_in_whichever_markup_its_text_is(landed_file: Make, content: str) -> None:
    article = _one(
        newsml_g2, landed_file("a.xml", ITEM.format(kind="text", status="usable", content=content))
    )
    assert isinstance(article, RawArticle)
    assert (article.key, article.body) == ("urn:newsml:post:17", f"{TEXT}\n{MORE}")
    assert article.headers == (
        ("headline", "Tram leaves on time"),
        ("contentCreated", "2015-12-20T01:00:00+01:00"),
        ("versionCreated", "2015-12-21T01:00:00+01:00"),
        ("creator", "Ada Novello"),
        ("provider", "Marsalin News Agency"),
        ("located", "Marsalin"),
        ("language", "en"),
        ("subHeadline", "Nobody expected it"),
        ("guid", "urn:newsml:post:17"),
    )


def test_a_message_has_many_items_and_those_without_text_are_told(landed_file: Make) -> None:
    text = ITEM.format(kind="text", status="usable", content=f"<inlineData>{TEXT}</inlineData>")
    photo = ITEM.format(kind="picture", status="usable", content='<remoteContent href="a.jpg"/>')
    killed = ITEM.format(kind="text", status="canceled", content=f"<inlineData>{TEXT}</inlineData>")
    remote = ITEM.format(kind="text", status="usable", content='<remoteContent href="a.xml"/>')
    message = f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{text}{photo}{killed}{remote}</itemSet></newsMessage>'
    found = list(newsml_g2.read(landed_file("a.xml", message)))
    assert [a.failure.rule if isinstance(a, BadArticle) else a.body for a in found] == [
        TEXT,
        "no_article",
        "withdrawn",
        "no_article",
    ]
    assert [a.number for a in found] == [1, 2, 3, 4]


NINJS: dict[str, Any] = {
    "uri": "urn:post:17",
    "type": "text",
    "versioncreated": "2015-12-20T01:00:00+01:00",
    "byline": "Ada Novello",
    "language": "en",
    "headline": "Tram leaves on time",
    "body_text": f"{TEXT}\n\n{MORE}",
    "associations": {"main": {"type": "picture", "body_text": "No text."}},
}
NINJS_2: dict[str, Any] = {
    "uri": "urn:post:17",
    "type": "text",
    "versioncreated": "2015-12-20T01:00:00+01:00",
    "by": "Ada Novello",
    "headlines": [{"role": "short", "value": "Tram"}, {"role": "main", "value": "Tram leaves on time"}],
    "bodies": [
        {"role": "teaser", "value": "Short."},
        {"role": "html", "value": f"<p>{TEXT}</p><p>{MORE}</p>"},
    ],
}


@pytest.mark.parametrize("item", [NINJS, NINJS_2, {**NINJS, "body_html": f"<p>{TEXT}</p><p>{MORE}</p>"}])
def test_ninjs_of_all_versions_is_read(landed_file: Make, item: dict[str, Any]) -> None:
    article = _one(ninjs, landed_file("a.json", json.dumps(item)))
    assert isinstance(article, RawArticle)
    assert (article.key, article.body) == ("urn:post:17", f"{TEXT}\n{MORE}")
    values = dict(article.headers)
    assert values["headline"] == "Tram leaves on time"
    assert values["versioncreated"] == "2015-12-20T01:00:00+01:00"
    assert values.get("byline", values.get("by")) == "Ada Novello"
    assert "No text" not in repr(article)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"type": "picture"}, "no_article"),
        ({"type": "picture", "guid": "urn:post:17", "uri": None}, "no_article"),
        ({"body_text": ""}, "no_article"),
        ({"pubstatus": "canceled"}, "withdrawn"),
    ],
)
def test_ninjs_that_is_no_article_is_told(landed_file: Make, change: dict[str, Any], rule: str) -> None:
    article = _one(ninjs, landed_file("a.json", json.dumps({**NINJS, **change})))
    assert isinstance(article, BadArticle)
    assert (article.key, article.failure.rule) == ("urn:post:17", rule)


def test_items_in_an_answer_of_an_api_are_read(landed_file: Make) -> None:
    raw = landed_file("a.json", json.dumps({"total": 2, "item": [NINJS, NINJS_2]}))
    assert ninjs.is_form(raw.content, "a.json")
    assert [a.body for a in ninjs.read(raw) if isinstance(a, RawArticle)] == [f"{TEXT}\n{MORE}"] * 2


def test_other_json_is_no_ninjs() -> None:
    for other in (
        {"title": "A", "text": "B", "type": "text"},
        {"uri": "x", "type": "article", "body_text": "B"},
    ):
        assert not ninjs.is_form(json.dumps(other).encode(), "a.json")


def test_output_of_trafilatura_is_read(landed_file: Make) -> None:
    xml = (
        '<doc sitename="Marsalin Post" title="Tram leaves on time" author="Ada Novello" date="2015-12-20" '
        f'url="https://post.example/tram"><main><head>Tram leaves on time</head>'
        f"<p>{TEXT}</p><p>{MORE}</p></main>"
        "<comments><p>First!</p></comments></doc>"
    )
    article = _one(trafilatura_xml, landed_file("a.xml", xml))
    assert isinstance(article, RawArticle)
    assert (article.key, article.body) == ("https://post.example/tram", f"{TEXT}\n{MORE}")
    assert ("sitename", "Marsalin Post") in article.headers


def test_tei_is_read(landed_file: Make) -> None:
    xml = (
        '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><sourceDesc>'
        '<bibl type="sigle">Marsalin Post, 2015-12-20</bibl><biblFull>'
        "<titleStmt><title>Tram leaves on time</title>"
        "<author>Ada Novello</author></titleStmt><publicationStmt>"
        "<publisher>Marsalin Post (post.example)</publisher>"
        '<ptr type="URL" target="https://post.example/tram"/><date>2015-12-20</date></publicationStmt></biblFull>'
        f'</sourceDesc></fileDesc></teiHeader><text><body><div type="entry"><p>{TEXT}</p><p>{MORE}</p></div>'
        '<div type="comments"><p>First!</p></div></body></text></TEI>'
    )
    article = _one(trafilatura_xml, landed_file("a.xml", xml))
    assert isinstance(article, RawArticle)
    assert article.body == f"{TEXT}\n{MORE}"
    values = dict(article.headers)
    assert (values["sitename"], values["date"]) == ("Marsalin Post", "2015-12-20")


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "xml",
    [
        f'<!DOCTYPE nitf [<!ENTITY l0 "lol">{LAUGHS}]><nitf><body>&l9;</body></nitf>',
        '<!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/passwd">]><nitf><body>&x;</body></nitf>',
        '<!DOCTYPE nitf [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]><nitf><body/></nitf>',
        "<nitf><body>cut off",
        "<nitf>" + "<b>" * 50_000,
        "<nitf>" + "<b>" * 5_000 + "</b>" * 5_000 + "</nitf>",
        "<nitf>&undefined;</nitf>",
        '<?xml version="1.0" encoding="no-such"?><nitf/>',
    ],
    ids=["laughs", "file", "parameter", "cut off", "deep and open", "deep", "undefined", "encoding"],
)
def test_xml_that_is_damaged_or_made_to_harm_is_refused(landed_file: Make, xml: str) -> None:
    for form in (nitf, newsml_g2, trafilatura_xml):
        with pytest.raises(BadDelivery) as caught:
            list(form.read(landed_file("a.xml", xml)))
        assert caught.value.failures[0].rule == "xml_unreadable"
        assert "root:" not in repr(caught.value.failures)
