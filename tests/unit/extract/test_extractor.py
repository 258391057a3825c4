"""The extractor's contract: valid records for any text, in order, the same in every process."""

from __future__ import annotations

import sys
from types import FrameType

import pytest
from extracts import MODEL, extractor
from hypothesis import given, settings
from hypothesis import strategies as st
from invariants import check_extract
from runs import ARTICLES

from ontherecord.warehouse.records import ArticleText

BODY = (
    'OSLO (AP) - "The ferry is old," Ruth Adler said. "Sell it."\n'
    "Tom Baker, the mayor, told AFP that it was “a rusty tub” and urged the town to wait.\n"
    "“We wait,” he said.\n"
)


def test_the_version_names_rules_and_model() -> None:
    rules, model = extractor().version.split("+")
    assert rules.isdigit()
    assert model.startswith(f"{MODEL}-3.")


def test_extracts_come_in_the_order_of_the_texts() -> None:
    texts = [ArticleText(f"sha{number}", "A ferry", BODY * (number % 3)) for number in range(40)]
    extracts = list(extractor().extract(iter(texts)))
    for text, extract in zip(texts, extracts, strict=True):
        check_extract(text, extract)
    assert extracts[1].quotes == extracts[4].quotes != ()
    assert extracts[0].quotes == ()


def test_an_article_gives_the_same_alone_and_in_a_batch() -> None:
    text = ArticleText("sha", "A ferry", BODY)
    (alone,) = extractor().extract([text])
    *_, last = extractor().extract([ArticleText("other", "Snow", "Jane Miller said it snows.")] * 5 + [text])
    assert last == alone


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\n\n \n",
        '"',
        '""""""',
        '"\n"\n"',
        "said said said said",
        "According to",
        "according to according to, said.",
        '\ud800 \udfff "lone\ud800 halves," Kim said.',
        "\x00\x01\u200b\ufeff",
        '"A,"\u2028said\u2029Kim\r.',
        ': : : " : " :',
        "“‘“‘“‘ he said ’”’”",
        "-" * 300 + '"' + "-" * 300,
        "he said she said it said they said",
        '"Yes," said. "No," said. said "no" said',
    ],
)
def test_no_text_raises(body: str) -> None:
    text = ArticleText("sha", body[:50], body)
    (extract,) = extractor().extract([text])
    check_extract(text, extract)


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            [
                '"',
                "“",
                "”",
                "'",
                "’",
                "``",
                "''",
                " ",
                "\n",
                ", ",
                ". ",
                ": ",
                "Ruth Adler",
                "he",
                "said",
                "told",
                "according to",
                "that",
                "the mayor",
                "it is late",
                "Tom",
                "who",
                "adding",
                "(",
                ")",
                "—",
                "6'2\"",
            ]
        ),
        max_size=40,
    )
)
def test_any_mixture_of_marks_and_words_gives_valid_records(parts: list[str]) -> None:
    text = ArticleText("sha", "", "".join(parts))
    (extract,) = extractor().extract([text])
    check_extract(text, extract)


def test_the_placeholder_of_a_quotation_is_no_cue() -> None:
    body = (
        "\u200bthewhetherParisurgedaccording toFoo Airlinesasthe Norwegian\u200bPeru's:  â€œﬃtold(Q: -\x00«'."
        "she»Genevaaccording toGeneva\" â€œ\ud800\radding''. thatitJohn G. Carver Jr.; asked”O'Neilhe"
        'the mayor)Foo Airlines«-the following statement\u2028the 30-year-old; "sheit is lateIt is late,'
    )
    (extract,) = extractor().extract([ArticleText("sha", "It is late,: ", body)])
    check_extract(ArticleText("sha", "It is late,: ", body), extract)
    assert "works" not in {quote.cue for quote in extract.quotes}


SAMPLES = tuple(file.read_text(encoding="utf-8")[:3_000] for file in sorted(ARTICLES.rglob("*.txt"))[::6])


@settings(max_examples=settings().max_examples // 5)
@given(st.data())
def test_pieces_of_articles_spliced_give_valid_records(data: st.DataObject) -> None:
    parts = []
    for _ in range(data.draw(st.integers(1, 4))):
        sample = data.draw(st.sampled_from(SAMPLES))
        start = data.draw(st.integers(0, len(sample) - 1))
        parts += [sample[start : start + data.draw(st.integers(1, 300))], data.draw(st.text(max_size=3))]
    title, body = parts[0][:80], "".join(parts)
    text = ArticleText("sha", title, body)
    (extract,) = extractor().extract([text])
    check_extract(text, extract)


@pytest.mark.parametrize(
    "unit",
    ["said that ", "'Ah so,' ", "“‘a’” ", '"It is late," Ann Kim said. ', "Ann Kim (AK), ", "(", "said "],
)
def test_work_grows_with_the_text(unit: str) -> None:
    def calls(size: int) -> int:
        text = ArticleText("sha", "", (unit * size)[:size])
        count = 0

        def tell(frame: FrameType, event: str, argument: object) -> None:
            nonlocal count
            count += event in ("call", "c_call")

        list(extractor().extract([text]))
        sys.setprofile(tell)
        try:
            list(extractor().extract([text]))
        finally:
            sys.setprofile(None)
        return count

    assert calls(3_000) < 2.6 * calls(1_500)


def test_a_very_long_line_is_cut_at_white_space() -> None:
    body = 'Ruth Adler said: "The ferry is old." ' * 700
    (extract,) = extractor().extract([ArticleText("sha", "", body)])
    check_extract(ArticleText("sha", "", body), extract)
    assert len(extract.quotes) == 700


def test_an_unclosed_quotation_ends_before_the_white_space_of_its_paragraph() -> None:
    body = 'Hansmann said the goal had been "offside by a nose, but it is one\u00a0\nAn end.'
    [extract] = extractor().extract([ArticleText("a", "Offside", body)])
    assert [quote.text[-6:] for quote in extract.quotes] == ["is one"]
