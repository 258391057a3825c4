"""Forget, beside a running Prefect server: what the dashboard shows of the article goes from its database."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest
from commands import carry_out
from runs import article
from searched import files_with

BIN = Path(sys.executable).parent
RARE = ("zyqqax", "vrandtholm", "plorvexed")


@pytest.mark.slow
def test_what_prefect_shows_of_it_goes_while_the_server_runs(landing: Path, home: Path) -> None:
    (landing / "zyqqax.txt").write_text(
        article(
            title="Zyqqax harbour opens again after storm",
            body='"We are plorvexed and open," harbour master Ida Vrandtholm said.',
        )
    )
    (landing / "wrong zyqqax.txt").write_text(article(title="Zyqqax", date="plorvexed"))
    (landing / "other.txt").write_text(article(title="Market opens"))
    port = 8_000 + os.getpid() % 1_000
    environment = {
        **os.environ,
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
    }
    (home / "prefect").mkdir(parents=True)
    server = subprocess.Popen(
        [BIN / "prefect", "server", "start", "--port", str(port), "--no-ui"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_until_it_answers(f"http://127.0.0.1:{port}/api/health")
        command = [BIN / "ontherecord", "ingest", landing, "--home", home, "--workers", "1"]
        subprocess.run(command, env=environment, check=True, capture_output=True)
        time.sleep(3)  # logs and events arrive in batches
        assert any("prefect" in found for found in files_with(home, *RARE))
        for name in ("zyqqax.txt", "wrong zyqqax.txt"):
            done = carry_out("forget", name, "--why", "court order", "--yes", home=home)
            assert done.returncode == 0, done.stderr
        assert files_with(home, *RARE) == []
        again = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        assert "2 articles kept out" in again.stdout
        time.sleep(3)
        assert files_with(home, *RARE) == []
        with urlopen(f"http://127.0.0.1:{port}/api/health") as answer:
            assert answer.read() == b"true"
    finally:
        server.terminate()
        server.wait(60)
    assert files_with(home, *RARE) == []
    with closing(sqlite3.connect(home / "prefect" / "prefect.db")) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
        assert database.execute("select count(*) from flow_run").fetchone() == (2,)


def _wait_until_it_answers(url: str) -> None:
    until = time.monotonic() + 120
    while True:
        try:
            with urlopen(url) as answer:
                if answer.read() == b"true":
                    return
        except OSError:
            pass
        assert time.monotonic() < until, "the server does not answer"
        time.sleep(0.5)
