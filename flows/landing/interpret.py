"""Interpret an article as its form delivers it: headers become columns, the text becomes the body.

From here on all forms go the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from ontherecord.flows.landing.body import Body, count_words, read_body
from ontherecord.flows.landing.dates import ReadDate, read_date
from ontherecord.flows.landing.decode import repair
from ontherecord.flows.landing.embargo import read_embargo
from ontherecord.flows.landing.embargo_notice import UNREAD, read_notice
from ontherecord.flows.landing.file_types import refuse_page
from ontherecord.flows.landing.forms import headed_text, tables
from ontherecord.flows.landing.forms.raw_article import RawArticle
from ontherecord.flows.landing.header_names import HeaderNames, Headers
from ontherecord.flows.landing.languages import ENGLISH, language
from ontherecord.flows.landing.read import MAX_BYTES, too_large
from ontherecord.flows.landing.reading import Reading
from ontherecord.flows.landing.wrong_body import Judgement, judge_body
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Delivery, Failure, RawFile

# Headers that are compared: two values that differ are a conflict, of which none can be chosen.
_COMPARED = ("title", "supertitle", "section", "date")
# The rule that an article in another language breaks, or the warning that it gets.
NOT_READ = "language_not_read"
# What other forms write as they please: only of headed text one way to write it is expected.
_OF_HEADED_TEXT = frozenset(("date_repaired", "date_zone"))


class Embargo(NamedTuple):
    """An embargo as delivered, its end in UTC, and the warning of a notice that cannot be read."""

    text: str | None
    until: datetime | None
    warnings: tuple[str, ...] = ()


def interpret(raw: RawFile, article: RawArticle, form: str, reading: Reading) -> Delivery:
    """Return an article's delivery, with a warning for every repair.

    A headline repeated at the start of the body is dropped; dateline, agency and byline become columns, and
    marks for the desks are dropped. Otherwise the body is the text as delivered, one paragraph per line,
    without blank lines and white space around paragraphs. Headers that fill no column are kept under their
    own names.

    An article without the header of an embargo is held by a notice that gives a day, and has the warning
    `embargo_unread` if its notice gives none.

    A body that is no article is told by `body_problem`, and what may be wrong with one by warnings
    (wrong_body.py).

    An article in another language than English has the warning `language_not_read`: names and quotes are not
    looked for in it.

    Raises BadDelivery if the text is too large for an article, is a web page, or in a language that the
    settings have quarantined (`language_not_read`).
    """
    if len(article.body) > MAX_BYTES:
        raise BadDelivery(too_large(len(article.body)))
    text, repairs = repair(article.body)
    headers = _headers(article, reading)
    body = read_body(text, headers.title)
    if failure := refuse_page("\n".join(body.text.split("\n", 20)[:20])):
        raise BadDelivery(failure)
    date = _date(headers.date, form, reading)
    embargo = _embargo(article, headers, text, date, reading)
    its_language = headers.language or _told_language(body)
    # A wrong header is more likely than English words in another language.
    is_read = its_language in (None, ENGLISH) or body.is_english is True
    if not is_read and reading.other_languages == "quarantine":
        raise BadDelivery(_language_not_read(its_language))
    judged = judge_body(body.title, body.text.split("\n") if body.text else [])
    if judged.problem and reading.wrong_bodies == "load":
        judged = Judgement(None, (judged.problem,))
    more = (*embargo.warnings, *judged.warnings, *(() if is_read else (NOT_READ,)))
    return Delivery(
        raw=raw,
        title=body.title,
        supertitle=headers.supertitle,
        section=headers.section,
        date_text=headers.date,
        published_at=date.published_at,
        date_problem=date.problem,
        dateline=body.dateline or headers.dateline,
        agency=body.agency or headers.agency,
        body=body.text,
        word_count=count_words(body.text),
        conflicts=tuple(found for found in headers.conflicts if found[0] in _COMPARED),
        warnings=tuple(sorted({*article.repairs, *repairs, *body.warnings, *date.warnings, *more})),
        outlet=headers.outlet or _default_outlet(raw, reading),
        url=headers.url,
        authors=headers.authors,
        byline=headers.byline or body.byline,
        language=its_language,
        headers=_as_map(headers.rest),
        form=form,
        date_readings=date.name_readings(),
        published_at_utc=date.published_at_utc,
        is_read=is_read,
        embargo=embargo.text,
        embargo_until=embargo.until,
        body_problem=judged.problem,
    )


def _told_language(body: Body) -> str | None:
    """Return the language of a body; None if it cannot be told.

    Most texts are told by their commonest words. What these leave open costs a model of 80 MB.
    """
    return ENGLISH if body.is_english else language(body.text)


def _language_not_read(code: str | None) -> Failure:
    return Failure(
        NOT_READ,
        "language",
        code,
        "The article is not in English. To load such articles, without names and quotes, set "
        '`other_languages = "load"`.',
    )


def title_and_date(article: RawArticle, reading: Reading) -> tuple[str, str]:
    """Return an article's headline and date as delivered, empty if it has none."""
    headers = _headers(article, reading)
    return headers.title or "", headers.date or ""


def _headers(article: RawArticle, reading: Reading) -> Headers:
    return HeaderNames(reading.columns).interpret(_given(article))


def _given(article: RawArticle) -> Iterator[tuple[str, str]]:
    return ((repair(name)[0], " ".join(repair(value)[0].split())) for name, value in article.headers)


def _date(text: str | None, form: str, reading: Reading) -> ReadDate:
    if not text:
        return ReadDate(None)
    date = read_date(text, first=reading.first_number, numbers=form == tables.NAME)
    if form == headed_text.NAME:
        return date
    return replace(date, warnings=tuple(w for w in date.warnings if w not in _OF_HEADED_TEXT))


def _embargo(article: RawArticle, headers: Headers, text: str, date: ReadDate, reading: Reading) -> Embargo:
    """Return the embargo of the header, else of a notice in the headlines or at the top of the text."""
    given, until = read_embargo(HeaderNames(reading.columns).embargo(_given(article)))
    if given is not None:
        return Embargo(given, until)
    headlines = (headers.title, headers.supertitle)
    notice = read_notice(headlines, text, date.published_at, reading.first_number)
    if notice is None:
        return Embargo(None, None)
    return Embargo(notice.text, notice.until) if notice.until else Embargo(None, None, (UNREAD,))


def _default_outlet(raw: RawFile, reading: Reading) -> str | None:
    if reading.outlet:
        return reading.outlet
    folder, separator, _ = raw.landed.source_path.partition("/")
    return folder if reading.outlet_from_folder and separator else None


def _as_map(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return headers by name, each once; the values of a repeated one are on lines of their own."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name, []).append(value)
    return tuple((name, "\n".join(values)) for name, values in found.items())
