"""Serve: run Prefect's server and a worker as children of this process, and stop both cleanly."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import islice
from pathlib import Path
from types import FrameType

from filelock import FileLock, Timeout

from ontherecord.flows.landing.location import Location
from ontherecord.flows.orchestration.child_processes import children, kill_session, send, start, wait_for_exit
from ontherecord.flows.orchestration.guard import ServerConfig
from ontherecord.flows.orchestration.server_api import PrefectApi
from ontherecord.flows.orchestration.worker import SKIPPED, WorkerConfig
from ontherecord.flows.settings import format_duration
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import ServiceError
from ontherecord.warehouse.secrets import redact

# -P: files in the current folder are not taken for modules.
_PYTHON = (sys.executable, "-P", "-m")
# By its name: to import it takes two seconds, as it imports Prefect.
_SERVER = "ontherecord.flows.orchestration.guarded_server"
_PORT = 4200
_PORTS_TRIED = 100
_TOP_OF_LOG = 200  # lines
_START_SECONDS = 180
# Together below 15 seconds, in which everything has to be gone.
_SECONDS_TO_FINISH = 7
_SECONDS_TO_REPORT = 3
_SECONDS_TO_TIDY = 1.5
_SERVER_SECONDS = 3


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What to serve. Folders are absolute; `port` None means the first free one from 4200.

    `login` is the name and password of the server, name:password; `names` are those that it has besides
    the host.
    """

    landing: Location
    home: DataDir
    every: timedelta
    host: str
    port: int | None
    database: str | None = field(default=None, repr=False)
    login: str | None = field(default=None, repr=False)
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens. One on all interfaces is reached by loopback, and shown by host name."""

    host: str
    port: int

    @property
    def api(self) -> str:
        host = "127.0.0.1" if self.host == "0.0.0.0" else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/api"

    @property
    def dashboard(self) -> str:
        if self.host == "0.0.0.0":
            return f"http://{socket.gethostname()}:{self.port}"
        return self.api.removesuffix("/api")


class _Stopped(Exception):
    """A signal asked for the end."""


class Service:
    """The server and worker of a home folder, for as long as `run` lasts."""

    def __init__(self, options: ServeOptions, say: Callable[[str], None]) -> None:
        self._options = options
        self._say = say
        self._signal_count = 0
        self._shown: set[str] = set()

    def run(self) -> None:
        """Run until SIGINT, SIGTERM or SIGHUP.

        Raises ServiceError if the home is served already, or server or worker fail to start or exit.
        """
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        if not self._options.home.folder.exists():
            free_address(self._options.host, self._options.port)  # before a home is made for nothing
        with single_instance(self._options.home) as publish_address:
            address = free_address(self._options.host, self._options.port)
            publish_address(address.dashboard)
            self._greet()
            env = environment(self._options, address, os.environ)
            self._api = PrefectApi(address.api, env.get("PREFECT_API_AUTH_STRING"))
            self._since = datetime.now(UTC).isoformat()
            self._server = self._start_server(address, env)
            try:
                self._worker = self._start_worker(env)
                try:
                    self._serve(address)
                except _Stopped:
                    pass
                finally:
                    self._stop_worker()
            finally:
                self._stop_server()

    def _greet(self) -> None:
        options = self._options
        self._say(
            f"Loading {options.landing} into {options.home.folder} every {format_duration(options.every)}."
        )
        self._say(f"Logs: {options.home.prefect}. Press Ctrl-C to stop.")
        has_login = options.login or "PREFECT_SERVER_API_AUTH_STRING" in os.environ
        if not is_this_machine(options.host) and not has_login:
            self._say(
                f"Warning: anyone who can reach {options.host} can run programs as this user: no login is "
                "set. Set ONTHERECORD_PREFECT_LOGIN=name:password, or listen on 127.0.0.1 behind a proxy "
                "that has one."
            )

    def _start_server(self, address: Address, env: dict[str, str]) -> subprocess.Popen[bytes]:
        options = self._options
        config = ServerConfig(address.host, address.port, options.names, str(options.home.folder))
        return start([*_PYTHON, _SERVER, config.as_argument()], env, self._log("server"))

    def _start_worker(self, env: dict[str, str]) -> subprocess.Popen[bytes]:
        options = self._options
        config = WorkerConfig(str(options.landing), str(options.home.folder), options.every.total_seconds())
        return start(
            [*_PYTHON, "ontherecord.flows.orchestration.worker", config.as_argument()],
            env,
            self._log("worker"),
        )

    def _log(self, name: str) -> Path:
        return self._options.home.prefect / f"{name}.log"

    def _serve(self, address: Address) -> None:
        until = time.monotonic() + _START_SECONDS
        while not self._api.answers():
            self._watch_children()
            if time.monotonic() > until:
                raise ServiceError(
                    f"Prefect's server did not start in {_START_SECONDS} s. {self._last_log_line('server')}"
                )
        self._say(f"Dashboard: {address.dashboard}")
        asked = time.monotonic()
        while True:
            self._watch_children()
            if time.monotonic() - asked >= 2:
                self._show_ended_runs()
                asked = time.monotonic()

    def _watch_children(self) -> None:
        """Wait a moment. Raises _Stopped after a signal, ServiceError if a child has exited."""
        time.sleep(0.1)
        if self._signal_count:
            raise _Stopped
        for name, process in (("server", self._server), ("worker", self._worker)):
            if process.poll() is not None:
                raise ServiceError(
                    f"Prefect's {name} exited (status {process.returncode}). {self._last_log_line(name)}"
                )

    def _show_ended_runs(self) -> None:
        from ontherecord.flows.sanitize import sanitize

        self._show_missed()
        try:
            ended = self._api.ended_runs(self._since)
        except (OSError, ValueError):
            return  # the server is busy: the next call finds them too
        for run in ended:
            if run["id"] not in self._shown:
                self._shown.add(run["id"])
                at = datetime.fromisoformat(run["end_time"]).astimezone(UTC)
                # Of a run that did nothing, the reason is all there is to show.
                why = (run["state"]["message"] or "") if run["state_name"] == "Skipped" else ""
                name = sanitize(f"{run['name']}: {why.removeprefix(SKIPPED)}" if why else run["name"])
                self._say(f"{at:%H:%M:%S} UTC  {run['state_name']:9}  {name}")

    def _show_missed(self) -> None:
        """Show what the worker says of runs that were missed while none ran, at the top of its log."""
        with suppress(OSError), self._log("worker").open(errors="replace") as log:
            for line in islice(log, _TOP_OF_LOG):
                if line.startswith(SKIPPED) and line not in self._shown:
                    self._shown.add(line)
                    self._say(line.rstrip())

    def _last_log_line(self, name: str) -> str:
        log = self._log(name)
        lines = [line for line in log.read_text(errors="replace").splitlines() if any(map(str.isalpha, line))]
        last = f" Its last line: {redact(lines[-1].strip())}" if lines else ""
        return f"See {log}.{last}"

    def _stop_worker(self) -> None:
        """Stop the worker with its runs: let them finish, then interrupt them, then kill them."""
        worker = self._worker
        if worker.poll() is None:
            worker.send_signal(signal.SIGTERM)
            if running := len(children(worker.pid)):
                self._say(f"Stopping: {running} running, with {_SECONDS_TO_FINISH} s to finish …")
            else:
                self._say("Stopping …")
            self._wait(worker, _SECONDS_TO_FINISH)
        for _ in range(_SECONDS_TO_REPORT):
            # Once a second: Python drops an exception that a signal handler raises within a finalizer.
            if worker.poll() is None:
                send(children(worker.pid), signal.SIGTERM)
                self._wait(worker, 1)
        if worker.poll() is None:
            self._mark_interrupted()
            send(children(worker.pid), signal.SIGKILL)
            self._wait(worker, _SECONDS_TO_TIDY)
        kill_session(worker)
        self._show_ended_runs()

    def _mark_interrupted(self) -> None:
        """Mark the runs about to be killed as interrupted: Prefect would guess that memory ran out."""
        with suppress(OSError, ValueError):  # what is not marked now is marked by the next `serve`
            self._api.mark_running(
                "Interrupted when `ontherecord serve` was stopped. The next run does its work."
            )

    def _stop_server(self) -> None:
        self._server.terminate()
        self._wait(self._server, _SERVER_SECONDS)
        kill_session(self._server)

    def _wait(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        """Wait for a process to exit; a second signal ends the wait."""
        until = time.monotonic() + seconds
        while self._signal_count < 2 and time.monotonic() < until and not wait_for_exit(process, 0.1):
            pass

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._signal_count += 1


def is_this_machine(host: str) -> bool:
    """Say whether a host is this machine's loopback interface."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def environment(options: ServeOptions, address: Address, outer: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of server and worker. The user's own settings win where they can."""
    folder = options.home.prefect
    ours = {
        "PREFECT_HOME": str(folder),
        "PREFECT_PROFILES_PATH": str(folder / "profiles.toml"),
        "PREFECT_API_URL": address.api,
        "PREFECT_CLI_PROMPT": "false",
        "NO_PROXY": ",".join(filter(None, [outer.get("NO_PROXY"), "127.0.0.1", "localhost", address.host])),
    }
    if options.database:
        ours["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = with_driver(options.database)
    usual = {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        # Relative to the page: right for every port, host name and proxy.
        "PREFECT_SERVER_UI_API_URL": "/api",
        # A page of another site, open in a browser on this machine, gets no answer from this server.
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": address.dashboard,
        # Delete runs older than 90 days, or the database would grow for ever.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_WORKER_QUERY_SECONDS": "5",
    }
    if login := options.login or outer.get("PREFECT_SERVER_API_AUTH_STRING"):
        ours |= {"PREFECT_SERVER_API_AUTH_STRING": login, "PREFECT_API_AUTH_STRING": login}
    inherited = {name: value for name, value in outer.items() if name != "PREFECT_PROFILE"}
    return {**usual, **inherited, **ours}


def with_driver(database: str) -> str:
    """Return a database URL with the driver that Prefect needs."""
    scheme, colon, rest = database.partition("://")
    return f"postgresql+asyncpg{colon}{rest}" if scheme in ("postgres", "postgresql") else database


def free_address(host: str, port: int | None) -> Address:
    """Return where to listen: on the given port, else on the first free one from 4200.

    Raises ServiceError if the host is not this machine's, or no port is free.
    """
    wanted = range(_PORT, _PORT + _PORTS_TRIED) if port is None else [port]
    for candidate in wanted:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except OSError as error:
                reason = error
            else:
                return Address(host, probe.getsockname()[1])
    raise ServiceError(
        f"The dashboard cannot listen on {host}, port {wanted[0]} ({reason.strerror or reason}). "
        "Choose another with --port, or leave --port out to use the first free one."
    )


@contextmanager
def single_instance(home: DataDir) -> Iterator[Callable[[str], None]]:
    """Lock the home for one `serve`; the operating system releases the lock however the process ends.

    Yields a function that records the dashboard's address. Raises ServiceError if another one has the lock.
    """
    note = home.prefect / "serve.json"
    lock = FileLock(home.prefect / "serve.lock")
    try:
        home.prefect.mkdir(parents=True, exist_ok=True)
        home.restrict_access()
        lock.acquire(timeout=0)
    except Timeout:
        raise ServiceError(
            f"`ontherecord serve` is already running for {home.folder}{_where(note)}. "
            "Stop it first, or choose another home with --home."
        ) from None
    except OSError as error:
        raise ServiceError(
            f"The home folder {home.folder} cannot be written ({error.strerror}). "
            "Give this user write permission, or choose another with --home."
        ) from error
    try:
        yield lambda url: _write(note, json.dumps({"pid": os.getpid(), "dashboard": url}))
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


def _where(note: Path) -> str:
    try:
        facts = json.loads(note.read_text(encoding="utf-8"))
        return f": process {facts['pid']}, dashboard {facts['dashboard']}"
    except (OSError, ValueError, KeyError):
        return ""
