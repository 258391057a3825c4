"""Registry: all forms, in the order in which they are tried, and the choice of one for a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, Protocol

from ontherecord.flows.landing.forms import (
    europresse,
    factiva,
    feed,
    front_matter,
    headed_text,
    headline_text,
    html_page,
    key_value,
    mail,
    newsml_1,
    newsml_g2,
    nexis,
    ninjs,
    nitf,
    pdf,
    proquest,
    proquest_tdm,
    reuters_21578,
    tables,
    trafilatura_xml,
    warc,
    word,
)
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.warehouse.records import RawFile


class _Module(Protocol):
    NAME: str

    @property
    def SUFFIXES(self) -> tuple[str, ...]: ...  # noqa: N802

    def is_form(self, content: bytes, name: str) -> bool: ...

    def read(self, raw: RawFile) -> Iterator[RawArticle | BadArticle]: ...


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


def _form(module: _Module, holds: Literal["one", "many", "either"] = "either") -> Form:
    return Form(module.NAME, module.SUFFIXES, module.is_form, module.read, holds)


HEADED_TEXT = _form(headed_text, "one")
# The first that recognizes a file's content reads it, else the first that has its suffix: what an agency or
# a database writes is told before what anybody may write.
FORMS = (
    HEADED_TEXT,
    _form(nexis),
    _form(factiva),
    _form(proquest),
    _form(proquest_tdm),
    _form(europresse),
    _form(word),
    _form(pdf, "one"),
    _form(warc),
    _form(feed),
    _form(newsml_g2),
    _form(newsml_1),
    _form(nitf),
    _form(reuters_21578),
    _form(trafilatura_xml),
    _form(ninjs),
    _form(html_page, "one"),
    _form(mail),
    _form(front_matter, "one"),
    _form(tables, "many"),
    _form(key_value, "one"),
    _form(headline_text, "one"),
)
_SUFFIXES = tuple(dict.fromkeys(suffix for form in FORMS for suffix in form.suffixes))
# Of files that their forms read packed; all others are unpacked before.
PACKED_SUFFIXES = tuple(suffix for suffix in _SUFFIXES if suffix.endswith(".gz"))
SUFFIXES = tuple(dict.fromkeys((*_SUFFIXES, *(f"{s}.gz" for s in _SUFFIXES if not s.endswith(".gz")))))
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
    near = get_close_matches(name, [form.name for form in FORMS], n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise ValueError(f"there is no such form.{hint} Forms are {', '.join(form.name for form in FORMS)}")
