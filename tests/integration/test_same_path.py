"""One path, several stories: another text under a known path is a version, or another article."""

from __future__ import annotations

import os
from pathlib import Path

from runs import QuietRunner, article, rows, run

from ontherecord.flows.recovery.rebuild import rebuild
from ontherecord.flows.settings import load_settings

FERRY = (
    '"We sail again on Monday," captain Olaf Steen told reporters in Bergen. The ferry had been in the dock '
    "for a year, and the town had waited for it. He said that the engine was new."
)
BRIDGE = (
    'The bridge over the Tamra is shut, mayor Leila Sarrouf said on Tuesday. "Two of its pillars have '
    'cracks." Engineers expect that repairs will take until next summer.'
)
MARKET = (
    "Traders on the fish market of Marsalin want longer hours. Omar Haddad, who speaks for them, said that "
    'nobody buys cod before nine. "We stand there alone."'
)
STORIES = {
    "Ferry sails again": (FERRY, "Thursday, December 17, 2015 - 01:00"),
    "Bridge over the Tamra shut": (BRIDGE, "Friday, December 18, 2015 - 01:00"),
    "Fish market wants longer hours": (MARKET, "Saturday, December 19, 2015 - 01:00"),
}


def _text(title: str, body: str | None = None) -> str:
    own, date = STORIES[title]
    return article(title=title, body=body or own, date=date)


def _titles(home: Path) -> list[tuple[str, str, int]]:
    return rows(home, "select source_path, title, version from articles order by published_at, title")


def test_each_morning_another_story_under_one_name_is_another_article(landing: Path, home: Path) -> None:
    file = landing / "latest.txt"
    for title in STORIES:
        file.write_text(_text(title))
        result = run(landing, home)
    assert _titles(home) == [
        ("latest.txt", "Ferry sails again", 1),
        ("latest.txt#2015-12-18 Bridge over the Tamra shut", "Bridge over the Tamra shut", 1),
        ("latest.txt#2015-12-19 Fish market wants longer hours", "Fish market wants longer hours", 1),
    ]
    line = "1 file with another story than before, loaded beside it: latest.txt [Fish market wants longer"
    assert line in result.summary()
    assert rows(home, "select count(*) from article_versions") == [(0,)]
    assert rows(home, "select distinct speaker from quotes order by 1") == [
        ("Leila Sarrouf",),
        ("Olaf Steen",),
        ("Omar Haddad",),
    ]

    # The first one once more: nothing is new. Then a correction of the second, and one of the first.
    file.write_text(_text("Ferry sails again"))
    assert run(landing, home).counts.unchanged_count == 1
    file.write_text(_text("Bridge over the Tamra shut", BRIDGE.replace("Two", "Three")))
    assert run(landing, home).counts.loaded_count == 1
    file.write_text(_text("Ferry sails again", FERRY.replace("Monday", "Tuesday")))
    assert run(landing, home).counts.loaded_count == 1
    assert [version for _, _, version in _titles(home)] == [2, 2, 1]
    status = "select status, count(*) from ops.deliveries group by all order by all"
    assert rows(home, status) == [("loaded", 3), ("superseded", 2)]


def test_two_folders_with_one_path_keep_both_stories(tmp_path: Path, home: Path) -> None:
    for folder, title in (("a", "Ferry sails again"), ("b", "Bridge over the Tamra shut")):
        (tmp_path / folder / "news").mkdir(parents=True)
        (tmp_path / folder / "news" / "0001.txt").write_text(_text(title))
    for folder in ("a", "b", "a", "b"):
        result = run(tmp_path / folder, home)
    assert result.counts.unchanged_count == 1
    assert [(title, version) for _, title, version in _titles(home)] == [
        ("Ferry sails again", 1),
        ("Bridge over the Tamra shut", 1),
    ]


def test_a_rewritten_story_with_its_headline_and_day_is_a_version(landing: Path, home: Path) -> None:
    file = landing / "a.txt"
    file.write_text(_text("Ferry sails again"))
    run(landing, home)
    file.write_text(_text("Ferry sails again", MARKET))
    run(landing, home)
    assert _titles(home) == [("a.txt", "Ferry sails again", 2)]


def test_a_column_with_one_headline_is_another_article_each_week(landing: Path, home: Path) -> None:
    file = landing / "column.txt"
    file.write_text(article("Letters", FERRY, "Thursday, December 17, 2015 - 01:00"))
    run(landing, home)
    file.write_text(article("Letters", BRIDGE, "Thursday, December 24, 2015 - 01:00"))
    run(landing, home)
    assert _titles(home) == [("column.txt", "Letters", 1), ("column.txt#2015-12-24 Letters", "Letters", 1)]


def test_a_worse_redelivery_of_the_story_is_still_held_back(landing: Path, home: Path) -> None:
    file = landing / "a.txt"
    file.write_text(_text("Ferry sails again"))
    run(landing, home)
    for text in (
        _text("Ferry sails again", FERRY[:60]),
        article("Removed", "This was removed.", "Friday, December 18, 2015 - 01:00").replace("was", "is"),
    ):
        file.write_text(text)
        assert run(landing, home).counts.quarantined_count == 1
    assert _titles(home) == [("a.txt", "Ferry sails again", 1)]


def test_the_current_story_comes_back_in_a_rebuild_from_scratch(landing: Path, home: Path) -> None:
    file = landing / "latest.txt"
    for title in STORIES:
        file.write_text(_text(title))
        run(landing, home)
    os.utime(file)
    settings = load_settings(home=home, workers=1)
    rebuild(settings, QuietRunner(), landing, from_scratch=True)
    assert [title for _, title, _ in _titles(home)] == ["Fish market wants longer hours"]
