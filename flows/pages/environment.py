"""The templates' environment: it sanitizes and escapes every value, so no line of a template has to."""

from __future__ import annotations

from datetime import date
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from ontherecord.flows.plural import counted
from ontherecord.flows.sanitize import sanitize


def page_environment(package: str, folder: str = ".") -> Environment:
    """Return the environment for the templates in a folder of a package, and for those that pages share."""
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package, folder), PackageLoader("ontherecord.flows.pages", ".")]),
        autoescape=True,
        finalize=_sanitize_text,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": format_day, "counted": counted, "cut": shorten}
    return environment


def format_day(value: date) -> str:
    """Return a day as it is read: 17 December 2015."""
    return f"{value.day} {value:%B %Y}"


def shorten(text: str, length: int) -> str:
    """Shorten text after a whole word."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[:length].rpartition(" ")[0] + " …"


def _sanitize_text(value: Any) -> Any:
    """Sanitize text; markup that this code made is returned as it is."""
    return sanitize(value) if type(value) is str else value
