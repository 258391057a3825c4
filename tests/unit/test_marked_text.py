"""An article's text is cut where quotes and names begin and end, and nothing of it is lost."""

from __future__ import annotations

from typing import Any

from ontherecord.flows.browse.marked_text import Paragraph, mark_body, mark_title


def quote(body: str, words: str, number: int, utterance: int | None = None) -> dict[str, Any]:
    start = body.index(words)
    return {
        "quote_no": number,
        "utterance_no": number if utterance is None else utterance,
        "char_start": start,
        "char_end": start + len(words),
    }


def mention(body: str, name: str, entity_id: int, field: str = "body") -> dict[str, Any]:
    start = body.index(name)
    return {"field": field, "char_start": start, "char_end": start + len(name), "entity_id": entity_id}


def text_of(paragraphs: tuple[Paragraph, ...]) -> str:
    return "\n".join("".join(piece.text for run in p.runs for piece in run.pieces) for p in paragraphs)


def marked(paragraph: Paragraph) -> list[tuple[str, int]]:
    """Return the words inside quotes, each run with the number of its quote."""
    return [
        ("".join(piece.text for piece in run.pieces), run.quote["quote_no"])
        for run in paragraph.runs
        if run.quote
    ]


def test_words_of_a_quote_are_one_run_with_the_names_in_it() -> None:
    body = "“Lund is right,” Ida Brandt said."
    [paragraph] = mark_body(
        body,
        [quote(body, "Lund is right,", 0)],
        [mention(body, "Lund", 1), mention(body, "Ida Brandt", 2)],
    )
    assert marked(paragraph) == [("Lund is right,", 0)]
    named = [(piece.text, piece.entity_id) for run in paragraph.runs for piece in run.pieces]
    assert named == [
        ("“", None), ("Lund", 1), (" is right,", None), ("” ", None), ("Ida Brandt", 2), (" said.", None),
    ]  # fmt: skip
    assert text_of((paragraph,)) == body


def test_quote_in_a_quote_is_marked_as_itself() -> None:
    body = "She said the mayor had called it “a wall” in May."
    outer, inner = quote(body, "the mayor had called it “a wall” in May", 0), quote(body, "a wall", 1)
    [paragraph] = mark_body(body, [outer, inner], [])
    assert marked(paragraph) == [("the mayor had called it “", 0), ("a wall", 1), ("” in May", 0)]
    assert [[q["quote_no"] for q in run.ends] for run in paragraph.runs] == [[], [], [1], [0], []]
    assert [[q["quote_no"] for q in run.begins] for run in paragraph.runs] == [[], [0], [1], [], []]


def test_quote_over_two_lines_has_its_note_where_it_begins() -> None:
    body = "He said: “We leave.\nWe never come back.”\n\nNobody moved."
    first, second, third = mark_body(body, [quote(body, "We leave.\nWe never come back.", 0)], [])
    assert marked(first) == [("We leave.", 0)]
    assert marked(second) == [("We never come back.", 0)]
    assert [len(p.utterances) for p in (first, second, third)] == [1, 0, 0]
    assert [q["quote_no"] for run in second.runs for q in run.ends] == [0]


def test_pieces_of_one_utterance_share_a_note() -> None:
    body = "“We sail,” he said. “At noon.” She said: “No.”"
    [paragraph] = mark_body(
        body, [quote(body, "We sail,", 0), quote(body, "At noon.", 1, 0), quote(body, "No.", 2)], []
    )
    assert [[q["quote_no"] for q in quotes] for quotes in paragraph.utterances] == [[0, 1], [2]]


def test_name_that_crosses_the_edge_of_a_quote_is_cut_there() -> None:
    body = "He told “the Harbour” Board."
    [paragraph] = mark_body(body, [quote(body, "the Harbour", 0)], [mention(body, "Harbour” Board", 7)])
    assert text_of((paragraph,)) == body
    assert [p.text for run in paragraph.runs for p in run.pieces if p.entity_id == 7] == [
        "Harbour",
        "” Board",
    ]


def test_headline_has_the_names_of_the_headline_only() -> None:
    title = "Brandt opens harbour"
    pieces = mark_title(title, [mention(title, "Brandt", 1, "title"), mention(title, "harbour", 2)])
    assert [(p.text, p.entity_id) for p in pieces] == [("Brandt", 1), (" opens harbour", None)]


def test_body_without_words_has_no_paragraph() -> None:
    assert mark_body("", [], []) == ()
    assert mark_body(" \n\t\n", [], []) == ()
