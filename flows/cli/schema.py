"""The command that describes the warehouse: schema."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ontherecord.flows.cli.options import Options, with_options
from ontherecord.warehouse.schema_docs import schema_docs


@with_options("home")
def schema(
    options: Options,
    out: Annotated[Path | None, typer.Option("--out", help="Write it to this file.")] = None,
) -> None:
    """Print what tables, columns and macros mean.

    The answer is Markdown.

    Example: ontherecord schema --out schema.md
    """
    text = schema_docs(options.settings().paths)
    if out is None:
        print(text, end="")
    else:
        out.write_text(text, encoding="utf-8")
        print(f"Wrote {out}.")
