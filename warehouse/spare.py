"""The spare: the file that was published before, kept to become the next one.

A publish differs from the one before in few blocks, but a copy writes all of them. So the file that a
publish replaces is kept under a hidden name. The next publish compares it with the writer's file and writes
only what differs; in the same pass it finds where that file differs from the published one. DuckDB's own
checksums of blocks would not do: two words that change places leave them as they are.

A reader may still have that file open, and must not see it change. So it is changed under a write lease,
which the kernel refuses while anybody has the file open; and only on file systems where this kernel knows
everybody who has. Nor is a file changed that has a second name.

Run as a program, this module changes a file: a process that opened and closed the writer's file would lose
its locks on it. It imports the standard library only, so that it starts at once.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from io import BufferedReader
from itertools import chain, repeat
from pathlib import Path

# A smaller file is copied in a moment; the spare takes as much space again.
LEAST_BYTES = 64_000_000
# A DuckDB file: three headers of 4,096 bytes, then blocks.
HEADERS = 12_288
BLOCK = 262_144
# Local, and without another way to their files. The rest have no leases, or other machines open their files.
_FILE_SYSTEMS = {"ext2", "ext3", "ext4", "f2fs", "tmpfs", "xfs", "zfs"}


def copy_blocks(source: Path, target: Path, published: Path | None = None) -> list[int] | None:
    """Make an older copy equal to a file by writing what differs, in another process.

    Returns the numbers of the file's blocks that the published file has not, none without one; None if it did
    not work: then the copy is as it was, or changed in part.
    """
    return _run("write", source, target, *([published] if published else []))


def differing_blocks(file: Path, other: Path) -> list[int] | None:
    """Return the numbers of a DuckDB file's blocks that another has not; None if they cannot be read."""
    return _run("list", file, other)


def write_differences(source: Path, target: Path, published: Path | None = None) -> tuple[int, list[int]]:
    """Make a file equal to another, byte for byte, by writing the blocks that differ.

    Returns how many bytes were written, and the numbers of the blocks that the published file has not.

    Raises OSError if somebody may have the file open, it has a second name, or a file cannot be read or
    written.
    """
    if target.stat().st_nlink > 1:
        raise OSError("a file with a second name")
    target.chmod(0o600)
    written, unpublished = 0, []
    with ExitStack() as files:
        new = files.enter_context(open(source, "rb"))
        old = files.enter_context(open(target, "r+b"))
        others = [old.fileno()]
        if published:
            others.append(files.enter_context(open(published, "rb")).fileno())
        _require_unused(old.fileno())
        for at, block, (differs, *differs_there) in _compare(new, others):
            if differs:
                _write(old.fileno(), memoryview(block), at)
                written += len(block)
            if at and any(differs_there):
                unpublished.append(_number(at))
        old.truncate(new.tell())
    return written, unpublished


def list_differences(file: Path, other: Path) -> list[int]:
    """Return the numbers of a DuckDB file's blocks that another has not. Raises OSError."""
    with open(file, "rb") as one, open(other, "rb") as two:
        return [_number(at) for at, _, (differs,) in _compare(one, [two.fileno()]) if at and differs]


def _compare(file: BufferedReader, others: Sequence[int]) -> Iterator[tuple[int, bytearray, list[bool]]]:
    """Yield where the headers and each block of a file begin, their bytes, and in which of the others they
    differ.

    The same buffers are used again.
    """
    at = 0
    for size in chain([HEADERS], repeat(BLOCK)):
        if not at or at == HEADERS:
            block, there = bytearray(size), bytearray(size)
        count = file.readinto(block)
        if not count:
            return
        del block[count:]  # at the end of the file
        differs = []
        for other in others:
            read = os.preadv(other, [there], at)
            differs.append(read < count or block != memoryview(there)[:count])
        yield at, block, differs
        at += count


def _number(at: int) -> int:
    """Return the number of the block that begins there."""
    return (at - HEADERS) // BLOCK


def _require_unused(file: int) -> None:
    """Take a write lease of an open file, until it is closed. Raises OSError if that is not safe."""
    state = os.fstat(file)
    device = f"{os.major(state.st_dev)}:{os.minor(state.st_dev)}"
    mounts = [line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    if not any(m[2] == device and m[m.index("-") + 1] in _FILE_SYSTEMS for m in mounts):
        raise OSError("a file system on which others may have the file open")
    fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)


def _write(file: int, block: memoryview, at: int) -> None:
    while block:
        count = os.pwrite(file, block, at)
        block, at = block[count:], at + count


def _run(what: str, *files: Path) -> list[int] | None:
    """Run this module as a program; return the numbers that it printed, or None if it failed."""
    program = [sys.executable, "-I", "-S", __file__, what, *map(str, files)]
    done = subprocess.run(program, check=False, capture_output=True, text=True)
    return None if done.returncode else [int(number) for number in done.stdout.split()]


if __name__ == "__main__":
    _, what, *files = sys.argv
    if what == "write":
        print(*write_differences(*map(Path, files))[1])
    else:
        print(*list_differences(*map(Path, files)))
