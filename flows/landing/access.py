"""Access: list and read the files of a location: a folder, an archive or a URL, and of archives in it.

The rest of the pipeline does not know which it is. What a URL or an archive needs is imported only for it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from ontherecord.flows.landing.beneath import Beneath, Opener
from ontherecord.flows.landing.folder import list_file, list_landing
from ontherecord.flows.landing.location import (
    ARCHIVES,
    ArchiveLocation,
    LandingUrl,
    Location,
    Reader,
    is_archive,
    parse_location,
)
from ontherecord.flows.landing.passed_over import UNOPENED, PassedOver
from ontherecord.flows.landing.read import read
from ontherecord.warehouse.errors import BadDelivery, FileChanged, LandingError
from ontherecord.warehouse.records import Failure, LandedFile, RawFile

# Files that are fetched together where not all are read in batches.
_FETCH_COUNT = 500


@dataclass(frozen=True, slots=True)
class FolderReader:
    """Reads local files, one by one."""

    read: Callable[[LandedFile], RawFile] = read

    def fetch(self, files: Sequence[LandedFile]) -> None:
        """Do nothing: local files need no fetching."""


@dataclass(frozen=True, slots=True)
class LandingReader:
    """Reads the files of the landing folder, one by one."""

    opener: Opener
    copies: Path | None = None

    def read(self, landed: LandedFile) -> RawFile:
        """Return a file's bytes, as `ontherecord.flows.landing.read.read` does and with its errors."""
        return read(landed, self.copies, self.opener)

    def fetch(self, files: Sequence[LandedFile]) -> None:
        """Look at the folders anew; local files need no fetching."""
        self.opener.close()


class WithArchives:
    """Reads the files of a folder or store by its own reader, and those of archives in it.

    The members of a batch that are of one archive are read in one pass.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._archives: dict[Path | str, Reader] = {}

    def fetch(self, files: Sequence[LandedFile]) -> None:
        """Begin to fetch these files; members that were not read are forgotten."""
        self._archives.clear()
        self._reader.fetch([landed for landed in files if landed.archive is None])
        members: defaultdict[Path | str, list[LandedFile]] = defaultdict(list)
        for landed in files:
            if landed.archive is not None and not _is_damaged(landed):
                members[landed.archive].append(landed)
        for archive, some in members.items():
            with suppress(LandingError):  # reading one of them says so
                self._open(archive, some[0].root).fetch(some)

    def read(self, landed: LandedFile) -> RawFile:
        """Return a file's bytes.

        Raises what its reader does, FileChanged if its archive has gone, and BadDelivery
        (`archive_unreadable`) if it is itself an archive, and damaged.
        """
        if landed.archive is None:
            return self._reader.read(landed)
        if _is_damaged(landed):
            _refuse(landed, landed.archive)
        try:
            return self._open(landed.archive, landed.root).read(landed)
        except LandingError as error:
            raise FileChanged(f"{landed.source_path} cannot be read any more: {error}") from error

    def _open(self, archive: Path | str, root: Path | None) -> Reader:
        if archive not in self._archives:
            from ontherecord.flows.landing.archive import ArchiveReader

            self._archives[archive] = ArchiveReader(_location_of(archive, root))
        return self._archives[archive]


def list_location(
    location: Location, passed_over: PassedOver | None = None, only: Iterable[str] | None = None
) -> Iterator[LandedFile]:
    """Yield every file with an extension of some form at a location, at any depth, in no fixed order.

    The members of an archive in it have its path before theirs: `2015/week.zip/a.txt`.

    What is not taken, and folders that this user may not list, are counted in `passed_over`, if it is given.
    If the location is one file, it is taken whatever its extension. In a folder, only what is at the paths
    `only` or beneath them is listed, if they are given.

    Raises LandingError if the location does not exist or cannot be listed.
    """
    if is_archive(location):
        from ontherecord.flows.landing.archive import list_archive

        return list_archive(location, passed_over)
    if isinstance(location, LandingUrl):
        from ontherecord.flows.landing.object_store import list_store

        return _with_members(list_store(location, passed_over), location, passed_over or PassedOver())
    if location.is_file():
        return list_file(location)
    return _with_members(list_landing(location, passed_over, only), location, passed_over or PassedOver())


def _with_members(
    files: Iterator[LandedFile], location: Location, passed_over: PassedOver
) -> Iterator[LandedFile]:
    """Yield files, and in the place of an archive what is in it. One in another archive is passed over.

    One that is damaged is yielded itself, as a file that cannot be read.
    """
    for landed in files:
        if not landed.source_path.lower().endswith(ARCHIVES):
            yield landed
            continue
        from ontherecord.flows.landing.archive import ArchiveDamaged, list_archive

        is_url = isinstance(location, LandingUrl)
        archive = f"{location}/{landed.source_path}" if is_url else landed.file
        inside = PassedOver()
        try:
            members = list(list_archive(_location_of(archive, landed.root), inside))
        except LandingError as error:
            if isinstance(error, ArchiveDamaged):
                yield replace(landed, archive=archive)
            else:  # a store that does not respond: the next run tries again
                passed_over.add(UNOPENED, landed.source_path)
            continue
        passed_over.add_inside(landed.source_path, inside)
        for member in members:
            path = f"{landed.source_path}/{member.source_path}"
            yield replace(member, source_path=path, archive=archive, root=landed.root)


def _is_damaged(landed: LandedFile) -> bool:
    """Say whether a file is an archive that could not be listed: of one that could, its members are files."""
    return landed.archive is not None and landed.source_path.lower().endswith(ARCHIVES)


def _refuse(landed: LandedFile, archive: Path | str) -> NoReturn:
    """Raise BadDelivery with what is wrong with an archive; FileChanged if nothing is any more."""
    from ontherecord.flows.landing.archive import ArchiveDamaged, list_archive

    try:
        deque(list_archive(_location_of(archive, landed.root)), maxlen=0)
    except ArchiveDamaged as error:
        failure = Failure("archive_unreadable", None, str(error.__cause__) or None, str(error))
        raise BadDelivery(failure) from error
    except LandingError as error:
        raise FileChanged(f"{landed.source_path} cannot be read any more: {error}") from error
    raise FileChanged(f"{landed.source_path} was replaced since it was listed")


def _location_of(archive: Path | str, root: Path | None) -> ArchiveLocation:
    if isinstance(archive, str):
        return parse_location(archive)
    return Beneath(root, archive) if root else archive


def fetch_in_parts(reader: Reader, files: Sequence[LandedFile]) -> Iterator[LandedFile]:
    """Yield files in order, each ready to be read; a few hundred are fetched at a time."""
    for start in range(0, len(files), _FETCH_COUNT):
        part = files[start : start + _FETCH_COUNT]
        reader.fetch(part)
        yield from part


@contextmanager
def open_reader(location: Location, copies: Path | None = None) -> Iterator[Reader]:
    """Give a reader for the files of a location.

    Large files of a folder are copied to the folder `copies`, if it is given, instead of being kept in
    memory; who reads them removes the copies.
    """
    if is_archive(location):
        from ontherecord.flows.landing.archive import ArchiveReader

        yield ArchiveReader(location)
    elif isinstance(location, LandingUrl):
        from ontherecord.flows.landing.object_store import StoreReader

        store = StoreReader(location)
        try:
            yield WithArchives(store)
        finally:
            store.close()
    else:
        with closing(Opener()) as opener:
            yield WithArchives(LandingReader(opener, copies))
