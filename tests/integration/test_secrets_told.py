"""No secret of the settings is told: each is planted, commands succeed and fail, all they write is searched.

What needs Prefect's server is in tests/flows/test_served_safely.py.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import carry_out
from planted import planted
from runs import article, migrated_home
from searched import files_with

PLANTED = planted()
MARKERS = [one.marker for one in PLANTED.values()]
LAKE = PLANTED["warehouse"]


@pytest.fixture
def said(home: Path) -> Callable[..., int]:
    """Return what carries out a command, fails if that tells a secret, and gives its exit code."""

    def carry(*arguments: str | Path, **environment: str) -> int:
        done = carry_out(*arguments, home=home, **environment)
        for text in (done.stdout, done.stderr):
            assert not [marker for marker in MARKERS if marker in text.lower()], text
        assert done.stdout or done.stderr
        return done.returncode

    return carry


def told(home: Path) -> list[str]:
    """Return which files below a home, but that of the settings, have a marker."""
    return [found for found in files_with(home, *MARKERS) if not found.startswith("ontherecord.toml")]


def test_what_commands_say_and_write_has_no_secret(
    said: Callable[..., int], home: Path, landing: Path, tmp_path: Path
) -> None:
    """In a home with a file: its settings are in its ontherecord.toml, all but the lake."""
    shutil.copytree(migrated_home(), home)
    lines = [one.toml for one in PLANTED.values() if one is not LAKE]
    (home / "ontherecord.toml").write_text("".join(lines) + "alerts.freshness_hours = 1\n")
    (landing / "a.txt").write_text(article())
    (landing / "wrong.txt").write_text(article(date="someday"))
    assert said("ingest", landing) == 0
    assert said("ingest", tmp_path / "nowhere") == 1
    assert said("ingest", landing, "--model", LAKE.value) == 1
    for command in ("status", "status --json", "report", "alerts list --all", "quarantine list", "check"):
        assert said(*command.split()) == 0
    said("doctor", "--deep")
    said("alerts", "install", PREFECT_API_URL="http://127.0.0.1:1/api")
    assert said("copy-warehouse", home, LAKE.value) == 1
    assert said("export", "--out", tmp_path / "export") in (0, 2)
    assert said("backup", tmp_path / "press.zip") == 0
    assert said("restore", tmp_path / "press.zip", "--home", tmp_path / "restored") == 0
    assert told(tmp_path / "restored") == []
    assert told(home) == []
    assert [found for found in files_with(tmp_path, *MARKERS) if "ontherecord.toml" not in found] == []


def test_a_backup_says_which_settings_it_has_not(home: Path, tmp_path: Path) -> None:
    shutil.copytree(migrated_home(), home)
    (home / "ontherecord.toml").write_text(PLANTED["prefect_login"].toml + "[alerts]\nbaseline_days = 30\n")
    assert carry_out("publish", home=home).returncode == 0
    # The environment has another one: the file's is no less secret.
    done = carry_out("backup", tmp_path / "b.zip", home=home, ONTHERECORD_PREFECT_LOGIN="ida:never-told-7")
    assert "Left out, being secret: prefect_login of ontherecord.toml." in done.stdout
    restored = tmp_path / "restored"
    done = carry_out("restore", tmp_path / "b.zip", "--home", restored, "--json")
    assert json.loads(done.stdout)["secrets_left_out"] == ["prefect_login"]
    settings = (restored / "ontherecord.toml").read_text()
    assert settings.startswith("# prefect_login is left out here")
    assert "baseline_days = 30" in settings
    assert carry_out("status", home=restored).returncode == 0


@pytest.mark.parametrize(
    "command", ["ingest LANDING", "status", "doctor", "sql select", "report", "maintain", "publish"]
)
def test_a_lake_that_does_not_answer_is_told_of_without_its_password(
    said: Callable[..., int], home: Path, landing: Path, command: str
) -> None:
    (landing / "a.txt").write_text(article())
    words = [str(landing) if word == "LANDING" else word for word in command.split()]
    environment = {one.variable: one.value for one in PLANTED.values()}
    assert said(*words, **environment) in (1, 2)
    assert told(home) == [] if home.exists() else True


@pytest.mark.parametrize(
    "url",
    ["postgresql://press:{}@127.0.0.1:port/press", "postgresql://press:{}@[::1/press", "postgresql://{}@@@/",
     "postgresql://press@127.0.0.1:1/press?password={}", "postgresql://127.0.0.1:1/p?nonsense={}&password={}"],
)  # fmt: skip
def test_a_lake_whose_address_is_wrong_is_told_of_without_its_password(
    said: Callable[..., int], landing: Path, url: str
) -> None:
    wrong = url.replace("{}", LAKE.marker)
    assert said("status", ONTHERECORD_WAREHOUSE=wrong) in (1, 2)
    assert said("ingest", landing, ONTHERECORD_WAREHOUSE=wrong) in (1, 2)


def test_a_bug_shows_its_traceback_without_secrets(
    said: Callable[..., int], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError(f"cannot use {os.environ[LAKE.variable]}")

    monkeypatch.setattr("ontherecord.flows.cli.query.read_status", fail)
    assert said("status", **{LAKE.variable: LAKE.value}) == 1
