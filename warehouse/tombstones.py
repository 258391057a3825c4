"""Tombstones: what is known of articles that were taken down, so that they do not come back.

A tombstone has hashes and a reason, and no text. It knows its article by the bytes, by the words, by a copy
that shares most of its sequences of three words, and by a next version at its path or URL. Tombstones are in
`ops.tombstones`, and in a file of the home, which outlives a lost warehouse and says what is still to do.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, delete, insert, select

from ontherecord.warehouse import ids
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.drafts import draft_of
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.records import LandedFile
from ontherecord.warehouse.tables import count_change, kept_out, tombstones

# `new`: rows and copies are still to be removed.
State = Literal["new", "done"]
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_SEQUENCE = 3
# One sequence in so many is kept: enough to know a copy by, too few to put the text together again.
_SAMPLED = 4
# The least share of the shorter text's sequences that make another text a copy. 1,000 redeliveries with an
# edited paragraph share at least 94%, and of 39,900 pairs of different texts 99 in 100 at most 4%.
_COPY = 0.8
# Sampled sequences without which a share tells nothing: about forty words.
_FEWEST = 10
# At the place of the article less is enough, as in flows/landing/same_story.py.
_SAME_STORY = 0.15
_FEWEST_AT_PLACE = 5
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An article that was taken down, as hashes: see the comments of `ops.tombstones`."""

    tombstone_id: str
    forgotten_at: datetime
    why: str
    contents: tuple[str, ...]
    texts: tuple[str, ...]
    headlines: tuple[str, ...]
    places: tuple[str, ...]
    sequences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptOut:
    """A landed file, or article in a file with many, that a tombstone keeps out, and its content."""

    landed: LandedFile
    tombstone_id: str
    content_sha256: str


class Tombstones:
    """The tombstones in force, looked up by what they know."""

    def __init__(
        self,
        found: Iterable[Tombstone] = (),
        files: Iterable[tuple[str, str, int, int]] = (),
    ) -> None:
        self.all = tuple(found)
        self._files = {(place, size, modified): stone for stone, place, size, modified in files}
        self._contents = {content: s.tombstone_id for s in self.all for content in s.contents}
        self._texts = {text: s.tombstone_id for s in self.all for text in s.texts}
        self._places: defaultdict[str, set[str]] = defaultdict(set)
        self._by_sequence: defaultdict[str, list[str]] = defaultdict(list)
        self._sizes = {s.tombstone_id: len(s.sequences) for s in self.all}
        self._headlines = {s.tombstone_id: {*s.headlines} for s in self.all}
        for stone in self.all:
            for place in stone.places:
                self._places[place].add(stone.tombstone_id)
            for sequence in stone.sequences:
                self._by_sequence[sequence].append(stone.tombstone_id)

    def __bool__(self) -> bool:
        return bool(self.all)

    def of_file(self, landed: LandedFile) -> str | None:
        """Return the tombstone that kept out a file of this path, size and time before."""
        if not self._files:
            return None
        return self._files.get((place_hash(landed.source_path), landed.bytes, landed.modified_ns))

    def of_content(self, content_sha256: str) -> str | None:
        """Return the tombstone of these bytes."""
        return self._contents.get(content_sha256)

    def of_text(self, title: str | None, body: str, places: Iterable[str | None] = ()) -> str | None:
        """Return the tombstone of an article with this text: the same words, a copy, or a next version.

        `places` are its path and URL.
        """
        if not self.all:
            return None
        for text in text_hashes(title or "", body):
            if stone := self._texts.get(text):
                return stone
        sampled = sequence_hashes(f"{title or ''}\n{body}")
        if stone := self._copy_of(sampled):
            return stone
        at_place = {s for place in places if place for s in self._places.get(place_hash(place), ())}
        shared = self._shared(sampled)
        for stone in sorted(at_place):
            shorter = min(len(sampled), self._sizes[stone])
            is_same = headline_hash(title or "") in self._headlines[stone]
            if shorter < _FEWEST_AT_PLACE:
                is_same = is_same or shared[stone] > 0
            else:
                is_same = is_same or shared[stone] / shorter >= _SAME_STORY
            if is_same:
                return stone
        return None

    def of_bytes(self, content: bytes) -> str | None:
        """Return the tombstone of a text that bytes contain which are no article that can be read."""
        if not self.all:
            return None
        return self._copy_of(sequence_hashes(content.decode("utf-8", "replace")))

    def _copy_of(self, sampled: Sequence[str]) -> str | None:
        for stone, count in self._shared(sampled).most_common():
            shorter = min(len(sampled), self._sizes[stone])
            if shorter >= _FEWEST and count / shorter >= _COPY:
                return stone
        return None

    def _shared(self, sampled: Iterable[str]) -> Counter[str]:
        return Counter(s for sequence in sampled for s in self._by_sequence.get(sequence, ()))


def make_tombstone(
    texts: Sequence[tuple[str, str]],
    contents: Iterable[str],
    places: Iterable[str],
    why: str,
    at: datetime,
) -> Tombstone:
    """Return the tombstone of an article: headline and body of each version, its contents and places.

    The id is made of the first place, so an article has one whenever it is taken down.
    """
    known = [place_hash(place) for place in places]
    return Tombstone(
        hashlib.sha256(f"tombstone\x1f{known[0]}".encode()).hexdigest()[:12],
        at,
        why,
        tuple(sorted({*contents})),
        tuple(sorted({h for title, body in texts for h in text_hashes(title, body)})),
        tuple(sorted({headline_hash(title) for title, _ in texts if title})),
        tuple(sorted({*known})),
        tuple(sorted({h for title, body in texts for h in sequence_hashes(f"{title}\n{body}")})),
    )


def text_hashes(title: str, body: str) -> tuple[str, ...]:
    """Return the hashes of a text's words, with and without its headline: another form may change that."""
    found = (ids.words_sha256(title, body), ids.words_sha256("", body))
    return found if len(body.split()) > _SEQUENCE else found[:1]


def headline_hash(title: str) -> str:
    """Return the hash of the words of a headline."""
    return _hash("headline", *_words(title))


def place_hash(place: str) -> str:
    """Return the hash of a path or URL."""
    return _hash("place", place)


def sequence_hashes(text: str) -> tuple[str, ...]:
    """Return the hashes of a sample of the sequences of three words, the same sample in each text."""
    words = _words(text)
    found = set()
    for start in range(len(words) - _SEQUENCE + 1):
        sequence = "\x1f".join(words[start : start + _SEQUENCE]).encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(sequence, digest_size=8)
        if digest.digest()[0] % _SAMPLED == 0:
            found.add(digest.hexdigest())
    return tuple(sorted(found))


def read_tombstones(engine: Engine) -> Tombstones:
    """Return the tombstones of a warehouse, with the files that they kept out."""
    with engine.connect() as connection:
        files = connection.execute(select(kept_out)).all()
        return Tombstones(_read(connection), [tuple(row) for row in files])


def store_tombstones(engine: Engine, found: Iterable[Tombstone]) -> None:
    """Store tombstones, completely or not at all; one of the same id is replaced."""
    rows = [{name: _value(value) for name, value in asdict(stone).items()} for stone in found]
    if not rows:
        return
    with engine.begin() as connection:
        named = [row["tombstone_id"] for row in rows]
        connection.execute(delete(tombstones).where(tombstones.c.tombstone_id.in_(named)))
        connection.execute(insert(tombstones), rows)
        count_change(connection)


def remove_tombstone(engine: Engine, tombstone_id: str) -> None:
    """Remove a tombstone: the next run loads the article again if it has landed."""
    with engine.begin() as connection:
        connection.execute(delete(tombstones).where(tombstones.c.tombstone_id == tombstone_id))
        connection.execute(delete(kept_out).where(kept_out.c.tombstone_id == tombstone_id))
        count_change(connection)


def record_kept_out(engine: Engine, found: Iterable[KeptOut]) -> None:
    """Record which landed files a run kept out, so that the next one does not read them."""
    rows = [
        {
            "tombstone_id": kept.tombstone_id,
            "place": place_hash(kept.landed.source_path),
            "bytes": kept.landed.bytes,
            "modified_ns": kept.landed.modified_ns,
        }
        for kept in found
        if kept.landed.in_file is None
    ]
    if not rows:
        return
    with engine.begin() as connection:
        places = [row["place"] for row in rows]
        connection.execute(delete(kept_out).where(kept_out.c.place.in_(places)))
        connection.execute(insert(kept_out), rows)


def tombstones_in(engine: Engine) -> tuple[Tombstone, ...]:
    """Return the tombstones of a warehouse, the newest first."""
    with engine.connect() as connection:
        return _read(connection)


def _read(connection: Connection) -> tuple[Tombstone, ...]:
    query = select(tombstones).order_by(tombstones.c.forgotten_at.desc(), tombstones.c.tombstone_id)
    return tuple(
        Tombstone(stone, at, why, *(tuple(values) for values in rest))
        for stone, at, why, *rest in connection.execute(query)
    )


# The file


def read_file(file: Path) -> dict[Tombstone, State]:
    """Return the tombstones of a file with their states; none if there is no file.

    Raises WarehouseError if it cannot be read: without it, an article could come back.
    """
    try:
        facts = json.loads(file.read_text("utf-8"))
        if facts["format"] != _FORMAT:
            raise ValueError(f"format {facts['format']}")
        return {_from_json(stone): stone["state"] for stone in facts["tombstones"]}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WarehouseError(
            f"{file} cannot be read: {error}. It says which articles were taken down. Restore it from a "
            "copy, or delete it; the warehouse has the tombstones that are done."
        ) from error


def write_file(file: Path, found: dict[Tombstone, State]) -> None:
    """Write tombstones and their states to a file, atomically; without any, remove it."""
    if not found:
        file.unlink(missing_ok=True)
        return
    stones = [{**_to_json(stone), "state": state} for stone, state in found.items()]
    with draft_of(file) as draft:
        draft.write_text(json.dumps({"format": _FORMAT, "tombstones": stones}, indent=1) + "\n", "utf-8")


def set_state(home: DataDir, state: State, of: Iterable[str] | None = None) -> None:
    """Record how far taking down has come, for the tombstones of these ids or for all."""
    found = read_file(home.tombstones)
    wanted = None if of is None else {*of}
    changed: dict[Tombstone, State] = {
        stone: state if wanted is None or stone.tombstone_id in wanted else before
        for stone, before in found.items()
    }
    if changed != found:
        write_file(home.tombstones, changed)


def pending(home: DataDir) -> tuple[Tombstone, ...]:
    """Return the tombstones of articles that are still to be removed: a run was killed."""
    return tuple(stone for stone, state in read_file(home.tombstones).items() if state == "new")


def _to_json(stone: Tombstone) -> dict[str, Any]:
    return {**asdict(stone), "forgotten_at": stone.forgotten_at.isoformat()}


def _from_json(facts: dict[str, Any]) -> Tombstone:
    names = Tombstone.__dataclass_fields__
    given = {n: tuple(facts[n]) if isinstance(facts[n], list) else str(facts[n]) for n in names}
    stone = Tombstone(**given)  # type: ignore[arg-type]
    return replace(stone, forgotten_at=datetime.fromisoformat(str(facts["forgotten_at"])))


def _value(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _words(text: str) -> list[str]:
    return _WORD.findall(
        unicodedata.normalize("NFKC", text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").casefold()
    )


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
