"""Extras: packages that only some forms need, and what to install where one is missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ontherecord.flows.landing.forms.deliver import failure
from ontherecord.warehouse.errors import BadDelivery


def load_extra(module: str, extra: str) -> Any:
    """Return a module of an extra.

    Raises BadDelivery (`extra_missing`) if it is not installed: the file waits in quarantine for it.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        package = module.partition(".")[0]
        raise BadDelivery(
            failure(
                "extra_missing",
                package,
                f"To read this form the package {package} is needed: pip install 'ontherecord[{extra}]'. "
                "Then `ontherecord quarantine retry --rule extra_missing` loads the file.",
            )
        ) from error
