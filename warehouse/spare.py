"""The spare: the file that was published before, kept to become the next one.

A publish differs from the one before in few blocks, but a copy writes all of them. So the file that a
publish replaces is kept under a hidden name. The next publish compares it with the writer's file and writes
only what differs. DuckDB's own checksums of blocks would not do: two words that change places leave them as
they are.

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
from collections.abc import Iterator
from io import BufferedRandom, BufferedReader
from pathlib import Path

# A smaller file is copied in a moment; the spare takes as much space again.
LEAST_BYTES = 64_000_000
# A DuckDB file: three headers of 4,096 bytes, then blocks.
HEADERS = 12_288
BLOCK = 262_144
# Where it begins in the file, and its bytes.
Block = tuple[int, bytearray]
# Local, and without another way to their files. The rest have no leases, or other machines open their files.
_FILE_SYSTEMS = {"ext2", "ext3", "ext4", "f2fs", "tmpfs", "xfs", "zfs"}


def copy_blocks(source: Path, target: Path) -> bool:
    """Make an older copy equal to a file by writing what differs; say whether it worked, in another process.

    If it did not, the copy is as it was, or changed in part.
    """
    return _run("write", source, target) is not None


def differing_blocks(file: Path, other: Path) -> list[int] | None:
    """Return the numbers of a DuckDB file's blocks that another has not; None if they cannot be read."""
    found = _run("list", file, other)
    return None if found is None else [int(number) for number in found.split()]


def write_differences(source: Path, target: Path) -> int:
    """Make a file equal to another, byte for byte, by writing the blocks that differ; return their bytes.

    Raises OSError if somebody may have the file open, it has a second name, or a file cannot be read or
    written.
    """
    if target.stat().st_nlink > 1:
        raise OSError("a file with a second name")
    target.chmod(0o600)
    written = 0
    with open(source, "rb") as new, open(target, "r+b") as old:
        _require_unused(old.fileno())
        for at, block in _differences(new, old):
            _write(old.fileno(), memoryview(block), at)
            written += len(block)
        old.truncate(new.tell())
    return written


def list_differences(file: Path, other: Path) -> Iterator[int]:
    """Yield the numbers of a DuckDB file's blocks that another has not. Raises OSError."""
    with open(file, "rb") as one, open(other, "rb") as two:
        for at, _ in _differences(one, two):
            if at:
                yield (at - HEADERS) // BLOCK


def _differences(file: BufferedReader, other: BufferedReader | BufferedRandom) -> Iterator[Block]:
    """Yield place and content of the headers and blocks of a file that another has not, in one buffer."""
    block, its = bytearray(HEADERS), bytearray(HEADERS)
    at = 0
    while count := file.readinto(block):
        there = os.preadv(other.fileno(), [its], at)
        del block[count:], its[there:]  # at the end of the files
        if block != its:
            yield at, block
        at += count
        if at == HEADERS:
            block, its = bytearray(BLOCK), bytearray(BLOCK)


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


def _run(what: str, file: Path, other: Path) -> str | None:
    """Run this module as a program; return what it printed, or None if it failed."""
    program = [sys.executable, "-I", "-S", __file__, what, str(file), str(other)]
    done = subprocess.run(program, check=False, capture_output=True, text=True)
    return None if done.returncode else done.stdout


if __name__ == "__main__":
    _, what, *files = sys.argv
    if what == "write":
        write_differences(*map(Path, files))
    else:
        print(*list_differences(*map(Path, files)))
