"""Any form and any bytes: a file is read or refused with a rule, and nothing else is raised."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import LandedFile, RawFile

NAMES = (
    "europresse", "factiva", "feed", "front_matter", "headline_text", "html_page", "key_value", "mail",
    "newsml_g2", "nexis", "ninjs", "nitf", "pdf", "proquest", "proquest_tdm", "tables", "trafilatura_xml",
    "warc", "word",
)  # fmt: skip
FORMS = {name: import_module(f"ontherecord.flows.landing.forms.{name}") for name in NAMES}
# Beginnings that bring a reader into its stride, and what then comes in its way.
STARTS = (
    b"", b"---\ntitle: A\n---\n", b"+++\n", b"Title: A\nDate: B\n\n", b"title,text\n", b"[",
    b'{"uri": "a", "type": "text",', b'{"title": "A", "text": "', b"<!doctype html><html><body>",
    b"<?xml version='1.0'?><nitf><body>", b"<rss><channel>",
    b"<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/'>", b"<doc title='A'><main>", b"%PDF-1.4\n",
    b"{\\rtf1 ", b"PK\x03\x04", b"WARC/1.0\r\n", b"\x1f\x8b\x08\x00", b"PAR1",
    b"From: a@b.example\nTo: c\nSubject: d\n", b"From a Sun Dec 20 01:00:00 2015\nSubject: A\n\n",
    b"1 of 2 DOCUMENTS\n\nPost\n\nJanuary 1, 2015\n", b"Body\nEnd of Document\n",
    b"HD A\nDocument MARPOS0020151220ebck0002x\n", b"____________________\nFull text: A\n",
)  # fmt: skip
PIECES = st.lists(
    st.one_of(
        st.binary(max_size=30),
        st.sampled_from(
            [
                b"\n",
                b"\n\n",
                b"\x00",
                b'"',
                b"{",
                b"}",
                b"]",
                b"<p>",
                b"</p>",
                b"&",
                b"<![CDATA[",
                b"\xff",
                b": ",
                b", ",
            ]
        ),
        st.sampled_from(STARTS),
    ),
    max_size=6,
).map(b"".join)


def _raw(content: bytes, name: str = "a.txt") -> RawFile:
    return RawFile(
        LandedFile(name, Path(name), len(content), 0), content, hashlib.sha256(content).hexdigest()
    )


def _check(form: ModuleType, content: bytes, name: str) -> None:
    form.is_form(content, name)
    found: list[RawArticle | BadArticle] = []
    with suppress(BadDelivery):
        found = list(form.read(_raw(content, name)))
    for article in found:
        assert isinstance(article, RawArticle | BadArticle)
        assert article.number >= 1
        if isinstance(article, RawArticle):
            assert article.repairs == tuple(sorted(set(article.repairs)))
            assert all(line == line.strip() != "" for line in article.body.split("\n")) or not article.body
            assert all(value and "\n" not in value for _, value in article.headers)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=30)
@given(start=st.sampled_from(STARTS), more=PIECES)
def test_any_bytes_are_read_or_refused(name: str, start: bytes, more: bytes) -> None:
    _check(FORMS[name], start + more, f"a{(*FORMS[name].SUFFIXES, '.txt')[0]}")


def _zip_bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "word/document.xml"):
            archive.writestr(name, bytes(110_000_000))
    return file.getvalue()


HOSTILE = {
    "deep tags": b"<html><body>" + b"<div>" * 20_000 + b"A text.",
    "deep json": b'{"title": "A", "text": ' + b"[" * 20_000,
    "many headers": b"".join(b"Name-%d: value\n" % n for n in range(5_000)) + b"\nText.\n",
    "one long line": b"a " * 100_000,
    "many quotes": b"title,text\n" + b'"A,' * 3_000 + b"\n" + b"A,B\n" * 1_000,
    "many dashes": b"---\n" * 20_000,
    "many brackets": b"[a](" * 20_000,
    "many stars": b"**a " * 20_000,
    "many angles": b"<a " * 20_000,
    "many ampersands": b"&amp" * 20_000 + b";",
    "many rtf groups": b"{\\rtf1 " + b"{\\b a" * 20_000,
    "zip bomb": _zip_bomb(),
    "gzip bomb": gzip.compress(bytes(20_000_000)),
    "many documents": b"1 of 2 DOCUMENTS\n" * 5_000,
    "many ends": b"End of Document\n" * 5_000,
}


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.parametrize("name", NAMES)
def test_files_that_are_made_to_harm_are_read_or_refused(name: str, case: str) -> None:
    _check(FORMS[name], HOSTILE[case], f"a{(*FORMS[name].SUFFIXES, '.txt')[0]}")


@pytest.mark.parametrize("name", NAMES)
def test_each_form_says_what_it_takes_with_an_example_and_what_it_cannot(name: str) -> None:
    text = FORMS[name].__doc__ or ""
    assert FORMS[name].NAME
    assert isinstance(FORMS[name].SUFFIXES, tuple)
    assert "annot" in text or "quarantined" in text, "what it cannot"
    assert text.splitlines()[0].endswith(".")
