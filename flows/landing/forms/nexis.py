"""Nexis: articles exported from Nexis, Nexis Uni or LexisNexis, as DOCX, RTF, HTML or text.

Takes both layouts: the present one, in which `Body` and `End of Document` stand around each text, and the
older one with `1 of 10 DOCUMENTS` above each article. Section, byline, length, language and load date become
headers, the cover page is left out. Fewer articles than it announces give the warning `articles_missing` on
each. DOCX and RTF need `pip install 'ontherecord[documents]'`.

    Tram leaves on time
    Marsalin Post
    December 20, 2015 Sunday
    Copyright 2015 Marsalin Post
    Section: LOCAL; Pg. 4
    Byline: Ada Novello
    Body
    The first tram …
    Load-Date: December 20, 2015
    End of Document

Labels and dates may be German, French, Spanish, Dutch or Italian, as the program or the paper is: `Dokument 1
von 10`, `LÄNGE: 512 Wörter`, `12. März 2019 Dienstag`.

It cannot read exports of result lists without full text, or PDF exports (choose DOCX).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ontherecord.flows.landing.forms.deliver import bad_article, failure, make_article
from ontherecord.flows.landing.forms.documents import Document, is_rtf, may_be_export, read_document
from ontherecord.flows.landing.forms.foreign_dates import in_english
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import RawFile

NAME = "nexis"
SUFFIXES: tuple[str, ...] = ()

_MARK = re.compile(
    r"\s*(?:(?P<number>\d+) of (?P<total>\d+) DOCUMENTS?"
    r"|(?:Do[ck]ument|Documento)\s+(?P<number2>\d+)\s+(?:von|de|van|di)\s+(?P<total2>\d+))\s*",
    re.IGNORECASE,
)
_END_WORDS = (
    r"(?:End of Document|Ende des Dokuments|Fin du document|Fin del documento|Fine del documento|"
    r"Einde (?:van )?(?:het )?document)"
)
_END = re.compile(rf"\s*{_END_WORDS}\s*")
_BODY = re.compile(
    r"\s*(?:Body|Textkörper|Hauptteil|Volltext|Corps(?: du texte)?|Cuerpo|Corpo|Hoofdtekst)\s*"
)
_COVER_COUNT = re.compile(
    r"\s*(?:(?:Do[ck]uments?|Dokumente|Documentos?|Documenten|Documenti)\s*\((?P<count>\d+)\)"
    r"|Download Request:.*?(?P<first>\d+)-(?P<last>\d+))\s*"
)
# Labels above the text and below it. Only these: a text may begin 'LONDON: …'.
_ABOVE = frozenset((
    "byline", "section", "length", "dateline", "highlight", "headline", "series", "edition", "source",
    "distribution", "type", "columnist", "body",
    "autor", "rubrik", "länge", "überschrift", "ausgabe", "quelle", "serie",
    "auteur", "rubrique", "longueur", "titre", "encart", "édition",
    "sección", "longitud", "título", "titular", "edición",
    "rubriek", "lengte", "titel", "editie",
    "autore", "sezione", "lunghezza", "titolo", "edizione",
))  # fmt: skip
_BELOW = frozenset((
    "load-date", "language", "graphic", "publication-type", "journal-code", "subject", "organization",
    "company", "person", "ticker", "industry", "city", "state", "country", "geographic", "url", "correction",
    "correction-date", "notes", "acc-no", "document-type", "photo", "time-of-day", "sub-subject",
    "sub-geographic", "isbn", "issn", "publication-id", "series", "publisher", "update",
    "ladedatum", "sprache", "grafik", "publikationstyp", "zeitungs-code", "verlag", "schlagwörter",
    "date-chargement", "date de chargement", "langue", "graphique", "type-publication",
    "type de publication", "code-revue", "sujet",
    "fecha-carga", "fecha de carga", "idioma", "gráfico", "tipo-publicación", "tipo de publicación",
    "laaddatum", "laad-datum", "taal", "publicatietype", "uitgever",
    "data-caricamento", "lingua", "grafico", "tipo-pubblicazione",
))  # fmt: skip
_HEADLINES = frozenset(("headline", "überschrift", "titre", "título", "titular", "titel", "titolo"))
_FIELD = re.compile(r"\s*(?P<name>[^\W\d_]+(?:[- ][^\W\d_]+){0,3})\s?:\s*(?P<value>.*)")
_COPYRIGHT = re.compile(
    r"\s*(?:Copyright\b|\(c\)|©|All Rights Reserved|Alle Rechte vorbehalten|Tous droits réservés|"
    r"(?:Todos los )?derechos reservados|Alle rechten voorbehouden|Tutti i diritti riservati).*",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\s*(?P<date>(?:(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"\s+\d{1,2},?\s+\d{4}|\d{1,2}\s+(?:January|February|March|April|May|June|July|August|September|October|November|"
    r"December),?\s+\d{4})(?:,?\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)?"
    r"(?:,?\s+\d{1,2}:\d\d(?::\d\d)?\s*(?:[AP]M)?(?:\s+[A-Z]{2,5})?)?)(?P<more>.*)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://\S+")
# The same marks in the bytes of a file of any encoding, without letters that encodings differ in.
_MARK_BYTES = re.compile(
    rb"\d+ of \d+ DOCUMENTS?\b|\b(?:Do[ck]ument|Documento)\s+\d+\s+(?:von|de|van|di)\s+\d+\b", re.IGNORECASE
)
_LABEL_BYTES = re.compile(
    rb"LENGTH:|LOAD-DATE|BYLINE:|Download Request|SPRACHE\s?:|NGE\s?:|LONGUEUR|LANGUE\b|LONGITUD|IDIOMA|"
    rb"LENGTE|LUNGHEZZA"
)
_END_BYTES = re.compile(rb"(?:^|>|\n|\\par\s?)\s*" + _END_WORDS.encode("ascii"))
_LOADED_BYTES = re.compile(
    rb"Load-Date|Ladedatum|Date(?:-| de )chargement|Fecha(?:-| de )carga|Laad-?datum|"
    rb"Data(?:-| di )caricamento"
)
# A download of the older Nexis had at most as many; more are in several files.
_MOST_IN_FILE = 500


def is_form(content: bytes, name: str) -> bool:
    """Say whether a text, page or RTF file has the marks of an export."""
    if not may_be_export(content, name):
        return False
    text = content[:200_000]
    if _MARK_BYTES.search(text) and _LABEL_BYTES.search(text):
        return True
    return (_END_BYTES.search(text) is not None and _LOADED_BYTES.search(text) is not None) or (
        is_rtf(content) and b"Job Number:" in text and b"Documents (" in text
    )


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the articles of an export.

    Raises BadDelivery if the file cannot be read, or has none (`no_article`).
    """
    yield from read_lines(read_document(raw.content, raw.landed.source_path))


def is_export(document: Document) -> bool:
    """Say whether the lines of a document are an export."""
    return any(_END.fullmatch(line) for line in document.lines) or any(
        _MARK.fullmatch(line) for line in document.lines
    )


def read_lines(document: Document) -> Iterator[RawArticle | BadArticle]:
    """Yield the articles of an export's lines."""
    marks = [at for at, line in enumerate(document.lines) if _MARK.fullmatch(line)]
    found = list(_read_older(document, marks) if marks else _read_present(document))
    if not found:
        raise BadDelivery(
            failure(
                "no_article", None, "The export has no article. Export the full text of the documents again."
            )
        )
    missing = _is_short(document, marks, len(found))
    for article in found:
        if missing and isinstance(article, RawArticle):
            repairs = tuple(sorted({*article.repairs, "articles_missing"}))
            article = RawArticle(article.number, article.key, article.headers, article.body, repairs)
        yield article


def _is_short(document: Document, marks: list[int], found: int) -> bool:
    """Say whether the cover, or the marks, announce more articles than there are."""
    for line in document.lines[: marks[0] if marks else 2_000]:
        if match := _COVER_COUNT.fullmatch(line):
            first, last = match["first"], match["last"]
            return found < (int(match["count"]) if match["count"] else int(last) - int(first) + 1)
    matches = [match for at in marks if (match := _MARK.fullmatch(document.lines[at]))]
    pairs = [(match["number"] or match["number2"], match["total"] or match["total2"]) for match in matches]
    numbers = [int(number) for number, _ in pairs]
    if not numbers:
        return False
    whole = numbers[0] == 1 and int(pairs[0][1]) <= _MOST_IN_FILE
    return numbers != list(range(numbers[0], numbers[0] + found)) or (whole and found < int(pairs[0][1]))


# The present layout


def _read_present(document: Document) -> Iterator[RawArticle | BadArticle]:
    start = number = 0
    for end, line in enumerate(document.lines):
        if _END.fullmatch(line):
            number += 1
            yield _present_article(number, document, start, end)
            start = end + 1
    if any(_BODY.fullmatch(line) for line in document.lines[start:]):
        # The last one is cut off: its end is missing.
        yield _unreadable(number + 1, document.lines[start:], "it has no end")


def _present_article(number: int, document: Document, start: int, end: int) -> RawArticle | BadArticle:
    lines = document.lines
    body = next((at for at in range(start, end) if _BODY.fullmatch(lines[at])), None)
    if body is None:
        return _unreadable(number, lines[start:end], "it has no text")
    dated = [
        at
        for at in range(start, body)
        if (match := _DATE.fullmatch(in_english(lines[at]))) and len(match["more"]) < 60
    ]
    filled = [at for at in range(start, body) if lines[at].strip()]
    # The paper stands right above the date, the headline above the paper; on the first page the cover comes
    # before.
    top = [at for at in filled if dated and at < dated[-1]]
    if not dated or len(top) < 2:
        return _unreadable(
            number, lines[start:end], "its headline, paper and date are not where they should be"
        )
    title = " ".join(lines[at].strip() for at in (top[:-1] if number > 1 else top[-2:-1]))
    headers = [("title", title), ("publication", lines[top[-1]]), *_date_headers(lines[dated[-1]])]
    headers += [pair for at in range(dated[-1] + 1, body) if (pair := _field(lines[at], _ABOVE))]
    stop = next((at for at in range(body + 1, end) if _is_below(lines[at])), end)
    headers += _fields_below(lines[stop:end])
    text = document.paragraphs(body + 1, stop)
    return make_article(number, None, *_with_address(headers, text), document.repairs)


def _is_below(line: str) -> bool:
    return (
        re.fullmatch(
            r"\s*(?:Classification|Graphic|Klassifizierung|Grafik|Clasificación|Classificatie)\s*", line
        )
        is not None
        or _field(line, _BELOW) is not None
    )


# The older layout


def _read_older(document: Document, marks: list[int]) -> Iterator[RawArticle | BadArticle]:
    for number, (start, end) in enumerate(
        zip(marks, [*marks[1:], len(document.lines)], strict=True), start=1
    ):
        yield _older_article(number, document, start + 1, end)


def _older_article(number: int, document: Document, start: int, end: int) -> RawArticle | BadArticle:
    lines = document.lines
    # Articles of some papers have their copyright above the headline.
    dated = next(
        (at for at in range(start, min(start + 30, end)) if _DATE.match(in_english(lines[at]))), None
    )
    if dated is None:
        return _unreadable(number, lines[start:end], "it has no date")
    headers = [("publication", _paper(lines[start:dated])), *_date_headers(lines[dated])]
    at = dated + 1
    while at < end and lines[at].strip():  # the edition, below the date
        headers.append(("edition", lines[at]))
        at += 1
    fields = [i for i in range(at, end) if _field(lines[i], _ABOVE)]
    first = fields[0] if fields else at
    title = [line.strip() for line in lines[at:first] if line.strip() and not _COPYRIGHT.fullmatch(line)]
    if not fields and title:  # no label at all: the headline is the first line
        first = next(i for i in range(at, end) if lines[i].strip()) + 1
        title = title[:1]
    headers.append(("title", " ".join(title)))
    body = first
    while body < end and (not lines[body].strip() or (pair := _field(lines[body], _ABOVE))):
        if lines[body].strip() and pair:
            name, value = pair
            if name.lower() == "body":
                # Exports with chosen segments label headline and text too: below this label begins the text.
                lines = (*lines[:body], value, *lines[body + 1 :])
                break
            while body + 1 < end and lines[body + 1].strip() and not _field(lines[body + 1], _ABOVE):
                body += 1
                value += f" {lines[body].strip()}"
            if name.lower() in _HEADLINES:
                headers = [("title", value) if n == "title" and not v else (n, v) for n, v in headers]
            headers.append((name, value))
        body += 1
    stop = next(
        (
            i
            for i in range(body, end)
            if _field(lines[i], _BELOW) or re.match(r"\s*Copyright \d{4}", lines[i])
        ),
        end,
    )
    headers += _fields_below(lines[stop:end])
    text = Document(lines, document.is_wrapped).paragraphs(body, stop)
    return make_article(number, None, *_with_address(headers, text), document.repairs)


def _paper(lines: tuple[str, ...]) -> str:
    """Return the paper's name in the lines above a date, without a copyright of several lines."""
    blocks = [block for block in _blocks(lines) if not _COPYRIGHT.fullmatch(block[0])]
    if not blocks:  # copyright and paper stand together
        blocks = [[line for line in block if not _COPYRIGHT.fullmatch(line)] for block in _blocks(lines)]
    return " ".join(line.strip() for block in blocks for line in block)


def _blocks(lines: tuple[str, ...]) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


# Both


def _with_address(headers: list[tuple[str, str]], text: list[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """Return headers and text without the article's address, which some papers have as their last line."""
    if len(text) > 1 and _ADDRESS.fullmatch(text[-1].strip()):
        return [*headers, ("url", text[-1].strip())], text[:-1]
    return headers, text


def _date_headers(line: str) -> list[tuple[str, str]]:
    match = _DATE.match(in_english(line))
    if match is None:
        return []
    edition = match["more"].strip(" ,;")
    return [("date", match["date"]), *([("edition", edition)] if edition else [])]


def _field(line: str, names: frozenset[str]) -> tuple[str, str] | None:
    match = _FIELD.fullmatch(line)
    return (match["name"], match["value"].strip()) if match and match["name"].lower() in names else None


def _fields_below(lines: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the fields below a text; their values go on in the lines below them."""
    found: list[tuple[str, str]] = []
    is_open = False
    for line in lines:
        if pair := _field(line, _BELOW):
            found.append(pair)
            is_open = True
        elif not line.strip() or _COPYRIGHT.fullmatch(line):
            is_open = False
        elif is_open:
            name, value = found[-1]
            found[-1] = name, f"{value} {line.strip()}"
    return found


def _unreadable(number: int, lines: tuple[str, ...], why: str) -> BadArticle:
    text = next((line for line in lines if line.strip()), "")
    message = f"Article {number} of the export cannot be read: {why}. Export it again, with its full text."
    return bad_article(number, None, "article_unreadable", text, message)
