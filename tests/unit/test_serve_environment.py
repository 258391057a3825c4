"""What `ontherecord serve` tells Prefect, and where it listens."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path

import pytest

from ontherecord.flows.orchestration.serve import (
    Address,
    ServeOptions,
    environment,
    free_address,
    is_this_machine,
    with_driver,
)
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import ServiceError

HERE = Address("127.0.0.1", 4321)


def _plan(database: str | None = None) -> ServeOptions:
    home = DataDir(Path("/srv/press"))
    return ServeOptions(Path("/srv/in"), home, timedelta(minutes=15), HERE.host, HERE.port, database)


def test_what_prefect_keeps_is_kept_in_the_home() -> None:
    found = environment(_plan(), HERE, {})
    assert found["PREFECT_HOME"] == "/srv/press/prefect"
    assert found["PREFECT_PROFILES_PATH"].startswith("/srv/press/prefect/")
    assert "PREFECT_SERVER_DATABASE_CONNECTION_URL" not in found


def test_nobody_outside_is_told_or_asked() -> None:
    found = environment(_plan(), HERE, {"NO_PROXY": "example.org", "HTTP_PROXY": "http://proxy:3128"})
    assert (found["DO_NOT_TRACK"], found["PREFECT_SERVER_ANALYTICS_ENABLED"]) == ("1", "false")
    assert found["NO_PROXY"].split(",") == ["example.org", "127.0.0.1", "localhost", "127.0.0.1"]


def test_settings_of_another_server_do_not_reach_this_one() -> None:
    outer = {
        "PREFECT_API_URL": "https://elsewhere/api",
        "PREFECT_PROFILE": "work",
        "PREFECT_HOME": "/elsewhere",
    }
    found = environment(_plan(), HERE, outer)
    assert found["PREFECT_API_URL"] == "http://127.0.0.1:4321/api"
    assert "PREFECT_PROFILE" not in found
    assert found["PREFECT_HOME"] == "/srv/press/prefect"


def test_the_users_own_settings_of_prefect_count() -> None:
    outer = {"PREFECT_WORKER_QUERY_SECONDS": "60", "PREFECT_SERVER_API_AUTH_STRING": "ida:secret"}
    found = environment(_plan(), HERE, outer)
    assert found["PREFECT_WORKER_QUERY_SECONDS"] == "60"
    assert found["PREFECT_API_AUTH_STRING"] == "ida:secret"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgresql://me:pw@db:5432/runs", "postgresql+asyncpg://me:pw@db:5432/runs"),
        ("postgres://db/runs", "postgresql+asyncpg://db/runs"),
        ("postgresql+asyncpg://db/runs", "postgresql+asyncpg://db/runs"),
        ("sqlite+aiosqlite:///runs.db", "sqlite+aiosqlite:///runs.db"),
    ],
)
def test_a_database_gets_the_driver_that_prefect_has(given: str, used: str) -> None:
    assert with_driver(given) == used
    assert environment(_plan(given), HERE, {})["PREFECT_SERVER_DATABASE_CONNECTION_URL"] == used


def test_addresses_are_for_asking_here_and_for_showing() -> None:
    assert HERE.api == "http://127.0.0.1:4321/api"
    assert HERE.dashboard == "http://127.0.0.1:4321"
    everywhere = Address("0.0.0.0", 80)
    assert everywhere.api == "http://127.0.0.1:80/api"
    assert everywhere.dashboard == f"http://{socket.gethostname()}:80"
    assert Address("::1", 80).api == "http://[::1]:80/api"


def test_the_port_that_is_wanted_or_the_next_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServiceError, match=rf"port {port} .*--port"):
            free_address("127.0.0.1", port)
    assert free_address("127.0.0.1", port) == Address("127.0.0.1", port)
    found = free_address("127.0.0.1", None)
    assert 4200 <= found.port < 4300


def test_only_the_dashboards_own_pages_get_answers() -> None:
    found = environment(_plan(), HERE, {})
    assert found["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"] == "http://127.0.0.1:4321"


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("press.local", False)],
)
def test_hosts_that_others_reach_are_known(host: str, alone: bool) -> None:
    assert is_this_machine(host) is alone
