"""Dates in other languages, as databases write them on English articles too: '12. März 2019 Dienstag'.

Only for forms whose dates are written by a program, in a language that it was set to. Elsewhere a date in
another language is quarantined, so that it is noticed.
"""

from __future__ import annotations

import re

from ontherecord.flows.landing.dates import MONTHS, WEEKDAYS

# German, French, Spanish, Dutch and Italian, in the order of the year and of the week.
_MONTHS = (
    ("januar", "jänner", "janvier", "janv", "enero", "januari", "gennaio"),
    ("februar", "feber", "février", "févr", "febrero", "februari", "febbraio"),
    ("märz", "mars", "marzo", "maart"),
    ("avril", "avr", "abril", "aprile"),
    ("mai", "mayo", "mei", "maggio"),
    ("juni", "juin", "junio", "giugno"),
    ("juli", "juillet", "juil", "julio", "luglio"),
    ("august", "août", "agosto", "augustus"),
    ("septembre", "septiembre", "setiembre", "settembre"),
    ("oktober", "octobre", "octubre", "ottobre"),
    ("novembre", "noviembre"),
    ("dezember", "décembre", "déc", "diciembre", "dicembre"),
)
_WEEKDAYS = (
    ("montag", "lundi", "lunes", "maandag", "lunedì"),
    ("dienstag", "mardi", "martes", "dinsdag", "martedì"),
    ("mittwoch", "mercredi", "miércoles", "woensdag", "mercoledì"),
    ("donnerstag", "jeudi", "jueves", "donderdag", "giovedì"),
    ("freitag", "vendredi", "viernes", "vrijdag", "venerdì"),
    ("samstag", "sonnabend", "samedi", "sábado", "zaterdag", "sabato"),
    ("sonntag", "dimanche", "domingo", "zondag", "domenica"),
)
_ENGLISH = {
    name: english.title()
    for names, all_english in ((_MONTHS, MONTHS), (_WEEKDAYS, WEEKDAYS))
    for some, english in zip(names, all_english, strict=True)
    for name in (*some, english)
}


def _any_of(names: tuple[tuple[str, ...], ...], english: tuple[str, ...]) -> str:
    every = sorted({name for some in names for name in some} | set(english), key=len, reverse=True)
    return "|".join(every)


_WEEKDAY = _any_of(_WEEKDAYS, WEEKDAYS)
_DATE = re.compile(
    rf"\s*(?:(?:el|le|den|op|am)\s+)?(?:(?P<before>{_WEEKDAY}),?\s+)?(?:(?:el|le|den)\s+)?"
    rf"(?P<day>\d{{1,2}})(?:\.|er\b|º)?\s+(?:de\s+)?(?P<month>{_any_of(_MONTHS, MONTHS)})\.?"
    rf"\s+(?:de\s+|del\s+)?(?P<year>\d{{4}})\b(?:,?\s+(?P<after>{_WEEKDAY})\b)?",
    re.IGNORECASE,
)


def in_english(text: str) -> str:
    """Return a text that begins with a date with this date in English, any other text as it is."""
    match = _DATE.match(text)
    if match is None or match["month"].lower() in MONTHS:
        return text
    weekday = match["before"] or match["after"]
    day = f"{int(match['day'])} {_ENGLISH[match['month'].lower()]} {match['year']}"
    return f"{day} {_ENGLISH[weekday.lower()]}{text[match.end() :]}" if weekday else day + text[match.end() :]
