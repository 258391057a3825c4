"""Commands that describe the warehouse: dictionary."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ontherecord.flows.cli.options import HomeOption


def dictionary(
    home: HomeOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write it to this file.")] = None,
) -> None:
    """Say what tables, columns and macros mean, in Markdown.

    Example: ontherecord schema --out a.md
    """
    from ontherecord.flows.settings import load_settings
    from ontherecord.warehouse.schema_docs import schema_docs as describe

    text = describe(load_settings(home=home).paths)
    if out is None:
        print(text, end="")
    else:
        out.write_text(text, encoding="utf-8")
        print(f"Wrote {out}.")
