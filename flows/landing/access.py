"""Access: list and read the files of a landing place, whichever kind it is.

Everything behind this file is the same for all places. What a URL or an archive needs is imported only
for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from ontherecord.flows.landing.folder import list_landing
from ontherecord.flows.landing.location import LandingUrl, Location, Reader, is_archive
from ontherecord.flows.landing.read import read
from ontherecord.warehouse.records import LandedFile, RawFile


@dataclass(frozen=True, slots=True)
class FolderReader:
    """Reads files of a folder, one by one."""

    read: Callable[[LandedFile], RawFile] = read

    def fetch(self, files: Sequence[LandedFile]) -> None:
        """Do nothing: a local file is there at once."""


def list_location(place: Location, unlistable: list[str] | None = None) -> Iterator[LandedFile]:
    """Yield every `.txt` file at a place, at any depth, in no fixed order.

    The path of a folder that this user may not list is put into `closed`, if that is given.

    Raises LandingError if there is no such place, or it cannot be listed.
    """
    if is_archive(place):
        from ontherecord.flows.landing.archive import list_archive

        return list_archive(place)
    if isinstance(place, LandingUrl):
        from ontherecord.flows.landing.object_store import list_store

        return list_store(place, unlistable)
    return list_landing(place, unlistable)


def open_reader(place: Location) -> AbstractContextManager[Reader]:
    """Return what reads the files of a place, while it is entered."""
    if is_archive(place):
        from ontherecord.flows.landing.archive import ArchiveReader

        return ArchiveReader(place)
    if isinstance(place, LandingUrl):
        from ontherecord.flows.landing.object_store import StoreReader

        return StoreReader(place)
    return nullcontext(FolderReader())
