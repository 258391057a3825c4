"""Options that several commands share, each written once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from ontherecord.flows.log_file import log_to
from ontherecord.flows.parameters import add_parameters
from ontherecord.flows.settings import Settings, load_settings

LANDING = "Folder, file, archive or URL with articles (default: ONTHERECORD_LANDING)."
LandingArgument = Annotated[str | None, typer.Argument(metavar="landing", help=LANDING)]
HomeOption = Annotated[
    Path | None, typer.Option("--home", help="Home folder (default: ONTHERECORD_HOME, or data/).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
WaitOption = Annotated[float, typer.Option("--wait", help="Seconds to wait for another run that is writing.")]
PathsOption = Annotated[
    str, typer.Option("--paths", help="Only files whose path matches; * matches anything.")
]


@dataclass(frozen=True, slots=True)
class Options:
    """The shared options of a command, as `with_options` hands them to it."""

    home: HomeOption = None
    workers: Annotated[int | None, typer.Option("--workers", help="Processes that extract.")] = None
    batch_size: Annotated[
        int | None, typer.Option("--batch-size", help="Files or articles in one transaction.")
    ] = None
    model: Annotated[str | None, typer.Option("--model", help="spaCy model.")] = None
    prefect: Annotated[
        bool, typer.Option("--prefect", help="Run as a Prefect flow; starts a server if none is configured.")
    ] = False
    wait: WaitOption = 0
    as_json: JsonOption = False

    def settings(self, **own: Any) -> Settings:
        """Return the settings, options first; `own` are the command's own options."""
        settings = load_settings(
            home=self.home, workers=self.workers, batch_size=self.batch_size, model=self.model, **own
        )
        log_to(settings.paths)
        return settings


EXTRACTING = ("home", "workers", "batch_size", "model", "prefect", "wait", "as_json")


def with_options(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the shared options of these names behind its own; it gets them as `options`."""
    return lambda function: add_parameters(function, Options, names)
