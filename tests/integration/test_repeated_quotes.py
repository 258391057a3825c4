"""mart.repeated_quotes: the same words in several articles, as the first article has them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from runs import article, rows, run

WORDS = "The harbour stays open whatever the weather does"


def test_words_are_as_in_the_first_article_whatever_their_punctuation(landing: Path, home: Path) -> None:
    said = {16: f'"{WORDS.replace("open", "open,")}," said', 17: f'"{WORDS}," said', 18: f'"{WORDS}!" said'}
    for day in (18, 17):
        (landing / f"{day}.txt").write_text(_on(day, said[day]))
    run(landing, home)
    query = "select text, first_on, last_on, article_count, story_count, speaker from mart.repeated_quotes"
    assert rows(home, query) == [(f"{WORDS},", date(2015, 12, 17), date(2015, 12, 18), 2, 2, "Ida Brandt")]
    (landing / "16.txt").write_text(_on(16, said[16]))
    run(landing, home)
    earliest = f"{WORDS.replace('open', 'open,')},"
    assert rows(home, query) == [(earliest, date(2015, 12, 16), date(2015, 12, 18), 3, 3, "Ida Brandt")]


def test_short_words_recur_by_chance_and_are_left_out(landing: Path, home: Path) -> None:
    for day in (17, 18):
        (landing / f"{day}.txt").write_text(_on(day, '"We are open," said'))
    run(landing, home)
    assert rows(home, "select count(*) from mart.utterances where kind = 'direct'") == [(2,)]
    assert rows(home, "from mart.repeated_quotes") == []


def _on(day: int, said: str) -> str:
    """Return an article of a day, unlike that of another."""
    rest = " ".join(f"Pier {day * pier} took in {day + pier} boats that day." for pier in range(1, 30))
    date = f"Thursday, December {day}, 2015 - 01:00"
    return article(title=f"Day {day}", body=f"{said} harbour master Ida Brandt. {rest}", date=date)
