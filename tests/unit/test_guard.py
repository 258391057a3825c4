"""The guard before Prefect's server: who gets an answer, by what browsers and programs send."""

from __future__ import annotations

import socket

import pytest
from fastapi import FastAPI, WebSocket
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from ontherecord.flows.orchestration.guard import Guard, own_names

HERE = "127.0.0.1:4200"
OURS = {"origin": f"http://{HERE}"}
EVIL = {"origin": "http://evil.example"}
JSON = {"content-type": "application/json"}
changes: list[str] = []
app = FastAPI()


@app.get("/read")
def _read() -> str:
    return "read"


@app.post("/change")
def _change() -> str:
    changes.append("changed")
    return "changed"


@app.websocket("/socket")
async def _socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("open")


def _client(
    host: str = HERE,
    *more: str,
    listens: str = "127.0.0.1",
    origins: tuple[str, ...] = (),
    at: str = "127.0.0.1",
) -> TestClient:
    guard = Guard(app, own_names(listens, more), origins)

    async def arriving(scope: Scope, receive: Receive, send: Send) -> None:
        await guard({**scope, "server": (at, 4200)}, receive, send)

    return TestClient(arriving, headers={"host": host})


@pytest.fixture(autouse=True)
def _unchanged() -> None:
    changes.clear()


@pytest.mark.parametrize("host", [HERE, "localhost:4200", "LOCALHOST", "[::1]:4200", "127.0.0.1"])
def test_its_own_names_are_answered(host: str) -> None:
    assert _client(host).get("/read").json() == "read"
    assert _client(host).post("/change").status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:4200", "127.0.0.1.evil.example", "localhost.evil.example:4200", "[::2]",
     "evil@127.0.0.1", "127.0.0.1#.evil.example", "", "[", "192.0.2.7", "127.0.0.1:x", "localhost evil"],
)  # fmt: skip
def test_other_names_are_refused(host: str) -> None:
    for headers in ({}, OURS, {"origin": f"http://{host}", "sec-fetch-site": "same-origin"}):
        answer = _client().post("/change", headers={"host": host, **headers})
        assert answer.status_code == 400, host
        assert "prefect_hosts" in answer.text
        assert _client().get("/read", headers={"host": host, **headers}).status_code == 400
    assert not changes


def test_an_address_of_this_machine_is_answered_where_requests_arrive_at_it() -> None:
    client = _client("192.0.2.7:4200", listens="0.0.0.0", at="192.0.2.7")
    assert client.post("/change").status_code == 200
    assert client.post("/change", headers={"host": "192.0.2.8:4200"}).status_code == 400


def test_names_of_the_machine_and_of_a_proxy() -> None:
    hostname = socket.gethostname()
    assert _client(hostname).get("/read").status_code == 400
    assert _client(hostname, listens="0.0.0.0").get("/read").status_code == 200
    assert _client(f"{hostname}:4200", listens="::").get("/read").status_code == 200
    assert _client("press.example.org").get("/read").status_code == 400
    assert _client("press.example.org", "press.example.org").get("/read").status_code == 200
    assert _client("desk.local:80", listens="desk.local").get("/read").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        EVIL,
        {**EVIL, "sec-fetch-site": "cross-site"},
        {"origin": "null"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        # Another program's page on this machine is of the same site, but not ours.
        {"origin": "http://localhost:3000", "sec-fetch-site": "same-site"},
        {"origin": "http://127.0.0.1:3000"},
        {"origin": "http://127.0.0.1"},
        {"origin": f"http://{HERE}.evil.example"},
        {"origin": f"http://evil.example/{HERE}"},
        {"origin": "file://"},
        {"origin": "http://["},
        {"origin": ""},
        # A form that was sent by following a link.
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"},
    ],
)
@pytest.mark.parametrize("content", [JSON, {"content-type": "text/plain"}, {}])
def test_pages_of_other_sites_change_nothing(headers: dict[str, str], content: dict[str, str]) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = _client().request(method, "/change", headers={**headers, **content}, content=b"{}")
        assert answer.status_code == 403
    assert not changes
    with pytest.raises(WebSocketDisconnect), _client().websocket_connect("/socket", headers=headers):
        pass


@pytest.mark.parametrize("dest", ["image", "script", "iframe", "object", "empty"])
def test_pages_of_other_sites_load_nothing(dest: str) -> None:
    for mode in ("no-cors", "navigate"):
        headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": mode, "sec-fetch-dest": dest}
        assert _client().get("/read", headers=headers).status_code == 403


def test_links_lead_to_the_dashboard_but_no_frame_shows_it() -> None:
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    answer = _client().get("/read", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["content-security-policy"] == "frame-ancestors 'none'"


@pytest.mark.parametrize(
    "headers",
    [{}, OURS, {**OURS, "sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}],
    ids=["a program", "an older browser", "a page", "the user"],
)
def test_the_dashboard_and_programs_may_do_all(headers: dict[str, str]) -> None:
    assert _client().post("/change", headers={**headers, **JSON}, content=b"{}").status_code == 200
    assert changes.pop() == "changed"
    with _client().websocket_connect("/socket", headers=headers) as opened:
        assert opened.receive_text() == "open"


def test_origins_are_told_apart_by_the_port_that_is_not_written() -> None:
    behind_tls = _client("press.example.org", "press.example.org")
    assert behind_tls.post("/change", headers={"origin": "https://press.example.org"}).status_code == 200
    assert behind_tls.post("/change", headers={"origin": "https://press.example.org:8443"}).status_code == 403


@pytest.mark.parametrize("named", ["https://desk.example.org", "https://Desk.example.org/"])
def test_another_site_that_may_ask_is_named_by_its_origin(named: str) -> None:
    client = _client(origins=(named,))
    asking = {"origin": "https://desk.example.org", "sec-fetch-site": "cross-site"}
    assert client.post("/change", headers=asking).status_code == 200
    assert client.post("/change", headers={**asking, "origin": "http://desk.example.org"}).status_code == 403


@pytest.mark.parametrize("kind", ["text/plain", "text/plain;charset=UTF-8", "multipart/form-data; boundary=x",
                                  "application/x-www-form-urlencoded"])  # fmt: skip
def test_what_forms_send_is_refused_whoever_sends_it(kind: str) -> None:
    """A browser that is too old to say where a request comes from can send no more than a form."""
    answer = _client().post("/change", headers={"content-type": kind}, content=b'{"a": "="}')
    assert answer.status_code == 415
    assert not changes
