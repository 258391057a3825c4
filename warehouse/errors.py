"""The errors, all of them.

    OnTheRecordError
    ├── BadDelivery          this file is wrong: it goes to quarantine and the run goes on
    ├── FileChanged            this file is not there yet, or no more: the next run looks again
    └── PipelineError        we are wrong: the run fails and nothing of its batch is committed
        ├── LandingError         the landing folder cannot be read
        ├── SettingsError        a setting makes no sense
        ├── AliasError           the file of aliases is not as it should be
        ├── WriterBusy           another process is writing this warehouse
        ├── ServiceError         Prefect's server or worker cannot run here, or not beside another
        ├── WarehouseError       the warehouse file cannot be used
        ├── CheckFailed          the tables break an invariant: nothing is published
        ├── ExportError          the folder or file of an export cannot be written
        ├── BackupError          a backup cannot be written, or is none that can be restored
        └── ReportError          the report cannot be written

Each message says what, where and the next step.
"""

from __future__ import annotations

from collections.abc import Iterator

from ontherecord.warehouse.records import Failure


class OnTheRecordError(Exception):
    """Anything this project raises on purpose."""


class BadDelivery(OnTheRecordError):
    """A file that cannot be an article as it stands, with the rules it failed."""

    def __init__(self, *failures: Failure) -> None:
        super().__init__("; ".join(failure.message for failure in failures))
        self.failures = failures


class FileChanged(OnTheRecordError):
    """A file that vanished or changed under the reader."""


class PipelineError(OnTheRecordError):
    """The run cannot go on."""


class LandingError(PipelineError):
    """The landing folder is missing or cannot be listed."""


class SettingsError(PipelineError):
    """A setting is unknown or has an impossible value."""


class AliasError(PipelineError):
    """The file of aliases has a line that means nothing, or two things."""


class WriterBusy(PipelineError):
    """Another process holds the writer's lock."""


class ServiceError(PipelineError):
    """Prefect's server or worker cannot start or stay, or this home has them already."""


class WarehouseError(PipelineError):
    """The warehouse file is missing, damaged or of another schema version."""


class CheckFailed(PipelineError):
    """A SQL check returned rows."""


class ExportError(PipelineError):
    """An export cannot be written, or another one is at work in its folder."""


class BackupError(PipelineError):
    """A backup cannot be written, or the file is no whole backup, or the home to restore to is not empty."""


class ReportError(PipelineError):
    """The report cannot be written where it should go."""


def error_chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, and what it was raised from or in the handling of, the newest first."""
    while error is not None:
        yield error
        error = error.__cause__ or getattr(error, "orig", None) or error.__context__
