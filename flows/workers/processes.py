"""Workers: the processes that extract for the pool, each with the model loaded once and a pipe of its own.

They share no lock and no queue, with each other or with the parent: one that is killed, at whatever
moment, takes along nothing but the chunk it was at. Who waits for them has no thread.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from ontherecord.flows.extract.nlp.blas import configure_blas
from ontherecord.flows.extract.version import extractor_version
from ontherecord.flows.workers.parent_death import die_with_parent
from ontherecord.warehouse.errors import PipelineError
from ontherecord.warehouse.extract_codec import PackedExtract, pack
from ontherecord.warehouse.machine import machine_memory
from ontherecord.warehouse.records import ArticleText

# Loading the model takes seconds; a machine that starts with many other things may take minutes.
_START_SECONDS = 600.0
# Workers that die in a row while they start. One may be killed for the memory of others.
_MOST_LOST_STARTS = 3
# An article of so many characters may take twice as long as a short one: a tenth of the usual speed.
_CHARACTERS = 200_000
# What the small model takes once it is loaded, and what articles of usual length need at the most.
_MODEL_BYTES = 500_000_000
_LEAST_BYTES = 1_000_000_000
_READABLE = 300
_KNOWN_SIGNALS: dict[int, str] = {
    signal.SIGKILL: " (perhaps out of memory)",
    signal.SIGSEGV: " (it crashed)",
    signal.SIGBUS: " (it crashed)",
    signal.SIGABRT: " (it gave up in native code)",
    signal.SIGILL: " (the processor lacks an instruction)",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What an article may take: `memory_bytes` is the room beside the loaded model."""

    article_timeout_seconds: float
    memory_bytes: int

    def seconds(self, texts: tuple[ArticleText, ...]) -> float:
        """Return how long texts may take together; a chunk of usual ones gets hardly more than one does."""
        return self.article_timeout_seconds * (1 + sum(len(text.body) for text in texts) / _CHARACTERS)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Texts that a worker does in one go; `again` if they were part of a chunk that failed."""

    texts: tuple[ArticleText, ...]
    is_retry: bool = False


@dataclass(frozen=True, slots=True)
class WorkerFailure:
    """Why a worker did not do its chunk; one that is `worn` is not to be used any more."""

    reason: str
    must_restart: bool = False


@dataclass(slots=True, eq=False)
class _Worker:
    """A worker as its parent sees it. It starts, then has a chunk until a moment, or none."""

    process: SpawnProcess
    pipe: Connection
    until: float
    started: bool = False
    chunk: Chunk | None = None

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.process.close()
        self.pipe.close()


# What a worker was started for: only a run that asks for the same can take it over.
_Key = tuple[str, str, int]


class IdleWorkerCache:
    """Idle workers between two runs of one process, so that the next run need not start others.

    At most so many are kept, since each keeps its model in memory.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._idle: list[tuple[_Key, _Worker]] = []
        self._owner = os.getpid()

    def put(self, key: _Key, worker: _Worker) -> bool:
        """Take a worker that has nothing to do; say whether there was room for it."""
        if os.getpid() != self._owner or len(self._idle) >= self._most:
            return False
        self._idle.append((key, worker))
        return True

    def take(self, key: _Key) -> _Worker | None:
        """Give back a worker that was started for this, if there is one that is alive."""
        if os.getpid() != self._owner:  # a fork has its parent's list, but not its workers
            return None
        for kept in list(self._idle):
            if kept[0] == key:
                self._idle.remove(kept)
                if kept[1].process.is_alive():
                    return kept[1]
                kept[1].end()
        return None

    def clear(self) -> None:
        """End all of them."""
        while self._idle and os.getpid() == self._owner:
            self._idle.pop()[1].end()


_idle_workers: IdleWorkerCache | None = None


@contextmanager
def reuse_workers(shelf: IdleWorkerCache) -> Iterator[None]:
    """Have runs leave idle workers on the shelf and take them from it."""
    global _idle_workers
    before, _idle_workers = _idle_workers, shelf
    try:
        yield
    finally:
        _idle_workers = before


@contextmanager
def keep_workers(most: int) -> Iterator[None]:
    """Keep so many workers from one run to the next, and end them in the end."""
    shelf = IdleWorkerCache(most)
    try:
        with reuse_workers(shelf):
            yield
    finally:
        shelf.clear()


class Workers:
    """Processes that extract, replaced when they die or are ended for taking too long."""

    def __init__(self, model: str, count: int, limits: Limits, wakeup: Connection | None = None) -> None:
        self._model = model
        self._count = count
        self._limits = limits
        self._wakeup = wakeup
        self._workers: list[_Worker] = []
        self._lost_starts = 0
        self._key: _Key | None = None

    @property
    def busy_count(self) -> int:
        """How many of them have a chunk."""
        return sum(worker.chunk is not None for worker in self._workers)

    def start(self, wanted: int) -> None:
        """Start as many as are missing to so many, without waiting for them; never more than the most.

        Raises PipelineError if the machine has no room for another process.
        """
        if _idle_workers and self._key is None:
            self._key = self._model, extractor_version(self._model), self._limits.memory_bytes
        for _ in range(min(wanted, self._count) - len(self._workers)):
            kept = _idle_workers.take(self._key) if _idle_workers and self._key else None
            try:
                self._workers.append(kept or _start(self._model, self._limits.memory_bytes))
            except OSError as error:
                raise self._cannot_start(str(error)) from error

    def give(self, chunk: Chunk) -> bool:
        """Give a chunk to one that has nothing to do; say whether there was one."""
        for worker in self._workers:
            if not worker.started or worker.chunk or worker.pipe.poll():  # idle, it says only that it died
                continue
            with suppress(OSError):  # it died just now
                worker.pipe.send_bytes(pickle.dumps(chunk.texts))
                worker.chunk, worker.until = chunk, time.monotonic() + self._limits.seconds(chunk.texts)
                return True
        return False

    def wait(self) -> Iterator[tuple[Chunk, tuple[PackedExtract, ...] | WorkerFailure]]:
        """Wait until any of them has done something or its time is up; yield the chunks that are settled.

        It ends as well when the bell is rung, that is, sent anything. Raises PipelineError if they cannot
        start.
        """
        at_work = [worker for worker in self._workers if worker.chunk or not worker.started]
        wakeups = [self._wakeup] if self._wakeup else []
        pipes = [worker.pipe for worker in self._workers]
        if at_work:
            until = min(worker.until for worker in at_work)
            ready = wait(wakeups + pipes, max(0.0, until - time.monotonic()))
        else:
            ready = wait(wakeups + pipes, None if wakeups else 0.0)
        if self._wakeup and self._wakeup in ready:
            self._wakeup.recv_bytes()
        for worker in list(self._workers):
            if worker.pipe in ready:
                answer = self._receive(worker)
            elif worker in at_work and worker.until <= time.monotonic():
                answer = self._give_up(worker)
            else:
                continue
            chunk, worker.chunk = worker.chunk, None
            if isinstance(answer, WorkerFailure) and answer.must_restart:
                self._end(worker)
            if chunk and answer is not None:
                yield chunk, answer

    def end(self) -> None:
        """End all of them at once, whatever they are at; a shelf in use takes those that are at nothing."""
        if _idle_workers and self._key:
            idle = [w for w in self._workers if not w.chunk and w.process.is_alive()]
            kept = [w for w in idle if _idle_workers.put(self._key, w)]
            self._workers = [w for w in self._workers if w not in kept]
        for worker in self._workers:
            worker.process.kill()
        for worker in list(self._workers):
            self._end(worker)
        self._lost_starts = 0

    def _receive(self, worker: _Worker) -> tuple[PackedExtract, ...] | WorkerFailure | None:
        """Read what a worker sent, None if it is that it has started, or how it died."""
        try:
            answer: tuple[PackedExtract, ...] | WorkerFailure | None = pickle.loads(worker.pipe.recv_bytes())
        except (EOFError, OSError):
            worker.process.join(5)  # the pipe closes a moment before the process has ended
            answer = WorkerFailure(_end_in_words(worker.process.exitcode), must_restart=True)
            self._lost_starts += not worker.started
            if self._lost_starts >= _MOST_LOST_STARTS:
                raise self._cannot_start(answer.reason) from None
            return answer
        if not worker.started:
            if isinstance(answer, WorkerFailure):
                raise self._cannot_start(answer.reason)
            worker.started, self._lost_starts = True, 0
        return answer

    def _give_up(self, worker: _Worker) -> WorkerFailure:
        if worker.chunk is None:
            raise self._cannot_start(f"it was not there after {_START_SECONDS:.0f} s")
        seconds = self._limits.seconds(worker.chunk.texts)
        return WorkerFailure(f"TimeoutError: not done in {seconds:.0f} s", must_restart=True)

    def _end(self, worker: _Worker) -> None:
        worker.end()
        self._workers.remove(worker)

    def _cannot_start(self, reason: str) -> PipelineError:
        return PipelineError(
            f"A process that extracts cannot start: {reason}. Install the spaCy model {self._model!r} again, "
            "or name another one in ONTHERECORD_MODEL; if memory or processes are short, lower "
            "ONTHERECORD_WORKERS."
        )


def default_memory_limit(workers: int) -> int:
    """Return what a worker may take beside its model, so that all of them together leave the machine some."""
    return max(int(machine_memory() * 0.8 / workers) - _MODEL_BYTES, _LEAST_BYTES)


def _end_in_words(exit_code: int | None) -> str:
    if exit_code is None:
        return "worker closed its pipe"
    if exit_code >= 0:
        return f"worker ended with exit code {exit_code}"
    return f"worker killed by signal {-exit_code}" + _KNOWN_SIGNALS.get(-exit_code, "")


def _start(model: str, memory_bytes: int) -> _Worker:
    _stand_somewhere()
    ours, theirs = get_context("spawn").Pipe()
    # Not forked: the parent may have threads (Prefect's), and a fork takes their locks along.
    process = get_context("spawn").Process(target=_work, args=(theirs, model, memory_bytes), daemon=True)
    resource_tracker.ensure_running()  # here, or it would lift the launcher's block of SIGINT
    _launcher(os.getpid()).submit(process.start).result()
    theirs.close()  # so that its end of the pipe closes when the worker dies
    return _Worker(process, ours, time.monotonic() + _START_SECONDS)


@cache
def _launcher(_pid: int) -> ThreadPoolExecutor:
    """Return the thread that starts this process's workers, which die with it (see parent_death.py).

    Ctrl-C reaches every process of a terminal; the parent alone decides, and ends its workers. So SIGINT is
    blocked in this thread: a worker inherits that from its first moment on. A fork gets a thread of its own.
    """
    return ThreadPoolExecutor(1, "launcher", signal.pthread_sigmask, (signal.SIG_BLOCK, {signal.SIGINT}))


def _stand_somewhere() -> None:
    """Leave a working folder that was removed: no process can be started there."""
    try:
        Path.cwd()
    except FileNotFoundError:
        os.chdir("/")  # paths that were relative to it lead nowhere anyway


def _work(pipe: Connection, model: str, memory_bytes: int) -> None:
    """Be a worker: load the model, say so, then do chunk after chunk until the pipe closes."""
    parent = parent_process()
    assert parent is not None, "a worker is started by the pool"
    assert parent.pid
    die_with_parent(parent.pid)
    configure_blas()
    try:
        from ontherecord.flows.extract.extractor import Extractor

        extractor = Extractor(model)
        list(
            extractor.extract([ArticleText("", "Ready", "Ready.")])
        )  # loads the model, and shows that it works
        _limit_memory(memory_bytes)
    except Exception as error:
        pipe.send_bytes(pickle.dumps(WorkerFailure(_in_words(error), must_restart=True)))
        return
    pipe.send_bytes(pickle.dumps(None))
    while True:
        try:
            texts = pickle.loads(pipe.recv_bytes())
        except (EOFError, OSError):
            return
        try:
            # As bytes: to read pickled records takes the one process that has much to do twice the time.
            answer = pickle.dumps(tuple(map(pack, extractor.extract(texts))))
        except MemoryError:
            reason = f"MemoryError: more than {memory_bytes // 1_000_000:,} MB needed"
            answer = pickle.dumps(WorkerFailure(reason, must_restart=True))
        except Exception as error:
            answer = pickle.dumps(WorkerFailure(_in_words(error)))
        pipe.send_bytes(answer)


def _in_words(error: Exception) -> str:
    words = " ".join(f"{type(error).__name__}: {error}".split())
    return words if len(words) <= _READABLE else words[: _READABLE - 1] + "…"


def _limit_memory(more_bytes: int) -> None:
    """Have memory beyond this refused, which is an error here rather than a kill anywhere.

    Should the machine run out of memory all the same, workers are the first to be killed.
    """
    now = int(Path("/proc/self/statm").read_text().split()[5]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_DATA, (now + more_bytes, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")
