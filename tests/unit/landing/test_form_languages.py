"""Exports of databases whose program, or paper, is set to another language than English."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from ontherecord.flows.landing.forms import europresse, nexis
from ontherecord.flows.landing.forms.foreign_dates import in_english
from ontherecord.flows.landing.forms.raw_article import RawArticle
from ontherecord.flows.landing.parse import parse_all
from ontherecord.flows.landing.reading import BY_CONTENT
from ontherecord.warehouse.records import RawFile

Make = Callable[[str, str | bytes], RawFile]
TEXT = '"Sie ist da", sagte Ada Novello, die sie fuhr. "Sie kommt wieder."'
# The layout of LexisNexis: labels in capitals around the text.
OLDER = """                    {mark}


                    Marsaliner Post

                    {date}

{title}

{author}: Ada Novello

{section}: LOCAL; S. 4

{length}

{text}

{loaded}: {date}

{language}

                    Copyright 2019 Marsaliner Verlag
                    {rights}

"""
GERMAN = {
    "mark": "Dokument 1 von 1", "date": "Dienstag 12. März 2019", "title": "Straßenbahn fährt pünktlich",
    "author": "AUTOR", "section": "RUBRIK", "length": "LÄNGE: 512 Wörter", "text": TEXT, "loaded": "UPDATE",
    "language": "SPRACHE: GERMAN; DEUTSCH", "rights": "Alle Rechte vorbehalten",
}  # fmt: skip
FRENCH = {
    "mark": "Document 1 de 1", "date": "mardi 12 mars 2019", "title": "Le tram part à l'heure",
    "author": "AUTEUR", "section": "RUBRIQUE", "length": "LONGUEUR : 212 mots", "text": TEXT,
    "loaded": "DATE-CHARGEMENT", "language": "LANGUE: FRENCH; FRANÇAIS", "rights": "Tous droits réservés",
}  # fmt: skip
SPANISH = {
    "mark": "Documento 1 de 1", "date": "12 de marzo de 2019 martes", "title": "El tranvía sale a su hora",
    "author": "AUTOR", "section": "SECCIÓN", "length": "LONGITUD: 212 palabras", "text": TEXT,
    "loaded": "FECHA-CARGA", "language": "IDIOMA: SPANISH; ESPAÑOL",
    "rights": "Todos los derechos reservados",
}  # fmt: skip
DUTCH = {
    "mark": "Document 1 van 1", "date": "12 maart 2019 dinsdag", "title": "Tram vertrekt op tijd",
    "author": "AUTEUR", "section": "RUBRIEK", "length": "LENGTE: 212 woorden", "text": TEXT,
    "loaded": "LAADDATUM", "language": "TAAL: DUTCH; NEDERLANDS", "rights": "Alle rechten voorbehouden",
}  # fmt: skip
# The layout of Nexis: labels as words, with marks around the text.
PRESENT = """{title}
Marsaliner Post
12. März 2019 Dienstag

Copyright 2019 Marsaliner Verlag Alle Rechte vorbehalten

Rubrik: LOCAL; S. 4
Länge: 512 Wörter
Autor: Ada Novello
{body}

{text}

Klassifizierung

Sprache: GERMAN; DEUTSCH
Ladedatum: 12. März 2019

{end}
"""


@pytest.mark.parametrize("values", [GERMAN, FRENCH, SPANISH, DUTCH])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_nexis_is_read_in_its_languages(landed_file: Make, values: dict[str, str], encoding: str) -> None:
    raw = landed_file("a.txt", OLDER.format(**values).encode(encoding))
    assert nexis.is_form(raw.content, "a.txt")
    [article] = parse_all(raw, BY_CONTENT)
    assert (article.title, article.outlet, article.section, article.authors) == (
        values["title"], "Marsaliner Post", "LOCAL; S. 4", ("Ada Novello",),
    )  # fmt: skip
    assert (article.published_at, article.body) == (datetime(2019, 3, 12), TEXT)
    assert "articles_missing" not in article.warnings


@pytest.mark.parametrize(("body", "end"), [("Body", "End of Document"), ("Textkörper", "Ende des Dokuments")])
def test_the_present_nexis_is_read_in_german(landed_file: Make, body: str, end: str) -> None:
    content = PRESENT.format(title="Straßenbahn fährt", text=TEXT, body=body, end=end)
    content += PRESENT.format(title="Straßenbahn hält", text=TEXT, body=body, end=end)
    found = list(parse_all(landed_file("a.txt", content), BY_CONTENT))
    assert [article.title for article in found] == ["Straßenbahn fährt", "Straßenbahn hält"]
    assert {article.body for article in found} == {TEXT}
    assert {article.published_at for article in found} == {datetime(2019, 3, 12)}
    assert {article.language for article in found} == {"de"}


EUROPRESSE = """<!DOCTYPE html><html><body><article><header>
<div><span class="DocPublicationName">Marsalin Post, no. 23119</span></div>
<div><span class="DocHeader">{header}</span></div>
<p class="sm-margin-TopNews titreArticleVisu rdp__articletitle">Tram leaves on time</p>
<p class="rdp__subtitle">A first since 1957</p><div class="sm-margin-bottomNews">Ada Novello</div></header>
<div class="docOcurrContainer"><p>{text}</p></div>
<footer><div>Cet article est paru dans <b>Marsalin Post</b></div>
<div class="publiC-lblNodoc">© 2019 Marsalin Post. Tous droits réservés.</div>
<div class="publiC-lblNodoc">news·20191012·MP·1234</div></footer></article></body></html>"""


@pytest.mark.parametrize(
    ("header", "date", "section"),
    [
        (
            "Monde, samedi 12 octobre 2019 - 14:05 UTC +0200 847 mots, p. 4",
            "12 October 2019 Saturday - 14:05 UTC +0200",
            "Monde",
        ),
        ("Économie, jeudi 1er février 2018 512 mots", "1 February 2018 Thursday", "Économie"),
        (
            "News, Saturday, October 12, 2019 - 2:05 PM UTC -0400 847 words",
            "Saturday, October 12, 2019 - 2:05 PM UTC -0400",
            "News",
        ),
        ("Local, sábado 12 de octubre de 2019, p. 3", "12 October 2019 Saturday", "Local"),
    ],
)
def test_europresse_has_dates_in_the_language_of_the_site(
    landed_file: Make, header: str, date: str, section: str
) -> None:
    [article] = europresse.read(landed_file("a.html", EUROPRESSE.format(header=header, text=TEXT)))
    assert isinstance(article, RawArticle)
    headers = dict(article.headers)
    assert (headers["date"], headers["section"], headers["author"]) == (date, section, "Ada Novello")
    assert (headers["subtitle"], article.body) == ("A first since 1957", TEXT)


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("12. März 2019 Dienstag", "12 March 2019 Tuesday"),
        ("Donnerstag, 3. Januar 2019 7:30 Uhr", "3 January 2019 Thursday 7:30 Uhr"),
        ("le 1er août 2019", "1 August 2019"),
        ("el jueves 17 de diciembre de 2015", "17 December 2015 Thursday"),
        ("12 March 2019 Tuesday", "12 March 2019 Tuesday"),
        ("mars 2019", "mars 2019"),
        ("12 Mumble 2019", "12 Mumble 2019"),
    ],
)
def test_only_whole_dates_are_translated(text: str, english: str) -> None:
    assert in_english(text) == english
