"""DuckDB's client of this installation: what `ontherecord sql` starts and doctor looks at."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def duckdb_client() -> str | None:
    """Return the package's own program, None where it is not installed.

    The `duckdb` that the package puts beside Python is a script around it, which dies of Ctrl-C in a query.
    """
    package = find_spec("duckdb_cli")
    client = Path(package.origin).with_name("duckdb") if package and package.origin else None
    return str(client) if client and client.exists() else None
