"""Remote: what a machine of a cluster does with a batch: from references to extracts that all can reach.

It reads the landing place itself, so that only references travel. Files that it cannot read or parse, or
whose extraction fails, it leaves to the run, which holds them back with a reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from ontherecord.flows.extract.nlp.blas import configure_blas
from ontherecord.flows.landing.access import open_reader
from ontherecord.flows.landing.forms.headed_text import parse
from ontherecord.flows.landing.location import parse_location
from ontherecord.warehouse.errors import BadDelivery, FileChanged
from ontherecord.warehouse.extract_codec import pack
from ontherecord.warehouse.records import ArticleText, LandedFile
from ontherecord.warehouse.shared_cache import SharedCache

# Texts between two writes: what a lost machine has to do again at the most.
_CHUNK = 20


@dataclass(frozen=True, slots=True)
class WorkUnit:
    """A batch to be extracted somewhere: references, and where what is found goes."""

    place: str
    files: tuple[LandedFile, ...]
    shared: str
    model: str


@dataclass(frozen=True, slots=True)
class UnitResult:
    """What became of a part: texts extracted now, texts that had an extract, files left to the run."""

    extracted_count: int = 0
    kept_count: int = 0
    left_count: int = 0


def extract_unit(part: WorkUnit) -> UnitResult:
    """Extract the texts of a part that have no shared extract yet, and share what was found.

    Raises PipelineError if landing place, model or place of shared extracts is not to be had here.
    """
    from ontherecord.flows.extract.version import extractor_version

    store = SharedCache(part.shared)
    version = extractor_version(part.model)
    texts = list(_texts(part))
    there = store.find(texts, version)
    missing = [text for text in texts if text.content_sha256 not in there]
    done = 0
    for at in range(0, len(missing), _CHUNK):
        chunk = missing[at : at + _CHUNK]
        with suppress(ArithmeticError, LookupError, RecursionError, TypeError, ValueError, MemoryError):
            store.put(dict(zip(chunk, map(pack, _extractor(part.model).extract(chunk)), strict=True)))
            done += len(chunk)
    return UnitResult(done, len(there), len(part.files) - done - len(there))


def _texts(part: WorkUnit) -> Iterator[ArticleText]:
    with open_reader(parse_location(part.place)) as reader:
        reader.fetch(part.files)
        for landed in part.files:
            with suppress(BadDelivery, FileChanged, OSError):
                yield parse(reader.read(landed)).text()


@cache
def _extractor(model: str) -> Any:
    """Load a model once a process."""
    configure_blas()
    from ontherecord.flows.extract.extractor import Extractor

    return Extractor(model)


def split_work(
    place: object, files: Sequence[LandedFile], shared: str, model: str, size: int
) -> Iterator[WorkUnit]:
    """Yield the parts of a run, in the order of its files."""
    for at in range(0, len(files), size):
        yield WorkUnit(str(place), tuple(files[at : at + size]), shared, model)
