"""Counts in words, for the flows; the warehouse's messages have them too."""

from __future__ import annotations

from ontherecord.warehouse.plural import counted

__all__ = ["counted"]
