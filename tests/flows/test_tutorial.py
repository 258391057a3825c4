"""docs/tutorial.md as a reader follows it: each file is saved, each command run, each answer compared."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "tutorial.md").read_text("utf-8")
MARK = "@@ step"
# What runs until Ctrl-C is stopped once it says that a run has ended.
UNTIL_STOPPED = """set -m
{command} > said 2>&1 &
set +m
for _ in $(seq 1800); do grep -qE "Completed|Failed|Crashed" said && break; sleep 1; done
kill -INT $!; wait $!; cat said"""


def _steps() -> Iterator[tuple[str, str]]:
    """Yield what to do, as bash, and what the page says it prints."""
    blocks = re.findall(
        r"([^\n]*)\n\n```(csv|console|python|text)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE
    )
    for before, language, block in blocks:
        if language == "csv":
            (file,) = re.findall(r"as `([\w./]+)`:$", before)
            yield f"cat > {file} <<'END'\n{block}END", ""
        elif language == "python":
            answer = PAGE.partition(block)[2].partition("```text\n")[2].partition("```")[0]
            yield f"python - <<'END'\n{block}END", answer
        elif language == "console":
            for command, said in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
                yield UNTIL_STOPPED.format(command=command) if "^C" in said else command, said


def _pattern(said: str, home: Path) -> str:
    """Return what the page says as a pattern: `…` is any words, or any lines; times and ports differ."""
    pattern = ""
    for line in said.replace("^C", "").replace("/home/ida", str(home)).strip("\n").splitlines():
        words = re.escape(line.rstrip()).replace("…", ".*")
        words = re.sub(r"\d+\\\.\d\\ s\\\)", r"\\d+\\.\\d\\ s\\)", words)
        words = re.sub(r"\d\d:\d\d:\d\d|\d+\\-\d\d\\-\d\d\\ \d\d:\d\d", ".*", words).replace(":4200", r":\d+")
        pattern += r"(?:.*\n)*?" if line == "…" else words + r"\n"
    return pattern


@pytest.mark.slow
def test_tutorial_prints_what_it_says(tmp_path: Path) -> None:
    steps = list(_steps())
    assert len(steps) > 15
    (tmp_path / "ontherecord").mkdir()
    (tmp_path / "ontherecord" / ".venv").symlink_to(sys.prefix)
    script = "\n".join(f"echo '{MARK}'\n{command}" for command, _ in steps)
    clean = {name: v for name, v in os.environ.items() if not name.startswith(("ONTHERECORD_", "PREFECT_"))}
    done = subprocess.run(
        ["bash", "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**clean, "HOME": str(tmp_path), "COLUMNS": "200"},
        timeout=3600,  # whatever else the machine does
        check=False,
    )
    printed = done.stdout.split(f"{MARK}\n")[1:]
    assert len(printed) == len(steps)
    for (command, said), found in zip(steps, printed, strict=True):
        lines = "".join(f"{line.rstrip()}\n" for line in found.strip("\n").splitlines())
        assert re.fullmatch(_pattern(said, tmp_path), lines), f"{command}\n{found}"
