"""Files packed with gzip: read as what is in them, refused where they are damaged."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable

import pytest

from ontherecord.flows.landing import unpack as module
from ontherecord.flows.landing.parse import form_of, holds_many, parse
from ontherecord.flows.landing.reading import BY_CONTENT
from ontherecord.flows.landing.unpack import unpack
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import RawFile

Make = Callable[[str, str | bytes], RawFile]
HEADED = (
    "## Title: Ferry sails\n## Date: Tuesday, March 10, 2015 - 09:30\n\nThe ferry sails again, he said.\n"
)
PLAIN = "Ferry sails\nBy Ida Brandt\n10 March 2015\n\nThe ferry sails again on Monday, its captain said.\n"

MARKDOWN = "# Ferry sails\n\nThe ferry sails *again* on Monday, its captain said.\n"
CUT = gzip.compress(HEADED.encode(), mtime=0)[:-12]
NOT_UNPACKED = [("a.csv.gz", gzip.compress(b"id\n", mtime=0)), ("a.txt.gz", b"no gzip")]


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("a.txt.gz", HEADED, "headed-text"),
        ("a.TXT.GZ", PLAIN, "headline-text"),
        ("a.md.gz", MARKDOWN, "headline-text"),
    ],
)
def test_a_packed_text_is_read_as_the_text(landed_file: Make, name: str, text: str, form: str) -> None:
    packed = gzip.compress(text.encode())
    raw = landed_file(name, packed)
    assert form_of(raw, BY_CONTENT).name == form
    assert not holds_many(raw, BY_CONTENT)
    delivery = parse(raw)
    assert (delivery.title, delivery.form) == ("Ferry sails", form)
    assert delivery.raw.landed.source_path == f"news/{name}"
    assert delivery.raw.content_sha256 == hashlib.sha256(packed).hexdigest()


@pytest.mark.parametrize("packed", [CUT, b"\x1f\x8b\x08\x00damaged"])
def test_a_damaged_one_is_refused(landed_file: Make, packed: bytes) -> None:
    with pytest.raises(BadDelivery) as caught:
        parse(landed_file("a.txt.gz", packed))
    assert caught.value.failures[0].rule == "unreadable"


def test_a_bomb_is_not_unpacked(landed_file: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT_BYTES", 10_000)
    with pytest.raises(BadDelivery) as caught:
        unpack(landed_file("a.txt.gz", gzip.compress(bytes(10_001))))
    assert caught.value.failures[0].rule == "too_large"


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv.gz", gzip.compress(b"id\n", mtime=0)), ("a.txt.gz", b"no gzip")]
)
def test_what_its_form_unpacks_or_is_not_packed_stays(landed_file: Make, name: str, content: bytes) -> None:
    raw = landed_file(name, content)
    assert unpack(raw) is raw
