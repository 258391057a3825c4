"""Nested values: names joined by dots (`fields.bodyText`), lists of texts as one value."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ontherecord.flows.landing.header_names import HeaderNames, is_known

# Blocks of Arc XP's ANS that have text of the article.
_TEXT_BLOCKS = frozenset(("text", "header", "quote", "list", "list_element", "paragraph"))
# Deeper ones are no article's; a file may be made to be deep.
_LEVELS = 20


def load_json(line: str) -> Any:
    """Return what JSON says, numbers as they are written; None if it is no JSON."""
    try:
        return json.loads(line, parse_float=str, parse_int=str, parse_constant=str, strict=False)
    except (ValueError, RecursionError):
        return None


def flatten(
    record: Mapping[str, Any], above: str = "", levels: int = _LEVELS
) -> Iterator[tuple[str, str | None]]:
    """Yield names and values of a record, nested names joined by dots; a list of texts is JSON."""
    for name, value in record.items() if levels else ():
        path = f"{above}{name}"
        if is_known(path) and isinstance(value, dict | list) and (text := _text_of(path, value)) is not None:
            yield path, text
        elif isinstance(value, dict):
            yield from flatten(value, f"{path}.", levels - 1)
        elif isinstance(value, list):
            if value and all(isinstance(entry, dict) for entry in value):
                for entry in value:
                    if entry.get("isAgency") is True and isinstance(entry.get("name"), str):
                        yield "agency", entry["name"]  # Event Registry lists it among the authors
                    else:
                        yield from flatten(entry, f"{path}.", levels - 1)
            elif value:
                yield path, json.dumps(value, ensure_ascii=False)
        elif value is not None:
            yield path, "true" if value is True else "false" if value is False else str(value)


def _text_of(path: str, value: Any) -> str | None:
    """Return the text of a nested body, such as Fundus's summary and sections, one paragraph per line."""
    if not HeaderNames().text_names([path]):
        return None
    if isinstance(value, dict) and not {"summary", "sections", "paragraphs"} & set(value):
        return None
    if isinstance(value, list) and value and all(isinstance(block, dict) for block in value):
        return "\n".join(_blocks(value))
    return "\n".join(_strings(value))


def _blocks(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the text of blocks with a type, as Arc XP has them; pictures, videos and links are left out."""
    for block in blocks:
        if str(block.get("type", "text")) in _TEXT_BLOCKS:
            below = block.get("content_elements") or block.get("items")
            if isinstance(below, list) and below and all(isinstance(entry, dict) for entry in below):
                yield from _blocks(below)
            elif isinstance(text := block.get("content") or block.get("text"), str):
                yield text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for below in value.values() if isinstance(value, dict) else value:
            yield from _strings(below)
