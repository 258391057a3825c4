"""Counts in words: what flows and expectations may take of warehouse/plural.py.

Of the warehouse, landing and expectations know records and errors only.
"""

from __future__ import annotations

from ontherecord.warehouse.plural import counted

__all__ = ["counted"]
