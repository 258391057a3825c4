"""The pages of `browse`, served for a test as the command serves them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from ontherecord.flows.browse.app import create_app
from ontherecord.flows.browse.server import listen
from ontherecord.warehouse.data_dir import DataDir


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve what a home publishes; give the address without a slash at the end."""
    with listen(None) as listening:
        server = uvicorn.Server(uvicorn.Config(create_app(DataDir(home)), log_level="warning"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
