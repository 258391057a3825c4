"""Prefect's REST API in plain requests: importing Prefect's client takes two seconds."""

from __future__ import annotations

import base64
import json
import os
import tomllib
from pathlib import Path
from typing import Any
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener

from ontherecord.flows.orchestration.deployments import QUEUES


class PrefectApi:
    """A Prefect server on this machine. All failures are OSErrors."""

    def __init__(self, url: str, login: str | None = None) -> None:
        self._url = url
        self._login = login
        # A proxy for other networks has nothing to do with this machine's own server.
        self._opener: OpenerDirector = build_opener(ProxyHandler({}))

    def answers(self) -> bool:
        """Say whether the server is up."""
        try:
            return self._ask("health") is True
        except (OSError, ValueError):
            return False

    def ended_runs(self, since: str) -> list[dict[str, Any]]:
        """Return the runs that ended after a time, oldest first."""
        ended = {"end_time": {"after_": since}}  # which only final states have
        found = self._ask("flow_runs/filter", {"flow_runs": ended, "sort": "END_TIME_DESC", "limit": 50})
        return list(reversed(found))

    def mark_running(self, message: str) -> None:
        """Mark the running runs of our queues as crashed, with a message."""
        running = {
            "work_queue_name": {"any_": [queue.name for queue in QUEUES]},
            "state": {"type": {"any_": ["PENDING", "RUNNING", "CANCELLING"]}},
        }
        state = {"type": "CRASHED", "name": "Crashed", "message": message}
        self._ask("flow_runs/bulk_set_state", {"flow_runs": running, "state": state, "force": True})

    def _ask(self, path: str, body: object = None) -> Any:
        request = Request(f"{self._url}/{path}", headers={"Content-Type": "application/json"})
        if body is not None:
            request.data = json.dumps(body).encode()
        if self._login:
            request.add_header("Authorization", f"Basic {base64.b64encode(self._login.encode()).decode()}")
        with self._opener.open(request, timeout=5) as response:
            return json.load(response)


def set_login(login: str | None) -> None:
    """Have Prefect's client log in at the configured server. Call it before Prefect is imported."""
    if login:
        os.environ["PREFECT_API_AUTH_STRING"] = login


def configured_server() -> str | None:
    """Return the URL of the configured Prefect server; None if there is none."""
    if url := os.environ.get("PREFECT_API_URL"):
        return url
    profiles = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser() / "profiles.toml"
    try:
        found = tomllib.loads(profiles.read_text(encoding="utf-8"))
        return found["profiles"][found["active"]].get("PREFECT_API_URL") or None
    except (OSError, ValueError, KeyError):
        return None
