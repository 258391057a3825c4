"""Collisions: two things that would share an id are never merged, and the message says what to do.

Nobody finds two paths that share the first 53 bits of their SHA-256, so ids have 20 bits here, in which these
paths and names agree. All else is as it is in a run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from runs import QuietRunner, article, rows, run

from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.flows.retry_quarantine import retry_quarantine
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse import ids
from ontherecord.warehouse.collisions import require_own_entity_ids
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import duckdb_of
from ontherecord.warehouse.errors import PipelineError
from ontherecord.warehouse.publish import check

FIRST, SECOND = "story-1976.txt", "story-2091.txt"
NOVAK, HANSMANN = "Victor Novak", "Anna Hansmann"
SAME_ENTITY = (
    r"'(Victor Novak|Anna Hansmann)' \(person\) and '(Victor Novak|Anna Hansmann)' \(person\) have the"
)


@pytest.fixture(autouse=True)
def _short_ids(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ids, "BITS", 20)
    ids.entity_id.cache_clear()
    assert ids.article_id(FIRST) == ids.article_id(SECOND)
    assert ids.entity_id("person", NOVAK) == ids.entity_id("person", HANSMANN)
    yield
    ids.entity_id.cache_clear()


def _said_by(name: str, title: str) -> str:
    return article(title=title, body=f'"We are open again," {name} told reporters in the harbour on Tuesday.')


def _paths(home: Path) -> list[tuple[str, str]]:
    return rows(home, "select source_path, title from articles order by all")


def _held(home: Path) -> list[tuple[str, str, str]]:
    return rows(
        home,
        "select source_path, rule, value from ops.quarantine where released_at is null order by all",
    )


def _failed_checks(home: Path) -> list[str]:
    return [result.name for result in check(DataDir(home)) if result.row_count]


def test_article_with_the_id_of_a_loaded_one_is_quarantined_until_it_has_another_path(
    landing: Path, home: Path
) -> None:
    (landing / FIRST).write_text(article(title="Harbour opens"))
    run(landing, home)
    (landing / SECOND).write_text(article(title="Cup goes to Valmora"))
    result = run(landing, home)
    assert (result.counts.loaded_count, result.counts.quarantined_count) == (0, 1)
    assert _held(home) == [(SECOND, "id_taken", FIRST)]
    [(message,)] = rows(home, "select message from ops.quarantine")
    assert "Rename the file" in message
    assert f"`ontherecord quarantine dismiss {SECOND} --why renamed`" in message
    assert _paths(home) == [(FIRST, "Harbour opens")]
    assert _failed_checks(home) == []

    retried = retry_quarantine(load_settings(home=home, workers=1), QuietRunner(), rule="id_taken")
    assert (retried.counts.loaded_count, retried.counts.quarantined_count) == (0, 1)

    (landing / SECOND).rename(landing / "renamed.txt")
    assert run(landing, home).counts.loaded_count == 1
    assert _paths(home) == [("renamed.txt", "Cup goes to Valmora"), (FIRST, "Harbour opens")]


def test_both_are_told_apart_in_one_batch(landing: Path, home: Path) -> None:
    (landing / FIRST).write_text(article(title="Harbour opens"))
    (landing / SECOND).write_text(article(title="Cup goes to Valmora"))
    copy = landing / "zz-a-longer-name-comes-later.txt"
    copy.write_text(article(title="Cup goes to Valmora"))
    result = run(landing, home)
    # The rule is about the path, so the copy, which has another one, is left to the next run.
    assert (result.counts.loaded_count, result.counts.quarantined_count) == (1, 1)
    assert result.counts.postponed_count == 1
    assert _paths(home) == [(FIRST, "Harbour opens")]
    assert run(landing, home).counts.loaded_count == 1
    assert _paths(home) == [(FIRST, "Harbour opens"), (copy.name, "Cup goes to Valmora")]
    assert _failed_checks(home) == []


@pytest.mark.parametrize("at_once", [True, False])
def test_two_names_with_one_id_stop_the_run_until_one_has_an_alias(
    landing: Path, home: Path, at_once: bool
) -> None:
    (landing / "novak.txt").write_text(_said_by(NOVAK, "Harbour opens"))
    if not at_once:
        run(landing, home)
    (landing / "hansmann.txt").write_text(_said_by(HANSMANN, "Tram stops"))
    with pytest.raises(PipelineError, match=SAME_ENTITY) as refused:
        run(landing, home)
    assert "aliases.csv, such as the line `" in str(refused.value)
    if not at_once:
        assert rows(home, "select speaker from quotes") == [(NOVAK,)]

    (home / "aliases.csv").write_text(f"alias,name,kind\n{HANSMANN},{HANSMANN} (2),person\n")
    run(landing, home)
    found = rows(
        home, "select speaker, name from quotes, entities where speaker_entity_id = entity_id order by 1"
    )
    assert found == [(f"{HANSMANN} (2)",) * 2, (NOVAK,) * 2]
    assert _failed_checks(home) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("aliases.csv", f"alias,name\nIda Brandt,{HANSMANN}\n"),
        (
            "corrections.csv",
            f'what,article,place,words,becomes\nspeaker,tram.txt,,"We are open again,",{HANSMANN}\n',
        ),
    ],
)
def test_neither_alias_nor_correction_merges_two_names(
    landing: Path, home: Path, file: str, text: str
) -> None:
    (landing / "novak.txt").write_text(_said_by(NOVAK, "Harbour opens"))
    (landing / "tram.txt").write_text(_said_by("Ida Brandt", "Tram stops"))
    run(landing, home)
    before = rows(home, "select speaker from quotes order by 1")
    assert before == [("Ida Brandt",), (NOVAK,)]
    (home / file).write_text(text)
    with pytest.raises(PipelineError, match=SAME_ENTITY):
        run(landing, home)
    (home / file).unlink()
    run(landing, home)
    assert rows(home, "select speaker from quotes order by 1") == before


def test_two_deliveries_with_one_id_stop_the_run(landing: Path, home: Path) -> None:
    texts = {f"{n}.txt": article(title=f"Harbour opens {n} times") for n in range(4_000)}
    by_id: dict[int, str] = {}
    for path, text in texts.items():
        content = hashlib.sha256(text.encode()).hexdigest()
        other = by_id.setdefault(ids.delivery_id(path, content), path)
        if other != path and ids.article_id(other) != ids.article_id(path):
            break
    (landing / other).write_text(texts[other])
    run(landing, home)
    (landing / path).write_text(texts[path])
    with pytest.raises(PipelineError, match=rf"'{path}' and '{other}' have the same delivery_id") as refused:
        run(landing, home)
    assert "Rename one of the files" in str(refused.value)
    (landing / path).rename(landing / "renamed.txt")
    run(landing, home)
    assert sorted(dict(_paths(home))) == sorted([other, "renamed.txt"])
    assert _failed_checks(home) == []


def test_a_name_in_another_case_or_spacing_is_the_same_one(home: Path) -> None:
    names = [("person", name) for name in (NOVAK, NOVAK.upper(), f"  {NOVAK} ", "José  Díaz", "JOSÉ DÍAZ")]
    with open_writer(DataDir(home), "test") as engine, engine.begin() as connection:
        duckdb = duckdb_of(connection)
        duckdb.execute(
            "insert into entities (entity_id, name, kind, aliases, first_seen_on, last_seen_on) "
            "values ($1, $2, 'person', [], '2020-01-01', '2020-01-01')",
            [ids.entity_id(*names[0]), "VICTOR\u00a0NOVAK"],
        )
        require_own_entity_ids(duckdb, names)
        with pytest.raises(PipelineError, match=r"VICTOR.*NOVAK' \(person\) have the same"):
            require_own_entity_ids(duckdb, [("person", HANSMANN)])
