"""Archives: how many damaged ones are loaded equal, or refused. Prints Markdown, for docs/reliability.md.

    .venv/bin/python bench/archives.py
    .venv/bin/python bench/archives.py --tries 20000 --seed 2

Exits with 1 if a text that nobody delivered is read, a file is lost in silence, or anything fails. The same
as tests/unit/landing/test_archive_damage.py does for each byte, at random and with more damage. A plain tar
file has no sums of its contents, so in these, nothing is changed, and no whole block is lost.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import hashlib
import io
import lzma
import random
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ontherecord.flows.landing.archive import ArchiveReader, list_archive
from ontherecord.flows.landing.passed_over import PassedOver
from ontherecord.flows.landing.unpack import unpack
from ontherecord.warehouse.errors import BadDelivery, FileChanged, LandingError
from ontherecord.warehouse.records import LandedFile, RawFile

_MEMBERS = 20
_LONGEST_RUN = 64
# How many of the packed tar files were damaged before they were packed, so that their sums are right.
_PACKED_AFTERWARDS = 0.3
_WORDS = (
    "ferry",
    "harbour",
    "council",
    "café",
    "mayor",
    "budget",
    "said",
    "tram",
    "bridge",
    "storm",
    "water",
)
_OUTCOMES = ("equal", "one refused", "refused", "wrong", "failed")
_NAMES = {"zip": "a.zip", "zip, stored": "a.zip", "gz": "a.txt.gz"}
# What damages an archive, at one of these places.
Damage = Callable[[bytes, Sequence[int], random.Random], bytes]


def _texts(rng: random.Random) -> dict[str, bytes]:
    return {
        f"2015/{n} caf\xe9.txt" if n % 5 == 0 else f"2015/{n}.txt": " ".join(
            rng.choices(_WORDS, k=rng.randrange(20, 400))
        ).encode()
        for n in range(_MEMBERS)
    }


def _tar(texts: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, text in texts.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(text), 1_451_703_846
            archive.addfile(info, io.BytesIO(text))
    return file.getvalue()


def _zip(texts: Mapping[str, bytes], method: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name, (2016, 1, 2, 3, 4, 6)), text, method)
    return file.getvalue()


def _pack(kind: str, texts: Mapping[str, bytes]) -> bytes:
    if kind == "gz":
        return gzip.compress(next(iter(texts.values())))
    if kind.startswith("zip"):
        return _zip(texts, zipfile.ZIP_STORED if "stored" in kind else zipfile.ZIP_DEFLATED)
    return PACKERS.get(kind, bytes)(_tar(texts))


KINDS = ("zip", "zip, stored", "tar", "tar.gz", "tar.bz2", "tar.xz", "gz")


def _flip_bit(whole: bytes, places: Sequence[int], rng: random.Random) -> bytes:
    at = rng.choice(places)
    return whole[:at] + bytes([whole[at] ^ 1 << rng.randrange(8)]) + whole[at + 1 :]


def _flip_run(whole: bytes, places: Sequence[int], rng: random.Random) -> bytes:
    at, size = rng.choice(places), rng.randrange(2, _LONGEST_RUN)
    run = whole[at : at + size]
    return whole[:at] + rng.randbytes(len(run)) + whole[at + size :]


def _cut(whole: bytes, places: Sequence[int], rng: random.Random) -> bytes:
    return whole[: rng.randrange(1, len(whole))]


def _lose(whole: bytes, places: Sequence[int], rng: random.Random) -> bytes:
    at = rng.choice(places)
    return whole[:at] + whole[at + rng.choice((1, 7, 100, 300)) :]


def _insert_zeros(whole: bytes, places: Sequence[int], rng: random.Random) -> bytes:
    at = rng.choice(places)
    return whole[:at] + bytes(rng.choice((1, 7, 512, 1024, 4096))) + whole[at:]


def _zero(whole: bytes, places: Sequence[int], rng: random.Random) -> bytes:
    at, size = rng.choice(places), rng.choice((1, 7, 512, 1024, 4096))
    run = whole[at : at + size]
    return whole[:at] + bytes(len(run)) + whole[at + size :]


def _edit_ends(whole: bytes, places: Sequence[int], rng: random.Random) -> bytes:
    """Change bytes where headers and lists of contents are: the first and the last tenth."""
    changed = bytearray(whole)
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(max(1, len(places) // 10))
        changed[places[at if rng.random() < 0.5 else -1 - at]] = rng.randrange(256)
    return bytes(changed)


def _join(whole: bytes, other: bytes, rng: random.Random, *, is_text: bool) -> bytes:
    """Put another archive behind one, whole or without its end or beginning.

    Two whole texts that are packed with gzip are one such file: it reads them as one text.
    """
    parts = [other[: rng.randrange(1, len(other))], other[rng.randrange(1, len(other)) :]]
    return whole + rng.choice(parts if is_text else [*parts, other])


DAMAGES: Mapping[str, Damage] = {
    "one bit changed": _flip_bit,
    "up to 64 bytes changed": _flip_run,
    "cut off": _cut,
    "bytes lost": _lose,
    "zeros inserted": _insert_zeros,
    "zeros in place": _zero,
    "headers changed": _edit_ends,
}


JOINED = "two joined"
PACKERS: Mapping[str, Callable[[bytes], bytes]] = {
    "tar.gz": gzip.compress,
    "tar.bz2": bz2.compress,
    "tar.xz": lzma.compress,
}


def _damage_tar(damage: str, texts: Mapping[str, bytes], rng: random.Random) -> bytes:
    """Damage a tar file, but no byte of its texts: these have no sum that could tell."""
    whole = _tar(texts)
    if damage == JOINED:
        return _join(whole, _tar(_texts(rng)), rng, is_text=False)
    with tarfile.open(fileobj=io.BytesIO(whole)) as archive:
        bodies = {info.offset_data: texts[info.name] for info in archive}
    inside = {at for start, text in bodies.items() for at in range(start, start + len(text))}
    damaged = bytearray(DAMAGES[damage](whole, [at for at in range(len(whole)) if at not in inside], rng))
    if len(damaged) == len(whole):
        for start, text in bodies.items():
            damaged[start : start + len(text)] = text
    return bytes(damaged)


def _damage(kind: str, damage: str, texts: Mapping[str, bytes], rng: random.Random) -> bytes:
    if kind == "tar":
        return _damage_tar(damage, texts, rng)
    if kind in PACKERS and rng.random() < _PACKED_AFTERWARDS:
        return PACKERS[kind](_damage_tar(damage, texts, rng))
    whole = _pack(kind, texts)
    if damage == JOINED:
        return _join(whole, _pack(kind, _texts(rng)), rng, is_text=kind == "gz")
    return DAMAGES[damage](whole, range(len(whole)), rng)


def _load(file: Path) -> tuple[Counter[bytes], int]:
    """Return the texts that would be loaded from an archive, and how many files are told not to be."""
    passed_over = PassedOver()
    landed = list(list_archive(file, passed_over))
    told = sum(passed_over.counts.values())
    reader, texts = ArchiveReader(file), Counter[bytes]()
    reader.fetch(landed)
    for one in landed:
        try:
            texts[reader.read(one).content] += 1
        except BadDelivery:
            told += 1
    return texts, told


def _load_packed(file: Path) -> tuple[Counter[bytes], int]:
    content = file.read_bytes()
    landed = LandedFile(file.name, file, len(content), 0)
    return Counter([unpack(RawFile(landed, content, hashlib.sha256(content).hexdigest())).content]), 0


def judge(file: Path, whole: Counter[bytes]) -> str:
    """Return what becomes of an archive of these texts that was damaged."""
    try:
        texts, told = _load_packed(file) if file.name.endswith(".txt.gz") else _load(file)
    except (LandingError, BadDelivery, FileChanged):
        return "refused"
    except Exception:
        return "failed"
    lost = (whole - texts).total()
    if texts - whole or lost > told:
        return "wrong"
    return "one refused" if lost else "equal"


def _try(kind: str, damage: str, folder: Path, rng: random.Random) -> str:
    texts = _texts(rng)
    file = folder / _NAMES.get(kind, f"a.{kind}")
    file.write_bytes(_damage(kind, damage, texts, rng))
    return judge(file, Counter([next(iter(texts.values()))] if kind == "gz" else texts.values()))


def main() -> int:
    """Damage as many archives as told; exit 1 if one was neither loaded equal nor refused."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tries", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    counts = {kind: Counter[str]() for kind in KINDS}
    by_damage = {damage: Counter[str]() for damage in (*DAMAGES, JOINED)}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.tries):
            kind, damage = KINDS[number % len(KINDS)], rng.choice(list(by_damage))
            outcome = _try(kind, damage, Path(folder), rng)
            counts[kind][outcome] += 1
            by_damage[damage][outcome] += 1
    for title, table in (("archive", counts), ("damage", by_damage)):
        print(f"| {title} | tries | {' | '.join(_OUTCOMES)} |\n|---|{'---:|' * (len(_OUTCOMES) + 1)}")
        for name, found in (*table.items(), ("**all**", sum(table.values(), Counter[str]()))):
            print(f"| {name} | {found.total():,} | {' | '.join(f'{found[o]:,}' for o in _OUTCOMES)} |")
        print()
    total = sum(counts.values(), Counter[str]())
    return 1 if total["wrong"] or total["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
