"""Place: what a user may write for a landing folder, and that no secret gets any further."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ontherecord.flows.landing.location import LandingUrl, parse_location
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.errors import SettingsError


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("articles", Path("articles")),
        ("/in/s3:/x", Path("/in/s3:/x")),
        ("file:///in/a%20b", Path("/in/a b")),
        ("s3://news/in/", LandingUrl("s3://news/in")),
        ("S3://News/In", LandingUrl("s3://News/In")),
        ("sftp://reader@host:2222/in", LandingUrl("sftp://reader@host:2222/in")),
        ("az://container/delivery.zip", LandingUrl("az://container/delivery.zip")),
    ],
)
def test_place_is_read_from_text(text: str, place: Path | LandingUrl) -> None:
    assert parse_location(text) == place
    assert load_settings(landing=text).landing == place


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("http://host/in", "files cannot land at http:// URLs"),
        ("sftp://reader:hunter2@host/in", "it must not have a password"),
        ("az://container/in?sig=hunter2", "it must not have a password"),
        ("s3:///in", "name the bucket or server"),
    ],
)
def test_url_of_no_use_is_refused_without_being_shown(
    text: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError, match=told) as refused:
        load_settings(landing=text)
    monkeypatch.setenv("ONTHERECORD_LANDING", text)
    with pytest.raises(SettingsError, match=told) as refused_too:
        load_settings()
    assert "hunter2" not in f"{refused.value} {refused_too.value}"


def test_folder_needs_nothing_that_a_url_needs(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from ontherecord.flows.landing.access import list_location, open_reader\n"
        "list(list_location(Path(sys.argv[1]))); open_reader(Path(sys.argv[1]))\n"
        "unwanted = {'fsspec', 's3fs', 'tarfile', 'ontherecord.flows.landing.object_store'}\n"
        "assert not unwanted & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path], check=True)
