"""The home folder: the paths of a warehouse's files."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Lake:
    """A warehouse shared by several machines: its catalog, a `postgresql://` URL, and its data path.

    `data` is a folder or `s3://` URL that all machines can reach. None means the path recorded in the
    catalog, or a folder in the home for a new lake.
    """

    catalog: str = field(repr=False)  # it may contain a password
    data: str | None = None


@dataclass(frozen=True, slots=True)
class DataDir:
    """The home folder. Users open `published`; all other files belong to the pipeline.

    With a lake there is neither `writer` nor `published`.
    """

    folder: Path
    lake: Lake | None = None

    @property
    def published(self) -> Path:
        return self.folder / "warehouse.duckdb"

    @property
    def spare(self) -> Path:
        """The file that was published before, if it is large: what the next publish makes its copy of."""
        return self.folder / ".spare.duckdb"

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
    def quarantined_rows(self) -> Path:
        return self.quarantine / "rows.sqlite"

    @property
    def copies(self) -> Path:
        """Large landed files while they are read."""
        return self.folder / ".landing"

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
    def corrections(self) -> Path:
        return self.folder / "corrections.csv"

    @property
    def coding(self) -> Path:
        """Sheets for people who check what was found."""
        return self.folder / "coding"

    @property
    def tombstones(self) -> Path:
        return self.folder / "tombstones.json"

    @property
    def rewrite_mark(self) -> Path:
        """There as long as the writer's file may have bytes of rows that were taken down."""
        return self.folder / "writer.rewrite"

    @property
    def rebuild_mark(self) -> Path:
        """There while the writer's file is being rebuilt, or after that was killed; says how far it came."""
        return self.folder / "writer.rebuild"

    @property
    def copies_note(self) -> Path:
        """Where backups and exports of this home were written."""
        return self.folder / "copies.json"

    @property
    def settings(self) -> Path:
        return self.folder / "ontherecord.toml"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def log(self) -> Path:
        return self.logs / "ontherecord.log"

    @property
    def published_ns(self) -> int | None:
        """The modification time of the published file in nanoseconds since 1970, or None if there is none."""
        return _time_of(self.published)

    @property
    def report_is_current(self) -> bool:
        """Whether the report shows what is published now: a run may die between publish and report.

        The report gets the published file's modification time, so a clock that is set back does no harm. With
        a lake there is no such time, and any report counts as current.
        """
        if self.lake:
            return self.report.exists()
        return self.published_ns is not None and _time_of(self.report) == self.published_ns

    def moved_aside(self) -> list[Path]:
        """Return the damaged files that were moved aside, sorted."""
        return sorted(file for folder in (self.folder, self.quarantine) for file in folder.glob("*.broken-*"))

    def restrict_access(self) -> None:
        """Remove the access of other users to the pipeline's files; the group keeps what the umask gave it.

        Quarantined files were never published, Prefect's database may contain the addresses of alerts, the
        log has the paths of files, and anyone who opens the writer's file locks out the pipeline.
        """
        for path in (self.writer, self.extracts, self.quarantine, self.prefect, self.logs):
            with suppress(FileNotFoundError, PermissionError):  # another user's file is theirs to restrict
                mode = path.stat().st_mode & 0o777
                if mode & 0o007:
                    path.chmod(mode & 0o770)


def _time_of(file: Path) -> int | None:
    try:
        return file.stat().st_mtime_ns
    except FileNotFoundError:
        return None
