"""News agencies: who signs a text, under one name each."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

# Between agencies that sign together: 'AFP/DPA', 'AFP + AP'.
_BETWEEN = re.compile(r"\s?[/&+]\s?|\s(?:and|with)\s")


@cache
def _names() -> dict[str, str]:
    """Return each form of an agency's name, and the name."""
    text = files("ontherecord.flows.furniture").joinpath("agencies.txt").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for line in text.splitlines():
        forms = [form.strip() for form in line.split("#", 1)[0].split("|")]
        found |= dict.fromkeys(forms, forms[0])
    found.pop("", None)
    return found


def is_agency(text: str) -> bool:
    """Say whether a text is the name of a well-known agency, or of several that sign together."""
    return all(part in _names() for part in _BETWEEN.split(text))


def agency_name(text: str) -> str:
    """Return the name under which an agency is kept, or what is written if it is not well known."""
    return _names().get(text, text)
