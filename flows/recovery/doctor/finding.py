"""What the checks share: the finding that each yields, and the context that each gets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ontherecord.flows.landing.location import Location, parse_location
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.health import ExternalRefs, Health

# A `problem` needs action and a `note` does not; a `skipped` check could not be made now.
State = Literal["ok", "note", "skipped", "fixed", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, and what to do about it; `next_step` is None if there is nothing to do."""

    check: str
    state: State
    what: str
    next_step: str | None = None


Findings = Iterator[Finding]


@dataclass(slots=True)
class CheckContext:
    """A home, how to check it, and what earlier checks learned about it.

    `has_lock` means that doctor has the writer's lock; `holder` is who has it otherwise. `settings` are
    None if they cannot be read. `writer` is the health of the writer's file if it could be inspected.
    """

    home: DataDir
    settings: Settings | None
    deep: bool
    fix: bool
    has_lock: bool = False
    holder: str | None = None
    writer: Health | None = None
    known: ExternalRefs | None = None

    @property
    def landing(self) -> Location | None:
        """The landing folder of the settings, or the one that was loaded last."""
        if self.settings and self.settings.landing:
            return self.settings.landing
        return parse_location(self.known.landing) if self.known and self.known.landing else None

    @property
    def option(self) -> str:
        """The command line option that names this home."""
        return f" --home {self.home.folder}"


def format_bytes(count: int) -> str:
    """Return a number of bytes in a unit of convenient size."""
    size = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:,.0f} {unit}" if unit == "bytes" else f"{size:,.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} TB"


def first_names(names: list[str], limit: int = 3) -> str:
    """Return the first names, and how many more there are."""
    more = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {more:,} more" if more > 0 else "")
