"""Texts of landed files, as the extractor gets them."""

from __future__ import annotations

from collections.abc import Iterable

from ontherecord.flows.landing.parse import parse
from ontherecord.flows.landing.read import read
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import ArticleText, LandedFile


def read_texts(files: Iterable[LandedFile]) -> list[ArticleText]:
    """Return the texts of files in their order, but for those that cannot be read as articles."""
    texts = []
    for landed in files:
        try:
            texts.append(parse(read(landed)).text())
        except BadDelivery:
            continue
    return texts
