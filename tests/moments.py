"""Moments: where in a run a forked child is, so that something can befall it there. For kills and full disks.

A moment is the start or the end of a stage, or a file opened, renamed or removed in one. A stage is a
function of the pipeline itself.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

_BATCH = 50
# What a child does with files, as Python's audit hooks name it.
_AUDITED = ("open", "os.rename", "os.remove", "os.chmod", "os.mkdir", "sqlite3.connect")


def stages() -> dict[str, tuple[Any, str]]:
    """Return what is watched, in the order of a run: a stage is a function of the pipeline itself."""
    from sqlalchemy import Engine

    import ontherecord.flows.landing.discover as discover
    import ontherecord.flows.landing.parse as parse
    import ontherecord.flows.pipeline.file_stream as file_stream
    import ontherecord.flows.pipeline.finish as finish
    import ontherecord.flows.report.page as page
    import ontherecord.warehouse.alerts as alerts
    import ontherecord.warehouse.load as load
    import ontherecord.warehouse.marts as marts
    import ontherecord.warehouse.migrate as migrate
    import ontherecord.warehouse.publish as publish
    import ontherecord.warehouse.quarantine_bytes as quarantine_bytes
    import ontherecord.warehouse.runs as runs
    import ontherecord.warehouse.search as search
    from ontherecord.expectations.validate import HeaderSuite
    from ontherecord.flows.workers.pool import ExtractionPool
    from ontherecord.warehouse.extract_cache import ExtractCache

    return {
        "open, migrate": (migrate, "migrate"),
        "record the start": (runs, "begin_run"),
        "discover": (discover, "discover"),
        "read": (file_stream, "read_file"),
        "parse": (parse, "parse"),
        "validate": (HeaderSuite, "validate"),
        "extract": (ExtractionPool, "submit"),
        "cache extracts": (ExtractCache, "put"),
        "keep quarantined bytes": (quarantine_bytes, "store_bytes"),
        "load": (load, "load"),
        "near duplicates": (finish, "find_near_duplicates"),
        "marts": (marts, "build_marts"),
        "search index": (search, "index_articles"),
        "record the end": (runs, "end_run"),
        "publish: copy": (publish, "_copy"),
        "publish: checks": (publish, "run_article_checks"),
        "publish: rename": (publish, "atomic_replace"),
        "report": (page, "make_report"),
        "alerts": (alerts, "raise_alerts"),
        "alerts: own file": (alerts, "save_alerts"),
        "checkpoint, close": (Engine, "dispose"),
    }


@dataclass(slots=True)
class Moments:
    """Where a child is, and the moment at which something befalls it."""

    stage: str | None = None
    at: int = 0
    act: Callable[[], None] = lambda: None  # what is done at that moment of that stage
    log: list[tuple[float, str]] | None = None
    stacks: dict[int, list[str]] = field(default_factory=dict)  # by thread
    seen: Counter[str] = field(default_factory=Counter)

    @property
    def stack(self) -> list[str]:
        """The stages that this thread is in, the innermost last."""
        return self.stacks.setdefault(threading.get_ident(), [])

    def reach(self) -> None:
        stage = self.stack[-1]
        if self.log is not None:
            self.log.append((time.monotonic(), stage))
        if stage == self.stage:
            self.seen[stage] += 1
            if self.seen[stage] == self.at:
                self.act()

    def watch(self) -> None:
        """Count a moment whenever a stage begins, ends, or touches a file."""
        for stage, (owner, name) in stages().items():
            original = getattr(owner, name)
            watched = self._watched(stage, original)
            setattr(owner, name, watched)
            for module in list(sys.modules.values()):  # and wherever it was imported to
                if module.__name__.startswith("ontherecord.") and vars(module).get(name) is original:
                    setattr(module, name, watched)
        sys.addaudithook(lambda event, _: self.reach() if event in _AUDITED and self.stack else None)

    def _watched(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def watched(*args: Any, **options: Any) -> Any:
            self.stack.append(stage)
            self.reach()
            try:
                return function(*args, **options)
            finally:
                self.reach()
                self.stack.pop()

        return watched


def in_child(work: Callable[[], Any], patience: float = 300) -> Any:
    """Do work in a fork and return what it returns. Raises RuntimeError if it does not come to its end."""
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        code = 1
        with suppress(BaseException):
            os.close(reader)
            with os.fdopen(writer, "wb") as pipe:
                pickle.dump(_caught(work), pipe)
            code = 0
        os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        if not select.select([pipe], [], [], patience)[0]:
            os.kill(pid, signal.SIGKILL)
        told = pipe.read()
    os.waitpid(pid, 0)
    done, result = pickle.loads(told) if told else (False, "nothing was told")
    if not done:
        raise RuntimeError(result)
    return result


def _caught(work: Callable[[], Any]) -> tuple[bool, Any]:
    try:
        return True, work()
    except BaseException:
        import traceback

        return False, traceback.format_exc()


def attempt(landing: Path, home: Path, moments: Moments) -> None:
    from runs import run

    moments.watch()
    run(landing, home, batch_size=_BATCH)


def warm_up() -> None:
    """Import what a run imports, and let Great Expectations import what it does at its first use."""
    from runs import ARTICLES

    import ontherecord.flows.pipeline.near_duplicates
    import ontherecord.flows.report.page
    import ontherecord.warehouse.search  # noqa: F401
    from ontherecord.expectations.validate import HeaderSuite
    from ontherecord.flows.landing.folder import list_landing
    from ontherecord.flows.landing.parse import parse
    from ontherecord.flows.landing.read import read

    HeaderSuite().validate([parse(read(next(iter(list_landing(ARTICLES)))))])
