"""Measure what publishing costs beside a plain copy of the same file, in the same run.

    python bench/publish.py HOME

HOME/writer.duckdb is published as `ontherecord publish` does, but for the marts; then the same file is
copied with `shutil.copy` and brought to disk. Three times each, in turn; medians and their ratio are printed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.publish import publish

TIMES = 3


def main() -> None:
    """Publish and copy in turn."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    arguments.add_argument("home", type=Path)
    home = DataDir(arguments.parse_args().home)
    published, copied = [], []
    with open_writer(home, "measure"):
        pass  # what is still in the log of writes goes into the file
    for _ in range(TIMES):
        copied.append(seconds(lambda: plain_copy(home.writer)))
        with open_writer(home, "measure") as engine:
            published.append(seconds(lambda: publish(engine, home)))
    ratio = statistics.median(published) / statistics.median(copied)
    print("| file | publish, s | plain copy, s | ratio |")
    print("|---:|---:|---:|---:|")
    print(
        f"| {home.writer.stat().st_size / 1e6:,.0f} MB | {statistics.median(published):.2f} "
        f"| {statistics.median(copied):.2f} | {ratio:.1f} |"
    )


def seconds(work: Callable[[], None]) -> float:
    """Return the wall time of some work."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def plain_copy(file: Path) -> None:
    """Copy a file, bring the copy to disk and remove it."""
    copy = file.with_suffix(".copy")
    try:
        shutil.copy(file, copy)
        with copy.open("rb") as opened:
            os.fsync(opened.fileno())
    finally:
        copy.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
