"""Races: how often a run reads from outside its landing folder, or half a file, while that changes.

    .venv/bin/python bench/races.py --tries 1000

Prints a Markdown table, for docs/reliability.md. The same as tests/integration/test_races.py, more often.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

RACES = Path(__file__).parents[1] / "tests" / "races.py"


def main() -> int:
    """Try as often as told; exit 1 if anything was read that must not be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tries", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, RACES, folder, "--tries", str(options.tries)]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
