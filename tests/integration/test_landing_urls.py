"""Landing by URL: what lies in a store or on a server is loaded as from a folder, through its faults."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from archives import KINDS
from runs import QuietRunner, article, contents, rows, run
from stores import BUCKET, S3, s3_server, sftp_server

from ontherecord.flows.backfill import backfill
from ontherecord.flows.landing import object_store as store
from ontherecord.flows.landing.location import LandingUrl
from ontherecord.flows.pipeline import file_stream
from ontherecord.flows.recovery.doctor.examine import examine
from ontherecord.flows.recovery.rebuild import rebuild
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import LandingError

IN = LandingUrl(f"s3://{BUCKET}/in")


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what this machine knows of stores out, and have nobody wait long."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "SSH_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(file_stream, "FILE_SECONDS", (0.0,))
    patience = {"connect_timeout": 1, "read_timeout": 1, "retries": {"max_attempts": 1}}
    monkeypatch.setattr(store, "_S3", {"config_kwargs": patience})


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with s3_server() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.address)
        yield server


def test_bucket_is_loaded_as_a_folder_is_and_read_once(
    s3: S3, landing: Path, home: Path, tmp_path: Path
) -> None:
    for name in ("a.txt", "2015/b b.TXT", "2015/12/é.txt"):
        text = article(title=f"Of {name}")
        s3.put(f"in/{name}", text)
        (landing / name).parent.mkdir(parents=True, exist_ok=True)
        (landing / name).write_text(text)
    for name in ("notes.log", ".hidden.txt", "~tmp/c.txt", "2015/folder.txt/"):
        s3.put(f"in/{name}", "no article")
    s3.put("other/d.txt", article())
    report = run(IN, home)
    assert (report.counts.loaded_count, report.published) == (3, True)
    assert rows(home, "select landing from ops.runs") == [(IN.url,)]
    run(landing, tmp_path / "local")
    assert [r[0] for r in rows(home, "select source_path from articles order by 1")] == [
        "2015/12/é.txt",
        "2015/b b.TXT",
        "a.txt",
    ]
    same = "select source_path, title, body from articles order by 1"
    assert rows(home, same) == rows(tmp_path / "local", same)
    s3.asked.clear()
    again = run(IN, home)
    assert (again.counts.unchanged_count, again.published) == (3, False)
    assert s3.objects_read == []


def test_archives_in_a_bucket_give_the_rows_of_the_same_folder(
    s3: S3, landing: Path, home: Path, tmp_path: Path
) -> None:
    """Each holds two forms: a text with headers, and a table with two articles."""
    columns = "url,title,text,date,source\n"
    for name in ("a.zip", "a.tar.gz"):
        said = '"""We sail,"" Ida Brandt said."'
        table = "".join(
            f"https://post.example/{name}/{n},Ferry {n} sails,{said},2015-03-0{n},Post\n" for n in (1, 2)
        )
        texts = {f"{name}/a.txt": article(title=f"Text of {name}"), f"{name}/in/b.csv": columns + table}
        for path, text in texts.items():
            (landing / path).parent.mkdir(parents=True, exist_ok=True)
            (landing / path).write_text(text)
        KINDS[name](tmp_path / name, {path.removeprefix(f"{name}/"): text for path, text in texts.items()})
        s3.put(f"in/{name}", (tmp_path / name).read_bytes())
    counts = run(IN, home).counts
    assert (counts.loaded_count, counts.quarantined_count) == (
        run(landing, tmp_path / "local").counts.loaded_count,
        0,
    )
    assert rows(home, "select form, count(*) from articles group by all order by all") == [
        ("headed-text", 2),
        ("table", 4),
    ]
    there, here = contents(home), contents(tmp_path / "local")
    for table_name in ("articles", "mentions", "quotes", "quote_speakers", "entities"):
        assert there[f"main.{table_name}"] == here[f"main.{table_name}"], table_name
    assert run(IN, home).published is False


@pytest.mark.slow
def test_object_replaced_within_a_second_by_one_of_its_size_is_loaded(s3: S3, home: Path) -> None:
    s3.put("in/a.txt", article(title="Before"))
    run(IN, home)
    s3.put("in/a.txt", article(title="Afters"))
    assert run(IN, home).counts.loaded_count == 1
    assert rows(home, "select title, version from articles") == [("Afters", 2)]


@pytest.mark.slow
def test_faults_that_pass_cost_nothing(s3: S3, home: Path) -> None:
    for n in range(4):
        s3.put(f"in/{n}.txt", article(title=f"Story {n}"))
    times: dict[str, int] = {}

    def at_first(method: str, path: str) -> int | float | None:
        times[path] = times.get(path, 0) + 1
        if times[path] > 1:
            return None
        return {"0": 500, "1": 503, "2": 1.5}.get(path[-5], 500 if "list-type" in path else None)

    s3.fault = at_first
    report = run(IN, home)
    assert (report.counts.loaded_count, report.counts.postponed_count) == (4, 0)


@pytest.mark.slow
def test_object_that_cannot_be_had_now_waits_for_the_next_run(s3: S3, home: Path) -> None:
    for n in range(3):
        s3.put(f"in/{n}.txt", article(title=f"Story {n}"))
    s3.fault = lambda method, path: 500 if path.endswith("1.txt") else None
    counts = run(IN, home).counts
    assert (counts.loaded_count, counts.postponed_count, counts.quarantined_count) == (2, 1, 0)
    s3.fault = lambda method, path: None
    assert run(IN, home).counts.loaded_count == 1


def test_object_that_may_not_be_read_is_held_back_until_it_may(s3: S3, home: Path) -> None:
    s3.put("in/a.txt", article())
    s3.fault = lambda method, path: 403 if path.endswith("a.txt") else None
    [held] = run(IN, home).rejected
    assert [f.rule for f in held.failures] == ["unreadable"]
    s3.fault = lambda method, path: None
    assert run(IN, home).counts.loaded_count == 1


@pytest.mark.slow
def test_listing_that_changes_while_it_is_read_loses_nothing(s3: S3, home: Path) -> None:
    for n in range(3):
        s3.put(f"in/{n}.txt", article(title=f"Story {n}"))

    def meanwhile(method: str, path: str) -> None:
        if path.endswith("0.txt"):  # listed, about to be read
            s3.delete("in/1.txt")
            s3.put("in/2.txt", article(title="Another story, longer"))
            s3.put("in/3.txt", article(title="A new one"))

    s3.fault = meanwhile
    first = run(IN, home, batch_size=1)
    s3.fault = lambda method, path: None
    second = run(IN, home)
    assert (first.counts.loaded_count, first.counts.postponed_count) == (1, 2)
    assert first.counts.loaded_count + second.counts.loaded_count == 3
    assert rows(home, "select title from articles order by 1") == [
        ("A new one",),
        ("Another story, longer",),
        ("Story 0",),
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("url", "status", "told"),
    [
        ("s3://nowhere/in", None, r"s3://nowhere/in does not exist .*Create it"),
        (IN.url, 500, r"cannot be listed .*Nothing was changed"),
        (IN.url, 403, r"cannot be listed: access denied .*AWS_ACCESS_KEY_ID"),
    ],
)
def test_place_that_cannot_be_listed_is_told_and_changes_nothing(
    s3: S3, home: Path, url: str, status: int | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3.put("in/a.txt", article())
    run(IN, home)
    before = contents(home)
    s3.fault = lambda method, path: status
    with pytest.raises(LandingError, match=told):
        run(LandingUrl(url), home)
    s3.fault = lambda method, path: None
    assert run(IN, home).counts.unchanged_count == 1
    assert contents(home) == before


def test_without_credentials_it_is_said_where_they_go(
    s3: S3, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(
        LandingError, match=r"cannot be listed: access denied .*Credentials are taken from AWS_ACCESS_KEY_ID"
    ):
        run(IN, home)


@pytest.mark.parametrize(("url", "extra"), [("gs://news/in", "gs"), ("az://news/in", "az")])
def test_kind_whose_package_is_missing_is_named_with_its_extra(home: Path, url: str, extra: str) -> None:
    with pytest.raises(LandingError, match=rf"pip install 'ontherecord\[{extra}\]'"):
        run(LandingUrl(url), home)


@pytest.mark.slow
def test_other_flows_take_a_url_too(s3: S3, home: Path, tmp_path: Path) -> None:
    for day in (17, 18):
        at = f"{'Thursday' if day == 17 else 'Friday'}, December {day}, 2015 - 01:00"
        s3.put(f"in/{day}.txt", article(title=f"Of the {day}th", date=at))
    settings = load_settings(home=home, workers=1, landing=IN.url)
    report = backfill(IN, settings, QuietRunner(), from_day=date(2015, 12, 18))
    assert report.counts.loaded_count == 1
    assert run(IN, home).counts.loaded_count == 1
    found = {f.check: f.state for f in examine(home, deep=True)}
    assert (found["landing"], found["contents"]) == ("ok", "ok")
    before = contents(home)
    (home / "writer.duckdb").unlink()
    (home / "warehouse.duckdb").unlink()
    rebuild(settings, QuietRunner(), IN, from_scratch=True)
    assert contents(home) == before


def test_sftp_server_is_loaded_and_its_closed_folders_are_told(
    landing: Path, home: Path, tmp_path: Path
) -> None:
    (landing / "in" / "2015").mkdir(parents=True)
    (landing / "in" / "closed").mkdir()
    (landing / "in" / "a.txt").write_text(article())
    (landing / "in" / "2015" / "b.txt").write_text(article(title="Second"))
    (landing / "in" / "2015" / ".b.txt.part").write_text("half")
    with sftp_server(landing, tmp_path / "user") as port:
        url = LandingUrl(f"sftp://reader@127.0.0.1:{port}/in")
        report = run(url, home)
        assert (report.counts.loaded_count, report.unlistable_folders) == (2, ("closed",))
        assert run(url, home).counts.unchanged_count == 2
        (landing / "in" / "a.txt").write_text(article(title="Longer than before"))
        assert run(url, home).counts.loaded_count == 1
        with pytest.raises(LandingError, match=r"/out does not exist"):
            run(LandingUrl(f"sftp://reader@127.0.0.1:{port}/out"), home)
        (tmp_path / "user" / ".ssh" / "known_hosts").write_text("")
        with pytest.raises(LandingError, match=r"cannot be listed: access denied .*known_hosts"):
            run(url, home)
    assert rows(home, "select source_path from articles order by 1") == [("2015/b.txt",), ("a.txt",)]
    assert DataDir(home).published.exists()
