"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_LANDING = "Folder, archive or URL with article files (else ONTHERECORD_LANDING)."
LandingArgument = Annotated[str | None, typer.Argument(metavar="landing", help=_LANDING)]
LandingOption = Annotated[str | None, typer.Option("--landing", metavar="landing", help=_LANDING)]
HomeOption = Annotated[
    Path | None, typer.Option("--home", help="The data folder (ONTHERECORD_HOME, else data/).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]
WorkersOption = Annotated[int | None, typer.Option("--workers", help="Processes that extract.")]
BatchSizeOption = Annotated[int | None, typer.Option("--batch-size", help="Files in one transaction.")]
ModelOption = Annotated[str | None, typer.Option("--model", help="spaCy model.")]
PrefectOption = Annotated[
    bool, typer.Option("--prefect", help="Run as a Prefect flow, on an embedded server if need be.")
]
WaitOption = Annotated[
    float, typer.Option("--wait", help="Seconds to wait for another run that is writing, before leaving.")
]
