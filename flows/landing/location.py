"""Place: where article files land: a folder, an archive, or the URL of an object store or a server.

What a place is; access.py lists and reads the files there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from ontherecord.warehouse.records import LandedFile, RawFile

# The packages behind them are extras of this one: ontherecord[s3] and so on.
KINDS = {
    "s3": "s3",
    "gs": "gs",
    "gcs": "gs",
    "az": "az",
    "abfs": "az",
    "abfss": "az",
    "sftp": "sftp",
    "ssh": "sftp",
}
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


@dataclass(frozen=True, slots=True)
class LandingUrl:
    """A landing folder, or an archive, in an object store or on a server. It holds no secret."""

    url: str

    def __str__(self) -> str:
        return self.url

    @property
    def scheme(self) -> str:
        return urlsplit(self.url).scheme


Location = Path | LandingUrl


class Reader(Protocol):
    """Reads landed files. A batch is told first, so that many are fetched at once."""

    @property
    def read(self) -> Callable[[LandedFile], RawFile]:
        """Return a file's bytes, as `ontherecord.flows.landing.read.read` does and with its errors."""
        ...

    def fetch(self, files: Sequence[LandedFile]) -> None:
        """Begin to fetch these files."""
        ...


def parse_location(text: str) -> Location:
    """Return a place from what a user wrote.

    Raises ValueError if it is the URL of no kind of place that is known, or has a secret in it.
    """
    found = _SCHEME.match(text)
    if not found:
        return Path(text)
    scheme = found[1].lower()
    if scheme == "file":
        return Path(unquote(urlsplit(text).path))
    if scheme not in KINDS:
        raise ValueError(f"{scheme}:// is no place where files can land; these are: {', '.join(KINDS)}")
    parts = urlsplit(text)
    if parts.password is not None or parts.query or parts.fragment:
        raise ValueError(
            "the URL is shown in tables, reports and the dashboard, so it may have no password, ? or #; "
            "docs/landing.md says where credentials go"
        )
    if not parts.netloc:
        raise ValueError(f"name the bucket or server: {scheme}://NAME/FOLDER")
    return LandingUrl(scheme + text[len(scheme) :].rstrip("/"))


def is_archive(place: Location) -> bool:
    """Say whether a place is an archive: a file of such a name, not a folder."""
    named = str(place).lower().endswith(ARCHIVES)
    return named and (isinstance(place, LandingUrl) or not place.is_dir())
