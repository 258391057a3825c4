"""Alerts on their way to people: a real Prefect server, its automations, and a webhook that listens."""

from __future__ import annotations

import json
import os
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from commands import carry_out
from runs import article, rows, run

from ontherecord.flows.settings import AlertSettings
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import LandingError, SettingsError
from ontherecord.warehouse.lock import writer_lock
from ontherecord.warehouse.status import read_alerts

BIN = Path(sys.executable).parent
SECRET = "token-that-nobody-may-see"


class Webhook:
    """Listens on loopback and keeps what it is sent."""

    def __init__(self) -> None:
        self.messages: list[dict[str, str]] = []
        kept = self.messages

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                kept.append({"path": self.path, **json.loads(body)})
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/{SECRET}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def of(self, rule: str) -> list[dict[str, str]]:
        return [m for m in self.messages if m["rule"] == rule]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mail on loopback and keeps its lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        kept = self.lines

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.say("220 here")
                while line := self.rfile.readline():
                    command = line.decode().strip().upper()
                    if command == "DATA":
                        self.say("354 go on")
                        kept.extend(iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), "."))
                    self.say("221 bye" if command == "QUIT" else "250 taken")

            def say(self, line: str) -> None:
                self.wfile.write(f"{line}\r\n".encode())

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as opened:
        yield opened
        opened.shutdown()


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    opened = Webhook()
    yield opened
    opened.stop()


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    """Start a Prefect server as a process of its own, services and all; give its API address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [BIN / "prefect", "server", "start", "--port", str(port)],
            env={
                **os.environ,
                "PREFECT_HOME": str(folder),
                "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
                "DO_NOT_TRACK": "1",
                "PREFECT_UI_URL": f"http://127.0.0.1:{port}",
            },
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}/api"
    try:
        wait_for(lambda: _answers(f"{url}/health"), 180)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def wait_for(what: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("prefect")


@pytest.fixture(scope="module")
def api(folder: Path) -> Iterator[str]:
    with _server(folder) as url:
        yield url


def cli(api: str, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BIN / "ontherecord", *arguments],
        env={**os.environ, "PREFECT_API_URL": api, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


def install(api: str, home: Path, webhook: Webhook) -> None:
    done = cli(api, "alerts", "install", "--home", home, ONTHERECORD_ALERTS__WEBHOOK=webhook.url)
    assert done.returncode == 0, done.stderr
    assert "Prefect sends alerts and failed runs" in done.stdout
    assert SECRET not in done.stdout + done.stderr


def install_with(api: str, **settings: Any) -> None:
    from ontherecord.flows.orchestration.deployments import FLOW_NAMES
    from ontherecord.flows.orchestration.notify import install_automations

    assert len(install_automations(AlertSettings(**settings), FLOW_NAMES, api)) == 3


def named(api: str) -> list[str]:
    found = httpx.post(f"{api}/automations/filter", json={}).json()
    return sorted(automation["name"] for automation in found)


@pytest.mark.slow
def test_alert_of_a_run_arrives_once_and_so_does_a_failed_run(
    api: str, folder: Path, landing: Path, home: Path, webhook: Webhook
) -> None:
    install(api, home, webhook)
    install(api, home, webhook)  # again changes nothing
    assert named(api) == [
        "On the Record: alerts",
        "On the Record: failed runs",
        "On the Record: stale runs",
    ]

    # The failed run's message has `"` and a line end, which must not break the JSON.
    for number in range(10):
        (landing / f"{number}.txt").write_text(article(date="never"))
    for _ in range(2):
        assert cli(api, "ingest", landing, "--home", home).returncode == 0
    assert cli(api, "ingest", landing / 'no"where', "--home", home).returncode == 1
    assert cli(api, "ingest", landing / 'no"where', "--home", home).returncode == 1
    wait_for(lambda: webhook.of("failed_run") and webhook.of("quarantine_rate"))
    time.sleep(3)  # for what should not come
    [alert] = webhook.of("quarantine_rate")
    assert alert["path"] == f"/{SECRET}"
    assert alert["subject"] == "On the Record: quarantine_rate, last 24 hours"
    assert alert["body"].startswith("10 of 10 files are quarantined.")
    assert alert["text"] == f"{alert['subject']}\n{alert['body']}"
    [failed] = webhook.of("failed_run")
    assert failed["subject"] == "On the Record: ingest failed"
    assert 'no"where does not exist' in failed["body"]
    assert "/runs/flow-run/" in failed["body"]

    found = {a["rule"]: a for a in read_alerts(DataDir(home))}
    assert found.keys() == {"quarantine_rate", "failed_run"}
    assert all(a["sent_at"] for a in found.values())
    log = (folder / "server.log").read_text()
    assert SECRET not in log
    [shown] = httpx.post(
        f"{api}/artifacts/latest/filter", json={"artifacts": {"key": {"any_": ["alerts"]}}}
    ).json()
    assert {row["rule"] for row in json.loads(shown["data"])} == {"quarantine_rate", "failed_run"}


@pytest.mark.slow
def test_alert_that_no_server_was_there_for_is_sent_by_the_next_run(
    api: str, landing: Path, home: Path, webhook: Webhook
) -> None:
    for number in range(10):
        (landing / f"{number}.txt").write_text(article(date="never"))
    run(landing, home)
    [alert] = read_alerts(DataDir(home))
    assert alert["sent_at"] is None
    install(api, home, webhook)
    assert cli(api, "ingest", landing, "--home", home).returncode == 0
    wait_for(lambda: webhook.messages)
    [alert] = read_alerts(DataDir(home))
    assert alert["sent_at"]


def crash(api: str) -> None:
    """Have a flow run that Prefect calls crashed, as a worker reports one whose process was killed."""
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL, temporary_settings
    from prefect.states import Crashed

    from ontherecord.flows.orchestration.flows import ingest

    with temporary_settings({PREFECT_API_URL: api}), get_client(sync_client=True) as client:
        flow_run = client.create_flow_run(ingest, name="killed")
        client.set_flow_run_state(flow_run.id, Crashed(message="The process was killed."), force=True)


@pytest.mark.slow
def test_killed_run_that_prefect_calls_crashed_arrives(api: str, home: Path, webhook: Webhook) -> None:
    # Of a flow that goes on failing nothing is told for a while, and the test before has made it fail.
    install_with(api, webhook=webhook.url, repeat_hours=0)
    crash(api)
    wait_for(lambda: webhook.of("failed_run"))
    assert webhook.of("failed_run")[0]["subject"] == "On the Record: ingest crashed"


@pytest.mark.slow
def test_run_killed_with_its_machine_is_called_crashed_and_arrives(
    api: str, landing: Path, home: Path, webhook: Webhook
) -> None:
    install_with(api, webhook=webhook.url, repeat_hours=0, heartbeat_timeout_minutes=0.2)
    (landing / "a.txt").write_text(article())
    process = subprocess.Popen(
        [BIN / "ontherecord", "ingest", landing, "--home", home, "--wait", "600"],
        env={**os.environ, "PREFECT_API_URL": api},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with writer_lock(DataDir(home), "test"):  # so that it waits, and is killed on its way
        wait_for(lambda: heartbeats(api))
        process.kill()
        process.wait()
    wait_for(lambda: webhook.of("failed_run"))
    [message] = webhook.of("failed_run")
    assert message["subject"] == "On the Record: ingest crashed"
    assert "No heartbeat any more" in message["body"]


def heartbeats(api: str) -> int:
    """Return how many signs of life the runs of the ingest flow that still run have given."""
    running = httpx.post(
        f"{api}/flow_runs/filter", json={"flow_runs": {"state": {"type": {"any_": ["RUNNING"]}}}}
    ).json()
    wanted = {
        "event": {"name": ["prefect.flow-run.heartbeat"]},
        "resource": {"id": [f"prefect.flow-run.{one['id']}" for one in running] or ["none"]},
    }
    return int(httpx.post(f"{api}/events/filter", json={"filter": wanted}).json()["total"])


@pytest.mark.slow
def test_mail_arrives(api: str, mail_server: MailServer) -> None:
    address = f"mailto://127.0.0.1:{mail_server.server_address[1]}?from=a@example.org&to=b@example.org"
    install_with(api, webhook=f"{address}&format=text", repeat_hours=0)
    crash(api)
    wait_for(lambda: any("The process was killed." in line for line in mail_server.lines))
    assert "Subject: On the Record: ingest crashed" in mail_server.lines


@pytest.mark.slow
def test_without_a_webhook_our_automations_are_taken_away_and_others_left(
    api: str, home: Path, webhook: Webhook
) -> None:
    install(api, home, webhook)
    done = cli(api, "alerts", "install", "--home", home, "--json")
    assert json.loads(done.stdout) == {"automations": []}
    assert named(api) == []


@pytest.mark.slow
def test_block_of_ones_own_is_used_and_a_missing_one_is_named(api: str, home: Path) -> None:
    from prefect.blocks.notifications import MattermostWebhook
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from ontherecord.flows.orchestration.deployments import FLOW_NAMES
    from ontherecord.flows.orchestration.notify import install_automations

    with temporary_settings({PREFECT_API_URL: api}):
        MattermostWebhook(hostname="chat.example.org", token=SECRET).save("desk", overwrite=True)
    settings = AlertSettings(block="mattermost-webhook/desk")
    assert len(install_automations(settings, FLOW_NAMES, api)) == 3
    found = httpx.post(f"{api}/automations/filter", json={}).json()
    actions = [automation["actions"][0]["type"] for automation in found]
    assert sorted(actions) == ["change-flow-run-state", "send-notification", "send-notification"]
    with pytest.raises(SettingsError, match="prefect block ls"):
        install_automations(AlertSettings(block="mattermost-webhook/nobody"), FLOW_NAMES, api)
    assert install_automations(AlertSettings(), FLOW_NAMES, api) == []


def test_install_without_a_server_says_what_to_do(home: Path) -> None:
    done = cli("", "alerts", "install", "--home", home, PREFECT_HOME=str(home / "prefect"))
    assert done.returncode == 2
    assert "Set PREFECT_API_URL" in done.stderr


def test_list_shows_alerts_as_table_and_json(landing: Path, home: Path) -> None:
    assert "ontherecord ingest LANDING" in carry_out("alerts", "list", "--home", home).stderr
    (landing / "a.txt").write_text(article())
    run(landing, home)
    assert carry_out("alerts", "list", "--home", home).stdout == "No open alerts.\n"
    with pytest.raises(LandingError):
        run(landing / "nowhere", home)
    assert "failed_run   ingest" in carry_out("alerts", "list", "--home", home).stdout
    [alert] = json.loads(carry_out("alerts", "list", "--home", home, "--json").stdout)
    assert (alert["rule"], alert["resolved_at"]) == ("failed_run", None)
    run(landing, home)
    assert carry_out("alerts", "list", "--home", home).stdout == "No open alerts.\n"
    assert "resolved at" in carry_out("alerts", "list", "--home", home, "--all").stdout
    assert rows(home, "select count(*) from ops.alerts") == [(1,)]
