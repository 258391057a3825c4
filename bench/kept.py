"""Keep extracts for scaled articles, made from the extracts of the real articles they were mixed from.

    .venv/bin/python bench/kept.py REAL_HOME LANDING HOME

A hundred thousand articles take hours to extract and no other stage cares how it was done. Files that
are mixed from whole paragraphs of real articles get the names and quotes of these paragraphs, at their
new places; a run over LANDING into HOME then finds every extract kept and extracts nothing.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from multiprocessing import Pool
from pathlib import Path
from typing import Any, ClassVar

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import duckdb  # noqa: E402
from texts import read_texts  # noqa: E402

from ontherecord.flows.extract.version import extractor_version  # noqa: E402
from ontherecord.flows.landing.folder import list_landing  # noqa: E402
from ontherecord.flows.settings import Settings  # noqa: E402
from ontherecord.warehouse.data_dir import DataDir  # noqa: E402
from ontherecord.warehouse.extract_cache import ExtractCache  # noqa: E402
from ontherecord.warehouse.extract_codec import pack  # noqa: E402
from ontherecord.warehouse.records import (  # noqa: E402
    ArticleText,
    Entity,
    Extract,
    LandedFile,
    Mention,
    Quote,
    QuoteSpeaker,
)

_AT_ONCE = 1_000
# Where a quote's row has offsets: of the words, the cue and the speaker.
_OFFSETS = (2, 3, 5, 6, 8, 9)


@dataclass(slots=True)
class Found:
    """Names and quotes of one paragraph, offsets from its start.

    Each mention has the kind and name of its entity, each quote those of its speakers; the kind of an unnamed
    source is None.
    """

    mentions: list[tuple[str, str, Mention]] = field(default_factory=list)
    quotes: list[tuple[list[tuple[str | None, str]], Quote]] = field(default_factory=list)


def read_found(home: DataDir) -> dict[str, Found]:
    """Return what the real articles' paragraphs hold, by paragraph."""
    paragraphs: dict[str, Found] = {}
    with closing(duckdb.connect(str(home.published), read_only=True)) as connection:
        bodies = dict(connection.execute("select article_id, body from articles").fetchall())
        mentions, quotes, speakers = defaultdict(list), defaultdict(list), defaultdict(list)
        for article, *row in connection.execute(
            "select article_id, char_start, char_end, text, mentions.kind, mentions.name, entities.kind "
            "from mentions inner join entities using (entity_id) where field = 'body' order by all"
        ).fetchall():
            mentions[article].append(row)
        for article, quote_no, kind, name in connection.execute(
            "select article_id, quote_no, kind, speaker_name from quote_speakers "
            "left join entities on entity_id = speaker_entity_id order by article_id, quote_no, speaker_no"
        ).fetchall():
            speakers[article, quote_no].append((kind, name))
        for article, *quote in connection.execute(
            "select article_id, kind, text, char_start, char_end, cue, cue_start, cue_end, speaker_text, "
            "speaker_start, speaker_end, speaker_name, confidence, rule, speaker_type, quote_no "
            "from quotes order by article_id, quote_no"
        ).fetchall():
            quotes[article].append((quote, speakers[article, quote.pop()]))
    for article, body in bodies.items():
        start = 0
        for paragraph in body.split("\n"):
            paragraphs[paragraph] = _found_in(paragraph, start, mentions[article], quotes[article])
            start += len(paragraph) + 1
    return paragraphs


def _found_in(paragraph: str, start: int, mentions: list[Any], quotes: list[Any]) -> Found:
    """Return what of an article's rows lies in the paragraph that starts there, counted from its start."""
    found = Found()
    for at, to, text, kind, name, entity_kind in mentions:
        if start <= at and to <= start + len(paragraph):
            mention = Mention(0, 0, "body", at - start, to - start, text, kind)
            found.mentions.append((entity_kind, name, mention))
    for row, speakers in quotes:
        offsets = [None if row[n] is None else row[n] - start for n in _OFFSETS]
        if all(0 <= n <= len(paragraph) for n in offsets if n is not None):
            kind, text, *_, name, sure, rule, speaker_type = row
            at, to, cue_at, cue_to, who_at, who_to = offsets
            quote = Quote(
                0, 0, kind, text, at, to, row[4], cue_at, cue_to, row[7], who_at, who_to, None, name, sure,
                rule, speaker_type,
            )  # fmt: skip
            found.quotes.append((speakers, quote))
    return found


def compose(text: ArticleText, paragraphs: dict[str, Found], version: str) -> Extract:
    """Return the extract of a text whose paragraphs are known; unknown ones have no names and quotes."""
    entities: dict[tuple[str, str], int] = {}
    mentions: list[Mention] = []
    quotes: list[Quote] = []
    speakers: list[QuoteSpeaker] = []
    at = 0
    for paragraph in text.body.split("\n"):
        found = paragraphs.get(paragraph, Found())
        for kind, name, mention in found.mentions:
            number = entities.setdefault((kind, name), len(entities))
            mentions.append(
                replace(
                    mention,
                    mention_no=len(mentions),
                    entity_no=number,
                    char_start=mention.char_start + at,
                    char_end=mention.char_end + at,
                )
            )
        for of_quote, quote in found.quotes:
            numbers = [entities.get((kind or "", name)) for kind, name in of_quote]
            speakers += [
                QuoteSpeaker(len(quotes), speaker_no, number, name)
                for speaker_no, (number, (_, name)) in enumerate(zip(numbers, of_quote, strict=True))
            ]
            speaker = numbers[0] if len(numbers) == 1 else None
            moved = {
                key: None if getattr(quote, key) is None else getattr(quote, key) + at
                for key in ("char_start", "char_end", "cue_start", "cue_end", "speaker_start", "speaker_end")
            }
            quotes.append(
                replace(quote, quote_no=len(quotes), utterance_no=len(quotes), speaker_no=speaker, **moved)
            )
        at += len(paragraph) + 1
    numbered = tuple(Entity(number, name, kind) for (kind, name), number in entities.items())  # type: ignore[arg-type]
    return Extract(text.content_sha256, version, numbered, tuple(mentions), tuple(quotes), tuple(speakers))


def keep(real: Path, landing: Path, home: Path) -> int:
    """Fill the home's extract store for what lies in the landing folder; return for how many files."""
    home.mkdir(parents=True, exist_ok=True)
    with Pool(len(os.sched_getaffinity(0)), _Keeper.prepare, (real, home)) as pool:
        waiting = list_landing(landing)
        batches = iter(lambda: list(islice(waiting, _AT_ONCE)), [])
        return sum(pool.imap_unordered(_Keeper.keep, batches))


class _Keeper:
    """What each process knows: the paragraphs, and where to keep extracts."""

    paragraphs: ClassVar[dict[str, Found]]
    store: ClassVar[ExtractCache]
    version: ClassVar[str]

    @classmethod
    def prepare(cls, real: Path, home: Path) -> None:
        cls.paragraphs = read_found(DataDir(real))
        cls.store = ExtractCache(DataDir(home).extracts)
        cls.version = extractor_version(Settings.model_fields["model"].default)

    @classmethod
    def keep(cls, files: Sequence[LandedFile]) -> int:
        texts = read_texts(files)
        cls.store.put({text: pack(compose(text, cls.paragraphs, cls.version)) for text in texts})
        return len(texts)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    print(f"{keep(*map(Path, sys.argv[1:])):,} extracts kept")
