"""The pool: extraction in worker processes, and what to do when one of them fails.

Extraction is the only slow stage and knows nothing of the others, so it runs in as many processes
as there are processors while the one writer waits. What was found is kept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from flows.extract.version import extractor_version
from flows.settings import Settings
from flows.workers import Chunk, Limits, Trouble, Workers, fair_memory
from warehouse.extracts import ExtractStore
from warehouse.records import Extract, Text

# Small enough that two workers end a batch of 200 at about the same time, large enough that spaCy
# gets its paragraphs in full batches.
_CHUNK = 20


@dataclass(frozen=True, slots=True)
class Failed:
    """A text that the extractor could not do."""

    content_sha256: str
    reason: str


class ExtractionPool:
    """Worker processes that extract; started when the first text comes, so that idle runs cost nothing.

    A text that makes a worker fail, hang or die costs no other: what was in one chunk with it is done
    again, each text by itself. So a text that hangs holds up one worker for twice its time limit.
    """

    def __init__(self, settings: Settings, store: ExtractStore) -> None:
        self._model = settings.model
        self._store = store
        memory = settings.worker_memory_mb
        limits = Limits(
            settings.article_seconds, memory * 1_000_000 if memory else fair_memory(settings.workers)
        )
        self._workers = Workers(settings.model, settings.workers, limits)
        self._version: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._workers.end()

    def start(self, text_count: int) -> None:
        """Start as many workers as so many texts can keep busy, none for none, without waiting for them."""
        self._workers.start(-(-text_count // _CHUNK))

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
        """Return the extract of each content, kept ones unlooked-for, new ones kept.

        Raises PipelineError if no worker can start.
        """
        found: dict[str, Extract | Failed] = dict(self._store.find(texts, self.version))
        wanted = [text for text in texts if text.content_sha256 not in found]
        for chunk, result in self._do(wanted):
            if isinstance(result, Failed):
                found[result.content_sha256] = result
            else:
                self._store.keep(dict(zip(chunk.texts, result, strict=True)))
                found.update((extract.content_sha256, extract) for extract in result)
        return found

    def _do(self, texts: Sequence[Text]) -> Iterator[tuple[Chunk, tuple[Extract, ...] | Failed]]:
        """Yield chunks as they are done, and each text that failed twice, by itself the second time.

        Not on its first failure: the machine may have been short of memory, or busy, for another reason.
        """
        waiting = deque(Chunk(tuple(texts[at : at + _CHUNK])) for at in range(0, len(texts), _CHUNK))
        while self._hand_out(waiting):
            for chunk, result in self._workers.wait():
                self._hand_out(waiting)  # a worker has nothing to do while its results are kept
                if not isinstance(result, Trouble):
                    yield chunk, result
                elif chunk.again and len(chunk.texts) == 1:
                    yield chunk, Failed(chunk.texts[0].content_sha256, result.reason)
                else:
                    # Each by itself, and not by halves: that is two failures and not five, and
                    # nineteen articles are done in less time than a worker needs to start.
                    waiting.extendleft(Chunk((text,), again=True) for text in reversed(chunk.texts))

    def _hand_out(self, waiting: deque[Chunk]) -> bool:
        """Give chunks to whoever has nothing to do; say whether there is anything to wait for."""
        self._workers.start(len(waiting) + self._workers.busy_count)
        while waiting and self._workers.give(waiting[0]):
            waiting.popleft()
        return bool(waiting) or self._workers.busy_count > 0
