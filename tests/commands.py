"""Commands as `ontherecord` carries them out, in the tests' own process.

A process of its own would import for seconds what this one has. What needs one (a signal, a terminal, a
pipe, a Prefect server, `sql`, which becomes the client) starts ONTHERECORD.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from unittest.mock import patch

from ontherecord.flows.cli.main import main

ONTHERECORD = Path(sys.executable).with_name("ontherecord")


def carry_out(
    *arguments: str | Path, home: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Carry out a command for a home; return how it exits and what it says."""
    done = carry_out_bytes(*arguments, home=home, **environment)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def carry_out_bytes(
    *arguments: str | Path, home: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Carry out a command, as `carry_out` does; return what it says as it is written."""
    given = ["ontherecord", *map(str, arguments)]
    said, complained = BytesIO(), BytesIO()
    out, err = (TextIOWrapper(to, encoding="utf-8", write_through=True) for to in (said, complained))
    code: object = 0
    with (
        patch.dict(os.environ, {**({"ONTHERECORD_HOME": str(home)} if home else {}), **environment}),
        patch.object(sys, "argv", given),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code
    return subprocess.CompletedProcess(
        given, code if isinstance(code, int) else 0, said.getvalue(), complained.getvalue()
    )
