"""What shapes the rows of a run beside the code: settings, and the table of confidences."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from ontherecord.flows.settings import Settings
from ontherecord.warehouse.records import MadeWith

# What decides how a file is read. The model is in the extractor's version, and aliases and corrections have
# tables of their own. Memory, batches and time limits change no row; folders and addresses stay private.
_SHAPING = (
    "form",
    "outlet",
    "outlet_from_folder",
    "columns",
    "date_first",
    "other_languages",
    "wrong_bodies",
    "validation_suite",
)


def made_with(settings: Settings) -> MadeWith:
    """Return what a run with these settings records of them, and of the table of confidences."""
    shaping = {
        name: _recorded(value)
        for name in _SHAPING
        if (value := getattr(settings, name))
        != Settings.model_fields[name].get_default(call_default_factory=True)
    }
    table = files("ontherecord.flows.extract") / "data" / "confidence.txt"
    return MadeWith(
        json.dumps(shaping, sort_keys=True, ensure_ascii=False),
        hashlib.sha256(table.read_bytes()).hexdigest(),
    )


def _recorded(value: Any) -> Any:
    """Return a setting as it is recorded: of a file its name and the start of its SHA-256, not its folder."""
    if not isinstance(value, Path):
        return value
    try:
        return f"{value.name} {hashlib.sha256(value.read_bytes()).hexdigest()[:12]}"
    except OSError:
        return value.name  # the run is about to say that it cannot be read
