"""Extract store: what was found once is given back as it was, and only for the very same text."""

from __future__ import annotations

import json
import sqlite3
import zlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.extract_cache import ExtractCache
from ontherecord.warehouse.extract_codec import PackedExtract, pack, unpack
from ontherecord.warehouse.records import (
    ArticleText,
    Entity,
    Extract,
    Field,
    Gender,
    GenderCount,
    GenderEvidence,
    Kind,
    Mention,
    Quote,
    QuoteKind,
    QuoteSpeaker,
    SpeakerType,
)

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
    rule=MAYBE_WORDS,
    speaker_type=st.none() | st.sampled_from(get_args(SpeakerType)),
    speaker_role=MAYBE_WORDS,
    role_start=MAYBE_NUMBERS,
    role_end=MAYBE_NUMBERS,
)
SPEAKERS = st.builds(
    QuoteSpeaker, NUMBERS, NUMBERS, MAYBE_NUMBERS, WORDS, MAYBE_WORDS, MAYBE_NUMBERS, MAYBE_NUMBERS
)
GENDERS = st.builds(
    GenderCount,
    NUMBERS,
    st.sampled_from(get_args(GenderEvidence)),
    st.sampled_from(get_args(Gender)),
    NUMBERS,
)


def _tuples(of: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(of, max_size=4).map(tuple)


EXTRACTS = st.builds(
    Extract,
    st.just("c1"),
    st.just("v1"),
    _tuples(ENTITIES),
    _tuples(MENTIONS),
    _tuples(QUOTES),
    _tuples(SPEAKERS),
    _tuples(GENDERS),
)


def _with_all_that_is_named(extract: Extract) -> Extract:
    """Return an extract with the entities that its other records name, and speakers of its quotes only."""
    quotes = {quote.quote_no for quote in extract.quotes}
    speakers = tuple(speaker for speaker in extract.quote_speakers if speaker.quote_no in quotes)
    named = {record.entity_no for record in (*extract.mentions, *extract.genders)}
    named |= {speaker.entity_no for speaker in speakers if speaker.entity_no is not None}
    missing = sorted(named - {entity.entity_no for entity in extract.entities})
    entities = (*extract.entities, *(Entity(number, "Cat", "other") for number in missing))
    return replace(extract, entities=entities, quote_speakers=speakers)


TEXT = ArticleText("c1", "Cat returns", "The cat is back.", "RIO", "AFP", datetime(2015, 3, 10))
FOUND = Extract("c1", "v1", (Entity(1, "Cat", "other"),), (), (), ())


@pytest.fixture
def store(tmp_path: Path) -> ExtractCache:
    return ExtractCache(tmp_path / "extracts.sqlite")


@given(EXTRACTS.map(_with_all_that_is_named))
def test_any_extract_comes_back_as_it_was(extract: Extract) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder, "extracts.sqlite")
        ExtractCache(file).put({TEXT: pack(extract)})
        assert ExtractCache(file).find([TEXT], "v1") == {"c1": extract}


def test_an_empty_store_knows_nothing(store: ExtractCache) -> None:
    assert store.find([TEXT], "v1") == {}
    assert store.find([], "v1") == {}


@pytest.mark.parametrize(
    ("text", "version"),
    [
        (TEXT, "v2"),
        (ArticleText("c2", TEXT.title, TEXT.body), "v1"),
        (ArticleText("c1", "Cat stays", TEXT.body), "v1"),
        (ArticleText("c1", TEXT.title, "RIO : The cat is back."), "v1"),
    ],
    ids=["another extractor", "another content", "another title", "a body parsed in another way"],
)
def test_nothing_is_given_back_for(store: ExtractCache, text: ArticleText, version: str) -> None:
    store.put({TEXT: pack(FOUND)})
    assert store.find([text], version) == {}


def test_only_what_is_asked_for_comes_back(store: ExtractCache) -> None:
    other = ArticleText("c2", "Dog returns", "The dog is back.")
    store.put({TEXT: pack(FOUND), other: pack(Extract("c2", "v1", (), (), (), ()))})
    assert set(store.find([TEXT, ArticleText("c3", "", "")], "v1")) == {"c1"}


def test_what_is_kept_again_replaces_what_was(store: ExtractCache) -> None:
    store.put({TEXT: pack(FOUND)})
    better = Extract("c1", "v1", (), (), (), ())
    store.put({TEXT: pack(better)})
    assert store.find([TEXT], "v1") == {"c1": better}


def test_versions_are_kept_side_by_side(store: ExtractCache) -> None:
    newer = Extract("c1", "v2", (), (), (), ())
    store.put({TEXT: pack(FOUND)})
    store.put({TEXT: pack(newer)})
    assert (store.find([TEXT], "v1"), store.find([TEXT], "v2")) == ({"c1": FOUND}, {"c1": newer})


def test_extracts_are_kept_all_or_none(store: ExtractCache) -> None:
    broken = PackedExtract("c2", "v1", object())  # type: ignore[arg-type]
    with pytest.raises(sqlite3.Error):
        store.put({TEXT: pack(FOUND), ArticleText("c2", "", ""): broken})
    assert store.find([TEXT], "v1") == {}


def test_text_that_is_no_unicode_cannot_be_packed() -> None:
    with pytest.raises(UnicodeEncodeError):
        pack(Extract("c2", "v1", (Entity(1, "half a pair: \ud83d", "other"),), (), (), ()))


def test_extract_of_1_0_comes_back_with_the_speakers_it_had() -> None:
    entities = [[0, "Ida Brandt", "person", None], [1, "Bergen", "place", "NO"]]
    spans = [0, 4, None, None, None, None, None, None]
    quotes = [
        [number, number, "direct", "Open", *spans, speaker_no, speaker, 0.5]
        for number, (speaker_no, speaker) in enumerate(
            [(0, "Ida Brandt"), (1, "Bergen"), (None, "officials"), (None, None)]
        )
    ]
    payload = zlib.compress(json.dumps([entities, [], quotes]).encode())
    found = unpack(PackedExtract("c1", "1+model", payload))
    assert [quote.speaker for quote in found.quotes] == ["Ida Brandt", "Bergen", "officials", None]
    assert [quote.confidence for quote in found.quotes] == [0.5] * 4
    assert {quote.rule for quote in found.quotes} == {None}
    assert [quote.speaker_type for quote in found.quotes] == ["named person", "organization", None, None]
    assert found.quote_speakers == (
        QuoteSpeaker(0, 0, 0, "Ida Brandt"),
        QuoteSpeaker(1, 0, 1, "Bergen"),
        QuoteSpeaker(2, 0, None, "officials"),
    )


def test_an_extract_without_roles_and_genders_is_read() -> None:
    quote = [0, 0, "direct", "Open", 0, 4, *[None] * 6, 0, "Ida Brandt", 0.5, "cue: name", "named person"]
    rows = [[[0, "Ida Brandt", "person", None]], [], [quote], [[0, 0, 0, "Ida Brandt"]]]
    found = unpack(PackedExtract("c1", "5+model", zlib.compress(json.dumps(rows).encode())))
    assert (found.quotes[0].rule, found.quotes[0].speaker_role) == ("cue: name", None)
    assert found.quote_speakers == (QuoteSpeaker(0, 0, 0, "Ida Brandt"),)
    assert found.genders == ()


def test_no_connection_is_left_open(store: ExtractCache, tmp_path: Path) -> None:
    store.put({TEXT: pack(FOUND)})
    store.find([TEXT], "v1")
    with sqlite3.connect(tmp_path / "extracts.sqlite", timeout=0) as connection:
        connection.execute("begin exclusive")


def test_store_of_any_version_gives_this_ones_first_and_else_the_one_kept_last(tmp_path: Path) -> None:
    file = tmp_path / "extracts.sqlite"
    plain, any_version = ExtractCache(file), ExtractCache(file, any_version=True)
    for version in ("v1", "v2"):
        plain.put({TEXT: pack(Extract("c1", version, (), (), (), ()))})
    assert plain.find([TEXT], "v3") == {}
    assert any_version.find([TEXT], "v1")["c1"].extractor_version == "v1"
    assert any_version.find([TEXT], "v3")["c1"].extractor_version == "v2"
    assert any_version.find([ArticleText("c1", "Cat returns", "Another text.")], "v3") == {}
    assert plain.contents() == {"c1"}


def test_extract_that_cannot_be_unpacked_is_as_if_not_kept(store: ExtractCache, tmp_path: Path) -> None:
    store.put({TEXT: pack(FOUND)})
    with sqlite3.connect(tmp_path / "extracts.sqlite") as connection:
        connection.execute("update extracts set payload = substr(payload, 1, 9)")
    connection.close()
    assert store.damaged_count() == 1
    assert store.find([TEXT], "v1") == {}
    store.put({TEXT: pack(FOUND)})
    assert store.find([TEXT], "v1") == {"c1": FOUND}
    assert store.damaged_count() == 0


@pytest.mark.parametrize("where", [0, 5000])
def test_damaged_file_is_named_with_what_mends_it(store: ExtractCache, tmp_path: Path, where: int) -> None:
    store.put(
        {ArticleText(f"c{n}", "", str(n)): pack(Extract(f"c{n}", "v1", (), (), (), ())) for n in range(500)}
    )
    with open(tmp_path / "extracts.sqlite", "r+b") as file:
        file.seek(where)
        file.write(b"\xff" * 20_000)
    with pytest.raises(WarehouseError, match=r"extracts\.sqlite is damaged.*`ontherecord doctor --fix`"):
        store.find([ArticleText(f"c{n}", "", str(n)) for n in range(500)], "v1")


@pytest.mark.parametrize(
    "rows",
    [
        [[[1, "Cat"]], [], [], [], []],
        [[["1", "Cat", "other", None]], [], [], [], []],
        [[[1, "Cat", "animal", None]], [], [], [], []],
        [[], [[0, 7, "body", 0, 3, "Cat", "other"]], [], [], []],
        [[], [], [], [[4, 0, None, "Ida Brandt"]], []],
        [[[1, "Cat", "other", None]], [], [], [], [[1, "guess", "they", 2]]],
        [[1], [], [], [], []],
        {"entities": []},
        [[], []],
        None,
    ],
)
def test_an_extract_of_another_shape_counts_as_not_cached(store: ExtractCache, rows: object) -> None:
    store.put({TEXT: PackedExtract("c1", "v1", zlib.compress(json.dumps(rows).encode()))})
    assert store.find([TEXT], "v1") == {}
    assert store.damaged_count() == 1
    store.put({TEXT: pack(FOUND)})
    assert store.find([TEXT], "v1") == {"c1": FOUND}


@pytest.mark.parametrize("payload", [None, "text", 7, b"", zlib.compress(b"[" * 100_000)])
def test_what_is_no_extract_at_all_counts_as_not_cached(
    store: ExtractCache, tmp_path: Path, payload: object
) -> None:
    store.put({TEXT: pack(FOUND)})
    with sqlite3.connect(tmp_path / "extracts.sqlite") as connection:
        connection.execute("update extracts set payload = ?", (payload,))
    assert store.find([TEXT], "v1") == {}
    assert store.damaged_count() == 1


def test_a_file_with_another_table_is_named_with_what_to_do(store: ExtractCache, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "extracts.sqlite") as connection:
        connection.execute("create table extracts (name, value)")
    with pytest.raises(WarehouseError, match=r"its table has no .*payload.*doctor --fix"):
        store.find([TEXT], "v1")
