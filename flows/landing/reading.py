"""Reading: how the settings say that files are read, for all forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# Which number comes first in 10.07.2019.
NumberOrder = Literal["day", "month"]
# What becomes of articles in other languages than English.
OtherLanguages = Literal["load", "quarantine"]
# What becomes of articles whose text is none.
WrongBodies = Literal["quarantine", "load"]


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read.

    `form` is the form of all files, None to choose by content and name. `outlet` is that of articles whose
    file names none; with `outlet_from_folder` it is the top folder of their path. `columns` are names of
    headers by column, beside those that are known. `first_number` says which number comes first in
    10.07.2019. `other_languages` says what becomes of articles that are not in English: loaded without names
    and quotes, or quarantined. `wrong_bodies` says what becomes of those whose text is an error page, a wall,
    a placeholder or the like.
    """

    form: str | None = None
    outlet: str | None = None
    outlet_from_folder: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    first_number: NumberOrder | None = None
    other_languages: OtherLanguages = "load"
    wrong_bodies: WrongBodies = "quarantine"


BY_CONTENT = Reading()
