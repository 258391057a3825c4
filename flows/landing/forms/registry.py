"""Registry: all forms, in the order in which they are tried, and the choice of one for a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from ontherecord.flows.landing.forms import headed_text, tables
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.warehouse.records import RawFile


@dataclass(frozen=True, slots=True)
class Form:
    """A form: a module of this folder, and the names of its files.

    `is_form` tells it by the first bytes of a file and its name in lower case. `holds` says how many
    articles a file has: the article of a file with `one` has the file's path, those of a file with `many`
    have their keys added; `either` depends on how many there are.
    """

    name: str
    suffixes: tuple[str, ...]
    is_form: Callable[[bytes, str], bool]
    read: Callable[[RawFile], Iterator[RawArticle | BadArticle]]
    holds: Literal["one", "many", "either"] = "either"


HEADED_TEXT = Form(headed_text.NAME, headed_text.SUFFIXES, headed_text.is_form, headed_text.read, "one")
# The first that recognizes a file's content reads it, else the first that has its suffix.
FORMS = (
    HEADED_TEXT,
    Form("json-lines", (".jsonl", ".ndjson"), tables.is_json_lines, tables.read_json_lines, "many"),
    Form("csv", (".csv", ".tsv"), tables.is_csv, tables.read_csv, "many"),
)
SUFFIXES = tuple(suffix for form in FORMS for suffix in form.suffixes)
MANY_SUFFIXES = tuple(suffix for form in FORMS if form.holds == "many" for suffix in form.suffixes)


def choose_form(head: bytes, name: str, wanted: str | None = None) -> Form:
    """Return the form of a file by its first bytes, then by its name; `wanted` overrules both.

    What no form takes is headed text, which says what is missing.

    Raises ValueError, naming the forms, if there is none of the wanted name.
    """
    if wanted is not None:
        return form_named(wanted)
    name = name.lower()
    by_content = (form for form in FORMS if form.is_form(head, name))
    by_name = (form for form in FORMS if name.endswith(form.suffixes))
    return next(by_content, None) or next(by_name, HEADED_TEXT)


def form_named(name: str) -> Form:
    """Return a form by its name. Raises ValueError, naming the forms, if there is none."""
    for form in FORMS:
        if form.name == name:
            return form
    raise ValueError(f"there is no form {name!r}; forms are {', '.join(form.name for form in FORMS)}")
