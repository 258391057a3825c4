"""Addresses of the pages of `browse`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from ontherecord.warehouse.published_reader import Selection

# Parameter by field of a selection.
_PARAMETERS = {
    "words": "q",
    "speaker": "by",
    "entity_id": "name",
    "outlet": "outlet",
    "section": "section",
    "month": "month",
    "kind": "kind",
    "sure": "sure",
}


def list_address(path: str, selection: Selection = Selection(), page: int = 1, **changes: Any) -> str:  # noqa: B008
    """Return the address of a page of a list; `changes` are fields of the selection."""
    parameters = parameters_of(replace(selection, **changes))
    if page > 1:
        parameters["page"] = str(page)
    return f"{path}?{urlencode(parameters)}" if parameters else path


def parameters_of(selection: Selection) -> dict[str, str]:
    """Return the parameters that stand for a selection."""
    parameters = {}
    for field, parameter in _PARAMETERS.items():
        value = getattr(selection, field)
        if value is not None and value is not False:
            parameters[parameter] = "yes" if value is True else str(value)
    return parameters
