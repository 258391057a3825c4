"""The home folder: where each file of a warehouse is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """The data folder. `published` is what people open; everything else is the pipeline's own."""

    folder: Path

    @property
    def published(self) -> Path:
        return self.folder / "warehouse.duckdb"

    @property
    def writer(self) -> Path:
        return self.folder / "writer.duckdb"

    @property
    def lock(self) -> Path:
        return self.folder / "writer.lock"

    @property
    def alerts(self) -> Path:
        return self.folder / "alerts.parquet"

    @property
    def extracts(self) -> Path:
        return self.folder / "extracts.sqlite"

    @property
    def quarantine(self) -> Path:
        return self.folder / "quarantine"

    @property
    def export(self) -> Path:
        return self.folder / "export"

    @property
    def report(self) -> Path:
        return self.folder / "report.html"

    @property
    def data_docs(self) -> Path:
        return self.folder / "data_docs"

    @property
    def prefect(self) -> Path:
        return self.folder / "prefect"

    @property
    def aliases(self) -> Path:
        return self.folder / "aliases.csv"

    @property
    def settings(self) -> Path:
        return self.folder / "ontherecord.toml"
