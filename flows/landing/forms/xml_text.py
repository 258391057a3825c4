"""XML that comes from outside: read without entities, and its elements by their local names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from ontherecord.flows.landing.damage import name_damage
from ontherecord.flows.landing.forms.deliver import failure
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Failure

# XML with a level for each of its bytes is made to exhaust the stack; documents have a few dozen.
_LEVELS = 200


def parse_xml(content: bytes) -> Any:
    """Return the root of a document.

    A document type without declarations of its own is allowed and not fetched, entities are not.

    Raises BadDelivery (`xml_unreadable`) if the XML is damaged, declares entities or is too deep.
    """
    try:
        # The BOM and blanks before the declaration are common and not allowed.
        root = ElementTree.fromstring(
            content.lstrip(b"\xef\xbb\xbf \r\n\t"), forbid_entities=True, forbid_external=False
        )
    except DefusedXmlException as error:
        message = "The XML declares entities, which can hide other files in it. Deliver it without a DOCTYPE."
        raise BadDelivery(failure("xml_unreadable", "a DOCTYPE with entities", message)) from error
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
        raise BadDelivery(_unreadable(name_damage(error))) from error
    if _is_deep(root):
        raise BadDelivery(_unreadable(f"it has more than {_LEVELS} levels, and no document has"))
    return root


def _unreadable(why: str) -> Failure:
    message = "The file is no valid XML, or is cut off. Deliver it again, complete."
    return failure("xml_unreadable", why, message)


def _is_deep(root: Any) -> bool:
    level = [root]
    for _ in range(_LEVELS):
        level = [child for element in level for child in element]
        if not level:
            return False
    return True


def tag(element: Any) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Any, name: str) -> str | None:
    """Return an attribute, whatever its namespace."""
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def all_of(element: Any, *names: str) -> Iterator[Any]:
    """Yield the elements of these names at any depth, in document order."""
    return (found for found in element.iter() if tag(found) in names)


def items_of(content: bytes, name: str) -> list[Any]:
    """Return the news items of a document, at least one.

    Raises BadDelivery if it is no valid XML (`xml_unreadable`) or has no item (`no_article`).
    """
    root = parse_xml(content)
    items = list(all_of(root, name))
    if not items:
        message = "The file has no news item. Deliver the items themselves."
        raise BadDelivery(failure("no_article", tag(root), message))
    return items


def first_of(element: Any, *path: str) -> Any:
    """Return the first element along a path of names, each at any depth below the last, or None."""
    for name in path:
        if element is None:
            return None
        element = next((found for found in all_of(element, name) if found is not element), None)
    return element


def text_of(element: Any) -> str | None:
    """Return the text of an element, with single spaces; None if it has none."""
    text = " ".join("".join(element.itertext()).split()) if element is not None else ""
    return text or None


def blocks_of(element: Any, blocks: Iterable[str], skipped: Iterable[str] = ()) -> Iterator[str]:
    """Yield the text of each block in an element; text outside of blocks is one too."""
    blocks, skipped = frozenset(blocks), frozenset(skipped)
    parts: list[str] = []

    def flush() -> Iterator[str]:
        if text := " ".join("".join(parts).split()):
            yield text
        parts.clear()

    def walk(node: Any) -> Iterator[str]:
        is_block = tag(node) in blocks
        if is_block:
            yield from flush()
        if tag(node) not in skipped:
            parts.append(node.text or "")
            for child in node:
                yield from walk(child)
                parts.append(child.tail or "")
        if is_block:
            yield from flush()

    yield from walk(element)
    yield from flush()
