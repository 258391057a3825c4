"""The extractor's version, known without loading its model."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

from ontherecord.warehouse.errors import PipelineError

# Raise this whenever the same text could give other records.
RULES_VERSION = "6"


def extractor_version(model: str) -> str:
    """Return the version that cached and loaded extracts carry: that of the rules and of the model.

    `model` is an installed package or a folder, as for spacy.load. Raises PipelineError if it cannot be
    read.
    """
    try:
        meta = json.loads((_model_folder(model) / "meta.json").read_text(encoding="utf-8"))
        return f"{RULES_VERSION}+{model}-{meta['version']}"
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise PipelineError(
            f"The spaCy model {model!r} is not there or not whole ({error}). Install it, or name another one "
            "in ONTHERECORD_MODEL."
        ) from error


def _model_folder(model: str) -> Path:
    if Path(model).is_dir():
        return Path(model)
    spec = None if Path(model).name != model else find_spec(model)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(model)
    return Path(spec.origin).parent
