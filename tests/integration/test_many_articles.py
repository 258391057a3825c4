"""Files with many articles: each is loaded, quarantined, compared and counted as a file would be."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pytest
from commands import carry_out
from runs import QuietRunner, article, contents, rows, run

from ontherecord.flows.ingest import ingest
from ontherecord.flows.pipeline.preview import preview
from ontherecord.flows.recovery.doctor.examine import examine
from ontherecord.flows.recovery.rebuild import rebuild
from ontherecord.flows.reprocess import reprocess
from ontherecord.flows.retry_quarantine import retry_quarantine
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.export import export

T = TypeVar("T")
COLUMNS = ("url", "headline", "content", "date", "source", "author", "shares")
NAMES = ("Ida Brandt", "Omar Haddad", "Lena Fischer", "Paul Okoro", "Mira Novak")


def _row(number: int, **changes: str) -> dict[str, str]:
    name = NAMES[number % 5]
    row = {
        "url": f"https://post.example/{number}",
        "headline": f"Ferry {number} sails again",
        "content": f'"Ferry number {number} sails at {number} past nine," captain {name} said on Monday.\n'
        f"Nobody in town {number} had asked {name} for it.",
        "date": f"2015-03-{1 + number % 28:02}",
        "source": "The Post",
        "author": "By Ida Brandt and Omar Haddad",
        "shares": str(number),
    }
    return {**row, **changes}


def _write(file: Path, table: Iterable[dict[str, str]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, COLUMNS)
        writer.writeheader()
        writer.writerows(table)


def _articles(counts: Any) -> tuple[int, int, int, int]:
    return (
        counts.article_loaded_count,
        counts.article_unchanged_count,
        counts.article_duplicate_count,
        counts.article_quarantined_count,
    )


# What came with the forms of files; the last is null here, where no date has a zone.
CAME_WITH_FORMS = (
    "outlet", "url", "authors", "byline", "language", "headers", "form", "article_key", "published_at_utc"
)  # fmt: skip


def _assert_exported(home: Path) -> None:
    """Hold what Parquet and CSV have of these columns against the table."""
    wanted = ", ".join(CAME_WITH_FORMS)
    wanted_texts = ", ".join(f"'{name}'" for name in CAME_WITH_FORMS)
    table = rows(home, f"select {wanted} from articles order by url")
    out = home / "export"
    export(DataDir(home), out)
    for name in ("articles", "article_versions"):
        found = duckdb.sql(f"select {wanted} from read_parquet('{out}/{name}/**/*.parquet') order by url")
        assert found.fetchall() == (table if name == "articles" else [])
    printed = carry_out("export", "--table", "articles", "--format", "csv", home=home).stdout
    lines = sorted(csv.DictReader(io.StringIO(printed)), key=lambda line: line["url"])
    flat = "select * replace (array_to_string(authors, '; ') as authors, to_json(headers) as headers)"
    as_text = rows(
        home, f"select columns([{wanted_texts}])::varchar from ({flat} from articles) order by url"
    )
    assert [tuple(line[c] or None for c in CAME_WITH_FORMS) for line in lines] == as_text


def test_every_row_is_an_article_with_its_columns_and_in_the_ledger(landing: Path, home: Path) -> None:
    _write(landing / "week.csv", [_row(n) for n in range(3)])
    counts = run(landing, home).counts
    assert (counts.landed_count, counts.loaded_count, _articles(counts)) == (1, 1, (3, 0, 0, 0))
    found = rows(
        home,
        "select source_path, title, published_at::varchar, outlet, url, authors, byline, language, "
        "headers['shares'], form, article_key from articles order by all limit 1",
    )
    url = "https://post.example/0"
    assert found == [
        (
            *(f"week.csv#{url}", "Ferry 0 sails again", "2015-03-01 00:00:00", "The Post", url),
            *(["Ida Brandt", "Omar Haddad"], "By Ida Brandt and Omar Haddad", "en", "0", "table", url),
        )
    ]
    _assert_exported(home)
    ledger = "select source_path, status, file_path, article_key, row_no from ops.deliveries order by all"
    assert rows(home, ledger) == [
        ("week.csv", "split", None, None, None),
        *(
            (f"week.csv#https://post.example/{n}", "loaded", "week.csv", f"https://post.example/{n}", n + 1)
            for n in range(3)
        ),
    ]
    assert run(landing, home).counts.unchanged_count == 1
    said = ("The Post", "https://post.example/1", "Omar Haddad")
    for macro in ("quotes_by('haddad')", "quotes_with('past nine') where speaker = 'Omar Haddad'"):
        assert rows(home, f"select outlet, url, speaker from {macro}") == [said]
    for macro in ("articles_mentioning('haddad')", "search_articles('haddad')"):
        assert rows(home, f"select outlet, url from {macro}") == [said[:2]]
    assert rows(home, "select url from articles_as_of(now()) order by 1 limit 1") == [(url,)]
    assert rows(home, "select distinct outlet, agency from mart.daily_articles") == [("The Post", None)]
    query = "select landed_count, article_landed_count, article_loaded_count from ops.runs order by rowid"
    assert rows(home, query)[0] == (1, 3, 3)


def test_one_row_more_costs_one_article(landing: Path, home: Path) -> None:
    file = landing / "week.csv"
    _write(file, [_row(n) for n in range(5)])
    run(landing, home)
    before = rows(home, "select article_id, version, loaded_at from articles order by all")
    _write(file, [_row(7), *(_row(n) for n in range(5))])  # at the top: numbers change, keys do not
    result = run(landing, home)
    assert _articles(result.counts) == (1, 5, 0, 0)
    assert result.counts.quote_count == 1
    assert set(before) < set(rows(home, "select article_id, version, loaded_at from articles"))
    assert "6 articles in files with many: 1 loaded, 5 unchanged, 0 duplicate, 0 quarantined." in (
        result.summary()
    )


def test_a_changed_row_is_a_version_of_its_article(landing: Path, home: Path) -> None:
    file = landing / "week.csv"
    _write(file, [_row(1), _row(2)])
    run(landing, home)
    _write(file, [_row(1), _row(2, headline="Ferry 2 sails again at last")])
    assert _articles(run(landing, home).counts) == (1, 1, 0, 0)
    assert rows(home, "select version, title from articles order by all") == [
        (1, "Ferry 1 sails again"),
        (2, "Ferry 2 sails again at last"),
    ]
    assert rows(home, "select version, outlet, form from article_versions") == [(1, "The Post", "table")]


def test_bad_rows_are_quarantined_by_row_and_the_others_load(landing: Path, home: Path) -> None:
    file = landing / "week.csv"
    _write(file, [_row(0), _row(1, date="someday"), _row(2, content=""), _row(3)])
    with file.open("a") as table:
        table.write("only,two\n")
    counts = run(landing, home).counts
    assert (counts.loaded_count, _articles(counts)) == (1, (2, 0, 0, 3))
    query = (
        "select file_path, row_no, article_key, rule, value from ops.quarantine "
        "where released_at is null order by row_no"
    )
    assert rows(home, query) == [
        ("week.csv", 2, "https://post.example/1", "date_unreadable", "someday"),
        ("week.csv", 3, "https://post.example/2", "body_missing", "0 words"),
        ("week.csv", 5, "row 5", "row_unreadable", "only,two"),
    ]
    shown = carry_out("quarantine", "show", "week.csv#https://post.example/1", home=home).stdout
    assert shown.startswith("Number 2 of week.csv.\ndate_unreadable: ")
    assert "\nheadline: Ferry 1 sails again\ndate: someday\n" in shown
    assert 'Ferry number 1 sails at 1 past nine," captain Omar Haddad' in shown

    # One is fixed, one removed, one is as it was.
    _write(file, [_row(0), _row(1), _row(3)])
    with file.open("a") as table:
        table.write("more\nonly,two\n")
    counts = run(landing, home).counts
    assert _articles(counts) == (1, 3, 0, 1)
    assert rows(home, query) == [
        ("week.csv", 4, "row 4", "row_unreadable", "more"),
        ("week.csv", 5, "row 5", "row_unreadable", "only,two"),
    ]
    status = (
        "select status, count(*) from ops.deliveries where file_path is not null group by all order by all"
    )
    assert rows(home, status) == [("loaded", 3), ("quarantined", 3), ("withdrawn", 1)]


def test_a_quarantined_row_is_retried_from_its_own_bytes(landing: Path, home: Path) -> None:
    file = landing / "week.csv"
    _write(file, [_row(0), _row(1, content="")])
    run(landing, home)
    _write(file, [_row(0)])
    lenient = home.parent / "lenient.json"
    suite = json.loads((Path(__file__).parents[2] / "expectations" / "headers.json").read_text("utf-8"))
    suite["expectations"] = [e for e in suite["expectations"] if e["meta"]["rule"] != "body_missing"]
    lenient.write_text(json.dumps(suite))
    settings = load_settings(home=home, workers=1, validation_suite=lenient)
    assert retry_quarantine(settings, QuietRunner()).counts.loaded_count == 1
    assert rows(home, "select source_path, body, form from articles where body = ''") == [
        ("week.csv#https://post.example/1", "", "table")
    ]
    assert rows(home, "select count(*) from ops.quarantine where released_at is null") == [(0,)]
    # It is loaded now, and its absence from the file changes nothing.
    assert _articles(run(landing, home).counts) == (0, 1, 0, 0)
    assert rows(home, "select count(*) from articles") == [(2,)]


def test_equal_rows_are_duplicates_in_one_file_and_in_two(landing: Path, home: Path) -> None:
    _write(landing / "a.csv", [_row(0), _row(1), _row(0)])
    _write(landing / "b.csv", [_row(1), _row(2)])
    counts = run(landing, home).counts
    assert (counts.loaded_count, _articles(counts)) == (2, (3, 0, 2, 0))
    duplicates = "select file_path, row_no from ops.deliveries where status = 'duplicate' order by all"
    assert rows(home, duplicates) == [("a.csv", 3), ("b.csv", 1)]
    # The original gets another text: the duplicate is an article now, although its own file has not changed.
    _write(landing / "a.csv", [_row(0), _row(1, headline="Ferry 1 sails again, late"), _row(0)])
    run(landing, home)
    run(landing, home)
    assert rows(home, duplicates) == [("a.csv", 3)]
    assert rows(home, "select count(*) from articles") == [(4,)]


def test_two_articles_with_one_key_are_two(landing: Path, home: Path) -> None:
    other = {
        "url": "https://post.example/0",
        "headline": "Bridge shut",
        "content": "The bridge of Marsalin is shut.",
    }
    for order in ((_row(0), _row(0, **other)), (_row(5), _row(0), _row(0, **other))):
        _write(landing / "a.csv", order)
        run(landing, home)
    assert rows(home, "select version, title from articles order by title") == [
        (1, "Bridge shut"),
        (1, "Ferry 0 sails again"),
        (1, "Ferry 5 sails again"),
    ]


def test_a_new_row_under_the_key_of_an_unchanged_one_is_another_article(landing: Path, home: Path) -> None:
    bridge = _row(0, headline="Bridge shut", content="The bridge of Marsalin is shut.")
    tower = _row(2, headline="Tower opens", content="Guests climb the tower of Velden from today.")
    query = "select article_id, version, title from articles where title like 'Ferry%' order by all"
    _write(landing / "a.csv", [_row(0), _row(1), _row(2)])
    run(landing, home)
    before = rows(home, query)
    _write(landing / "a.csv", [_row(1), _row(2), _row(0), bridge, _row(1)])
    assert _articles(run(landing, home).counts) == (1, 3, 1, 0)
    assert rows(home, query) == before
    # Above the row whose key it has, it gets the key; the other is found again by the next run.
    _write(landing / "a.csv", [tower, _row(2), bridge, _row(0), _row(1)])
    counts = run(landing, home).counts
    assert counts.article_landed_count == 5
    run(landing, home)
    titles = [title for (title,) in rows(home, "select title from articles order by all")]
    assert titles == ["Bridge shut", *(f"Ferry {n} sails again" for n in range(3)), "Tower opens"]


def test_quarantined_rows_stay_so_until_they_change_or_go(landing: Path, home: Path) -> None:
    bad = [_row(n, date="someday") for n in range(3)]
    _write(landing / "a.csv", [*bad, _row(3)])
    with (landing / "a.csv").open("a") as table:
        table.write("only,two\n")
    run(landing, home)
    _write(landing / "a.csv", [bad[0], _row(1), _row(3)])  # one stays, one is mended, two are gone
    assert _articles(run(landing, home).counts) == (1, 2, 0, 0)
    query = "select row_no, released_at is null from ops.quarantine order by all"
    assert rows(home, query) == [(1, True), (2, False), (3, False), (5, False)]
    query = "select status, count(*) from ops.deliveries where is_current group by all order by all"
    assert rows(home, query) == [("loaded", 2), ("quarantined", 1), ("split", 1), ("withdrawn", 2)]


def test_a_duplicate_in_a_table_is_read_again_when_its_original_changes(landing: Path, home: Path) -> None:
    twin = {"headline": "Bridge shut", "content": "The bridge of Marsalin is shut."}
    _write(landing / "a.csv", [_row(0, **twin), _row(1)])
    _write(landing / "b.csv", [_row(0, **twin), _row(2)])
    run(landing, home)
    _write(landing / "a.csv", [_row(0, **twin, date="2015-03-02"), _row(1)])
    for _ in range(2):
        run(landing, home)
    query = "select source_path, published_at::varchar from articles where title = 'Bridge shut' order by all"
    assert rows(home, query) == [
        ("a.csv#https://post.example/0", "2015-03-02 00:00:00"),
        ("b.csv#https://post.example/0", "2015-03-01 00:00:00"),
    ]


def test_rows_that_were_loaded_without_digests_get_them(landing: Path, home: Path) -> None:
    _write(landing / "a.csv", [_row(n) for n in range(4)])
    run(landing, home)
    digests = "select row_no, row_digest from ops.deliveries where row_no is not null order by all"
    before = rows(home, digests)
    assert len({digest for _, digest in before}) == 4
    with duckdb.connect(str(home / "writer.duckdb")) as connection:
        connection.execute("update ops.deliveries set row_digest = null")
    _write(landing / "a.csv", [_row(n) for n in range(5)])
    assert _articles(run(landing, home).counts) == (1, 4, 0, 0)
    assert rows(home, digests)[:4] == before


@pytest.mark.parametrize("size", [1, 3, 7])
def test_the_size_of_batches_makes_no_difference(
    landing: Path, home: Path, tmp_path: Path, size: int
) -> None:
    (landing / "a.txt").write_text(article())
    _write(landing / "a.csv", [_row(n, **({"date": "?"} if n % 4 == 0 else {})) for n in range(10)])
    _write(landing / "b.csv", [_row(n) for n in range(8, 13)])
    (landing / "z.txt").write_text(article(title="The last one"))
    run(landing, tmp_path / "one")
    result = run(landing, home, batch_size=size)
    assert (result.counts.landed_count, _articles(result.counts)) == (4, (11, 0, 1, 3))
    assert contents(home) == contents(tmp_path / "one")


class _BreaksOff(QuietRunner):
    """Loses its power in the middle of the step of this number."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._left = number

    def run_step(self, name: str, work: Callable[[], T]) -> T:
        if name.startswith("files"):
            self._left -= 1
            if self._left < 0:
                raise KeyboardInterrupt
        return super().run_step(name, work)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_run_that_breaks_off_in_a_file_is_continued(
    landing: Path, home: Path, tmp_path: Path, number: int
) -> None:
    _write(landing / "a.csv", [_row(n, **({"date": "?"} if n % 4 == 0 else {})) for n in range(20)])
    run(landing, tmp_path / "one")
    with pytest.raises(KeyboardInterrupt):
        ingest(landing, load_settings(home=home, workers=1, batch_size=3), _BreaksOff(number))
    counts = run(landing, home, batch_size=3).counts
    assert counts.landed_count == 1
    assert sum(_articles(counts)) == 20
    assert counts.article_unchanged_count >= 2 * number
    assert contents(home) == contents(tmp_path / "one")
    assert run(landing, home).counts.unchanged_count == 1


def test_a_file_that_cannot_be_read_on_keeps_what_was_read(landing: Path, home: Path) -> None:
    (landing / "a.csv").write_text("title,day\nA,B\n")
    counts = run(landing, home).counts
    assert (counts.quarantined_count, _articles(counts)) == (1, (0, 0, 0, 0))
    assert rows(home, "select source_path, rule, value, row_no from ops.quarantine") == [
        ("a.csv", "text_missing", "title, day", None)
    ]
    _write(landing / "a.csv", [_row(0)])
    assert run(landing, home).counts.loaded_count == 1
    assert rows(home, "select count(*) from ops.quarantine where released_at is null") == [(0,)]


def test_a_large_table_is_copied_while_it_is_read_and_no_copy_stays(landing: Path, home: Path) -> None:
    words = " ".join(["Nobody in town had asked for it."] * 150)
    _write(landing / "a.csv", [_row(n, content=f"Ferry {n} sails. {words}") for n in range(1200)])
    assert (landing / "a.csv").stat().st_size > 5_000_000
    (landing / "b.txt").write_text("## Title: Too long\n" + "x" * 5_100_000)
    # Only a few rows are valid, so that the test does not extract for minutes.
    text = (
        (landing / "a.csv").read_text().replace(",2015-03-", ",someday-").replace("someday-05", "2015-03-05")
    )
    (landing / "a.csv").write_text(text)
    counts = run(landing, home).counts
    assert (counts.loaded_count, counts.quarantined_count) == (1, 1)
    assert sum(_articles(counts)) == 1200
    assert list((home / ".landing").iterdir()) == []


def test_a_home_with_tables_is_rebuilt_and_well(landing: Path, home: Path) -> None:
    _write(landing / "a.csv", [_row(0), _row(1, date="?"), _row(0)])
    (landing / "a.txt").write_text(article())
    run(landing, home)
    before = contents(home)
    settings = load_settings(home=home, landing=landing, workers=1)
    result = rebuild(settings, QuietRunner(), landing, from_scratch=True)
    assert result.uncached_count == 0
    assert contents(home) == before
    os.utime(landing / "a.csv")
    assert run(landing, home).counts.unchanged_count == 2
    assert [f for f in examine(home, deep=True) if f.state == "problem" and f.check != "duckdb"] == []


def test_other_languages_are_loaded_without_quotes_or_quarantined(
    landing: Path, home: Path, tmp_path: Path
) -> None:
    french = (
        "« La capitaine Ida Brandt a dit lundi : “Le bac repart à neuf heures”, a annoncé la mairie. "
        "Personne dans la ville ne l’avait demandé, selon les voisins, qui l’avaient attendu trois jours. »"
    )
    rows_given = [_row(1, date="2015-03-02T09:05:00+02:00"), _row(2, content=french)]
    _write(landing / "a.csv", rows_given)
    assert _articles(run(landing, home).counts) == (2, 0, 0, 0)
    query = (
        "select language, published_at::varchar, published_at_utc::varchar, "
        "'language_not_read' in warnings, (select count(*) from quotes where quotes.article_id = "
        "articles.article_id), (select count(*) from mentions where mentions.article_id = "
        "articles.article_id) > 0 from articles order by source_path"
    )
    assert rows(home, query) == [
        ("en", "2015-03-02 09:05:00", "2015-03-02 07:05:00", False, 1, True),
        ("fr", "2015-03-03 00:00:00", None, True, 0, False),
    ]
    comparison = reprocess(load_settings(home=home, workers=1), QuietRunner(), everything=True)
    assert comparison.article_count == 1
    assert [f for f in examine(home) if f.check == "extracts" and f.state != "ok"] == []
    strict = load_settings(home=tmp_path / "strict", workers=1, other_languages="quarantine")
    assert _articles(ingest(landing, strict, QuietRunner()).counts) == (1, 0, 0, 1)
    [found] = preview(landing, strict)[0]
    assert (found.article_count, dict(found.rules)) == (1, {"language_not_read": 1})


def test_a_suite_with_a_rule_on_the_whole_batch_does_not_stop_the_run(landing: Path, home: Path) -> None:
    suite = json.loads((Path(__file__).parents[2] / "expectations" / "headers.json").read_text("utf-8"))
    suite["expectations"].append(
        {
            "type": "expect_table_row_count_to_be_between",
            "kwargs": {"min_value": 100},
            "meta": {"rule": "few_articles", "message": "Less than the usual hundred."},
            "severity": "critical",
        }
    )
    ours = home.parent / "ours.json"
    ours.write_text(json.dumps(suite))
    _write(landing / "a.csv", [_row(n) for n in range(3)])
    result = run(landing, home, validation_suite=ours)
    assert _articles(result.counts) == (3, 0, 0, 0)
    assert "Rule few_articles, on a batch as a whole, does not hold for 1 of them." in result.summary()
