"""The pool: extraction in worker processes, each with the model loaded once.

Extraction is the only slow stage and knows nothing of the others, so it runs in as many processes
as there are processors while the one writer waits. What was found is kept.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from types import TracebackType
from typing import TYPE_CHECKING, Self

from flows.extract.version import extractor_version
from warehouse.extracts import ExtractStore
from warehouse.records import Extract, Text

if TYPE_CHECKING:
    from flows.extract.extractor import Extractor

# Small enough that two workers end a batch of 200 at about the same time, large enough that spaCy
# gets its paragraphs in full batches.
_CHUNK = 20


@dataclass(frozen=True, slots=True)
class Failed:
    """A text that the extractor could not do."""

    content_sha256: str
    reason: str


class ExtractionPool:
    """Worker processes that extract; started when the first text comes, so that idle runs cost nothing."""

    def __init__(self, model: str, workers: int, store: ExtractStore) -> None:
        self._model = model
        self._workers = workers
        self._store = store
        self._executor: ProcessPoolExecutor | None = None
        self._version: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._executor:
            self._executor.shutdown(wait=True, cancel_futures=True)

    def start(self, text_count: int) -> None:
        """Start as many workers as so many texts can keep busy, none for none, without waiting for them."""
        if self._executor is None and text_count:
            # Not forked: the parent may have threads (Prefect's), and a fork takes their locks along.
            self._executor = ProcessPoolExecutor(
                min(self._workers, -(-text_count // _CHUNK)),
                mp_context=get_context("spawn"),
                initializer=_load,
                initargs=(self._model,),
            )

    @property
    def known_version(self) -> str | None:
        """The extractor's version, None in a run that extracted nothing."""
        return self._version

    @property
    def version(self) -> str:
        """The extractor's version."""
        if self._version is None:
            self._version = extractor_version(self._model)
        return self._version

    def extract(self, texts: Sequence[Text]) -> dict[str, Extract | Failed]:
        """Return the extract of each content, kept ones unlooked-for, new ones kept."""
        found: dict[str, Extract | Failed] = dict(self._store.find(texts, self.version))
        wanted = [text for text in texts if text.content_sha256 not in found]
        if not wanted:
            return found
        self.start(len(wanted))
        assert self._executor is not None
        chunks = [wanted[at : at + _CHUNK] for at in range(0, len(wanted), _CHUNK)]
        for chunk, results in zip(chunks, self._executor.map(_extract, chunks), strict=True):
            done = dict(zip(chunk, results, strict=True))
            self._store.keep({text: result for text, result in done.items() if isinstance(result, Extract)})
            found.update((text.content_sha256, result) for text, result in done.items())
        return found


_extractor: Extractor | None = None


def _load(model: str) -> None:
    """Load the extractor, in a worker."""
    global _extractor
    # Ctrl-C reaches every process of a terminal; the parent alone decides, and ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # One thread a worker: the processors are shared out by processes already.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    from flows.extract.extractor import load_extractor

    _extractor = load_extractor(model)


def _end_with_parent() -> None:
    """End this worker when its parent is gone: one that was killed cannot tell it to stop."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _extract(texts: Sequence[Text]) -> list[Extract | Failed]:
    assert _extractor is not None, "the worker's initializer loads it"
    try:
        return list(_extractor.extract(texts))
    except Exception:
        return [_extract_one(_extractor, text) for text in texts]


def _extract_one(extractor: Extractor, text: Text) -> Extract | Failed:
    """Extract a text by itself, so that one which fails costs no other."""
    try:
        results: Iterable[Extract] = extractor.extract([text])
        return next(iter(results))
    except Exception as error:
        return Failed(text.content_sha256, f"{type(error).__name__}: {error}")
