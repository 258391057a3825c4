"""Prefect's server of `serve`: what pages of other sites get, what a login does; no secret is told."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from planted import planted
from runs import article
from searched import files_with
from test_serve import BIN, PATIENCE, Started, asked, port, wait_for

from ontherecord.flows.orchestration.guard import ServerConfig
from ontherecord.flows.orchestration.serve import ServeOptions, environment, free_address
from ontherecord.flows.orchestration.server_api import PrefectApi
from ontherecord.warehouse.data_dir import DataDir

__all__ = ["port"]  # a fixture
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.slow
PLANTED = planted()
# What a page of another site can send without asking: each tries to make a flow of its own name.
ATTACK = """
async (api) => {
  const body = name => JSON.stringify({ name });
  const simple = (name, kind) => fetch(api + '/flows/', {
    method: 'POST', mode: 'no-cors', body: new Blob([body(name)], kind) });
  const socket = path => new Promise(done => {
    const opened = new WebSocket(api.replace('http', 'ws') + path);
    opened.onopen = () => done('open'); opened.onerror = () => done('refused'); });
  const picture = path => new Promise(done => {
    const img = new Image(); img.onload = img.onerror = done; img.src = api + path; });
  const form = (name, type) => {
    const frame = document.createElement('iframe'); frame.name = name; document.body.append(frame);
    const form = document.createElement('form');
    Object.assign(form, { method: 'POST', action: api + '/flows/', enctype: type, target: name });
    const field = document.createElement('input');
    field.name = '{"name": "' + name + '", "x": "'; field.value = '"}';
    form.append(field); document.body.append(form); form.submit(); };
  const said = {};
  const tried = async (name, what) => {
    try { said[name] = String(await what()); } catch (error) { said[name] = 'refused'; } };
  await tried('blob', async () => (await simple('evil-blob', {})).type);
  await tried('text', async () => (await simple('evil-text', { type: 'text/plain' })).type);
  await tried('json', async () => (await fetch(api + '/flows/', { method: 'POST', body: body('evil-json'),
    headers: { 'Content-Type': 'application/json' } })).status);
  await tried('read', async () => (await fetch(api + '/admin/settings')).status);
  await tried('events in', () => socket('/events/in'));
  await tried('events out', () => socket('/events/out'));
  await picture('/flows/count');
  form('evil-form', 'text/plain'); form('evil-urlencoded', 'application/x-www-form-urlencoded');
  form('evil-multipart', 'multipart/form-data');
  await new Promise(done => setTimeout(done, 1000));
  return said;
}
"""

SAME_ORIGIN = """
async () => (await fetch('/api/flows/', { method: 'POST', body: '{"name": "evil-rebound"}',
  headers: { 'Content-Type': 'application/json' } })).status
"""


@pytest.fixture
def start(tmp_path: Path, port: int) -> Iterator[Callable[..., Started]]:
    """Return a starter of `serve` with settings in its environment; end what is still there afterwards."""
    started: list[Started] = []
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(article())

    def starting(**environment: str) -> Started:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            folders = ("--landing", tmp_path / "in", "--home", tmp_path / "home")
            started.append(Started(*folders, "--every", "1d", "--port", str(port)))
        return started[-1]

    yield starting
    for one in started:
        if one.process.poll() is None:
            one.send(signal.SIGKILL)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the server as `serve` does, without a worker; give its address."""
    home = DataDir(tmp_path_factory.mktemp("guarded"))
    home.prefect.mkdir()
    options = ServeOptions(home.folder, home, timedelta(days=1), "127.0.0.1", None)
    address = free_address(options.host, None)
    config = ServerConfig(address.host, address.port, home=str(home.folder))
    command = [
        sys.executable,
        "-P",
        "-m",
        "ontherecord.flows.orchestration.guarded_server",
        config.as_argument(),
    ]
    with (home.folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, env=environment(options, address, os.environ), stdout=log, stderr=log
        )
    try:
        wait_for(lambda: PrefectApi(address.api).answers() or process.poll() is not None, "the server")
        yield address.dashboard
    finally:
        process.terminate()
        process.wait(PATIENCE)


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[int]:
    """Serve an empty page; give the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Another site</title>")

        def log_message(self, *_: Any) -> None:
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=site.serve_forever, daemon=True).start()
    yield site.server_port
    site.shutdown()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # A name of another site that leads to this machine, as after DNS rebinding.
        arguments = ["--no-sandbox", "--host-resolver-rules=MAP evil.example 127.0.0.1"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


def post(url: str, body: object, login: str | None = None, **headers: str) -> Any:
    request = Request(url, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})
    if login:
        request.add_header("Authorization", f"Basic {base64.b64encode(login.encode()).decode()}")
    with urlopen(request, timeout=10) as answer:
        return json.load(answer)


def flows(server: str) -> set[str]:
    return {flow["name"] for flow in post(f"{server}/api/flows/filter", {})}


@pytest.mark.skipif(CHROMIUM is None, reason="no browser is here to open the pages in")
@pytest.mark.parametrize("site", ["evil.example", "localhost", "127.0.0.1"])
def test_pages_of_other_sites_change_and_learn_nothing(
    chromium: Any, server: str, elsewhere: int, site: str
) -> None:
    page = chromium.new_page()
    page.goto(f"http://{site}:{elsewhere}/")
    for api in (f"{server}/api", f"{server}/api".replace("127.0.0.1", "localhost")):
        said = page.evaluate(ATTACK, api)
        # An opaque answer tells the page nothing, not even whether it was refused.
        refused = {"json": "refused", "read": "refused", "events in": "refused", "events out": "refused"}
        assert said == {"blob": "opaque", "text": "opaque", **refused}
    page.close()
    assert not [name for name in flows(server) if name.startswith("evil")]


@pytest.mark.skipif(CHROMIUM is None, reason="no browser is here to open the pages in")
def test_a_name_that_was_made_to_lead_here_gets_nothing(chromium: Any, server: str) -> None:
    page = chromium.new_page()
    port = server.rpartition(":")[2]
    answer = page.goto(f"http://evil.example:{port}/api/health")
    assert answer.status == 400
    assert page.evaluate(SAME_ORIGIN) == 400
    page.close()
    assert not [name for name in flows(server) if name.startswith("evil")]


@pytest.mark.skipif(CHROMIUM is None, reason="no browser is here to open the pages in")
def test_the_dashboard_works_behind_the_guard(chromium: Any, server: str) -> None:
    assert post(f"{server}/api/flows/", {"name": "harbour"})["name"] == "harbour"
    for address in (server, server.replace("127.0.0.1", "localhost")):
        page = chromium.new_page()
        troubles: list[str] = []
        page.on("pageerror", lambda error, troubles=troubles: troubles.append(str(error)))
        page.on(
            "response", lambda r, t=troubles: t.append(f"{r.status} {r.url}") if r.status >= 400 else None
        )
        page.goto(f"{address}/flows")
        page.get_by_text("harbour").first.wait_for()
        page.close()
        assert troubles == []


EMBEDDED = """
import sys
from pathlib import Path
from ontherecord.flows.orchestration.temporary_server import use_prefect
from ontherecord.warehouse.data_dir import DataDir
use_prefect(DataDir(Path(sys.argv[1])), None)
from prefect.client.orchestration import get_client
with get_client(sync_client=True) as client:
    print(client.api_url, len(client.read_flows()), flush=True)
    sys.stdin.read()
"""


def test_the_server_of_a_single_run_is_guarded_and_knows_only_the_run(tmp_path: Path) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", EMBEDDED, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with run:
        assert run.stdin
        assert run.stdout
        try:
            api, count = run.stdout.readline().split()
            assert count == "0"
            for status, headers in (
                (401, {}),
                (400, {"Host": "evil.example"}),
                (403, {"Origin": "http://evil.example"}),
            ):
                with pytest.raises(HTTPError, match=str(status)):
                    post(f"{api}flows/filter", {}, **headers)
        finally:
            run.stdin.close()
    assert run.returncode == 0


def test_no_secret_is_told_by_what_runs_under_the_server(
    start: Callable[..., Started], tmp_path: Path, port: int, request: pytest.FixtureRequest
) -> None:
    """Each run fails, as nobody answers for the lake, and so does the sending of the alert."""
    home, api = tmp_path / "home", f"http://127.0.0.1:{port}/api"
    secrets = {one.variable: one.value for one in PLANTED.values() if one.name != "prefect_database"}
    login = PLANTED["prefect_login"].value
    serve = start(**secrets, PREFECT_LOGGING_LEVEL="DEBUG", PREFECT_SERVER_LOGGING_LEVEL="DEBUG")
    serve.says("Dashboard: ")

    for given in (None, "ida:wrong"):
        with pytest.raises(HTTPError, match="401"):
            post(f"{api}/flows/filter", {}, given)
    names = {"ingest", "maintain"}
    wait_for(lambda: names <= {flow["name"] for flow in post(f"{api}/flows/filter", {}, login)}, "the flows")
    seen = [command for pid in serve.tree() for command in [Path(f"/proc/{pid}/cmdline").read_bytes()]]
    assert len(seen) >= 2
    failed = "select 1 from flow_run where state_type = 'FAILED'"
    wait_for(lambda: bool(asked(home, failed)), "a run that fails")
    seen += [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in serve.tree()]
    sent = "select 1 from events where event = 'prefect.automation.action.failed'"
    wait_for(lambda: bool(asked(home, sent)), "an alert that cannot be sent")
    done = subprocess.run(
        [BIN / "ontherecord", "alerts", "install", "--home", home],
        env={**os.environ, **secrets, "PREFECT_API_URL": api},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    if CHROMIUM:
        log_in(request.getfixturevalue("chromium"), api.removesuffix("/api"), login)
    assert serve.send(signal.SIGTERM) == 0

    markers = [one.marker for one in PLANTED.values()]
    assert files_with(home, *markers) == []
    for text in (*serve.lines, done.stdout, *map(str, seen)):
        assert not [marker for marker in markers if marker in text.lower()], text


def log_in(chromium: Any, dashboard: str, login: str) -> None:
    """Log in as a user does: nothing is shown before, the flows afterwards."""
    page = chromium.new_page()
    page.goto(f"{dashboard}/flows")
    page.locator("input[type=password]").fill(login)
    assert page.get_by_text("maintain").count() == 0
    page.keyboard.press("Enter")
    page.get_by_text("maintain").first.wait_for()
    page.close()


def test_no_password_of_prefects_database_is_told(start: Callable[..., Started], tmp_path: Path) -> None:
    database = PLANTED["prefect_database"]
    serve = start(**{database.variable: database.value})
    assert serve.process.wait(PATIENCE) == 1
    serve.says("exited (status")
    assert not [line for line in serve.lines if database.marker in line.lower()]
    assert files_with(tmp_path / "home", database.marker) == []
