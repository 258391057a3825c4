"""Guard: what stands before Prefect's server. It answers its own names, and no page of another site.

Prefect itself looks neither at the name it is called by nor at who asks. A page of another site, open in a
browser on the same machine, could send it what no CORS setting stops: a form, a `fetch` in the mode
`no-cors`, a websocket, or any request at all once the site's own name leads to this machine (DNS rebinding).

Browsers say where a request comes from, and pages cannot change that: by `Origin` for all but a plain GET,
and by `Sec-Fetch-Site` for all that goes to this machine or by https. Programs send neither, and are let
through; the login is for them. The rule is that of https://web.dev/articles/fetch-metadata.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterable, Set
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_READING = ("GET", "HEAD")
# What a form of any page can send, and a program that speaks to this server never does.
_OF_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[\w.-]+)(:[0-9]{1,5})?")
_DEFAULT_PORTS = {"http": 80, "https": 443}
# No page may show the dashboard in a frame, and have its buttons clicked unseen.
_HEADERS = {"X-Frame-Options": "DENY", "Content-Security-Policy": "frame-ancestors 'none'"}


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """Where the server listens, which names it has besides, and whose settings name its secrets."""

    host: str
    port: int
    names: tuple[str, ...] = ()
    home: str | None = None

    def as_argument(self) -> str:
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused, and the status of the answer."""

    status: int
    reason: str


class Guard:
    """The app behind it, for requests to one of `names`, and of `origins` or of pages of its own.

    `origins` are those of other sites that may ask, such as https://desk.example.org.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str], origins: Iterable[str] = ()) -> None:
        self._app = app
        self._names = {name.lower() for name in names}
        self._origins = {origin.lower().rstrip("/") for origin in origins}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif refusal := self._refusal(scope):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008, "reason": ""})
            else:
                answer = PlainTextResponse(f"{refusal.reason}\n", refusal.status)
                await answer(scope, receive, send)
        else:
            await self._app(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        name = _name_of(host)
        # The address that the request arrived at is ours, whichever of this machine's it is.
        if not name or name not in self._names | {(scope.get("server") or ("",))[0]}:
            return Refusal(400, "This server has another name. Name others in the setting prefect_hosts.")
        is_reading = scope["type"] == "http" and scope["method"] in _READING
        if not (_comes_from_here(headers, host, self._origins) or (is_reading and _follows_link(headers))):
            return Refusal(403, "Pages of other sites get no answer.")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if scope["type"] == "http" and not is_reading and kind in _OF_FORMS:
            return Refusal(415, "Send JSON: application/json.")
        return None


def own_names(host: str, more: Iterable[str] = ()) -> set[str]:
    """Return the names of a server that listens on a host: on all interfaces, the machine's name too."""
    names = {*_LOOPBACK, host, *more}
    try:
        if ip_address(host).is_unspecified:
            names |= {socket.gethostname(), f"{socket.gethostname()}.local"}
    except ValueError:
        pass  # a name
    return names


def _name_of(host: str) -> str:
    """Return the name or address in a Host header, '' if it is none."""
    found = _HOST.fullmatch(host)
    return found["name"].strip("[]").lower() if found else ""


def _comes_from_here(headers: Headers, host: str, origins: Set[str]) -> bool:
    """Say whether a request comes from a page of this server, from the user, or from a program."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and origin.lower() in origins:
        return True
    if site is not None:
        return site in ("same-origin", "none")
    return origin is None or _is_origin_of(origin, host)


def _follows_link(headers: Headers) -> bool:
    """Say whether a user follows a link to the dashboard: it opens as a page of its own, not in a frame."""
    return headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"


def _is_origin_of(origin: str, host: str) -> bool:
    """Say whether an origin is that of a Host header. `null`, of a sandboxed page, is none."""
    try:
        page, server = urlsplit(origin), urlsplit(f"{urlsplit(origin).scheme}://{host}")
        default = _DEFAULT_PORTS.get(page.scheme)
        return bool(page.hostname) and (page.hostname, page.port or default) == (
            server.hostname,
            server.port or default,
        )
    except ValueError:
        return False


def _with_headers(send: Send) -> Send:
    """Return a `send` that adds the headers of every answer."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
