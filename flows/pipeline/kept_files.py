"""Kept files: quarantined files, read from the bytes that are kept of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from ontherecord.flows.landing.discover import processing_order
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import FileChanged
from ontherecord.warehouse.quarantine import QuarantinedDelivery
from ontherecord.warehouse.quarantine_bytes import read_bytes, stored_file
from ontherecord.warehouse.records import LandedFile, LedgerEntry, RawFile


def as_landed(
    home: DataDir, selected: Iterable[QuarantinedDelivery]
) -> tuple[list[LandedFile], Mapping[str, frozenset[str]]]:
    """Return quarantined files in processing order, and by path the rules that they failed."""
    deliveries = list(selected)
    files = [
        LandedFile(d.source_path, stored_file(home, d.content_sha256), d.bytes, d.modified_ns, d.in_file)
        for d in deliveries
    ]
    return sorted(files, key=processing_order), {d.source_path: d.rules for d in deliveries}


def to_read_again(
    ledger: Mapping[str, LedgerEntry], due: Iterable[QuarantinedDelivery]
) -> Mapping[str, LedgerEntry]:
    """Return the ledger so that files whose embargo is over are read again, if they are still there."""
    paths = [d.source_path for d in due if not d.in_file and d.source_path in ledger]
    again = {path: replace(ledger[path], modified_ns=None) for path in paths}
    return {**ledger, **again} if again else ledger


def read_kept(home: DataDir, landed: LandedFile) -> RawFile:
    """Read a file's bytes from quarantine, where they are known by their SHA-256.

    Raises FileChanged if they are missing or damaged.
    """
    named = Path(landed.file).name
    content = read_bytes(home, named)
    if content is None:
        raise FileChanged(f"The quarantined bytes of {landed.source_path} are missing")
    content_sha256 = hashlib.sha256(content).hexdigest()
    if content_sha256 != named:
        raise FileChanged(f"The quarantined bytes of {landed.source_path} are damaged")
    return RawFile(landed, content, content_sha256)
