"""Reprocess: texts that are loaded, extracted again, compared, and switched on demand."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
from runs import QuietRunner, contents, rows

from ontherecord.flows.pipeline.results import Comparison
from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.flows.reprocess import reprocess
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.lock import writer_lock
from ontherecord.warehouse.publish import publish

# As an older extractor might have left them: one speaker other, two quotes missing, one too many.
OLDER = """
update articles set extractor_version = '0+older' where article_id in (
    select article_id from quotes group by all order by count(*) desc, article_id limit 2
);
create temp table old as select article_id from articles where extractor_version = '0+older';
update quotes set speaker = 'Nobody Known', speaker_name = 'Nobody Known'
where (article_id, quote_no) in (select article_id, min(quote_no) from quotes semi join old using (article_id)
    where speaker_name is not null group by all order by all limit 1);
update quote_speakers set speaker = quotes.speaker, speaker_name = quotes.speaker_name from quotes
where quotes.speaker = 'Nobody Known'
    and (quotes.article_id, quotes.quote_no) = (quote_speakers.article_id, quote_speakers.quote_no);
insert into quotes select * replace (
    quote_no + 900 as quote_no, char_start + 1 as char_start, text[2:] as text)
from quotes where article_id = (select max(article_id) from old) and quote_no = 2;
delete from quotes where article_id = (select max(article_id) from old) and quote_no in (0, 1);
insert into quote_speakers select * replace (quote_no + 900 as quote_no)
from quote_speakers where article_id = (select max(article_id) from old) and quote_no = 2;
delete from quote_speakers where article_id = (select max(article_id) from old) and quote_no in (0, 1);
update ops.warehouse set change_no = change_no + 1;
"""


def compare(home: Path, **options: bool) -> Comparison:
    return reprocess(load_settings(home=home, workers=1), QuietRunner(), **options)


def test_compares_without_changing_and_switches_to_what_was_found(samples: Path, home: Path) -> None:
    shutil.copytree(samples, home, symlinks=True)
    with duckdb.connect(str(home / "writer.duckdb")) as writer:
        writer.execute(OLDER)
    with open_writer(DataDir(home), "test") as engine:
        publish(engine, DataDir(home))
    older, runs = contents(home), rows(home, "select count(*) from ops.runs")

    with writer_lock(DataDir(home), "another run"):  # to compare waits for nobody
        found = compare(home)
    assert (found.article_count, found.changed_count, found.run) == (2, 2, None)
    assert (found.added.count, found.removed.count, found.speaker_changed.count) == (2, 1, 1)
    assert found.speaker_changed.examples[0].before == "Nobody Known"
    assert contents(home) == older
    assert rows(home, "select count(*) from ops.runs") == runs
    assert "2 added, 1 removed, 1 with another speaker" in found.summary()

    switched = compare(home, apply=True)
    assert (switched.added.count, switched.removed.count, switched.speaker_changed.count) == (2, 1, 1)
    assert switched.run
    assert switched.run.published
    assert contents(home) == contents(samples)
    assert compare(home).article_count == 0
    forced = compare(home, everything=True)
    assert forced.article_count == forced.loaded_count > 40
    assert forced.changed_count == 0
