"""Discover: list what has landed and compare it with the ledger. The first stage.

What to load is what has landed and is not in the ledger, never "what landed since the last run", so one
run after a week of downtime catches up by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ontherecord.flows.landing.access import list_location
from ontherecord.flows.landing.location import Location
from ontherecord.flows.landing.passed_over import PassedOver
from ontherecord.warehouse.records import TAKEN_DOWN, LandedFile, LedgerEntry

# The id of the tombstone that keeps a file out, if one does.
TombstoneOf = Callable[[LandedFile], str | None]


@dataclass(frozen=True, slots=True)
class Discovered:
    """The files to read, how many are unchanged, what was found and not taken, and all paths."""

    to_read: tuple[LandedFile, ...]
    unchanged_count: int
    passed_over: PassedOver = field(default_factory=PassedOver)
    paths: frozenset[str] = frozenset()

    @property
    def unlistable(self) -> tuple[str, ...]:
        """Subfolders that this user may not list; their files are unknown."""
        return tuple(sorted(self.passed_over.unlistable))

    @property
    def landed_count(self) -> int:
        return len(self.to_read) + self.unchanged_count


def discover(
    landing: Location,
    ledger: Mapping[str, LedgerEntry],
    tombstone_of: TombstoneOf = lambda landed: None,
) -> Discovered:
    """List the article files at `landing`, without those that the ledger has unchanged.

    A file is unchanged if its size and time are those of its last delivery; it is never opened. The order
    is by folder, then shorter names first: of files with the same content the first is loaded, and copies
    tend to have longer names and deeper folders. Files that `tombstone_of` knows are passed over.

    Raises LandingError if the folder is missing or cannot be listed. A subfolder that may not be listed
    does not stop the others.
    """
    passed_over = PassedOver()
    return _compare(list_location(landing, passed_over), passed_over, ledger, tombstone_of)


def discover_at(
    only: Iterable[str],
    landing: Location,
    look_up: Callable[[Iterable[str]], Mapping[str, LedgerEntry]],
    tombstone_of: TombstoneOf = lambda landed: None,
) -> tuple[Discovered, Mapping[str, LedgerEntry]]:
    """Do what `discover` does for the files at some paths beneath `landing`, and in folders at them.

    `look_up` gives the ledger of some source paths, which is returned too. A path at which nothing is any
    more is no error.
    """
    passed_over = PassedOver()
    files = list(list_location(landing, passed_over, only))
    ledger = look_up([landed.source_path for landed in files])
    return _compare(files, passed_over, ledger, tombstone_of), ledger


def _compare(
    files: Iterable[LandedFile],
    passed_over: PassedOver,
    ledger: Mapping[str, LedgerEntry],
    tombstone_of: TombstoneOf,
) -> Discovered:
    to_read, unchanged_count = [], 0
    seen: set[str] = set()
    for landed in files:
        seen.add(landed.source_path)
        if tombstone := tombstone_of(landed):
            passed_over.add(TAKEN_DOWN, tombstone)
        elif is_unchanged(landed, ledger.get(landed.source_path)):
            unchanged_count += 1
        else:
            to_read.append(landed)
    to_read.sort(key=processing_order)
    return Discovered(tuple(to_read), unchanged_count, passed_over, frozenset(seen))


def is_unchanged(landed: LandedFile, seen: LedgerEntry | None) -> bool:
    """Say whether a file has the size and time of its last delivery."""
    return seen is not None and (seen.bytes, seen.modified_ns) == (landed.bytes, landed.modified_ns)


def processing_order(landed: LandedFile) -> tuple[str, int, str]:
    """Return the sort key by which files are processed: folder, length of name, name."""
    folder, _, name = landed.source_path.rpartition("/")
    return folder, len(name), name
