"""Worker processes for the pool: each loads the model once and has its own pipe.

They share no lock and no queue with each other or the parent, so a worker that is killed, at whatever moment,
loses only its current chunk. Waiting for them needs no thread.
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

# Loading the model takes seconds, or minutes on a machine that is busy with other things.
_START_SECONDS = 600.0
# Workers that may die in a row while starting. One may be killed because others need memory.
_MOST_LOST_STARTS = 3
# An article of so many characters gets twice the time of a short one: at a tenth of the usual speed.
_CHARACTERS = 200_000
# Memory of the small model once it is loaded, and the most that articles of usual length need.
_MODEL_BYTES = 500_000_000
_LEAST_BYTES = 1_000_000_000
# Most characters of an error that is shown.
_ERROR_CHARACTERS = 300
_KNOWN_SIGNALS: dict[int, str] = {
    signal.SIGKILL: " (perhaps out of memory)",
    signal.SIGSEGV: " (it crashed)",
    signal.SIGBUS: " (it crashed)",
    signal.SIGABRT: " (it aborted in native code)",
    signal.SIGILL: " (the processor lacks an instruction)",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The most an article may take; `memory_bytes` is in addition to the loaded model."""

    article_timeout_seconds: float
    memory_bytes: int

    def seconds(self, texts: tuple[ArticleText, ...]) -> float:
        """Return how long texts may take together; a chunk of usual ones gets little more than one text."""
        return self.article_timeout_seconds * (1 + sum(len(text.body) for text in texts) / _CHARACTERS)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Texts for a worker; `is_retry` if they were part of a chunk that failed."""

    texts: tuple[ArticleText, ...]
    is_retry: bool = False


@dataclass(frozen=True, slots=True)
class WorkerFailure:
    """Why a worker failed; `must_restart` if it cannot be used any more."""

    reason: str
    must_restart: bool = False


@dataclass(slots=True, eq=False)
class _Worker:
    """A worker as its parent sees it; `until` is the deadline for its start or its chunk."""

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


# Model, extractor version and memory limit: only a run with the same ones can reuse a worker.
_Key = tuple[str, str, int]


class IdleWorkerCache:
    """Idle workers between two runs of one process, for the next run to reuse.

    Their number is limited, since each keeps its model in memory.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._idle: list[tuple[_Key, _Worker]] = []
        self._owner = os.getpid()

    def put(self, key: _Key, worker: _Worker) -> bool:
        """Keep an idle worker; return whether there was space for it."""
        if os.getpid() != self._owner or len(self._idle) >= self._most:
            return False
        self._idle.append((key, worker))
        return True

    def take(self, key: _Key) -> _Worker | None:
        """Remove and return a live worker with this key; None if there is none."""
        if os.getpid() != self._owner:  # a forked process has the list, but not the workers
            return None
        for entry in list(self._idle):
            if entry[0] == key:
                self._idle.remove(entry)
                if entry[1].process.is_alive():
                    return entry[1]
                entry[1].end()
        return None

    def clear(self) -> None:
        """End all idle workers."""
        while self._idle and os.getpid() == self._owner:
            self._idle.pop()[1].end()


_idle_workers: IdleWorkerCache | None = None


@contextmanager
def reuse_workers(cache: IdleWorkerCache) -> Iterator[None]:
    """Have runs put their idle workers into the cache and take workers from it."""
    global _idle_workers
    before, _idle_workers = _idle_workers, cache
    try:
        yield
    finally:
        _idle_workers = before


@contextmanager
def keep_workers(most: int) -> Iterator[None]:
    """Keep at most so many idle workers between runs; end them at the end."""
    cache = IdleWorkerCache(most)
    try:
        with reuse_workers(cache):
            yield
    finally:
        cache.clear()


class Workers:
    """Worker processes, replaced when they die or exceed their time limit."""

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
        """How many workers have a chunk."""
        return sum(worker.chunk is not None for worker in self._workers)

    def start(self, count: int) -> None:
        """Start workers until there are `count`, or the maximum, without waiting for them.

        Raises PipelineError if the machine cannot start another process.
        """
        if _idle_workers and self._key is None:
            self._key = self._model, extractor_version(self._model), self._limits.memory_bytes
        for _ in range(min(count, self._count) - len(self._workers)):
            idle = _idle_workers.take(self._key) if _idle_workers and self._key else None
            try:
                self._workers.append(idle or _start(self._model, self._limits.memory_bytes))
            except OSError as error:
                raise self._cannot_start(str(error)) from error

    def give(self, chunk: Chunk) -> bool:
        """Give a chunk to an idle worker; return whether there was one."""
        for worker in self._workers:
            if (
                not worker.started or worker.chunk or worker.pipe.poll()
            ):  # data from an idle worker means that it died
                continue
            with suppress(OSError):  # the worker died just now
                worker.pipe.send_bytes(pickle.dumps(chunk.texts))
                worker.chunk, worker.until = chunk, time.monotonic() + self._limits.seconds(chunk.texts)
                return True
        return False

    def wait(self) -> Iterator[tuple[Chunk, tuple[PackedExtract, ...] | WorkerFailure]]:
        """Wait for a result, a failure, a deadline or a wakeup; yield the chunks that are done or failed.

        Raises PipelineError if the workers cannot start.
        """
        active = [worker for worker in self._workers if worker.chunk or not worker.started]
        wakeups = [self._wakeup] if self._wakeup else []
        pipes = [worker.pipe for worker in self._workers]
        if active:
            until = min(worker.until for worker in active)
            ready = wait(wakeups + pipes, max(0.0, until - time.monotonic()))
        else:
            ready = wait(wakeups + pipes, None if wakeups else 0.0)
        if self._wakeup and self._wakeup in ready:
            self._wakeup.recv_bytes()
        for worker in list(self._workers):
            if worker.pipe in ready:
                result = self._receive(worker)
            elif worker in active and worker.until <= time.monotonic():
                result = self._time_out(worker)
            else:
                continue
            chunk, worker.chunk = worker.chunk, None
            if isinstance(result, WorkerFailure) and result.must_restart:
                self._end(worker)
            if chunk and result is not None:
                yield chunk, result

    def end(self) -> None:
        """End all workers at once; idle ones go into the cache, if one is in use."""
        if _idle_workers and self._key:
            idle = [w for w in self._workers if not w.chunk and w.process.is_alive()]
            cached = [w for w in idle if _idle_workers.put(self._key, w)]
            self._workers = [w for w in self._workers if w not in cached]
        for worker in self._workers:
            worker.process.kill()
        for worker in list(self._workers):
            self._end(worker)
        self._lost_starts = 0

    def _receive(self, worker: _Worker) -> tuple[PackedExtract, ...] | WorkerFailure | None:
        """Return what a worker sent, None if it has just started, or how it died."""
        try:
            result: tuple[PackedExtract, ...] | WorkerFailure | None = pickle.loads(worker.pipe.recv_bytes())
        except (EOFError, OSError):
            worker.process.join(5)  # the pipe closes a moment before the process ends
            result = WorkerFailure(_describe_exit(worker.process.exitcode), must_restart=True)
            self._lost_starts += not worker.started
            if self._lost_starts >= _MOST_LOST_STARTS:
                raise self._cannot_start(result.reason) from None
            return result
        if not worker.started:
            if isinstance(result, WorkerFailure):
                raise self._cannot_start(result.reason)
            worker.started, self._lost_starts = True, 0
        return result

    def _time_out(self, worker: _Worker) -> WorkerFailure:
        if worker.chunk is None:
            raise self._cannot_start(f"it was not ready after {_START_SECONDS:.0f} s")
        seconds = self._limits.seconds(worker.chunk.texts)
        return WorkerFailure(f"TimeoutError: not done in {seconds:.0f} s", must_restart=True)

    def _end(self, worker: _Worker) -> None:
        worker.end()
        self._workers.remove(worker)

    def _cannot_start(self, reason: str) -> PipelineError:
        return PipelineError(
            f"A worker process cannot start: {reason}. Install the spaCy model {self._model!r} again, or "
            "name another one in ONTHERECORD_MODEL; if memory or processes are short, lower "
            "ONTHERECORD_WORKERS."
        )


def default_memory_limit(workers: int) -> int:
    """Return the memory per worker, beside its model, that leaves a fifth of the machine free."""
    return max(int(machine_memory() * 0.8 / workers) - _MODEL_BYTES, _LEAST_BYTES)


def _describe_exit(exit_code: int | None) -> str:
    if exit_code is None:
        return "worker closed its pipe"
    if exit_code >= 0:
        return f"worker ended with exit code {exit_code}"
    return f"worker killed by signal {-exit_code}" + _KNOWN_SIGNALS.get(-exit_code, "")


def _start(model: str, memory_bytes: int) -> _Worker:
    _ensure_working_folder()
    parent_end, worker_end = get_context("spawn").Pipe()
    # Not forked: the parent may have threads (Prefect's), and a fork copies their locks.
    process = get_context("spawn").Process(target=_work, args=(worker_end, model, memory_bytes), daemon=True)
    resource_tracker.ensure_running()  # it would lift the launcher's block of SIGINT if it were started there
    _launcher(os.getpid()).submit(process.start).result()
    worker_end.close()  # so that the pipe closes when the worker dies
    return _Worker(process, parent_end, time.monotonic() + _START_SECONDS)


@cache
def _launcher(_pid: int) -> ThreadPoolExecutor:
    """Return the thread that starts this process's workers, which die with it (see parent_death.py).

    Ctrl-C and a closed terminal reach every process of the terminal, and a service manager's SIGTERM all of
    a service, but only the parent is to handle them and end its workers. So they are blocked in this thread:
    a worker inherits that from its first moment on. A fork gets its own.
    """
    blocked = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    return ThreadPoolExecutor(1, "launcher", signal.pthread_sigmask, (signal.SIG_BLOCK, blocked))


def _ensure_working_folder() -> None:
    """Leave a working folder that was removed: no process can start there."""
    try:
        Path.cwd()
    except FileNotFoundError:
        os.chdir("/")  # paths relative to it are invalid anyway


def _work(pipe: Connection, model: str, memory_bytes: int) -> None:
    """Run a worker: load the model, report it, then extract chunk after chunk until the pipe closes."""
    parent = parent_process()
    assert parent is not None, "a worker is started by the pool"
    assert parent.pid
    die_with_parent(parent.pid)
    configure_blas()
    try:
        from ontherecord.flows.extract.extractor import Extractor

        extractor = Extractor(model)
        # Loads the model, and checks that it works.
        list(extractor.extract([ArticleText("", "Ready", "Ready.")]))
        _limit_memory(memory_bytes)
    except Exception as error:
        pipe.send_bytes(pickle.dumps(WorkerFailure(_describe(error), must_restart=True)))
        return
    pipe.send_bytes(pickle.dumps(None))
    while True:
        try:
            texts = pickle.loads(pipe.recv_bytes())
        except (EOFError, OSError):
            return
        try:
            # Packed: reading pickled records would take the parent, the busiest process, twice the time.
            result = pickle.dumps(tuple(map(pack, extractor.extract(texts))))
        except MemoryError:
            reason = f"MemoryError: more than {memory_bytes // 1_000_000:,} MB needed"
            result = pickle.dumps(WorkerFailure(reason, must_restart=True))
        except Exception as error:
            result = pickle.dumps(WorkerFailure(_describe(error)))
        pipe.send_bytes(result)


def _describe(error: Exception) -> str:
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return text if len(text) <= _ERROR_CHARACTERS else text[: _ERROR_CHARACTERS - 1] + "…"


def _limit_memory(more_bytes: int) -> None:
    """Limit memory, so that too much is a MemoryError here instead of a kill somewhere.

    If the machine runs out of memory nevertheless, workers are killed first. Where there is no /proc, as in a
    bare chroot, there is no limit.
    """
    try:
        now = int(Path("/proc/self/statm").read_text().split()[5]) * os.sysconf("SC_PAGE_SIZE")
    except FileNotFoundError:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (now + more_bytes, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")
