"""What filled sheets say: shares, their intervals and weights, and how far coders agree."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from scipy.stats import binomtest

from ontherecord.flows.coding.evaluate import evaluate, weighted_share, wilson
from ontherecord.flows.coding.sheet import CodedQuote, Sheet
from ontherecord.warehouse.errors import SheetError

ROW = CodedQuote(
    row_no=2,
    id="q1-0",
    article="a.txt",
    place=0,
    words="We are open,",
    kind="direct",
    speaker="Ida Brandt",
    confidence=0.95,
    stratum="direct",
    stratum_size=900,
    drawn="by kind; seed 7",
    is_quote="yes",
    words_right="yes",
    starts_with=None,
    ends_with=None,
    speaker_right="yes",
    right_speaker=None,
    right_kind=None,
    note=None,
)
INDIRECT = replace(ROW, kind="indirect", stratum="indirect", stratum_size=100, confidence=0.6)


def _sheet(*rows: CodedQuote) -> Sheet:
    numbered = (replace(row, row_no=n, id=f"q{n}-0") for n, row in enumerate(rows, 2))
    return Sheet(Path("ida.xlsx"), tuple(numbered))


@pytest.mark.parametrize(("right", "count"), [(0, 7), (7, 7), (18, 20), (1, 200), (133, 200)])
def test_interval_is_that_of_scipy(right: int, count: int) -> None:
    found = binomtest(right, count).proportion_ci(0.95, method="wilson")
    assert wilson(right / count, count) == pytest.approx((found.low, found.high))


def test_equal_weights_are_those_of_a_simple_sample() -> None:
    share = weighted_share([True, True, False, True], [3.0, 3.0, 3.0, 3.0])
    assert (share.share, share.effective_count) == (0.75, 4.0)


def test_a_stratum_counts_by_its_size() -> None:
    # Nine tenths of the archive are direct, and all of these right; of the indirect ones none is.
    found = evaluate(_sheet(ROW, ROW, *[replace(INDIRECT, words_right="no")] * 8))
    groups = {group.name: group for group in found.groups}
    assert list(groups) == ["all", "direct", "indirect", ".9 and above", ".5 to .7"]
    assert groups["all"].shares["row"].share == pytest.approx(0.9)
    assert groups["all"].shares["row"].effective_count == pytest.approx(1000**2 / (2 * 450**2 + 8 * 12.5**2))
    assert groups["direct"].shares["row"].share == 1
    assert groups["indirect"].shares["row"].share == 0
    assert (groups["direct"].archive_count, groups["indirect"].archive_count) == (900, 100)


def test_words_and_speaker_are_of_what_is_speech() -> None:
    no_quote = replace(ROW, is_quote="no", words_right=None, speaker_right=None)
    untold = replace(ROW, speaker_right="cannot tell")
    wrong, uncoded = replace(ROW, speaker_right="no"), replace(ROW, is_quote=None)
    found = evaluate(_sheet(ROW, wrong, no_quote, untold, uncoded))
    shares = found.groups[0].shares
    assert (found.coded_count, found.row_count, found.untold_count) == (4, 5, 1)
    assert {name: (share.row_count, round(share.share, 2)) for name, share in shares.items()} == {
        "speech": (4, 0.75),
        "words": (3, 1.0),
        "speaker": (2, 0.5),
        "row": (3, 0.33),
    }


def test_agreement_is_krippendorffs() -> None:
    """The alpha of the words: 4 pairs, one of which differs; worked out by hand."""
    first = _sheet(ROW, ROW, ROW, replace(ROW, words_right="no"))
    second = _sheet(ROW, ROW, replace(ROW, words_right="no"), replace(ROW, words_right="no"))
    found = {a.criterion: a for a in evaluate(first, second).agreements}
    assert found["words"].same_share == 0.75
    # Observed disagreement 1/4; expected by the 5 yes and 3 no: 2 * 5 * 3 / (8 * 7).
    assert found["words"].alpha == pytest.approx(1 - (1 / 4) / (30 / 56))
    assert found["speech"].alpha is None


def test_the_paragraph_says_how_and_how_many() -> None:
    said = evaluate(_sheet(ROW, replace(INDIRECT, speaker_right="no")), _sheet(ROW, INDIRECT)).paragraph()
    for part in (
        "random sample of 2 quotes of the 1,000",
        "2 strata (by kind; seed 7)",
        "90.0% (",
        "Kish's effective sample size",
        "Two coders judged all of them",
        "Krippendorff's alpha",
        "does not show what was missed",
    ):
        assert part in said


def test_the_paragraph_says_how_many_rows_a_second_coder_judged() -> None:
    first = _sheet(ROW, INDIRECT)
    for second in (_sheet(ROW), _sheet(ROW, replace(INDIRECT, is_quote=None))):
        assert (
            "One coder judged all of them, a second one 1 of these, with"
            in evaluate(first, second).paragraph()
        )
    assert "One coder judged all of them, with" in evaluate(first).paragraph()


def test_sheets_that_say_nothing_are_refused() -> None:
    with pytest.raises(SheetError, match=r"No row of ida\.xlsx is coded"):
        evaluate(_sheet(replace(ROW, is_quote=None)))
    other = Sheet(Path("odd.xlsx"), (replace(ROW, id="q99-0"),))
    with pytest.raises(SheetError, match=r"No row is coded in both ida\.xlsx and odd\.xlsx"):
        evaluate(_sheet(ROW), other)
