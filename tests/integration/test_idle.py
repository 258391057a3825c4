"""A run with nothing to do: what takes seconds to import is not imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from runs import ARTICLES

IDLE = """
import sys
from ontherecord.flows.cli.main import app
app(["ingest", sys.argv[1], "--home", sys.argv[2]], standalone_mode=False)
print({"great_expectations", "spacy", "scipy", "datasketch", "prefect", "altair"} & set(sys.modules))
"""


def test_run_with_nothing_to_do_loads_no_model_and_no_suite(samples: Path) -> None:
    command = [sys.executable, "-c", IDLE, ARTICLES, samples]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Nothing changed, nothing was published." in done.stdout
    assert done.stdout.splitlines()[-1] == "set()"
