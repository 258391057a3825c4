"""Poison: articles that make the extractor fail, hang or die cost no other article, and the run goes on."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from commands import ONTHERECORD
from poisonous import NAME, PoisonousModel
from runs import ARTICLES, QuietRunner, article, contents, rows, run

from ontherecord.flows.orchestration.child_processes import children
from ontherecord.flows.reprocess import reprocess
from ontherecord.flows.retry_quarantine import retry_quarantine
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.errors import PipelineError

pytestmark = [pytest.mark.own_workers, pytest.mark.slow]
LIMITS = {"model": NAME, "article_timeout_seconds": 4, "worker_memory_mb": 400}
# Where in the folder, what, and why it is quarantined: two in one chunk, the first, the last.
POISONS = {
    0: ("poisonkill", "worker killed by signal 9 (perhaps out of memory)"),
    6: ("poisonfail", "ValueError: no such verb form"),
    7: ("poisonfill", "MemoryError: more than 400 MB needed"),
    21: ("poisonsleep", "TimeoutError: not done in 4 s"),
    25: ("poisonabort", "worker killed by signal 6 (it aborted in native code)"),
    43: ("poisonloop", "TimeoutError: not done in 4 s"),
}
REASONS = {f"{place:03}.txt": reason for place, (_, reason) in POISONS.items()}
STANDING = (
    "select source_path, value from ops.quarantine where rule = 'extract_failed' and released_at is null"
)
LOADED = (
    *(f"main.{table}" for table in ("articles", "entities", "mentions", "quotes", "article_versions")),
    "ops.near_pairs",
    "mart.speakers",
)


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PoisonousModel:
    found = PoisonousModel(tmp_path / "models")
    monkeypatch.syspath_prepend(found.folder)
    monkeypatch.setenv("PYTHONPATH", f"{found.folder}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    return found


def fill(landing: Path) -> None:
    """Write 44 articles, six of them poison, eight of them long."""
    samples = sorted(ARTICLES.rglob("sport/*.txt"))
    for place in range(44):
        file = landing / f"{place:03}.txt"
        if place in POISONS:
            file.write_text(poison(POISONS[place][0], place))
        elif place % 5 == 4:
            shutil.copy(samples.pop(), file)
        else:
            file.write_text(good(place))


def good(number: int) -> str:
    body = f'"Berth {number} is open," harbour master Ida Brandt said.\nPilot Olaf Steen was not so sure.'
    return article(title=f"Harbour opens berth {number}", body=body)


def poison(word: str, number: int = 0) -> str:
    return article(title=f"Harbour {number} shuts", body=f"Pilot Olaf Steen said {word} was in the water.")


def wait_until(holds: Callable[[], Any], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_only_the_poison_is_held_back_until_the_extractor_is_mended(
    model: PoisonousModel, landing: Path, home: Path, tmp_path: Path
) -> None:
    fill(landing)
    report = run(landing, home, workers=2, **LIMITS)
    assert dict(rows(home, STANDING)) == REASONS
    assert (report.counts.loaded_count, report.counts.quarantined_count) == (38, 6)
    assert rows(home, "select count(*) from articles") == [(38,)]
    assert rows(home, "select status, count(*) from ops.deliveries group by all order by all") == [
        ("loaded", 38),
        ("quarantined", 6),
    ]

    os.utime(landing / "000.txt")
    idle = run(landing, home, workers=2, **LIMITS)
    assert (idle.counts.unchanged_count, idle.counts.loaded_count, idle.counts.quarantined_count) == (
        44,
        0,
        0,
    )

    model.fix()
    clean, clean_home = tmp_path / "clean", tmp_path / "clean_home"
    shutil.copytree(landing, clean)
    for path in REASONS:
        (clean / path).unlink()
    run(clean, clean_home, workers=2, **LIMITS)
    ours, undisturbed = contents(home), contents(clean_home)
    assert {t: ours[t] for t in LOADED} == {t: undisturbed[t] for t in LOADED}

    again = retry_quarantine(load_settings(home=home, **LIMITS), QuietRunner(), rule="extract_failed")
    assert (again.counts.loaded_count, again.counts.quarantined_count) == (6, 0)
    assert rows(home, STANDING) == []
    assert rows(home, "select count(*), count(*) filter (title like '%shuts') from articles") == [(44, 6)]


def test_a_batch_of_nothing_but_poison_ends_and_the_next_one_is_loaded(
    model: PoisonousModel, landing: Path, home: Path
) -> None:
    words = ["poisoncrash", "poisonexit", "poisonfail", "poisonfail"]
    for number, word in enumerate(words):
        (landing / f"{number}.txt").write_text(poison(word, number))
    for number in range(4, 8):
        (landing / f"{number}.txt").write_text(good(number))
    counts = run(landing, home, batch_size=4, **LIMITS).counts
    assert (counts.loaded_count, counts.quarantined_count) == (4, 4)
    assert [reason for _, reason in sorted(rows(home, STANDING))] == [
        "worker killed by signal 11 (it crashed)",
        "worker ended with exit code 0",
        "ValueError: no such verb form",
        "ValueError: no such verb form",
    ]


def test_what_fails_once_is_tried_again(model: PoisonousModel, landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(poison("poisononce"))
    assert run(landing, home, **LIMITS).counts.loaded_count == 1
    assert (model.folder / NAME / "killed").exists()


def test_a_worse_delivery_that_is_poison_leaves_the_article(
    model: PoisonousModel, landing: Path, home: Path
) -> None:
    for name in ("a.txt", "b.txt"):
        (landing / name).write_text(good(1) if name == "a.txt" else good(2))
    run(landing, home, **LIMITS)
    before = rows(home, "from articles order by all")
    (landing / "a.txt").write_text(poison("poisonkill"))
    assert run(landing, home, **LIMITS).counts.quarantined_count == 1
    assert rows(home, "from articles order by all") == before
    (landing / "a.txt").write_text(good(3))
    assert run(landing, home, **LIMITS).counts.loaded_count == 1
    assert rows(home, STANDING) == []


def test_a_comparison_counts_poison_and_goes_on(model: PoisonousModel, landing: Path, home: Path) -> None:
    for number, word in enumerate(["fine", "poisonkill", "fine", "poisonfail"]):
        (landing / f"{number}.txt").write_text(poison(word, number))
    model.fix()
    run(landing, home, **LIMITS)
    (model.folder / NAME / "fixed").unlink()
    model.be_version("1.0.1")
    for switch in (False, True):
        runner = QuietRunner()
        found = reprocess(load_settings(home=home, workers=1, **LIMITS), runner, apply=switch)
        killed = "worker killed by signal 9 (perhaps out of memory)"
        assert found.failed == {"1.txt": killed, "3.txt": "ValueError: no such verb form"}
        assert found.article_count == 2
        assert f"1.txt could not be extracted: {killed}" in runner.lines
    versions = "select extractor_version like '%1.0.1', count(*) from articles group by all order by all"
    assert rows(home, versions) == [(False, 2), (True, 2)]


@pytest.mark.parametrize(
    ("poison", "reason"),
    [("poisonfail", "ValueError: no such verb form"), ("poisonkill", "worker killed by signal 9")],
)
def test_a_model_that_cannot_be_loaded_ends_the_run_with_what_to_do(
    model: PoisonousModel, landing: Path, home: Path, poison: str, reason: str
) -> None:
    (landing / "a.txt").write_text(good(1))
    model.spoil_the_start(poison)
    with pytest.raises(PipelineError, match=rf"cannot start: {reason}.*Install the spaCy model '{NAME}'"):
        run(landing, home, **LIMITS)
    model.spoil_the_start("")
    model.fix()
    (model.folder / NAME / "start").unlink()
    assert run(landing, home, **LIMITS).counts.loaded_count == 1


@pytest.mark.parametrize("at_start", [False, True], ids=["in an article", "while the model loads"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_stop_ends_a_run_and_its_hanging_worker_at_once(
    model: PoisonousModel, landing: Path, home: Path, number: signal.Signals, at_start: bool
) -> None:
    (landing / "a.txt").write_text(poison("poisonloop"))
    if at_start:
        model.spoil_the_start("poisonloop")
    command = [ONTHERECORD, "ingest", landing, "--home", home, "--workers", "1"]
    environment = {**os.environ, "ONTHERECORD_MODEL": NAME}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_until(lambda: model.hanging)
        (worker,) = model.hanging
        assert worker in [child.pid for child in children(process.pid)]
        os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
        process.wait(10)
        wait_until(lambda: not is_running(worker), 5)
    finally:
        process.kill()
        process.wait()
    assert process.returncode != 0
