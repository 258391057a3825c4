"""Tables: what producers write, rows that are broken, and files that are made to harm."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ontherecord.flows.landing.forms import tables
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.flows.landing.header_names import HeaderNames
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import RawFile

Make = Callable[[str, str | bytes], RawFile]
TEXT = "The first tram to run in Marsalin since 1957 left the Old Port on Saturday."
HEAD = "id,title,text\n"


def _read(raw: RawFile) -> list[RawArticle | BadArticle]:
    return list(tables.read(raw))


def _bodies(found: list[RawArticle | BadArticle]) -> list[tuple[int, str]]:
    return [(a.number, a.body if isinstance(a, RawArticle) else a.failure.rule) for a in found]


def test_a_row_is_an_article_with_its_values_as_text(landed_file: Make) -> None:
    raw = landed_file(
        "a.csv", f'id,title,date,rank,content\n0017,Tram leaves,2015-12-20,1.50,"{TEXT}\n""So it does."""\n'
    )
    [article] = _read(raw)
    assert isinstance(article, RawArticle)
    assert replace(article, digest=None) == RawArticle(
        1,
        "0017",
        (("id", "0017"), ("title", "Tram leaves"), ("date", "2015-12-20"), ("rank", "1.50")),
        f'{TEXT}\n"So it does."',
        text_name="content",
    )


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_columns_may_be_parted_by_any_usual_sign_in_any_usual_encoding(
    landed_file: Make, sign: str, encoding: str
) -> None:
    text = f'Titel{sign}Text\nStraßenbahn{sign}"“Café,” er sagte."\n'
    [article] = _read(landed_file("a.csv", text.encode(encoding)))
    assert article.headers == (("Titel", "Straßenbahn"),)
    assert isinstance(article, RawArticle)
    repair = {"cp1252": ("encoding_windows_1252",), "utf-16": ("encoding_utf16",)}.get(encoding, ())
    assert article.repairs == repair
    assert article.body == "“Café,” er sagte."


def test_a_column_without_a_name_and_a_second_one_of_a_name_have_names(landed_file: Make) -> None:
    [article] = _read(landed_file("a.csv", ",title,text,title\n0,A,Hello,B\n"))
    assert article.headers == (("column0", "0"), ("title", "A"), ("title.2", "B"))


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_broken_rows_are_told_and_the_others_are_read(landed_file: Make, line_end: str) -> None:
    rows = [
        "1,A,one",
        "2,B,too,many",
        "3,C",
        '4,"D" d,four',
        "5,E,five",
        '6,F,"never closed',
        "7,G,seven",
        '8,H,"ei""ght"',
    ]
    found = _read(landed_file("a.csv", HEAD.replace("\n", line_end) + line_end.join(rows) + line_end))
    assert _bodies(found) == [
        (1, "one"),
        (2, "row_unreadable"),
        (3, "row_unreadable"),
        (4, "row_unreadable"),
        (5, "five"),
        (6, "row_unreadable"),
        (7, "seven"),
        (8, 'ei"ght'),
    ]
    failures = [a.failure for a in found if isinstance(a, BadArticle)]
    assert failures[0].message.startswith(
        "Row 2 of the table cannot be read: it has 4 columns, and the row of names has 3"
    )
    assert failures[0].value == "2,B,too,many"


def test_a_mark_that_is_never_closed_at_the_end_loses_no_row_without_a_word(landed_file: Make) -> None:
    assert _bodies(_read(landed_file("a.csv", HEAD + '1,A,one\n2,"B,two\n3,C,three\n'))) == [
        (1, "one"),
        (2, "row_unreadable"),
        (3, "three"),
    ]


def test_the_middle_of_a_broken_text_is_no_row_though_it_has_as_many_commas(landed_file: Make) -> None:
    broken = '2,2015-12-21,B,"He said "so" and\nthen left, at once, by tram, and\nnever came back"\n'
    found = _read(
        landed_file("a.csv", f"id,date,title,text\n1,2015-12-20,A,one\n{broken}3,2015-12-22,C,three\n")
    )
    assert [body for _, body in _bodies(found) if body != "row_unreadable"] == ["one", "three"]


def test_a_table_without_a_text_is_refused_with_its_columns_and_the_line_to_write(landed_file: Make) -> None:
    with pytest.raises(BadDelivery) as caught:
        _read(landed_file("a.csv", "id,title,url\n1,A,https://post.example/1\n"))
    [failure] = caught.value.failures
    assert (failure.rule, failure.value) == ("text_missing", "id, title, url")
    assert '`[columns]`, and below it `text = "NAME"`' in failure.message


def test_the_user_says_which_column_is_the_text(landed_file: Make) -> None:
    raw = landed_file("a.csv", f"Kopf,Langtext\nTram,{TEXT}\n")
    [article] = tables.read(raw, HeaderNames({"text": "Langtext"}))
    assert isinstance(article, RawArticle)
    assert (article.headers, article.body) == ((("Kopf", "Tram"),), TEXT)


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.jsonl"])
def test_an_empty_table_is_refused(landed_file: Make, name: str) -> None:
    with pytest.raises(BadDelivery) as caught:
        _read(landed_file(name, {"a.csv": HEAD, "a.json": "[]", "a.jsonl": "\n\n"}[name]))
    assert caught.value.failures[0].rule in ("table_empty", "table_unreadable")


def test_a_text_that_the_producer_cut_off_is_quarantined(landed_file: Make) -> None:
    found = _read(
        landed_file(
            "a.json",
            json.dumps(
                [{"title": "A", "content": f"{TEXT[:50]}… [+2411 chars]"}, {"title": "B", "content": TEXT}]
            ),
        )
    )
    assert _bodies(found) == [(1, "text_cut_off"), (2, TEXT)]


def test_an_answer_of_an_api_is_unpacked_and_nested_names_are_joined(landed_file: Make) -> None:
    answer = {
        "response": {
            "status": "ok",
            "results": [
                {
                    "id": "a/1",
                    "webTitle": "Tram",
                    "tags": [{"id": "x"}],
                    "fields": {"bodyText": TEXT, "wordcount": 14},
                },
                {"id": "a/2", "webTitle": "Video", "fields": {"wordcount": 0}},
            ],
        }
    }
    tram, video = _read(landed_file("a.json", json.dumps(answer, indent=1)))
    assert isinstance(tram, RawArticle)
    assert (tram.key, tram.body) == ("a/1", TEXT)
    assert tram.headers == (("id", "a/1"), ("webTitle", "Tram"), ("tags.id", "x"), ("fields.wordcount", "14"))
    assert isinstance(video, RawArticle)
    assert video.body == ""


def test_papers_with_their_articles_are_unpacked_and_bodies_in_parts_are_joined(landed_file: Make) -> None:
    body = {"summary": ["First."], "sections": [{"headline": ["Then"], "paragraphs": ["Second.", "Third."]}]}
    fundus = {
        "MarsalinPost": [{"title": "Tram", "authors": ["Ada Novello"], "body": body}],
        "Herald": [{"title": "B", "body": body}],
    }
    tram, other = _read(landed_file("a.json", json.dumps(fundus)))
    assert tram.headers == (("publisher", "MarsalinPost"), ("title", "Tram"), ("authors", '["Ada Novello"]'))
    assert isinstance(tram, RawArticle)
    assert tram.body == "First.\nThen\nSecond.\nThird."
    assert other.headers[0] == ("publisher", "Herald")


_ONE, _TWO, _THREE = (
    {"url": f"u{n}", "text": f"{what} fell."} for n, what in enumerate(("Rain", "Snow", "Hail"), start=1)
)


@pytest.mark.parametrize(
    ("name", "before", "after", "new"),
    [
        (
            "a.csv",
            "url,text\nu1,Rain fell.\nu2,Snow fell.\n",
            "url,text\nu3,Hail fell.\nu2,Snow fell.\nu1,Rain fell.\n",
            [1],
        ),
        (
            "a.tsv",
            'url\ttext\nu1\tRain "fell.\nu2\tSnow fell.\n',
            'url\ttext\nu2\tSnow fell.\nu1\tRain "fell.\n',
            [],
        ),
        (
            "a.jsonl",
            f"{json.dumps(_ONE)}\n{json.dumps(_TWO)}\n",
            f"{json.dumps(_TWO)}\n\n{json.dumps(_ONE)}\n",
            [],
        ),
        ("a.json", json.dumps([_ONE, _TWO]), json.dumps([_TWO, _ONE, _THREE]), [3]),
        ("a.json", json.dumps({"articles": [_ONE, _TWO]}), json.dumps({"articles": [_ONE, _TWO]}), []),
    ],
)
def test_rows_that_are_known_are_left_out(
    landed_file: Make, name: str, before: str, after: str, new: list[int]
) -> None:
    known = {found.digest for found in _read(landed_file(name, before))}
    assert len(known - {None}) == 2
    raw = replace(landed_file(name, after), is_known=known.__contains__)
    assert [found.number for found in _read(raw)] == new


def test_a_row_is_not_known_when_anything_that_it_is_read_by_has_changed(landed_file: Make) -> None:
    def digests(content: str, **columns: str) -> set[int | None]:
        return {found.digest for found in _read(replace(landed_file("a.csv", content), columns=columns))}

    before = digests("url,text,note\nu1,Rain fell.,\n")
    assert before == digests("url,text,note\nu1,Rain fell.,\n")
    for other in (
        "url,text,note\nu1,Rain fell.,x\n",
        "url,text,notes\nu1,Rain fell.,\n",
        "url,note,text\nu1,,Rain fell.\n",
        "url,text,note\nu1R,ain fell.,\n",
    ):
        assert before.isdisjoint(digests(other))
    assert before.isdisjoint(digests("url,text,note\nu1,Rain fell.,\n", outlet="note"))


def test_html_in_a_column_becomes_paragraphs(landed_file: Make) -> None:
    html = "<p>One &amp; two.<br>Three.</p><figure>A tram</figure><script>x()</script><ul><li>Four</li></ul>"
    [article] = _read(landed_file("a.json", json.dumps({"title": "A", "body": html})))
    assert article.body == "One & two.\nThree.\nFour"


@pytest.mark.parametrize(
    "content",
    [
        '{"id":1,"title":"A","text":"one"}\n{"id":2,"text":broken\n\n{"id":3,"title":"C","text":"three"}',
        '[{"id":1,"title":"A","text":"one"},\n{"id":2,"text":broken},\n{"id":3,"title":"C","text":"three"}]',
        '{"id":1,"text":"one"}\n[2]\n{"id":3,"text":"three"}\n',
    ],
    ids=["lines", "array", "not an object"],
)
def test_one_bad_entry_of_json_leaves_the_others(landed_file: Make, content: str) -> None:
    assert _bodies(_read(landed_file("a.jsonl", content))) == [
        (1, "one"),
        (2, "row_unreadable"),
        (3, "three"),
    ]


def test_objects_may_span_lines(landed_file: Make) -> None:
    raw = landed_file("a.json", '{\n"id": 1,\n"text": "one"\n}\n{\n"id": 2,\n"text": "two"\n}\n')
    assert _bodies(_read(raw)) == [(1, "one"), (2, "two")]


def test_numbers_of_json_stay_as_they_are_written(landed_file: Make) -> None:
    [article] = _read(
        landed_file(
            "a.jsonl", '{"id": 12345678901234567890, "rank": 1.50, "live": true, "none": null, "text": "one"}'
        )
    )
    assert article.headers == (("id", "12345678901234567890"), ("rank", "1.50"), ("live", "true"))


def test_parquet_is_read_as_text_too(landed_file: Make, tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": [17],
            "headline": ["Tram"],
            "published": [datetime(2015, 12, 20, 1, tzinfo=UTC)],
            "authors": [["Ada Novello", "Luc Bakke"]],
            "source": [{"name": "Marsalin Post"}],
            "picture": [b"\x89PNG"],
            "text": [TEXT],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    [article] = _read(landed_file("a.parquet", (tmp_path / "a.parquet").read_bytes()))
    assert article.headers == (
        ("id", "17"),
        ("headline", "Tram"),
        ("published", "2015-12-20 01:00:00+00"),
        ("authors", '["Ada Novello", "Luc Bakke"]'),
        ("source.name", "Marsalin Post"),
    )


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv.gz", HEAD + "1,A,one\n"), ("a.jsonl.gz", '{"title": "A", "text": "one"}\n')]
)
def test_a_packed_table_is_unpacked(landed_file: Make, name: str, content: str) -> None:
    packed = gzip.compress(content.encode())
    assert tables.is_form(packed, name)
    assert [a.body for a in _read(landed_file(name, packed)) if isinstance(a, RawArticle)] == ["one"]
    with pytest.raises(BadDelivery) as caught:
        _read(landed_file(name, packed[:-12]))
    assert caught.value.failures[0].rule == "table_unreadable"


def test_a_bomb_is_not_unpacked(landed_file: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "UNPACKED_BYTES", 10_000_000)
    bomb = gzip.compress(HEAD.encode() + b"1,A,one\n" * 4_000_000)
    with pytest.raises(BadDelivery) as caught:
        _read(landed_file("a.csv.gz", bomb))
    assert caught.value.failures[0].rule == "table_too_large"


@pytest.mark.slow
def test_rows_that_are_too_long_for_duckdb_are_read_all_the_same(landed_file: Make) -> None:
    words = "word " * 950_000
    rows = "".join(f"T{number},{number} {words}\n" for number in range(50))
    found = _read(landed_file("a.csv", f"title,text\n{rows}"))
    assert [number for number, _ in _bodies(found)] == list(range(1, 51))
    assert {len(text) for _, text in _bodies(found)} == {4_750_001, 4_750_002}


# DuckDB shows its progress in a Python that runs no file.
_PEAK = """
import resource, sys
from pathlib import Path
from ontherecord.flows.landing.forms import tables
source, path = tables._csv_source(["title", "text"], ","), Path(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert tables._is_sound(source, path)
with tables._sandbox(path, tables._CSV_MEMORY) as connection:
    rows = sum(1 for _ in tables._rows(connection, source, path))
print(rows, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1_000)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_a_csv(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    with path.open("w") as file:
        file.write("title,text\n")
        file.writelines(f"T{number},{'word ' * 200}\n" for number in range(1_200_000))
    script = tmp_path / "peak.py"
    script.write_text(_PEAK)
    ran = subprocess.run([sys.executable, script, path], capture_output=True, text=True, check=True)
    rows, megabytes = map(int, ran.stdout.split())
    assert rows == 1_200_000
    assert megabytes < 350  # the file has 1.2 GB
    path.unlink()


def test_a_table_can_open_nothing_else(landed_file: Make, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("title,text\nA,secret\n")
    for text in (
        f"read_csv('{secret}')",
        f"'; select * from '{secret}'; --",
        f"' || (select text from '{secret}')",
    ):
        found = _read(landed_file("a.csv", f'title,text,"{text}"\nA,one,"{text}"\n'))
        assert "secret\n" not in repr(found)
        assert _bodies(found) == [(1, "one")]
    with tables._sandbox(tmp_path / "table", "100MB") as connection:
        for attempt in (
            f"select * from '{secret}'",
            "install httpfs",
            f"copy (select 1) to '{tmp_path}/b.csv'",
            "set enable_external_access = true",
        ):
            with pytest.raises(tables.duckdb.Error):
                connection.execute(attempt)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.parquet", b"PAR1 and nothing behind it PAR1"),
        ("a.json", b'{"title": "A", "text": "cut off'),
        ("a.json", b"[" * 100_000),
        ("a.json", b'{"a":' * 50_000),
        ("a.jsonl", b"no json at all\n"),
        ("a.csv.gz", b"\x1f\x8bgarbage"),
        ("a.csv", b"\xff\xfe\x00"),
    ],
)
def test_damaged_files_are_refused(landed_file: Make, name: str, content: bytes) -> None:
    with pytest.raises(BadDelivery) as caught:
        _read(landed_file(name, content))
    assert caught.value.failures[0].rule in (
        "table_unreadable",
        "text_missing",
        "row_unreadable",
        "table_empty",
    )


@pytest.mark.parametrize(
    ("name", "content", "is_form"),
    [
        ("a.csv", b"title,text\n", True),
        ("a.txt", b"title,date,text\n", True),
        ("a.txt", b"Tram leaves, and is on time, says mayor\n\nThe first tram", False),
        ("a.json", b' {"title": 1}', True),
        ("a.txt", b'[{"title": 1}]', True),
        ("a.txt", b"[Update: the tram has left.]", False),
        ("a.csv", b"<!doctype html><html>", False),
        ("a.rtf", b"{\\rtf1\\ansi}", False),
        ("a.bin", b"PAR1", True),
        ("a.warc.gz", b"\x1f\x8b", False),
    ],
)
def test_a_table_is_told_by_content_then_by_name(name: str, content: bytes, is_form: bool) -> None:
    assert tables.is_form(content, name) is is_form


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (
            {
                "articles": {
                    "results": [
                        {
                            "uri": "17",
                            "lang": "eng",
                            "dateTime": "2015-12-20T01:00:00Z",
                            "title": "Tram",
                            "url": "https://post.example/1",
                            "body": TEXT,
                            "source": {"uri": "post.example", "title": "Post"},
                            "authors": [{"uri": "a@b", "name": "Ada Novello"}],
                        }
                    ]
                }
            },
            {
                "title": "Tram",
                "outlet": "Post",
                "language": "en",
                "authors": ("Ada Novello",),
                "date": "2015-12-20T01:00:00Z",
            },
        ),
        (
            [
                {
                    "id": 1,
                    "date": "2015-12-20T01:00:00",
                    "link": "https://post.example/1",
                    "author": 3,
                    "title": {"rendered": "Tram"},
                    "content": {"rendered": f"<p>{TEXT}</p>", "protected": False},
                }
            ],
            {"title": "Tram", "url": "https://post.example/1", "authors": (), "byline": None},
        ),
        (
            {
                "hits": {
                    "total": 1,
                    "hits": [{"_id": "17", "_source": {"headline": "Tram", "text": TEXT, "source": "Post"}}],
                }
            },
            {"title": "Tram", "outlet": "Post"},
        ),
        (
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "Post",
                "items": [
                    {
                        "id": "17",
                        "title": "Tram",
                        "url": "https://post.example/1",
                        "content_html": f"<p>{TEXT}</p>",
                        "authors": [{"name": "Ada Novello"}],
                    }
                ],
            },
            {"title": "Tram", "authors": ("Ada Novello",)},
        ),
        (
            {
                "meta": {"lang": "en", "canonical": "https://post.example/1"},
                "domain": "post.example",
                "title": "Tram",
                "cleaned_text": TEXT,
                "authors": ["Ada Novello"],
                "publish_date": "2015-12-20",
            },
            {"title": "Tram", "outlet": "post.example", "url": "https://post.example/1", "language": "en"},
        ),
        (
            {
                "url": "https://post.example/1",
                "headline": "Tram",
                "articleBody": TEXT,
                "datePublished": "2015-12-20",
                "author": {"name": "Ada Novello"},
                "publisher": {"name": "Post"},
                "inLanguage": "en-GB",
            },
            {
                "title": "Tram",
                "outlet": "Post",
                "authors": ("Ada Novello",),
                "language": "en",
                "date": "2015-12-20",
            },
        ),
    ],
    ids=["event registry", "wordpress", "elasticsearch", "json feed", "goose3", "schema.org"],
)
def test_what_producers_write_means_our_columns(
    landed_file: Make, content: object, wanted: dict[str, object]
) -> None:
    [article] = _read(landed_file("a.json", json.dumps(content)))
    assert isinstance(article, RawArticle)
    assert article.body == TEXT
    headers = HeaderNames().interpret(article.headers)
    assert {name: getattr(headers, name) for name in wanted} == wanted


def test_a_tab_separated_table_may_have_quotation_marks_as_they_are(landed_file: Make) -> None:
    raw = landed_file(
        "a.tsv", f'title\ttext\n"Tram," he said\t"It is here," said the mayor.\nB\t{TEXT} "So" it is.\n'
    )
    assert _bodies(_read(raw)) == [(1, '"It is here," said the mayor.'), (2, f'{TEXT} "So" it is.')]


def test_missing_values_are_none(landed_file: Make) -> None:
    [article] = _read(landed_file("a.csv", f"title,author,date,text\nTram,nan,None,{TEXT}\n"))
    assert article.headers == (("title", "Tram"),)


def test_excels_own_line_on_top_is_left_out(landed_file: Make) -> None:
    [article] = _read(landed_file("a.csv", f"sep=;\r\ntitle;text\r\nTram;{TEXT}\r\n"))
    assert article.headers == (("title", "Tram"),)


def test_the_name_of_a_column_may_have_a_line_end(landed_file: Make) -> None:
    table = f'"section\n(in print)",title,text\nWorld,Tram,{TEXT}\n'
    [article] = _read(landed_file("a.csv", table))
    assert article.headers == (("section (in print)", "World"), ("title", "Tram"))


def test_a_headline_is_plain_text(landed_file: Make) -> None:
    [article] = _read(landed_file("a.json", json.dumps({"title": "The <em>Tram</em> leaves", "text": TEXT})))
    assert article.headers == (("title", "The Tram leaves"),)


def test_a_long_broken_table_is_read_to_its_end(landed_file: Make) -> None:
    """Longer than what is kept of it, with marks that are never closed at any place of that."""
    bad = {300, 998, 999, 1_000, 1_001, 2_500}
    rows = (
        f'{n},2015-12-20,"A","{"" if n in bad else "The first."} line\nand the second of {n}\n'
        if n in bad
        else f'{n},2015-12-20,"A","The first line\nand the second of {n}"\n'
        for n in range(1, 3_001)
    )
    found = _read(landed_file("a.csv", "id,date,title,text\n" + "".join(rows)))
    read_ids = [int(article.key or 0) for article in found if isinstance(article, RawArticle)]
    assert [n for n in range(1, 3_001) if n not in read_ids] == sorted(bad)
    assert sum(isinstance(article, BadArticle) for article in found) == len(bad)


@pytest.mark.parametrize("part", [1, 7, 64, 1_000_000])
def test_a_broken_array_is_parted_alike_wherever_its_parts_end(
    monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    """Wherever it is cut for reading: in a word, an escape, a list of objects, or a broken entry."""
    monkeypatch.setattr(tables, "_PART", part)
    nested = '{"id":2,"text":"two \\ud83d\\ude00","tags":[{"a":true}, {"b":null}]}'
    entries = ['{"id":1,"text":"one}, {"}', nested, '{"id":3,"text":broken}', '{"id":4,"text":"four"}']
    found = list(tables._parted(StringIO("[\n" + ",\n".join(entries) + "]")))
    assert found == [*entries[:2], '{"id":3,"text":broken},\n', entries[3]]


def test_an_array_that_breaks_off_gives_what_stands_before() -> None:
    cut = '[{"id":1,"text":"one"}, {"id":2,"text":"never closed'
    assert list(tables._parted(StringIO(cut))) == ['{"id":1,"text":"one"}', cut[24:]]


def test_articles_before_the_first_text_wait_in_order(
    landed_file: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_WAITING_BYTES", 100)  # most of them on disk
    lines = [{"id": n, "title": "A"} for n in range(50)]
    found = _read(landed_file("a.jsonl", "\n".join(map(json.dumps, [*lines, {"id": 50, "text": "one"}]))))
    assert [article.number for article in found] == list(range(1, 52))
    with pytest.raises(BadDelivery, match="text"):
        _read(landed_file("a.jsonl", "\n".join(map(json.dumps, lines))))
