"""List and read article files in a zip or tar archive, without unpacking it."""

from __future__ import annotations

import gzip
import hashlib
import lzma
import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO

from ontherecord.flows.landing.beneath import open_location
from ontherecord.flows.landing.damage import name_damage
from ontherecord.flows.landing.folder import TEMPORARY_PREFIXES
from ontherecord.flows.landing.forms.registry import SUFFIXES
from ontherecord.flows.landing.location import ArchiveLocation, LandingUrl
from ontherecord.flows.landing.passed_over import HIDDEN, PassedOver
from ontherecord.flows.landing.read import KEPT_BYTES, too_large
from ontherecord.flows.landing.settled import is_settled, state_of
from ontherecord.warehouse.errors import BadDelivery, FileChanged, LandingError
from ontherecord.warehouse.records import Failure, LandedFile, RawFile

_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    gzip.BadGzipFile,
    lzma.LZMAError,
    zlib.error,
    EOFError,
    NotImplementedError,
)
_BLOCK = tarfile.BLOCKSIZE
_PIECE_BYTES = 1_000_000
_SECOND = 1_000_000_000


class ArchiveDamaged(LandingError):
    """An archive is damaged, incomplete, or may not be read by this user."""


class ArchiveReader:
    """Reads the files of an archive, a batch in one pass: a compressed tar file is read from its start."""

    def __init__(self, location: ArchiveLocation) -> None:
        self._location = location
        self._contents: dict[str, bytes | Failure] = {}

    def fetch(self, files: Sequence[LandedFile]) -> None:
        """Read these files, except those that are too large for an article."""
        sizes = {str(f.file): f.bytes for f in files if f.bytes <= KEPT_BYTES}
        self._contents, contents = {}, {}
        with _open_members(self._location) as members:
            for name, _, _, read in members:
                if (size := sizes.get(name)) is not None:
                    contents[name] = _read(read, size)
        self._contents = contents

    def read(self, landed: LandedFile) -> RawFile:
        """Return a file's bytes.

        Raises FileChanged if the archive was replaced since it was listed, and BadDelivery (`unreadable`,
        `too_large`).
        """
        if landed.bytes > KEPT_BYTES:
            raise BadDelivery(too_large(landed.bytes))
        if str(landed.file) not in self._contents:
            self.fetch([landed])
        content = self._contents.pop(str(landed.file), None)
        if isinstance(content, Failure):
            raise BadDelivery(content)
        if content is None or len(content) != landed.bytes:
            raise FileChanged(f"{landed.source_path} changed in the archive, or was removed from it")
        return RawFile(landed, content, hashlib.sha256(content).hexdigest())


# Name, size, time in nanoseconds, and a function that opens the member.
_Member = tuple[str, int, int, Callable[[], IO[bytes] | None]]


def list_archive(location: ArchiveLocation, passed_over: PassedOver | None = None) -> Iterator[LandedFile]:
    """Yield every file with an extension of some form; of several with one name the last, as unpacking does.

    All others are counted in `passed_over`, if it is given.

    Raises LandingError if the archive does not exist, ArchiveDamaged if it is damaged.
    """
    with _open_members(location) as members:
        landed = {}
        skip = passed_over or PassedOver()
        for name, size, modified_ns, _ in members:
            path = name.replace("\\", "/").lstrip("/").removeprefix("./")
            parts = path.split("/")
            if any(_is_ignored(part) for part in parts):
                skip.add(HIDDEN, path)
            elif path.lower().endswith(SUFFIXES):
                landed[path] = LandedFile(path, name, size, modified_ns)
            else:
                skip.add_file(path)
    yield from landed.values()


def _is_ignored(part: str) -> bool:
    # Names never become paths on this machine, so `..` does no harm.
    return part != ".." and (part.startswith(TEMPORARY_PREFIXES) or part == "__MACOSX")


def _read(read: Callable[[], IO[bytes] | None], size: int) -> bytes | Failure:
    try:
        file = read()
        return file.read(size + 1) if file else b""
    except (*_BROKEN, RuntimeError) as error:  # zipfile's RuntimeError: a password is needed
        return Failure(
            "unreadable",
            None,
            name_damage(error),
            "The file cannot be unpacked. Deliver the complete archive again, without a password.",
        )


@contextmanager
def _open_members(location: ArchiveLocation) -> Iterator[Iterator[_Member]]:
    """Open an archive and yield its members.

    Raises ArchiveDamaged if it is no whole archive or may not be read, LandingError if it does not exist.
    """
    try:
        with _open_file(location) as (file, fingerprint):
            if str(location).lower().endswith(".zip"):
                with zipfile.ZipFile(file) as archive:
                    yield _zip_members(archive)
            else:
                with tarfile.open(fileobj=file, mode="r:*") as archive:
                    yield _tar_members(archive, fingerprint)
    except FileNotFoundError as error:
        raise LandingError(
            f"The archive {location} does not exist. Deliver it, or name another location."
        ) from error
    except PermissionError as error:
        raise ArchiveDamaged(
            f"This user cannot read the archive {location}. Give this user read access."
        ) from error
    except _BROKEN as error:
        raise ArchiveDamaged(
            f"The archive {location} is damaged or incomplete ({name_damage(error)}). Nothing was loaded "
            "from it. If it is not being written right now, deliver it again."
        ) from error


def _zip_members(archive: zipfile.ZipFile) -> Iterator[_Member]:
    for info in archive.infolist():
        if not info.is_dir():
            # Times in a zip file have a resolution of two seconds; the checksum replaces the fraction.
            try:
                at = int(datetime(*info.date_time, tzinfo=UTC).timestamp())
            except ValueError:
                at = 0
            yield info.filename, info.file_size, at * _SECOND + info.CRC % _SECOND, _zip_opener(archive, info)


def _zip_opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _tar_members(archive: tarfile.TarFile, fingerprint: int) -> Iterator[_Member]:
    for info in archive:
        if info.isreg():
            # A tar file has no checksums: when the archive changes, every file counts as changed.
            yield info.name, info.size, int(info.mtime) * _SECOND + fingerprint, _tar_opener(archive, info)
    _check_end(archive)


def _check_end(archive: tarfile.TarFile) -> None:
    """Raise ReadError if a tar file goes on where tarfile stopped, or its packing is damaged behind that.

    tarfile takes a damaged header for the end of the archive: the files below it would be missing in silence.
    """
    file = archive.fileobj
    assert file, "it is open"
    try:
        file.seek(archive.offset)
        if file.read(_BLOCK).strip(b"\0"):
            raise tarfile.ReadError(f"bad checksum at byte {archive.offset}")
        while file.read(_PIECE_BYTES):
            pass  # what packs it checks its sum at the end
    except OSError as error:
        if error.errno is None and "Invalid data stream" in str(error):  # bz2 has no error of its own
            raise tarfile.ReadError(str(error)) from error
        raise


def _tar_opener(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], IO[bytes] | None]:
    return lambda: archive.extractfile(info)


@contextmanager
def _open_file(location: ArchiveLocation) -> Iterator[tuple[IO[bytes], int]]:
    """Open the archive file; give it with a number that changes when the archive does."""
    if isinstance(location, LandingUrl):
        from ontherecord.flows.landing.object_store import open_archive

        with open_archive(location) as (file, modified_ns):
            yield file, modified_ns % _SECOND
        return
    with open(open_location(location), "rb") as file:
        before = os.fstat(file.fileno())
        if not is_settled(file.fileno(), before):
            raise LandingError(f"The archive {location} is still being written. The next run reads it.")
        yield file, zlib.crc32(f"{before.st_size} {before.st_mtime_ns}".encode()) % _SECOND
        if state_of(os.fstat(file.fileno())) != state_of(before):
            raise LandingError(
                f"The archive {location} changed while it was read. The next run reads it again."
            )
