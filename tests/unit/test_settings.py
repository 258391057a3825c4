"""Settings: where they come from, which one counts, and what is refused."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest

from ontherecord.flows.settings import RENAMED, AlertSettings, Settings, format_duration, load_settings
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import SettingsError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty home, the one that the environment names and all that it says."""
    for name in os.environ:
        if name.startswith("ONTHERECORD_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ONTHERECORD_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _write(home: Path, toml: str) -> None:
    (home / "ontherecord.toml").write_text(toml)


def test_without_any_setting_the_home_is_data_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ONTHERECORD_HOME")
    found = load_settings()
    assert (found.home, found.landing, found.validation_suite, found.batch_size) == (
        Path("data"),
        None,
        None,
        500,
    )
    assert found.workers == os.cpu_count()
    assert found.paths == DataDir(Path("data"))


def test_options_outweigh_the_environment_and_that_the_file(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(home, "workers = 1")
    assert load_settings().workers == 1
    monkeypatch.setenv("ONTHERECORD_WORKERS", "2")
    assert load_settings().workers == 2
    assert load_settings(workers=3).workers == 3


def test_each_setting_is_taken_from_where_it_is_given(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONTHERECORD_LANDING", "in")
    _write(home, 'validation_suite = "ours.json"')
    found = load_settings(batch_size=7)
    assert (found.landing, found.validation_suite, found.batch_size) == (Path("in"), Path("ours.json"), 7)


def test_an_option_that_was_not_given_is_none_and_counts_for_nothing(home: Path) -> None:
    _write(home, "workers = 2")
    assert load_settings(workers=None, landing=None, home=None).workers == 2


def test_the_file_is_looked_for_in_the_home_that_is_meant(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, workers in (("data", 1), ("named", 2), ("optional", 3)):
        (home / folder).mkdir()
        _write(home / folder, f"workers = {workers}")
    assert load_settings(home=home / "optional").workers == 3
    monkeypatch.setenv("ONTHERECORD_HOME", str(home / "named"))
    assert load_settings().workers == 2
    monkeypatch.delenv("ONTHERECORD_HOME")
    assert load_settings().workers == 1


def test_names_in_the_environment_may_be_in_lower_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ontherecord_batch_size", "9")
    assert load_settings().batch_size == 9


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ("wrokers = 2", "wrokers"),
        ("workers = 0", "workers"),
        ('workers = "many"', "'many'"),
        ("batch_size = 0", "batch_size"),
        ("batch_size = 10001", "10001"),
        ("landing = 5", "landing"),
        ("[workers]\ncount = 2", "workers"),
        ("schedule_interval = 15", "schedule_interval. in .*: give a number and a unit"),
        ('schedule_interval = "0m"', "schedule_interval"),
        ('schedule_interval = "-5m"', "schedule_interval"),
        ('schedule_interval = "1.5h"', "schedule_interval"),
        ("workers = ", "ontherecord.toml"),
        ("workers = 1\nworkers = 2", "ontherecord.toml"),
    ],
)
def test_what_makes_no_sense_in_the_file_is_named(home: Path, toml: str, named: str) -> None:
    _write(home, toml)
    with pytest.raises(SettingsError, match=named):
        load_settings()


@pytest.mark.parametrize(("name", "value"), [("workers", "many"), ("workers", "-1"), ("batch_size", "1.5")])
def test_what_makes_no_sense_in_the_environment_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ONTHERECORD_{name.upper()}", value)
    with pytest.raises(SettingsError, match=f"^ONTHERECORD_{name.upper()} is '{value}', but must be "):
        load_settings()


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("wrokers = 2", "is no setting. Did you mean `workers`? docs/settings.md lists all"),
        ("colour = 2", "is no setting. docs/settings.md lists all settings."),
        ("alert = 3", "is no setting. Did you mean `alerts`? docs"),
        ("alerts = 3", "is '3', but must be a section."),
        ('workers = "3.5"', "is '3.5', but must be a whole number, 1 or more."),
        ("batch_size = 20000", "is '20000', but must be 1 to 10,000."),
        ("article_timeout_seconds = 0", "is '0', but must be more than 0."),
        ("outlet = 7", "is '7', but must be text in quotes."),
        ('outlet_from_folder = "perhaps"', "is 'perhaps', but must be true or false."),
        ('date_first = "year"', "is 'year', but must be 'day' or 'month'."),
        ('cluster = "spark"', "is 'spark', but must be dask, ray, dask://HOST:8786 or ray:"),
        ("landing = 5", "must be a folder, archive or URL in quotes."),
        ('landing = "ftp://u:pw@host/x"', "files cannot land at ftp:// URLs; supported are s3, "),
        ("[alerts]\nmuted = 3", 'is \'3\', but must be a list, such as ["a", "b"].'),
        ("[alerts]\nfreshnes_hours = 3", "is no setting. Did you mean `freshness_hours`? docs"),
    ],
)
def test_a_wrong_setting_is_told_in_plain_words(home: Path, toml: str, says: str) -> None:
    _write(home, toml)
    name = toml.replace("[alerts]\n", "alerts.").split()[0]
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert re.match(rf"`{name}` in {home}/ontherecord.toml:? {re.escape(says)}", str(caught.value))


def test_form_and_column_are_told_with_their_near_spelling(home: Path) -> None:
    with pytest.raises(SettingsError, match=r"^--form is 'nexus': there .* Did you mean nexis\?"):
        load_settings(form="nexus")
    _write(home, '[columns]\ntitel = "Kop"')
    with pytest.raises(SettingsError, match=r"titel is no column\. Did you mean title\? Columns are agency"):
        load_settings()


def test_variable_that_is_no_json_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONTHERECORD_COLUMNS", "title=Kop")
    with pytest.raises(SettingsError, match=r"^ONTHERECORD_COLUMNS cannot be read: write it as JSON"):
        load_settings()


def test_home_that_is_a_file_is_refused(home: Path) -> None:
    file = home / "press.txt"
    file.write_text("a file")
    with pytest.raises(SettingsError, match=r"press\.txt is a file\. Name a folder with --home"):
        load_settings(home=file)


def test_the_smallest_and_the_largest_value_are_allowed() -> None:
    assert (load_settings(workers=1).workers, load_settings(batch_size=1).batch_size) == (1, 1)
    assert load_settings(batch_size=10_000).batch_size == 10_000


@pytest.mark.parametrize(
    "option",
    [
        {"workers": 0},
        {"batch_size": "all"},
        {"article_timeout_seconds": 0},
        {"worker_memory_mb": 99},
        {"colour": "red"},
    ],
)
def test_what_makes_no_sense_as_an_option_is_named(option: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match=f"^--{next(iter(option)).replace('_', '-')} is "):
        load_settings(**option)


def test_a_file_in_another_encoding_is_refused(home: Path) -> None:
    (home / "ontherecord.toml").write_bytes('landing = "Übergabe"'.encode("utf-16"))
    with pytest.raises(SettingsError, match=r"ontherecord\.toml"):
        load_settings()


def test_unknown_name_in_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONTHERECORD_WORKER", "2")
    with pytest.raises(SettingsError, match=r"no setting ONTHERECORD_WORKER\. .* ONTHERECORD_WORKERS\?"):
        load_settings()


def test_file_in_the_home_cannot_move_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONTHERECORD_HOME", str(tmp_path))
    (tmp_path / "ontherecord.toml").write_text('home = "elsewhere"\n')
    with pytest.raises(SettingsError, match="is in the home folder and cannot set it"):
        load_settings()


def test_section_is_set_from_file_and_environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(home, "[alerts]\nfreshness_hours = 12\n")
    monkeypatch.setenv("ONTHERECORD_ALERTS__WEBHOOK", "https://example.org/token")
    monkeypatch.setenv("ONTHERECORD_ALERTS__MUTED", '["volume*"]')
    alerts = load_settings().alerts
    assert (alerts.freshness_hours, alerts.muted, alerts.baseline_days) == (12, ("volume*",), 42)
    assert alerts.webhook
    assert alerts.webhook.get_secret_value() == "https://example.org/token"
    assert "token" not in repr(alerts)
    assert "token" not in alerts.model_dump_json()


def test_unknown_name_of_a_section_is_named_with_its_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONTHERECORD_ALERTS__WEBHOK", "https://example.org/token")
    with pytest.raises(SettingsError, match="no setting ONTHERECORD_ALERTS__WEBHOK") as caught:
        load_settings()
    assert "ONTHERECORD_ALERTS__WEBHOOK" in str(caught.value)
    assert "ONTHERECORD_WORKERS" not in str(caught.value)


@pytest.mark.parametrize(
    "toml",
    ['webhook = "gopher://token"', 'webhok = "https://token"', 'webhook = ["token"]', 'block = "x y"'],
)
def test_wrong_webhook_is_named_but_not_shown(home: Path, toml: str) -> None:
    _write(home, f"[alerts]\n{toml}\n")
    with pytest.raises(SettingsError, match=rf"alerts\.{toml.split()[0]}") as caught:
        load_settings()
    assert "token" not in f"{caught.value} {caught.value.__cause__}"


@pytest.mark.parametrize(
    ("text", "seconds", "words"),
    [("30s", 30, "30s"), ("15m", 900, "15m"), (" 2 h ", 7200, "2h"), ("1d", 86400, "1d"), ("90s", 90, "90s")],
)
def test_durations_are_read_and_told(text: str, seconds: int, words: str) -> None:
    found = load_settings(schedule_interval=text).schedule_interval
    assert found == timedelta(seconds=seconds)
    assert format_duration(found) == words


def test_a_duration_that_is_not_set_is_a_quarter_of_an_hour() -> None:
    assert format_duration(load_settings().schedule_interval) == "15m"


def test_old_spellings_count_in_file_and_environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(home, 'suite = "ours.json"\nevery = "30s"\n[alerts]\nusual_days = 7\nsilent = ["volume*"]')
    monkeypatch.setenv("ONTHERECORD_ARTICLE_SECONDS", "5")
    monkeypatch.setenv("ONTHERECORD_ALERTS__HELD_BACK_SHARE", "0.5")
    found = load_settings()
    assert (found.validation_suite, found.schedule_interval) == (Path("ours.json"), timedelta(seconds=30))
    assert (found.alerts.baseline_days, found.alerts.muted) == (7, ("volume*",))
    assert (found.article_timeout_seconds, found.alerts.quarantine_rate) == (5, 0.5)


def test_a_new_spelling_outweighs_the_old_one(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(home, "warehouse_memory_mb = 200\nduckdb_memory_mb = 300")
    assert load_settings().duckdb_memory_mb == 300
    monkeypatch.setenv("ONTHERECORD_WAREHOUSE_MEMORY_MB", "400")
    assert load_settings().duckdb_memory_mb == 400
    monkeypatch.setenv("ONTHERECORD_DUCKDB_MEMORY_MB", "500")
    assert load_settings().duckdb_memory_mb == 500


def test_every_renamed_setting_is_known_by_its_new_name() -> None:
    new = {name for name in RENAMED.values() if isinstance(name, str)}
    assert new <= set(Settings.model_fields)
    assert set(RENAMED["alerts"].values()) <= set(AlertSettings.model_fields)
