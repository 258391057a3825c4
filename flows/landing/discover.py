"""Discover: list what has landed and hold it against the ledger. First stage of the way.

Work to do is what has landed minus what the ledger knows, never "since the last run", so that one
run after a week of downtime catches up by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ontherecord.flows.landing.access import list_location
from ontherecord.flows.landing.location import Location
from ontherecord.warehouse.records import LandedFile, LedgerEntry


@dataclass(frozen=True, slots=True)
class Discovered:
    """What a look at the landing folder found: files to read, and how many are unchanged.

    `closed` are folders inside that this user may not list; what lies in them is not known.
    """

    to_read: tuple[LandedFile, ...]
    unchanged_count: int
    unlistable: tuple[str, ...] = ()

    @property
    def landed_count(self) -> int:
        return len(self.to_read) + self.unchanged_count


def discover(landing: Location, ledger: Mapping[str, LedgerEntry]) -> Discovered:
    """List the article files at `landing` and leave out those the ledger knows as they are.

    An unchanged file, one whose size and time are those of its last delivery, costs a stat and is
    never opened. The order is by folder, then shorter names first: of files with the same content the
    first is loaded, and copies tend to get the longer names and the deeper folders.

    Raises LandingError if the folder is missing or cannot be listed. One inside that may not be listed
    stops no other.
    """
    to_read, unchanged = [], 0
    unlistable: list[str] = []
    for landed in list_location(landing, unlistable):
        if is_unchanged(landed, ledger.get(landed.source_path)):
            unchanged += 1
        else:
            to_read.append(landed)
    to_read.sort(key=processing_order)
    return Discovered(tuple(to_read), unchanged, tuple(sorted(unlistable)))


def is_unchanged(landed: LandedFile, seen: LedgerEntry | None) -> bool:
    """Say whether a file has the size and time of its last delivery."""
    return seen is not None and (seen.bytes, seen.modified_ns) == (landed.bytes, landed.modified_ns)


def processing_order(landed: LandedFile) -> tuple[str, int, str]:
    """Return what files are taken in the order of: folder, length of name, name."""
    folder, _, name = landed.source_path.rpartition("/")
    return folder, len(name), name
