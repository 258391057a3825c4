"""Evaluate filled sheets: how many rows are right, of the sample and the archive, and how far coders agree.

Rows of a stratified sample stand for different numbers of rows of the archive, so each counts with its
weight: the size of its stratum by the rows of it that were coded. Intervals are Wilson's (1927) at 95%, at
the effective sample size of the weights (Kish 1965): (sum of weights)² / sum of squared weights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from ontherecord.flows.coding.sheet import CANNOT_TELL, NO, YES, CodedQuote, Sheet
from ontherecord.flows.plural import counted
from ontherecord.warehouse.errors import SheetError

_BANDS = ((0.9, ".9 and above"), (0.7, ".7 to .9"), (0.5, ".5 to .7"), (0.0, "below .5"))
_CONFIDENCE = 0.95
# What is judged, and what agreement is counted for.
CRITERIA = ("speech", "words", "speaker", "row")


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the archive's rows, from 0 to 1, with its 95% interval and the rows that it rests on."""

    share: float
    low: float
    high: float
    row_count: int
    effective_count: float

    def percent(self) -> str:
        """Return the share with its interval, in percent."""
        return f"{100 * self.share:.1f} [{100 * self.low:.1f}-{100 * self.high:.1f}]"


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one kind or band, how many of the archive they stand for, and the shares that are right."""

    name: str
    row_count: int
    archive_count: int
    shares: Mapping[str, Share]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two coders agree: the share of rows with the same verdict, and Krippendorff's nominal alpha.

    Alpha is None if all verdicts are the same: nothing shows that they agree by more than chance.
    """

    criterion: str
    row_count: int
    same_share: float
    alpha: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a filled sheet, or two, say; the first decides where they differ."""

    groups: tuple[Group, ...]
    agreements: tuple[Agreement, ...]
    row_count: int
    coded_count: int
    untold_count: int
    strata: Mapping[str, int]
    drawn: str

    def paragraph(self) -> str:
        """Return the paragraph that a methods section wants."""
        groups = {g.name: g for g in self.groups}
        whole = groups["all"].shares["row"]
        kinds = "; ".join(
            f"{g.name} {_words(g.shares['row'])}"
            for g in self.groups
            if g.name in ("direct", "mixed", "indirect", "act") and "row" in g.shares
        )
        shares = groups["all"].shares
        sure = groups.get(_BANDS[0][1])
        judged = "all" if self.coded_count == self.row_count else f"{self.coded_count:,}"
        lines = [
            f"We drew a random sample of {counted(self.row_count, 'quote')} of the "
            f"{sum(self.strata.values()):,} that On the Record found, acts of speech left out, from "
            f"{counted(len(self.strata), 'stratum', 'strata')} ({self.drawn}).",
            f"{self._coders(judged)}, "
            "with the sentences before and after each: whether somebody said these words, whether they begin "
            "and end where they should, and whether the speaker is right.",
            f"Weighted by the size of the strata, {_words(whole)} of the rows are right in all three (Wilson "
            f"95% confidence intervals at Kish's effective sample size, {whole.effective_count:.0f} for all "
            f"rows): {kinds}.",
            f"Taken one by one, {_words(shares['speech'])} are speech; of those that are, "
            f"{_words(shares['words'])} have the right words and {_words(shares['speaker'])} the right "
            "speaker.",
        ]
        if sure and "row" in sure.shares:
            lines.append(
                f"Of the rows with a confidence of .9 and above, {_words(sure.shares['row'])} are right."
            )
        if self.untold_count:
            verb = "is" if self.untold_count == 1 else "are"
            lines.append(
                f"{counted(self.untold_count, 'row')} whose speaker the coder could not tell {verb} left out "
                "of what is said of speakers and whole rows."
            )
        if self.agreements:
            parts = "; ".join(
                f"{a.criterion} {100 * a.same_share:.1f}%, "
                + ("no variation" if a.alpha is None else f"α = {a.alpha:.2f}")
                for a in self.agreements
            )
            lines.append(
                f"The two coders gave {self.agreements[0].row_count:,} rows the same verdict so often, with "
                f"Krippendorff's alpha (nominal): {parts}. Where they differ, the first coder's verdict "
                "counts."
            )
        lines.append("The sample does not show what was missed: quotes that On the Record did not find.")
        return " ".join(lines)

    def _coders(self, judged: str) -> str:
        """Return who judged how many; the second coder may have judged fewer rows, or others."""
        if not self.agreements:
            return f"One coder judged {judged} of them"
        both = self.agreements[0].row_count
        if both == self.coded_count:
            return f"Two coders judged {judged} of them"
        return f"One coder judged {judged} of them, a second one {both:,} of these"


def _words(share: Share) -> str:
    return f"{100 * share.share:.1f}% ({100 * share.low:.1f}-{100 * share.high:.1f})"


def evaluate(sheet: Sheet, second: Sheet | None = None) -> Evaluation:
    """Return what the sheets say.

    Raises SheetError if nothing is coded, or the two are not of one sample.
    """
    coded = [row for row in sheet.rows if row.is_coded]
    if not coded:
        raise SheetError(
            f"No row of {sheet.file} is coded: is_quote is empty in all of them. Fill in the coder's columns."
        )
    return Evaluation(
        groups=tuple(_groups(coded)),
        agreements=_agreements(sheet, second) if second else (),
        row_count=len(sheet.rows),
        coded_count=len(coded),
        untold_count=sum(row.speaker_right == CANNOT_TELL for row in coded),
        strata={row.stratum: row.stratum_size for row in sheet.rows},
        drawn=Counter(row.drawn for row in sheet.rows).most_common(1)[0][0],
    )


def _groups(coded: Sequence[CodedQuote]) -> Iterable[Group]:
    """Yield all rows, then those of each kind, then those of each band of confidence."""
    yield _group("all", coded, coded)
    for kind in ("direct", "mixed", "indirect", "act"):
        if found := [row for row in coded if row.kind == kind]:
            yield _group(kind, found, coded)
    for _, name in _BANDS:
        if found := [row for row in coded if _band(row.confidence) == name]:
            yield _group(name, found, coded)


def _band(confidence: float) -> str:
    return next(name for least, name in _BANDS if confidence >= least)


def _group(name: str, rows: Sequence[CodedQuote], coded: Sequence[CodedQuote]) -> Group:
    shares = {}
    for criterion in CRITERIA:
        # A row that cannot be judged says nothing, so the others of its stratum stand for it too.
        weights = _weights(
            row for row in coded if _verdict(criterion, row) in (YES, NO) or _not_asked(criterion, row)
        )
        judged = [(row, verdict) for row in rows if (verdict := _verdict(criterion, row)) in (YES, NO)]
        if judged:
            shares[criterion] = weighted_share(
                [verdict == YES for _, verdict in judged], [weights[row.stratum] for row, _ in judged]
            )
    weights = _weights(coded)
    return Group(name, len(rows), round(sum(weights[row.stratum] for row in rows)), shares)


def _weights(rows: Iterable[CodedQuote]) -> dict[str, float]:
    """Return for each stratum how many rows of the archive one of these stands for."""
    sizes: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for row in rows:
        sizes[row.stratum] = row.stratum_size
        counts[row.stratum] += 1
    return {stratum: size / counts[stratum] for stratum, size in sizes.items()}


def _verdict(criterion: str, row: CodedQuote) -> str | None:
    """Return yes, no, cannot tell, or None where it was not asked; a row is right if all of it is."""
    if criterion == "speech":
        return row.is_quote
    if criterion == "words":
        return row.words_right
    if criterion == "speaker":
        return row.speaker_right
    if row.is_quote == NO or NO in (row.words_right, row.speaker_right):
        return NO
    return row.speaker_right


def _not_asked(criterion: str, row: CodedQuote) -> bool:
    """Whether a row is no quote, so that nobody asks for its words and speaker."""
    return criterion in ("words", "speaker") and row.is_quote == NO


def weighted_share(right: Sequence[bool], weights: Sequence[float]) -> Share:
    """Return the weighted share of what is right, with its interval."""
    total = sum(weights)
    share = sum(weight for weight, is_right in zip(weights, right, strict=True) if is_right) / total
    effective = total**2 / sum(weight**2 for weight in weights)
    low, high = wilson(share, effective)
    return Share(share, low, high, len(right), effective)


def wilson(share: float, count: float) -> tuple[float, float]:
    """Return Wilson's 95% interval of a share of so many rows.

    scipy's `binomtest` gives the same, but for whole numbers only, which an effective sample size is not.
    """
    from scipy.special import ndtri

    z = float(ndtri(0.5 + _CONFIDENCE / 2))
    middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def _agreements(sheet: Sheet, second: Sheet) -> tuple[Agreement, ...]:
    """Return how far the sheets agree on the rows that both have coded, criterion by criterion."""
    others = {row.id: row for row in second.rows if row.is_coded}
    pairs = [(row, others[row.id]) for row in sheet.rows if row.is_coded and row.id in others]
    if not pairs:
        raise SheetError(
            f"No row is coded in both {sheet.file} and {second.file}. Name two copies of one sheet, each "
            "filled in by another coder."
        )
    return tuple(_agreement(name, pairs) for name in CRITERIA)


def _agreement(criterion: str, pairs: Sequence[tuple[CodedQuote, CodedQuote]]) -> Agreement:
    judged = [
        (one, other)
        for a, b in pairs
        if (one := _verdict(criterion, a)) and (other := _verdict(criterion, b))
    ]
    same = sum(one == other for one, other in judged) / len(judged) if judged else 0.0
    values = {value for pair in judged for value in pair}
    return Agreement(criterion, len(judged), same, _alpha(judged) if len(values) > 1 else None)


def _alpha(judged: Sequence[tuple[str, str]]) -> float:
    from nltk.metrics.agreement import AnnotationTask  # takes seconds

    task = AnnotationTask(
        [(coder, n, value) for n, pair in enumerate(judged) for coder, value in zip("ab", pair, strict=True)]
    )
    return float(task.alpha())
