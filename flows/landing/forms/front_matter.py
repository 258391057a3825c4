"""Front matter: a text, often Markdown, below a block of YAML or TOML, as static site generators have it.

Takes what Jekyll, Hugo, Zola, Eleventy and trafilatura's text output write: YAML between lines of `---`, TOML
between lines of `+++`. Markdown's signs, links and pictures are left out of the text.

    ---
    title: Tram leaves on time
    date: 2015-12-20 01:00:00 +0100
    authors: [Ada Novello]
    ---
    The first tram to run in Marsalin since 1957 left the Old Port on Saturday. …

It cannot run templates: what `{% include %}` would bring is missing. Anchors and aliases of YAML are refused.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from ontherecord.flows.landing.decode import decode_markup
from ontherecord.flows.landing.forms.deliver import failure, make_article
from ontherecord.flows.landing.forms.markdown import SUFFIXES as MARKDOWN
from ontherecord.flows.landing.forms.markdown import read_markdown
from ontherecord.flows.landing.forms.nested import flatten
from ontherecord.flows.landing.forms.plain_article import paragraphs_of_text
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.flows.landing.header_names import HeaderNames
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import RawFile

NAME = "front-matter"
SUFFIXES: tuple[str, ...] = ()

_START = re.compile(r"\s{0,20}(?P<fence>---|\+\+\+)[ \t]*\n")
_FIRST = re.compile(
    rb"[\s\xef\xbb\xbf]{0,20}(?:---[ \t]*\r?\n(?:\s*#[^\n]*\n)*\s*[\w\"'.-]+\s*:"
    rb"|\+\+\+[ \t]*\r?\n\s*(?:[\w\"'.-]+\s*=|\[|#))"
)
# Jekyll reads the date of a post without one from its name: 2016-07-13-new-commissioner.md.
_TOML_LINE = re.compile(r"line (\d+), column (\d+)")
_DATED_NAME = re.compile(r"(?:19|20)\d\d-[01]\d-[0-3]\d(?=-)")
_LINE = re.compile(r"(?P<name>[A-Za-z][\w .-]{0,40}?)\s*:\s+(?P<value>\S.*)")


class _TextLoader(yaml.BaseLoader):
    """Loads all values as text: a date stays as it is written, `no` stays a word."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias")  # nested ones would unfold to more than memory holds
        return super().compose_node(parent, index)


def is_form(content: bytes, name: str) -> bool:
    """Say whether a file begins with front matter."""
    return _FIRST.match(content) is not None


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the one article of a file.

    Raises BadDelivery if the front matter has no end or is no TOML (`front_matter_unreadable`).
    """
    text, repairs = decode_markup(raw.content)
    start = _START.match(text)
    end = (
        re.compile(rf"^{re.escape(start['fence'])}[ \t]*$", re.MULTILINE).search(text, start.end())
        if start
        else None
    )
    if start is None or end is None:
        raise BadDelivery(
            _unreadable(text[:100], "it has no end. Close it with a line like the one that opens it")
        )
    block, below = text[start.end() : end.start()], text[end.end() :]
    values, more = _load_toml(block) if start["fence"] == "+++" else _load_yaml(block)
    headers = [(name, value) for name, value in flatten(values) if not HeaderNames().text_names([name])]
    is_markdown = raw.landed.source_path.lower().endswith(MARKDOWN)
    body = read_markdown(below) if is_markdown else paragraphs_of_text(below.split("\n"))
    names = HeaderNames()
    pairs = [(name, value) for name, value in headers if value is not None]
    if not names.interpret(pairs).date and (
        named := _DATED_NAME.match(raw.landed.source_path.rpartition("/")[2])
    ):
        pairs.append(("date", named[0]))
        more = (*more, "date_from_name")
    yield make_article(1, names.key(pairs), pairs, body, (*repairs, *more))


def _load_toml(block: str) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    try:
        return tomllib.loads(block), ()
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = _TOML_LINE.search(str(error))
        # The fence is the first line of the file, and none of the block's.
        where = f"line {int(place[1]) + 1}, column {place[2]}" if place else "its end"
        raise BadDelivery(_unreadable(block, f"it is no TOML at {where}. Correct it")) from error


def _load_yaml(block: str) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Return names and values; where it is no YAML (`title: Tram: on time`), those of its plain lines."""
    try:
        values = yaml.load(block, Loader=_TextLoader)
        if isinstance(values, dict):
            return values, ()
    except (yaml.YAMLError, RecursionError, ValueError):
        pass
    found = (_LINE.fullmatch(line.rstrip()) for line in block.split("\n"))
    values = {match["name"]: match["value"].strip("\"'") for match in found if match}
    if not values:
        raise BadDelivery(_unreadable(block, "it is no YAML. Write a name, a colon and a value on each line"))
    return values, ("front_matter_repaired",)


def _unreadable(value: str, why: str) -> Any:
    return failure(
        "front_matter_unreadable", value, f"The block at the top of the file cannot be read: {why}."
    )
