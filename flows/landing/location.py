"""Location: where article files land: a folder, an archive, or the URL of an object store or server.

access.py lists and reads the files there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from ontherecord.flows.landing.beneath import Beneath
from ontherecord.warehouse.records import LandedFile, RawFile

# URL schemes, and the extra that installs the package for each: ontherecord[s3] and so on.
EXTRAS = {
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
    """A landing folder or an archive in an object store or on a server. The URL contains no secret."""

    url: str

    def __str__(self) -> str:
        return self.url

    @property
    def scheme(self) -> str:
        return urlsplit(self.url).scheme


Location = Path | LandingUrl
ArchiveLocation = Location | Beneath


class Reader(Protocol):
    """Reads landed files. `fetch` announces a batch, so that its files can be fetched together."""

    @property
    def read(self) -> Callable[[LandedFile], RawFile]:
        """Return a file's bytes, as `ontherecord.flows.landing.read.read` does and with its errors."""
        ...

    def fetch(self, files: Sequence[LandedFile]) -> None:
        """Begin to fetch these files."""
        ...


def parse_location(text: str) -> Location:
    """Parse a path or URL that a user gave.

    Raises ValueError if it is a URL of an unsupported scheme, or contains a secret.
    """
    match = _SCHEME.match(text)
    if not match:
        return Path(text)
    scheme = match[1].lower()
    if scheme == "file":
        return Path(unquote(urlsplit(text).path))
    if scheme not in EXTRAS:
        raise ValueError(f"files cannot land at {scheme}:// URLs; supported are {', '.join(EXTRAS)}")
    refuse_secrets(text)
    if not urlsplit(text).netloc:
        raise ValueError(f"name the bucket or server: {scheme}://NAME/FOLDER")
    return LandingUrl(scheme + text[len(scheme) :].rstrip("/"))


def refuse_secrets(text: str) -> None:
    """Raise ValueError if a text is a URL that may have a secret: a password, a query or a fragment."""
    if not _SCHEME.match(text):
        return
    parts = urlsplit(text)
    if parts.password is not None or parts.query or parts.fragment or _has_odd_port(parts):
        raise ValueError(
            "the URL is shown in tables, reports and the dashboard, so it must not have a password, ? or #; "
            "docs/landing.md says where credentials go"
        )


def _has_odd_port(url: SplitResult) -> bool:
    """Say whether a port is none: a password with a `/`, as S3 has, looks like one up to there."""
    try:
        return url.port is not None and EXTRAS.get(url.scheme.lower(), "sftp") != "sftp"
    except ValueError:
        return True


def is_archive(location: Location) -> bool:
    """Say whether a location is an archive: named like one, and not a folder."""
    is_named_so = str(location).lower().endswith(ARCHIVES)
    return is_named_so and (isinstance(location, LandingUrl) or not location.is_dir())
