"""Damaged files in a folder: each is quarantined with what is wrong and what to do, the others are loaded."""

from __future__ import annotations

import gzip
import io
import re
from pathlib import Path

import docx
from runs import article, rows, run

LINE = '{{"title": "Ferry {n} sails", "date": "2015-03-10", "text": "The ferry {n} sails again, he said."}}\n'


def _fill(landing: Path) -> None:
    document = docx.Document()
    for text in ("Ferry sails", "10 March 2015", "The ferry sails again, harbour master Ida Brandt said."):
        document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    lines = "".join(LINE.format(n=n) for n in range(3)).encode()
    (landing / "good.txt").write_text(article())
    (landing / "a.docx").write_bytes(file.getvalue()[:-100])
    (landing / "b.pdf").write_bytes(b"%PDF-1.4\n1 0 obj")
    (landing / "c.jsonl.gz").write_bytes(gzip.compress(lines)[:-10])
    (landing / "d.parquet").write_bytes(b"PAR1" + bytes(100))
    (landing / "e.warc.gz").write_bytes(gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\n")[:30])
    (landing / "f.jsonl").write_bytes(lines[:-20])
    (landing / "g.nitf").write_bytes(b"<nitf><body>")
    (landing / "h.rss").write_bytes(b"<rss><channel><item><title>Ferry</title>")
    (landing / "i.rtf").write_bytes(b"{\\rtf1\\ansi Ferry sails\\par The ferry")


HELD = {
    "a.docx": ("document_unreadable", "its list of contents is missing: it is cut off, or no zip file"),
    "b.pdf": ("pdf_unreadable", "it is cut off"),
    "c.jsonl.gz": ("table_unreadable", "it is cut off"),
    "d.parquet": ("table_unreadable", "it is cut off"),
    "e.warc.gz": ("archive_unreadable", "it is cut off in the header of a record"),
    "f.jsonl#row 3": (
        "row_unreadable",
        '{"title": "Ferry 2 sails", "date": "2015-03-10", "text": "The ferry 2 sail',
    ),
    "g.nitf": (
        "xml_unreadable",
        "it is cut off: its XML ends at line 1, column 12, with elements still open",
    ),
    "h.rss": ("feed_unreadable", "it is cut off: the element that holds the items is never closed"),
    "i.rtf": ("document_unreadable", "it is cut off: the brace that closes it is missing"),
}


def test_damaged_files_are_told_one_by_one_and_the_others_are_loaded(landing: Path, home: Path) -> None:
    _fill(landing)
    result = run(landing, home)
    loaded = {path.partition("#")[0] for (path,) in rows(home, "select source_path from articles")}
    assert loaded == {"good.txt", "f.jsonl"}
    found = rows(home, "select source_path, rule, value, message from ops.quarantine")
    assert {path: (rule, value) for path, rule, value, _ in found} == HELD
    for _, _, value, message in found:
        assert not re.search(r"Error|Exception|/tmp|0x|b[\'\"]", f"{value} {message}")
        assert re.search(r"save|export|deliver|fetch", message, re.IGNORECASE)
    assert re.search(r"2 quarantined by table_unreadable: \S+ \[it is cut off\]", result.summary())


def test_a_file_that_is_delivered_whole_is_loaded_and_released(landing: Path, home: Path) -> None:
    lines = "".join(LINE.format(n=n) for n in range(3)).encode()
    (landing / "a.jsonl.gz").write_bytes(gzip.compress(lines)[:-10])
    run(landing, home)
    (landing / "a.jsonl.gz").write_bytes(gzip.compress(lines))
    assert run(landing, home).counts.article_loaded_count == 3
    assert rows(home, "select source_path from ops.quarantine where released_at is null") == []
