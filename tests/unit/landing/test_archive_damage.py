"""Every byte of small archives of each kind changed, cut off, doubled: equal texts, or refused with a reason.

A changed name or time may be taken as it is, and so may the contents of a plain tar file, which has no sums.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections import Counter
from collections.abc import Mapping

import pytest

from ontherecord.flows.landing.damage import Damaged
from ontherecord.flows.landing.packed import open_packed
from ontherecord.flows.landing.tar_file import read_tar
from ontherecord.flows.landing.unpack import unpack
from ontherecord.flows.landing.zip_file import read_zip
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import LandedFile, RawFile

TEXTS = {
    "a.txt": b"The ferry sails.",
    "2015/\xe9.txt": "Café opens; its café.".encode() * 9,
    "c.txt": b"Rain.",
}
ONE = b"The ferry sails, and sails."


def _tar(format_: int = tarfile.PAX_FORMAT) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=format_) as archive:
        for name, text in TEXTS.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(text), 1_451_703_846.5
            archive.addfile(info, io.BytesIO(text))
    whole = file.getvalue().rstrip(b"\0")
    # To the end of the last block, and the two empty ones that end an archive, without those that fill it.
    return whole + bytes(-len(whole) % tarfile.BLOCKSIZE + 2 * tarfile.BLOCKSIZE)


def _zip(method: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, text in TEXTS.items():
            archive.writestr(zipfile.ZipInfo(name, (2016, 1, 2, 3, 4, 6)), text, method)
    return file.getvalue()


TAR = _tar()
KINDS: Mapping[str, bytes] = {
    "zip": _zip(zipfile.ZIP_DEFLATED),
    "zip, stored": _zip(zipfile.ZIP_STORED),
    "zip, bzip2": _zip(zipfile.ZIP_BZIP2),
    "zip, lzma": _zip(zipfile.ZIP_LZMA),
    "tar": TAR,
    "tar of GNU": _tar(tarfile.GNU_FORMAT),
    "tar.gz": gzip.compress(TAR, mtime=0),
    "tar.bz2": bz2.compress(TAR),
    "tar.xz": lzma.compress(TAR),
    "gz": gzip.compress(ONE, mtime=0),
}
WHOLE = {kind: Counter([ONE] if kind == "gz" else TEXTS.values()) for kind in KINDS}


def _read(kind: str, content: bytes) -> tuple[Counter[bytes], int]:
    """Return the texts in an archive, and how many files are told to be damaged or passed over."""
    file = io.BytesIO(content)
    if kind == "gz":
        landed = LandedFile("a.txt.gz", "a.txt.gz", len(content), 0)
        return Counter([unpack(RawFile(landed, content, "")).kept]), 0
    is_zip = kind.startswith("zip")
    size = len(content)
    texts: Counter[bytes] = Counter()
    told = 0
    for member in read_zip(file, size) if is_zip else read_tar(open_packed(file, size), 0):
        try:
            if member.passed_over:
                told += 1
            else:
                texts[member.read()] += 1
        except Damaged:
            told += 1
    return texts, told


def _wrong(kind: str, content: bytes) -> str | None:
    """Say what is wrong with what is read; None if all is equal or refused with a reason."""
    try:
        texts, told = _read(kind, content)
    except (Damaged, BadDelivery) as error:
        return None if str(error) else "refused without a reason"
    if other := texts - WHOLE[kind]:
        return f"{other} is another text"
    lost = (WHOLE[kind] - texts).total()
    return f"{lost} lost, {told} told" if lost > told else None


def _contents(kind: str) -> set[int]:
    """Return where the bytes of the texts in a plain tar file are."""
    if kind not in ("tar", "tar of GNU"):
        return set()
    starts = {KINDS[kind].index(text): len(text) for text in TEXTS.values()}
    return {at for start, size in starts.items() for at in range(start, start + size)}


@pytest.mark.parametrize("kind", KINDS)
def test_whole_archives_are_read(kind: str) -> None:
    assert _read(kind, KINDS[kind]) == (WHOLE[kind], 0)


@pytest.mark.parametrize("kind", KINDS)
def test_no_changed_byte_is_taken_for_another_text(kind: str) -> None:
    found = {}
    for at in {*range(len(KINDS[kind]))} - _contents(kind):
        changed = bytearray(KINDS[kind])
        changed[at] ^= 1 << at % 8
        if wrong := _wrong(kind, bytes(changed)):
            found[at] = wrong
    assert found == {}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_read_of_an_archive_that_is_cut_off(kind: str) -> None:
    whole = KINDS[kind]
    for size in range(1 if kind == "gz" else 0, len(whole)):
        with pytest.raises((Damaged, BadDelivery)):
            _read(kind, whole[:size])


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_read_of_two_archives_in_one_file(kind: str) -> None:
    whole = KINDS[kind]
    for second in (whole, whole[:-3], whole[len(whole) // 2 :], b"x"):
        if kind == "gz" and second == whole:
            continue  # gzip itself reads both as one text
        with pytest.raises((Damaged, BadDelivery)):
            _read(kind, whole + second)


@pytest.mark.parametrize("kind", KINDS)
def test_zero_bytes_behind_what_is_packed_fill_a_tape(kind: str) -> None:
    if kind.startswith("zip"):
        with pytest.raises(Damaged):
            _read(kind, KINDS[kind] + bytes(1024))
    else:
        assert _read(kind, KINDS[kind] + bytes(1024)) == (WHOLE[kind], 0)
