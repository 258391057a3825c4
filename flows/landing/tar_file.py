"""Tar file: its members in one pass, each header checked, to the end of the archive.

Python's tarfile takes a damaged header for the end of the archive, follows headers of any length in memory,
and fails in many ways on names, times and sizes that nobody writes. Only the reading of a single header is
taken from it.
"""

from __future__ import annotations

import math
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, NoReturn

from ontherecord.flows.landing.damage import CHANGED, CUT_OFF, Damaged, TooMuch
from ontherecord.flows.landing.folder import name_as_text
from ontherecord.flows.landing.member import MAX_MEMBERS, Member
from ontherecord.flows.landing.passed_over import LINK, SPECIAL

# Names have 4 kB at most, and extended attributes of a file 64 kB each.
MAX_HEADER_BYTES = 1_000_000
# There are four kinds of them.
_MAX_EXTENSIONS = 16
_BLOCK = tarfile.BLOCKSIZE
_SECOND = 1_000_000_000
# Years 1697 to 2242: what is outside does not fit in a number of nanoseconds, and is no time of a file.
_MAX_SECONDS = 2**33
# No disk has such a file, and a file cannot be read from behind such a place.
_MAX_SIZE = 2**43
_PIECE_BYTES = 1_000_000
_OF_NEXT, _OF_ALL = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE), tarfile.XGLTYPE
_LONG_NAME, _LONG_LINK = tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK
_LINKS = (tarfile.LNKTYPE, tarfile.SYMTYPE)
# These have no content, whatever their size says.
_EMPTY = (*_LINKS, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, b"V")
_NO_FILES = (tarfile.DIRTYPE, b"V", b"D")  # b"V" names the tape, b"D" lists a folder
_REGULAR = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)
# Where a header says that another block of the map of a sparse file follows, in the first one and in those.
_MORE_AT, _STILL_MORE_AT = 482, 504
_LENGTH = re.compile(rb"([1-9][0-9]{0,9}) ")
_SPARSE = b"GNU.sparse."
_KEYS = frozenset((b"path", b"size", b"mtime"))


@dataclass(slots=True)
class _Extended:
    """What the extended headers say: of the next member, and of all that follow."""

    next: dict[bytes, bytes] = field(default_factory=dict)
    all: dict[bytes, bytes] = field(default_factory=dict)

    def get(self, key: bytes) -> bytes | None:
        """Return a value; an empty one takes back what was said of all."""
        return self.next.get(key, self.all.get(key)) or None


def read_tar(file: IO[bytes], fraction: int) -> Iterator[Member]:
    """Yield the members of a tar file, without folders; `fraction` stands for that of their seconds.

    A tar file has no checksums of contents. What it has is checked: those of headers, that all members are
    whole, that the archive ends with two empty blocks and that nothing stands behind them.

    Raises Damaged if one of these is not so, TooMuch if there are more members or longer headers than in any
    archive of news.
    """
    extended, count, extensions = _Extended(), 0, 0
    while (block := file.read(_BLOCK)).strip(b"\0"):
        info = _read_header(block, is_first=not (count or extensions))
        if info.type in (*_OF_NEXT, _OF_ALL, _LONG_NAME, _LONG_LINK):
            extensions += 1
            if extensions > _MAX_EXTENSIONS:
                raise TooMuch(f"it has more than {_MAX_EXTENSIONS} extended headers for one file")
            _extend(extended, info.type, _read_extension(file, info.size))
            continue
        count, extensions = count + 1, 0
        if count > MAX_MEMBERS:
            raise TooMuch(f"it has more than {MAX_MEMBERS:,} files")
        size = _size_of(info, extended)
        is_sparse = _skip_map(file, info.type, block) or extended.get(_SPARSE) is not None
        body = _Body(file, size)
        if info.type not in _NO_FILES:
            yield _member(info, extended, body, is_sparse, fraction)
        body.skip()
        extended.next = {}
    if not count:
        raise Damaged("it is no tar archive: it has nothing but empty blocks" if block else CUT_OFF)
    _check_end(file, block, extended)


class _Body:
    """The content of a member: read at once or not at all, then skipped to the next header."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self.size = file, size
        self._end = file.tell() + _padded(size) if file.seekable() else None
        self._left = _padded(size)

    def read(self) -> bytes:
        """Return the content. Raises Damaged if the archive ends in it."""
        content = self._file.read(self.size)
        self._left -= len(content)
        if len(content) < self.size:
            raise Damaged(CUT_OFF)
        return content

    def skip(self) -> None:
        """Go to the header that follows; if the archive ends before, there is none."""
        if self._end is not None:
            self._file.seek(self._end)
            return
        while self._left and (piece := self._file.read(min(self._left, _PIECE_BYTES))):
            self._left -= len(piece)


def _read_header(block: bytes, *, is_first: bool) -> tarfile.TarInfo:
    try:
        return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.TarError, ArithmeticError, ValueError) as error:
        if is_first:
            raise Damaged("it is no tar archive, or is damaged where it begins") from error
        raise Damaged(CHANGED if len(block) == _BLOCK else CUT_OFF) from error


def _read_extension(file: IO[bytes], size: int) -> bytes:
    """Return the content of an extended header."""
    if not 0 <= size <= MAX_HEADER_BYTES:
        raise TooMuch(f"it has a header of {size:,} bytes")
    content = file.read(_padded(size))
    if len(content) < _padded(size):
        raise Damaged(CUT_OFF)
    return content[:size]


def _extend(extended: _Extended, kind: bytes, content: bytes) -> None:
    if kind == _LONG_NAME:
        extended.next[b"path"] = content.partition(b"\0")[0]
    elif kind != _LONG_LINK:
        values = extended.all if kind == _OF_ALL else extended.next
        values.update(_records(content))


def _records(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the keys and values of an extended header that matter here: `19 path=2015/a.txt` in a line."""
    at = 0
    while at < len(content) and content[at]:
        length = _LENGTH.match(content, at)
        end = at + int(length[1]) if length else 0
        if not length or not length.end() < end <= len(content) or content[end - 1] != ord("\n"):
            raise Damaged("an extended header in it is damaged")
        key, equals, value = content[length.end() : end - 1].partition(b"=")
        if not equals:
            raise Damaged("an extended header in it is damaged")
        if key in _KEYS:
            yield key, value
        elif key.startswith(_SPARSE):
            yield _SPARSE, b"yes"
        at = end


def _size_of(info: tarfile.TarInfo, extended: _Extended) -> int:
    if info.type in _EMPTY:
        return 0
    text = extended.get(b"size")
    if text is not None and not re.fullmatch(rb"[0-9]{1,18}", text):
        raise Damaged("an extended header in it is damaged")
    size = info.size if text is None else int(text)
    if size < 0:
        raise Damaged("a file in it has less than no bytes")
    if size > _MAX_SIZE:
        raise Damaged(CUT_OFF)
    return size


def _seconds_of(info: tarfile.TarInfo, extended: _Extended) -> int:
    """Return the time of a member; 0 for one that is none, such as `inf`."""
    text = extended.get(b"mtime")
    try:
        seconds = float(info.mtime if text is None else text)
    except (ValueError, OverflowError):
        return 0
    return int(seconds) if math.isfinite(seconds) and abs(seconds) < _MAX_SECONDS else 0


def _skip_map(file: IO[bytes], kind: bytes, block: bytes) -> bool:
    """Say whether a member is sparse as GNU's tar once wrote them; skip the rest of its map."""
    if kind != tarfile.GNUTYPE_SPARSE:
        return False
    more = block[_MORE_AT]
    while more:
        block = file.read(_BLOCK)
        if len(block) < _BLOCK:
            raise Damaged(CUT_OFF)
        more = block[_STILL_MORE_AT]
    return True


def _member(
    info: tarfile.TarInfo, extended: _Extended, body: _Body, is_sparse: bool, fraction: int
) -> Member:
    path = extended.get(b"path")
    name = info.name.encode("utf-8", "surrogateescape") if path is None else path.rstrip(b"/")
    # Those that Windows parts with a backslash; one of name_as_text stands for a byte.
    text = name_as_text(name.replace(b"\\", b"/")).replace("\0", "\\x00")
    at = _seconds_of(info, extended) * _SECOND + fraction
    kind = LINK if info.type in _LINKS else None if info.type in _REGULAR or is_sparse else SPECIAL
    return Member(text, body.size, at, _refuse_sparse if is_sparse else body.read, kind)


def _refuse_sparse() -> NoReturn:
    raise Damaged("it is packed as a sparse file, with its holes left out")


def _check_end(file: IO[bytes], block: bytes, extended: _Extended) -> None:
    """Read on behind the last member: two empty blocks, then nothing but zero bytes."""
    if len(block) < _BLOCK or extended.next:
        raise Damaged(CUT_OFF)
    second = file.read(_BLOCK)
    if len(second) < _BLOCK:
        raise Damaged(CUT_OFF)
    total = 0
    while second:
        if second.strip(b"\0"):
            raise Damaged("something else stands behind its end, or a header in it was lost")
        total += len(second)
        second = file.read(_PIECE_BYTES)
    if total % _BLOCK:
        raise Damaged("bytes in it were lost or added: it does not end with a whole block")


def _padded(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK
