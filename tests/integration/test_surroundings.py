"""Odd surroundings: other clocks, zones, languages, rights, folders and neighbours give the same tables."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import ONTHERECORD, carry_out
from runs import ARTICLES, article, contents, rows, run

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
# Another clock for a process: real for Python, SQLite and DuckDB alike.
SHIFTED_CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static long shift(void) { const char *s = getenv("SHIFTED_BY"); return s ? atol(s) : 0; }

int clock_gettime(clockid_t id, struct timespec *t) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int done = real(id, t);
    if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE) t->tv_sec += shift();
    return done;
}

int gettimeofday(struct timeval *t, void *zone) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    t->tv_sec = now.tv_sec;
    t->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}
"""
# In Turkish I and i are letters of different words; a file name holds what no C locale can write.
TRICKY = {
    "istanbul.txt": article(
        title="ISTANBUL FILM WEEK IS IN ITS THIRD YEAR",
        body='"It is INDIVIDUAL," Iris Ilgin said.\nIlgin and IRIS ILGIN are one.\nISTANBUL IS IN TURKEY.',
        date="FRIDAY, MARCH 18, 2016 - 12:30",
    ),
    "żółć – ﬁn.txt": article(title="A file of another alphabet", date="18 mar 2016, 1:05 a.m."),
}
# What the test of the clock delivers before and after.
OTHERS = {
    "changes.txt": TRICKY["istanbul.txt"].replace("THIRD", "SECOND"),
    "fixed.txt": article(title="Fixed"),
}
QUARANTINED = {"bad.txt": article(date="vendredi 18 mars 2016"), "empty.txt": ""}


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a landing folder that everybody may read."""
    landing = tmp_path_factory.mktemp("delivered")
    for file in sorted((ARTICLES / "local").glob("*.txt")):
        shutil.copy(file, landing)
    for name, text in {**TRICKY, **QUARANTINED}.items():
        (landing / name).write_text(text, encoding="utf-8")
    for folder in (landing, *landing.parents[:2]):
        folder.chmod(0o755)
    return landing


@pytest.fixture(scope="module")
def usual(delivered: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the home of a run in usual surroundings."""
    home = tmp_path_factory.mktemp("usual")
    run(delivered, home)
    return home


@pytest.fixture(scope="module")
def extracts(usual: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the extracts of all that these tests deliver: a process would load the model for seconds."""
    folder = tmp_path_factory.mktemp("others")
    (folder / "landing").mkdir()
    for name, text in OTHERS.items():
        (folder / "landing" / name).write_text(text)
    run(folder / "landing", prepared(folder / "home", usual / "extracts.sqlite"))
    return folder / "home" / "extracts.sqlite"


def prepared(home: Path, extracts: Path) -> Path:
    """Return a home in which all that was extracted is kept: no run needs the model."""
    home.mkdir(parents=True, exist_ok=True)
    shutil.copy(extracts, home)
    return home


def ingest(
    landing: Path, home: Path, *command: str, environment: dict[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **(environment or {})}
    done = subprocess.run(
        [*command, ONTHERECORD, "ingest", landing, "--home", home, "--workers", "1", "--wait", "120"],
        env={name: value for name, value in env.items() if value},
        capture_output="stdout" not in options,
        encoding="utf-8",
        check=False,
        timeout=300,
        **options,
    )
    assert "Traceback" not in (done.stderr or "")
    return done


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "HOME": ""},
        {"TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    ],
    ids=["east", "west"],
)
def test_zone_and_language_of_the_machine_change_nothing(
    delivered: Path, usual: Path, extracts: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    home = prepared(tmp_path / "home", extracts)
    done = ingest(delivered, home, environment=environment)
    assert done.returncode == 0, done.stderr
    assert contents(home) == contents(usual)
    [(seconds,)] = rows(
        home, "select abs(epoch(started_at) - epoch(now()::timestamptz at time zone 'UTC')) from ops.runs"
    )
    assert seconds < 600  # UTC, wherever the machine stands


def test_code_and_landing_that_cannot_be_written_and_a_user_without_a_home(
    delivered: Path, usual: Path, extracts: Path, tmp_path: Path
) -> None:
    code, landing, home = tmp_path / "code", tmp_path / "landing", prepared(tmp_path / "home", extracts)
    shutil.copytree(ROOT / "ontherecord", code / "ontherecord", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(delivered, landing)
    subprocess.run(["chmod", "-R", "a-w", code, landing], check=True)
    # root is stopped by a mode only without the right to pass it.
    rights = "-dac_override,-dac_read_search"
    like_others = ("setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}")
    done = ingest(
        landing,
        home,
        *(like_others if os.geteuid() == 0 else ()),
        environment={"PYTHONPATH": str(code), "HOME": "", "USER": ""},
        umask=0o077,
        cwd=code,
        stdin=subprocess.DEVNULL,
    )
    subprocess.run(["chmod", "-R", "u+w", code, landing], check=True)
    assert done.returncode == 0, done.stderr
    assert contents(home) == contents(usual)
    # Whatever the umask, who may enter the home may read what is published.
    assert stat.S_IMODE((home / "warehouse.duckdb").stat().st_mode) == 0o444
    assert not list(code.rglob("*.pyc"))


@pytest.fixture
def memory() -> Iterator[Path]:
    """Give a folder on another file system than /tmp."""
    shm = Path("/dev/shm")
    if not shm.is_dir() or shm.stat().st_dev == Path(tempfile.gettempdir()).stat().st_dev:
        pytest.skip("there is no other file system at /dev/shm")
    with tempfile.TemporaryDirectory(dir=shm) as folder:
        yield Path(folder)


def test_home_and_temporary_files_on_other_file_systems_and_a_folder_that_is_gone(
    delivered: Path, usual: Path, extracts: Path, memory: Path, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    for home, temporary in ((memory / "home", tmp_path), (tmp_path / "home", memory)):
        prepared(home, extracts)
        done = ingest(
            delivered,
            home,
            # The folder that the command is run in is removed under it; stdin and stdout are closed.
            "sh",
            "-c",
            'cd "$0" && rmdir "$0" && shift 0; exec "$@" <&- >&-',
            str(gone),
            environment={"TMPDIR": str(temporary)},
        )
        assert done.returncode == 0, done.stderr
        assert contents(home) == contents(usual)
        gone.mkdir()


@pytest.mark.parametrize(
    "command",
    [
        "sql from~quotes",
        "sql --csv from~mentions",
        "export --table mentions",
        "quarantine list",
        "status",
        "dictionary",
    ],
)
def test_a_reader_that_stops_reading_gets_no_traceback(usual: Path, command: str) -> None:
    pipe = f"'{ONTHERECORD}' \"$@\" --home '{usual}' | head -c 1 >/dev/null"
    done = subprocess.run(
        ["sh", "-c", pipe, "sh", *(part.replace("~", " ") for part in command.split())],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


@pytest.mark.parametrize("name", ["with space", "it's", "100%25", "a=b#c", "żółć", "semi;colon", "-dash"])
def test_homes_of_any_name_can_be_written_and_read(
    landing: Path, usual: Path, tmp_path: Path, name: str
) -> None:
    (landing / "bad.txt").write_text("nothing")
    home = tmp_path / name
    run(landing, home)
    assert (home / "writer.duckdb").exists()
    done = subprocess.run(
        [ONTHERECORD, "sql", "--csv", "select count(*) from ops.quarantine"],
        env={**os.environ, "ONTHERECORD_HOME": name},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["count_star()", "1"], done.stderr


def test_four_at_once_come_to_what_one_run_comes_to(extracts: Path, tmp_path: Path) -> None:
    """Four landing folders over the same files: a path below its folder is one article."""
    files = sorted((ARTICLES / "local").glob("*.txt"))
    parts = [files[:5], files[3:], files[1:6], files[::2]]
    union = tmp_path / "union"
    for name, part in (("union", files), *((f"part{n}", part) for n, part in enumerate(parts))):
        (tmp_path / name).mkdir()
        for file in part:
            shutil.copy2(file, tmp_path / name)
        (tmp_path / name / "bad.txt").write_text("nothing")
        os.utime(tmp_path / name / "bad.txt", (1e9, 1e9))
    home = prepared(tmp_path / "home", extracts)
    running = [
        subprocess.Popen(
            [ONTHERECORD, "ingest", tmp_path / f"part{n}", "--home", home, "--wait", "300", "--workers", "1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(4)
    ]
    for process in running:
        said, wrong = process.communicate(timeout=300)
        assert (process.returncode, "Skipped" in said) == (0, False), wrong
    one = prepared(tmp_path / "one", extracts)
    run(union, one)
    assert contents(home) == contents(one)
    assert rows(home, "select sum(loaded_count) from ops.runs") == [(len(files),)]
    assert not list(home.glob(".warehouse*"))


def test_a_clock_that_goes_back_changes_nothing_but_times(extracts: Path, tmp_path: Path) -> None:
    cc = shutil.which("cc")
    if cc is None:
        pytest.skip("no C compiler is here to make another clock with")
    (tmp_path / "clock.c").write_text(SHIFTED_CLOCK)
    clock = tmp_path / "clock.so"
    subprocess.run([cc, "-shared", "-fPIC", "-o", clock, tmp_path / "clock.c", "-ldl"], check=True)
    landing, home = tmp_path / "landing", prepared(tmp_path / "home", extracts)
    landing.mkdir()
    day = 86400

    def on(days: int) -> subprocess.CompletedProcess[str]:
        return ingest(landing, home, environment={"LD_PRELOAD": str(clock), "SHIFTED_BY": str(days * day)})

    files = sorted((ARTICLES / "local").glob("*.txt"))
    for file in files[:4]:
        shutil.copy2(file, landing)
    (landing / "bad.txt").write_text("nothing")
    (landing / "changes.txt").write_text(OTHERS["changes.txt"])
    assert on(40).returncode == 0
    for file in files[4:]:
        shutil.copy2(file, landing)
    (landing / "changes.txt").write_text(TRICKY["istanbul.txt"])
    (landing / "bad.txt").write_text(OTHERS["fixed.txt"])
    assert on(0).returncode == 0
    assert "Nothing changed" in on(-40).stdout
    once = prepared(tmp_path / "once", extracts)
    shutil.copytree(landing, tmp_path / "now")
    run(tmp_path / "now", once)
    got, wanted = contents(home), contents(once)
    for table in ("main.entities", "main.mentions", "main.quotes", "ops.near_pairs", "mart.speakers"):
        assert got[table] == wanted[table], table
    versions = dict(rows(home, "select source_path, version from articles"))
    assert versions == {**dict(rows(once, "select source_path, version from articles")), "changes.txt": 2}
    # The newest run is the one that came last, whatever its clock said.
    runs = json.loads(carry_out("status", "--json", home=home).stdout)["runs"]
    assert len(runs) >= 2
    assert [r["loaded"] for r in runs][:2] == [len(files) - 4 + 2, 5], runs
