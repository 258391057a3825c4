"""Whatever lands, decode and parse refuse it or make well-formed text of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from hypothesis import example, given
from hypothesis import strategies as st
from invariants import check_delivery, check_failures
from runs import ARTICLES

from ontherecord.flows.landing.dates import read_date
from ontherecord.flows.landing.decode import decode, repair
from ontherecord.flows.landing.parse import parse
from ontherecord.flows.landing.redelivery import REDELIVERY_RULES, check_redelivery
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Delivery, RawFile

NUL = "\x00"
TOP = "## Title: A\n## Section: B\n## Date: Tuesday, March 10, 2015 - 09:30\n"
MARKS = st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
# Pieces that the patterns look at, in any order, find more than letters drawn at random.
PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "## ",
                "##",
                "Title",
                "Section",
                "Date",
                ":",
                " : ",
                "\n",
                "\r\n",
                "\n\n",
                "- AFP",
                "\u00a0",
                "RIO",
                '"',
            ]
        ),
        st.text(max_size=8),
    ),
    max_size=30,
).map("".join)
CONTENTS = st.one_of(
    st.tuples(MARKS, st.binary(max_size=200)).map(b"".join),
    st.binary(max_size=120).map(lambda noise: TOP.encode() + noise),
    PIECES.map(lambda text: text.encode("utf-8")),
    PIECES.map(lambda text: (TOP + text).encode("utf-8")),
    PIECES.map(lambda text: b"\xff\xfe" + text.encode("utf-16-le")),
)


def _refused(error: BadDelivery, *rules: str) -> bool:
    return bool(error.failures) and all(f.rule in rules and f.message for f in error.failures)


@given(CONTENTS)
@example(b"\xff\xfe")
@example(b"\xff\xfe\x00")
@example(b"\xef\xbb\xbf")
def test_decode_gives_storable_text_or_refuses_with_a_reason(content: bytes) -> None:
    try:
        text, _ = decode(content)
    except BadDelivery as error:
        refused = _refused(error, "empty_file", "not_text", "binary")
        assert refused
        return
    assert text.encode("utf-8").decode("utf-8") == text
    assert not {c for c in text if unicodedata.category(c) == "Cc"} - {"\n", "\t"}


@given(CONTENTS)
@example(TOP.encode())
@example(TOP.encode().rstrip())
@example(TOP.encode() + b"\n\n- AFP")
@example(TOP.encode() + b"RIO : x")
def test_parse_gives_a_tidy_delivery_or_refuses_with_a_reason(
    raw_file: Callable[[str | bytes], RawFile], content: bytes
) -> None:
    try:
        delivery = parse(raw_file(content))
    except BadDelivery as error:
        check_failures(error)
    else:
        check_delivery(delivery)


SAMPLES = tuple(
    file.read_bytes()
    for folder in (ARTICLES, ARTICLES.parent / "files")
    for file in sorted(folder.rglob("*.txt"))
    if file.stat().st_size < 4_000
)


@given(st.sampled_from(SAMPLES), st.sampled_from(SAMPLES), st.binary(max_size=6), st.data())
def test_spliced_and_mutated_files_are_parsed_or_refused_with_a_reason(
    raw_file: Callable[[str | bytes], RawFile], one: bytes, other: bytes, noise: bytes, data: st.DataObject
) -> None:
    cut, go_on = data.draw(st.integers(0, len(one))), data.draw(st.integers(0, len(other)))
    try:
        delivery = parse(raw_file(one[:cut] + noise + other[go_on:]))
    except BadDelivery as error:
        check_failures(error)
    else:
        check_delivery(delivery)


LINES = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12), max_size=6
).map(" ".join)
ENCODERS = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "utf-16, high byte first": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "windows line ends": lambda text: text.replace("\n", "\r\n").encode(),
}


@given(st.lists(LINES, max_size=8), st.sampled_from(sorted(ENCODERS)))
def test_a_body_survives_the_way_through_a_file_in_any_encoding(
    raw_file: Callable[[str | bytes], RawFile], lines: list[str], encoding: str
) -> None:
    # Sentences around them, so that no line is a dateline or a signature; a header is none of a body's, and
    # what looks doubly encoded is repaired.
    wanted = [
        "It is so.",
        *(line for line in lines if "#" not in line and repair(line)[0] == line),
        "It is well.",
    ]
    delivery = parse(raw_file(ENCODERS[encoding](TOP + "\n" + "\n\n".join(wanted) + "\n")))
    assert delivery.body == "\n".join(line for line in wanted if line)
    assert delivery.title == "A"


@given(PIECES, PIECES)
def test_any_two_texts_are_compared_and_a_text_is_never_worse_than_itself(
    raw_file: Callable[[str | bytes], RawFile], now: str, before: str
) -> None:
    def delivered(text: str) -> Delivery:
        return parse(raw_file(f"{TOP}\nIt is so. {text.replace('#', '').replace(NUL, '')}"))

    delivery, loaded = delivered(now), delivered(before)
    failures, warnings = check_redelivery(delivery, loaded.body)
    assert {failure.rule for failure in failures} <= REDELIVERY_RULES
    assert set(warnings) <= {"much_shorter"}
    assert check_redelivery(delivery, delivery.body) == ((), ())


@given(st.one_of(st.text(max_size=40), st.text("0123456789:-, TuesdayMarchpm", max_size=40)))
def test_any_text_is_a_date_or_has_a_problem(text: str) -> None:
    found = read_date(text)
    assert (found.published_at is None) == (found.problem is not None)
    assert found.published_at is not None or not found.warnings
