"""Commands killed at random moments, given again, and held against what undisturbed ones make.

Run as a program: the slow tier and bench/crash.py both do. It has imported what the commands need, and
carries each out in a fork. After each kill, the published file is opened as a reader opens it; at the end of
each home, the command is carried out to its end, and tables, files and processes are compared.

With `--stop`, SIGINT, SIGTERM or SIGHUP end them instead of SIGKILL: then they have to leave no draft at all.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commands import ONTHERECORD
from moments import in_child, warm_up

_KILLS_A_HOME = 6
_MARK = "CRASH_TEST"  # in the environment of all that a killed command started
_SECONDS_TO_END = 15
# Locks and their notes are the kernel's to keep, and Prefect's files Prefect's.
_NOT_HELD = ("home/prefect/", "home/copies.lock", "home/writer.l", "home/writer.w", "home/writer.h")

_DRAFT = re.compile(r"/\.[^/]+\.\d+[^/]*$")
# What the others are made of differs from run to run: times, and the order of rows on disk.
_SAME_BYTES = (".csv", ".gexf")


@dataclass(frozen=True, slots=True)
class Given:
    """A command, the home that it finds, and what it says if it had already done its work when it was killed.

    In its words, {landing} is a folder of articles, {out} one that is empty, {files} one with a backup and a
    filled sheet.
    """

    words: str
    before: str = "loaded"
    done: str = "it never says that"
    environment: Mapping[str, str] = field(default_factory=dict)
    process: bool = False  # a process of its own, as Prefect is imported once and for all
    share: int = 2  # how many homes it gets in a round


COMMANDS: Mapping[str, Given] = {
    "ingest": Given("ingest {landing}", share=4),
    "ingest --prefect": Given("ingest {landing} --prefect", process=True, share=1),
    "backfill": Given("backfill {landing}", "empty"),
    "quarantine retry": Given(
        "quarantine retry", environment={"ONTHERECORD_VALIDATION_SUITE": "{files}/suite.json"}
    ),
    "quarantine dismiss": Given("quarantine dismiss two* --why spoilt", done="No quarantined file matches"),
    "reprocess": Given("reprocess --apply --all"),
    "maintain": Given("maintain"),
    "publish": Given("publish"),
    "correct": Given("correct {files}/sheet.csv --apply", share=1),
    "forget": Given("forget n0/4.txt --why asked --yes"),
    "sample": Given("sample --quotes 5 --replace", share=1),
    "report": Given("report", share=1),
    "show": Given("show n0/0.txt --out {out}/page.html", share=1),
    "backup": Given("backup {out}/b.zip --replace"),
    "restore": Given("restore {files}/b.zip", "none", done="is not empty"),
    "rebuild": Given("rebuild {landing}", "lost", done="is healthy"),
    "rebuild, damaged log": Given("rebuild {landing}", "damaged", done="is healthy"),
    "rebuild, no copy": Given("rebuild {landing}", "alone", done="is healthy"),
    "rebuild --from-scratch": Given("rebuild {landing} --from-scratch"),
    "doctor --fix": Given("doctor --fix", share=1),
    "export": Given("export --out {out}/months"),
    "export, a table": Given("export --table quotes --out {out}/quotes.csv", share=1),
    "export, csv": Given("export --format csv --out {out}/tables", share=1),
    "export, to stdout": Given("export --table quotes", share=1),
    "export, xlsx": Given("export --format xlsx --out {out}/all.xlsx", share=1),
    "export, sqlite": Given("export --format sqlite --out {out}/all.sqlite", share=1),
    "export, gexf": Given("export --format gexf --at-least 1 --out {out}/graph.gexf", share=1),
}


@dataclass(slots=True)
class Made:
    """What a command made: exit code, what it said, rows of tables, and files, with digests of some."""

    code: int
    said: str
    tables: Any
    files: dict[str, str]
    seconds: float = 0.0


@dataclass(slots=True)
class Tally:
    """What the kills came to; `wrong` by home: the kills and what was wrong then."""

    kills: Counter[str] = field(default_factory=Counter)
    homes: int = 0
    opens: int = 0
    processes: int = 0
    leftovers: int = 0
    differences: int = 0
    wrong: dict[str, list[str]] = field(default_factory=dict)


class Workshop:
    """A folder with deliveries and the homes that commands find; homes are copied from these."""

    def __init__(self, folder: Path, signals: Sequence[signal.Signals] = (signal.SIGKILL,)) -> None:
        self.folder = folder
        self.signals = signals
        self.files = folder / "files"
        self.landing = folder / "landing"
        self._expected: dict[str, Made] = {}

    def prepare(self) -> None:
        """Make deliveries, homes, a backup and a filled sheet."""
        first = self.folder / "first"
        self.files.mkdir()
        in_child(lambda: _write_deliveries(first, self.landing))
        in_child(lambda: _write_suite(self.files / "suite.json"))
        both = self.folder / "both"
        loaded = self.folder / "before" / "loaded"
        both.mkdir()
        loaded.mkdir(parents=True)
        self._must(both, f"ingest {first}")
        self._must(both, f"ingest {self.landing}")
        self._must(both, "quarantine retry", ONTHERECORD_VALIDATION_SUITE=str(self.files / "suite.json"))
        shutil.copy(both / "extracts.sqlite", loaded)  # no model: the homes have all extracts
        self._must(loaded, f"ingest {first}")
        self._must(loaded, f"backup {self.files}/b.zip")
        self._must(loaded, f"sample --quotes 8 --out {self.files}/drawn")
        for copy in loaded.glob("copies.*"):
            copy.unlink()
        _fill_in(self.files / "drawn.csv", self.files / "sheet.csv")
        for name in ("empty", "lost", "damaged", "alone"):
            home = self.folder / "before" / name
            shutil.copytree(loaded, home, symlinks=True)
        (self.folder / "before" / "none").mkdir()
        for file in (self.folder / "before" / "empty").glob("*"):
            if file.name != "extracts.sqlite":
                shutil.rmtree(file) if file.is_dir() else file.unlink()
        (self.folder / "before" / "lost" / "writer.duckdb").unlink()
        in_child(lambda: _leave_damaged_log(self.folder / "before" / "damaged" / "writer.duckdb"))
        for name in ("writer.duckdb", "warehouse.duckdb"):
            (self.folder / "before" / "alone" / name).write_bytes(b"no database" * 1000)

    def _must(self, home: Path, words: str, **environment: str) -> None:
        run = Run(words.split(), home, environment)
        code = run.wait()
        if code:
            raise RuntimeError(f"{words}: {code}\n{run.said()}")

    def place(self, name: str, given: Given) -> Path:
        """Make a folder with the home that a command finds, and one for what it writes elsewhere."""
        place = self.folder / name
        place.mkdir()
        shutil.copytree(self.folder / "before" / given.before, place / "home", symlinks=True)
        for other in ("out", "tmp"):
            (place / other).mkdir()
        return place

    def start(self, given: Given, place: Path) -> Run:
        """Start a command on a home."""
        names = {"landing": self.landing, "out": place / "out", "files": self.files}
        environment = {name: value.format(**names) for name, value in given.environment.items()}
        words = [word.format(**names) for word in given.words.split()]
        return Run(words, place / "home", {**environment, "TMPDIR": str(place / "tmp")}, given.process)

    def expected(self, name: str) -> Made:
        """Return what a command makes that nothing disturbs."""
        if name not in self._expected:
            self._expected[name] = self._undisturbed(f"undisturbed {name}", COMMANDS[name])
        return self._expected[name]

    def _undisturbed(self, name: str, given: Given) -> Made:
        place = self.place(name, given)
        began = time.monotonic()
        run = self.start(given, place)
        code = run.wait()
        seconds = time.monotonic() - began
        made = made_in(place, code, run.said())
        made.seconds = seconds
        shutil.rmtree(place)
        if code:
            raise RuntimeError(f"{given.words}: {code}\n{made.said}")
        return made


class Run:
    """A command in a fork, or in a process of its own, with a session of its own and marked."""

    def __init__(
        self, words: list[str], home: Path, environment: Mapping[str, str], process: bool = False
    ) -> None:
        self._log = home.parent / f"{home.name}.log"
        environment = {"ONTHERECORD_HOME": str(home), "ONTHERECORD_WORKERS": "1", **environment}
        environment[_MARK] = self.mark = f"{os.getpid()}-{home.parent.name}".replace(" ", "-")
        if process:
            with open(self._log, "wb") as log:
                self.pid = subprocess.Popen(
                    [ONTHERECORD, *words], env={**os.environ, **environment}, start_new_session=True,
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                ).pid  # fmt: skip
            return
        self.pid = os.fork()
        if not self.pid:
            try:
                _carry_out(words, environment, self._log)
            finally:
                os._exit(99)

    def wait(self) -> int:
        """Wait for the end; return the exit code, negative for a signal's."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def kill(self, after: float, number: signal.Signals) -> bool:
        """Send it a signal after some seconds; say whether that ended it."""
        time.sleep(after)
        os.kill(self.pid, number)
        # A signal may come before Python minds it, or after the command has ended.
        return self.wait() in (-number, 128 + number)

    def said(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def still_running(self) -> list[str]:
        """Return what the command has left running, after some time to end."""
        until = time.monotonic() + _SECONDS_TO_END
        while found := list(_marked(self.mark)):
            if time.monotonic() > until:
                for pid, _ in found:
                    os.kill(pid, signal.SIGKILL)
                return [f"still running: {command}" for _, command in found]
            time.sleep(0.05)
        return []


def _carry_out(words: list[str], environment: Mapping[str, str], log: Path) -> None:
    """Carry out a command as the command line does, and exit as it does."""
    import tempfile

    from ontherecord.flows.cli.main import main
    from ontherecord.flows.workers.pool import ExtractionPool

    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    # No worker loads the model ahead of a text that needs it: none does, and it takes most of the time.
    ExtractionPool.start = lambda pool, text_count: None  # type: ignore[method-assign]
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for fd, target in ((os.open(os.devnull, os.O_RDONLY), 0), (written, 1), (written, 2)):
        os.dup2(fd, target)
    os.environ.update(environment)
    tempfile.tempdir = None
    sys.argv = ["ontherecord", *words]
    code: Any = 0
    try:
        main()
    except SystemExit as end:
        code = end.code
    except BaseException:
        import traceback

        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code or 0)


def _marked(mark: str) -> Iterator[tuple[int, str]]:
    """Yield the processes with a mark in the environment that they were started with, zombies left out."""
    wanted = f"{_MARK}={mark}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                yield int(folder.name), command.strip()


def made_in(place: Path, code: int, said: str) -> Made:
    """Return what a command made in a place."""
    home = place / "home"

    def tables() -> Any:
        from runs import contents

        return contents(home) if (home / "warehouse.duckdb").exists() else {}

    files = {}
    for root in ("home", "out", "tmp"):
        for file in (place / root).rglob("*"):
            name = file.relative_to(place).as_posix()
            if file.is_file() and not _is_kept_by_the_system(name):
                files[_without_time(name)] = _digest(file) if file.suffix in _SAME_BYTES else ""
            elif file.is_dir() and not any(file.iterdir()) and root == "tmp":
                files[name] = "an empty folder"
    try:
        found = in_child(tables)
    except RuntimeError as error:
        found = {"published file": [str(error)[-300:]]}
    return Made(code, said, found, files)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _is_kept_by_the_system(name: str) -> bool:
    """Say whether a file is a lock's, or Prefect's own: the kernel and Prefect's database keep those."""
    return name.startswith(
        ("home/writer.lock", "home/writer.waiting", "home/writer.holder", "home/prefect/", "home/copies.lock")
    )


def _without_time(name: str) -> str:
    """Return a file's name; of one that was moved aside, without when."""
    before, mark, _ = name.partition(".broken-")
    return before + mark


def difference(made: Made, expected: Made, given: Given) -> list[str]:
    """Return in what that which a killed command made differs from what an undisturbed one made."""
    wrong = []
    if made.code and given.done not in made.said:
        wrong.append(f"exit {made.code}: {made.said[-600:]}")
    for name in sorted(expected.tables.keys() | made.tables.keys()):
        found, wanted = made.tables.get(name, []), expected.tables.get(name, [])
        if found != wanted:
            only = [row for row in found if row not in wanted], [row for row in wanted if row not in found]
            wrong.append(f"table {name}: {only[0][:3]} instead of {only[1][:3]}")
    for name in sorted(expected.files.keys() | made.files.keys()):
        if name not in made.files:
            wrong.append(f"file {name} is missing")
        elif name not in expected.files:
            wrong.append(f"left: {name}")
        elif expected.files[name] != made.files[name]:
            wrong.append(f"file {name} has other bytes")
    return wrong


def not_stopped_cleanly(place: Path, said: str) -> list[str]:
    """Return what a command that was stopped left, and what it said besides that it was."""
    names = [path.relative_to(place).as_posix() for path in place.rglob("*")]
    left = [name for name in names if _DRAFT.search(name) or name.startswith("tmp/")]
    told = [line for line in said.splitlines() if "Traceback" in line or line.startswith("ontherecord: ")]
    is_told_once = len(told) <= 1 and "Traceback" not in said
    return [*(f"left at once: {name}" for name in left), *([] if is_told_once else [said[-800:]])]


def open_as_reader(home: Path) -> list[str]:
    """Open the published file, count and check; return what is wrong."""
    if not (home / "warehouse.duckdb").exists():
        return []

    def look() -> list[str]:
        import duckdb

        from ontherecord.warehouse.publish import run_checks

        with closing(duckdb.connect(str(home / "warehouse.duckdb"), read_only=True)) as connection:
            [(count,)] = connection.execute("select count(*) from articles").fetchall()
            broken = [check.name for check in run_checks(connection) if check.row_count]
        return [] if count and not broken else [f"published: {count} articles, broken checks {broken}"]

    try:
        return list(in_child(look))
    except RuntimeError as error:
        return [f"published: {str(error)[-300:]}"]


def kill_all(workshop: Workshop, names: Sequence[str], wanted: int, seed: int, until: float) -> Tally:
    """Kill so many times, or until a time of the monotonic clock; hold each home in the end."""
    dice, tally, deck = random.Random(seed), Tally(), [*names]  # each once, and then by their shares
    dice.shuffle(deck)
    while (done := sum(tally.kills.values())) < wanted and time.monotonic() < until:
        if not deck:
            deck = [name for name in names for _ in range(COMMANDS[name].share)]
            dice.shuffle(deck)
        one_home(workshop, deck.pop(), min(_KILLS_A_HOME, wanted - done), dice, tally)
        if tally.homes % 10 == 0:
            print(summary(tally), file=sys.stderr, flush=True)
    return tally


def one_home(workshop: Workshop, name: str, most: int, dice: random.Random, tally: Tally) -> None:
    """Kill a command on a new home, again and again, then let it end."""
    given, expected = COMMANDS[name], workshop.expected(name)
    place = workshop.place(f"home {tally.homes} {name}".replace(",", ""), given)
    done, wrong = [], []
    keep_on = True
    while keep_on and len(done) < most:
        after, number = dice.random() * expected.seconds, dice.choice(workshop.signals)
        run = workshop.start(given, place)
        keep_on = run.kill(after, number)
        if keep_on:
            done.append(f"{number.name} after {after:.3f} s")
            tally.kills[name] += 1
            if number != signal.SIGKILL:
                wrong += not_stopped_cleanly(place, run.said())
        running = run.still_running()
        tally.processes += len(running)
        found = open_as_reader(place / "home") if given.before not in ("none", "empty", "alone") else []
        tally.opens += (place / "home" / "warehouse.duckdb").exists()
        wrong += [*running, *found]
    run = workshop.start(given, place)
    code = run.wait()
    running = run.still_running()
    tally.processes += len(running)
    differing = difference(made_in(place, code, run.said()), expected, given)
    tally.leftovers += sum(line.startswith("left: ") for line in differing)
    tally.differences += sum(not line.startswith("left: ") for line in differing)
    tally.homes += 1
    wrong += [*running, *differing]
    if wrong:
        tally.wrong[place.name] = [*done, *wrong]
        print(
            place, *(line[:400] for line in tally.wrong[place.name]), sep="\n  ", file=sys.stderr, flush=True
        )
    else:
        shutil.rmtree(place)


def _write_deliveries(first: Path, second: Path) -> None:
    from deliveries import tiny_delivery, tiny_second_delivery

    tiny_delivery(first)
    tiny_second_delivery(second, first)


def _write_suite(file: Path) -> None:
    """Write expectations that mind two titles no more, so that a retry loads something."""
    from importlib.resources import files

    suite = json.loads(files("ontherecord.expectations").joinpath("headers.json").read_text("utf-8"))
    suite["expectations"] = [e for e in suite["expectations"] if e["meta"]["rule"] != "title_conflict"]
    file.write_text(json.dumps(suite), "utf-8")


def _leave_damaged_log(writer: Path) -> None:
    """Leave a write-ahead log beside a database that cannot be read."""
    import duckdb

    with closing(duckdb.connect(str(writer))) as connection:
        connection.execute("pragma disable_checkpoint_on_shutdown")
        connection.execute("create table more as select range from range(10_000)")
    log = writer.with_name(f"{writer.name}.wal")
    content = bytearray(log.read_bytes())
    for place in range(len(content) // 3, len(content), 97):
        content[place] ^= 0xFF
    log.write_bytes(content)


def _fill_in(drawn: Path, sheet: Path) -> None:
    """Fill in a sheet as a coder does: one speaker was wrong."""
    with open(drawn, encoding="utf-8-sig", newline="") as source:
        lines = list(csv.reader(source))
    columns = [name.partition(" (")[0] for name in lines[0]]
    for number, line in enumerate(lines[1:]):
        row = dict(zip(columns, line, strict=True))
        row.update(is_quote="yes", words_right="yes", speaker_right="no" if number == 2 else "yes")
        row["right_speaker"] = "nobody" if number == 2 else ""
        line[:] = row.values()
    with open(sheet, "w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows(lines)


def as_table(tally: Tally) -> Iterator[str]:
    """Yield the table of commands and kills, in Markdown, and a line that sums up."""
    yield "| command | kills |"
    yield "|---|---:|"
    for name in COMMANDS:
        if tally.kills[name]:
            yield f"| `{name}` | {tally.kills[name]} |"
    yield f"| **all** | **{sum(tally.kills.values()):,}** |"
    yield ""
    yield summary(tally)


def summary(tally: Tally) -> str:
    """Return what the kills came to, in a line."""
    return (
        f"{sum(tally.kills.values()):,} kills of commands, {tally.homes:,} homes, {tally.opens:,} opens of "
        f"the published file: {tally.processes} processes left, {tally.leftovers} files left, "
        f"{tally.differences} differences, {len(tally.wrong)} homes with something wrong."
    )


def main() -> None:
    """Kill as often as told, and print what it came to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="an empty folder to work in")
    parser.add_argument("--kills", type=int, default=140)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=math.inf, help="the most that it may take")
    parser.add_argument("--part", default="0/1", help="which part of the commands, such as 0/2 or 1/2")
    parser.add_argument("--stop", action="store_true", help="by SIGINT, SIGTERM and SIGHUP")
    parser.add_argument("--only", nargs="*", help="commands, by their names in the table")
    parser.add_argument("--json", action="store_true", dest="as_json")
    options = parser.parse_args()
    warm_up()
    warm_up_commands()
    options.folder.mkdir(exist_ok=True)
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) if options.stop else (signal.SIGKILL,)
    workshop = Workshop(options.folder.absolute(), signals)
    workshop.prepare()
    until = time.monotonic() + 60 * options.minutes
    part, parts = map(int, options.part.split("/"))
    names = (options.only or list(COMMANDS))[part::parts]
    tally = kill_all(workshop, names, options.kills, options.seed, until)
    if options.as_json:
        print(json.dumps({name: getattr(tally, name) for name in Tally.__slots__}))
    else:
        print("\n".join(as_table(tally)))
    sys.exit(bool(tally.wrong) and not options.as_json)


def warm_up_commands() -> None:
    """Import what commands import."""
    from importlib import import_module

    from ontherecord.flows.cli.main import Command, LazyGroup, app

    def load(group: LazyGroup) -> None:
        for command in group.lazy.values():
            if isinstance(command, Command):
                import_module(f"ontherecord.flows.cli.{command.module}")
            else:
                load(command)

    load(app)
    import openpyxl  # noqa: F401

    from ontherecord.flows.landing.languages import language

    language("The harbour opens again on Monday. " * 20)


if __name__ == "__main__":
    main()
