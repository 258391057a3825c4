"""Finding: what one look at a home came to. All of doctor's files give these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ontherecord.flows.landing.location import Location, parse_location
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.health import ExternalRefs, Health

# `note` needs nobody, `skipped` could not be looked at now, `problem` needs somebody.
State = Literal["ok", "note", "skipped", "fixed", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is so, and what to do about it; `next_step` None where nothing is to be done."""

    check: str
    state: State
    what: str
    next_step: str | None = None


Findings = Iterator[Finding]


@dataclass(slots=True)
class CheckContext:
    """A home under examination: how to look, and what was found out on the way.

    `has_lock` says that nobody writes meanwhile, `holder` who does otherwise. `settings` are None where they
    cannot be read. `writer` is the health of the writer's file where it could be looked into.
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
        """The landing folder that is set, or the one that was loaded last."""
        if self.settings and self.settings.landing:
            return self.settings.landing
        return parse_location(self.known.landing) if self.known and self.known.landing else None

    @property
    def option(self) -> str:
        """How this home is named on a command line."""
        return f" --home {self.home.folder}"


def format_bytes(count: int) -> str:
    """Return a number of bytes for people."""
    size = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:,.0f} {unit}" if unit == "bytes" else f"{size:,.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} TB"


def first_names(names: list[str], limit: int = 3) -> str:
    """Return a few of many names."""
    more = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {more:,} more" if more > 0 else "")
