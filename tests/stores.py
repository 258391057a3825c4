"""Stores: a real S3 server, a faulty way to it, and a real SFTP server, each on a port of its own."""

from __future__ import annotations

import asyncio
import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import asyncssh
import boto3
from moto.server import ThreadedMotoServer

BUCKET = "news"
# What becomes of a request, by method and path: None lets it through, an int is answered, a float waited.
Fault = Callable[[str, str], int | float | None]


class S3:
    """An S3 server on loopback, and the way to it, where requests are counted and faults happen."""

    def __init__(self, server: str, way: str) -> None:
        self.address = way
        self.fault: Fault = lambda method, path: None
        self.asked: list[str] = []
        with urlopen(Request(f"{server}/moto-api/reset", method="POST")):
            pass  # all servers of a process have the same buckets
        self.client: Any = boto3.client("s3", endpoint_url=server)
        self.client.create_bucket(Bucket=BUCKET)

    def put(self, key: str, content: str | bytes) -> None:
        self.client.put_object(Bucket=BUCKET, Key=key, Body=content)

    def delete(self, key: str) -> None:
        self.client.delete_object(Bucket=BUCKET, Key=key)

    @property
    def objects_read(self) -> list[str]:
        """Return the keys that were asked for since `asked` was cleared."""
        begin = f"/{BUCKET}/"
        return [
            path.removeprefix(begin)
            for method, _, path in (line.partition(" ") for line in self.asked)
            if method == "GET" and path.startswith(begin) and "?" not in path and path != begin
        ]


@contextmanager
def s3_server() -> Iterator[S3]:
    """Run an S3 server, empty but for a bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    way = ThreadingHTTPServer(("127.0.0.1", 0), _Way)
    s3 = S3(f"http://{host}:{port}", f"http://127.0.0.1:{way.server_port}")
    way.store, way.target = s3, (host, port)  # type: ignore[attr-defined]
    thread = threading.Thread(target=way.serve_forever, daemon=True)
    thread.start()
    try:
        yield s3
    finally:
        way.shutdown()
        way.server_close()
        server.stop()


class _Way(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _pass(self) -> None:
        store, target = self.server.store, self.server.target  # type: ignore[attr-defined]
        store.asked.append(f"{self.command} {self.path}")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = store.fault(self.command, self.path)
        if isinstance(fault, int):
            self._answer(fault, {}, b"")
            return
        if fault is not None:
            time.sleep(fault)
        there = http.client.HTTPConnection(*target, timeout=30)
        headers = {n: v for n, v in self.headers.items() if n.lower() not in ("host", "connection")}
        there.request(self.command, self.path, body, headers)
        answer = there.getresponse()
        content = answer.read()
        self._answer(answer.status, dict(answer.getheaders()), content)
        there.close()

    def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        is_head = self.command == "HEAD"
        for name, value in headers.items():
            if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                self.send_header(name, value)
        length = next((v for n, v in headers.items() if n.lower() == "content-length"), None)
        self.send_header("Content-Length", length if is_head and length else str(len(content)))
        self.end_headers()
        if not is_head:
            self.wfile.write(content)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _pass  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Sftp(asyncssh.SFTPServer):
    """Serves a folder, but for what is called `closed`."""

    def scandir(self, path: bytes) -> Any:
        if path.rstrip(b"/").endswith(b"closed"):
            raise asyncssh.SFTPPermissionDenied("not for you")
        return super().scandir(path)


@contextmanager
def sftp_server(folder: Path, user_home: Path) -> Iterator[int]:
    """Serve a folder by SFTP to whoever has the key in that home's .ssh; give the port."""
    ssh = user_home / ".ssh"
    ssh.mkdir(parents=True)
    host_key = asyncssh.generate_private_key("ssh-ed25519")
    own_key = asyncssh.generate_private_key("ssh-ed25519")
    own_key.write_private_key(str(ssh / "id_ed25519"))
    own_key.write_public_key(str(ssh / "authorized_keys"))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[host_key],
            authorized_client_keys=str(ssh / "authorized_keys"),
            sftp_factory=lambda channel: _Sftp(channel, chroot=str(folder).encode()),
        )

    acceptor = asyncio.run_coroutine_threadsafe(listen(), loop).result(30)
    port = acceptor.get_port()
    known = host_key.export_public_key().decode().strip()
    (ssh / "known_hosts").write_text(f"[127.0.0.1]:{port} {known}\n")
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(acceptor.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
