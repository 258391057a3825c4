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

from ontherecord.flows.extract.nlp.blas import settle_arithmetic
from ontherecord.flows.landing.access import reader_of
from ontherecord.flows.landing.forms.headed_text import parse
from ontherecord.flows.landing.location import place_of
from ontherecord.warehouse.errors import BadDelivery, FileMoved
from ontherecord.warehouse.packed import pack
from ontherecord.warehouse.records import Landed, Text
from ontherecord.warehouse.shared_extracts import SharedExtracts

# Texts between two writes: what a lost machine has to do again at the most.
_CHUNK = 20


@dataclass(frozen=True, slots=True)
class Part:
    """A batch to be extracted somewhere: references, and where what is found goes."""

    place: str
    files: tuple[Landed, ...]
    shared: str
    model: str


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a part: texts extracted now, texts that had an extract, files left to the run."""

    extracted_count: int = 0
    kept_count: int = 0
    left_count: int = 0


def extract_part(part: Part) -> Found:
    """Extract the texts of a part that have no shared extract yet, and share what was found.

    Raises PipelineError if landing place, model or place of shared extracts is not to be had here.
    """
    from ontherecord.flows.extract.version import extractor_version

    store = SharedExtracts(part.shared)
    version = extractor_version(part.model)
    texts = list(_texts(part))
    there = store.find(texts, version)
    missing = [text for text in texts if text.content_sha256 not in there]
    done = 0
    for at in range(0, len(missing), _CHUNK):
        chunk = missing[at : at + _CHUNK]
        with suppress(ArithmeticError, LookupError, RecursionError, TypeError, ValueError, MemoryError):
            store.keep(dict(zip(chunk, map(pack, _extractor(part.model).extract(chunk)), strict=True)))
            done += len(chunk)
    return Found(done, len(there), len(part.files) - done - len(there))


def _texts(part: Part) -> Iterator[Text]:
    with reader_of(place_of(part.place)) as reader:
        reader.fetch(part.files)
        for landed in part.files:
            with suppress(BadDelivery, FileMoved, OSError):
                yield parse(reader.read(landed)).text()


@cache
def _extractor(model: str) -> Any:
    """Load a model once a process."""
    settle_arithmetic()
    from ontherecord.flows.extract.extractor import Extractor

    return Extractor(model)


def cut(place: object, files: Sequence[Landed], shared: str, model: str, size: int) -> Iterator[Part]:
    """Yield the parts of a run, in the order of its files."""
    for at in range(0, len(files), size):
        yield Part(str(place), tuple(files[at : at + size]), shared, model)
