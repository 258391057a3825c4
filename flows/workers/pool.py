"""The pool: extraction in worker processes, and what to do when one of them fails.

Extraction is the only slow stage and knows nothing of the others, so it runs in as many processes
as there are processors while the one writer does what comes before and after. What was found is kept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from multiprocessing import Pipe
from threading import Thread
from types import TracebackType
from typing import Self

from ontherecord.flows.extract.version import extractor_version
from ontherecord.flows.settings import Settings
from ontherecord.flows.workers.processes import Chunk, Limits, WorkerFailure, Workers, default_memory_limit
from ontherecord.warehouse.extract_cache import ExtractCache
from ontherecord.warehouse.extract_codec import PackedExtract, unpack
from ontherecord.warehouse.records import ArticleText, Extract

# Small enough that two workers end a batch of 200 at about the same time, large enough that spaCy
# gets its paragraphs in full batches.
_CHUNK = 20


@dataclass(frozen=True, slots=True)
class Failed:
    """A text that the extractor could not do."""

    content_sha256: str
    reason: str


@dataclass(eq=False, slots=True)
class _Job:
    """Texts that were submitted together: what was found in them, and the contents still missing."""

    texts: Sequence[ArticleText]
    found: dict[str, Extract | Failed]
    missing: set[str] = field(init=False)
    done: Future[dict[str, Extract | Failed]] = field(default_factory=Future)

    def __post_init__(self) -> None:
        self.missing = {text.content_sha256 for text in self.texts}


class ExtractionPool:
    """Worker processes that extract; started when the first text comes, so that idle runs cost nothing.

    A thread hands out chunks and takes in what was found, so that no worker waits while a batch is
    validated or loaded, and so that there is no gap between one batch and the next.

    A text that makes a worker fail, hang or die costs no other: what was in one chunk with it is done
    again, each text by itself. So a text that hangs holds up one worker for twice its time limit.
    """

    def __init__(self, settings: Settings, store: ExtractCache) -> None:
        self._model = settings.model
        self._store = store
        memory = settings.worker_memory_mb
        limits = Limits(
            settings.article_timeout_seconds,
            memory * 1_000_000 if memory else default_memory_limit(settings.workers),
        )
        self._wakeup, self._wakeup_sender = Pipe(duplex=False)
        self._workers = Workers(settings.model, settings.workers, limits, self._wakeup)
        self._version: str | None = None
        self._dispatcher: Thread | None = None
        self._ended = False
        # One thread puts jobs and chunks in, the other takes them out: what deque and list do is atomic.
        self._submitted: deque[_Job] = deque()
        self._jobs: list[_Job] = []
        self._waiting: deque[Chunk] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended = True
        if self._dispatcher:
            self._wakeup_sender.send_bytes(b"e")
            self._dispatcher.join()
        self._workers.end()
        self._wakeup.close()
        self._wakeup_sender.close()

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

    def start(self, text_count: int) -> None:
        """Start as many workers as so many texts can keep busy, none for none, without waiting for them."""
        self._workers.start(-(-text_count // _CHUNK))

    def extract(self, texts: Sequence[ArticleText]) -> dict[str, Extract | Failed]:
        """Return the extract of each content, kept ones unlooked-for, new ones kept.

        Raises PipelineError if no worker can start.
        """
        return self.submit(texts).result()

    def submit(self, texts: Sequence[ArticleText]) -> Future[dict[str, Extract | Failed]]:
        """Have texts extracted behind those submitted before, and return at once.

        The result, the extract of each content, raises PipelineError if no worker can start, and what
        the store raises.
        """
        if not texts:
            nothing: Future[dict[str, Extract | Failed]] = Future()
            nothing.set_result({})
            return nothing
        found: dict[str, Extract | Failed] = dict(self._store.find(texts, self.version))
        job = _Job([text for text in texts if text.content_sha256 not in found], found)
        if not job.texts:
            job.done.set_result(found)
            return job.done
        self._submitted.append(job)
        if self._dispatcher is None:
            self._dispatcher = Thread(target=self._work, name="extraction", daemon=True)
            self._dispatcher.start()
        self._wakeup_sender.send_bytes(b"s")
        return job.done

    def _work(self) -> None:
        """Hand out chunks and take in what was found until the pool ends. The thread."""
        while not self._ended:
            try:
                self._take_submitted()
                self._hand_out()
                for chunk, result in self._workers.wait():
                    self._hand_out()  # a worker has nothing to do while its results are kept
                    self._take_in(chunk, result)
            except BaseException as error:  # whoever waits for a result is to hear of it, and may try again
                self._workers.end()
                self._waiting.clear()
                jobs, self._jobs = self._jobs, []
                for job in jobs:
                    job.done.set_exception(error)

    def _take_submitted(self) -> None:
        while self._submitted:
            job = self._submitted.popleft()
            # What another batch waits for as well is done once.
            underway = set().union(*(other.missing for other in self._jobs))
            wanted = [text for text in job.texts if text.content_sha256 not in underway]
            self._jobs.append(job)
            self._waiting += (Chunk(tuple(wanted[at : at + _CHUNK])) for at in range(0, len(wanted), _CHUNK))

    def _hand_out(self) -> None:
        """Give chunks to whoever has nothing to do."""
        if self._waiting:
            self._workers.start(len(self._waiting) + self._workers.busy_count)
        while self._waiting and self._workers.give(self._waiting[0]):
            self._waiting.popleft()

    def _take_in(self, chunk: Chunk, result: tuple[PackedExtract, ...] | WorkerFailure) -> None:
        """Keep what was found in a chunk. A text counts as failed when it did so twice, then by itself.

        Not on its first failure: the machine may have been short of memory, or busy, for another reason.
        """
        if not isinstance(result, WorkerFailure):
            self._store.put(dict(zip(chunk.texts, result, strict=True)))
            for packed in result:
                self._settle(packed.content_sha256, unpack(packed))
        elif chunk.is_retry and len(chunk.texts) == 1:
            content = chunk.texts[0].content_sha256
            self._settle(content, Failed(content, result.reason))
        else:
            # Each by itself, and not by halves: that is two failures and not five, and
            # nineteen articles are done in less time than a worker needs to start.
            self._waiting.extendleft(Chunk((text,), is_retry=True) for text in reversed(chunk.texts))

    def _settle(self, content_sha256: str, result: Extract | Failed) -> None:
        for job in self._jobs:
            if content_sha256 in job.missing:
                job.missing.remove(content_sha256)
                job.found[content_sha256] = result
        for job in [job for job in self._jobs if not job.missing]:
            self._jobs.remove(job)
            job.done.set_result(job.found)
