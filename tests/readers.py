"""A reader beside runs: a process that opens the published file all the while, and tells what it met."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from threading import Event
from typing import Any


class Reader:
    """A process that opens the published file again and again, and keeps one of each publish open."""

    def __init__(self, home: Path) -> None:
        self._reader, writer = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            os.close(self._reader)
            told = {"opens": 0, "publishes": 0, "problems": []}
            stop = Event()  # a handler that raises would interrupt a query of DuckDB, which then fails
            signal.signal(signal.SIGTERM, lambda *_: stop.set())
            try:
                _read_until(stop, home / "warehouse.duckdb", told)
            except BaseException as error:
                told["problems"].append(f"{type(error).__name__}: {error}")
            os.write(writer, json.dumps(told).encode())
            os._exit(0)
        os.close(writer)

    def end(self) -> dict[str, Any]:
        """End it; return how often it opened the file, and what was wrong."""
        os.kill(self._pid, signal.SIGTERM)
        with os.fdopen(self._reader, "rb") as pipe:
            told = pipe.read()
        os.waitpid(self._pid, 0)
        return dict(json.loads(told or b'{"opens": 0, "publishes": 0, "problems": ["the reader died"]}'))


def _read_until(stop: Event, file: Path, told: dict[str, Any]) -> None:
    import duckdb

    from ontherecord.warehouse.publish import run_checks

    inode, held = 0, []
    while not stop.is_set():
        if file.exists() or inode:  # once there, it never goes
            connection = duckdb.connect(str(file), read_only=True)
            [(articles,)] = connection.execute("select count(*) from articles").fetchall()
            told["opens"] += 1
            if file.stat().st_ino != inode:
                inode = file.stat().st_ino
                told["publishes"] += 1
                broken = [check.name for check in run_checks(connection) if check.row_count]
                if broken or not articles:
                    told["problems"].append(f"{articles} articles, broken: {broken}")
                held.append(connection)
            else:
                connection.close()
        time.sleep(0.2)
