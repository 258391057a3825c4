"""Member: a file in an archive, as the archive lists it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

# A year of the largest newspapers has 100,000 articles. Each takes some 1,000 bytes of memory to list.
MAX_MEMBERS = 500_000


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive. The folders in its `name` are parted by `/`.

    `modified_ns` is its time in nanoseconds since 1970, 0 if the archive gives none that can be; what stands
    for the fraction of the second changes with its content. `passed_over` is the kind of what is no regular
    file, such as a link. `read` returns its `size` bytes, and must be called before the next member is asked
    for; it raises Damaged if this file alone cannot be read.
    """

    name: str
    size: int
    modified_ns: int
    read: Callable[[], bytes]
    passed_over: str | None = None
