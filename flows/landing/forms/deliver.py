"""Deliver an article as its form found it: one paragraph per line, values without line ends, all repaired."""

from __future__ import annotations

from collections.abc import Iterable

from ontherecord.flows.landing.decode import repair
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.warehouse.records import Failure

_SHOWN = 200


def make_article(
    number: int,
    key: str | None,
    headers: Iterable[tuple[str, str | None]],
    body: str | Iterable[str],
    repairs: Iterable[str] = (),
    text_name: str | None = None,
) -> RawArticle:
    """Return an article. `body` is a text whose lines are its paragraphs, or the paragraphs themselves.

    Headers without a value are left out; white space in values and around paragraphs is normalized.
    """
    found = set(repairs)
    kept = []
    for name, value in headers:
        if value is None:
            continue
        plain, more = repair(value)
        found.update(more)
        if plain := " ".join(plain.split()):
            kept.append((" ".join(name.split()), plain))
    text, more = repair(body if isinstance(body, str) else "\n".join(body))
    found.update(more)
    paragraphs = (paragraph.strip() for paragraph in text.replace("\r", "\n").split("\n"))
    key = " ".join(key.split()) if key else None
    body = "\n".join(filter(None, paragraphs))
    return RawArticle(number, key or None, tuple(kept), body, tuple(sorted(found)), text_name=text_name)


def without_headline(body: str, title: str | None) -> str:
    """Return a body without the headline that crawlers and word processors repeat as its first paragraph."""
    first, _, rest = body.partition("\n")
    return rest if title and rest and letters_of(first) == letters_of(title) else body


def letters_of(text: str) -> str:
    """Return the letters and digits of a text, case-folded, by which headlines and names are compared."""
    return "".join(filter(str.isalnum, text.casefold()))


def bad_article(number: int, key: str | None, rule: str, value: str | None, message: str) -> BadArticle:
    """Return an article that could not be read, with the rule that it breaks."""
    return BadArticle(number, key, failure(rule, value, message))


def failure(rule: str, value: str | None, message: str, column: str | None = None) -> Failure:
    """Return a failure; its value is shortened and on one line."""
    return Failure(rule, column, shorten(value) if value else None, message)


def shorten(value: str) -> str:
    value = " ".join(value.split())
    return value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"


def join_wrapped(lines: Iterable[str]) -> list[str]:
    """Return the paragraphs of text that is wrapped at a fixed width: blank lines part them."""
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            paragraphs[-1].append(line.strip())
        elif paragraphs[-1]:
            paragraphs.append([])
    return [" ".join(words) for words in paragraphs if words]
