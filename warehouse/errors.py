"""All errors that the project raises.

    OnTheRecordError
    ├── BadDelivery          this file is invalid: it is quarantined and the run continues
    ├── FileChanged          this file vanished or changed while it was read: the next run retries it
    └── PipelineError        the run fails and its batch is rolled back
        ├── LandingError         the landing folder cannot be read
        ├── SettingsError        a setting is unknown or invalid
        ├── AliasError           the aliases file is invalid
        ├── CorrectionError      the corrections file is invalid
        ├── SheetError           a coding sheet cannot be drawn, or is not filled as it should be
        ├── WriterBusy           another process is writing to this warehouse
        ├── ServiceError         Prefect's server or worker cannot start, or is already running
        ├── WarehouseError       the warehouse is missing, damaged or of another version
        ├── CheckFailed          the tables violate a check: nothing is published
        ├── ExportError          an export cannot be written
        ├── BackupError          a backup cannot be written or restored
        └── ReportError          a page, of the report or of an article, cannot be written

A message says what happened, where, and the next step.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator

from ontherecord.warehouse.records import Failure

# What the system and libraries say of a full disk. DuckDB and SQLite have no codes for it, only messages.
FULL_DISK = frozenset((errno.ENOSPC, errno.EDQUOT))
FULL_DISK_MESSAGES = (
    "No space left on device",
    "Disk quota exceeded",
    "disk is full",
    "max_temp_directory_size",
)


class OnTheRecordError(Exception):
    """The base class of all errors that this project raises."""


class BadDelivery(OnTheRecordError):
    """A file is invalid; `failures` are the rules that it failed."""

    def __init__(self, *failures: Failure) -> None:
        super().__init__("; ".join(failure.message for failure in failures))
        self.failures = failures


class FileChanged(OnTheRecordError):
    """A file vanished or changed while it was read."""


class PipelineError(OnTheRecordError):
    """The run cannot continue."""


class LandingError(PipelineError):
    """The landing folder is missing or cannot be listed."""


class SettingsError(PipelineError):
    """A setting is unknown or has an invalid value."""


class AliasError(PipelineError):
    """The aliases file has an invalid or contradictory line."""


class CorrectionError(PipelineError):
    """The corrections file has an invalid or contradictory line."""


class SheetError(PipelineError):
    """A coding sheet cannot be drawn or written, or a cell of a filled one is invalid."""


class WriterBusy(PipelineError):
    """Another process has the writer's lock."""


class ServiceError(PipelineError):
    """Prefect's server or worker cannot start, stopped, or is already running for this home."""


class WarehouseError(PipelineError):
    """The warehouse file is missing, damaged or of another schema version."""


class CheckFailed(PipelineError):
    """A SQL check returned rows."""


class ExportError(PipelineError):
    """An export cannot be written, or another one is writing to its folder."""


class BackupError(PipelineError):
    """A backup cannot be written, is damaged, or would be restored to a home that is not empty."""


class ReportError(PipelineError):
    """A page, of the report or of an article, cannot be written."""


def error_chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and its causes and contexts, newest first."""
    while error is not None:
        yield error
        error = error.__cause__ or getattr(error, "orig", None) or error.__context__
