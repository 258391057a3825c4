"""Hold a warehouse of the sample articles against their hand labels, phenomenon by phenomenon.

python tests/labels.py HOME        prints tests/labelled/reached.csv as it would be now
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from runs import rows

LABELS = Path(__file__).parent / "labelled"
_WORD = re.compile(r"\w+")
# Where a reported clause begins is often a matter of taste ("that", a leading adverb).
_SAME_CLAUSE = 0.8


@dataclass(frozen=True, slots=True)
class Found:
    """A row of quotes, as labels are held against it."""

    kind: str
    text: str
    speaker: str | None


def words(text: str | None) -> list[str]:
    found = _WORD.findall((text or "").lower())
    return found[1:] if found[:1] in (["the"], ["a"], ["an"]) else found


def labels(name: str) -> list[dict[str, str]]:
    with (LABELS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def found_quotes(home: Path) -> dict[str, list[Found]]:
    found = defaultdict(list)
    for path, *row in rows(
        home,
        "select source_path, quotes.kind, quotes.text, speaker "
        "from quotes inner join articles using (article_id) order by article_id, quote_no",
    ):
        found[path].append(Found(*row))
    return found


def has_words(label: dict[str, str], quote: Found) -> bool:
    """Say whether a quote has the label's words: all of them, or for reported clauses nearly all."""
    wanted, got = words(label["text"]), words(quote.text)
    if label["kind"] == "direct":
        return quote.kind != "indirect" and wanted == got
    if label["kind"] == "mixed":
        return quote.kind != "indirect" and " ".join(wanted) in " ".join(got)
    shared = (Counter(wanted) & Counter(got)).total()
    return 2 * shared >= _SAME_CLAUSE * (len(wanted) + len(got))


def has_speaker(label: dict[str, str], quote: Found) -> bool:
    """Say whether a quote has the label's speaker: the same words, or one name within the other."""
    wanted, got = words(label["speaker"]), words(quote.speaker)
    if not wanted or not got:
        return wanted == got
    shorter, longer = sorted((wanted, got), key=len)
    return shorter[-1] == longer[-1] and set(shorter) <= set(longer)


def right_by_phenomenon(home: Path) -> dict[str, tuple[int, int]]:
    """Return for each phenomenon how many labels there are, and how many are right in words and speaker."""
    found = found_quotes(home)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for label in labels("quotes"):
        right = any(has_words(label, q) and has_speaker(label, q) for q in found[label["path"]])
        counts[label["phenomenon"]][0] += 1
        counts[label["phenomenon"]][1] += right
    return {name: (total, right) for name, (total, right) in sorted(counts.items())}


if __name__ == "__main__":
    print("phenomenon,labelled,right")
    for phenomenon, (total, right) in right_by_phenomenon(Path(sys.argv[1])).items():
        print(f"{phenomenon},{total},{right}")
