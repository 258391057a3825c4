"""Quotation marks of every kind that news comes with; the sentences are made up."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontherecord.flows.extract.text.marks import find_quoted_spans, opens_with_mark


def quoted(paragraph: str, is_continued: bool = False) -> list[str]:
    return [paragraph[mark.start : mark.end] for mark in find_quoted_spans(paragraph, is_continued)]


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ('"The bridge holds," Kim said. "It will hold."', ["The bridge holds,", "It will hold."]),
        ("“The bridge holds,” Kim said.", ["The bridge holds,"]),
        ("``The bridge holds,'' Kim said.", ["The bridge holds,"]),
        ("''The bridge holds,'' Kim said.", ["The bridge holds,"]),
        ("«The bridge holds», Kim said.", ["The bridge holds"]),
        ("»The bridge holds«, Kim said.", ["The bridge holds"]),
        ("„The bridge holds“, Kim said.", ["The bridge holds"]),
        ("„The bridge holds”, Kim said.", ["The bridge holds"]),
        ('“The bridge holds," Kim said. "It will hold.”', ["The bridge holds,", "It will hold."]),
        ("”The bridge holds,” Kim said.", ["The bridge holds,"]),
        ("“The bridge holds,“ Kim said. “It will.”", ["The bridge holds,", "It will."]),
        ('Kim said:"The bridge holds,"and left.', ["The bridge holds,"]),
        ('" The bridge holds, " Kim said.', ["The bridge holds,"]),
        ("‘The bridge holds,’ Kim said.", ["The bridge holds,"]),
        ("'The bridge holds,' Kim said. 'It's fine.'", ["The bridge holds,", "It's fine."]),
        ("&quot;The bridge holds,&quot; Kim said.", ["The bridge holds,"]),
        ('\\"The bridge holds,\\" Kim said.', ["The bridge holds,"]),
        ('""The bridge holds,"" Kim said.', ["The bridge holds,"]),
        ("`The bridge holds,' Kim said.", ["The bridge holds,"]),
        ("「The bridge holds」, Kim said. 『It will』, she said.", ["The bridge holds", "It will"]),
        ("‹The bridge holds›, Kim said.", ["The bridge holds"]),
        ("'We'll rock 'n' roll 'til noon,' Kim said.", ["We'll rock 'n' roll 'til noon,"]),
        ("âThe bridge holds,â Kim said. âIt will.â? The château stays.", ["The bridge holds,", "It will."]),
        ("\x93The bridge holds,\x94 Kim said.", ["The bridge holds,"]),
        ("â€œThe bridge holds,â€\x9d Kim said, and didnâ€™t stay.", ["The bridge holds,"]),
    ],
)
def test_kinds_of_marks(paragraph: str, expected: list[str]) -> None:
    assert quoted(paragraph) == expected


@pytest.mark.parametrize(
    "paragraph",
    [
        "The players' union and the teams' owners met at nine o'clock.",
        "Rock 'n' roll was big in the '80s, 'til it wasn't.",
        "He is 6'2\" tall and his brother 5'11\".",
        'A 12"-wide shelf and a 10" x 12" frame.',
        "It’s the voters’ choice, and nobody else’s.",
    ],
)
def test_no_quotation(paragraph: str) -> None:
    assert quoted(paragraph) == []


def test_nested_marks_belong_to_the_outer_quotation() -> None:
    assert quoted("“She asked, ‘Why me?’ and left,” Kim said.") == ["She asked, ‘Why me?’ and left,"]
    assert quoted("‘She asked, “Why me?” and left,’ Kim said.") == ["She asked, “Why me?” and left,"]
    assert quoted("“He called it a “mess” twice,” Kim said.") == ["He called it a “mess” twice,"]


def test_measures_inside_a_quotation_do_not_end_it() -> None:
    assert quoted('"I was 6\'2" tall at twelve," Kim said.') == ["I was 6'2\" tall at twelve,"]


def test_a_possessive_does_not_end_a_single_quotation() -> None:
    assert quoted("'The voters' choice stands,' Kim said.") == ["The voters' choice stands,"]


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("“The bridge holds, Kim said. “It will hold.” She left.", ["The bridge holds,", "It will hold."]),
        ('"The bridge holds, said Kim Lee of Arup. "It will."', ["The bridge holds,", "It will."]),
        ('"The bridge holds, she said.', ["The bridge holds,"]),
    ],
)
def test_a_forgotten_closing_mark_is_where_the_speaker_is_named(paragraph: str, expected: list[str]) -> None:
    assert quoted(paragraph) == expected


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ('The bridge holds," Kim said. "It will hold." She left.', ["The bridge holds,", "It will hold."]),
        ('The bridge holds," Kim said.', ["The bridge holds,"]),
        ('Kim said: The bridge holds. It will hold."', ["The bridge holds. It will hold."]),
        ('"It holds," Kim said. It will hold," she added.', ["It holds,", "It will hold,"]),
        ('Kim looked at the bridge. It holds," she said.', ["It holds,"]),
        ('We looked at the bridge. It holds," Kim said.', ["We looked at the bridge. It holds,"]),
        ('We looked at the bridge. It holds for us."', ["We looked at the bridge. It holds for us."]),
        ("Kim Lee, the bridge's engineer.\"", []),
        ('Kim called it “a bridge.” It holds, in short."', ["a bridge."]),
    ],
)
def test_a_missing_opening_mark(paragraph: str, expected: list[str]) -> None:
    assert quoted(paragraph) == expected


def test_a_mark_that_opens_again_in_one_line_goes_on() -> None:
    assert quoted('Kim said: "It holds. "It will hold."') == ['It holds. "It will hold.']
    assert quoted("“It holds. “It will hold. “We know it.” She left.") == [
        "It holds. “It will hold. “We know it."
    ]


def test_a_quotation_that_is_not_closed_runs_to_the_end_of_its_paragraph() -> None:
    (mark,) = find_quoted_spans("Kim went on: “The bridge holds. ", is_continued=True)
    assert not mark.is_closed
    assert quoted("“He said “no” to me and left.", is_continued=True) == ["He said “no” to me and left."]


def test_the_next_piece_of_a_quotation_opens_again() -> None:
    assert opens_with_mark("  “And so on.”")
    assert opens_with_mark('"And so on."')
    assert not opens_with_mark("And so on.”")
    assert not opens_with_mark("")


def test_marks_are_linear_in_the_text() -> None:
    started = time.process_time()
    for piece in ("' ", " '", '" ', "“", "”", " ‘a", "''", "â€œ", "6'2\" "):
        find_quoted_spans(piece * 20_000)
    assert time.process_time() - started < 5


# All that the scanner looks for, in any order, and any text between.
PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "â€œ",
                "â€\x9d",
                "â€™",
                "â€",
                "``",
                "''",
                "&quot;",
                "&ldquo;",
                "6'2\"",
                "'80s",
                "'em",
                "\x93",
                "‹",
                "\n",
            ]
        ),
        st.text(max_size=4),
        st.text("ab .,'\"“”‘’«»„", max_size=6),
    ),
    max_size=20,
).map("".join)


@given(st.one_of(st.text(alphabet="ab .,'\"“”‘’«»„`\n6", max_size=60), PIECES), st.booleans())
def test_quoted_spans_are_in_order_and_within_their_marks(paragraph: str, is_continued: bool) -> None:
    end = 0
    for mark in find_quoted_spans(paragraph, is_continued):
        assert end <= mark.outer_start < mark.start < mark.end <= mark.outer_end <= len(paragraph)
        assert paragraph[mark.start : mark.end] == paragraph[mark.start : mark.end].strip()
        end = mark.outer_end
