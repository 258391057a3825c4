"""Access: list and read the files of a location: a folder, an archive or a URL.

The rest of the pipeline does not know which it is. What a URL or an archive needs is imported only for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ontherecord.flows.landing.folder import list_file, list_landing
from ontherecord.flows.landing.location import LandingUrl, Location, Reader, is_archive
from ontherecord.flows.landing.passed_over import PassedOver
from ontherecord.flows.landing.read import read
from ontherecord.warehouse.records import LandedFile, RawFile

# Files that are fetched together where not all are read in batches.
_FETCH_COUNT = 500


@dataclass(frozen=True, slots=True)
class FolderReader:
    """Reads the files of a folder, one by one."""

    read: Callable[[LandedFile], RawFile] = read

    def fetch(self, files: Sequence[LandedFile]) -> None:
        """Do nothing: local files need no fetching."""


def list_location(location: Location, passed_over: PassedOver | None = None) -> Iterator[LandedFile]:
    """Yield every file with an extension of some form at a location, at any depth, in no fixed order.

    What is not taken, and folders that this user may not list, are counted in `passed_over`, if it is given.
    If the location is one file, it is taken whatever its extension.

    Raises LandingError if the location does not exist or cannot be listed.
    """
    if is_archive(location):
        from ontherecord.flows.landing.archive import list_archive

        return list_archive(location, passed_over)
    if isinstance(location, LandingUrl):
        from ontherecord.flows.landing.object_store import list_store

        return list_store(location, passed_over)
    if location.is_file():
        return list_file(location)
    return list_landing(location, passed_over)


def fetch_in_parts(reader: Reader, files: Sequence[LandedFile]) -> Iterator[LandedFile]:
    """Yield files in order, each ready to be read; a few hundred are fetched at a time."""
    for start in range(0, len(files), _FETCH_COUNT):
        part = files[start : start + _FETCH_COUNT]
        reader.fetch(part)
        yield from part


def open_reader(location: Location, copies: Path | None = None) -> AbstractContextManager[Reader]:
    """Return a context manager that gives a reader for the files of a location.

    Large files of a folder are copied to the folder `copies`, if it is given, instead of being kept in
    memory; who reads them removes the copies.
    """
    if is_archive(location):
        from ontherecord.flows.landing.archive import ArchiveReader

        return nullcontext(ArchiveReader(location))
    if isinstance(location, LandingUrl):
        from ontherecord.flows.landing.object_store import StoreReader

        return closing(StoreReader(location))
    return nullcontext(FolderReader(partial(read, copies=copies)))
