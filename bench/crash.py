"""Crashes: how many kills a run survives, by stage. Prints a Markdown table, for docs/reliability.md.

    .venv/bin/python bench/crash.py --kills 300

The same as tests/integration/test_killed.py does, with more kills.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

KILLS = Path(__file__).parents[1] / "tests" / "kills.py"


def main() -> int:
    """Kill as often as told; exit 1 if a home did not come to what an undisturbed run makes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, KILLS, Path(folder), "--kills", options.kills, "--seed", options.seed]
        return subprocess.run([str(word) for word in command], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
