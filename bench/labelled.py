"""Labelled articles, and which rows of an extract are right by their labels.

Three kinds of sets: `own` (labelled_articles.jsonl beside this file, invented, every statement labelled;
every second one is kept back: no rule is tried on it), `samples` (tests/articles), and the sets of a gold
folder (polnear, conllpp20), if there is one.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from ontherecord.flows.landing.parse import parse
from ontherecord.warehouse.records import ArticleText, Extract, LandedFile, Quote, RawFile

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
GOLD = ROOT.parent / "shared" / "gold"
# Words that a reported clause and its label must share, as F1: where a clause begins and ends is partly a
# matter of taste. Two readers of polnear have the same limits in 78 of 100.
OWN_LIMITS, GOLD_LIMITS = 0.8, 0.65
_FEWEST = 0.5  # less is another statement
_WORD = re.compile(r"\w+")
_MARKED = re.compile(r"[\"\u201c\u2018](.+?)[\"\u201d\u2019](?!\w)|(?<!\w)'(.+?)'(?!\w)")
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "sir",
        "the",
        "a",
        "an",
        "sen",
        "rep",
        "president",
        "minister",
        "mayor",
        "judge",
    ]
)


@dataclass(frozen=True, slots=True)
class Label:
    """What was said by whom: the words, in a set with offsets also where, and how sure the label is.

    A piece in marks, of a split quotation or of a clause, is right by itself.
    """

    kind: str
    words: tuple[str, ...]
    speakers: tuple[str, ...]
    is_named: bool
    is_sure: bool
    spans: tuple[tuple[int, int], ...] = ()
    pieces: tuple[tuple[int, int], ...] = ()
    piece_words: tuple[tuple[str, ...], ...] = ()
    gold: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article and its labels. Rows of `kinds` that match no label are wrong, others cannot be judged."""

    set: str
    text: ArticleText
    labels: tuple[Label, ...]
    kinds: frozenset[str]
    limits: float
    ignored: tuple[tuple[int, int], ...] = ()


def articles(sets: Sequence[str], gold: Path = GOLD) -> Iterator[LabelledArticle]:
    """Yield the articles of sets."""
    for name in sets:
        if name == "own":
            yield from _own()
        elif name == "samples":
            yield from _samples()
        else:
            yield from _gold(name, gold)


def judge(article: LabelledArticle, extract: Extract, scorer: ModuleType | None) -> list[bool | None]:
    """Say of each row whether words and speaker are right; None where the labels do not tell."""
    speakers = defaultdict(list)
    for one in extract.quote_speakers:
        speakers[one.quote_no].append(one.name)
    statements = defaultdict(list)
    for quote in extract.quotes:
        statements[quote.utterance_no, quote.cue_start, quote.kind == "direct"].append(quote)
    return [
        _judge_row(
            article,
            quote,
            statements[quote.utterance_no, quote.cue_start, quote.kind == "direct"],
            speakers[quote.quote_no],
            scorer,
        )
        for quote in extract.quotes
    ]


def found(article: LabelledArticle, extract: Extract, verdicts: Sequence[bool | None]) -> tuple[int, int]:
    """Return how many sure labels there are, and for how many some row is right by these verdicts."""
    right = 0
    sure = [label for label in article.labels if label.is_sure]
    for label in sure:
        right += any(
            verdict and _shared(label, [quote]) >= _FEWEST
            for quote, verdict in zip(extract.quotes, verdicts, strict=True)
        )
    return len(sure), right


def load_scorer(gold: Path = GOLD) -> ModuleType | None:
    """Import the gold folder's scorer, which knows when two names are one person's."""
    spec = importlib.util.spec_from_file_location("gold_score", gold / "score.py")
    if spec is None or spec.loader is None or not (gold / "score.py").is_file():
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def words(text: str | None) -> tuple[str, ...]:
    """Return the words of a text in lower case."""
    return tuple(_WORD.findall((text or "").lower().replace("\u2019", "'").replace("'", "")))


def _own() -> Iterator[LabelledArticle]:
    for number, line in enumerate((HERE / "labelled_articles.jsonl").read_text("utf-8").splitlines()):
        article = json.loads(line)
        labels = tuple(
            Label(
                label["kind"],
                words(label["content"]),
                tuple(speaker["name"] for speaker in label["speakers"]),
                label["type"] in ("named person", "organization"),
                label["sure"] and not label.get("nested", False),
                piece_words=tuple(words(one or other) for one, other in _MARKED.findall(label["content"])),
            )
            for label in article["quotes"]
        )
        text = f"## Title: {article['title']}\n## Date: Monday, March 7, 2016 - 06:00\n\n{article['text']}\n"
        yield LabelledArticle(
            "own, kept back" if number % 2 else "own",  # no rule was tried on every second one
            _parsed(text.encode(), article["case"]),
            labels,
            frozenset(("direct", "mixed", "indirect", "act")),
            OWN_LIMITS,
        )


def _samples() -> Iterator[LabelledArticle]:
    folder = ROOT / "tests" / "articles"
    labels = defaultdict(list)
    with (ROOT / "tests" / "labelled" / "quotes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            labels[row["path"]].append(
                Label(row["kind"], words(row["text"]), (row["speaker"],), row["speaker"].istitle(), True)
            )
    for path, found_labels in labels.items():
        text = _parsed((folder / path).read_bytes(), path)
        kinds = frozenset(("direct", "mixed", "indirect"))
        yield LabelledArticle("samples", text, tuple(found_labels), kinds, OWN_LIMITS)


def _gold(name: str, gold: Path) -> Iterator[LabelledArticle]:
    for line in (gold / name / "dev.jsonl").read_text("utf-8").splitlines():
        doc = json.loads(line)
        if doc.get("quotes") is None:
            continue
        labels = tuple(
            Label(
                quote["kind"],
                words(quote["content"]),
                (quote.get("speaker_canonical") or quote.get("speaker_text") or "",),
                quote.get("speaker_kind") == "name",
                True,
                tuple((low, high) for low, high in quote["fragments"]),
                tuple((low, high) for low, high in quote["segments"]),
                gold=quote,
            )
            for quote in doc["quotes"]
        )
        kinds = ("direct", "mixed") if doc.get("no_indirect") else ("direct", "mixed", "indirect")
        ignored = tuple((low, high) for low, high, *_ in doc.get("ignore") or ())
        text = ArticleText(doc["doc_id"], doc.get("title") or "", doc["text"])
        yield LabelledArticle(name, text, labels, frozenset(kinds), GOLD_LIMITS, ignored)


def _parsed(content: bytes, name: str) -> ArticleText:
    landed = LandedFile(name, Path(name), len(content), 0)
    return parse(RawFile(landed, content, name)).text()


def _judge_row(
    article: LabelledArticle,
    quote: Quote,
    statement: Sequence[Quote],
    speakers: Sequence[str],
    scorer: ModuleType | None,
) -> bool | None:
    """Judge a row by the label it shares most with, alone or with the other rows of its `statement`.

    Some labels split 'said that A and that B', others do not.
    """
    if quote.kind == "act" and "act" not in article.kinds:
        return None

    def shares(label: Label) -> float:
        return max(_shared(label, [quote]), _shared(label, statement) if quote.kind != "direct" else 0.0)

    best = max(article.labels, key=shares, default=None)
    shared = shares(best) if best is not None else 0.0
    if best is None or shared < _FEWEST:
        is_ignored = any(
            min(high, quote.char_end) > max(low, quote.char_start) for low, high in article.ignored
        )
        return None if is_ignored or quote.kind not in article.kinds else False
    if not best.is_sure:
        return None
    limits = article.limits if quote.kind in ("indirect", "act") else max(article.limits, 0.75)
    is_right = _is_speaker(best, quote, speakers, scorer)
    return is_right if shared >= limits or is_right is None else False


def _shared(label: Label, quotes: Sequence[Quote]) -> float:
    """Return the F1 of the words, or of the characters where a label has offsets."""
    if not label.spans:
        mine = tuple(word for quote in quotes for word in words(quote.text))
        return max(_f1(mine, wanted) for wanted in (label.words, *label.piece_words))
    length = sum(quote.char_end - quote.char_start for quote in quotes)

    def overlap(span: tuple[int, int]) -> int:
        return sum(max(0, min(span[1], quote.char_end) - max(span[0], quote.char_start)) for quote in quotes)

    total = sum(high - low for low, high in label.spans)
    whole = 2 * sum(map(overlap, label.spans)) / (total + length)
    pieces = [2 * overlap(span) / (span[1] - span[0] + length) for span in label.pieces]
    return max(whole, *pieces, 0.0)


def _f1(mine: tuple[str, ...], wanted: tuple[str, ...]) -> float:
    both = (Counter(mine) & Counter(wanted)).total()
    return 2 * both / (len(mine) + len(wanted)) if both else 0.0


def _is_speaker(
    label: Label, quote: Quote, speakers: Sequence[str], scorer: ModuleType | None
) -> bool | None:
    if label.gold is not None and scorer is not None:
        verdict = scorer.judge_speaker(
            label.gold, {"speaker_text": quote.speaker_text, "speaker_canonical": quote.speaker}
        )
        if verdict["resolved"] is not None:
            return bool(verdict["resolved"])
        if label.gold.get("speaker_kind") == "pronoun":
            return None  # whom it means is not labelled
        return None if verdict["lenient"] is None else bool(verdict["lenient"])
    if len(label.speakers) != len(speakers):
        return False
    return all(any(_is_same(name, one, label.is_named) for one in speakers) for name in label.speakers)


def _is_same(name: str, found_name: str, is_named: bool) -> bool:
    wanted = [word for word in words(name) if word not in _TITLES] or list(words(name))
    got = [word for word in words(found_name) if word not in _TITLES] or list(words(found_name))
    if not wanted or not got:
        return False
    if not is_named:
        return bool(set(wanted) & set(got)) and (wanted[0] in got or got[-1] in wanted)
    shorter, longer = sorted((wanted, got), key=len)
    return wanted[-1] in got and set(shorter) <= set(longer)
