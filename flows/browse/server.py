"""Serve the archive to browsers on this machine until Ctrl-C."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import current_thread, main_thread

import uvicorn

from ontherecord.flows.browse.app import create_app
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import ServiceError
from ontherecord.warehouse.published_reader import PublishedReader, Selection

# Never another address: the pages have no login.
_HOST = "127.0.0.1"
_PORT = 4280
_PORTS_TRIED = 20


def serve_archive(home: DataDir, port: int | None, say: Callable[[str], None]) -> None:
    """Serve until a signal; `say` gets the address once it can be opened.

    Raises WarehouseError if nothing is published or it has an older schema, ServiceError if no port is free.
    """
    reader = PublishedReader(home)
    with reader.pages() as reading:
        reading.articles(Selection(), size=1)
    reader.close()
    with listen(port) as listening:
        config = uvicorn.Config(
            create_app(home), log_config=None, log_level="warning", access_log=False, server_header=False
        )
        say(f"http://{_HOST}:{listening.getsockname()[1]}/")
        server = uvicorn.Server(config)
        if current_thread() is main_thread() and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, server.handle_exit)  # as it does with Ctrl-C and SIGTERM
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])


def listen(port: int | None) -> socket.socket:
    """Return a socket that listens on this machine: on a port, else on the first free one from 4280.

    Raises ServiceError if there is none.
    """
    wanted = range(_PORT, _PORT + _PORTS_TRIED) if port is None else [port]
    for candidate in wanted:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((_HOST, candidate))
            listening.listen()
        except OSError as error:
            listening.close()
            reason = error.strerror or str(error)
        else:
            return listening
    raise ServiceError(
        f"The pages cannot be served on port {wanted[0]} ({reason}). Choose another with --port, or leave "
        "--port out to use the first free one."
    )
