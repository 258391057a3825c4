"""Archives of articles, of all kinds that can be landed."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

Pack = Callable[[Path, Mapping[str, str]], None]


def as_zip(file: Path, texts: Mapping[str, str]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name, (2016, 1, 2, 3, 4, 6)), text)


def as_tar(mode: str) -> Pack:
    def pack(file: Path, texts: Mapping[str, str]) -> None:
        with tarfile.open(file, mode) as archive:  # type: ignore[call-overload]
            for name, text in texts.items():
                info = tarfile.TarInfo(name)
                info.size, info.mtime = len(text.encode()), 1_451_703_846
                archive.addfile(info, io.BytesIO(text.encode()))

    return pack


KINDS = {"a.zip": as_zip, "a.tar": as_tar("w"), "a.tar.gz": as_tar("w:gz"), "A.TGZ": as_tar("w:gz"),
         "a.tar.xz": as_tar("w:xz")}  # fmt: skip
