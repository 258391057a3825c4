"""The pool: extract texts in worker processes, and deal with their failures.

Extraction is the only slow stage and independent of the others, so it runs in as many processes as there
are processors, beside the one writer. Its extracts are cached.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
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

# Texts per chunk: few enough that two workers finish a batch of 200 at about the same time, enough that
# spaCy gets full batches of paragraphs.
_CHUNK = 20


@dataclass(frozen=True, slots=True)
class Failed:
    """A text whose extraction failed."""

    content_sha256: str
    reason: str


@dataclass(eq=False, slots=True)
class _Job:
    """Texts that were submitted together: the extracts so far, and the contents still missing."""

    texts: Sequence[ArticleText]
    extracts: dict[str, Extract | Failed]
    missing: set[str] = field(init=False)
    done: Future[dict[str, Extract | Failed]] = field(default_factory=Future)

    def __post_init__(self) -> None:
        self.missing = {text.content_sha256 for text in self.texts}


class ExtractionPool:
    """Worker processes that extract; started with the first text, so that idle runs cost nothing.

    A thread distributes chunks and collects results, so that no worker idles while a batch is validated or
    loaded, or between two batches.

    A text that makes a worker fail, hang or die does not affect others: the texts of its chunk are retried
    one by one. A text that hangs therefore blocks one worker for twice its time limit.
    """

    def __init__(self, settings: Settings, cache: ExtractCache) -> None:
        self._model = settings.model
        self._cache = cache
        memory_mb = settings.worker_memory_mb
        limits = Limits(
            settings.article_timeout_seconds,
            memory_mb * 1_000_000 if memory_mb else default_memory_limit(settings.workers),
        )
        self._wakeup, self._wakeup_sender = Pipe(duplex=False)
        self._workers = Workers(settings.model, settings.workers, limits, self._wakeup)
        self._version: str | None = None
        self._dispatcher: Thread | None = None
        self._ended = False
        # One thread adds, the other removes: operations of deque and list are atomic.
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
        """The extractor's version; None in a run that extracted nothing."""
        return self._version

    @property
    def version(self) -> str:
        """The extractor's version."""
        if self._version is None:
            self._version = extractor_version(self._model)
        return self._version

    def forget(self, contents: Iterable[str]) -> None:
        """Remove the extracts of contents that were taken down, which other machines may have made."""
        self._cache.remove(contents)

    def start(self, text_count: int) -> None:
        """Start as many workers as so many texts keep busy, without waiting for them."""
        self._workers.start(-(-text_count // _CHUNK))

    def extract(self, texts: Sequence[ArticleText]) -> dict[str, Extract | Failed]:
        """Return the extract of each content, from the cache or from a worker.

        Raises PipelineError if no worker can start.
        """
        return self.submit(texts).result()

    def submit(self, texts: Sequence[ArticleText]) -> Future[dict[str, Extract | Failed]]:
        """Queue texts for extraction and return at once; the future gives the extract of each content.

        Its result raises PipelineError if no worker can start, and whatever the cache raises.
        """
        if not texts:
            empty: Future[dict[str, Extract | Failed]] = Future()
            empty.set_result({})
            return empty
        cached: dict[str, Extract | Failed] = dict(self._cache.find(texts, self.version))
        job = _Job([text for text in texts if text.content_sha256 not in cached], cached)
        if not job.texts:
            job.done.set_result(cached)
            return job.done
        self._submitted.append(job)
        if self._dispatcher is None:
            self._dispatcher = Thread(target=self._dispatch, name="extraction", daemon=True)
            self._dispatcher.start()
        self._wakeup_sender.send_bytes(b"s")
        return job.done

    def _dispatch(self) -> None:
        """Distribute chunks and collect results until the pool ends. Runs in the thread."""
        while not self._ended:
            try:
                self._queue_submitted()
                self._distribute()
                for chunk, result in self._workers.wait():
                    self._distribute()  # keep the worker busy while its results are cached
                    self._collect(chunk, result)
            except BaseException as error:  # every waiting job gets the error, and may be retried
                self._workers.end()
                self._waiting.clear()
                jobs, self._jobs = self._jobs, []
                for job in jobs:
                    job.done.set_exception(error)

    def _queue_submitted(self) -> None:
        while self._submitted:
            job = self._submitted.popleft()
            # A text that another batch waits for is extracted once.
            pending = set().union(*(other.missing for other in self._jobs))
            texts = [text for text in job.texts if text.content_sha256 not in pending]
            self._jobs.append(job)
            self._waiting += (Chunk(tuple(texts[i : i + _CHUNK])) for i in range(0, len(texts), _CHUNK))

    def _distribute(self) -> None:
        """Give chunks to idle workers."""
        if self._waiting:
            self._workers.start(len(self._waiting) + self._workers.busy_count)
        while self._waiting and self._workers.give(self._waiting[0]):
            self._waiting.popleft()

    def _collect(self, chunk: Chunk, result: tuple[PackedExtract, ...] | WorkerFailure) -> None:
        """Cache the extracts of a chunk, or retry its texts one by one; a text that fails again has failed.

        It gets a second attempt because the machine may have been short of memory, or busy.
        """
        if not isinstance(result, WorkerFailure):
            self._cache.put(dict(zip(chunk.texts, result, strict=True)))
            for packed in result:
                self._complete(packed.content_sha256, unpack(packed))
        elif chunk.is_retry and len(chunk.texts) == 1:
            content = chunk.texts[0].content_sha256
            self._complete(content, Failed(content, result.reason))
        else:
            # One by one rather than by halves: that makes two failures instead of five, and nineteen
            # articles take less time than a worker needs to start.
            self._waiting.extendleft(Chunk((text,), is_retry=True) for text in reversed(chunk.texts))

    def _complete(self, content_sha256: str, result: Extract | Failed) -> None:
        for job in self._jobs:
            if content_sha256 in job.missing:
                job.missing.remove(content_sha256)
                job.extracts[content_sha256] = result
        for job in [job for job in self._jobs if not job.missing]:
            self._jobs.remove(job)
            job.done.set_result(job.extracts)
