"""Zip file: its members, after its list of contents has been checked against its end and itself.

Python's zipfile takes the list that stands last, whatever stands before, behind or instead of it: of two
archives that were joined it reads one. It reads the members, and checks each against its own header and sum.
"""

from __future__ import annotations

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import IO

from ontherecord.flows.landing.damage import Damaged, TooMuch, name_damage
from ontherecord.flows.landing.member import MAX_MEMBERS, Member
from ontherecord.flows.landing.passed_over import LINK, SPECIAL

# An entry has 46 bytes, the name and some notes, which for 500,000 files come to half of this.
MAX_DIRECTORY_BYTES = 100_000_000
_SECOND = 1_000_000_000
# What is asked for at once. Of bzip2 and LZMA, zipfile unpacks as many packed bytes, whatever they become:
# 4 kB become at most some 80 MB.
_PIECE_BYTES, _SMALL_PIECE_BYTES = 262_144, 4_096
_END, _END_64, _LOCATOR = struct.Struct("<4s4H2LH"), struct.Struct("<4sQ2H2L4Q"), struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL_BYTES = 30
_LONGEST_COMMENT = 65_535
_UNIX = 3
_ENCRYPTED, _IS_UTF8 = 0x1, 0x800
# The newest version of the format that zipfile lists.
_NEWEST = 63
_NO_LIST = "its list of contents is missing: it is cut off, or no zip file"
_BAD_LIST = "its list of contents is damaged"
# What zipfile and what it unpacks with raise for damage of all kinds.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, RuntimeError,
    ArithmeticError, LookupError, TypeError, ValueError,
)  # fmt: skip


def read_zip(file: IO[bytes], size: int) -> Iterator[Member]:
    """Yield the members of a zip file of `size` bytes, without folders.

    Raises Damaged if its list of contents is not whole or does not fit what stands before and behind it,
    TooMuch if it has more members than any archive of news.
    """
    directory = _find_directory(file, size)
    _check_entries(directory)
    try:
        archive = zipfile.ZipFile(_WithDirectory(file, directory))
    except _BROKEN as error:
        raise Damaged(name_damage(error)) from error
    with archive:
        members = archive.infolist()
        _check_places(members, directory.start)
        for info in members:
            if not info.filename.endswith("/"):
                yield Member(info.filename.replace("\\", "/"), info.file_size, _time_of(info),
                             partial(_read, archive, info), _passed_over(info))  # fmt: skip
            elif info.file_size:
                raise Damaged(_BAD_LIST)


@dataclass(frozen=True, slots=True)
class _Directory:
    """The list of contents: where it begins, all bytes from there to the end, its length, its entries."""

    start: int
    tail: bytearray
    bytes: int
    count: int


class _WithDirectory(io.RawIOBase):
    """A zip file whose list of contents is in memory, and mended."""

    def __init__(self, file: IO[bytes], directory: _Directory) -> None:
        self._file, self._directory = file, directory
        self._at = 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        end = self._directory.start + len(self._directory.tail)
        self._at = offset + {0: 0, 1: self._at, 2: end}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        behind = self._at - self._directory.start
        if behind >= 0:
            content = bytes(self._directory.tail[behind : None if size < 0 else behind + size])
        else:
            self._file.seek(self._at)
            content = self._file.read(size)
        self._at += len(content)
        return content


def _find_directory(file: IO[bytes], size: int) -> _Directory:
    """Return the list of contents, which must end where the record of the end begins."""
    end_at, end = _find_end(file, size)
    _, disk, first_disk, on_disk, count, length, start, _ = _END.unpack_from(end)
    disks = (disk, first_disk)
    list_end = end_at
    locator = _read_at(file, end_at - _LOCATOR.size, _LOCATOR.size) if end_at >= _LOCATOR.size else b""
    if locator.startswith(b"PK\x06\x07"):
        list_end = _LOCATOR.unpack(locator)[2]
        if list_end + _END_64.size != end_at - _LOCATOR.size:
            raise Damaged(_BAD_LIST)
        record = _END_64.unpack(_read_at(file, list_end, _END_64.size))
        if record[0] != b"PK\x06\x06":
            raise Damaged(_BAD_LIST)
        disks, (on_disk, count, length, start) = record[4:6], record[6:10]
    if any(disks) or on_disk != count:
        raise Damaged("it is one part of an archive in several")
    if start + length != list_end:
        raise Damaged("its list of contents does not stand where it says: something was added or lost")
    if count > MAX_MEMBERS or length > MAX_DIRECTORY_BYTES:
        raise TooMuch(f"it has more than {MAX_MEMBERS:,} files")
    return _Directory(start, bytearray(_read_at(file, start, size - start)), length, count)


def _find_end(file: IO[bytes], size: int) -> tuple[int, bytes]:
    """Return where the record of the end begins, and it; its comment must reach to the end of the file."""
    searched = min(size, _END.size + _LONGEST_COMMENT)
    tail = _read_at(file, size - searched, searched)
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        if len(tail) - at >= _END.size and at + _END.size + _END.unpack_from(tail, at)[-1] == len(tail):
            return size - searched + at, tail[at:]
        at = tail.rfind(b"PK\x05\x06", 0, at)
    raise Damaged(_NO_LIST)


def _read_at(file: IO[bytes], at: int, size: int) -> bytes:
    file.seek(at)
    content = file.read(size)
    if len(content) < size:
        raise Damaged(_BAD_LIST)
    return content


def _check_entries(directory: _Directory) -> None:
    """Check that the list has as many entries as it says, and mend what zipfile fails on for all of them.

    A name that says that it is UTF-8 and is not is listed as one of the time before UTF-8. What is wrong with
    such a member, or with one of an unknown version, `_read` says.
    """
    at, tail = 0, directory.tail
    for _ in range(directory.count):
        if at + _ENTRY.size > directory.bytes or not tail.startswith(b"PK\x01\x02", at):
            raise Damaged(_BAD_LIST)
        _, _, version, flags, *_, name, extra, comment, _, _, _, _ = _ENTRY.unpack_from(tail, at)
        if flags & _IS_UTF8 and not _is_utf8(tail[at + _ENTRY.size : at + _ENTRY.size + name]):
            struct.pack_into("<H", tail, at + 8, flags & ~_IS_UTF8)
        if version > _NEWEST:
            struct.pack_into("<H", tail, at + 6, _NEWEST)
        at += _ENTRY.size + name + extra + comment
    if at != directory.bytes:
        raise Damaged(_BAD_LIST)


def _is_utf8(name: bytearray) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def _check_places(members: Sequence[zipfile.ZipInfo], end: int) -> None:
    """Check that the members stand one behind the other from the first byte on, and none within another."""
    at = 0
    for info in sorted(members, key=lambda info: info.header_offset):
        if info.header_offset < at or (at == 0 and info.header_offset):
            raise Damaged("its files overlap, or something else stands before them")
        at = info.header_offset + _LOCAL_BYTES + len(info.orig_filename) + info.compress_size
    if at > end:
        raise Damaged(_BAD_LIST)


def _time_of(info: zipfile.ZipInfo) -> int:
    """Return the time of a member, to two seconds; its checksum stands for the fraction."""
    try:
        at = int(datetime(*info.date_time, tzinfo=UTC).timestamp())
    except ValueError:
        at = 0
    return at * _SECOND + info.CRC % _SECOND


def _passed_over(info: zipfile.ZipInfo) -> str | None:
    kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == _UNIX else 0
    return LINK if kind == stat.S_IFLNK else None if kind in (0, stat.S_IFREG) else SPECIAL


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return what is in a member. Raises Damaged if its header, sum or size is not that of the list."""
    pieces, size = [], 0
    is_bounded = info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    try:
        with archive.open(info) as file:
            while piece := file.read(_PIECE_BYTES if is_bounded else _SMALL_PIECE_BYTES):
                size += len(piece)
                if size > info.file_size:
                    break
                pieces.append(piece)
    except UnicodeDecodeError as error:
        raise Damaged("its name is not the UTF-8 that it says it is") from error
    except _BROKEN as error:
        raise Damaged(name_damage(error)) from error
    except OSError as error:
        if error.errno is None and type(error) is OSError:  # bz2 has no error of its own
            raise Damaged(name_damage(error)) from error
        raise
    if size != info.file_size:
        raise Damaged("its size is not that of the list of contents")
    return b"".join(pieces)
