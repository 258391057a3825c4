"""Read: the bytes of a landed file, whole and of one moment. Between discover and parse."""

from __future__ import annotations

import errno
import hashlib
import os
import stat

from ontherecord.warehouse.errors import BadDelivery, FileChanged
from ontherecord.warehouse.records import Failure, LandedFile, RawFile

# The longest newspaper articles have some 100 kB. A file of fifty times that is a dump or an archive
# under the wrong name; to extract it would take minutes, and a worker a gigabyte and more.
MAX_BYTES = 5_000_000
# Larger than this a file is not even read, so that one wrong file cannot use up the memory.
KEPT_BYTES = 200_000_000
# No such path, a symbolic link, a socket: what was listed as a regular file is one no more.
_MOVED = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO)
# A network folder, or the disk under it, does not answer: no fault of the file, and it may pass.
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


def read(landed: LandedFile) -> RawFile:
    """Read a landed file.

    Raises FileChanged if it vanished, changed since it was listed or is no regular file any more:
    the next run looks again. Raises OSError as it comes if its errno is one of AWAY, and BadDelivery
    (`unreadable`, `too_large`) otherwise.
    """
    if landed.bytes > KEPT_BYTES:
        raise BadDelivery(too_large(landed.bytes))
    try:
        # O_NONBLOCK: should a pipe have taken the file's place, opening it must not wait.
        fd = os.open(landed.file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno in _MOVED:
            raise FileChanged(f"{landed.source_path} vanished, or is no regular file any more") from error
        if error.errno in TRANSIENT_ERRNOS:
            raise
        raise BadDelivery(
            Failure(
                "unreadable",
                None,
                error.strerror,
                f"The file cannot be opened ({error.strerror}). Give this user the right to read it.",
            )
        ) from error
    before = os.fstat(fd)
    if not stat.S_ISREG(before.st_mode):
        os.close(fd)
        raise FileChanged(f"{landed.source_path} is no regular file any more")
    with open(fd, "rb") as file:
        content = file.read(landed.bytes + 1)
        after = os.fstat(fd)
    if {(s.st_size, s.st_mtime_ns) for s in (before, after)} != {(landed.bytes, landed.modified_ns)} or len(
        content
    ) != landed.bytes:
        raise FileChanged(f"{landed.source_path} changed while it was read")
    return RawFile(landed, content, hashlib.sha256(content).hexdigest())


def too_large(size: int) -> Failure:
    """Return the failure of a file that is too large to be an article."""
    return Failure(
        "too_large",
        None,
        f"{size:,} bytes",
        f"An article has at most {MAX_BYTES:,} bytes; this is many articles or no text. "
        "Deliver one article a file.",
    )
