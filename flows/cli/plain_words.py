"""The command line in plain words: what an option takes, what was wrong in a call, and the near spelling."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from typer import BadParameter
from typer.core import TyperCommand, TyperOption

_METAVARS = {int: "NUMBER", float: "NUMBER", str: "TEXT", Path: "FILE", datetime: "YYYY-MM-DD"}
_KINDS = {"int": "whole number", "float": "number", "datetime": "day such as 2016-03-31"}
_TOO_MANY = re.compile(r"Got unexpected extra argument(?:s|\(s\))? \((?P<first>\S+)")
# What to do about an argument too many, by command.
_ONE = {
    "sql": 'Put the query in quotes: ontherecord sql "from quotes limit 5"',
    "show": "Put the headline in quotes.",
    **dict.fromkeys(
        ("ingest", "backfill"),
        "Name one folder, file or archive: a pattern such as *.txt becomes many names, so name their folder.",
    ),
}


class PlainCommand(TyperCommand):
    """A command whose help and errors name no types and no ranges as a program has them."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        for param in self.params:
            _describe_plainly(param)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except BadParameter as error:
            if isinstance(error.__cause__, ValidationError):
                error.message = _bad_value(error.__cause__)
            elif error.message.endswith("is not readable."):
                error.message = "This user may not read it. Ask its owner for access, or name another."
            raise
        except Exception as error:
            # The class of it is not exported; the list of all names could be pages long.
            if found := _TOO_MANY.match(getattr(error, "message", "")):
                error.message = _too_many(self.name or "", found["first"].rstrip(")"))  # type: ignore[attr-defined]
            raise


def near_commands(name: str, known: Sequence[str]) -> str:
    """Return the commands that are spelt most like a name, as a question, or an empty text."""
    found = get_close_matches(name, known, n=2)
    return f" Did you mean {' or '.join(found)}?" if found else ""


def _describe_plainly(param: Any) -> None:
    """Have the help show 'NUMBER' and '1 to 65535', not '<int range>' and '1<=x<=65535'."""
    kind = param.type_descriptor.annotation
    if isinstance(param, TyperOption):
        if param.metavar is None and not param.is_flag and kind in _METAVARS:
            param.metavar = "FOLDER" if param.name == "home" else _METAVARS[kind]
        elif param.type_descriptor.is_choice:
            param.metavar = "|".join(param.type_descriptor.choices or ())
    else:
        param.display_type = lambda ctx: ""
    if param.min is not None:
        bounds = f"{param.min} to {param.max}" if param.max is not None else f"{param.min} or more"
        param.help = f"{param.help} {bounds}."
        # The value is checked by what the function's signature says.
        param.min = param.max = None


def _bad_value(error: ValidationError) -> str:
    problem = error.errors()[0]
    kind, value = problem["type"], str(problem["input"])
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = next(iter(problem["ctx"].values()))
        how = "small: the least" if kind.startswith("greater") else "large: the most"
        return f"{value} is too {how} is {bound}."
    if "format" in problem["msg"]:
        kind = "datetime"
    wanted = _KINDS.get(kind.partition("_")[0])
    return f"{value!r} is no {wanted}." if wanted else problem["msg"].removeprefix("Value error, ")


def _too_many(command: str, first: str) -> str:
    return f"{first!r} is one name too many. {_ONE.get(command, f'See `ontherecord {command} --help`.')}"
