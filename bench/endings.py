"""Run every command under every limit, and list the endings that are not told: tracebacks, signals, silence.

    python bench/endings.py                          # all: an hour and a half on two processors
    python bench/endings.py --commands status report --limits read-only "files 30"
    python bench/endings.py --every 7                # every seventh pair

Each pair of a command and a limit works on a copy of one small home. Limits are those of the shell
(`ulimit`), mounts in a namespace of its own (full disk, read-only, no folder for temporary files), closed and
full outputs, and files of another shape. An ending is told if the command exits with 0, or with 1 or 2 and a
line that begins with `ontherecord:` or, for a wrong call, `Error:`. This program exits with 1 if one is not.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ARTICLES = Path(__file__).parents[1] / "tests" / "articles"
_PROGRAM = f"{shlex.quote(sys.executable)} -m ontherecord"
_SECONDS = 400
# Of a command that runs until Ctrl-C: how long it gets before it is interrupted.
_UNTIL_STOPPED = 12

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
    "correct": "correct {home}/sheet.csv",
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
    "rebuild": "rebuild {landing} --workers 1",
    "backup": "backup {out}/backup.zip",
    "restore": "restore {home}/backup.zip --home {out}/restored",
    "copy-warehouse": "copy-warehouse {home} {out}/copied",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """What is done before a command: in a shell, `after` it on the same line; `mounts` need a namespace."""

    shell: str = "true"
    after: str = ""
    mounts: bool = False


_NO_TEMPORARY = (
    "export TMPDIR=/nowhere; for d in /tmp /var/tmp; do mount -t tmpfs -o ro none $d; done; cd /proc"
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
    "processes 1": Limit("ulimit -u 1"),
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
    "extracts of another shape": Limit(
        '{python} -c "import sqlite3, sys, zlib; c = sqlite3.connect(sys.argv[1]); '
        "c.execute('update extracts set payload = ?', (zlib.compress(b'[[[1, 2]], [], [[3]], [], []]'),)); "
        'c.commit()" {home}/extracts.sqlite; rm {home}/writer.duckdb {home}/warehouse.duckdb'
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
    arguments.add_argument("--verbose", action="store_true", help="print what every command said")
    given = arguments.parse_args()
    pairs = [(limit, command) for limit in given.limits for command in given.commands][:: given.every]
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="endings-", dir=Path.home()) as folder:
        usual = make_home(Path(folder))
        for number, (limit, command) in enumerate(pairs):
            ending, said = run(usual, Path(folder) / str(number), command, LIMITS[limit])
            counts[ending] += 1
            if ending not in ("done", "told") or given.verbose:
                print(f"{ending:10} {command:20} | {limit:25} | {said}", flush=True)
            shutil.rmtree(Path(folder) / str(number), ignore_errors=True)
    print(
        f"{len(pairs):,} pairs: " + ", ".join(f"{count} {ending}" for ending, count in counts.most_common())
    )
    sys.exit(any(ending not in ("done", "told") for ending in counts))


def make_home(folder: Path) -> Path:
    """Make the home that all pairs begin with: six articles, a quarantined file, a backup, a sheet."""
    first, home = folder / "first", folder / "usual"
    shutil.copytree(ARTICLES / "local", first / "local")
    (first / "bad.txt").write_text("## Title: Bad\n## Date: 32 Foo 2019\n\nA text without a day.\n")
    _must("ingest", first, "--home", home, "--workers", "1")
    _must("backup", home / "backup.zip", "--home", home)
    _must("sample", "--quotes", "5", "--out", home / "sheet", "--home", home)
    return home


def _must(*words: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "ontherecord", *words], check=True, capture_output=True)


def run(usual: Path, folder: Path, command: str, limit: Limit) -> tuple[str, str]:
    """Run a command under a limit; return the kind of its ending, and what it said last."""
    home, landing, out = folder / "home", folder / "landing", folder / "out"
    folder.mkdir()
    shutil.copytree(usual, home, symlinks=True)
    shutil.copytree(ARTICLES / "local", landing / "local")
    (landing / "more.txt").write_text(
        "## Title: One more\n## Date: Monday, December 21, 2015 - 01:00\n\n"
        '"It is one more," harbour master Ida Brandt said on Monday.\n'
    )
    out.mkdir()
    names = {"home": home, "landing": landing, "out": out, "python": sys.executable}
    words = COMMANDS[command].format(**names)
    own_home = "" if "--home" in words else f"--home {home}"
    stop = f"timeout -s INT {_UNTIL_STOPPED} " if command == "browse" else ""
    # Without exec the shell would say itself how the command ended.
    line = f"{limit.shell.format(**names)}; exec {stop}{_PROGRAM} {words} {own_home} {limit.after}"
    shell = ["unshare", "--mount", "bash", "-c", line] if limit.mounts else ["bash", "-c", line]
    python_path = {"PYTHONPATH": os.environ.get("PYTHONPATH") or str(Path(__file__).parents[1])}
    try:
        done = subprocess.run(
            shell, capture_output=True, text=True, errors="replace", timeout=_SECONDS,
            cwd=folder, env={**os.environ, **python_path}, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "HANGS", ""
    return kind_of(done.returncode, done.stdout, done.stderr, limit, command.split()[0])


def kind_of(code: int, out: str, err: str, limit: Limit, command: str) -> tuple[str, str]:
    """Return the kind of an ending, and the last line that was said."""
    lines = [line for line in err.splitlines() if line.strip()]
    last = lines[-1][:300] if lines else ""
    hidden = "2>" in limit.after
    if "Traceback (most recent call last)" in err + out or "Exception ignored" in err:
        return "TRACEBACK", last
    if code < 0 or code > 128:
        return f"SIGNAL {code if code < 0 else 128 - code}", last
    if code == 0 or (command == "browse" and code in (124, 130)):
        return "done", last
    if code not in (1, 2):
        return f"CODE {code}", last
    if out and command in ("doctor", "check"):  # what they find is their result
        return "told", last
    if hidden or any(line.startswith(("ontherecord: ", "Error: ")) for line in lines):
        return "told", last
    return "SILENT", last


if __name__ == "__main__":
    main()
