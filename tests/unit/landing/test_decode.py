"""Decode: every kind of bytes that has landed, and the warnings it gives."""

from __future__ import annotations

import pytest

from flows.landing.decode import decode
from warehouse.errors import BadDelivery


@pytest.mark.parametrize(
    ("content", "text", "warnings"),
    [
        pytest.param("café".encode(), "café", (), id="utf-8"),
        pytest.param(b"\xef\xbb\xbfcaf\xc3\xa9", "café", (), id="utf-8 with a mark"),
        pytest.param(b"\xff\xfec\x00a\x00f\x00\xe9\x00", "café", ("encoding_utf16",), id="utf-16 low first"),
        pytest.param(b"\xfe\xff\x00c\x00a\x00f\x00\xe9", "café", ("encoding_utf16",), id="utf-16 high first"),
        pytest.param(
            b"\xff\xfea\x00\xe9",
            "a\ufffd",
            ("encoding_utf16", "replacement_character"),
            id="utf-16 cut inside a character",
        ),
        pytest.param(
            b"\xff\xfea\x00\x00\xd8b\x00",
            "a\ufffdb",
            ("encoding_utf16", "replacement_character"),
            id="utf-16 with half a pair",
        ),
        pytest.param(b"caf\xe9 \x93a\x94", "café “a”", ("encoding_windows_1252",), id="windows-1252"),
        pytest.param(
            b"a\x81\x8d\x8f\x90\x9db \x92",
            "ab ’",
            ("encoding_windows_1252", "control_characters"),
            id="all bytes that windows-1252 leaves undefined",
        ),
        pytest.param(b"caf\xc3", "caf", ("truncated_character",), id="cut inside two bytes"),
        pytest.param(b"a\xe2\x80", "a", ("truncated_character",), id="cut inside three bytes"),
        pytest.param(b"a\xf0\x9f\x92", "a", ("truncated_character",), id="cut inside four bytes"),
        pytest.param(
            b"\xe9t\xe9 caf\xc3",
            "été cafÃ",
            ("encoding_windows_1252",),
            id="windows-1252 that ends like utf-8",
        ),
        pytest.param(
            b"a\xed\xa0\x80b", "a\u00ed\u00a0€b", ("encoding_windows_1252",), id="half a pair in utf-8"
        ),
        pytest.param(b"a\x07\x1bb\x7f\xc2\x9cc", "abc", ("control_characters",), id="controls"),
        pytest.param(
            b"a\x0bb\x0cc\xc2\x85d", "a b c d", ("control_characters",), id="controls that part words"
        ),
        pytest.param(b"a\tb\nc", "a\tb\nc", (), id="tab and line feed stay"),
        pytest.param(b"a\r\nb\rc\n\rd", "a\nb\nc\n\nd", (), id="line ends of all kinds"),
        pytest.param(
            "a\u200bb\u00adc\u2060d\ufeffe".encode(), "abcde", ("invisible_characters",), id="invisible"
        ),
        pytest.param("a\u202eb\u2066c\u2069".encode(), "abc", ("direction_marks",), id="direction"),
        pytest.param(
            "a\u200db\u00a0c".encode(), "a\u200db\u00a0c", (), id="joiners and no-break spaces stay"
        ),
        pytest.param("a\ufffd".encode(), "a\ufffd", ("replacement_character",), id="lost before"),
    ],
)
def test_bytes_become_text_with_a_warning_for_each_repair(
    content: bytes, text: str, warnings: tuple[str, ...]
) -> None:
    assert decode(content) == (text, warnings)


@pytest.mark.parametrize("content", [b"", b" ", b"\n\r\n\t \x0c"])
def test_nothing_but_white_space_is_refused_as_empty(content: bytes) -> None:
    with pytest.raises(BadDelivery) as caught:
        decode(content)
    assert [f.rule for f in caught.value.failures] == ["empty_file"]


@pytest.mark.parametrize("content", [bytes(4), b"abc\x00", b"\x89PNG\r\n\x1a\n\x00\x00", b"a\x00b\x00"])
def test_zero_bytes_are_refused_with_the_place_of_the_first(content: bytes) -> None:
    with pytest.raises(BadDelivery) as caught:
        decode(content)
    (failure,) = caught.value.failures
    assert failure.rule == "binary"
    assert failure.value == f"a zero byte at byte {content.index(0)}"
