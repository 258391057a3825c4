"""Archive: article files in a zip or tar file, which nobody has to unpack. Discover and read for archives."""

from __future__ import annotations

import hashlib
import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import IO, Self

from ontherecord.flows.landing.folder import SUFFIX, TEMPORARY_PREFIXES
from ontherecord.flows.landing.location import LandingUrl, Location
from ontherecord.flows.landing.read import KEPT_BYTES, too_large
from ontherecord.warehouse.errors import BadDelivery, FileChanged, LandingError
from ontherecord.warehouse.records import Failure, LandedFile, RawFile

_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError)
_SECOND = 1_000_000_000


class ArchiveReader:
    """Reads the files of an archive, a batch in one pass: a packed tar file is read from its start."""

    def __init__(self, place: Location) -> None:
        self._place = place
        self._found: dict[str, bytes | Failure] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._found.clear()

    def fetch(self, files: Sequence[LandedFile]) -> None:
        """Read these files, those aside that are too large for an article."""
        wanted = {str(f.file): f.bytes for f in files if f.bytes <= KEPT_BYTES}
        self._found = {}
        with _opened(self._place) as members:
            for name, _, _, read in members:
                if (size := wanted.get(name)) is not None:
                    self._found[name] = _read(read, size)

    def read(self, landed: LandedFile) -> RawFile:
        """Return a file's bytes.

        Raises FileChanged if the archive was replaced since it was listed, and BadDelivery (`unreadable`,
        `too_large`).
        """
        if landed.bytes > KEPT_BYTES:
            raise BadDelivery(too_large(landed.bytes))
        if str(landed.file) not in self._found:
            self.fetch([landed])
        content = self._found.pop(str(landed.file), None)
        if isinstance(content, Failure):
            raise BadDelivery(content)
        if content is None or len(content) != landed.bytes:
            raise FileChanged(f"{landed.source_path} is no more in the archive as it was")
        return RawFile(landed, content, hashlib.sha256(content).hexdigest())


# Name, size, time in nanoseconds and what opens it.
_Member = tuple[str, int, int, Callable[[], IO[bytes] | None]]


def list_archive(place: Location) -> Iterator[LandedFile]:
    """Yield every `.txt` file in an archive; of several of one name the last, as it unpacks.

    Raises LandingError if there is no such file, or it is no whole archive.
    """
    with _opened(place) as members:
        landed = {}
        for name, size, modified_ns, _ in members:
            path = name.replace("\\", "/").lstrip("/").removeprefix("./")
            parts = path.split("/")
            if path.lower().endswith(SUFFIX) and not any(_is_left(part) for part in parts):
                landed[path] = LandedFile(path, name, size, modified_ns)
    yield from landed.values()


def _is_left(part: str) -> bool:
    # No path is ever made of a name, so one that leads out of the archive does no harm.
    return part != ".." and (part.startswith(TEMPORARY_PREFIXES) or part == "__MACOSX")


def _read(read: Callable[[], IO[bytes] | None], size: int) -> bytes | Failure:
    try:
        file = read()
        return file.read(size + 1) if file else b""
    except (*_BROKEN, RuntimeError) as error:  # zipfile's RuntimeError: a password is wanted
        return Failure(
            "unreadable",
            None,
            " ".join(str(error).split())[:200],
            "The file cannot be unpacked. Deliver the archive again, whole and without a password.",
        )


@contextmanager
def _opened(place: Location) -> Iterator[Iterator[_Member]]:
    """Open an archive and give its members. Raises LandingError if that cannot be done."""
    try:
        with _bytes_of(place) as (file, fingerprint):
            if str(place).lower().endswith(".zip"):
                with zipfile.ZipFile(file) as archive:
                    yield _of_zip(archive)
            else:
                with tarfile.open(fileobj=file, mode="r:*") as archive:
                    yield _of_tar(archive, fingerprint)
    except FileNotFoundError as error:
        raise LandingError(
            f"The archive {place} does not exist. Deliver it, or name another place."
        ) from error
    except PermissionError as error:
        raise LandingError(f"The archive {place} may not be read. Give this user the right to.") from error
    except _BROKEN as error:
        raise LandingError(
            f"The archive {place} is not whole, or no archive ({error}). Nothing of it was loaded. It "
            "may still be on its way; if not, deliver it again."
        ) from error


def _of_zip(archive: zipfile.ZipFile) -> Iterator[_Member]:
    for info in archive.infolist():
        if not info.is_dir():
            # Times in a zip file are of two seconds, so the checksum stands in the place of the fraction.
            try:
                at = int(datetime(*info.date_time, tzinfo=UTC).timestamp())
            except ValueError:
                at = 0
            yield info.filename, info.file_size, at * _SECOND + info.CRC % _SECOND, _opener(archive, info)


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _of_tar(archive: tarfile.TarFile, fingerprint: int) -> Iterator[_Member]:
    for info in archive:
        if info.isreg():
            # A tar file has no checksums of its files: with a new archive, each is looked at again.
            yield info.name, info.size, int(info.mtime) * _SECOND + fingerprint, _taker(archive, info)


def _taker(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], IO[bytes] | None]:
    return lambda: archive.extractfile(info)


@contextmanager
def _bytes_of(place: Location) -> Iterator[tuple[IO[bytes], int]]:
    """Open an archive's own bytes, with a number that another version of it has not."""
    if isinstance(place, LandingUrl):
        from ontherecord.flows.landing.object_store import open_archive

        with open_archive(place) as (file, modified_ns):
            yield file, modified_ns % _SECOND
        return
    with open(place, "rb") as file:
        stat = os.fstat(file.fileno())
        yield file, zlib.crc32(f"{stat.st_size} {stat.st_mtime_ns}".encode()) % _SECOND
