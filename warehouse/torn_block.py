"""Torn blocks: complete a block of the writer's file that a killed process had written half.

DuckDB writes rows to free blocks, so a kill leaves those that its header knows as they were. The blocks of
its metadata are the exception: such a block has 64 parts, and a checkpoint writes new parts beside those in
use, over the whole block, in its place. Linux may end that write between two pages for a process that is
killed. Then the block has the checksum of what was to be there, and DuckDB opens the file no more. The parts
in use are the same before and after. So with the checksum of what is there, the file is as it was before the
checkpoint; what came later is in the WAL, which goes only when a checkpoint is complete.

It is rare: bench/crash.py met it once in some four thousand kills.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import duckdb
import numpy as np

from ontherecord.warehouse.database import wal_of
from ontherecord.warehouse.memory import MEMORY_MB, memory_config
from ontherecord.warehouse.spare import BLOCK, HEADERS

_WRONG_CHECKSUM = re.compile(r"does not match stored checksum \d+ in block at location (\d+)")
_CHECKSUM = struct.Struct("<Q")
# Of DuckDB (src/common/checksum.cpp): what it begins with, and by what each word is multiplied.
_SEED, _FACTOR = 5381, 0xBF58476D1CE4E5B9


def mend_torn_block(file: Path, *, only_look: bool = False) -> int | None:
    """Complete the block that a killed process had written half; return its number, None if there is none.

    It is one block of metadata with free parts, in a file with a WAL. Any other damage is left as it is. The
    caller has the writer's lock, and the file is not open in this process. With `only_look` the file is put
    back as it was.
    """
    with suppress(FileNotFoundError, PermissionError), _without_wal(file) as link:
        return _mend(file, link, only_look) if link else None
    return None


@contextmanager
def _without_wal(file: Path) -> Iterator[Path | None]:
    """Give a file that has a WAL another name, under which it has none.

    None if there is no WAL, or the file system has no second names.
    """
    wal = wal_of(file)
    if not wal.exists() or not wal.stat().st_size:
        yield None
        return
    link = file.with_name(f".checkpoint.{os.getpid()}.duckdb")
    try:
        link.unlink(missing_ok=True)
        os.link(file, link)
    except OSError:
        yield None
        return
    try:
        yield link
    finally:
        link.unlink(missing_ok=True)


def _mend(file: Path, link: Path, only_look: bool) -> int | None:
    with open(file, "r+b", buffering=0) as opened:
        descriptor = opened.fileno()
        changed: dict[int, bytes] = {}
        try:
            partly_free = _metadata_blocks(link)
        except duckdb.Error as error:
            # A torn block may be one that opening reads.
            if not (told := _WRONG_CHECKSUM.search(str(error))):
                return None
            _complete(descriptor, int(told[1]), changed)
            try:
                partly_free = _metadata_blocks(link)
            except duckdb.Error:
                _put_back(descriptor, changed)
                return None
        for number in partly_free:
            _complete(descriptor, HEADERS + number * BLOCK, changed)
        numbers = [(at - HEADERS) // BLOCK for at in changed]
        is_torn = len(numbers) == 1 and partly_free.get(numbers[0], False)
        if only_look or not is_torn:
            _put_back(descriptor, changed)
        os.fsync(descriptor)
        return numbers[0] if is_torn else None


def _metadata_blocks(file: Path) -> dict[int, bool]:
    """Return the blocks of metadata, and of each whether it has free parts. Raises duckdb.Error."""
    with closing(duckdb.connect(str(file), read_only=True, config=memory_config(MEMORY_MB))) as connection:
        rows = connection.execute("select block_id, free_blocks from pragma_metadata_info()").fetchall()
    return {number: free > 0 for number, free in rows}


def _complete(descriptor: int, at: int, changed: dict[int, bytes]) -> None:
    """Give the block at a place the checksum of what it has; note the one before if that was another."""
    block = os.pread(descriptor, BLOCK, at)
    if len(block) != BLOCK:
        return
    computed = _CHECKSUM.pack(_checksum(block[_CHECKSUM.size :]))
    if computed != block[: _CHECKSUM.size]:
        os.pwrite(descriptor, computed, at)
        changed[at] = block[: _CHECKSUM.size]


def _put_back(descriptor: int, changed: dict[int, bytes]) -> None:
    for at, checksum in changed.items():
        os.pwrite(descriptor, checksum, at)


def _checksum(content: bytes) -> int:
    """Return DuckDB's checksum of a block's content, whose length is a multiple of eight."""
    words = np.frombuffer(content, "<u8") * np.uint64(_FACTOR)
    return int(np.bitwise_xor.reduce(words)) ^ _SEED
