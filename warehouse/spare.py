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
from pathlib import Path

# A smaller file is copied in a moment; the spare takes as much space again.
LEAST_BYTES = 64_000_000
# As DuckDB's blocks; the headers before them shift these by 12,288 bytes, which does no harm.
_BLOCK = 262_144
# Local, and without another way to their files. The rest have no leases, or other machines open their files.
_FILE_SYSTEMS = {"ext2", "ext3", "ext4", "f2fs", "tmpfs", "xfs", "zfs"}


def copy_blocks(source: Path, target: Path) -> bool:
    """Make an older copy equal to a file by writing what differs; say whether it worked, in another process.

    If it did not, the copy is as it was, or changed in part.
    """
    program = subprocess.run(
        [sys.executable, "-I", "-S", __file__, source, target], check=False, capture_output=True
    )
    return program.returncode == 0


def write_differences(source: Path, target: Path) -> int:
    """Make a file equal to another, byte for byte, by writing the blocks that differ; return their bytes.

    Raises OSError if the file is open or has a second name, it cannot be known, or a file cannot be read or
    written.
    """
    if target.stat().st_nlink > 1:
        raise OSError("a file with a second name")
    target.chmod(0o600)
    written = 0
    with open(source, "rb") as new, open(target, "r+b") as old:
        _require_unused(old.fileno())
        new_block, old_block = bytearray(_BLOCK), bytearray(_BLOCK)
        size = 0
        while count := new.readinto(new_block):
            there = os.preadv(old.fileno(), [old_block], size)
            del new_block[count:], old_block[there:]  # at the end of the files
            if new_block != old_block:
                _write(old.fileno(), memoryview(new_block), size)
                written += count
            size += count
        old.truncate(size)
    return written


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


if __name__ == "__main__":
    write_differences(Path(sys.argv[1]), Path(sys.argv[2]))
