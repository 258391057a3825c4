"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

HomeOption = Annotated[
    Path | None, typer.Option("--home", help="The data folder (ONTHERECORD_HOME, else data/).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]
