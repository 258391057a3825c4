"""Extract store: what was found once is given back as it was, and only for the very same text."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.extracts import ExtractStore
from ontherecord.warehouse.packed import Packed, pack
from ontherecord.warehouse.records import Entity, Extract, Field, Kind, Mention, Quote, QuoteKind, Text

WORDS = st.text(max_size=12)
NUMBERS = st.integers(0, 10**7)
KINDS = st.sampled_from(get_args(Kind))
MAYBE_WORDS, MAYBE_NUMBERS = st.none() | WORDS, st.none() | NUMBERS
ENTITIES = st.builds(Entity, NUMBERS, WORDS, KINDS, st.none() | st.sampled_from(["QA", "GB"]))
MENTIONS = st.builds(
    Mention, NUMBERS, NUMBERS, st.sampled_from(get_args(Field)), NUMBERS, NUMBERS, WORDS, KINDS
)
QUOTES = st.builds(
    Quote,
    quote_no=NUMBERS,
    utterance_no=NUMBERS,
    kind=st.sampled_from(get_args(QuoteKind)),
    text=WORDS,
    char_start=NUMBERS,
    char_end=NUMBERS,
    cue=MAYBE_WORDS,
    cue_start=MAYBE_NUMBERS,
    cue_end=MAYBE_NUMBERS,
    speaker_text=MAYBE_WORDS,
    speaker_start=MAYBE_NUMBERS,
    speaker_end=MAYBE_NUMBERS,
    speaker_no=MAYBE_NUMBERS,
    speaker=MAYBE_WORDS,
    confidence=st.floats(0, 1),
)


def _tuples(of: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(of, max_size=4).map(tuple)


EXTRACTS = st.builds(
    Extract, st.just("c1"), st.just("v1"), _tuples(ENTITIES), _tuples(MENTIONS), _tuples(QUOTES)
)

TEXT = Text("c1", "Cat returns", "The cat is back.", "RIO", "AFP", datetime(2015, 3, 10))
FOUND = Extract("c1", "v1", (Entity(1, "Cat", "other"),), (), ())


@pytest.fixture
def store(tmp_path: Path) -> ExtractStore:
    return ExtractStore(tmp_path / "extracts.sqlite")


@given(EXTRACTS)
def test_any_extract_comes_back_as_it_was(extract: Extract) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder, "extracts.sqlite")
        ExtractStore(file).keep({TEXT: pack(extract)})
        assert ExtractStore(file).find([TEXT], "v1") == {"c1": extract}


def test_an_empty_store_knows_nothing(store: ExtractStore) -> None:
    assert store.find([TEXT], "v1") == {}
    assert store.find([], "v1") == {}


@pytest.mark.parametrize(
    ("text", "version"),
    [
        (TEXT, "v2"),
        (Text("c2", TEXT.title, TEXT.body), "v1"),
        (Text("c1", "Cat stays", TEXT.body), "v1"),
        (Text("c1", TEXT.title, "RIO : The cat is back."), "v1"),
    ],
    ids=["another extractor", "another content", "another title", "a body parsed in another way"],
)
def test_nothing_is_given_back_for(store: ExtractStore, text: Text, version: str) -> None:
    store.keep({TEXT: pack(FOUND)})
    assert store.find([text], version) == {}


def test_only_what_is_asked_for_comes_back(store: ExtractStore) -> None:
    other = Text("c2", "Dog returns", "The dog is back.")
    store.keep({TEXT: pack(FOUND), other: pack(Extract("c2", "v1", (), (), ()))})
    assert set(store.find([TEXT, Text("c3", "", "")], "v1")) == {"c1"}


def test_what_is_kept_again_replaces_what_was(store: ExtractStore) -> None:
    store.keep({TEXT: pack(FOUND)})
    better = Extract("c1", "v1", (), (), ())
    store.keep({TEXT: pack(better)})
    assert store.find([TEXT], "v1") == {"c1": better}


def test_versions_are_kept_side_by_side(store: ExtractStore) -> None:
    newer = Extract("c1", "v2", (), (), ())
    store.keep({TEXT: pack(FOUND)})
    store.keep({TEXT: pack(newer)})
    assert (store.find([TEXT], "v1"), store.find([TEXT], "v2")) == ({"c1": FOUND}, {"c1": newer})


def test_extracts_are_kept_all_or_none(store: ExtractStore) -> None:
    broken = Packed("c2", "v1", object())  # type: ignore[arg-type]
    with pytest.raises(sqlite3.Error):
        store.keep({TEXT: pack(FOUND), Text("c2", "", ""): broken})
    assert store.find([TEXT], "v1") == {}


def test_text_that_is_no_unicode_cannot_be_packed() -> None:
    with pytest.raises(UnicodeEncodeError):
        pack(Extract("c2", "v1", (Entity(1, "half a pair: \ud83d", "other"),), (), ()))


def test_no_connection_is_left_open(store: ExtractStore, tmp_path: Path) -> None:
    store.keep({TEXT: pack(FOUND)})
    store.find([TEXT], "v1")
    with sqlite3.connect(tmp_path / "extracts.sqlite", timeout=0) as connection:
        connection.execute("begin exclusive")


def test_store_of_any_version_gives_this_ones_first_and_else_the_one_kept_last(tmp_path: Path) -> None:
    file = tmp_path / "extracts.sqlite"
    plain, any_version = ExtractStore(file), ExtractStore(file, any_version=True)
    for version in ("v1", "v2"):
        plain.keep({TEXT: pack(Extract("c1", version, (), (), ()))})
    assert plain.find([TEXT], "v3") == {}
    assert any_version.find([TEXT], "v1")["c1"].extractor_version == "v1"
    assert any_version.find([TEXT], "v3")["c1"].extractor_version == "v2"
    assert any_version.find([Text("c1", "Cat returns", "Another text.")], "v3") == {}
    assert plain.contents() == {"c1"}


def test_extract_that_cannot_be_unpacked_is_as_if_not_kept(store: ExtractStore, tmp_path: Path) -> None:
    store.keep({TEXT: pack(FOUND)})
    with sqlite3.connect(tmp_path / "extracts.sqlite") as connection:
        connection.execute("update extracts set payload = substr(payload, 1, 9)")
    connection.close()
    assert store.damaged_count() == 1
    assert store.find([TEXT], "v1") == {}
    store.keep({TEXT: pack(FOUND)})
    assert store.find([TEXT], "v1") == {"c1": FOUND}
    assert store.damaged_count() == 0


@pytest.mark.parametrize("where", [0, 5000])
def test_damaged_file_is_named_with_what_mends_it(store: ExtractStore, tmp_path: Path, where: int) -> None:
    store.keep({Text(f"c{n}", "", str(n)): pack(Extract(f"c{n}", "v1", (), (), ())) for n in range(500)})
    with open(tmp_path / "extracts.sqlite", "r+b") as file:
        file.seek(where)
        file.write(b"\xff" * 20_000)
    with pytest.raises(WarehouseError, match=r"extracts\.sqlite are damaged.*`ontherecord doctor --fix`"):
        store.find([Text(f"c{n}", "", str(n)) for n in range(500)], "v1")
