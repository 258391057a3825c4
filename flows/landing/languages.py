"""Languages: the code that a header's value means, and the language that a text is written in."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

import pycountry

# A text of fewer letters is as likely told wrong as right: names and places outweigh the words.
_FEWEST_LETTERS = 50
# The probability from which a guess counts, and how much of a text is looked at: more changes nothing.
_LEAST_PROBABILITY = 0.8
_SAMPLE = 2_000
# Names in the language itself, as databases of other countries write them.
_OWN_NAMES = {
    "français": "fr", "deutsch": "de", "español": "es", "italiano": "it", "português": "pt", "nederlands":
    "nl", "polski": "pl", "svenska": "sv", "norsk": "no", "dansk": "da", "suomi": "fi", "türkçe": "tr",
    "русский": "ru", "čeština": "cs", "castellano": "es",
}  # fmt: skip
_TAG = re.compile(r"(?P<language>[A-Za-z]{2,3})(?:[-_](?:[A-Za-z]{4}|[A-Za-z]{2}|\d{3}))*")


ENGLISH = "en"


@cache
def _identifier() -> Any:
    # With its model it takes most of a second to load, and most files say their language.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language(text: str) -> str | None:
    """Return the ISO 639-1 code of the language of a text; None if it is too short or mixed to tell.

    By py3langid, which knows 97 languages and needs no network.
    """
    sample = text[:_SAMPLE]
    if sum(map(str.isalpha, sample)) < _FEWEST_LETTERS:
        return None
    code, probability = _identifier().classify(sample)
    return str(code) if probability >= _LEAST_PROBABILITY else None


@lru_cache(maxsize=1_000)
def language_code(value: str) -> str | None:
    """Return the ISO 639-1 code, or 639-3 where there is none, of a tag or a name; None if it is neither.

    'en', 'en-GB', 'en_US.UTF-8', 'eng', 'English' and 'ENGLISH' are all 'en'.
    """
    value = value.strip().partition(".")[0].partition(";")[0].strip()
    if not value or len(value) > 60:
        return None
    if match := _TAG.fullmatch(value):
        tag = match["language"].lower()
        if found := pycountry.languages.get(**{"alpha_2" if len(tag) == 2 else "alpha_3": tag}):
            return _code(found)
    if own := _OWN_NAMES.get(value.casefold()):
        return own
    try:
        return _code(pycountry.languages.lookup(value))
    except LookupError:
        return None


def _code(found: object) -> str:
    return str(getattr(found, "alpha_2", None) or getattr(found, "alpha_3", None))
