"""Remote extraction: what a machine of a cluster does with its share of the files.

It reads the landing location itself, so that only references are sent, and puts the extracts into the shared
cache. Files that it cannot read, parse or extract are left to the run, which quarantines them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from ontherecord.flows.extract.nlp.blas import configure_blas
from ontherecord.flows.landing.access import open_reader
from ontherecord.flows.landing.location import parse_location
from ontherecord.flows.landing.parse import parse_all
from ontherecord.flows.landing.reading import BY_CONTENT, Reading
from ontherecord.warehouse.errors import BadDelivery, FileChanged
from ontherecord.warehouse.extract_codec import pack
from ontherecord.warehouse.records import ArticleText, LandedFile
from ontherecord.warehouse.shared_cache import SharedCache

# Texts per write to the shared cache: the most that is lost with a machine.
_CHUNK = 20


@dataclass(frozen=True, slots=True)
class WorkUnit:
    """Files to be extracted on another machine, and the cache for their extracts."""

    location: str
    files: tuple[LandedFile, ...]
    shared: str
    model: str
    reading: Reading = BY_CONTENT


@dataclass(frozen=True, slots=True)
class UnitResult:
    """Counts of a work unit: texts extracted now, texts that were cached, files left to the run."""

    extracted_count: int = 0
    kept_count: int = 0
    left_count: int = 0


def extract_unit(unit: WorkUnit) -> UnitResult:
    """Extract the texts of a unit that are not in the shared cache yet, and put their extracts there.

    Raises PipelineError if the location, the model or the shared cache is unreachable from this machine.
    """
    from ontherecord.flows.extract.version import extractor_version

    cache = SharedCache(unit.shared)
    version = extractor_version(unit.model)
    texts = list(_texts(unit))
    cached = cache.find(texts, version)
    missing = [text for text in texts if text.content_sha256 not in cached]
    extracted_count = 0
    for start in range(0, len(missing), _CHUNK):
        chunk = missing[start : start + _CHUNK]
        with suppress(ArithmeticError, LookupError, RecursionError, TypeError, ValueError, MemoryError):
            cache.put(dict(zip(chunk, map(pack, _extractor(unit.model).extract(chunk)), strict=True)))
            extracted_count += len(chunk)
    # A file with many articles is as many texts.
    left_count = max(0, len(unit.files) - extracted_count - len(cached))
    return UnitResult(extracted_count, len(cached), left_count)


def _texts(unit: WorkUnit) -> Iterator[ArticleText]:
    with open_reader(parse_location(unit.location)) as reader:
        reader.fetch(unit.files)
        for landed in unit.files:
            with suppress(BadDelivery, FileChanged, OSError):
                for delivery in parse_all(reader.read(landed), unit.reading):
                    if delivery.is_read:
                        yield delivery.text()


@cache
def _extractor(model: str) -> Any:
    """Load a model once per process."""
    configure_blas()
    from ontherecord.flows.extract.extractor import Extractor

    return Extractor(model)


def split_work(
    location: object,
    files: Sequence[LandedFile],
    shared: str,
    model: str,
    size: int,
    reading: Reading = BY_CONTENT,
) -> Iterator[WorkUnit]:
    """Yield the work units of a run, in the order of its files."""
    for start in range(0, len(files), size):
        yield WorkUnit(str(location), tuple(files[start : start + size]), shared, model, reading)
