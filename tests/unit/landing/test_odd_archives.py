"""What is odd in an archive: names, times, links, sizes. Loaded under a safe name, or told."""

from __future__ import annotations

import gzip
import lzma
import os
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ontherecord.flows.landing import archive, packed, tar_file
from ontherecord.flows.landing.archive import ArchiveDamaged, ArchiveReader, list_archive
from ontherecord.flows.landing.passed_over import HIDDEN, LINK, LONG_NAME, REPLACED, SPECIAL, PassedOver
from ontherecord.warehouse.errors import BadDelivery, FileChanged, LandingError
from ontherecord.warehouse.records import LandedFile

TEXT = b"The ferry sails again."
END = bytes(2 * tarfile.BLOCKSIZE)
REGULAR = tarfile.REGTYPE


def _block(content: bytes) -> bytes:
    return content + bytes(-len(content) % tarfile.BLOCKSIZE)


def _entry(name: str | bytes = "a.txt", text: bytes = TEXT, kind: bytes = REGULAR, **values: int) -> bytes:
    """Return a member of a tar file, its header with these values."""
    info = tarfile.TarInfo("x")
    info.size, info.type = values.pop("size", len(text)), kind
    head = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    name = name.encode() if isinstance(name, str) else name
    head[0:100] = name.ljust(100, b"\0")
    for at, value in values.items():
        head[int(at[2:])] = value
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + _block(text)


def _pax(records: bytes, kind: bytes = tarfile.XHDTYPE) -> bytes:
    return _entry("pax", records, kind)


def _record(key: bytes, value: bytes) -> bytes:
    rest = len(key) + len(value) + 3
    length = next(n for n in range(rest, rest + 20) if n == rest + len(str(n)))
    return b"%d %s=%s\n" % (length, key, value)


def _load(file: Path) -> tuple[dict[str, bytes], dict[str, str], dict[str, int]]:
    """Return the texts by path, the files that were refused, with the reason, and what was passed over."""
    passed_over = PassedOver()
    landed = list(list_archive(file, passed_over))
    reader = ArchiveReader(file)
    reader.fetch(landed)
    texts, refused = {}, {}
    for one in landed:
        one.source_path.encode()  # valid Unicode
        assert abs(one.modified_ns) < 2**63
        try:
            texts[one.source_path] = reader.read(one).content
        except BadDelivery as error:
            [failure] = error.failures
            refused[one.source_path] = failure.value or ""
    return texts, refused, passed_over.counts


def _load_tar(tmp_path: Path, *entries: bytes) -> tuple[dict[str, bytes], dict[str, str], dict[str, int]]:
    file = tmp_path / "a.tar.gz"
    file.write_bytes(gzip.compress(b"".join(entries) + END))
    return _load(file)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("café.txt".encode("latin-1"), "caf\\xe9.txt"),
        ("café.txt".encode(), "café.txt"),
        (b"\xff\xfe/a.txt", "\\xff\\xfe/a.txt"),
        (b"/etc/a.txt", "etc/a.txt"),
        (b"../../a.txt", "../../a.txt"),
        (b"C:\\news\\a.txt", "C:/news/a.txt"),
        (b"a\nb.txt", "a\nb.txt"),
    ],
)
def test_a_name_of_any_bytes_is_a_path_in_unicode(name: bytes, path: str, tmp_path: Path) -> None:
    header = _load_tar(tmp_path, _entry(name), _entry("good.txt"))
    assert header == ({path: TEXT, "good.txt": TEXT}, {}, {})
    records = _load_tar(tmp_path, _pax(_record(b"path", name)), _entry("b.txt"), _entry("good.txt"))
    assert records == header
    long = _load_tar(
        tmp_path, _entry("@", name + b"\0", tarfile.GNUTYPE_LONGNAME), _entry(), _entry("good.txt")
    )
    assert long == header


@pytest.mark.parametrize(
    "time", [b"inf", b"-inf", b"nan", b"1e300", b"-1e300", b"9" * 5_000, b"", b"noon", b"-5"]
)
def test_a_time_that_is_none_is_left_out(time: bytes, tmp_path: Path) -> None:
    assert _load_tar(tmp_path, _pax(_record(b"mtime", time)), _entry())[0] == {"a.txt": TEXT}


def test_times_in_base_256_are_read_or_left_out(tmp_path: Path) -> None:
    for first in (0x80, 0xFF):
        assert _load_tar(tmp_path, _entry(at136=first, at137=0x7F))[0] == {"a.txt": TEXT}


def test_what_is_no_regular_file_is_passed_over_and_told(tmp_path: Path) -> None:
    links = [_entry(f"{n}.txt", b"", kind) for n, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE))]
    others = (tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, b"M", b"Z")
    specials = [_entry(f"s{n}.txt", b"", kind) for n, kind in enumerate(others)]
    found = _load_tar(
        tmp_path, *links, *specials, _entry("folder/", b"", tarfile.DIRTYPE), _entry(), _entry(b"")
    )
    assert found == ({"a.txt": TEXT}, {}, {LINK: 2, SPECIAL: 5, "file without extension": 1})


def test_of_files_with_one_name_the_last_is_loaded_and_the_others_are_told(tmp_path: Path) -> None:
    texts, _, told = _load_tar(tmp_path, _entry(), _entry("./a.txt", b"It sails."), _entry("/a.txt", b"No."))
    assert (texts, told) == ({"a.txt": b"No."}, {REPLACED: 2})


def test_of_files_with_one_name_in_a_zip_file_the_last_is_loaded_too(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(_zip(file, ("a.txt", TEXT), ("b.txt", b"It sails.")).replace(b"b.txt", b"a.txt"))
    assert _load(file) == ({"a.txt": b"It sails."}, {}, {REPLACED: 1})


def test_sparse_files_are_refused_alone(tmp_path: Path) -> None:
    old = _entry("old.txt", b"", tarfile.GNUTYPE_SPARSE, at482=1) + bytes(504) + b"\1" + bytes(7) + bytes(512)
    new = _pax(_record(b"GNU.sparse.major", b"1") + _record(b"GNU.sparse.minor", b"0")) + _entry("new.txt")
    older = _pax(_record(b"GNU.sparse.map", b"x,y") + _record(b"GNU.sparse.size", b"z")) + _entry("older.txt")
    texts, refused, _ = _load_tar(tmp_path, old, new, older, _entry())
    assert texts == {"a.txt": TEXT}
    assert set(refused) == {"old.txt", "new.txt", "older.txt"}
    assert all("sparse" in why for why in refused.values())


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ((_entry(at124=0xFF, at135=0xFF),), "less than no bytes"),
        ((_entry(at124=0x80, at126=0x7F),), "cut off"),
        ((_pax(_record(b"size", b"-512")), _entry()), "extended header"),
        ((_pax(_record(b"size", b"9" * 5_000)), _entry()), "extended header"),
        ((_pax(b"99 path=a.txt\n"), _entry()), "extended header"),
        ((_pax(b"0 path=a.txt\n"), _entry()), "extended header"),
        ((_pax(b"path"), _entry()), "extended header"),
        ((_pax(_record(b"path", b"a.txt")),), "cut off"),
        (
            (_entry("x", b"", tarfile.XHDTYPE, size=2_000_000_000), _entry()),
            "a header of 2,000,000,000 bytes",
        ),
        ((*(_pax(_record(b"path", b"a.txt")) for _ in range(17)), _entry()), "16 extended headers"),
        ((_entry(), bytes(512), _entry()), "behind its end"),
        ((), "nothing but empty blocks"),
    ],
)
def test_headers_that_cannot_be_refuse_the_archive(
    entries: tuple[bytes, ...], why: str, tmp_path: Path
) -> None:
    with pytest.raises(ArchiveDamaged, match=why):
        _load_tar(tmp_path, _entry("good.txt") if entries else b"", *entries)


def _zip(file: Path, *members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    with zipfile.ZipFile(file, "w", method) as packed_file:
        for name, text in members:
            packed_file.writestr(zipfile.ZipInfo(name), text, method)
    return file.read_bytes()


def _edit(file: Path, name: bytes, *edits: tuple[int, bytes]) -> None:
    """Change bytes of a member's entry in the list of contents."""
    whole = bytearray(file.read_bytes())
    at = whole.rindex(name) - 46
    assert whole.startswith(b"PK\1\2", at)
    for place, value in edits:
        whole[at + place : at + place + len(value)] = value
    file.write_bytes(whole)


@pytest.mark.parametrize(
    ("edits", "why"),
    [
        (((8, b"\1\0"),), "locked by a password"),
        (((10, b"\x09\0"),), "packed in a way"),
        (((6, b"\xff\0"), (10, b"\x63\0")), "packed in a way|damaged"),
        (((16, b"abcd"),), "checksum is wrong"),
        (((24, b"\xff\0\0\0"),), "size is not that"),
        (((46, b"z"),), "damaged"),
    ],
)
def test_a_member_of_a_zip_file_that_cannot_be_is_refused_alone(
    edits: tuple[tuple[int, bytes], ...], why: str, tmp_path: Path
) -> None:
    file = tmp_path / "a.zip"
    _zip(file, ("a.txt", TEXT), ("b.txt", TEXT), ("c.txt", b"It sails."))
    _edit(file, b"b.txt", *edits)
    texts, refused, told = _load(file)
    assert (texts, told) == ({"a.txt": TEXT, "c.txt": b"It sails."}, {})
    [reason] = refused.values()
    assert any(part in reason for part in why.split("|"))


def test_names_of_a_zip_file_that_are_not_what_they_say_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    names = ("é.txt", "b.txt", "/etc/c.txt", "../d.txt", "n\\e.txt")
    whole = _zip(file, *((name, TEXT) for name in names))
    broken = whole.replace("é".encode(), b"\xe9\xff")  # it still says that it is UTF-8
    file.write_bytes(broken)
    texts, refused, told = _load(file)
    assert set(texts) == {"b.txt", "etc/c.txt", "../d.txt", "n/e.txt"}
    assert (list(refused.values()), told) == (["its name is not the UTF-8 that it says it is"], {})


def test_a_name_in_latin_1_in_a_zip_file_is_read_as_one_of_the_time_before_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(_zip(file, ("caf#.txt", TEXT)).replace(b"#", b"\xe9"))
    assert _load(file) == ({"cafΘ.txt": TEXT}, {}, {})


def test_links_folders_and_empty_names_in_a_zip_file_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    kinds = {"link.txt": 0o120777, "pipe.txt": 0o010644, "a.txt": 0o100644, "f/": 0o040755}
    with zipfile.ZipFile(file, "w") as packed_file:
        for name, mode in kinds.items():
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, mode << 16
            packed_file.writestr(info, b"" if name == "f/" else TEXT)
        packed_file.writestr("x" * 5_000 + ".txt", TEXT)
        packed_file.writestr(".hidden.txt", TEXT)
    assert _load(file) == ({"a.txt": TEXT}, {}, {LINK: 1, SPECIAL: 1, LONG_NAME: 1, HIDDEN: 1})
    _zip(file, ("x", TEXT), ("a.txt", TEXT))
    whole = bytearray(file.read_bytes())
    at = whole.rindex(b"PK\1\2", 0, whole.rindex(b"PK\1\2"))
    struct.pack_into("<H", whole, at + 28, 0)  # no name, and the letter is of the notes
    struct.pack_into("<H", whole, at + 32, 1)
    file.write_bytes(whole)
    assert _load(file)[0] == {"a.txt": TEXT}


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: b"x" + whole,
        lambda whole: whole + b"x",
        lambda whole: whole + whole,
        lambda whole: whole[:-22] + b"PK\1\2" + whole[-22:],
        lambda whole: whole[:-12] + b"\1" + whole[-11:],
    ],
)
def test_a_list_of_contents_that_does_not_fit_refuses_the_archive(
    change: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(change(_zip(file, ("a.txt", TEXT), ("b.txt", TEXT))))
    with pytest.raises(ArchiveDamaged, match="damaged or incomplete"):
        _load(file)


def test_members_that_lie_within_each_other_refuse_the_archive(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    _zip(file, ("a.txt", TEXT), ("b.txt", TEXT))
    _edit(file, b"b.txt", (42, bytes(4)))
    with pytest.raises(ArchiveDamaged, match="overlap"):
        _load(file)


def test_zip_files_of_the_large_format_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    with (
        zipfile.ZipFile(file, "w") as packed_file,
        packed_file.open("a.txt", "w", force_zip64=True) as member,
    ):
        member.write(TEXT)
    whole = file.read_bytes()
    end = whole[-22:]
    _, _, _, _, count, length, start, _ = struct.unpack("<4s4H2LH", end)
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, length, start)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(whole) - 22, 1)
    large = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    file.write_bytes(whole[:-22] + record + locator + large)
    assert _load(file)[0] == {"a.txt": TEXT}
    file.write_bytes(whole[:-22] + record[:20] + b"\1" + record[21:] + locator + large)
    with pytest.raises(ArchiveDamaged):
        _load(file)


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_a_tar_file_that_unpacks_to_more_than_text_does_is_refused_before_it_is_unpacked(
    pack: Callable[[bytes], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "FREE_BYTES", 100_000)
    (tmp_path / "a.tar.gz").write_bytes(pack(_entry("a.txt", bytes(1_000_000)) + END))
    with pytest.raises(ArchiveDamaged, match=r"is not taken: it unpacks to more than 100 times"):
        _load(tmp_path / "a.tar.gz")


def test_a_zip_file_that_unpacks_to_more_than_text_does_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "FREE_BYTES", 100_000)
    _zip(tmp_path / "a.zip", *((f"{n}.txt", bytes(50_000)) for n in range(10)))
    with pytest.raises(ArchiveDamaged, match=r"is not taken: it unpacks to more than 100 times"):
        _load(tmp_path / "a.zip")


def test_a_member_that_unpacks_to_more_than_its_list_says_is_read_no_further(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    _zip(file, ("a.txt", bytes(3_000_000)), ("b.txt", TEXT), method=zipfile.ZIP_BZIP2)
    _edit(file, b"a.txt", (24, struct.pack("<L", 1_000)))
    texts, refused, _ = _load(file)
    assert (set(texts), set(refused)) == ({"b.txt"}, {"a.txt"})


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.zip"])
def test_an_archive_of_more_files_than_any_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ontherecord.flows.landing import zip_file

    monkeypatch.setattr(tar_file, "MAX_MEMBERS", 3)
    monkeypatch.setattr(zip_file, "MAX_MEMBERS", 3)
    if name == "a.zip":
        _zip(tmp_path / name, *((f"{n}.txt", TEXT) for n in range(4)))
    else:
        whole = b"".join(_entry(f"{n}.txt") for n in range(4)) + END
        (tmp_path / name).write_bytes(gzip.compress(whole) if name == "a.tar.gz" else whole)
    with pytest.raises(ArchiveDamaged, match="it has more than 3 files"):
        _load(tmp_path / name)


def _landed(file: Path) -> tuple[ArchiveReader, list[LandedFile]]:
    return ArchiveReader(file), list(list_archive(file))


def test_what_was_listed_is_what_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.tar.gz"
    file.write_bytes(gzip.compress(_entry() + _entry("b.txt") + END))
    reader, listed = _landed(file)
    file.write_bytes(
        gzip.compress(_entry("a.txt", TEXT[::-1]) + _entry("b.txt") + END)
    )  # as long, but another
    os.utime(file, (1, 1))
    reader.fetch(listed)
    with pytest.raises(FileChanged):
        reader.read(listed[0])
    reader, listed = _landed(file)
    stat = file.stat()
    whole = bytearray(file.read_bytes())
    whole[-5] ^= 1
    file.write_bytes(whole)
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # damaged, and its time says nothing
    with pytest.raises(ArchiveDamaged):
        reader.fetch(listed)
    with pytest.raises(ArchiveDamaged):
        reader.read(listed[0])


def test_an_archive_that_is_written_while_it_is_read_waits(tmp_path: Path) -> None:
    file = tmp_path / "a.tar"
    file.write_bytes(_entry() + _entry("b.txt") + END)

    class Writer(PassedOver):
        def add_file(self, path: str) -> None:
            with file.open("ab") as more:
                more.write(bytes(512))

    file.write_bytes(_entry("a.log") + _entry("b.txt") + END)
    with pytest.raises(LandingError, match="changed while it was read"):
        list(list_archive(file, Writer()))


def test_files_are_read_in_as_many_passes_as_fit_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "KEPT_BYTES", 2 * len(TEXT))
    file = tmp_path / "a.tar.gz"
    file.write_bytes(gzip.compress(b"".join(_entry(f"{n}.txt") for n in range(5)) + END))
    reader, listed = _landed(file)
    reader.fetch(listed)
    assert [reader.read(one).content for one in (*listed[3:], *listed[:3])] == [TEXT] * 5


def test_a_pipe_in_the_place_of_an_archive_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.tar")
    with pytest.raises(LandingError, match="no regular file"):
        list(list_archive(tmp_path / "a.tar"))
