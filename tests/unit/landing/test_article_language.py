"""The language of an article: as its file says, else told from its text; what is not English is not read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ontherecord.flows.landing.parse import parse
from ontherecord.flows.landing.reading import BY_CONTENT
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Delivery, RawFile

Make = Callable[[str, str | bytes], RawFile]
ENGLISH = (
    "The council of Marsalin voted on Tuesday to keep the old baths open for another five years, the mayor "
    "said. She told the press that the town had paid for them with money that was meant for the harbour."
)
FRENCH = (
    "Le conseil de Marsalin a voté mardi pour garder les vieux bains ouverts pendant cinq ans, a dit la "
    "maire. Elle a précisé à la presse que la ville les avait payés avec l’argent prévu pour le port."
)
SHORT_FRENCH = "Le conseil de Marsalin a voté mardi pour garder les vieux bains ouverts pendant cinq ans."
RUSSIAN = "Совет проголосовал во вторник за то, чтобы старые бани оставались открытыми пять лет."
FIGURES = "Wheat no. 2 hard winter, bu 5.23; oats heavy, bu 2.11; corn yellow, bu 3.78; rye, bu 4.15; 61.40."


@pytest.fixture
def article(landed_file: Make) -> Callable[..., RawFile]:
    def make(text: str, header: str = "") -> RawFile:
        says = f"## Language: {header}\n" if header else ""
        date = "## Date: Tuesday, March 10, 2015 - 09:30\n"
        return landed_file("a.txt", f"## Title: Baths\n{says}{date}\n{text}\n")

    return make


def _read(delivery: Delivery) -> tuple[str | None, bool]:
    assert delivery.is_read == ("language_not_read" not in delivery.warnings)
    return delivery.language, delivery.is_read


@pytest.mark.parametrize(
    ("text", "header", "language", "is_read"),
    [
        (ENGLISH, "", "en", True),
        (FRENCH, "", "fr", False),
        (SHORT_FRENCH, "", "fr", False),
        (RUSSIAN, "", "ru", False),
        (FIGURES, "", None, True),
        ("The baths stay.", "", None, True),
        (ENGLISH, "en-GB", "en", True),
        (FRENCH, "fr", "fr", False),
        ("Bains ouverts.", "French", "fr", False),
        # The header of a site's template, and the article is English all the same.
        (ENGLISH, "fr", "fr", True),
    ],
)
def test_the_language_is_given_or_told(
    article: Callable[..., RawFile], text: str, header: str, language: str | None, is_read: bool
) -> None:
    assert _read(parse(article(text, header))) == (language, is_read)


def test_a_setting_has_other_languages_quarantined(article: Callable[..., RawFile]) -> None:
    reading = replace(BY_CONTENT, other_languages="quarantine")
    with pytest.raises(BadDelivery) as caught:
        parse(article(FRENCH), reading)
    [failure] = caught.value.failures
    assert (failure.rule, failure.column_name, failure.value) == ("language_not_read", "language", "fr")
    assert parse(article(ENGLISH), reading).language == "en"


@pytest.mark.parametrize(
    ("date", "utc"),
    [
        ("Tuesday, March 10, 2015 - 09:30", None),
        ("2015-03-10T09:30:00+02:00", "2015-03-10 07:30:00"),
        ("10 March 2015, 9:30 pm EST", "2015-03-11 02:30:00"),
        ("10 March 2015, 09:30 IST", None),
    ],
)
def test_the_moment_in_utc_is_known_where_the_zone_is(landed_file: Make, date: str, utc: str | None) -> None:
    delivery = parse(landed_file("a.txt", f"## Title: Baths\n## Date: {date}\n\n{ENGLISH}\n"))
    assert (str(delivery.published_at_utc) if delivery.published_at_utc else None) == utc
