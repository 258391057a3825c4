"""List and read article files in a zip or tar archive, without unpacking it to disk.

Each pass over an archive checks it to its end, and what a pass has read counts only then: so nothing is
loaded of an archive that is damaged, also if it was whole when it was listed.
"""

from __future__ import annotations

import hashlib
import os
import stat
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from ontherecord.flows.landing.beneath import open_location
from ontherecord.flows.landing.damage import Damaged, TooMuch
from ontherecord.flows.landing.folder import TEMPORARY_PREFIXES
from ontherecord.flows.landing.forms.registry import SUFFIXES
from ontherecord.flows.landing.location import ArchiveLocation, LandingUrl
from ontherecord.flows.landing.member import Member
from ontherecord.flows.landing.packed import check_size, open_packed
from ontherecord.flows.landing.passed_over import HIDDEN, LONG_NAME, REPLACED, PassedOver
from ontherecord.flows.landing.read import KEPT_BYTES, too_large
from ontherecord.flows.landing.settled import is_settled, state_of
from ontherecord.flows.landing.tar_file import read_tar
from ontherecord.flows.landing.zip_file import read_zip
from ontherecord.warehouse.errors import BadDelivery, FileChanged, LandingError
from ontherecord.warehouse.records import Failure, LandedFile, RawFile

# No system takes longer paths.
_MAX_PATH = 4_096
_SHOWN = 100
_SECOND = 1_000_000_000


class ArchiveDamaged(LandingError):
    """An archive is damaged, incomplete, unpacks to too much, or may not be read by this user."""


class ArchiveReader:
    """Reads the files of an archive, a batch in one pass: a compressed tar file is read from its start."""

    def __init__(self, location: ArchiveLocation) -> None:
        self._location = location
        self._ahead: list[LandedFile] = []
        self._contents: dict[str, bytes | Failure] = {}

    def fetch(self, files: Sequence[LandedFile]) -> None:
        """Read these files, except those that are too large for an article.

        At most as many bytes are kept as one file may have; the others are read when they are asked for.
        """
        self._ahead, self._contents = [f for f in files if f.bytes <= KEPT_BYTES], {}
        self._read_ahead()

    def read(self, landed: LandedFile) -> RawFile:
        """Return a file's bytes.

        Raises FileChanged if the archive was replaced since it was listed, ArchiveDamaged, and BadDelivery
        (`unreadable`, `too_large`).
        """
        if landed.bytes > KEPT_BYTES:
            raise BadDelivery(too_large(landed.bytes))
        if str(landed.file) not in self._contents:
            later = [other for other in self._ahead if other.file != landed.file]
            self._ahead, self._contents = [landed, *later], {}
            self._read_ahead()
        content = self._contents.pop(str(landed.file), None)
        if isinstance(content, Failure):
            raise BadDelivery(content)
        if content is None:
            raise FileChanged(f"{landed.source_path} changed in the archive, or was removed from it")
        return RawFile(landed, content, hashlib.sha256(content).hexdigest())

    def _read_ahead(self) -> None:
        """Read the files that come next, as many as fit in memory, in one pass over the whole archive."""
        count, total = 0, 0
        while count < len(self._ahead) and (not count or total + self._ahead[count].bytes <= KEPT_BYTES):
            total += self._ahead[count].bytes
            count += 1
        wanted = {str(f.file): (f.bytes, f.modified_ns) for f in self._ahead[:count]}
        self._ahead = self._ahead[count:]
        contents: dict[str, bytes | Failure] = {}
        with _open_archive(self._location) as archive:
            for member in archive.members():
                if wanted.get(member.name) == (member.size, member.modified_ns):
                    contents[member.name] = _read(member)
        self._contents = contents


def list_archive(location: ArchiveLocation, passed_over: PassedOver | None = None) -> Iterator[LandedFile]:
    """Yield every file with an extension of some form; of several with one name the last, as unpacking does.

    All others are counted in `passed_over`, if it is given.

    Raises LandingError if the archive does not exist or changes meanwhile, ArchiveDamaged if it is damaged.
    """
    landed: dict[str, LandedFile] = {}
    skip = passed_over or PassedOver()
    with _open_archive(location) as archive:
        for member in archive.members():
            path = member.name.lstrip("/").removeprefix("./")
            if kind := member.passed_over or _kind_passed_over(path):
                skip.add(kind, path[:_SHOWN])
            elif path.lower().endswith(SUFFIXES):
                if path in landed:
                    skip.add(REPLACED, path)
                landed[path] = LandedFile(path, member.name, member.size, member.modified_ns)
            else:
                skip.add_file(path)
        check_size(sum(f.bytes for f in landed.values() if f.bytes <= KEPT_BYTES), archive.size)
    yield from landed.values()


def _kind_passed_over(path: str) -> str | None:
    if len(path) > _MAX_PATH:
        return LONG_NAME
    return HIDDEN if any(_is_ignored(part) for part in path.split("/")) else None


def _is_ignored(part: str) -> bool:
    # Names never become paths on this machine, so `..` does no harm.
    return part != ".." and (part.startswith(TEMPORARY_PREFIXES) or part == "__MACOSX")


def _read(member: Member) -> bytes | Failure:
    try:
        return member.read()
    except Damaged as error:
        return Failure(
            "unreadable",
            None,
            str(error),
            "The file cannot be unpacked. Deliver the complete archive again, without a password.",
        )


@dataclass(frozen=True, slots=True)
class _Archive:
    """An archive that is open: its bytes, how many, and a number that changes when it does."""

    file: IO[bytes]
    size: int
    fraction: int
    is_zip: bool

    def members(self) -> Iterator[Member]:
        """Yield its members, in one pass to its end. Raises Damaged."""
        if self.is_zip:
            return read_zip(self.file, self.size)
        # A tar file has no checksums: when the archive changes, every file counts as changed.
        return read_tar(open_packed(self.file, self.size), self.fraction)


@contextmanager
def _open_archive(location: ArchiveLocation) -> Iterator[_Archive]:
    """Open an archive.

    Raises ArchiveDamaged if it is no whole archive or may not be read, LandingError if it does not exist,
    cannot be read or changes while it is open.
    """
    is_zip = str(location).lower().endswith(".zip")
    try:
        with _open_file(location) as (file, size, fraction):
            yield _Archive(file, size, fraction, is_zip)
    except FileNotFoundError as error:
        raise LandingError(
            f"The archive {location} does not exist. Deliver it, or name another location."
        ) from error
    except PermissionError as error:
        raise ArchiveDamaged(
            f"This user cannot read the archive {location}. Give this user read access."
        ) from error
    except OSError as error:
        raise LandingError(
            f"The archive {location} cannot be read ({error.strerror or error}). Check the disk or network "
            "that it is on; the next run reads it again."
        ) from error
    except TooMuch as error:
        raise ArchiveDamaged(
            f"The archive {location} is not taken: {error}. Nothing was loaded from it. If it is right, "
            "deliver it in parts."
        ) from error
    except Damaged as error:
        raise ArchiveDamaged(
            f"The archive {location} is damaged or incomplete ({error}). Nothing was loaded "
            "from it. If it is not being written right now, deliver it again."
        ) from error


@contextmanager
def _open_file(location: ArchiveLocation) -> Iterator[tuple[IO[bytes], int, int]]:
    """Open the archive file; give it with its size, and a number that changes when the archive does."""
    if isinstance(location, LandingUrl):
        from ontherecord.flows.landing.object_store import open_archive

        with open_archive(location) as (file, size, modified_ns):
            yield file, size, modified_ns % _SECOND
        return
    with open(open_location(location), "rb") as file:
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise LandingError(f"The archive {location} is no regular file. Name another location.")
        if not is_settled(file.fileno(), before):
            raise LandingError(f"The archive {location} is still being written. The next run reads it.")
        fraction = zlib.crc32(f"{before.st_size} {before.st_mtime_ns}".encode()) % _SECOND
        yield file, before.st_size, fraction
        after = os.fstat(file.fileno())
    if state_of(after) != state_of(before):
        raise LandingError(f"The archive {location} changed while it was read. The next run reads it again.")
