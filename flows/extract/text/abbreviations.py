"""Abbreviations whose full stop ends no sentence: 'Mr. Kim', 'Sgt. Lee', 'St. Paul', 'J. Smith'."""

from __future__ import annotations

import re
from functools import cache

from ontherecord.flows.extract.word_lists import word_list


@cache
def abbreviation_pattern() -> re.Pattern[str]:
    """Return a pattern of one abbreviation or initial with its full stop; group 1 is without it."""
    words = "|".join(word.capitalize() for word in word_list("abbreviations"))
    return re.compile(rf"\b({words}|[A-Z]|vs)\.")
