"""Damaged and locked files of all forms: what is wrong, where, and what to do, in plain words.

The files are real ones, written here and then cut off, changed or locked.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import re
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import docx
import duckdb
import pypdf
import pytest

from ontherecord.flows.landing.archive import ArchiveReader, list_archive
from ontherecord.flows.landing.parse import holds_many, parse, split
from ontherecord.flows.landing.reading import BY_CONTENT
from ontherecord.warehouse.errors import BadDelivery, LandingError
from ontherecord.warehouse.records import Failure, RawFile, Rejected

Make = Callable[[str, str | bytes], RawFile]
# Noise is not packed any smaller, so that a byte in the middle of a packed file is one of its text.
_RANDOM = random.Random(1)
TEXTS = [f"The ferry sails again, and its number is {_RANDOM.randbytes(300).hex()}." for _ in range(30)]
CUT_OFF = "it is cut off"
CHANGED = "it was changed: the checksum is wrong"
# What libraries say, and no reader should see: names of errors and functions, addresses, temporary paths.
RAW = re.compile(r"Error|Exception|errno|Traceback|0x[0-9a-f]|/tmp|<_io|b['\"]|\\x|NoneType|_[a-z]+\(")
# How the messages say what to do.
STEPS = ("Save", "save it", "Export", "Fetch", "Deliver", "Repack", "Correct")


def _turned(content: bytes, at: int, count: int = 20) -> bytes:
    """Return a file of which some bytes were changed on the way."""
    return content[:at] + bytes(byte ^ 0x5A for byte in content[at : at + count]) + content[at + count :]


def _word() -> bytes:
    document = docx.Document()
    for text in ("Ferry sails", "10 July 2019", *TEXTS):
        document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _without(whole: bytes, *names: str, **others: bytes) -> bytes:
    """Return a DOCX without some of its parts, and with others for some."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            if name not in names:
                new.writestr(name, others.get(name.rpartition("/")[2].partition(".")[0], old.read(name)))
    return file.getvalue()


def _locked(document: bytes) -> bytes:
    """Return a zip file whose entries say that they are encrypted: bit 0 of the flags, in both lists."""
    content = bytearray(document)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


def _pdf(pages: int = 2) -> bytes:
    """Return a PDF with uncompressed text, its table of objects at the end."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(pages))
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {pages}>>", font]
    for n in range(pages):
        lines = "".join(f"({text[:80]}) Tj T* " for text in TEXTS[:5])
        text = f"BT /F1 12 Tf 50 750 Td 14 TL {lines}ET"
        objects += [
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F1 3 0 R>>>>"
            f"/Contents {5 + 2 * n} 0 R>>",
            f"<</Length {len(text)}>>stream\n{text}\nendstream",
        ]
    file, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(file))
        file += f"{number} 0 obj{each}endobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return (
        file
        + (end + f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(file)}\n%%EOF").encode()
    )


def _locked_pdf() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(_pdf()))
    writer.encrypt("secret", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _warc(packed: bool) -> bytes:
    """Return a web archive of three pages, each record packed by itself."""
    records = []
    for n in (1, 2, 3):
        body = "".join(f"<p>{text}</p>" for text in TEXTS[n * 8 : n * 8 + 8])
        page = f"<html><head><title>Ferry {n}</title></head><body><article><h1>Ferry {n}</h1>{body}</article>"
        answer = f"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n{page}</body></html>".encode()
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://post.example/{n}\r\n"
            "WARC-Date: 2015-12-20T01:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(answer)}\r\n\r\n"
        )
        records.append(head.encode() + answer + b"\r\n\r\n")
    return b"".join(map(gzip.compress, records) if packed else records)


def _parquet(folder: Path) -> bytes:
    rows = "select 'A' || i as title, repeat(hash(i)::varchar, 30) as text from range(3000) as t(i)"
    duckdb.sql(f"copy ({rows}) to '{folder}/a.parquet' (format parquet)")
    return (folder / "a.parquet").read_bytes()


def _read(raw: RawFile) -> tuple[int, list[tuple[str, Failure]]]:
    """Return how many articles a file gives, and the failures with their paths."""
    failures: list[tuple[str, Failure]] = []
    count = 0
    try:
        parts = list(split(raw, BY_CONTENT)) if holds_many(raw, BY_CONTENT) else [raw]
        for part in parts:
            if isinstance(part, Rejected):
                failures += ((part.landed.source_path, failure) for failure in part.failures)
            else:
                parse(part)
                count += 1
    except BadDelivery as error:
        failures += ((raw.landed.source_path, failure) for failure in error.failures)
    for _, failure in failures:
        assert not RAW.search(f"{failure.value} {failure.message}"), failure
        assert any(step in failure.message for step in STEPS), failure.message
    return count, failures


def _refused(raw: RawFile) -> tuple[str, str | None]:
    count, failures = _read(raw)
    assert count == 0
    [(path, failure)] = failures
    assert path == raw.landed.source_path
    return failure.rule, failure.value


WORD = _word()
NO_LIST = "its list of contents is missing: it is cut off, or no zip file"
DOCUMENTS: Mapping[str, tuple[bytes, str]] = {
    "cut in the middle": (WORD[: len(WORD) // 2], NO_LIST),
    "cut at the end": (WORD[:-40], NO_LIST),
    "cut at once": (WORD[:4], NO_LIST),
    "without its text": (_without(WORD, "word/document.xml"), "its part word/document.xml is missing"),
    "without types": (_without(WORD, "[Content_Types].xml"), "its part [Content_Types].xml is missing"),
    "without relations": (_without(WORD, "_rels/.rels"), "the part that says where its text is, is missing"),
    "cut xml": (
        _without(WORD, document=b"<document><body>"),
        "it is cut off: its XML ends at line 1, column 17, with elements still open",
    ),
    "other xml": (_without(WORD, document=b"<nothing/>"), "its contents are damaged"),
    "changed": (_turned(WORD, WORD.index(b"word/document.xml") + 300), "its contents are damaged"),
    "locked": (_locked(WORD), "it is locked by a password"),
}


@pytest.mark.parametrize("case", DOCUMENTS)
def test_a_damaged_or_locked_document_is_refused_with_what_is_wrong(landed_file: Make, case: str) -> None:
    content, why = DOCUMENTS[case]
    assert _refused(landed_file("a.docx", content)) == ("document_unreadable", why)


def test_the_whole_document_is_read(landed_file: Make) -> None:
    assert _read(landed_file("a.docx", WORD)) == (1, [])


def test_a_document_that_office_locked_is_told_from_an_old_one(landed_file: Make) -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    locked = old + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    assert _refused(landed_file("a.docx", locked)) == (
        "not_text",
        "an Office document that is locked by a password",
    )
    assert _refused(landed_file("a.docx", old)) == ("not_text", "an old Office document (.doc, .xls, .ppt)")


def test_an_rtf_document_that_is_cut_off_is_refused(landed_file: Make) -> None:
    whole = "{\\rtf1\\ansi Ferry sails\\par 10 July 2019\\par " + "\\par ".join(TEXTS) + "}\r\n\0"
    assert _read(landed_file("a.rtf", whole)) == (1, [])
    why = "it is cut off: the brace that closes it is missing"
    assert _refused(landed_file("a.rtf", whole[: len(whole) // 2])) == ("document_unreadable", why)


PDFS: Mapping[str, tuple[bytes, str]] = {
    "cut in the middle": (_pdf()[:900], CUT_OFF),
    "cut at the end": (_pdf()[:-30], CUT_OFF),
    "head only": (b"%PDF-1.4\n", CUT_OFF),
    "zeros": (b"%PDF-1.4\n" + bytes(300), CUT_OFF),
    "no pdf": (b"Ferry sails", "it does not begin like a PDF"),
    "no pages": (
        _pdf().replace(b"/Kids[4 0 R 6 0 R]/Count 2", b"/Kids[]/Count 0" + b" " * 11),
        "its pages are missing",
    ),
    "locked": (_locked_pdf(), "it is locked by a password"),
}


@pytest.mark.parametrize("case", PDFS)
def test_a_damaged_or_locked_pdf_is_refused_with_what_is_wrong(landed_file: Make, case: str) -> None:
    content, why = PDFS[case]
    assert _refused(landed_file("a.pdf", content)) == ("pdf_unreadable", why)


@pytest.mark.parametrize("percent", range(5, 100, 10))
def test_a_pdf_that_is_cut_off_anywhere_gives_no_half_article(landed_file: Make, percent: int) -> None:
    whole = _pdf()
    assert _read(landed_file("a.pdf", whole)) == (1, [])
    rule, _ = _refused(landed_file("a.pdf", whole[: len(whole) * percent // 100]))
    assert rule == "pdf_unreadable"


LINES = "".join(f'{{"title": "A{n}", "text": "{text}"}}\n' for n, text in enumerate(TEXTS)).encode()
PACKED = gzip.compress(LINES)
TABLES: Mapping[str, tuple[str, bytes, str]] = {
    "packed, cut in the middle": ("a.jsonl.gz", PACKED[: len(PACKED) // 2], CUT_OFF),
    "packed, cut at the end": ("a.jsonl.gz", PACKED[:-4], CUT_OFF),
    "packed, cut at once": ("a.jsonl.gz", PACKED[:5], CUT_OFF),
    "packed, other checksum": ("a.jsonl.gz", PACKED[:-8] + bytes(8), CHANGED),
    "packed, no such block": ("a.csv.gz", b"\x1f\x8b\x08" + bytes(40), "its contents are damaged"),
    "packed, more behind": (
        "a.csv.gz",
        gzip.compress(b"title,text\nA,B\n") + b"more",
        "it was never packed, or something else stands behind the packed part",
    ),
    "not packed, no json": ("a.json.gz", b"Ferry sails", "it is no valid JSON at line 1, column 1"),
    "json, cut in a text": (
        "a.json",
        b'{"title": "A",\n "text": "The fer',
        "it is cut off: the text that begins at line 2, column 10 is never closed",
    ),
    "json, cut between": ("a.json", b'{"title": "A",\n "text": ', "it is cut off at line 2, column 10"),
    "json, broken": ("a.json", b'{"title": "A"\n "text": "B"}', "it is no valid JSON at line 2, column 2"),
    "array of nothing": ("a.json", b"[[[", "it is cut off at line 1, column 4"),
    "no entry": ("a.jsonl", b"Ferry sails\n", "it is no valid JSON at line 1, column 1"),
    "no parquet": ("a.parquet", b"Ferry sails again", "it does not begin like a Parquet file"),
    "parquet, start only": ("a.parquet", b"PAR1", CUT_OFF),
}


@pytest.mark.parametrize("case", TABLES)
def test_a_damaged_table_is_refused_with_what_is_wrong(landed_file: Make, case: str) -> None:
    name, content, why = TABLES[case]
    assert _refused(landed_file(name, content)) == ("table_unreadable", why)


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.jsonl", "a.parquet"])
def test_an_empty_table_is_an_empty_file(landed_file: Make, name: str) -> None:
    [(_, failure)] = _read(landed_file(name, b""))[1]
    assert failure.rule == "empty_file"


def test_a_parquet_file_that_is_cut_off_or_changed_is_refused(landed_file: Make, tmp_path: Path) -> None:
    whole = _parquet(tmp_path)
    parts = list(split(landed_file("a.parquet", whole), BY_CONTENT))
    assert sum(isinstance(part, RawFile) for part in parts) == len(parts) == 3000
    cut = _refused(landed_file("a.parquet", whole[: len(whole) // 2]))
    assert cut == ("table_unreadable", CUT_OFF)
    for at in (len(whole) // 3, len(whole) - 100):
        rule, why = _refused(landed_file("a.parquet", _turned(whole, at, 80)))
        assert (rule, why) == ("table_unreadable", "its contents are damaged")


def test_a_broken_entry_is_shown_as_the_file_has_it_and_the_others_are_read(landed_file: Make) -> None:
    count, [(path, failure)] = _read(landed_file("a.jsonl", LINES[: LINES.index(b'{"title": "A3"') + 30]))
    assert (count, path, failure.rule) == (3, "news/a.jsonl#row 4", "row_unreadable")
    assert failure.value == '{"title": "A3", "text": "The f'
    assert failure.message.startswith("Entry 4 of the file is no valid JSON object.")
    array = b'[{"title": "A", "text": "B."},\n{"title": "C", "te'
    count, [(path, failure)] = _read(landed_file("a.json", array))
    assert (count, path, failure.value) == (1, "news/a.json#row 2", '{"title": "C", "te')


def test_a_line_longer_than_any_row_is_told_alone(landed_file: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    from ontherecord.flows.landing.forms import tables

    monkeypatch.setattr(tables, "ROW_BYTES", 5_000)
    long = b'{"title": "A", "text": "' + b"x" * 20_000 + b'"}\n'
    count, [(path, failure)] = _read(landed_file("a.jsonl", LINES + long + LINES))
    assert (count, path, failure.rule) == (60, "news/a.jsonl#row 31", "row_unreadable")
    # What fits is read, whether or not a line end follows.
    assert _read(landed_file("a.jsonl", LINES.rstrip())) == (30, [])


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "plain"])
@pytest.mark.parametrize(("percent", "whole_pages"), [(3, 0), (20, 0), (45, 1), (60, 1), (85, 2), (98, 2)])
def test_a_web_archive_that_is_cut_off_anywhere_says_so(
    landed_file: Make, packed: bool, percent: int, whole_pages: int
) -> None:
    whole = _warc(packed)
    name = "a.warc.gz" if packed else "a.warc"
    count, [(path, failure)] = _read(landed_file(name, whole[: len(whole) * percent // 100]))
    assert failure.rule == "archive_unreadable"
    assert count == whole_pages
    assert path.startswith("news/a.warc")


def test_the_page_in_which_a_web_archive_ends_is_named(landed_file: Make) -> None:
    whole = _warc(packed=False)
    assert _read(landed_file("a.warc", whole)) == (3, [])
    _, [(path, failure)] = _read(landed_file("a.warc", whole[: len(whole) * 6 // 10]))
    assert path == "news/a.warc#https://post.example/2"
    assert re.fullmatch(r"it is cut off: [\d,]+ bytes of a record are missing", failure.value or "")


def test_a_web_archive_with_other_damage_is_refused_from_there_on(landed_file: Make) -> None:
    packed = _warc(packed=True)
    second = packed.index(b"\x1f\x8b", 100)
    count, [(_, failure)] = _read(landed_file("a.warc.gz", _turned(packed, second + 30)))
    assert (count, failure.rule) == (1, "archive_unreadable")
    assert f"byte {second}" in (failure.value or "")
    assert _refused(landed_file("a.warc", b"Ferry sails")) == (
        "archive_unreadable",
        "what stands at byte 0 is no record",
    )
    as_one = gzip.compress(_warc(packed=False))
    _, [(_, failure)] = _read(landed_file("a.warc.gz", as_one))
    assert failure.value == "it is packed as a whole, not record by record"
    assert "Repack it with `warcio recompress`" in failure.message


ITEM = "<item><title>Ferry {n}</title><guid>f{n}</guid><content:encoded>{text}</content:encoded></item>"
FEED = (
    '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Post</title>'
    + "".join(ITEM.format(n=n, text=" ".join(TEXTS[n * 3 : n * 3 + 3])) for n in range(4))
    + "</channel></rss>"
)


def test_the_item_in_which_a_feed_ends_is_not_taken_for_a_whole_one(landed_file: Make) -> None:
    assert _read(landed_file("a.rss", FEED)) == (4, [])
    count, [(path, failure)] = _read(landed_file("a.rss", FEED[: FEED.index("f2</guid>") + 300]))
    assert (count, path, failure.rule) == (2, "news/a.rss#f2", "feed_unreadable")
    assert failure.value == "it is cut off: the element that holds the items is never closed"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        (
            "a.nitf",
            "<nitf><body><body.head>",
            "it is cut off: its XML ends at line 1, column 23, with elements still open",
        ),
        ("a.nitf", "<nitf>\n<body></nitf>", "its XML is not valid at line 2, column 8"),
        (
            "a.nitf",
            '<?xml version="1.0" encoding="none"?><nitf/>',
            "it names an encoding that cannot be read here",
        ),
        ("a.nitf", '<!DOCTYPE nitf [<!ENTITY a "b">]><nitf/>', "a DOCTYPE with entities"),
        ("a.nitf", "<nitf>" * 300 + "</nitf>" * 300, "it has more than 200 levels, and no document has"),
    ],
)
def test_damaged_xml_is_refused_with_its_place(landed_file: Make, name: str, content: str, why: str) -> None:
    assert _refused(landed_file(name, content)) == ("xml_unreadable", why)


def test_the_place_of_damage_in_front_matter_is_that_of_the_file(landed_file: Make) -> None:
    [(_, failure)] = _read(landed_file("a.md", '+++\ntitle = "A"\ndate = \n+++\nThe ferry sails.\n'))[1]
    assert failure.rule == "front_matter_unreadable"
    assert failure.message.endswith("it is no TOML at line 3, column 8. Correct it.")


# Archives, which are the landing place themselves


def _tar(mode: str) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=f"w{mode}") as archive:
        for n, text in enumerate(TEXTS):
            info = tarfile.TarInfo(f"{n}.txt")
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    return file.getvalue()


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for n, text in enumerate(TEXTS):
            archive.writestr(f"{n}.txt", text)
    return file.getvalue()


PLAIN = _tar("")
NO_TAR = "it is no tar archive, or is damaged where it begins"
ARCHIVES: Mapping[str, tuple[str, bytes, str]] = {
    "zip, cut": ("a.zip", _zip()[:-40], NO_LIST),
    "zip, no zip": ("a.zip", b"Ferry sails", NO_LIST),
    "zip, damaged list": ("a.zip", _turned(_zip(), len(_zip()) - 300), "its list of contents is damaged"),
    "tar, cut": ("a.tar", PLAIN[:10_000], CUT_OFF),
    "tar, no tar": ("a.tar", b"Ferry sails", NO_TAR),
    "tar, a damaged header": ("a.tar", _turned(PLAIN, PLAIN.index(b"17.txt") + 10), CHANGED),
    "tar.gz, cut": ("a.tar.gz", gzip.compress(PLAIN)[:9_000], CUT_OFF),
    "tar.gz, cut at the end": ("a.tar.gz", gzip.compress(PLAIN)[:-5], CUT_OFF),
    "tar.gz, other checksum": ("a.tar.gz", gzip.compress(PLAIN)[:-8] + bytes(8), CHANGED),
    "tar.gz, a damaged header": (
        "a.tar.gz",
        gzip.compress(_turned(PLAIN, PLAIN.index(b"17.txt") + 10)),
        CHANGED,
    ),
    "tar.bz2, other checksum": ("a.tar.bz2", _turned(bz2.compress(PLAIN), 4), "its contents are damaged"),
    "tar.bz2, cut at the end": ("a.tar.bz2", bz2.compress(PLAIN)[:-3], CUT_OFF),
    "tar.xz, cut": ("a.tar.xz", lzma.compress(PLAIN)[:9_000], CUT_OFF),
}


@pytest.mark.parametrize("case", ARCHIVES)
def test_nothing_is_listed_of_a_damaged_archive_and_why_is_said(case: str, tmp_path: Path) -> None:
    name, content, why = ARCHIVES[case]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LandingError) as caught:
        list(list_archive(tmp_path / name))
    assert f"{name} is damaged or incomplete ({why}). Nothing was loaded from it." in str(caught.value)
    assert "deliver it again" in str(caught.value)


@pytest.mark.parametrize("at", [0.2, 0.5, 0.8])
@pytest.mark.parametrize(
    ("name", "pack"), [("a.tar.xz", lzma.compress), ("a.tar.bz2", bz2.compress), ("a.tar.gz", gzip.compress)]
)
def test_no_file_of_a_changed_archive_is_missing_in_silence(
    name: str, pack: Callable[[bytes], bytes], at: float, tmp_path: Path
) -> None:
    noise = io.BytesIO()
    with tarfile.open(fileobj=noise, mode="w") as archive:
        for n in range(20):
            content = _RANDOM.randbytes(30_000)
            info = tarfile.TarInfo(f"{n}.txt")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    packed = pack(noise.getvalue())
    file = tmp_path / name
    file.write_bytes(packed)
    assert len(list(list_archive(file))) == 20
    file.write_bytes(_turned(packed, int(len(packed) * at)))
    with pytest.raises(LandingError, match="is damaged or incomplete"):
        list(list_archive(file))


def test_a_file_that_cannot_be_unpacked_is_named_alone(tmp_path: Path) -> None:
    whole = _zip()
    file = tmp_path / "a.zip"
    for content, why in (
        (_turned(whole, whole.index(b"3.txt") + 60, 30), None),
        (_locked(whole), "it is locked by a password"),
    ):
        file.write_bytes(content)
        reader = ArchiveReader(file)
        listed = list(list_archive(file))
        reader.fetch(listed)
        held = {}
        for landed in listed:
            try:
                reader.read(landed)
            except BadDelivery as error:
                [held[landed.source_path]] = error.failures
        assert set(held) == ({"3.txt"} if why is None else {landed.source_path for landed in listed})
        for failure in held.values():
            assert failure.rule == "unreadable"
            assert why is None or failure.value == why
            assert not RAW.search(f"{failure.value} {failure.message}")
            assert "Deliver" in failure.message
