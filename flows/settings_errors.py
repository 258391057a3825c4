"""What is wrong with a setting, in words: which one, where it was given, what it must be, how it is spelt."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

NESTED = "__"
# Options that are not called like their setting.
_OPTIONS = {
    "schedule_interval": "--every",
    "landing": "The landing folder",
    "home": "The home folder",
}
# What a value must be, by the first word of the kind of error, and of settings with a pattern.
_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "string": "text in quotes",
    "tuple": 'a list, such as ["a", "b"]',
    "dict": 'a section with lines such as NAME = "VALUE"',
    "model": "a section",
    "path": "a path in quotes",
}
_PATTERNS = {
    "block": "type/name, as `prefect block ls` shows it",
    "cluster": "dask, ray, dask://HOST:8786 or ray://HOST:10001",
}


def is_secret_setting(field: FieldInfo) -> bool:
    """Say whether a setting is secret: its value is in no message, log or backup."""
    return SecretStr in (field.annotation, *get_args(field.annotation))


def unknown_variable(name: str, known: Iterable[str]) -> str:
    """Say that a variable of the environment is no setting: its near spelling, or those of its section."""
    names = list(known)
    if near := nearest(name.upper(), names):
        return f"There is no setting {name}. Did you mean {near}? docs/settings.md lists all settings."
    section = name.partition(NESTED)[0]
    candidates = [n for n in names if n.startswith(section + NESTED)] or [n for n in names if NESTED not in n]
    return f"There is no setting {name}. Settings are {', '.join(candidates)}."


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is spelt most like this one; None if none is spelt like it."""
    return next(iter(get_close_matches(name, list(known), n=1, cutoff=0.75)), None)


def describe(
    error: ValidationError, model: type[BaseModel], options: Mapping[str, Any], prefix: str, file: Path
) -> str:
    """Return one sentence per invalid setting. Values that may be secret are not shown."""
    found: dict[str, str] = {}
    for problem in error.errors():
        loc = [str(part) for part in problem["loc"]]
        name, field = _field(model, loc)
        label = _label(name, options, prefix, file)
        found.setdefault(name, _describe(problem, label, field, _names_beside(model, loc)))
    return " ".join(found.values())


def _field(model: type[BaseModel], loc: list[str]) -> tuple[str, FieldInfo | None]:
    """Return the dotted name of the setting that an error is about, and its field if there is one."""
    field = model.model_fields.get(loc[0])
    section = _section(field)
    if section and len(loc) > 1:
        return f"{loc[0]}.{loc[1]}", section.model_fields.get(loc[1])
    return loc[0], field


def _section(field: FieldInfo | None) -> type[BaseModel] | None:
    kind = field.annotation if field else None
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _names_beside(model: type[BaseModel], loc: list[str]) -> list[str]:
    section = _section(model.model_fields.get(loc[0]))
    return list((section or model).model_fields if len(loc) > 1 else model.model_fields)


def _label(name: str, options: Mapping[str, Any], prefix: str, file: Path) -> str:
    """Say where a setting was given: as an option, in the environment or in the file."""
    if name in options:
        return _OPTIONS.get(name, f"--{name.replace('_', '-')}")
    variable = prefix + name.replace(".", NESTED).upper()
    given = {variable.upper() for variable in os.environ}
    if variable in given or any(other.startswith(variable + NESTED) for other in given):
        return variable
    return f"`{name}` in {file}"


def _describe(problem: ErrorDetails, label: str, field: FieldInfo | None, beside: list[str]) -> str:
    kind, value = problem["type"], problem["input"]
    if kind == "extra_forbidden":
        near = nearest(str(problem["loc"][-1]), beside)
        hint = f"Did you mean `{near}`? " if near else ""
        return f"{label} is no setting. {hint}docs/settings.md lists all settings."
    # A URL in the wrong place, or of the wrong kind, may have a password.
    is_shown = isinstance(value, (str, int, float, Path)) and "://" not in str(value)
    is_shown = is_shown and "landing" not in problem["loc"] and not (field and is_secret_setting(field))
    shown = f"{label} is {str(value)!r}" if is_shown else label
    if kind == "value_error":
        return f"{shown}: {problem['ctx']['error']}."
    return (
        f"{shown}, but must be {_wanted(problem, field)}."
        if is_shown
        else (f"{shown} must be {_wanted(problem, field)}.")
    )


def _wanted(problem: ErrorDetails, field: FieldInfo | None) -> str:
    """Say what a value must be: its kind, and its bounds."""
    kind = problem["type"]
    name = str(problem["loc"][-1])
    if kind == "literal_error":
        return str(problem["ctx"]["expected"])
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(name, "in another form: see docs/settings.md")
    if "landing" in problem["loc"]:
        return "a folder, archive or URL in quotes"
    bounds = _bounds(field)
    what = _KINDS.get(kind.partition("_")[0])
    return ", ".join(filter(None, (what, bounds))) or "something else: " + problem["msg"].lower()


def _bounds(field: FieldInfo | None) -> str:
    """Return the bounds of a number in words, '' if it has none."""
    found: dict[str, Any] = {
        name: getattr(part, name)
        for part in (field.metadata if field else ())
        for name in ("ge", "gt", "le")
        if getattr(part, name, None) is not None
    }
    if "ge" in found:
        return f"{found['ge']:,} to {found['le']:,}" if "le" in found else f"{found['ge']:,} or more"
    return f"more than {found['gt']:,}" if "gt" in found else ""
