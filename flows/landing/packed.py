"""Packed: what gzip, bzip2 and xz have packed, read as a stream, checked to its end, within limits.

Python's own file classes read on where a second part is damaged as if nothing stood there, and check a sum
only if somebody reads to the end. Here, reading to the end means that every sum was right and that nothing
else stands behind.
"""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Callable
from typing import IO, Any, Protocol

from ontherecord.flows.landing.damage import CUT_OFF, Damaged, TooMuch, name_damage

GZIP = b"\x1f\x8b"
# Text is packed 3 to 10 times smaller, and pages of one site, which have most in common, 40 times. A file of
# one repeated letter, which nobody reads, is packed 1,000 times smaller by gzip and 10,000 times by xz.
MAX_RATIO = 100
# Below this, nobody is harmed whatever the ratio is.
FREE_BYTES = 10_000_000
# A year of a newspaper has 1 GB of text, or 20 GB of web pages. Unpacking more takes longer than any run.
MAX_UNPACKED_BYTES = 64_000_000_000
# What xz -9 takes to unpack is 65 MB; its own tool goes up to 4 GB.
_XZ_MEMORY = 256_000_000
# zlib's sign for the format of gzip, whose sums it checks itself.
GZIP_WINDOW = 31
_PIECE_BYTES = 65_536
_BUFFER_BYTES = 262_144


class _Unpacker(Protocol):
    """What zlib's, bz2's and lzma's objects have in common."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


_UNPACKERS: tuple[tuple[bytes, Callable[[], _Unpacker]], ...] = (
    (GZIP, lambda: zlib.decompressobj(GZIP_WINDOW)),
    (b"BZh", bz2.BZ2Decompressor),
    (b"\xfd7zXZ\0", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, _XZ_MEMORY)),
)


def open_packed(file: IO[bytes], size: int) -> IO[bytes]:
    """Return what is packed in a file of `size` bytes as a stream; the file itself if it is not packed."""
    head = file.read(6)
    file.seek(0)
    for magic, make in _UNPACKERS:
        if head.startswith(magic):
            return io.BufferedReader(_Unpacked(file, size, magic, make), _BUFFER_BYTES)
    return file


def check_size(unpacked: int, packed: int) -> None:
    """Raise TooMuch if `packed` bytes do not become `unpacked` bytes in any archive of news."""
    if unpacked > MAX_UNPACKED_BYTES:
        raise TooMuch(f"it unpacks to more than {MAX_UNPACKED_BYTES:,} bytes")
    if unpacked > FREE_BYTES and unpacked > packed * MAX_RATIO:
        raise TooMuch(f"it unpacks to more than {MAX_RATIO} times its size, as no text does")


class _Unpacked(io.RawIOBase):
    """The unpacked bytes of a file; several packed parts one behind the other are read as one.

    Reading raises Damaged where the file is damaged, cut off or followed by something else, and TooMuch.
    """

    def __init__(self, file: IO[bytes], size: int, magic: bytes, make: Callable[[], _Unpacker]) -> None:
        self._file, self._size, self._magic, self._make = file, size, magic, make
        self._unpacker = make()
        self._waiting = b""
        self._count = 0
        self._is_over = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        target = memoryview(buffer).cast("B")
        while not self._is_over:
            if self._unpacker.eof:
                self._begin_next_part()
            elif part := self._unpack(len(target)):
                self._count += len(part)
                check_size(self._count, self._size)
                target[: len(part)] = part
                return len(part)
        return 0

    def _unpack(self, size: int) -> bytes:
        if not self._waiting and self._needs_more():
            self._waiting = self._file.read(_PIECE_BYTES)
            if not self._waiting:
                raise Damaged(CUT_OFF)
        data, self._waiting = self._waiting, b""
        try:
            part = self._unpacker.decompress(data, size)
        except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
            raise Damaged(name_damage(error)) from error
        # zlib hands back what it did not need yet; the others keep it.
        self._waiting = getattr(self._unpacker, "unconsumed_tail", b"")
        return part

    def _needs_more(self) -> bool:
        return bool(getattr(self._unpacker, "needs_input", True))

    def _begin_next_part(self) -> None:
        """Go on to the next packed part; zero bytes behind the last one fill a block of a tape."""
        rest = self._unpacker.unused_data.lstrip(b"\0")
        while len(rest) < len(self._magic) and (piece := self._file.read(_PIECE_BYTES)):
            rest = (rest + piece).lstrip(b"\0")
        if rest and not rest.startswith(self._magic):
            raise Damaged("something else stands behind what is packed")
        self._is_over = not rest
        self._unpacker, self._waiting = self._make(), rest
