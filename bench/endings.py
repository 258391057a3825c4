"""Run every command under every limit, and list the endings that are not told: tracebacks, signals, silence.

    python bench/endings.py --jobs 2                 # all: an hour and a half on two processors
    python bench/endings.py --commands status report --limits read-only "files 30"
    python bench/endings.py --every 7                # every seventh pair

Each pair of a command and a limit works on a copy of one small home. Limits are those of the shell
(`ulimit`), mounts in a namespace of its own (full disk, read-only, no folder for temporary files), closed and
full outputs, and files of another shape. Each command is run without a limit first, and must do its job then.

An ending is good in two ways. "done": exit 0, the command writes the same files to its folder as without a
limit, and prints something if it did then. "told": exit 1 and a line that begins with `ontherecord:` and is
no "This should not happen". This program exits with 1 if an ending is neither.
"""

from __future__ import annotations

import argparse
import csv
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ARTICLES = Path(__file__).parents[1] / "tests" / "articles"
_PROGRAM = f"{shlex.quote(sys.executable)} -m ontherecord"
_SECONDS = 900
_MOST_SAID = 2_000
_GOOD = frozenset(("done", "told"))
# Of a command that runs until Ctrl-C: how long it gets before it is interrupted.
_UNTIL_STOPPED = 60

# What is run, by the name of the command; {landing}, {home} and {out} are folders of the pair.
COMMANDS: Mapping[str, str] = {
    "ingest": "ingest {landing} --workers 1",
    "ingest --json": "ingest {landing} --workers 1 --json",
    "status": "status",
    "sql": "sql 'select count(*) from quotes'",
    "check": "check",
    "report": "report",
    "browse": "browse",
    "show": "show tram --out {out}/page.html",
    "export": "export --out {out}/parquet",
    "export csv": "export --format csv --out {out}/csv",
    "export table": "export --table quotes",
    "export xlsx": "export --format xlsx --out {out}/a.xlsx",
    "export sqlite": "export --format sqlite --out {out}/a.sqlite",
    "export gexf": "export --format gexf --out {out}/a.gexf",
    "sample": "sample --quotes 5 --out {out}/sheet",
    "evaluate": "evaluate {home}/sheet.csv",
    "correct": "correct {home}/sheet.csv --apply",
    "history": "history local/first-tram-leaves-on-time-to-general-surprise.txt",
    "cite": "cite",
    "schema": "schema",
    "landing describe": "landing describe {landing}/more.txt",
    "quarantine list": "quarantine list",
    "quarantine show": "quarantine show bad.txt",
    "quarantine dismiss": "quarantine dismiss bad.txt --why wrong",
    "quarantine retry": "quarantine retry",
    "alerts list": "alerts list",
    "forget --list": "forget --list",
    "forget": "forget local/first-tram-leaves-on-time-to-general-surprise.txt --why asked --yes",
    "backfill": "backfill {landing} --from 2015-01-01 --to 2015-12-31 --workers 1",
    "reprocess": "reprocess --workers 1 --all",
    "maintain": "maintain",
    "publish": "publish",
    "doctor": "doctor",
    "doctor --deep --fix": "doctor --deep --fix",
    "rebuild": "rebuild {landing} --workers 1 --from-scratch",
    "backup": "backup {out}/backup.zip",
    "restore": "restore {home}/backup.zip --home {out}/restored",
    "copy-warehouse": "copy-warehouse {home} {out}/copied",
}


# The text of an article to be loaded. The home has the extract of one; these commands load another one, so
# that they start the model. (All others would, too, for nothing: it takes most of their time.)
_MORE = (
    "## Title: One more\n## Date: Monday, December 21, 2015 - 01:00\n\n"
    '"It is {}," harbour master Ida Brandt said on Monday.\n'
)
_EXTRACT = frozenset(("ingest",))
# They work on files that are named, wherever these are.
_WITHOUT_HOME = frozenset(("evaluate",))


@dataclass(frozen=True, slots=True)
class Limit:
    """What is done before a command in a shell, and stands around it; `mounts` need a namespace."""

    shell: str = "true"
    before: str = ""
    after: str = ""
    mounts: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """How a command ended: the kind, what it said on stderr, which files it wrote, whether it printed."""

    kind: str
    said: str
    files: frozenset[str]
    prints: bool

    @property
    def is_good(self) -> bool:
        return self.kind in _GOOD


_NO_TEMPORARY = (
    "export TMPDIR=/nowhere; for d in /tmp /var/tmp; do mount -t tmpfs -o ro none $d; done; cd /proc"
)
# There is no such limit for root: a user of this pair alone, who may open what root may. (Without the bit,
# access(2) says that they may not.)
_AS_NOBODY_ELSE = (
    "setpriv --reuid $((100000 + $$)) --clear-groups --securebits +no_setuid_fixup "
    "--inh-caps +dac_override,+fowner --ambient-caps +dac_override,+fowner"
    if os.geteuid() == 0
    else ""
)
_OTHER_SHAPE = (
    '{python} -c "import sqlite3, sys, zlib; c = sqlite3.connect(sys.argv[1]); '
    "c.execute('update extracts set payload = ?', (zlib.compress(b'[[[1, 2]], [], [[3]], [], []]'),)); "
    'c.commit()" {home}/extracts.sqlite'
)
LIMITS: Mapping[str, Limit] = {
    "files 12": Limit("ulimit -n 12"),
    "files 30": Limit("ulimit -n 30"),
    "files 64": Limit("ulimit -n 64"),
    "memory 300 MB": Limit("ulimit -v 300000"),
    "memory 700 MB": Limit("ulimit -v 700000"),
    "memory 1500 MB": Limit("ulimit -v 1500000"),
    "file size 4 kB": Limit("ulimit -f 4"),
    "file size 1 MB": Limit("ulimit -f 1000"),
    "file size 1 MB, signal": Limit("trap - XFSZ; ulimit -f 1000"),
    "processes 1": Limit("ulimit -u 1", before=_AS_NOBODY_ELSE),
    "processes 44": Limit("ulimit -u 44", before=_AS_NOBODY_ELSE),
    "full disk": Limit(
        "cp -a {home} {home}.copy; mount -t tmpfs -o size=64m none {home}; cp -a {home}.copy/. {home}; "
        "dd if=/dev/zero of={home}/ballast bs=64k 2>/dev/null; mount -t tmpfs -o size=4k none {out}; "
        "dd if=/dev/zero of={out}/ballast bs=1k 2>/dev/null",
        mounts=True,
    ),
    "read-only": Limit("mount --bind -o ro {home} {home}; mount -o remount,bind,ro {home}", mounts=True),
    "read-only, out too": Limit(
        "for d in {home} {out}; do mount --bind $d $d; mount -o remount,bind,ro $d; done", mounts=True
    ),
    "no folder for temporary files": Limit(_NO_TEMPORARY, mounts=True),
    "no HOME": Limit("unset HOME USER LOGNAME; cd {out}"),
    "HOME for reading only": Limit("export HOME=/proc"),
    "no /dev/null": Limit("mount -t tmpfs none /dev", mounts=True),
    "no /proc": Limit("mount -t tmpfs none /proc", mounts=True),
    "stdout closed": Limit(after=">&-"),
    "stdout full": Limit(after=">/dev/full"),
    "stderr closed": Limit(after="2>&-"),
    "stderr full": Limit(after="2>/dev/full"),
    "both closed": Limit(after=">&- 2>&-"),
    "stdin closed": Limit(after="<&-"),
    "folder is gone": Limit("mkdir {out}/gone; cd {out}/gone; rmdir {out}/gone"),
    "extracts of another shape": Limit(_OTHER_SHAPE),
    "extracts of another shape alone": Limit(
        f"{_OTHER_SHAPE}; rm {{home}}/writer.duckdb {{home}}/warehouse.duckdb"
    ),
    "extracts of another table": Limit(
        'rm {home}/extracts.sqlite; {python} -c "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); '
        "c.execute('create table extracts (a, b)'); c.commit()\" {home}/extracts.sqlite"
    ),
}


def main() -> None:
    """Go through the pairs, print those that are not told, and count."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument(
        "--commands", nargs="*", choices=COMMANDS, default=list(COMMANDS), metavar="COMMAND"
    )
    arguments.add_argument("--limits", nargs="*", choices=LIMITS, default=list(LIMITS), metavar="LIMIT")
    arguments.add_argument("--every", type=int, default=1)
    arguments.add_argument("--jobs", type=int, default=1, help="how many pairs run at once")
    arguments.add_argument("--verbose", action="store_true", help="print what every command said")
    given = arguments.parse_args()
    pairs = [(limit, command) for limit in given.limits for command in given.commands][:: given.every]
    counts: Counter[str] = Counter()
    with (
        tempfile.TemporaryDirectory(prefix="endings-", dir=Path.home()) as folder,
        ThreadPoolExecutor(given.jobs) as pool,
    ):
        usual = make_home(Path(folder))

        def tried(command: str, limit: str, number: int, plain: Ending | None) -> Ending:
            ending = run(usual, Path(folder) / str(number), command, LIMITS.get(limit, Limit()), plain)
            if given.verbose or not ending.is_good:
                print(f"{ending.kind:10} {command:20} | {limit:32} | {ending.said}", flush=True)
            return ending

        commands = sorted({command for _, command in pairs}, key=list(COMMANDS).index)
        endings = pool.map(lambda n: tried(commands[n], "no limit", -n - 1, None), range(len(commands)))
        plain = dict(zip(commands, endings, strict=True))
        for ending in pool.map(
            lambda n: tried(pairs[n][1], pairs[n][0], n, plain[pairs[n][1]]), range(len(pairs))
        ):
            counts[ending.kind] += 1
    undone = sum(ending.kind != "done" for ending in plain.values())
    print(
        f"{len(pairs):,} pairs: "
        + ", ".join(f"{count} {kind}" for kind, count in counts.most_common())
        + (f"; {undone} of the commands are not done without a limit" if undone else "")
    )
    sys.exit(undone > 0 or not counts.keys() <= _GOOD)


def make_home(folder: Path) -> Path:
    """Make the home that all pairs begin with: eight articles, a quarantined file, a backup, a sheet."""
    first, cached, home = folder / "first", folder / "cached", folder / "usual"
    shutil.copytree(ARTICLES / "local", first / "local")
    (first / "bad.txt").write_text("## Title: Bad\n## Date: 32 Foo 2019\n\nA text without a day.\n")
    (first / "more.txt").write_text(_MORE.format("one more"))
    _must("ingest", first, "--home", cached, "--workers", "1")
    (first / "more.txt").unlink()
    home.mkdir()
    shutil.copy(cached / "extracts.sqlite", home)
    _must("ingest", first, "--home", home, "--workers", "1")
    _must("backup", home / "backup.zip", "--home", home)
    _must("sample", "--quotes", "5", "--out", home / "sheet", "--home", home)
    fill_sheet(home / "sheet.csv")
    return home


def fill_sheet(file: Path) -> None:
    """Fill in a coding sheet: all quotes are right, but for the speaker of the first."""
    with open(file, encoding="utf-8-sig", newline="") as read:
        heading, *rows = csv.reader(read)
    at = {name.partition(" ")[0]: number for number, name in enumerate(heading)}
    for number, row in enumerate(rows):
        row[at["is_quote"]] = row[at["words_right"]] = "yes"
        row[at["speaker_right"]] = "yes" if number else "no"
    rows[0][at["right_speaker"]] = "Ida Brandt"
    with open(file, "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows((heading, *rows))


def _must(*words: str | Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ontherecord", *words],
        capture_output=True,
        text=True,
        env=_environment(),
        check=False,
    )
    if done.returncode:
        sys.exit(f"The home cannot be made: {done.stderr}")


def _environment() -> Mapping[str, str]:
    return {**os.environ, "PYTHONPATH": os.environ.get("PYTHONPATH") or str(Path(__file__).parents[1])}


def run(usual: Path, folder: Path, command: str, limit: Limit, plain: Ending | None) -> Ending:
    """Run a command under a limit in a folder, which is removed; `plain` is its ending without one."""
    home, landing, out = folder / "home", folder / "landing", folder / "out"
    folder.mkdir()
    shutil.copytree(usual, home, symlinks=True)
    shutil.copytree(ARTICLES / "local", landing / "local")
    (landing / "more.txt").write_text(_MORE.format("new here" if command in _EXTRACT else "one more"))
    out.mkdir()
    names = {"home": home, "landing": landing, "out": out, "python": sys.executable}
    words = COMMANDS[command].format(**names)
    own_home = "" if "--home" in words or command in _WITHOUT_HOME else f"--home {home}"
    stop = f"timeout -s INT {_UNTIL_STOPPED} " if command == "browse" else ""
    # Without exec the shell would say itself how the command ended.
    called = f"exec {stop}{limit.before} {_PROGRAM} {words} {own_home} {limit.after}"
    line = f"{limit.shell.format(**names)}; {called}"
    shell = ["unshare", "--mount", "bash", "-c", line] if limit.mounts else ["bash", "-c", line]
    try:
        done = subprocess.run(
            shell, capture_output=True, text=True, errors="replace", timeout=_SECONDS,
            cwd=folder, env=_environment(), stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Ending("HANGS", "", frozenset(), False)
    # What is mounted for the command alone is not seen here, and it cannot have written there.
    files = frozenset(
        str(file.relative_to(out)) for file in out.rglob("*") if file.is_file() and file.stat().st_size
    )
    shutil.rmtree(folder, ignore_errors=True)
    said = " / ".join(line for line in done.stderr.splitlines() if line.strip())[-_MOST_SAID:]
    return Ending(kind_of(done, files, limit, command, plain), said, files, bool(done.stdout))


def kind_of(
    done: subprocess.CompletedProcess[str],
    files: frozenset[str],
    limit: Limit,
    command: str,
    plain: Ending | None,
) -> str:
    """Return the kind of an ending: "done", "told", or what is wrong with it."""
    code, out, err = done.returncode, done.stdout, done.stderr
    if "Traceback (most recent call last)" in err + out or "Exception ignored" in err:
        return "TRACEBACK"
    # `timeout` exits with 124 where the command ended at its signal.
    if code == 0 or (command == "browse" and code == 124):
        if plain is None or (files == plain.files and (out or ">" in limit.after or not plain.prints)):
            return "done"
        return "INCOMPLETE"
    if code < 0 or code > 128:
        return f"SIGNAL {code if code < 0 else 128 - code}"
    if code != 1:
        return f"CODE {code}"
    if out and command.split()[0] in ("doctor", "check"):  # what they find is their result
        return "told"
    if "This should not happen" in err:
        return "UNEXPECTED"
    is_told = any(line.startswith("ontherecord: ") for line in err.splitlines())
    return "told" if is_told else "SILENT"


if __name__ == "__main__":
    main()
