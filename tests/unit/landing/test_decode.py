"""Decode: every kind of bytes that has landed, and the warnings it gives."""

from __future__ import annotations

import gzip
import lzma
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from ontherecord.flows.landing.decode import decode
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Failure


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
        pytest.param(
            "\x93a\x94 \x91b\x92 \x96 \x97".encode(), "“a” ‘b’ – —", ("c1_marks",), id="marks as controls"
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


@pytest.mark.parametrize(
    ("content", "value", "says"),
    [
        (bytes(4), "4 zero bytes and nothing else", "never written"),
        (b"abc" + bytes(5), "zero bytes from byte 3 to the end", "The end of the file was never written"),
        (b"abcdef\x00ghi", "1 zero byte of 10 bytes, the first at byte 6", "parts of it are lost"),
        ("abc".encode("utf-16-le") + b"d", "3 zero bytes of 7 bytes, the first at byte 1", "UTF-16"),
    ],
    ids=["nothing else", "tail", "inside", "utf-16 without a mark"],
)
def test_zero_bytes_are_refused_with_what_they_tell(content: bytes, value: str, says: str) -> None:
    failure = _refused(content)
    assert (failure.rule, failure.value) == ("binary", value)
    assert says in failure.message


def _zip_of(*names: str) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, "The cat is back. " * 500)
    return file.getvalue()


_DOCX = _zip_of("[Content_Types].xml", "_rels/.rels", "word/document.xml", "docProps/core.xml")


@pytest.mark.parametrize(
    ("content", "kind", "to_do"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "a PDF document", "save it as plain text"),
        (b"{\\rtf1\\ansi The cat is back.}", "an RTF document", "save it as plain text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(8), "an old Office document", "save it as plain text"),
        (_DOCX, "a Word document (.docx)", "save it as plain text"),
        (_zip_of("mimetype", "xl/workbook.xml"), "an Excel workbook (.xlsx)", "save it as plain text"),
        (_zip_of("a.txt", "b.txt"), "a zip archive", "Unpack it"),
        (gzip.compress(b"The cat is back.", mtime=0), "a gzip archive", "Unpack it"),
        (lzma.compress(b"The cat is back."), "an xz archive", "Unpack it"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a PNG picture", "Take it out"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG picture", "Take it out"),
        (b"GIF89a\x01\x00", "a GIF picture", "Take it out"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "a WebP picture", "Take it out"),
    ],
)
def test_another_kind_of_file_is_refused_by_its_name_and_with_what_to_do(
    content: bytes, kind: str, to_do: str
) -> None:
    failure = _refused(content)
    assert failure.rule == "not_text"
    assert kind in (failure.value or "")
    assert kind in failure.message
    assert to_do in failure.message


@pytest.mark.parametrize(
    "text", ["PDF files are no text.", "PK, the writer, is back.", "RIFF raff", "GIF 89"]
)
def test_text_that_only_resembles_another_kind_is_text(text: str) -> None:
    assert decode(text.encode()) == (text, ())


def _refused(content: bytes) -> Failure:
    with pytest.raises(BadDelivery) as caught:
        decode(content)
    (failure,) = caught.value.failures
    return failure
