"""Planted: a value for each secret setting, with a marker of its own to be searched for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from ontherecord.flows.settings import PREFIX, Settings
from ontherecord.flows.settings_errors import NESTED, is_secret_setting

# Nobody listens there: what fails says most.
NOWHERE = "127.0.0.1:1"
# What a secret setting looks like. One that is not here is its marker and nothing else.
_FORMS: Mapping[str, str] = {
    "warehouse": f"postgresql://press:{{}}@{NOWHERE}/press?connect_timeout=1",
    "prefect_database": f"postgresql://press:{{}}@{NOWHERE}/runs",
    "prefect_login": "ida:{}",
    "alerts.webhook": f"http://{NOWHERE}/hooks/{{}}?token={{}}b",
}


@dataclass(frozen=True)
class Planted:
    """A secret setting: its dotted name, its value, and the marker in it, in lower case."""

    name: str
    value: str
    marker: str

    @property
    def variable(self) -> str:
        return PREFIX + self.name.replace(".", NESTED).upper()

    @property
    def toml(self) -> str:
        """The line of a file of settings, with its section; sections can be repeated as dotted keys."""
        return f'{self.name} = "{self.value}"\n'


def planted() -> dict[str, Planted]:
    """Return each secret setting, by its name. A new one is among them without being named here."""
    found = {}
    for number, name in enumerate(sorted(_secret_names(Settings)), start=1):
        marker = f"geheim{number}q7x"
        found[name] = Planted(name, _FORMS.get(name, "{}").replace("{}", marker), marker)
    return found


def _secret_names(model: type[BaseModel], section: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        kind = field.annotation
        if is_secret_setting(field):
            yield section + name
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _secret_names(kind, f"{name}.")
