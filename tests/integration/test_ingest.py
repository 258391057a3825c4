"""Files in, tables out: what a run makes of new, changed, equal, wrong and fixed files."""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from pathlib import Path

import duckdb
import pytest
from runs import ARTICLES, article, contents, rows, run

from ontherecord.warehouse.errors import LandingError

SECOND = 'The ferry is late.\n"It will come on Monday," captain Olaf Steen told reporters in Bergen.'


def test_samples_all_load_and_every_row_is_at_its_place(samples: Path) -> None:
    files = sorted(p.relative_to(ARTICLES).as_posix() for p in ARTICLES.rglob("*.txt"))
    assert [path for (path,) in rows(samples, "select source_path from articles order by all")] == files
    bodies = {
        a: {"title": t, "body": b}
        for a, t, b in rows(samples, "select article_id, title, body from articles")
    }
    found = rows(samples, "select article_id, field, char_start, char_end, text from mentions")
    found += rows(samples, "select article_id, 'body', char_start, char_end, text from quotes")
    found += rows(
        samples, "select article_id, 'body', cue_start, cue_end, cue from quotes where cue is not null"
    )
    found += rows(
        samples,
        "select article_id, 'body', speaker_start, speaker_end, speaker_text from quotes "
        "where speaker_text is not null",
    )
    assert len(found) > 1000
    assert [r for r in found if bodies[r[0]][r[1]][r[2] : r[3]] != r[4]] == []


def test_second_run_changes_nothing_and_publishes_nothing(samples: Path) -> None:
    before = contents(samples), (samples / "warehouse.duckdb").stat().st_mtime_ns
    report = run(ARTICLES, samples)
    assert report.counts.unchanged_count == report.counts.landed_count > 40
    assert not report.published
    assert (contents(samples), (samples / "warehouse.duckdb").stat().st_mtime_ns) == before


def test_batches_and_workers_make_no_difference(samples: Path, home: Path) -> None:
    run(ARTICLES, home, batch_size=7, workers=2)
    assert contents(home) == contents(samples)


def test_header_dateline_and_agency_become_columns(landing: Path, home: Path) -> None:
    text = article(title="Lakes shrink", body='GENEVA : "They are small," Ida Brandt said.\n- AFP\u00a0')
    (landing / "deep" / "er").mkdir(parents=True)
    (landing / "deep" / "er" / "a.txt").write_text(text)
    run(landing, home)
    assert rows(
        home,
        "select source_path, title, supertitle, section, published_at::varchar, dateline, agency, body, "
        "warnings from articles",
    ) == [
        (
            "deep/er/a.txt",
            "Lakes shrink",
            None,
            "World",
            "2015-12-17 01:00:00",
            "GENEVA",
            "AFP",
            '"They are small," Ida Brandt said.',
            [],
        )
    ]
    assert rows(home, "select kind, text, speaker, cue from quotes") == [
        ("direct", "They are small,", "Ida Brandt", "said")
    ]


def test_new_content_is_a_new_version_and_replaces_quotes_and_names(landing: Path, home: Path) -> None:
    file = landing / "a.txt"
    file.write_text(article())
    run(landing, home)
    file.write_text(article(body=SECOND))
    report = run(landing, home)
    assert report.counts.loaded_count == 1
    assert rows(home, "select version, body from articles") == [(2, SECOND)]
    assert rows(home, "select version, superseded_at is not null from article_versions") == [(1, True)]
    assert rows(home, "select speaker from quotes") == [("Olaf Steen",)]
    names = {name for (name,) in rows(home, "select name from entities")}
    assert "Olaf Steen" in names
    assert "Ida Brandt" not in names
    assert rows(home, "select status, is_current from ops.deliveries order by seen_at") == [
        ("superseded", False),
        ("loaded", True),
    ]
    file.write_text(article())  # and back again
    run(landing, home)
    assert rows(home, "select version from articles") == [(3,)]
    assert rows(home, "select version from article_versions order by all") == [(1,), (2,)]
    assert rows(home, "select status, is_current from ops.deliveries order by seen_at") == [
        ("superseded", False),
        ("loaded", True),
    ]


def test_same_content_under_another_path_is_recorded_and_not_loaded(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    (landing / "copy of a.txt").write_text(article())
    counts = run(landing, home).counts
    assert (counts.loaded_count, counts.duplicate_count) == (1, 1)
    (landing / "later.txt").write_text(article())
    counts = run(landing, home).counts
    assert (counts.loaded_count, counts.duplicate_count, counts.unchanged_count) == (0, 1, 2)
    assert rows(home, "select source_path from articles") == [("a.txt",)]
    assert rows(home, "select count(distinct article_id), count(*) from ops.deliveries") == [(1, 3)]

    # The first gets a new text: of its copies one is an article now, and the other a copy of that.
    (landing / "a.txt").write_text(article(body=SECOND))
    run(landing, home)
    run(landing, home)
    assert rows(home, "select source_path, status from ops.deliveries where is_current order by all") == [
        ("a.txt", "loaded"),
        ("copy of a.txt", "duplicate"),
        ("later.txt", "loaded"),
    ]


@pytest.mark.parametrize(
    "size", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow), 100]
)
def test_copies_come_to_the_same_whatever_batch_they_are_in(landing: Path, home: Path, size: int) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    for name, text in {
        "a": article(body=SECOND),  # a new text, and its old one under another path, before and behind it
        "0": article(),
        "bb": article(),
        "cc": article(title="Third"),
        "dd": article(title="Third"),
        "ee": article(title="Third"),
        "ff": article(title=""),
        "gg": article(title=""),
    }.items():
        (landing / f"{name}.txt").write_text(text)
    run(landing, home, batch_size=size)
    run(landing, home, batch_size=size)
    assert rows(
        home,
        "select deliveries.source_path, status, articles.source_path from ops.deliveries "
        "left join articles using (article_id) where is_current order by all",
    ) == [
        ("0.txt", "loaded", "0.txt"),
        ("a.txt", "loaded", "a.txt"),
        ("bb.txt", "duplicate", "0.txt"),
        ("cc.txt", "loaded", "cc.txt"),
        ("dd.txt", "duplicate", "cc.txt"),
        ("ee.txt", "duplicate", "cc.txt"),
        ("ff.txt", "quarantined", None),
        ("gg.txt", "quarantined", None),
    ]


def test_a_transcript_without_speakers_loads_with_a_warning(landing: Path, home: Path) -> None:
    speech = "Here is the transcript of the speech.\nThe horn is old.\nNobody may blow it before noon."
    (landing / "a.txt").write_text(article(body=speech))
    (landing / "b.txt").write_text(
        article(body="MAYOR BRIGHT: Who blew it?\nMR. COLE: I did.\nMAYOR BRIGHT: You?")
    )
    run(landing, home)
    assert rows(home, "select source_path, 'transcript_not_read' in warnings from articles order by all") == [
        ("a.txt", True),
        ("b.txt", False),
    ]


def test_same_words_in_other_bytes_load_and_point_to_the_first(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    (landing / "b longer.txt").write_text(article().replace("\n", "\r\n").replace("We are", "We  are"))
    run(landing, home)
    found = rows(
        home,
        "select a.source_path, b.source_path, a.warnings from articles as a "
        "left join articles as b on a.duplicate_of = b.article_id order by all",
    )
    assert found == [
        ("a.txt", None, []),
        ("b longer.txt", "a.txt", ["same_headline_and_date", "same_words"]),
    ]


def test_of_two_with_one_headline_and_date_the_longer_is_the_update(landing: Path, home: Path) -> None:
    first = '"The pier is open," harbour master Ida Brandt said.'
    (landing / "a.txt").write_text(article(body=first + "\nShe gave no other date."))
    (landing / "b.txt").write_text(article(body=first))
    run(landing, home)
    assert rows(home, "select source_path, warnings from articles order by all") == [
        ("a.txt", ["same_headline_and_date"]),
        ("b.txt", []),
    ]


def test_unchanged_files_are_not_even_read(landing: Path, home: Path) -> None:
    file = landing / "a.txt"
    file.write_text(article())
    run(landing, home)
    stat = file.stat()
    file.write_text(article().replace("open", "shut"))  # other bytes, but the size and time of before
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert run(landing, home).counts.unchanged_count == 1


def test_new_time_alone_is_no_change(landing: Path, home: Path) -> None:
    file = landing / "a.txt"
    file.write_text(article())
    run(landing, home)
    os.utime(file)
    report = run(landing, home)
    assert report.counts.unchanged_count == 1
    assert not report.published


def test_wrong_file_is_held_back_with_its_bytes_until_mended(landing: Path, home: Path) -> None:
    file, wrong = landing / "a.txt", article(date="yesterday").encode()
    file.write_bytes(wrong)
    counts = run(landing, home).counts
    assert (counts.loaded_count, counts.quarantined_count) == (0, 1)
    found = rows(
        home,
        "select rule, column_name, value, message, released_at, content_sha256 "
        "from ops.quarantine inner join ops.deliveries using (delivery_id)",
    )
    [(rule, column, value, message, released, content)] = found
    assert (rule, column, value, released) == ("date_relative", "date_problem", "yesterday", None)
    assert "Thursday, December 17, 2015 - 01:00" in message
    file.unlink()
    assert (home / "quarantine" / content[:2] / content).read_bytes() == wrong

    file.write_text(article())
    assert run(landing, home).counts.loaded_count == 1
    assert rows(home, "select released_at is not null from ops.quarantine") == [(True,)]


def test_worse_second_delivery_leaves_the_good_article(landing: Path, home: Path) -> None:
    file = landing / "a.txt"
    file.write_text(article())
    run(landing, home)
    file.write_bytes(b"\0" * 300)
    assert run(landing, home).counts.quarantined_count == 1
    assert rows(home, "select version, title from articles") == [(1, "Harbour opens again")]
    assert rows(home, "select rule from ops.quarantine where released_at is null") == [("binary",)]
    file.write_text(article())  # the good one once more
    assert run(landing, home).counts.unchanged_count == 1
    assert rows(home, "select count(*) from ops.quarantine where released_at is null") == [(0,)]
    assert rows(home, "select version from articles") == [(1,)]


def test_wrong_twins_are_both_held_back(landing: Path, home: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (landing / name).write_text("no header at all\n")
    assert run(landing, home).counts.quarantined_count == 2
    assert rows(home, "select source_path, rule from ops.quarantine order by all") == [
        ("a.txt", "headers_missing"),
        ("b.txt", "headers_missing"),
    ]


def test_every_landed_file_is_counted(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    (landing / "b.txt").write_text(article())
    (landing / "c.txt").write_text("")
    (landing / "notes.log").write_text("not an article file")
    (landing / ".hidden.txt").write_text(article())
    run(landing, home)
    (landing / "d.txt").write_text(article(title="Another"))
    run(landing, home)
    query = (
        "select landed_count, loaded_count, unchanged_count, duplicate_count, quarantined_count "
        "from ops.runs order by started_at"
    )
    assert rows(home, query) == [(3, 1, 0, 1, 1), (4, 1, 3, 0, 0)]


def test_failed_run_has_a_row_and_leaves_the_published_file(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    with pytest.raises(LandingError, match="does not exist"):
        run(landing / "nowhere", home)
    with duckdb.connect(str(home / "writer.duckdb")) as writer:
        found = writer.execute("select state, message from ops.runs order by started_at").fetchall()
    assert [state for state, _ in found] == ["completed", "failed"]
    assert "nowhere" in found[1][1]
    assert rows(home, "select count(*) from articles") == [(1,)]


def test_what_was_extracted_is_kept_and_not_computed_again(landing: Path, tmp_path: Path) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, tmp_path / "one")
    (tmp_path / "two").mkdir()
    kept = tmp_path / "one" / "extracts.sqlite"
    # A home that starts from the kept extracts gives what they say, not what the model would.
    with sqlite3.connect(kept) as store:
        ((payload,),) = store.execute("select payload from extracts").fetchall()
        entities, mentions, [quote], *others = json.loads(zlib.decompress(payload))
        quote[-6] = 0.25  # the confidence
        changed = json.dumps([entities, mentions, [quote], *others]).encode()
        store.execute("update extracts set payload = ?", (zlib.compress(changed),))
    kept.rename(tmp_path / "two" / "extracts.sqlite")
    run(landing, tmp_path / "two")
    assert [round(c, 2) for (c,) in rows(tmp_path / "two", "select confidence from quotes")] == [0.25]


def test_an_entity_is_called_what_most_texts_call_it(landing: Path, home: Path) -> None:
    for number, name in enumerate(("Omar Al-Masri", "Omar al-Masri", "Omar Al-Masri")):
        body = f'"Berth {number} is open," harbour master {name} said.'
        (landing / f"{number}.txt").write_text(article(title=f"Berth {number} opens", body=body))
    run(landing, home)
    found = rows(home, "select name, aliases from entities where kind = 'person'")
    assert found == [("Omar Al-Masri", ["Omar Al-Masri", "Omar al-Masri"])]
