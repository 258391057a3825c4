"""Commands that write: ingest, publish."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.commands.options import HomeOption, JsonOption
from warehouse.errors import SettingsError, WarehouseError


def ingest(
    landing: Annotated[
        Path | None, typer.Argument(help="Folder with article files (else ONTHERECORD_LANDING).")
    ] = None,
    home: HomeOption = None,
    workers: Annotated[int | None, typer.Option(help="Processes that extract.")] = None,
    batch_size: Annotated[int | None, typer.Option(help="Files in one transaction.")] = None,
    model: Annotated[str | None, typer.Option(help="spaCy model.")] = None,
    prefect: Annotated[
        bool, typer.Option("--prefect", help="Run as a Prefect flow, on an embedded server if need be.")
    ] = False,
    data_docs: Annotated[
        bool, typer.Option("--data-docs", help="Build Great Expectations' Data Docs of this run.")
    ] = False,
    wait: Annotated[float, typer.Option(help="Seconds to wait for another run that is writing.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Load what has landed, once, now. Example: ontherecord ingest articles/."""
    from flows.settings import load_settings

    settings = load_settings(home=home, landing=landing, workers=workers, batch_size=batch_size, model=model)
    if settings.landing is None:
        raise SettingsError(
            "No landing folder is named: ontherecord ingest FOLDER, or set ONTHERECORD_LANDING."
        )
    if prefect or _prefect_server():
        facts = _ingest_as_flow(settings, data_docs, wait)
    else:
        from flows.directly import Directly
        from flows.ingest import ingest as run
        from flows.show import report_facts

        print("No Prefect server is configured: running directly.", file=sys.stderr)
        with Directly() as conduct:
            report = run(settings.landing, settings, conduct, data_docs=data_docs, wait_seconds=wait)
        facts = report_facts(report)
    from flows.show import print_json, summary

    if as_json:
        print_json(facts)
    else:
        print(summary(facts))


def publish(
    home: HomeOption = None,
    wait: Annotated[float, typer.Option(help="Seconds to wait for a run that is writing.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Rebuild the marts and publish, whether or not anything changed."""
    from flows.conduct import open_writer
    from flows.settings import load_settings
    from flows.show import print_json
    from warehouse.marts import build_marts
    from warehouse.publish import publish as put_in_place

    paths = load_settings(home=home).paths
    if not paths.writer.exists():
        raise WarehouseError(
            f"There is no warehouse in {paths.folder} yet. Run `ontherecord ingest LANDING` first, or name "
            "the right folder with --home."
        )
    with open_writer(paths, "publish", wait) as engine:
        build_marts(engine)
        put_in_place(engine, paths)
    facts = {"published": str(paths.published), "bytes": paths.published.stat().st_size}
    if as_json:
        print_json(facts)
    else:
        print(f"Published {facts['published']} ({facts['bytes']:,} bytes).")


def _prefect_server() -> bool:
    """Say whether a Prefect server is configured, without Prefect's import of two seconds."""
    if os.environ.get("PREFECT_API_URL"):
        return True
    import tomllib

    profiles = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser() / "profiles.toml"
    try:
        found = tomllib.loads(profiles.read_text(encoding="utf-8"))
        return bool(found["profiles"][found["active"]].get("PREFECT_API_URL"))
    except (OSError, ValueError, KeyError):
        return False


def _ingest_as_flow(settings: Any, data_docs: bool, wait: float) -> dict[str, Any]:
    # Prefect reads these when it is imported. What it keeps goes into the home folder with the rest.
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    if not _prefect_server():
        settings.paths.prefect.mkdir(parents=True, exist_ok=True)
        os.environ.setdefault("PREFECT_HOME", str(settings.paths.prefect.absolute()))
        os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_ENABLED", "true")
        # Its first start makes a database, which on a busy machine takes longer than the usual 20 s.
        os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")
        print("Starting Prefect's embedded server, which takes some seconds …", file=sys.stderr)
    from flows.prefect_flows import ingest as ingest_flow

    facts: dict[str, Any] = ingest_flow(
        landing=settings.landing,
        home=settings.home,
        batch_size=settings.batch_size,
        workers=settings.workers,
        model=settings.model,
        data_docs=data_docs,
        wait_seconds=wait,
    )
    return facts
