"""Read the bytes of a landed file, complete and unchanged while it is read."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import tempfile
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from ontherecord.flows.landing.beneath import Opener
from ontherecord.flows.landing.forms.registry import MANY_SUFFIXES
from ontherecord.flows.landing.settled import is_settled, state_of
from ontherecord.warehouse.errors import BadDelivery, FileChanged
from ontherecord.warehouse.records import Failure, LandedFile, RawFile

# The longest newspaper articles have some 100 kB. A file fifty times as large is a dump or a misnamed
# archive; to extract it would take minutes and more than a gigabyte.
MAX_BYTES = 5_000_000
# A larger file is not even read, so that one wrong file cannot exhaust memory; but a table on disk is copied.
KEPT_BYTES = 200_000_000
_PIECE_BYTES = 1_000_000
# Errors of a path that was listed as a regular file and is now missing, a symbolic link or a socket.
_MOVED = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO)
# A network folder, or the disk behind it, does not respond: a retry may succeed.
TRANSIENT_ERRNOS = frozenset(
    (
        errno.ESTALE,
        errno.EIO,
        errno.EREMOTEIO,
        errno.ETIMEDOUT,
        errno.ENOTCONN,
        errno.ECONNRESET,
        errno.ECONNABORTED,
        errno.EHOSTDOWN,
        errno.EHOSTUNREACH,
        errno.ENETDOWN,
        errno.ENETUNREACH,
        errno.EAGAIN,
        errno.EBUSY,
    )
)


def read(landed: LandedFile, copies: Path | None = None, opener: Opener | None = None) -> RawFile:
    """Read a landed file. One that is too large for an article is copied to the folder `copies`, if given.

    Many files are read faster with one `opener`.

    Raises FileChanged if it was removed, changed since it was listed or is no longer a regular file: the
    next run tries again. Raises OSError if its errno is one of TRANSIENT_ERRNOS, and BadDelivery
    (`unreadable`, `too_large`) otherwise.
    """
    is_copied = copies is not None and landed.bytes > MAX_BYTES
    if landed.bytes > KEPT_BYTES and not (is_copied and landed.source_path.lower().endswith(MANY_SUFFIXES)):
        raise BadDelivery(too_large(landed.bytes))
    try:
        fd = _open(landed, opener)
    except OSError as error:
        if error.errno in _MOVED:
            raise FileChanged(f"{landed.source_path} was removed, or is no longer a regular file") from error
        if error.errno in TRANSIENT_ERRNOS:
            raise
        raise BadDelivery(
            Failure(
                "unreadable",
                None,
                error.strerror,
                f"The file cannot be opened ({error.strerror}). Give this user read access.",
            )
        ) from error
    before = os.fstat(fd)
    if not stat.S_ISREG(before.st_mode):
        os.close(fd)
        raise FileChanged(f"{landed.source_path} is no longer a regular file")
    if not is_settled(fd, before):
        os.close(fd)
        raise FileChanged(f"{landed.source_path} is still being written")
    with open(fd, "rb") as file:
        if is_copied:
            assert copies is not None
            raw, size = _copy(file, landed, copies)
        else:
            content = file.read(landed.bytes + 1)
            raw, size = RawFile(landed, content, hashlib.sha256(content).hexdigest()), len(content)
        after = os.fstat(fd)
    listed = landed.bytes, landed.modified_ns
    if state_of(before) != state_of(after) or state_of(before)[:2] != listed or size != landed.bytes:
        if raw.path:
            raw.path.unlink()
        raise FileChanged(f"{landed.source_path} changed while it was read")
    return raw


def _open(landed: LandedFile, opener: Opener | None) -> int:
    if opener:
        return opener.open(landed)
    with closing(Opener()) as once:
        return once.open(landed)


def _copy(file: BinaryIO, landed: LandedFile, copies: Path) -> tuple[RawFile, int]:
    """Copy a file, so that it can be read bit by bit while the original changes; return it and its size."""
    copies.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(prefix=f"{os.getpid()}-", dir=copies, delete=False) as copy:
        try:
            while size <= landed.bytes and (piece := file.read(_PIECE_BYTES)):
                digest.update(piece)
                size += copy.write(piece)
        except BaseException:
            Path(copy.name).unlink()
            raise
    return RawFile(landed, b"", digest.hexdigest(), Path(copy.name)), size


def too_large(size: int) -> Failure:
    """Return the failure of a file that is too large for an article."""
    return Failure(
        "too_large",
        None,
        f"{size:,} bytes",
        f"An article has at most {MAX_BYTES:,} bytes; this file has many articles, or is not text. "
        "Deliver one article per file.",
    )
