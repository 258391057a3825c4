"""Front matter: a text, often Markdown, below a block of YAML, TOML or JSON, of a static site generator.

Takes what Jekyll, Hugo, Zola, Eleventy and trafilatura's text output write: YAML between lines of `---`, TOML
between lines of `+++`, a JSON object. Markdown's signs, links and pictures are left out of the text.

    ---
    title: Tram leaves on time
    date: 2015-12-20 01:00:00 +0100
    authors: [Ada Novello]
    ---
    The first tram to run in Marsalin since 1957 left the Old Port on Saturday. …

It cannot run templates: what `{% include %}` would bring is missing. Anchors and aliases of YAML are refused.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from ontherecord.flows.landing.decode import decode_markup
from ontherecord.flows.landing.forms.deliver import failure, make_article
from ontherecord.flows.landing.forms.markdown import SUFFIXES as MARKDOWN
from ontherecord.flows.landing.forms.markdown import read_markdown
from ontherecord.flows.landing.forms.markup import is_markup, paragraphs_of
from ontherecord.flows.landing.forms.nested import flatten
from ontherecord.flows.landing.forms.plain_article import paragraphs_of_text
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.flows.landing.forms.release_end import without_notes
from ontherecord.flows.landing.header_names import HeaderNames, is_known
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import RawFile

NAME = "front-matter"
SUFFIXES: tuple[str, ...] = ()

# Eleventy names the language behind the first line: `---json`.
_START = re.compile(r"\s{0,20}(?P<fence>---|\+\+\+)(?P<kind>json|toml|yaml)?[ \t]*\n")
_FIRST = re.compile(
    rb"[\s\xef\xbb\xbf]{0,20}(?:---[ \t]*\r?\n(?:\s*#[^\n]*\n)*\s*[\w\"'.-]+\s*:"
    rb"|\+\+\+[ \t]*\r?\n\s*(?:[\w\"'.-]+\s*=|\[|#)|---(?:json|toml|yaml)[ \t]*\r?\n)"
)
# A text below an object of JSON, not another object or what goes on in an array.
_BELOW = re.compile(r"[ \t]*\n\s*[^\s\[\]{},]")
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, strict=False)
# Jekyll reads the date of a post without one from its name: 2016-07-13-new-commissioner.md.
_TOML_LINE = re.compile(r"line (\d+), column (\d+)")
_DATED_NAME = re.compile(r"(?:19|20)\d\d-[01]\d-[0-3]\d(?=-)")
# Obsidian's link to a note on a person: `[[Ada Novello]]`.
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|]{1,200}\|)?([^\[\]|]{1,200})\]\]")
_LINE = re.compile(r"(?P<name>[A-Za-z][\w .-]{0,40}?)\s*:\s+(?P<value>\S.*)")


# Names of tables, in which a text below an object is a row that is damaged.
_JSON_SUFFIXES = (".json", ".jsonl", ".ndjson", ".jl", ".gz")
# A block of JSON is looked for in so many bytes.
_JSON_BYTES = 20_000


class _TextLoader(yaml.BaseLoader):
    """Loads all values as text: a date stays as it is written, `no` stays a word."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias")  # nested ones would unfold to more than memory holds
        return super().compose_node(parent, index)


def is_form(content: bytes, name: str) -> bool:
    """Say whether a file begins with front matter."""
    if _FIRST.match(content):
        return True
    if name.lower().endswith(_JSON_SUFFIXES):
        return False
    text = content[:_JSON_BYTES].decode("utf-8", "replace").lstrip("\ufeff \r\n\t").replace("\r\n", "\n")
    found = _json_block(text)
    if found is None or _BELOW.match(text, found[1]) is None:
        return False
    names = list(found[0])
    return any(map(is_known, names)) and not HeaderNames().text_names(names)


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the one article of a file.

    Raises BadDelivery if the front matter has no end or is no TOML (`front_matter_unreadable`), or says that
    it is a draft (`not_published`).
    """
    text, repairs = decode_markup(raw.content)
    from_block = text.lstrip("\ufeff \n\t")
    if found := _json_block(from_block):
        yield _article(raw, found[0], from_block[found[1] :], repairs)
        return
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
    kind = start["kind"] or ("toml" if start["fence"] == "+++" else "yaml")
    values, more = _LOADERS[kind](block)
    yield _article(raw, values, below, (*repairs, *more))


def _article(raw: RawFile, values: Mapping[str, Any], below: str, repairs: tuple[str, ...]) -> RawArticle:
    """Return the article of the values of a block and the text below it.

    Raises BadDelivery (`not_published`) if they say that it is a draft.
    """
    headers = [(name, value) for name, value in flatten(values) if not HeaderNames().text_names([name])]
    is_markdown = raw.landed.source_path.lower().endswith(MARKDOWN)
    if is_markdown:
        body = read_markdown(below)
    else:
        body = paragraphs_of(below) if is_markup(below) else paragraphs_of_text(below.split("\n"))
    names = HeaderNames()
    pairs = [(name, _WIKI_LINK.sub(r"\1", value)) for name, value in headers if value is not None]
    given = {name.casefold(): value.casefold() for name, value in pairs}
    if given.get("draft") == "true" or given.get("published") == "false":
        message = "The front matter says that this is a draft. Deliver it once it is published."
        raise BadDelivery(failure("not_published", dict(pairs).get("title"), message))
    if not names.interpret(pairs).date and (
        named := _DATED_NAME.match(raw.landed.source_path.rpartition("/")[2])
    ):
        pairs.append(("date", named[0]))
        repairs = (*repairs, "date_from_name")
    body, more = without_notes(body)
    return make_article(1, names.key(pairs), pairs, body, (*repairs, *more))


def _json_block(text: str) -> tuple[dict[str, Any], int] | None:
    """Return the object of JSON that a text begins with, and where it ends; None if there is none."""
    if not text.startswith("{"):
        return None
    try:
        values, end = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return (values, end) if isinstance(values, dict) else None


def _load_json(block: str) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    found = _json_block(block.strip())
    if found is None:
        raise BadDelivery(_unreadable(block, "it is no JSON. Correct it"))
    return found[0], ()


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


_LOADERS = {"json": _load_json, "toml": _load_toml, "yaml": _load_yaml}


def _unreadable(value: str, why: str) -> Any:
    return failure(
        "front_matter_unreadable", value, f"The block at the top of the file cannot be read: {why}."
    )
