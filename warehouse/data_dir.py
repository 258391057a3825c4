"""The home folder: where each file of a warehouse is."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Lake:
    """A warehouse that many write and read: its catalog, a `postgresql://` URL, and the place of its files.

    `data` is a folder or a `s3://` URL that all of them reach; None leaves it to the catalog, which knows,
    and for a new one to the home folder.
    """

    catalog: str = field(repr=False)  # it may hold a password
    data: str | None = None


@dataclass(frozen=True, slots=True)
class DataDir:
    """The data folder. `published` is what people open; everything else is the pipeline's own.

    With a lake, that is the warehouse: `writer` and `published` are not there then.
    """

    folder: Path
    lake: Lake | None = None

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
    def shared_cache(self) -> Path:
        return self.folder / "shared_extracts"

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

    @property
    def published_ns(self) -> int | None:
        """When the published file was made, in nanoseconds since 1970; None where there is none."""
        return _time_of(self.published)

    @property
    def report_is_current(self) -> bool:
        """Whether the report was made of what is published now: a run may die between the two.

        It has the time of the published file, which holds even when the clock is set back. Of a lake nobody
        else publishes where this report is, so one that is there is as new as this home knows.
        """
        if self.lake:
            return self.report.exists()
        return self.published_ns is not None and _time_of(self.report) == self.published_ns

    def keep_private(self) -> None:
        """Shut strangers out of what is the pipeline's own; the group keeps what the umask gives it.

        Quarantined files were never meant for all, Prefect's database may hold where alerts go, and whoever
        opens the writer's file keeps the pipeline out of it.
        """
        for own in (self.writer, self.extracts, self.quarantine, self.prefect):
            with suppress(FileNotFoundError, PermissionError):  # somebody else's is for them to shut
                mode = own.stat().st_mode & 0o777
                if mode & 0o007:
                    own.chmod(mode & 0o770)


def _time_of(file: Path) -> int | None:
    try:
        return file.stat().st_mtime_ns
    except FileNotFoundError:
        return None
