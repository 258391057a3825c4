"""Write a page into a file: whole, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from ontherecord.warehouse.drafts import draft_of
from ontherecord.warehouse.errors import ReportError


def write_page(page: str, target: Path, *, modified_ns: int | None = None) -> None:
    """Write a page, replacing an earlier one; `modified_ns` is the modification time that it gets.

    Raises ReportError if it cannot be written.
    """
    try:
        with draft_of(target) as draft:
            draft.write_text(page, encoding="utf-8")
            if modified_ns:
                os.utime(draft, ns=(modified_ns, modified_ns))
    except OSError as error:
        raise ReportError(
            f"The page cannot be written to {target}: {error.strerror or error}. See that its folder "
            "can be written and has free space, or name another file with --out."
        ) from error
