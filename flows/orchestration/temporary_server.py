"""A Prefect server for one command, where none is configured: it listens on this machine, and ends with it.

Prefect's own temporary server is ended by the interpreter's exit, which a signal may keep from happening:
it would listen for ever. This one is a child like those of `serve`, so the kernel ends it with its parent.
Run as a module, this file is that child.
"""

from __future__ import annotations

import atexit
import os
import secrets
import socket
import sys
import time
from pathlib import Path

from ontherecord.flows.orchestration.child_processes import kill_session, start, wait_for_exit
from ontherecord.flows.orchestration.guard import ServerConfig
from ontherecord.flows.orchestration.server_api import PrefectApi, configured_server, set_login
from ontherecord.flows.settings import load_settings
from ontherecord.flows.workers.parent_death import die_with_parent
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import ServiceError

# The first start creates a database, which takes long on a busy machine.
_START_SECONDS = 180
_STOP_SECONDS = 3
_LOGIN = "PREFECT_SERVER_API_AUTH_STRING"
# It has no pages, and no page of another site may ask it.
_ENVIRONMENT = {
    "PREFECT_UI_ENABLED": "0",
    "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": "",
    "PREFECT__SERVER_EPHEMERAL": "1",
}


def use_prefect(home: DataDir, login: str | None) -> None:
    """Set what Prefect reads when it is imported; start a server if none is configured.

    `login` is that of the configured server, or of the one that is started.

    The server's files are in the home folder with the rest. It runs until this process ends, however that
    happens, and other users of this machine cannot log in to it. Call it from the main thread.

    Raises ServiceError if the server does not start.
    """
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    if configured_server() is not None:
        set_login(login)
        return
    home.prefect.mkdir(parents=True, exist_ok=True)
    home.restrict_access()
    os.environ.setdefault("PREFECT_HOME", str(home.prefect.absolute()))
    os.environ.setdefault("PREFECT_UI_URL", "")  # it serves no pages: no line is to advise opening one
    login = login or os.environ.get(_LOGIN) or f"ontherecord:{secrets.token_urlsafe()}"
    os.environ[_LOGIN] = login
    set_login(login)
    os.environ["PREFECT_API_URL"] = _start(home, login)


def _start(home: DataDir, login: str) -> str:
    """Start the server; return the URL of its API once it answers."""
    print("Starting a Prefect server for this run, which takes a few seconds …", file=sys.stderr)
    log = home.prefect / "temporary-server.log"
    with socket.create_server(("127.0.0.1", 0)) as listening:
        api = f"http://127.0.0.1:{listening.getsockname()[1]}/api"
        fd = listening.fileno()
        command = [
            sys.executable,
            "-P",
            "-m",
            __name__,
            str(os.getpid()),
            str(fd),
            str(home.folder.absolute()),
        ]
        server = start(command, {**os.environ, **_ENVIRONMENT}, log, pass_fds=(fd,))

    def stop() -> None:
        server.terminate()
        wait_for_exit(server, _STOP_SECONDS)
        kill_session(server)

    atexit.register(stop)
    until = time.monotonic() + _START_SECONDS
    while not PrefectApi(api, login).answers():
        if server.poll() is not None or time.monotonic() > until:
            raise ServiceError(f"Prefect's server did not start. See {log}.")
        time.sleep(0.1)
    return api


def _serve(parent: int, fd: int, home: str) -> None:
    """Serve on a socket that listens already, until SIGTERM or the end of the parent."""
    die_with_parent(parent)
    import uvicorn

    from ontherecord.flows.orchestration.guarded_server import guarded_app

    load_settings(home=Path(home))  # so that what is secret in them is in no log of this process
    listening = socket.socket(fileno=fd)
    app = guarded_app(ServerConfig(*listening.getsockname()[:2]))
    config = uvicorn.Config(app, log_level="error", lifespan="on", timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    _serve(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
