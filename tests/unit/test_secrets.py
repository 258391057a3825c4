"""What is secret is taken out of text, in whichever spelling, and nothing else is."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from planted import Planted, planted

from ontherecord.flows.settings import Settings, load_settings
from ontherecord.flows.settings_errors import is_secret_setting
from ontherecord.warehouse import secrets
from ontherecord.warehouse.errors import LandingError, SettingsError
from ontherecord.warehouse.secrets import (
    keep_secret,
    redact,
    redact_error,
    redacted_traceback,
    without_secrets,
)


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have other tests not know the secrets of these."""
    before = logging.getLogRecordFactory()
    monkeypatch.setattr(secrets, "_values", set())
    monkeypatch.setattr(secrets, "_exact", None)
    yield
    logging.setLogRecordFactory(before)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://press:hunter2@db:5432/press", "postgresql://press:***@db:5432/press"),
        ("at sftp://ida:p@ss@host/in: refused", "at sftp://ida:***@host/in: refused"),
        ("'https://ida:x@example.org/', https://a:b@c", "'https://ida:***@example.org/', https://a:***@c"),
        ("mailtos://ida:pw@smtp.example.org?to=desk", "mailtos://ida:***@smtp.example.org?to=desk"),
        ("redis://:pw@host:6379/0", "redis://:***@host:6379/0"),
        ("https://s.example/a?sv=2024&sig=aB%2B1&se=1", "https://s.example/a?sv=2024&sig=***&se=1"),
        ("GET /a?X-Amz-Credential=AK%2F1&X-Amz-Signature=beef HTTP/1.1",
         "GET /a?X-Amz-Credential=***&X-Amz-Signature=*** HTTP/1.1"),
        ("https://hooks.example/x?token=T0K&room=desk", "https://hooks.example/x?token=***&room=desk"),
        ("host=db user=press password='two words' dbname=x", "host=db user=press password=*** dbname=x"),
        ("AccountName=press;AccountKey=abc==;Suffix=x", "AccountName=press;AccountKey=***;Suffix=x"),
        ("Authorization: Basic aWRhOmdlaGVpbQ==", "Authorization: Basic ***"),
    ],
)  # fmt: skip
def test_secrets_are_known_by_their_look(text: str, shown: str) -> None:
    assert redact(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org:8443/a@b.txt",
        "ida@example.org wrote to desk@example.org: see http://example.org/a?page=2",
        "12:30 UTC, 4 of 5 files; 'a:b@c' is no URL",
        "s3://news/2015/week.zip/a.txt",
        "sftp://reader@host:22/in",
        "bypass=yes, tokens=5, significance=0.05, passage='x'",
        "Basic facts about the port",
        "ontherecord: There is no home folder data. Name one with --home.",
    ],
)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert redact(text) == text


def test_told_secrets_are_hidden_in_each_spelling() -> None:
    keep_secret(["postgresql://press:p%40ss%2Fw0rd@db/press"])
    for spelt in ("p%40ss%2Fw0rd", "p@ss/w0rd", "p%40ss/w0rd"):
        assert redact(f'FATAL: "{spelt}" is wrong') == 'FATAL: "***" is wrong'
    assert redact("press on db: press") == "press on db: press", "user, host and database are no secrets"


def test_told_secrets_are_hidden_as_json_and_python_write_them() -> None:
    keep_secret(['ida:gehé"im\\1'])
    for told in (json.dumps({"login": 'gehé"im\\1'}), repr(('gehé"im\\1',)), 'gehé"im\\1'):
        shown = redact(told)
        assert "im" not in shown, told
        assert "***" in shown


def test_of_two_secrets_that_begin_alike_nothing_is_left() -> None:
    keep_secret(["geheim", "geheim-und-mehr"])
    assert redact("geheim-und-mehr, geheim") == "***, ***"


def test_of_an_address_of_alerts_each_part_is_secret() -> None:
    keep_secret(["https://hooks.example/services/T0KEN12/B4R99x?room=secret"])
    assert redact("POST https://hooks.example/services/T0KEN12/B4R99x?room=secret") == "POST ***"
    assert (
        redact("host='hooks.example': /services/T0KEN12/B4R99x") == "host='hooks.example': /services/***/***"
    )


def test_what_is_asked_of_an_address_of_alerts_is_secret_without_the_address() -> None:
    keep_secret(["https://hooks.example/services/T0KEN12?room=secret"])
    assert redact("hooks.example: no answer to room=secret") == "hooks.example: no answer to ***"


def test_logins_are_hidden_as_they_are_sent_too() -> None:
    keep_secret(["ida:geheim"])
    assert redact("Basic aWRhOmdlaGVpbQ== for ida:geheim") == "Basic *** for ***"
    assert redact("header: aWRhOmdlaGVpbQ==, sent twice") == "header: ***, sent twice"
    assert redact("ida asked; geheimnis is a word") == "ida asked; geheimnis is a word"


def test_too_short_a_secret_is_hidden_where_its_place_shows_it() -> None:
    keep_secret(["postgresql://press:pw@db/press"])
    assert redact("postgresql://press:pw@db, a pw") == "postgresql://press:***@db, a pw"


def test_errors_lose_their_secrets_with_causes_and_notes() -> None:
    secret = "geheim-1234"
    keep_secret([secret])
    try:
        try:
            raise OSError(5, f"{secret} is wrong", secret)
        except OSError as cause:
            cause.add_note(f"tried {secret}")
            raise LandingError(f"cannot list: {secret}") from cause
    except LandingError as error:
        caught = error
    assert secret not in redacted_traceback(caught)
    assert "LandingError: cannot list: ***" in redacted_traceback(caught)
    redact_error(caught)
    assert str(caught) == "cannot list: ***"
    assert str(caught.__cause__) == "[Errno 5] *** is wrong: '***'"
    assert getattr(caught.__cause__, "__notes__", None) == ["tried ***"]


def test_no_logger_of_any_library_tells_them(caplog: pytest.LogCaptureFixture) -> None:
    secret = "geheim-1234"
    keep_secret([secret])
    logger = logging.getLogger("some.library")
    logger.warning("connecting as %s to %s", "press", secret)
    try:
        raise ValueError(secret)
    except ValueError:
        logger.exception("failed")
    logger.warning("%d files", 3)
    logger.warning("%s - %s %d", "127.0.0.1", "/a?token=T0K", 200)
    logger.warning("password=%s", "hunter2")
    assert "geheim" not in caplog.text
    assert "connecting as press to ***" in caplog.text
    assert "ValueError: ***" in caplog.text
    assert "3 files" in caplog.text
    assert "127.0.0.1 - /a?token=*** 200" in caplog.text
    assert [record.args for record in caplog.records if "token" in record.getMessage()] == [
        ("127.0.0.1", "/a?token=***", 200)
    ]
    assert "password=***" in caplog.text


def test_files_of_settings_are_kept_without_their_secrets() -> None:
    keep_secret(["https://hooks.example/T0KEN12", "ida:geheim"])
    toml = (
        'landing = "/srv/in"\nprefect_login = "ida:geheim"   # the desk\'s\n\n[alerts]\n'
        '# webhook = "https://hooks.example/T0KEN12"\nwebhook = "https://hooks.example/T0KEN12"\n'
        'muted = ["volume*"]\n'
    )
    kept, names = without_secrets(toml)
    assert kept is not None
    assert names == ("prefect_login", "alerts.webhook", "alerts.webhook")
    assert 'landing = "/srv/in"' in kept
    assert 'muted = ["volume*"]' in kept
    assert "# webhook is left out here, as it is a secret: set it again." in kept
    assert "geheim" not in kept
    assert "T0KEN" not in kept
    plain = 'landing = "/srv/in"   # as it was\r\n'
    assert without_secrets(plain) == (plain, ())


def test_a_secret_of_several_lines_leaves_the_file_out() -> None:
    keep_secret(["https://hooks.example/T0KEN12"])
    assert without_secrets('[alerts]\nwebhook = """\nhttps://hooks.example/T0KEN12"""\n') == (None, ())
    assert without_secrets('alerts.muted = [\n"https://hooks.example/T0KEN12"\n]\n') == (None, ())


PLANTED = list(planted().values())


def test_settings_hide_their_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {p.name for p in PLANTED} >= {"warehouse", "prefect_database", "prefect_login", "alerts.webhook"}
    for secret in PLANTED:
        monkeypatch.setenv(secret.variable, secret.value)
    settings = load_settings(home=tmp_path)
    for shown in (repr(settings), str(settings), settings.model_dump_json(), repr(settings.paths)):
        assert not [p.name for p in PLANTED if p.marker in shown.lower()]
    assert not [p.name for p in PLANTED if p.marker in redact(f"{p.value} and {p.marker}")]


@pytest.mark.parametrize("one", PLANTED, ids=lambda one: one.name)
@pytest.mark.parametrize(
    "wrong", ["ftp://x:{}@y", "{}", "[{}", "postgresql://press:{}@db/press?sslpassword={}"]
)
def test_no_error_tells_a_secret_that_is_given_wrongly(
    one: Planted, wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = wrong.replace("{}", one.marker)
    (tmp_path / "ontherecord.toml").write_text(f'{one.name} = "{value}"\n')
    said = []
    for given in ("file", "environment"):
        try:
            load_settings(home=tmp_path)
        except SettingsError as error:
            said.append(f"{error} {error.__cause__!r}" if given == "environment" else str(error))
            said.append(redacted_traceback(error))
        (tmp_path / "ontherecord.toml").write_text("")
        monkeypatch.setenv(one.variable, value)
    assert not [text for text in said if one.marker in text.lower()]


def _url_settings() -> list[str]:
    """Return the settings that take text and might be given a URL with a password: all but plain words."""
    words = {"outlet", "model", "columns", "prefect_hosts"}
    kinds = {n: str(f.annotation) for n, f in Settings.model_fields.items() if not is_secret_setting(f)}
    return [n for n, kind in kinds.items() if ("str" in kind or "Location" in kind) and n not in words]


@pytest.mark.parametrize(
    "url", ["s3://key:geheim9q7x@bucket/in", "s3://key:geheim9q7x/rest@bucket", "sftp://ida:geheim9q7x@host/in",
            "az://c/in?sig=geheim9q7x", "dask://ida:geheim9q7x@host:8786", "s3://b/in#geheim9q7x"],
)  # fmt: skip
@pytest.mark.parametrize("name", _url_settings())
def test_a_password_in_the_url_of_another_setting_is_refused_without_telling_it(
    name: str, url: str, tmp_path: Path
) -> None:
    (tmp_path / "ontherecord.toml").write_text(f'{name} = "{url}"\n')
    with pytest.raises(SettingsError) as caught:
        load_settings(home=tmp_path)
    assert "geheim" not in redact(caught.value)
    assert name in str(caught.value)


def test_secrets_are_nothing_that_the_command_line_waits_for() -> None:
    code = "import sys, ontherecord.warehouse.secrets; print('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"False\n"
