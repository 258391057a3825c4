"""Exports of databases, and documents of people: DOCX, RTF, HTML, text and XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from types import ModuleType

import docx
import pytest

from ontherecord.flows.landing.forms import documents, europresse, factiva, nexis, proquest, word
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import RawFile

Make = Callable[[str, str | bytes], RawFile]
TEXT = "The first tram to run in Marsalin since 1957 left the Old Port on Saturday."
MORE = "“It is here,” said Leila Sarrouf, the mayor."
NEXIS_ARTICLE = """{title}
Marsalin Post
December 20, 2015 Sunday 1:00 AM GMT

Copyright 2015 Marsalin Post All Rights Reserved

Section: LOCAL; Pg. 4
Length: 90 words
Byline: Ada Novello
Body

{text}
LONDON: more of it.

Classification

Language: ENGLISH
Publication-Type: Newspaper
Subject: TRAMS (90%)
Load-Date: December 20, 2015

End of Document

"""
NEXIS_COVER = """User Name: A Reader
Job Number: 1917
Documents ({count})
1. Tram leaves
Search Terms: tram
2. Tram stops

"""


def _nexis(count: int = 2) -> str:
    articles = [NEXIS_ARTICLE.format(title=title, text=TEXT) for title in ("Tram leaves", "Tram stops")]
    return NEXIS_COVER.format(count=count) + "".join(articles)


def _docx(text: str, **properties: str) -> bytes:
    document = docx.Document()
    for name, value in properties.items():
        setattr(document.core_properties, name, value)
    for line in text.split("\n"):
        document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _rtf(text: str) -> bytes:
    escaped = "".join(c if ord(c) < 128 else f"\\u{ord(c)}?" for c in text)
    return ("{\\rtf1\\ansi\\ansicpg1252\\deff0 " + escaped.replace("\n", "\\par\n") + "}").encode()


def _good(form: ModuleType, raw: RawFile) -> list[RawArticle]:
    assert form.is_form(raw.content, raw.landed.source_path)
    found = list(form.read(raw))
    articles = [article for article in found if isinstance(article, RawArticle)]
    assert len(articles) == len(found)
    return articles


@pytest.mark.parametrize("kind", ["docx", "rtf", "html", "txt"])
def test_nexis_is_the_same_in_every_kind_of_file(landed_file: Make, kind: str) -> None:
    text = _nexis()
    content: bytes | str = {
        "docx": lambda: _docx(text),
        "rtf": lambda: _rtf(text),
        "html": lambda: (
            "<html><body>" + "".join(f"<p>{line}</p>" for line in text.split("\n")) + "</body></html>"
        ),
        "txt": lambda: text,
    }[kind]()
    first, second = _good(word if kind == "docx" else nexis, landed_file(f"a.{kind}", content))
    assert first.headers == (
        ("title", "Tram leaves"),
        ("publication", "Marsalin Post"),
        ("date", "December 20, 2015 Sunday 1:00 AM GMT"),
        ("Section", "LOCAL; Pg. 4"),
        ("Length", "90 words"),
        ("Byline", "Ada Novello"),
        ("Language", "ENGLISH"),
        ("Publication-Type", "Newspaper"),
        ("Subject", "TRAMS (90%)"),
        ("Load-Date", "December 20, 2015"),
    )
    assert first.body.replace("\n", " ") == f"{TEXT} LONDON: more of it."
    assert dict(second.headers)["title"] == "Tram stops"
    assert first.repairs == ()


def test_fewer_articles_than_the_cover_says_are_warned_of(landed_file: Make) -> None:
    articles = _good(nexis, landed_file("a.txt", _nexis(count=3)))
    assert [article.repairs for article in articles] == [("articles_missing",)] * 2


def test_an_article_of_nexis_that_is_cut_off_or_without_text_is_told(landed_file: Make) -> None:
    cut = _nexis()[: -len("Load-Date: December 20, 2015\n\nEnd of Document\n\n")]
    good, bad = nexis.read(landed_file("a.txt", cut))
    assert isinstance(good, RawArticle)
    assert isinstance(bad, BadArticle)
    assert (bad.number, bad.failure.rule) == (2, "article_unreadable")
    found = list(nexis.read(landed_file("a.txt", _nexis().replace("\nBody\n", "\n", 1))))
    assert [type(article) for article in found] == [BadArticle, RawArticle]


OLDER = """
                          {number} of {total} DOCUMENTS

                                Marsalin Post

                          December 20, 2015 Sunday
                                National Edition

Tram leaves on time,
to general surprise

BYLINE: By Ada Novello

SECTION: LOCAL; Pg. 4

LENGTH: 90 words

DATELINE: MARSALIN

The first tram to run in Marsalin since 1957
left the Old Port on Saturday.

“It is here,” said Leila Sarrouf, the mayor.

LOAD-DATE: December 20, 2015

LANGUAGE: ENGLISH

GRAPHIC: The tram, and
its driver

PUBLICATION-TYPE: Newspaper


                     Copyright 2015 Marsalin Post
                         All Rights Reserved
"""


def _older(*numbers: int, total: int) -> str:
    return "".join(OLDER.format(number=number, total=total) for number in numbers)


def test_the_older_layout_of_nexis_is_read(landed_file: Make) -> None:
    first, second = _good(nexis, landed_file("a.TXT", _older(1, 2, total=2)))
    assert first == RawArticle(
        1,
        None,
        (
            ("publication", "Marsalin Post"),
            ("date", "December 20, 2015 Sunday"),
            ("edition", "National Edition"),
            ("title", "Tram leaves on time, to general surprise"),
            ("BYLINE", "By Ada Novello"),
            ("SECTION", "LOCAL; Pg. 4"),
            ("LENGTH", "90 words"),
            ("DATELINE", "MARSALIN"),
            ("LOAD-DATE", "December 20, 2015"),
            ("LANGUAGE", "ENGLISH"),
            ("GRAPHIC", "The tram, and its driver"),
            ("PUBLICATION-TYPE", "Newspaper"),
        ),
        f"{TEXT}\n{MORE}",
    )
    assert second.number == 2


@pytest.mark.parametrize(
    ("numbers", "total", "is_short"),
    [
        ((1, 2), 2, False),
        ((1, 2), 3, True),
        ((1, 3), 3, True),
        ((501, 502), 900, False),
        ((1, 2), 900, False),
    ],
)
def test_the_marks_tell_whether_articles_are_missing(
    landed_file: Make, numbers: Sequence[int], total: int, is_short: bool
) -> None:
    articles = _good(nexis, landed_file("a.TXT", _older(*numbers, total=total)))
    assert articles[0].repairs == (("articles_missing",) if is_short else ())


FACTIVA = f"""Tram leaves on time

By Ada Novello
118 words
20 December 2015
01:00
Marsalin Post
MARPOS
English
(c) 2015 Marsalin Post Ltd. All rights reserved.

{TEXT}

{MORE}

Document MARPOS0020151220ebck0002x

Local
Tram stops
1,118 words
21 December 2015
Marsalin Post
MARPOS
12
English
(c) 2015 Marsalin Post Ltd. All rights reserved.

{TEXT}

Document MARPOS0020151221ebcl0003y

Search Summary
Results Found	{{count}}
© 2016 Factiva, Inc. All rights reserved.
"""
CODED = f"""<html><head><title>Factiva</title></head><body><table>
<tr><td><b>SE</b></td><td>Local</td></tr><tr><td><b>HD</b></td><td><b>Tram leaves on time</b></td></tr>
<tr><td><b>BY</b></td><td>Ada Novello</td></tr><tr><td><b>WC</b></td><td>118 words</td></tr>
<tr><td><b>PD</b></td><td>20 December 2015</td></tr><tr><td><b>ET</b></td><td>01:00</td></tr>
<tr><td><b>SN</b></td><td>Marsalin Post</td></tr><tr><td><b>LA</b></td><td>English</td></tr>
<tr><td><b>CY</b></td><td>(c) 2015 Marsalin Post</td></tr><tr><td><b>LP</b></td><td><p>{TEXT}</p></td></tr>
<tr><td><b>TD</b></td><td><p>{MORE}</p></td></tr><tr><td><b>CO</b></td><td>tram1 : Trams</td></tr>
<tr><td><b>AN</b></td><td>Document MARPOS0020151220ebck0002x</td></tr></table></body></html>"""


@pytest.mark.parametrize("kind", ["rtf", "txt", "docx"])
def test_factiva_is_read_with_its_document_ids_as_keys(landed_file: Make, kind: str) -> None:
    text = FACTIVA.format(count=2)
    content = {"rtf": _rtf, "docx": _docx, "txt": str.encode}[kind](text)
    first, second = _good(word if kind == "docx" else factiva, landed_file(f"a.{kind}", content))
    assert first.headers == (
        ("id", "MARPOS0020151220ebck0002x"),
        ("headline", "Tram leaves on time"),
        ("byline", "By Ada Novello"),
        ("publication_date", "20 December 2015 01:00"),
        ("source_name", "Marsalin Post"),
        ("source code", "MARPOS"),
        ("language", "English"),
    )
    assert (first.key, first.body) == ("MARPOS0020151220ebck0002x", f"{TEXT}\n{MORE}")
    assert ("section", "Local") in second.headers
    assert ("edition", "12") in second.headers
    assert first.repairs == ()


def test_factiva_with_codes_is_read(landed_file: Make) -> None:
    [article] = _good(factiva, landed_file("a.html", CODED))
    values = dict(article.headers)
    assert (values["headline"], values["section"], values["byline"]) == (
        "Tram leaves on time",
        "Local",
        "Ada Novello",
    )
    assert values["publication_date"] == "20 December 2015 01:00"
    assert article.body == f"{TEXT}\n{MORE}"


def test_factiva_announces_how_many_it_found(landed_file: Make) -> None:
    articles = _good(factiva, landed_file("a.txt", FACTIVA.format(count=5)))
    assert articles[0].repairs == ("articles_missing",)


def test_factiva_as_xml_is_read(landed_file: Make) -> None:
    xml = f"""<?xml version="1.0"?><PPSResponse><ppsArticleResponse xmlns="http://global.factiva.com/pps/2.0">
    <ppsarticleResultSet count="1"><ppsarticle><article><accessionNo>MARPOS01</accessionNo>
    <baseLanguage>EN</baseLanguage><headline><paragraph><hlt>Tram</hlt> leaves</paragraph></headline>
    <leadParagraph><paragraph>{TEXT}</paragraph></leadParagraph>
    <publicationDate><dateTime>2015-12-20T01:00:00Z</dateTime></publicationDate>
    <sourceName>Marsalin Post</sourceName><tailParagraphs><paragraph>{MORE}</paragraph></tailParagraphs>
    <notes>No text.</notes></article></ppsarticle></ppsarticleResultSet></ppsArticleResponse></PPSResponse>"""
    [article] = _good(factiva, landed_file("a.xml", xml))
    assert (article.key, article.body) == ("MARPOS01", f"{TEXT}\n{MORE}")
    assert dict(article.headers)["headline"] == "Tram leaves"


PROQUEST = f"""____________________________________________________________

Report Information from ProQuest
December 21 2015 08:34

____________________________________________________________

Document 1 of 2

Tram leaves on time

Author: Novello, Ada; Bakke, Luc

https://www.proquest.example/docview/17

Full text: {TEXT}
Correction: this is a paragraph.

Business indexing term: Transport

Subject: Trams

Title: Tram leaves on time

Publication title: Marsalin Post; Marsalin

Publication date: Dec 20, 2015

Language of publication: English

ProQuest document ID: 17

Document URL: https://www.proquest.example/docview/17

____________________________________________________________

Document 2 of 2

Tram stops

Abstract: Only an abstract.

ProQuest document ID: 18

____________________________________________________________

Database: Newsstream
"""


def test_proquest_is_read_and_a_document_without_full_text_is_told(landed_file: Make) -> None:
    raw = landed_file("a.txt", PROQUEST)
    assert proquest.is_form(raw.content, "a.txt")
    good, bad = proquest.read(raw)
    assert isinstance(good, RawArticle)
    assert (good.key, good.body) == ("17", f"{TEXT}\nCorrection: this is a paragraph.")
    assert dict(good.headers)["Author"] == "Ada Novello; Luc Bakke"
    assert dict(good.headers)["Publication title"] == "Marsalin Post"
    assert isinstance(bad, BadArticle)
    assert (bad.key, bad.failure.rule) == ("18", "text_missing")


def test_europresse_is_read(landed_file: Make) -> None:
    page = (
        '<html><body><span class="DocPublicationName">Marsalin Post, no. 17</span><br>'
        '<span class="DocHeader">Local, </span><span class="DocHeader">20 December 2015, p. 4</span><br><br>'
        'Kicker<br><span class="TitreArticleVisu">Tram <b>leaves</b></span><br><br>Ada Novello<br><p></p>'
        f"{TEXT}<p></p>{MORE}<p></p><b>© 2015 Marsalin Post</b><p></p>"
        "Document: news·20151220·MP·17</body></html>"
    )
    [article] = _good(europresse, landed_file("a.html", page))
    assert dict(article.headers) == {
        "publication": "Marsalin Post",
        "title": "Tram leaves",
        "supertitle": "Kicker",
        "section": "Local",
        "date": "20 December 2015",
        "page": "p. 4",
        "id": "news·20151220·MP·17",
        "author": "Ada Novello",
    }
    assert (article.key, article.body) == ("news·20151220·MP·17", f"{TEXT}\n{MORE}")


@pytest.mark.parametrize("make", [_docx, _rtf])
def test_a_document_of_people_is_one_article(landed_file: Make, make: Callable[[str], bytes]) -> None:
    text = f"Tram leaves on time\nBy Ada Novello\n20 December 2015\n\n{TEXT}\n{MORE}"
    name = "a.docx" if make is _docx else "a.rtf"
    [article] = _good(word, landed_file(name, make(text)))
    values = dict(article.headers)
    assert (values["title"], values["byline"], values["date"]) == (
        "Tram leaves on time",
        "By Ada Novello",
        "20 December 2015",
    )
    assert article.body == f"{TEXT}\n{MORE}"


def test_properties_of_a_document_say_what_its_page_does_not(landed_file: Make) -> None:
    content = _docx(f"{TEXT}\n{MORE}", title="Tram leaves on time", author="Ada Novello")
    [article] = _good(word, landed_file("a.docx", content))
    assert dict(article.headers)["title"] == "Tram leaves on time"
    assert dict(article.headers)["author"] == "Ada Novello"


def test_cells_of_a_table_are_read(landed_file: Make) -> None:
    document = docx.Document()
    document.add_paragraph("Tram leaves on time")
    document.add_table(1, 2).cell(0, 0).text = TEXT
    file = io.BytesIO()
    document.save(file)
    [article] = _good(word, landed_file("a.docx", file.getvalue()))
    assert TEXT in article.body


def _parts(content: bytes, **replaced: bytes) -> bytes:
    """Return a DOCX with some parts replaced, or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, replaced.pop(name, None) or old.read(name))
        for name, part in replaced.items():
            new.writestr(name, part)
    return file.getvalue()


def test_a_bomb_in_a_document_is_not_unpacked(landed_file: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "UNPACKED_BYTES", 5_000_000)
    bomb = _parts(_docx(TEXT), **{"word/media/a.bin": bytes(50_000_000)})
    with pytest.raises(BadDelivery) as caught:
        list(word.read(landed_file("a.docx", bomb)))
    assert caught.value.failures[0].rule == "document_too_large"


def test_entities_in_a_document_open_nothing(landed_file: Make) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    xml = (
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "lol">{laughs}<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        "<w:t>Tram leaves &x;&l9;</w:t></w:r></w:p><w:p><w:r><w:t>More.</w:t></w:r></w:p>"
        "</w:body></w:document>"
    )
    try:
        found = list(
            word.read(landed_file("a.docx", _parts(_docx(TEXT), **{"word/document.xml": xml.encode()})))
        )
    except BadDelivery:
        return
    assert "root:" not in repr(found)
    assert len(repr(found)) < 10_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", b"PK\x03\x04 and no more"),
        ("a.docx", _docx(TEXT)[:-200]),
        ("a.docx", _parts(_docx(TEXT), **{"word/document.xml": b"<not xml"})),
        ("a.docx", _docx("")),
        ("a.rtf", b"{\\rtf1 }"),
        ("a.rtf", b"{\\rtf1 " + b"{" * 50_000),
    ],
    ids=["start only", "cut off", "no xml", "empty", "empty rtf", "deep rtf"],
)
def test_damaged_and_empty_documents_are_refused(landed_file: Make, name: str, content: bytes) -> None:
    with pytest.raises(BadDelivery):
        list(word.read(landed_file(name, content)))


@pytest.mark.parametrize(
    ("form", "name", "content"),
    [
        (nexis, "a.csv", b"title,text\nA,End of Document Load-Date\n"),
        (nexis, "a.txt", b"The End of Documentary film was near. Load-Date unknown.\n"),
        (factiva, "a.jsonl", b'{"text": "Document MARPOS0020151220ebck0002x"}'),
        (factiva, "a.txt", b"Document 17 was leaked to Factiva."),
        (proquest, "a.txt", b"A text about ProQuest."),
        (europresse, "a.html", b"<html><p>Europresse</p></html>"),
    ],
)
def test_a_text_about_an_export_is_none(form: ModuleType, name: str, content: bytes) -> None:
    assert not form.is_form(content, name)
